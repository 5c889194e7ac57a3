# SPDX-License-Identifier: BSD-2-Clause
"""Flags of mmap(2) and the calls beside it.  NetBSD sys/sys/mman.h."""

from typing import Final

PROT_NONE: Final = 0x0
PROT_READ: Final = 0x1
PROT_WRITE: Final = 0x2
PROT_EXEC: Final = 0x4

# How writes are seen: by others too, or not.
MAP_SHARED: Final = 0x0001
MAP_PRIVATE: Final = 0x0002
MAP_REMAPDUP: Final = 0x0004  # mremap: the old mapping stays

MAP_FIXED: Final = 0x0010  # at that address, in the place of what is there
MAP_RENAME: Final = 0x0020
MAP_NORESERVE: Final = 0x0040
MAP_INHERIT: Final = 0x0080
MAP_HASSEMAPHORE: Final = 0x0200
MAP_TRYFIXED: Final = 0x0400  # at that address if it is free
MAP_WIRED: Final = 0x0800  # mlock it at once

MAP_FILE: Final = 0x0000
MAP_ANON: Final = 0x1000
MAP_ANONYMOUS: Final = MAP_ANON
MAP_STACK: Final = 0x2000

MAP_ALIGNMENT_SHIFT: Final = 24
MAP_ALIGNMENT_MASK: Final = 0xFF << MAP_ALIGNMENT_SHIFT
MAP_ALIGNMENT_64KB: Final = 16 << MAP_ALIGNMENT_SHIFT
MAP_ALIGNMENT_16MB: Final = 24 << MAP_ALIGNMENT_SHIFT
MAP_ALIGNMENT_4GB: Final = 32 << MAP_ALIGNMENT_SHIFT

# mlockall(2)
MCL_CURRENT: Final = 0x01
MCL_FUTURE: Final = 0x02

# msync(2)
MS_ASYNC: Final = 0x01
MS_INVALIDATE: Final = 0x02
MS_SYNC: Final = 0x04

# madvise(2)
MADV_NORMAL: Final = 0
MADV_RANDOM: Final = 1
MADV_SEQUENTIAL: Final = 2
MADV_WILLNEED: Final = 3
MADV_DONTNEED: Final = 4
MADV_SPACEAVAIL: Final = 5
MADV_FREE: Final = 6

# minherit(2)
MAP_INHERIT_SHARE: Final = 0
MAP_INHERIT_COPY: Final = 1
MAP_INHERIT_NONE: Final = 2
MAP_INHERIT_DONATE_COPY: Final = 3
MAP_INHERIT_ZERO: Final = 4


def MAP_ALIGNED(n: int) -> int:
    """Return the flag that asks for an address which is a multiple of 1 << n."""
    return n << MAP_ALIGNMENT_SHIFT


def PROT_MPROTECT(prot: int) -> int:
    """Return the protection that mprotect(2) may set later, for the prot of mmap(2)."""
    return prot << 3


def PROT_MPROTECT_EXTRACT(prot: int) -> int:
    """Return what PROT_MPROTECT has put into prot."""
    return prot >> 3 & (PROT_READ | PROT_WRITE | PROT_EXEC)
