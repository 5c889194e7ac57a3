# SPDX-License-Identifier: BSD-2-Clause
"""Reading a trace of a million records: to objects, to text, and in how much memory."""

import io
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.yardstick import Figure, Interleaved
from kernel import api
from kernel.sys.cdefs import LP64, codec
from kernel.sys.ktrace import KtrHeaderV2
from userland import libktrace
from userland.libktrace import kdump

MIXED = Path(__file__).parent / "programs" / "mixed.py"
RECORDS = 1_000_000
ROOT = Path(__file__).parents[1]
READER = """
import resource, sys
from userland import libktrace

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

data = libktrace.encode(4, bytes(1 << 16)) * 16
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in libktrace.open(Repeated(data, int(sys.argv[1]) // len(data))))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


class Forgetful(io.RawIOBase):
    """Where text goes that nobody reads."""

    def write(self, data: object) -> int:
        """Take data."""
        return len(data)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def trace() -> bytes:
    """A trace of a million records or a few more: CALL, RET, NAMI and GIO of ordinary calls."""
    with api.boot() as system:
        result = system.run(MIXED, ["1000"], ktrace=True)
    assert result.status == 0
    count = sum(1 for _ in libktrace.open(io.BytesIO(result.trace)))
    return result.trace * -(-RECORDS // count)


def test_decoding(interleaved: Interleaved, trace: bytes) -> None:
    """A record becomes an object in at most 8 times what struct takes for its header."""
    header = codec(KtrHeaderV2, LP64)
    plain = bytes(header.size * RECORDS)

    def headers() -> None:
        for _ in struct.Struct(header.format).iter_unpack(plain):
            pass

    def decode() -> None:
        for _ in libktrace.open(io.BytesIO(trace)):
            pass

    count = sum(1 for _ in libktrace.open(io.BytesIO(trace)))
    got, yard = interleaved.run(decode, headers, rounds=5)
    each, each_yard = got / count, yard / RECORDS
    interleaved.note(Figure("decode / iter_unpack", each, each_yard, each / each_yard, 8, "x"))


def test_kdump(interleaved: Interleaved, trace: bytes) -> None:
    """kdump's text takes at most 3 us a record: three times what it takes NetBSD's."""
    count = sum(1 for _ in libktrace.open(io.BytesIO(trace)))

    def dump() -> None:
        sink = Forgetful()
        assert kdump.main(["kdump", "-f", "x"], lambda _: io.BytesIO(trace), sink, sink) == 0

    got, yard = interleaved.run(dump, lambda: list(range(count)), rounds=3)
    interleaved.note(
        Figure("kdump, a record", got / count, yard / count, got / count * 1e6, 3, "us")
    )


def test_memory(interleaved: Interleaved) -> None:
    """A trace of 2 GiB is read in at most 40 MiB."""

    def read(size: int) -> float:
        done = subprocess.run(
            [sys.executable, "-c", READER, str(size)], cwd=ROOT, check=True, capture_output=True
        )
        return float(done.stdout)

    mib = interleaved.benchmark.pedantic(lambda: read(2 << 30), rounds=1)
    interleaved.note(Figure("MiB to read 2 GiB", 0, 0, mib, 40, "MiB"))
