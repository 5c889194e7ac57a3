# SPDX-License-Identifier: BSD-2-Clause
"""Traces of any length: what eight busy processes leave, with other values in every record."""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any, Final

from kernel.sys.cdefs import pack
from kernel.sys.ktrace import KTR_CSW, KTR_NAMEI, KtrCsw
from userland.libktrace.make import call, gio, psig, ret
from userland.libktrace.records import encode

_NOW: Final = 1_060_270_305_000_000_000
_READ, _WRITE, _OPEN, _CLOSE, _GETPID, _IOCTL = 3, 4, 5, 6, 20, 54
_MMAP, _LSEEK, _SIGACTION, _STAT, _FSTAT = 197, 199, 340, 439, 440
_TIOCGETA: Final = 0x402C7413
_NAMES: Final = (b"sh", b"python3.11", b"cat", b"make")
_TEXT: Final = b"The quick brown fox jumps over the lazy dog, 0123456789 times.\n" * 80


def _round(random: Random, data: int, who: Any) -> Iterator[bytes]:
    """Yield the records of a process that works on a file; data is how much it reads at most."""

    def address() -> int:
        return 0x7F7FFF000000 + random.randrange(1 << 20) * 8

    fd, path = random.randrange(3, 20), b"/usr/share/misc/%d" % random.randrange(1 << 20)
    yield call(_STAT, address(), address(), **who())
    yield encode(KTR_NAMEI, path + b".pyc", **who())
    yield ret(_STAT, 2, -1, **who())
    yield call(_OPEN, address(), 0x400000, 0o666, **who())
    yield encode(KTR_NAMEI, path, **who())
    yield ret(_OPEN, 0, fd, **who())
    yield call(_FSTAT, fd, address(), **who())
    yield ret(_FSTAT, **who())
    for number in (_READ, _WRITE):
        size = random.randrange(1, data)
        yield call(number, fd, address(), size, **who())
        yield gio(_TEXT[:size], fd, int(number == _WRITE), **who())
        yield ret(number, 0, size, **who())
    yield call(_LSEEK, fd, 0, random.randrange(1 << 30), 0, **who())
    yield ret(_LSEEK, 0, random.randrange(1 << 30), **who())
    yield call(_MMAP, 0, random.randrange(1 << 20), 3, 0x1002, -1 & 0xFFFFFFFF, 0, 0, **who())
    yield ret(_MMAP, 0, address(), **who())
    yield call(_IOCTL, fd, _TIOCGETA, address(), **who())
    yield ret(_IOCTL, 25, -1, **who())
    yield call(_SIGACTION, 2, address(), 0, address(), 2, **who())
    yield ret(_SIGACTION, **who())
    yield call(_CLOSE, fd, **who())
    yield ret(_CLOSE, **who())
    for _ in range(2):
        yield call(_GETPID, **who())
        yield encode(KTR_CSW, pack(KtrCsw(1, 0)), **who())
        yield encode(KTR_CSW, pack(KtrCsw(0, 0)), **who())
        yield ret(_GETPID, 0, random.randrange(10, 30_000), **who())
    if not random.randrange(20):
        yield psig(20, address(), 0, 1, **who())


class _Clock:
    """Who makes records, and when."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._time = _NOW
        self.next()

    def next(self) -> None:
        """Let another process run."""
        self._pid = self._random.randrange(100, 108)
        self._comm = self._random.choice(_NAMES)

    def __call__(self) -> dict[str, Any]:
        """Return what the header of the next record says."""
        self._time += self._random.randrange(500, 5_000)
        return {"pid": self._pid, "lid": self._pid, "comm": self._comm, "time": self._time}


def records(data: int) -> Iterator[bytes]:
    """Yield records without end, v2 and LP64.

    Args:
        data: bytes that a read or a write moves at most, below 5,000.
    """
    random = Random(1)
    clock = _Clock(random)
    while True:
        yield from _round(random, data, clock)
        clock.next()


def trace(count: int, data: int = 100) -> bytes:
    """Return a trace of count records."""
    return b"".join(islice(records(data), count))
