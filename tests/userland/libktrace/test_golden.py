# SPDX-License-Identifier: BSD-2-Clause
"""What NetBSD's kdumps printed, ours prints: every pair in tests/data."""

import io
import shlex
from pathlib import Path

import pytest

from userland import libktrace
from userland.libktrace import kdump

DATA = Path(__file__).parents[2] / "data"
FLAGS = sorted((DATA / "golden").glob("*.flags"))
SAMPLES = sorted((DATA / "samples").glob("*.ktrace"))


def printed(flags: str, trace: Path) -> tuple[int, bytes]:
    """Run kdump on a trace; return status and output."""
    out = io.BytesIO()
    argv = ["kdump", *shlex.split(flags), str(trace)]
    status = kdump.main(argv, lambda name: io.BytesIO(Path(name).read_bytes()), out, io.BytesIO())
    return status, out.getvalue()


def test_the_pairs_are_there() -> None:
    """A test over no files would hold down nothing."""
    assert len(FLAGS) == 106
    assert len(SAMPLES) == 2


@pytest.mark.parametrize("flags", FLAGS, ids=lambda path: path.stem)
def test_golden(flags: Path) -> None:
    """kdump's output is NetBSD's, byte for byte."""
    trace = flags.with_name(flags.stem.rpartition(".")[0] + ".ktrace")

    assert printed(flags.read_text(), trace) == (0, flags.with_suffix(".out").read_bytes())


@pytest.mark.parametrize("trace", SAMPLES, ids=lambda path: path.stem)
def test_real_traces(trace: Path) -> None:
    """Traces that real kernels wrote print as their kdump printed them."""
    assert printed("", trace) == (0, trace.with_suffix(".out").read_bytes())


@pytest.mark.parametrize("trace", SAMPLES + FLAGS[::8], ids=lambda path: path.stem)
def test_records_encode_to_what_was_read(trace: Path) -> None:
    """Reading and encoding again gives the file, but for ktr_buf, which means nothing."""
    if trace.suffix == ".flags":
        trace = trace.with_name(trace.stem.rpartition(".")[0] + ".ktrace")
    whole = trace.read_bytes()
    with libktrace.open(trace) as reader:
        for record in reader:
            made = libktrace.encode(
                record.type,
                record.payload,
                version=record.version,
                abi=record.abi,
                pid=record.pid,
                lid=record.lid,
                comm=record.raw_comm,
                time=record.time,
            )
            read = bytearray(whole[record.offset : record.offset + len(made)])
            if record.version == 0:
                word = record.abi.word
                at = len(made) - len(record.payload) - word
                read[at : at + word] = bytes(word)
            assert made == bytes(read)
