# SPDX-License-Identifier: BSD-2-Clause
"""Limits, priorities and what a process has used.  NetBSD sys/sys/resource.h."""

from struct import Struct
from typing import Final, Self

from kernel.sys.namedtuple import NamedTuple
from kernel.sys.time import Timeval

# getpriority(2): whose
PRIO_PROCESS: Final = 0
PRIO_PGRP: Final = 1
PRIO_USER: Final = 2
PRIO_MIN: Final = -20
PRIO_MAX: Final = 20

# getrusage(2): whose
RUSAGE_SELF: Final = 0
RUSAGE_CHILDREN: Final = -1

# getrlimit(2): of what
RLIMIT_CPU: Final = 0  # seconds
RLIMIT_FSIZE: Final = 1  # bytes of the largest file
RLIMIT_DATA: Final = 2  # bytes
RLIMIT_STACK: Final = 3  # bytes
RLIMIT_CORE: Final = 4  # bytes of a core file
RLIMIT_RSS: Final = 5  # bytes
RLIMIT_MEMLOCK: Final = 6  # bytes
RLIMIT_NPROC: Final = 7  # processes of one user
RLIMIT_NOFILE: Final = 8  # descriptors
RLIMIT_SBSIZE: Final = 9  # bytes of all socket buffers
RLIMIT_AS: Final = 10  # bytes of address space
RLIMIT_VMEM: Final = RLIMIT_AS
RLIMIT_NTHR: Final = 11  # threads of one user
RLIM_NLIMITS: Final = 12
LIMIT_NAMES: Final = (  # in proc.PID.rlimit of sysctl(3) and in procfs, by RLIMIT_*
    "cputime", "filesize", "datasize", "stacksize", "coredumpsize", "memoryuse", "memorylocked",
    "maxproc", "descriptors", "sbsize", "vmemoryuse", "maxlwp",
)  # fmt: skip
RLIM_INFINITY: Final = (1 << 63) - 1

_RLIMIT: Final = Struct("<QQ")
_RUSAGE: Final = Struct("<14q")
SIZEOF_RLIMIT: Final = _RLIMIT.size  # bytes
SIZEOF_RUSAGE: Final = 2 * 16 + _RUSAGE.size


class Rlimit(NamedTuple):
    """A limit (struct rlimit); RLIM_INFINITY is none."""

    rlim_cur: int  # holds now
    rlim_max: int  # how far the process may raise it

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _RLIMIT.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return the limit in the bytes of the C struct."""
        return cls(*_RLIMIT.unpack(data))


class RusageLayout(NamedTuple):
    """What was used, in the order of struct rusage; times in ns."""

    ru_utime: int = 0
    ru_stime: int = 0
    ru_maxrss: int = 0  # kilobytes
    ru_ixrss: int = 0
    ru_idrss: int = 0
    ru_isrss: int = 0
    ru_minflt: int = 0
    ru_majflt: int = 0
    ru_nswap: int = 0
    ru_inblock: int = 0
    ru_oublock: int = 0
    ru_msgsnd: int = 0
    ru_msgrcv: int = 0
    ru_nsignals: int = 0
    ru_nvcsw: int = 0
    ru_nivcsw: int = 0

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        times = Timeval.from_ns(self.ru_utime).pack() + Timeval.from_ns(self.ru_stime).pack()
        return times + _RUSAGE.pack(*self[2:])

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct tell."""
        times = (Timeval.unpack(data[:16]).ns, Timeval.unpack(data[16:32]).ns)
        return cls(*times, *_RUSAGE.unpack(data[32:]))
