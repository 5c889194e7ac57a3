# SPDX-License-Identifier: BSD-2-Clause
"""cat: concatenate files.  NetBSD bin/cat/cat.c."""

import sys
from collections.abc import Iterator
from typing import NoReturn

from userland.libc import (
    BUFSIZ,
    O_NONBLOCK,
    O_RDONLY,
    S_ISREG,
    Writer,
    close,
    err,
    exit,
    fgetln,
    fstat,
    getopt,
    malloc,
    open,
    read,
    strtol,
    warn,
    warnx,
    write,
    writeall,
)


def usage() -> NoReturn:
    write(2, b"usage: cat [-beflnstuv] [-B bsize] [-] [file ...]\n")
    exit(1)


def visible(line: bytes) -> bytes:
    """Return a line's bytes as -v shows them; its newline and tabs stay."""
    out = bytearray()
    for byte in line:
        if byte >= 0x80:
            out += b"M-"
            byte &= 0x7F
        if byte in b"\t\n" or 0x20 <= byte < 0x7F:
            out.append(byte)
        else:
            out += b"^" + bytes([byte ^ 0x40])
    return bytes(out)


def cooked(lines: Iterator[bytes], flags: str) -> Iterator[bytes]:
    """Yield lines as the flags b, e, n, s, t and v want them."""
    number = 0
    blank_before = False
    for line in lines:
        blank = line == b"\n"
        if "s" in flags and blank and blank_before:
            continue
        blank_before = blank
        if "v" in flags:
            line = visible(line)
        if "t" in flags:
            line = line.replace(b"\t", b"^I")
        if "e" in flags and line.endswith(b"\n"):
            line = line[:-1] + b"$\n"
        if "n" in flags and not (blank and "b" in flags):
            number += 1
            line = b"%6d\t%s" % (number, line)
        yield line


def raw_cat(fd: int, size: int) -> None:
    while data := read(fd, size):
        try:
            writeall(1, data)
        except OSError:
            err(1, "stdout")


def blocksize(wanted: int) -> int:
    """Return how much to read at once: what stdout likes best, if it is open."""
    if wanted:
        try:
            malloc(wanted)
        except OSError:
            err(1, "buffer")
        return wanted
    try:
        return max(fstat(1).st_blksize, BUFSIZ // 8)
    except OSError:
        return BUFSIZ


def scanfiles(names: list[str], flags: str, size: int) -> int:
    status = 0
    for name in names:
        fd = 0
        try:
            if name != "-":
                mode = O_RDONLY | (O_NONBLOCK if "f" in flags else 0)
                fd = open(name, mode)
                if "f" in flags and not S_ISREG(fstat(fd).st_mode):
                    close(fd)
                    warnx(f"{name}: not a regular file")
                    status = 1
                    continue
            if set(flags) & set("ensvt"):
                with Writer(1) as out:
                    for line in cooked(fgetln(fd), flags):
                        out.write(line)
            else:
                raw_cat(fd, size)
        except OSError:
            warn(name if name != "-" else "stdin")
            status = 1
        if fd:
            close(fd)
    return status


def main(argv: list[str]) -> int:
    """Run cat(1)."""
    flags, size = "", 0
    options, args = getopt(argv, "beflnstuvB:")
    for option, value in options:
        if option == "?":
            usage()
        elif option == "B":
            size = max(0, strtol(value, 0)[0])
        else:
            flags += {"b": "bn", "e": "ev", "t": "tv", "u": "", "l": ""}.get(option, option)
    return scanfiles(args or ["-"], flags, blocksize(size))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
