# SPDX-License-Identifier: BSD-2-Clause
"""The environment and the end of a program.  NetBSD lib/libc/stdlib."""

from collections.abc import Callable, Iterator, MutableMapping
from typing import NoReturn

from kernel.sys.errno import Errno
from kernel.sys.resource import RLIMIT_DATA
from kernel.sys.syscall import sysno
from userland.libc.cerror import cerror
from userland.libc.data import curdata
from userland.libc.machine import load, trap
from userland.libc.stack import StrPath, pathbytes
from userland.libc.sys import getrlimit

__all__ = [
    "EXIT_FAILURE",
    "EXIT_SUCCESS",
    "_exit",
    "atexit",
    "environ",
    "exit",
    "getenv",
    "malloc",
    "putenv",
    "setenv",
    "unsetenv",
]

EXIT_SUCCESS = 0
EXIT_FAILURE = 1

_EXIT = sysno("exit")
_SMALL = 1 << 20  # bytes


class _Environ(MutableMapping[str, str]):
    """The environment of whichever process asks."""

    def __getitem__(self, name: StrPath) -> str:
        return curdata().environ[pathbytes(name)].decode("utf-8", "surrogateescape")

    def __setitem__(self, name: StrPath, value: StrPath) -> None:
        curdata().environ[pathbytes(name)] = pathbytes(value)

    def __delitem__(self, name: StrPath) -> None:
        del curdata().environ[pathbytes(name)]

    def __iter__(self) -> Iterator[str]:
        for name in list(curdata().environ):
            yield name.decode("utf-8", "surrogateescape")

    def __len__(self) -> int:
        return len(curdata().environ)


environ = _Environ()


def getenv(name: str) -> str | None:
    """Return the value of an environment variable, None if there is none."""
    return environ.get(name)


def setenv(name: str, value: str, overwrite: int = 1) -> int:
    """Set an environment variable, unless it has a value and overwrite is 0."""
    if overwrite or name not in environ:
        environ[name] = value
    return 0


def putenv(string: str) -> int:
    """Set an environment variable from NAME=VALUE."""
    name, _, value = string.partition("=")
    environ[name] = value
    return 0


def unsetenv(name: str) -> int:
    """Remove an environment variable."""
    environ.pop(name, None)
    return 0


def malloc(size: int) -> None:
    """Refuse what malloc(3) would; the memory itself is Python's.

    Args:
        size: bytes; who asks for less than 1 MiB is not looked at.

    Raises:
        OSError: ENOMEM, the program would have more data than RLIMIT_DATA.
    """
    if size > _SMALL and size > getrlimit(RLIMIT_DATA).rlim_cur:
        cerror(Errno.ENOMEM)


def atexit(function: Callable[[], object]) -> int:
    """Have function called by exit; the last one first."""
    curdata().atexit.append(function)
    return 0


def exit(status: object = 0) -> NoReturn:
    """End the program: run atexit's functions, flush its streams, give status to the parent.

    Raises:
        SystemExit: the runtime does the rest, as for Python's own exit.
    """
    raise SystemExit(status)


def _exit(status: int) -> NoReturn:
    """End the process at once: nothing is flushed."""
    trap(_EXIT, status)
    nowhere()


def nowhere() -> NoReturn:
    """Go on behind a call that does not return, where it has: a fault was injected into it."""
    while True:
        load(0, 1)  # SIGSEGV
