# SPDX-License-Identifier: BSD-2-Clause
"""Finding commands and executing them.  NetBSD bin/sh/exec.c."""

from collections.abc import Iterator
from errno import EACCES, ENOENT, ENOEXEC, ENOTDIR
from typing import NoReturn

from userland.libc import include as libc
from userland.sh.error import E_EXEC, ExecError, errmsg
from userland.sh.shell import Shell
from userland.sh.var import DEFAULT_PATH, environment, lookupvar


class ShellScript(Exception):
    """EXSHELLPROC: the file is no image; the shell is to run it as a script."""

    def __init__(self, path: str, argv: list[str]) -> None:
        super().__init__(path)
        self.path = path
        self.argv = argv


def path_of(sh: Shell) -> str:
    """Return the search path for commands."""
    value = lookupvar(sh, "PATH")
    return DEFAULT_PATH if value is None else value


def candidates(path: str, name: str) -> Iterator[str]:
    """Yield the files that a command can be, in the order of the path."""
    for directory in path.split(":"):
        yield f"{directory}/{name}" if directory else name


def search(name: str, path: str) -> str:
    """Return the file of a command, without executing it.

    Raises:
        OSError: ENOENT, there is none; EACCES, what there is cannot be executed.
    """
    if "/" in name:
        if not libc.S_ISREG(libc.stat(name).st_mode):
            raise OSError(EACCES, "Permission denied")
        libc.access(name, libc.X_OK)
        return name
    error = OSError(ENOENT, "No such file or directory")
    for file in candidates(path, name) if name else ():
        try:
            if libc.S_ISREG(libc.stat(file).st_mode):
                libc.access(file, libc.X_OK)
                return file
            error = OSError(EACCES, "Permission denied")
        except OSError as exc:
            if exc.errno not in {ENOENT, ENOTDIR}:
                error = exc
    raise error


def find_command(sh: Shell, name: str, path: str | None = None) -> str:
    """Return the file to execute for a command, remembering where it was found.

    Raises:
        ExecError: there is none; its status is 127, or 126.
    """
    if path is None and name in sh.hashed:
        return sh.hashed[name]
    try:
        file = search(name, path_of(sh) if path is None else path)
    except OSError as exc:
        raise _exec_error(name, exc) from None
    if path is None and "/" not in name and file.startswith("/"):
        sh.hashed[name] = file
    return file


def _exec_error(name: str, exc: OSError) -> ExecError:
    status = 127 if exc.errno in {ENOENT, ENOTDIR} else 126
    return ExecError(f"{name}: {errmsg(exc, E_EXEC)}", status)


def shellexec(sh: Shell, argv: list[str], path: str | None = None) -> NoReturn:
    """Become another program.

    Raises:
        ExecError: it cannot be executed.
        ShellScript: it has no format the kernel knows.
    """
    file = find_command(sh, argv[0], path)
    try:
        libc.execve(file, argv, environment(sh))
    except OSError as exc:
        if exc.errno == ENOEXEC:
            raise ShellScript(file, argv) from None
        raise _exec_error(argv[0], exc) from None
    raise AssertionError("execve returned")
