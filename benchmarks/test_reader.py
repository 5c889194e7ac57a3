# SPDX-License-Identifier: BSD-2-Clause
"""Reading a trace of a million records: to objects, to text, and in how much memory."""

import io
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.traces import trace
from benchmarks.yardstick import Figure, Interleaved
from kernel.sys.cdefs import LP64, codec
from kernel.sys.ktrace import KtrHeaderV2
from native import lines as native
from userland import libktrace
from userland.libktrace import kdump

RECORDS = 1_000_000
BLOCK = 100_000  # records that are different; a trace is several such blocks
ROOT = Path(__file__).parents[1]
READER = """
import resource, sys
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
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
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
    plain = bytes(header.size * RECORDS)

    def headers() -> None:
        for _ in struct.Struct(header.format).iter_unpack(plain):
            pass

    def decode() -> None:
        for _ in libktrace.open(io.BytesIO(mixed)):
            pass

    got, yard = interleaved.run(decode, headers, rounds=5)
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
    with_helper = native.implementation

    def twin() -> None:
        monkeypatch.setattr(native, "implementation", "Python")
        dump(block)
        monkeypatch.setattr(native, "implementation", with_helper)

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
        return float(done.stdout)

    mib = interleaved.benchmark.pedantic(lambda: read(2 << 30), rounds=1)
    interleaved.note(Figure(f"2 GiB of {what}", 0, 0, mib, 40, "MiB"))
