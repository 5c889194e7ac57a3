# SPDX-License-Identifier: BSD-2-Clause
"""uuencode: make text of a file.  NetBSD usr.bin/uuencode/uuencode.c."""

import binascii
import sys
from typing import NoReturn

from userland.libc import O_RDONLY, Writer, err, exit, fstat, getopt, open, umask, write
from userland.libc.inputs import slurp

LINE = 45  # bytes of data in a line
BASE64_LINE = 57


def usage() -> NoReturn:
    write(2, b"usage: uuencode [-m] [inputfile] outputfile\n")
    exit(1)


def main(argv: list[str]) -> int:
    """Run uuencode(1)."""
    base64 = False
    options, args = getopt(argv, "m")
    for option, _ in options:
        if option == "?":
            usage()
        base64 = True
    if len(args) not in {1, 2}:
        usage()
    if len(args) == 2:
        try:
            fd = open(args[0], O_RDONLY)
        except OSError:
            err(1, args[0])
        mode = fstat(fd).st_mode & 0o777
    else:
        fd = 0
        mask = umask(0)
        umask(mask)
        mode = 0o666 & ~mask
    try:
        data = slurp(fd)
    except OSError:
        err(1, "read error")
    name = args[-1].encode("utf-8", "surrogateescape")
    size = BASE64_LINE if base64 else LINE
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    with Writer(1) as out:
        out.write(b"begin%s %o %s\n" % (b"-base64" if base64 else b"", mode, name))
        for piece in pieces:
            if base64:
                out.write(binascii.b2a_base64(piece))
            else:
                out.write(binascii.b2a_uu(piece, backtick=True))
        out.write(b"====\n" if base64 else b"`\nend\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
