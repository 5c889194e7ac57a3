# SPDX-License-Identifier: BSD-2-Clause
"""env: run a program in a changed environment.  NetBSD usr.bin/env/env.c."""

import sys
from typing import NoReturn

from userland.libc import ENOENT, Writer, environ, execvp, exit, getopt, warn, write


def usage() -> NoReturn:
    write(2, b"usage: env [-0i] [-u name] [name=value ...] [command [argument ...]]\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run env(1)."""
    end = "\n"
    options, args = getopt(argv, "+0iu:")
    if args[:1] == ["-"]:
        options.append(("i", ""))
        del args[0]
    for option, value in options:
        if option == "0":
            end = "\0"
        elif option == "i":
            environ.clear()
        elif option == "u":
            environ.pop(value, None)
        else:
            usage()
    while args and "=" in args[0]:
        name, _, value = args.pop(0).partition("=")
        environ[name] = value
    if args:
        try:
            execvp(args[0], args)
        except OSError as exc:
            warn(args[0])
            return 127 if exc.errno == ENOENT else 126
    with Writer(1) as out:
        for name, value in environ.items():
            out.write(f"{name}={value}{end}".encode("utf-8", "surrogateescape"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
