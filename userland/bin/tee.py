# SPDX-License-Identifier: BSD-2-Clause
"""tee: copy standard input to files and standard output.  NetBSD usr.bin/tee/tee.c."""

import sys
from typing import NoReturn

from userland.libc import (
    O_APPEND,
    O_CREAT,
    O_TRUNC,
    O_WRONLY,
    SIG_IGN,
    SIGINT,
    err,
    exit,
    getopt,
    open,
    read,
    signal,
    warn,
    write,
    writeall,
)

BSIZE = 8 * 1024


def usage() -> NoReturn:
    write(2, b"usage: tee [-ai] [file ...]\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run tee(1)."""
    flags = O_TRUNC
    options, args = getopt(argv, "ai")
    for option, _ in options:
        if option == "a":
            flags = O_APPEND
        elif option == "i":
            signal(SIGINT, SIG_IGN)
        else:
            usage()
    outputs = [(1, "stdout")]
    status = 0
    for name in args:
        try:
            outputs.append((open(name, flags | O_WRONLY | O_CREAT, 0o666), name))
        except OSError:
            warn(name)
            status = 1
    try:
        while data := read(0, BSIZE):
            for output in list(outputs):
                try:
                    writeall(output[0], data)
                except OSError:
                    warn(output[1])
                    outputs.remove(output)
                    status = 1
    except OSError:
        err(1, "read")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
