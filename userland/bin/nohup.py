# SPDX-License-Identifier: BSD-2-Clause
"""nohup: run a command that a hangup does not end.  NetBSD usr.bin/nohup/nohup.c."""

import sys
from typing import NoReturn

from userland.libc import (
    ENOENT,
    O_APPEND,
    O_CREAT,
    O_WRONLY,
    SEEK_END,
    SIG_IGN,
    SIGHUP,
    dup2,
    execvp,
    exit,
    getenv,
    isatty,
    lseek,
    open,
    signal,
    warn,
    write,
)

EXIT_NOEXEC, EXIT_NOTFOUND, EXIT_MISC = 126, 127, 127


def usage() -> NoReturn:
    write(2, b"usage: nohup utility [argument ...]\n")
    exit(EXIT_MISC)


def dofile() -> None:
    """Send standard output to nohup.out, here or in the home directory."""
    names = ["nohup.out"]
    home = getenv("HOME")
    if home:
        names.append(f"{home}/nohup.out")
    for name in names:
        try:
            fd = open(name, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        except OSError:
            continue
        lseek(fd, 0, SEEK_END)
        try:
            dup2(fd, 1)
        except OSError:
            warn("dup2")
            exit(EXIT_MISC)
        write(2, f"sending output to {name}\n".encode("utf-8", "surrogateescape"))
        return
    write(2, b"nohup: can't open a nohup.out file.\n")
    exit(EXIT_MISC)


def main(argv: list[str]) -> int:
    """Run nohup(1)."""
    args = argv[1:]
    if args[:1] == ["--"]:
        del args[0]
    if not args or (args[0].startswith("-") and argv[1] != "--"):
        usage()
    if isatty(1):
        dofile()
    if isatty(2):
        dup2(1, 2)
    signal(SIGHUP, SIG_IGN)
    try:
        execvp(args[0], args)
    except OSError as exc:
        warn(args[0])
        return EXIT_NOTFOUND if exc.errno == ENOENT else EXIT_NOEXEC


if __name__ == "__main__":
    sys.exit(main(sys.argv))
