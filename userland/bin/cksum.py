# SPDX-License-Identifier: BSD-2-Clause
"""cksum and sum: checksums of files, POSIX's, two historic ones and digests.  usr.bin/cksum."""

import hashlib
import re
import sys
import zlib
from collections.abc import Callable
from typing import NoReturn

from userland.libc import O_RDONLY, Writer, close, exit, getopt, open, warn, warnx, write
from userland.libc.fgetln import blocks
from userland.libc.inputs import Inputs, lines_or_die

NAMES = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA256", "sha384": "SHA384", "sha512": "SHA512"}
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def usage() -> NoReturn:
    files = "[file ... | -c [-w] [sumfile]]"
    sums = "[-n] [-a algorithm [-ptx] [-s string]] [-o 1|2]"
    lines = [
        f"usage: cksum {sums}",
        f"             {files}",
        f"       sum {sums}",
        f"           {files}",
    ]
    lines += [f"       {name} [-nptx] [-s string] {files}" for name in ("md5", "sha1")]
    write(2, "".join(f"{line}\n" for line in lines).encode())
    exit(1)


def crc(fd: int) -> tuple[int, int]:
    """Return POSIX's checksum, over the data and their length, and the length.

    It is zlib's, with the bits of each byte, and of the result, in the other order.
    """
    value, size = 0xFFFFFFFF, 0
    for data in blocks(fd, 65536):
        size += len(data)
        value = zlib.crc32(data.translate(REVERSED), value)
    length = size.to_bytes((size.bit_length() + 7) // 8, "little")
    value = zlib.crc32(length.translate(REVERSED), value)
    return int(f"{value:032b}"[::-1], 2), size


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


def expected(line: str, algorithm: str) -> tuple[str, str, str] | None:
    """Return the algorithm, name and sum that a line of a sumfile has, None if it has none."""
    if match := re.fullmatch(r"(\w+) \((.*)\) = ([0-9a-f]+)", line):
        name = next((key for key, shown in NAMES.items() if shown == match[1]), "")
        return (name, match[2], match[3]) if name else None
    if algorithm:
        match = re.fullmatch(r"([0-9a-f]+)\s+(.+)", line)
        return (algorithm, match[2], match[1]) if match else None
    match = re.fullmatch(r"(\d+) .*?(\S+)", line)
    return ("", match[2], match[1]) if match else None


def check(name: str, how: str, algorithm: str, warns: bool, out: Writer) -> int:
    """Compare files with the sums that a sumfile has (-c); return the exit status."""
    status = 0
    for text in lines_or_die(name):
        line = text.decode("utf-8", "surrogateescape").removesuffix("\n")
        wanted = expected(line, algorithm)
        if wanted is None:
            if warns:
                out.flush()
                warnx(f"bogus format: {line}. Skipping...")
            status = 1
            continue
        algorithm, file, value = wanted
        try:
            fd = open(file, O_RDONLY)
            found = digest(algorithm, fd) if algorithm else str(SUMS[how](fd)[0])
            close(fd)
        except OSError:
            if warns:
                out.flush()
                warn(file)
            found = ""
        if found != value:
            out.print((f"({NAMES[algorithm]}) " if algorithm else "") + f"{file}: FAILED")
            status = 1
    return status


def main(argv: list[str]) -> int:
    """Run cksum(1), or sum(1)."""
    program = argv[0].rpartition("/")[2]
    how = "1" if program == "sum" else ""
    algorithm = program if program in NAMES else ""
    string: str | None = None
    flags: set[str] = set()
    options, args = getopt(argv, "a:cno:pqs:twx")
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
                warnx("illegal argument to -a option")
                usage()
        elif option == "o":
            if value not in {"1", "2", "3"}:
                warnx("illegal argument to -o option")
                usage()
            how = value
        elif option == "s":
            string = value
        flags.add(option)
    inputs = Inputs(args)
    with Writer(1) as out:
        if "c" in flags:
            return check(args[0] if args else "-", how, algorithm, "w" in flags, out)
        if string is not None and not algorithm:
            warnx("-s flag requires `-a algorithm'")
            usage()
        if string is not None:
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
            elif not args or "q" in flags:
                out.print(digest(algorithm, fd))
            elif "n" in flags:
                out.print(f"{digest(algorithm, fd)} {name}")
            else:
                out.print(f"{NAMES[algorithm]} ({name}) = {digest(algorithm, fd)}")

        return inputs.each(work)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
