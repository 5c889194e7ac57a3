# SPDX-License-Identifier: BSD-2-Clause
"""The structs that system calls fill and read, by their C type."""

from typing import Final, Protocol, Self

from kernel.sys.resource import Rlimit, RusageLayout
from kernel.sys.stat import Stat
from kernel.sys.statvfs import Statvfs
from kernel.sys.time import Itimerspec, Itimerval, Timespec, Timeval

__all__ = [
    "RECORDS", "Itimerspec", "Itimerval", "Record", "Rlimit", "RusageLayout", "Stat", "Statvfs",
    "Timespec", "Timeval", "sizeof",
]  # fmt: skip


class Record(Protocol):
    """A struct as a NamedTuple that knows its bytes."""

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct tell."""


RECORDS: Final[dict[str, type[Record]]] = {
    "struct itimerspec *": Itimerspec,
    "struct itimerval *": Itimerval,
    "struct rlimit *": Rlimit,
    "struct rusage *": RusageLayout,
    "struct stat *": Stat,
    "struct statvfs *": Statvfs,
    "struct timespec *": Timespec,
    "struct timeval *": Timeval,
}

_SIZES: Final = {
    Itimerspec: 32,
    Itimerval: 32,
    Rlimit: len(Rlimit(0, 0).pack()),
    RusageLayout: len(RusageLayout().pack()),
    Stat: len(Stat().pack()),
    Statvfs: len(Statvfs().pack()),
    Timespec: 16,
    Timeval: 16,
}


def sizeof(cls: type[Record]) -> int:
    """Return the bytes of the C struct (LP64)."""
    return _SIZES[cls]
