# SPDX-License-Identifier: BSD-2-Clause
"""cksum and sum: checksums of files, POSIX's, two historic ones and digests.  usr.bin/cksum."""

import hashlib
import sys
import zlib
from collections.abc import Callable
from functools import cache
from typing import NoReturn

from userland.libc import Writer, exit, getopt, write
from userland.libc.fgetln import blocks
from userland.libc.inputs import Inputs

NAMES = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA256", "sha384": "SHA384", "sha512": "SHA512"}
POLYNOMIAL = 0x04C11DB7


def usage() -> NoReturn:
    write(
        2,
        b"usage: cksum [-n] [-a algorithm [-ptx] [-s string]] [-o 1|2] [file ...]\n"
        b"       sum [-n] [-a algorithm [-ptx] [-s string]] [-o 1|2] [file ...]\n",
    )
    exit(1)


@cache
def crc_table() -> list[int]:
    """Return what each byte does to the checksum."""
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ POLYNOMIAL if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        table.append(value)
    return table


def crc(fd: int) -> tuple[int, int]:
    """Return POSIX's checksum, over the data and their length, and the length."""
    table, value, size = crc_table(), 0, 0
    for data in blocks(fd, 65536):
        size += len(data)
        for byte in data:
            value = (value << 8 ^ table[value >> 24 ^ byte]) & 0xFFFFFFFF
    rest = size
    while rest:
        value = (value << 8 ^ table[value >> 24 ^ (rest & 0xFF)]) & 0xFFFFFFFF
        rest >>= 8
    return value ^ 0xFFFFFFFF, size


def csum1(fd: int) -> tuple[int, int]:
    """Return the sum of 4BSD, which rotates, and blocks of 1024 bytes."""
    value = size = 0
    for data in blocks(fd, 65536):
        size += len(data)
        for byte in data:
            value = (value >> 1) + ((value & 1) << 15) + byte & 0xFFFF
    return value, (size + 1023) // 1024


def csum2(fd: int) -> tuple[int, int]:
    """Return the sum of System V, and blocks of 512 bytes."""
    value = size = 0
    for data in blocks(fd, 65536):
        size += len(data)
        value += sum(data)
    value = (value & 0xFFFF) + (value >> 16 & 0xFFFF) + (value >> 32)
    return (value & 0xFFFF) + (value >> 16), (size + 511) // 512


def crc32(fd: int) -> tuple[int, int]:
    """Return the CRC of zlib, and the length (-o 3)."""
    value = size = 0
    for data in blocks(fd, 65536):
        size += len(data)
        value = zlib.crc32(data, value)
    return value, size


SUMS: dict[str, Callable[[int], tuple[int, int]]] = {"": crc, "1": csum1, "2": csum2, "3": crc32}
ALGORITHMS = {"crc": "", "old1": "1", "old2": "2", "old3": "3", "crc32": "3"}


def digest(algorithm: str, fd: int) -> str:
    """Return a digest in hexadecimal."""
    hasher = hashlib.new(algorithm)
    for data in blocks(fd, 65536):
        hasher.update(data)
    return hasher.hexdigest()


def main(argv: list[str]) -> int:
    """Run cksum(1), or sum(1)."""
    program = argv[0].rpartition("/")[2]
    how = "1" if program == "sum" else ""
    algorithm = program if program in NAMES else ""
    string: str | None = None
    flags: set[str] = set()
    options, args = getopt(argv, "a:no:ps:tx")
    for option, value in options:
        if option == "?":
            usage()
        if option == "a":
            name = value.lower()
            if name in ALGORITHMS:
                how = ALGORITHMS[name]
            elif name in NAMES:
                algorithm = name
            else:
                usage()
        elif option == "o":
            if value not in {"1", "2", "3"}:
                usage()
            how = value
        elif option == "s":
            string = value
        flags.add(option)
    inputs = Inputs(args)
    with Writer(1) as out:
        if algorithm and string is not None:
            data = string.encode("utf-8", "surrogateescape")
            text = hashlib.new(algorithm, data).hexdigest()
            out.print(
                f'{text} "{string}"'
                if "n" in flags
                else f'{NAMES[algorithm]} ("{string}") = {text}'
            )
            return 0

        def work(name: str, fd: int) -> None:
            if not algorithm:
                value, size = SUMS[how](fd)
                out.print(f"{value} {size} {name}" if args else f"{value} {size}")
            elif not args:
                out.print(digest(algorithm, fd))
            elif "n" in flags:
                out.print(f"{digest(algorithm, fd)} {name}")
            else:
                out.print(f"{NAMES[algorithm]} ({name}) = {digest(algorithm, fd)}")

        return inputs.each(work)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
