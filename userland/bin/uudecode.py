# SPDX-License-Identifier: BSD-2-Clause
"""uudecode: make a file of the text of uuencode.  NetBSD usr.bin/uudecode/uudecode.c."""

import binascii
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import NoReturn

from userland.libc import (
    O_CREAT,
    O_RDONLY,
    O_TRUNC,
    O_WRONLY,
    Writer,
    close,
    exit,
    fchmod,
    fgetln,
    getopt,
    open,
    umask,
    warn,
    warnx,
    write,
)

BEGIN = re.compile(rb"begin(-base64)? ([0-7]+) (.+)")


def usage() -> NoReturn:
    write(2, b"usage: uudecode [-m] [-p | -o outputfile] [encoded-file ...]\n")
    exit(1)


def lines_of(fd: int) -> Iterator[bytes]:
    """Yield lines; one that cannot be read is the end."""
    with suppress(OSError):
        yield from fgetln(fd)


class Bad(Exception):
    """What is not as uuencode writes it."""


def decoded(line: bytes) -> bytes:
    """Return the data of a line of the old kind."""
    count = line[0] - 0x20 & 0x3F
    bits = bytearray()
    characters = line[1:].ljust((count + 2) // 3 * 4, b" ")
    for at in range(0, (count + 2) // 3 * 4, 4):
        a, b, c, d = (byte - 0x20 & 0x3F for byte in characters[at : at + 4])
        bits += bytes((a << 2 & 0xFF | b >> 4, b << 4 & 0xFF | c >> 2, c << 6 & 0xFF | d))
    return bytes(bits[:count])


def data_of(lines: Iterator[bytes], base64: bool) -> Iterator[bytes]:
    """Yield the data up to the end."""
    for line in lines:
        text = line.rstrip(b"\r\n")
        if base64:
            if text.startswith(b"===="):
                return
            try:
                yield binascii.a2b_base64(text)
            except binascii.Error:
                raise Bad("character out of range: [33-96]") from None
        elif not text or (text[0] - 0x20) & 0x3F == 0:
            end = next(lines, b"").rstrip(b"\r\n")
            if end != b"end":
                raise Bad('no "end" line')
            return
        else:
            if any(not 0x20 <= byte <= 0x60 for byte in text):
                raise Bad("character out of range: [33-96]")
            yield decoded(text)
    raise Bad("short file")


def decode(name: str, fd: int, target: str, to_stdout: bool) -> int:
    """Decode one file; return the exit status."""
    lines = lines_of(fd)
    match = None
    for line in lines:
        match = BEGIN.fullmatch(line.rstrip(b"\r\n"))
        if match:
            break
    if match is None:
        warnx(f'{name}: no "begin" line')
        return 1
    place = target or match[3].decode("utf-8", "surrogateescape").strip()
    out = 1
    if not to_stdout:
        try:
            out = open(place, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
            fchmod(out, int(match[2], 8) & 0o666)
        except OSError:
            warn(f"{name}: {place}")
            return 1
    writer = Writer(out, "stdout" if to_stdout else place)
    status = 0
    try:
        for data in data_of(lines, match[1] is not None):
            writer.write(data)
    except Bad as exc:
        warnx(f"{name}: {exc}")
        status = 1
    writer.flush()
    if out != 1:
        close(out)
    return status


def main(argv: list[str]) -> int:
    """Run uudecode(1)."""
    target, to_stdout = "", False
    options, args = getopt(argv, "mo:p")
    for option, value in options:
        if option == "?":
            usage()
        if option == "o":
            target = value
        elif option == "p":
            to_stdout = True
    if target and (to_stdout or len(args) > 1):
        usage()
    umask(0)
    if not args:
        return decode("stdin", 0, target, to_stdout)
    status = 0
    for name in args:
        try:
            fd = open(name, O_RDONLY)
        except OSError:
            warn(name)
            status = 1
            continue
        status |= decode(name, fd, target, to_stdout)
        close(fd)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv))
