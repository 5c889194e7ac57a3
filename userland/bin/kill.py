# SPDX-License-Identifier: BSD-2-Clause
"""kill: send a signal.  NetBSD bin/kill/kill.c."""

import sys
from typing import NoReturn

from userland.libc import (
    INT_MAX,
    NSIG,
    SIGTERM,
    Writer,
    errx,
    exit,
    signalname,
    signalnumber,
    strtoi,
    strtol,
    warn,
    warnx,
    write,
)
from userland.libc import kill as kill_


def usage() -> NoReturn:
    write(
        2,
        b"usage: kill [-s signal_name] pid ...\n"
        b"       kill -l [exit_status]\n"
        b"       kill -signal_name pid ...\n"
        b"       kill -signal_number pid ...\n",
    )
    exit(1)


def nosig(name: str) -> NoReturn:
    warnx(f"unknown signal {name}; valid signals:")
    printsignals(2)
    exit(1)


def printsignals(fd: int) -> None:
    with Writer(fd) as out:
        names = [signalname(n) for n in range(1, 33)]
        out.print(" ".join(name for name in names if name))


def signum(text: str) -> int:
    """Return the number of a signal given by name or number."""
    if text.isdecimal():
        number, _ = strtol(text)
        return number if number < NSIG else nosig(text)
    if text == "EXIT":
        return 0
    return signalnumber(text.upper().removeprefix("SIG")) or nosig(text)


def list_signals(args: list[str]) -> int:
    if not args:
        printsignals(1)
        return 0
    if len(args) > 1 or not args[0].isdecimal():
        usage()
    number, _ = strtol(args[0])
    name = signalname(number - 128 if number > 128 else number)
    if name is None:
        nosig(args[0])
    with Writer(1) as out:
        out.print(name)
    return 0


def main(argv: list[str]) -> int:
    """Run kill(1)."""
    args = argv[1:]
    if not args:
        usage()
    signo = SIGTERM
    if args[0] == "-l":
        return list_signals(args[1:])
    if args[0] == "-s":
        if len(args) < 2:
            warnx("option requires an argument -- s")
            usage()
        signo = signum(args[1])
        del args[:2]
    elif args[0].startswith("-") and args[0] != "--":
        signo = signum(args[0][1:])
        del args[0]
    if args[:1] == ["--"]:
        del args[0]
    if not args:
        usage()
    status = 0
    for text in args:
        try:
            pid = strtoi(text, -INT_MAX - 1, INT_MAX)
        except ValueError:
            errx(1, f"illegal process id: {text}")
        try:
            kill_(pid, signo)
        except OSError:
            warn(text)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
