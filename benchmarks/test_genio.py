# SPDX-License-Identifier: BSD-2-Clause
"""What the records of a transfer cost: in C, against memcpy and the twin, and on the whole path."""

import pytest

from benchmarks.yardstick import Figure, Interleaved
from kernel import api
from kernel.sys.fcntl import O_CREAT, O_TRUNC, O_WRONLY
from kernel.sys.ktrace import KTROP_SET, KTRFACv2
from native import genio_py
from native.genio import chunk_segments, implementation
from native.memory import keep_freed
from userland import libc
from userland.libktrace.points import DEF_POINTS

KIB, MIB = 1 << 10, 1 << 20
CHUNK = 4088
TEMPLATE = bytes(56 + 8)
OUT, FILE = b"/tmp/ktrace.out", b"/tmp/data"
WRITES = 16

pytestmark = pytest.mark.skipif(implementation != "C", reason="the C helper is not built")


class Transfer:
    """A transfer of so many bytes, again and again."""

    def __init__(self, size: int, loops: int) -> None:
        self.loops = loops
        self.source = memoryview(bytes(range(256)) * (size // 256))
        self.total = size + -(-size // CHUNK) * len(TEMPLATE)
        self.target = memoryview(bytearray(size))
        keep_freed()

    def in_c(self) -> None:
        """Copy and chunk, as ktrgenio asks."""
        for _ in range(self.loops):
            chunk_segments(TEMPLATE, 0, False, 8, [self.source], CHUNK, self.total)

    def twin(self) -> None:
        """The same in Python."""
        for _ in range(self.loops):
            genio_py.chunk_segments(TEMPLATE, 0, False, 8, [self.source], CHUNK, self.total)

    def memcpy(self) -> None:
        """C's copying, to memory that is there and warm: as fast as it gets."""
        for _ in range(self.loops):
            self.target[:] = self.source


@pytest.mark.parametrize(
    ("name", "size", "loops"),
    [("64 KiB", 64 * KIB, 400), ("1 MiB", MIB, 40), ("16 MiB", 16 * MIB, 3)],
)
def test_genio(interleaved: Interleaved, name: str, size: int, loops: int) -> None:
    """In C it has at least 0.85 of memcpy's bandwidth."""
    transfer = Transfer(size, loops)
    got, yard = interleaved.run(transfer.in_c, transfer.memcpy, rounds=40)
    interleaved.note(
        Figure(f"memcpy / genio, {name}", got / loops, yard / loops, yard / got, 0.85, "x", True)
    )


@pytest.mark.parametrize(("name", "size", "loops"), [("64 KiB", 64 * KIB, 400), ("1 MiB", MIB, 40)])
def test_genio_and_twin(interleaved: Interleaved, name: str, size: int, loops: int) -> None:
    """C is at least 5 times as fast as the twin.

    Rounds are as long as beside memcpy: of a few transfers the first one, to caches that the
    collector has emptied, would be half of the round, for memcpy as well.
    """
    transfer = Transfer(size, loops)
    got, yard = interleaved.run(transfer.in_c, transfer.twin, rounds=20)
    interleaved.note(
        Figure(f"twin / genio, {name}", got / loops, yard / loops, yard / got, 5, "x", True)
    )


def test_traced_write(interleaved: Interleaved) -> None:
    """A traced write(2) of 1 MiB to tmpfs has at least a quarter of memcpy's bandwidth.

    Sixteen, one after the other, to a new file; the yardstick copies the same bytes sixteen
    times to other memory, too.
    """
    data = bytes(range(256)) * (MIB // 256)
    target = memoryview(bytearray(WRITES * MIB))

    def writes() -> None:
        fd = libc.open(FILE, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        for _ in range(WRITES):
            libc.write(fd, data)
        libc.close(fd)

    def memcpy() -> None:
        for start in range(0, len(target), MIB):
            target[start : start + MIB] = data

    with api.boot(limits=api.Limits(fs_size=1 << 30)) as system:
        process = system.process()

        def before() -> None:
            process.close(process.open(OUT, O_WRONLY | O_CREAT | O_TRUNC, 0o600))
            process.ktrace(OUT, KTROP_SET, DEF_POINTS | KTRFACv2, process.pid)

        got, yard = interleaved.run(lambda: process.call(writes), memcpy, rounds=20, before=before)
        assert process.stat(OUT).st_size > WRITES * MIB
    each, each_yard = got / WRITES, yard / WRITES
    interleaved.note(
        Figure("memcpy / traced write of 1 MiB", each, each_yard, yard / got, 0.25, "x", True)
    )
