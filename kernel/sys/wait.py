# SPDX-License-Identifier: BSD-2-Clause
"""The status of a child that wait4(2) tells of.  NetBSD sys/sys/wait.h, sys/sys/idtype.h."""

from typing import Final

# Options.
WNOHANG: Final = 0x00000001  # return 0 instead of waiting
WUNTRACED: Final = 0x00000002  # tell of stopped children too
WSTOPPED: Final = WUNTRACED
WALTSIG: Final = 0x00000004  # children whose exit signal is not SIGCHLD
WALLSIG: Final = 0x00000008  # children with any exit signal
WCONTINUED: Final = 0x00000010
WEXITED: Final = 0x00000020
WTRAPPED: Final = 0x00000040
WNOWAIT: Final = 0x00010000  # leave the child to be waited for again
WNOZOMBIE: Final = 0x00020000  # skip those that exited
WOPTSCHECKED: Final = 0x00040000
WSELECTOPTS: Final = WEXITED | WUNTRACED | WTRAPPED | WCONTINUED  # what to wait for
WALLOPTS: Final = WNOHANG | WALTSIG | WALLSIG | WNOWAIT | WNOZOMBIE | WSELECTOPTS

# pid of wait4(2).
WAIT_ANY: Final = -1
WAIT_MYPGRP: Final = 0

# idtype_t of wait6(2).
P_ALL: Final = 0
P_PID: Final = 1
P_LWPID: Final = 2
P_PGID: Final = 4
P_SID: Final = 5
P_UID: Final = 7
P_GID: Final = 8

WCOREFLAG: Final = 0o200
_WSTOPPED: Final = 0o177  # low bits of a stopped child's status
_WCONTINUED: Final = 0xFFFF


def W_EXITCODE(ret: int, sig: int) -> int:
    """Return the status of a child that exited with ret, or was killed by sig."""
    return ret << 8 | sig


def W_STOPCODE(sig: int) -> int:
    """Return the status of a child that sig stopped."""
    return sig << 8 | _WSTOPPED


def W_CONTCODE() -> int:
    """Return the status of a child that was continued."""
    return _WCONTINUED


def WIFCONTINUED(status: int) -> bool:
    """Whether the child was continued."""
    return status == _WCONTINUED


def WIFSTOPPED(status: int) -> bool:
    """Whether the child is stopped."""
    return status & 0o177 == _WSTOPPED and not WIFCONTINUED(status)


def WSTOPSIG(status: int) -> int:
    """Return the signal that stopped the child."""
    return status >> 8 & 0xFF


def WIFSIGNALED(status: int) -> bool:
    """Whether a signal killed the child."""
    return status & 0o177 not in (0, _WSTOPPED)


def WTERMSIG(status: int) -> int:
    """Return the signal that killed the child."""
    return status & 0o177


def WIFEXITED(status: int) -> bool:
    """Whether the child called exit(2)."""
    return status & 0o177 == 0


def WEXITSTATUS(status: int) -> int:
    """Return the low 8 bits of what the child gave to exit(2)."""
    return status >> 8 & 0xFF


def WCOREDUMP(status: int) -> bool:
    """Whether the killed child left a core file."""
    return bool(status & WCOREFLAG)
