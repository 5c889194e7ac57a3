# SPDX-License-Identifier: BSD-2-Clause
"""What the records of 1 MiB cost: in C, against memcpy and against the twin in Python."""

import ctypes

import pytest

from benchmarks.yardstick import Figure, Interleaved
from native import genio_py
from native.genio import genio, implementation

MIB = 1 << 20
LOOPS = 20
ROUNDS = 60
CHUNK = 4088
TEMPLATE = bytes(56 + 8)
DATA = bytes(range(256)) * (MIB // 256)
SOURCE = memoryview(DATA)

pytestmark = pytest.mark.skipif(implementation != "C", reason="the C helper is not built")


def in_c() -> None:
    """Copy and chunk, as ktrgenio asks."""
    for _ in range(LOOPS):
        genio(TEMPLATE, [SOURCE], MIB, CHUNK, fixed=8)


def twin() -> None:
    """The same in Python."""
    total = MIB + -(-MIB // CHUNK) * len(TEMPLATE)
    for _ in range(LOOPS):
        genio_py.chunk_segments(TEMPLATE, 0, "little", 8, [SOURCE], CHUNK, total)


TARGET = (ctypes.c_char * MIB)()


def memcpy() -> None:
    """libc's memmove, to memory that is there and warm: as fast as copying gets."""
    source = ctypes.c_char_p(DATA)
    for _ in range(LOOPS):
        ctypes.memmove(TARGET, source, MIB)


def test_genio_and_memcpy(interleaved: Interleaved) -> None:
    """In C it has at least 0.8 of memcpy's bandwidth."""
    got, yard = interleaved.run(in_c, memcpy, rounds=ROUNDS)
    interleaved.note(
        Figure("memcpy / genio, 1 MiB", got / LOOPS, yard / LOOPS, yard / got, 0.8, "x", True)
    )


def test_genio_and_twin(interleaved: Interleaved) -> None:
    """C is at least 5 times as fast as the twin."""
    got, yard = interleaved.run(in_c, twin, rounds=ROUNDS)
    interleaved.note(
        Figure("twin / genio, 1 MiB", got / LOOPS, yard / LOOPS, yard / got, 5, "x", True)
    )
