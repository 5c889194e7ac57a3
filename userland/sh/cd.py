# SPDX-License-Identifier: BSD-2-Clause
"""The current directory: cd and pwd.  NetBSD bin/sh/cd.c."""

from userland.libc import include as libc
from userland.sh.error import ShellError
from userland.sh.output import out1
from userland.sh.shell import Shell
from userland.sh.var import lookupvar, mark, setvar


def getpwd(sh: Shell) -> str:
    """Return the current directory: the name the user took, if it still leads here.

    Raises:
        ShellError: the kernel cannot tell either.
    """
    if sh.cwd is None:
        sh.cwd = _trusted(lookupvar(sh, "PWD")) or physical()
    return sh.cwd


def physical() -> str:
    """Return the kernel's name for the current directory."""
    try:
        return libc.getcwd()
    except OSError as exc:
        raise ShellError(f"getcwd() failed: {exc.strerror}") from None


def _trusted(path: str | None) -> str | None:
    """Return path if it is an absolute name of the current directory, else None."""
    if path is None or not path.startswith("/") or {".", ".."} & set(path.split("/")):
        return None
    try:
        here, there = libc.stat("."), libc.stat(path)
    except OSError:
        return None
    return path if (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino) else None


def _logical(current: str, target: str) -> str:
    """Return target seen from current, with . and .. taken as text."""
    parts: list[str] = []
    for part in (target if target.startswith("/") else f"{current}/{target}").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part)
    return "/" + "/".join(parts)


def cdcmd(sh: Shell, argv: list[str]) -> int:
    """cd [-LP] [directory | -]: change the current directory."""
    args = argv[1:]
    physically = False
    while args and args[0] in {"-L", "-P", "--"}:
        option = args.pop(0)
        if option == "--":
            break
        physically = option == "-P"
    target = args[0] if args else lookupvar(sh, "HOME")
    if target is None:
        raise ShellError("HOME not set")
    shows = target == "-"
    if shows:
        target = lookupvar(sh, "OLDPWD")
        if target is None:
            raise ShellError("OLDPWD not set")
    paths = [""]
    if target and not target.startswith(("/", "./", "../")) and target not in {".", ".."}:
        paths = (lookupvar(sh, "CDPATH") or "").split(":")
    for directory in [*paths, ""]:
        path = f"{directory}/{target}" if directory else target
        if _change(sh, path or ".", physically):
            if shows or directory:
                out1(f"{sh.cwd}\n")
            return 0
    raise ShellError(f"can't cd to {target}", 2)


def _change(sh: Shell, path: str, physically: bool) -> bool:
    """Go to path if it can be gone to; PWD and OLDPWD follow."""
    try:
        old = getpwd(sh)
    except ShellError:
        old = ""
    new = _logical(old, path) if old else path
    try:
        libc.chdir(path if physically or not old else new)
    except OSError:
        return False
    sh.cwd = physical() if physically or not old else new
    for name, value in (("OLDPWD", old), ("PWD", sh.cwd)):
        setvar(sh, name, value)
        mark(sh, name, exported=True)
    return True


def pwdcmd(sh: Shell, argv: list[str]) -> int:
    """pwd [-LP]: write the current directory's name."""
    out1(f"{physical() if '-P' in argv[1:] else getpwd(sh)}\n")
    return 0
