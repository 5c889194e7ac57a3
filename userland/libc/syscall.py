# SPDX-License-Identifier: BSD-2-Clause
"""The stubs that no rule makes: pairs of registers, and calls by number.  NetBSD lib/libc/sys."""

from operator import index

from kernel.sys.syscall import sysno
from userland.libc.cerror import cerror
from userland.libc.machine import stub, trap

__all__ = ["getgid", "getpid", "getuid", "pipe", "syscall"]

_GETPID, _GETUID, _GETGID = sysno("getpid"), sysno("getuid"), sysno("getgid")
_PIPE = sysno("pipe")


def call(name: str, *registers: int, about: tuple[object, ...] = ()) -> int:
    """Make the call of that name; return the first register of its result.

    Args:
        name: as in the table.
        registers: integers and user addresses.
        about: the files an error is about.

    Raises:
        OSError: as the call.
    """
    error, value = trap(sysno(name), *registers)
    if error:
        cerror(error, *about)
    first: int = value[0] if isinstance(value, tuple) else value
    return first


@stub(_GETPID, None)
def getpid() -> int:
    """Return the process id."""
    value: tuple[int, int] = trap(_GETPID)[1]
    return value[0]


@stub(_GETUID, None)
def getuid() -> int:
    """Return the real user id."""
    value: tuple[int, int] = trap(_GETUID)[1]
    return value[0]


@stub(_GETGID, None)
def getgid() -> int:
    """Return the real group id."""
    value: tuple[int, int] = trap(_GETGID)[1]
    return value[0]


def pipe() -> tuple[int, int]:
    """Make a pipe; return its descriptors, to read from and to write to.

    Raises:
        OSError: EMFILE, ENFILE.
    """
    error, value = trap(_PIPE)
    if error:
        cerror(error)
    return value[0], value[1]


def syscall(code: int, *args: int) -> int:
    """Make call code with any integers as registers; return the first register of the result.

    Raises:
        OSError: as the call.
        TypeError: what is no integer is no register.
    """
    error, value = trap(0, *map(index, (code, *args)))
    if error:
        cerror(error)
    first: int = value[0] if isinstance(value, tuple) else value
    return first
