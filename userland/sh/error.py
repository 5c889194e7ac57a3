# SPDX-License-Identifier: BSD-2-Clause
"""Errors and other ways a command's evaluation ends early.  NetBSD bin/sh/error.c."""

from errno import (
    E2BIG,
    EACCES,
    EEXIST,
    EINTR,
    EIO,
    EISDIR,
    ELOOP,
    ENFILE,
    ENOENT,
    ENOMEM,
    ENOSPC,
    ENOTDIR,
    EROFS,
    ETXTBSY,
)
from typing import Final

E_OPEN: Final = 0
E_CREAT: Final = 1
E_EXEC: Final = 2


class ShellError(Exception):
    """EXERROR: the message goes to standard error; a script ends with status."""

    def __init__(self, message: str | None, status: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class BadSyntax(ShellError):
    """The input is not a command; lineno, where known, tells where."""

    lineno = 0


class ExecError(ShellError):
    """EXEXEC: a command cannot be executed; status is 126 or 127."""


class ShellExit(Exception):
    """EXEXIT: the shell (or subshell) ends with status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Interrupted(Exception):
    """EXINT: SIGINT came to an interactive shell."""


class LoopExit(Exception):
    """SKIPBREAK and SKIPCONT: leave count loops, or go on with the count'th."""

    def __init__(self, count: int, again: bool) -> None:
        super().__init__(count, again)
        self.count = count
        self.again = again


class FunctionReturn(Exception):
    """SKIPFUNC and SKIPFILE: leave a function or a dot script."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


_OPEN_CREAT_EXEC: Final = {
    ENOENT: ("no such file", "directory nonexistent", "not found"),
    ENOTDIR: ("no such file", "directory nonexistent", "not found"),
}
_ALL: Final = {
    EINTR: "interrupted",
    EACCES: "permission denied",
    EIO: "I/O error",
    EEXIST: "file exists",
    EISDIR: "is a directory",
    ENFILE: "file table overflow",
    ENOSPC: "file system full",
    EROFS: "read-only file system",
    ETXTBSY: "text busy",
    ENOMEM: "not enough memory",
    ELOOP: "symbolic link loop",
    E2BIG: "argument list too long",
}


def errmsg(exc: OSError, action: int) -> str:
    """Return the shell's words for an errno met while doing action (E_*)."""
    error = exc.errno or 0
    if error in _OPEN_CREAT_EXEC:
        return _OPEN_CREAT_EXEC[error][action]
    return _ALL.get(error) or exc.strerror or f"error {error}"
