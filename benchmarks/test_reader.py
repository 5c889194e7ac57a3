# SPDX-License-Identifier: BSD-2-Clause
"""Reading a trace of a million records: to objects, to text, and in how much memory."""

import io
import os
import struct
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from benchmarks.traces import trace
from benchmarks.yardstick import Figure, Interleaved
from kernel.cli import trace as command
from kernel.sys.cdefs import LP64, codec
from kernel.sys.ktrace import KtrHeaderV2
from native import decode, lines
from userland import libktrace
from userland.libktrace import kdump

RECORDS = 1_000_000
BLOCK = 100_000  # records that are different; a trace is several such blocks
ROOT = Path(__file__).parents[1]
READER = """
import sys
from benchmarks.traces import trace
from userland import libktrace
from userland.libktrace import kdump

class Repeated:
    def __init__(self, data, times):
        self.data, self.times, self.at = data, times, 0
    def read(self, size):
        if self.at == len(self.data):
            self.at, self.times = 0, self.times - 1
        if not self.times:
            return b""
        piece = self.data[self.at : self.at + size]
        self.at += len(piece)
        return piece

class Forgetful:
    def write(self, data):
        pass
    def flush(self):
        pass

data = trace(20_000, 4096)
source = Repeated(data, int(sys.argv[2]) // len(data))
if sys.argv[1] == "kdump":
    kdump.main(["kdump", "-f", "x"], lambda _: source, Forgetful(), Forgetful())
else:
    for record in libktrace.open(source):
        pass
print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
# The memory is not asked of getrusage(2): a child has its parent's before it execs.
COMMAND = """
import sys
from kernel.__main__ import main

assert main(sys.argv[1:]) == 0
for line in open("/proc/self/status"):
    if line.startswith("VmHWM"):
        sys.stderr.write(line.split()[1])
"""


class Forgetful(io.RawIOBase):
    """Where text goes that nobody reads."""

    def write(self, data: object) -> int:
        """Take data."""
        return len(data)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def mixed() -> bytes:
    """A trace of a million records: CALL, RET, NAMI, GIO, CSW and PSIG of eight processes."""
    return trace(BLOCK) * (RECORDS // BLOCK)


def test_decoding(interleaved: Interleaved, mixed: bytes) -> None:
    """A record becomes an object in at most 8 times what struct takes for its header."""
    header = codec(KtrHeaderV2, LP64)
    view = memoryview(mixed)
    starts = (record.offset for record in libktrace.open(io.BytesIO(mixed)))
    plain = b"".join(view[at : at + header.size] for at in starts)

    def headers() -> None:
        for _ in struct.Struct(header.format).iter_unpack(plain):
            pass

    def read() -> None:
        for _ in libktrace.open(io.BytesIO(mixed)):
            pass

    got, yard = interleaved.run(read, headers, rounds=5)
    each, each_yard = got / RECORDS, yard / RECORDS
    interleaved.note(Figure("decode / iter_unpack", each, each_yard, each / each_yard, 8, "x"))


def dump(data: bytes, *flags: str) -> None:
    """Run kdump."""
    sink = Forgetful()
    assert kdump.main(["kdump", *flags, "-f", "x"], lambda _: io.BytesIO(data), sink, sink) == 0


@pytest.mark.parametrize("flags", ["", "-T", "-R", "-n", "-x"])
def test_kdump(interleaved: Interleaved, mixed: bytes, flags: str) -> None:
    """kdump's text takes at most 1 us a record, as NetBSD's in C; a pass over the bytes beside."""
    got, yard = interleaved.run(
        lambda: dump(mixed, *flags.split()), lambda: mixed.translate(None), rounds=3
    )
    each = got / RECORDS
    interleaved.note(
        Figure(f"kdump {flags}".rstrip() + ", a record", each, yard / RECORDS, each * 1e6, 1, "us")
    )


def test_kdump_of_data(interleaved: Interleaved) -> None:
    """Reads and writes of 2 KiB on average, all of it shown: 1 us a record, too."""
    data = trace(BLOCK // 5, 4096)
    count = BLOCK // 5
    got, yard = interleaved.run(lambda: dump(data), lambda: data.translate(None), rounds=7)
    each = got / count
    interleaved.note(Figure("kdump, much data", each, yard / count, each * 1e6, 1, "us"))


def test_kdump_and_its_twin(
    interleaved: Interleaved, mixed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the C helper a record takes at most 3 us."""
    block = mixed[: len(mixed) // (RECORDS // BLOCK)]

    def twin() -> None:
        with monkeypatch.context() as patch:
            for module in (decode, lines):
                patch.setattr(module, "implementation", "Python")
            dump(block)

    got, yard = interleaved.run(twin, lambda: dump(block), rounds=7)
    each = got / BLOCK
    interleaved.note(Figure("kdump in Python", each, yard / BLOCK, each * 1e6, 3, "us"))


@pytest.mark.parametrize("what", ["records", "kdump"])
def test_memory(interleaved: Interleaved, what: str) -> None:
    """A trace of 2 GiB is read and printed by a process of at most 40 MiB in all."""

    def read(size: int) -> float:
        done = subprocess.run(
            [sys.executable, "-c", READER, what, str(size)],
            cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip
        return int(done.stdout) / 1024

    mib = interleaved.benchmark.pedantic(lambda: read(2 << 30), rounds=1)
    interleaved.note(Figure(f"2 GiB of {what}", 0, 0, mib, 40, "MiB"))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trace of a hundred thousand records on the host."""
    path = tmp_path_factory.mktemp("trace") / "ktrace.out"
    path.write_bytes(trace(BLOCK))
    return path


@pytest.mark.parametrize(("flags", "most"), [("", 15), ("-c", 6)])
def test_trace(interleaved: Interleaved, file: Path, flags: str, most: float) -> None:
    """`trace` puts calls together and decodes them in 15 us a record, only counts them in 6."""

    def run(*argv: str) -> None:
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
            assert command.main([*argv, str(file)]) == 0

    got, yard = interleaved.run(
        lambda: run(*flags.split()), lambda: dump(file.read_bytes()), rounds=5
    )
    each = got / BLOCK
    name = f"trace {flags}".rstrip() + ", a record"
    interleaved.note(Figure(name, each, yard / BLOCK, each * 1e6, most, "us"))


@pytest.mark.parametrize("what", ["trace", "diff"])
def test_memory_of_commands(interleaved: Interleaved, tmp_path: Path, what: str) -> None:
    """So are the calls of 64 MiB; and what two traces have in common is not kept."""
    path = tmp_path / "ktrace.out"
    path.write_bytes(trace(BLOCK // 10, 4096) * 32)
    names = [str(path)] * (2 if what == "diff" else 1)

    def run() -> float:
        with open(os.devnull, "wb") as nowhere:
            done = subprocess.run(
                [sys.executable, "-c", COMMAND, what, *names],
                cwd=ROOT, check=True, stdout=nowhere, stderr=subprocess.PIPE,
            )  # fmt: skip
        return int(done.stderr) / 1024

    size = path.stat().st_size >> 20
    mib = interleaved.benchmark.pedantic(run, rounds=1)
    interleaved.note(Figure(f"{what} of {size} MiB", 0, 0, mib, 40, "MiB"))
