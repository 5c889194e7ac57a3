# SPDX-License-Identifier: BSD-2-Clause
"""POSIX semaphores.  NetBSD sys/sys/ksem.h."""

from typing import Final

from kernel.sys.dataclasses import dataclass

SEM_VALUE_MAX: Final = 0xFFFF_FFFF
KSEM_MAX: Final = 128  # semaphores in the system
KSEM_MAX_NAMELEN: Final = 14  # bytes of a name, the NUL included
SIZEOF_SEM_ID: Final = 8  # an intptr_t


@dataclass(slots=True, eq=False)
class Ksem:
    """A semaphore (struct ksem)."""

    ks_name: bytes | None  # None: it has none, or none any more
    ks_mode: int
    ks_uid: int
    ks_gid: int
    ks_value: int
    ks_waiters: int = 0
    ks_ref: int = 0  # open files
