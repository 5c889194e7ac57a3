# SPDX-License-Identifier: BSD-2-Clause
"""Sizes and limits of the system.  NetBSD sys/sys/param.h, sys/sys/syslimits.h."""

from typing import Final

# Which system this is (conf/newvers.sh).
OSTYPE: Final = b"NetBSD"
OSRELEASE: Final = b"10.0"
OSREV: Final = 1_000_000_000  # __NetBSD_Version__
VERSION: Final = b"NetBSD 10.0 (SYSENT): CPython is the machine\n"

# Memory, in bytes (amd64).
PAGE_SHIFT: Final = 12
PAGE_SIZE: Final = 1 << PAGE_SHIFT
PAGE_MASK: Final = PAGE_SIZE - 1
NBPG: Final = PAGE_SIZE
PHYSMEM: Final = 1 << 30  # bytes that the machine has, as hw.physmem64 says
MSGBUFSIZE: Final = 65536  # bytes of the kernel's message buffer

# Files.
DEV_BSIZE: Final = 512  # bytes of a block as st_blocks counts them
MAXBSIZE: Final = 64 * 1024  # bytes of the largest file system block
MAXPHYS: Final = 64 * 1024  # bytes of the largest raw transfer
PATH_MAX: Final = 1024  # bytes of a path, NUL included
MAXPATHLEN: Final = PATH_MAX
NAME_MAX: Final = 511  # bytes of a name that a program should have room for
KERNEL_NAME_MAX: Final = 255  # bytes of a name that namei takes
MAXSYMLINKS: Final = 32  # links followed in one lookup before ELOOP
LINK_MAX: Final = 32767  # links to one file
PIPE_BUF: Final = 512  # bytes that a write to a pipe moves as one
OPEN_MAX: Final = 128  # descriptors a process may have by default

# Transfers.
IOV_MAX: Final = 1024
UIO_MAXIOV: Final = 1024  # iovecs in one call
SSIZE_MAX: Final = (1 << 63) - 1  # bytes in one call
QUAD_MAX: Final = (1 << 63) - 1

# Processes.
ARG_MAX: Final = 256 * 1024  # bytes of arguments and environment together
CHILD_MAX: Final = 160  # processes a user may have by default
NZERO: Final = 20  # p_nice of priority 0
PID_MAX: Final = 30000
MAXCOMLEN: Final = 16  # bytes of p_comm, which has room for a NUL besides
NGROUPS: Final = 16  # supplementary groups
NGROUPS_MAX: Final = NGROUPS
MAXLOGNAME: Final = 16  # bytes of a login name, NUL not included
LOGIN_NAME_MAX: Final = MAXLOGNAME + 1
MAXHOSTNAMELEN: Final = 256  # bytes of a host name, NUL included
UID_MAX: Final = (1 << 31) - 1
GID_MAX: Final = (1 << 31) - 1

# Terminals.
MAX_CANON: Final = 255  # bytes of an input line
MAX_INPUT: Final = 255

HZ: Final = 100  # ticks of the clock a second
TICK: Final = 1_000_000_000 // HZ  # ns
MAXSLP: Final = 20  # seconds; who sleeps longer could be swapped out
