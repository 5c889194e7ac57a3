# SPDX-License-Identifier: BSD-2-Clause
"""cut: select columns of files.  NetBSD usr.bin/cut/cut.c."""

import re
import sys
from typing import NoReturn

from userland.libc import (
    O_RDONLY,
    Writer,
    close,
    errx,
    exit,
    fgetln,
    getopt,
    open,
    strtol,
    warn,
    write,
)

Ranges = list[tuple[int, int | None]]  # from 0; the end is not included, None: to the last


def usage() -> NoReturn:
    write(
        2,
        b"usage: cut -b list [-n] [file ...]\n       cut -c list [file ...]\n"
        b"       cut -f list [-d string] [-s] [file ...]\n",
    )
    exit(1)


def get_list(text: str) -> Ranges:
    """Parse a list of numbers and ranges, and join those that overlap."""
    ranges: Ranges = []
    for item in re.split(r"[, \t]+", text):
        match = re.fullmatch(r"(\d*)(-?)(\d*)", item)
        if match is None or not (match[1] or match[3]):
            errx(1, "[-cf] list: illegal list value")
        start = strtol(match[1] or "1")[0]
        end = strtol(match[3])[0] if match[3] else (None if match[2] else start)
        if start == 0 or end == 0:
            errx(1, "[-cf] list: values may not include zero")
        if end is not None and start > end:
            errx(1, "[-cf] list: illegal list value")
        ranges.append((start - 1, end))
    ranges.sort(key=lambda each: each[0])
    joined = [ranges[0]]
    for start, end in ranges[1:]:
        last_start, last_end = joined[-1]
        if last_end is None or start <= last_end:
            longer = None if last_end is None or end is None else max(last_end, end)
            joined[-1] = (last_start, longer)
        else:
            joined.append((start, end))
    return joined


def cut_bytes(line: bytes, ranges: Ranges) -> bytes:
    return b"".join(line[start:end] for start, end in ranges)


def cut_chars(line: bytes, ranges: Ranges) -> bytes:
    text = line.decode("utf-8", "surrogateescape")
    picked = "".join(text[start:end] for start, end in ranges)
    return picked.encode("utf-8", "surrogateescape")


def cut_fields(line: bytes, ranges: Ranges, delimiter: bytes) -> bytes:
    fields = line.split(delimiter)
    return delimiter.join(field for start, end in ranges for field in fields[start:end])


def main(argv: list[str]) -> int:
    """Run cut(1)."""
    ranges: Ranges = []
    how, delimiter, only_delimited = "", b"\t", False
    options, args = getopt(argv, "b:c:d:f:sn")
    for option, value in options:
        if option in {"b", "c", "f"}:
            if how:
                usage()
            how, ranges = option, get_list(value)
        elif option == "d":
            delimiter = value.encode("utf-8", "surrogateescape") or b"\0"
        elif option == "s":
            only_delimited = True
        elif option == "?":
            usage()
    if not how:
        usage()
    status = 0
    with Writer(1) as out:
        for name in args or ["-"]:
            try:
                fd = 0 if name == "-" else open(name, O_RDONLY)
                for text in fgetln(fd):
                    line = text.removesuffix(b"\n")
                    if how == "f":
                        if delimiter not in line:
                            if not only_delimited:
                                out.write(line + b"\n")
                            continue
                        line = cut_fields(line, ranges, delimiter)
                    else:
                        line = (cut_bytes if how == "b" else cut_chars)(line, ranges)
                    out.write(line + b"\n")
                if fd:
                    close(fd)
            except OSError:
                warn(name if name != "-" else "stdin")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
