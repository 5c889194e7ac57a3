# SPDX-License-Identifier: BSD-2-Clause
"""dd: convert and copy a file.  NetBSD bin/dd."""

import re
import sys

from kernel.sys.dataclasses import dataclass, field
from userland.libc import (
    LONG_MAX,
    O_CREAT,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
    SEEK_CUR,
    err,
    errx,
    ftruncate,
    gettimeofday,
    lseek,
    malloc,
    open,
    read,
    strtol,
    write,
    writeall,
)

NS = 10**9
FACTORS = {"b": 512, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "w": 4}
CONVERSIONS = frozenset("lcase ucase swab noerror sync notrunc osync sparse".split())


@dataclass
class Copy:
    """The operands, and the counts that are reported."""

    infile: str = ""
    outfile: str = ""
    ibs: int = 512
    obs: int = 512
    bs: int = 0
    skip: int = 0
    seek: int = 0
    count: int | None = None
    conv: set[str] = field(default_factory=set)
    in_full: int = 0
    in_part: int = 0
    out_full: int = 0
    out_part: int = 0
    bytes: int = 0
    start: int = 0  # ns


def get_bsz(name: str, text: str) -> int:
    """Return a size such as 4k, 2b or 3x512."""
    total = 1
    for part in text.split("x"):
        match = re.fullmatch(r"(\d+|0x[0-9a-fA-F]+)([bkmgtwBKMGTW]?)", part)
        if match is None:
            errx(1, f"{name}: illegal numeric value")
        total *= strtol(match[1], 0)[0] * FACTORS.get(match[2].lower(), 1)
    if total > LONG_MAX:
        errx(1, f"{name}: illegal numeric value")
    return total


def operands(args: list[str]) -> Copy:
    copy = Copy()
    for arg in args:
        name, equals, value = arg.partition("=")
        if not equals:
            errx(1, f"unknown operand {name}")
        if name == "if":
            copy.infile = value
        elif name == "of":
            copy.outfile = value
        elif name in {"bs", "ibs", "obs"}:
            size = get_bsz(name, value)
            if size == 0:
                errx(1, f"{name}: illegal block size")
            setattr(copy, name, size)
        elif name in {"skip", "iseek"}:
            copy.skip = get_bsz(name, value)
        elif name in {"seek", "oseek"}:
            copy.seek = get_bsz(name, value)
        elif name == "count":
            copy.count = get_bsz(name, value)
        elif name == "conv":
            copy.conv = set(value.split(","))
            for word in copy.conv - CONVERSIONS:
                errx(1, f"unknown conversion {word}")
        elif name not in {"msgfmt", "files", "progress", "iflag", "oflag"}:
            errx(1, f"unknown operand {name}")
    if copy.bs:
        copy.ibs = copy.obs = copy.bs
    try:
        malloc(copy.ibs + copy.obs)
    except OSError:
        err(1, "input buffer")
    return copy


def skip_input(fd: int, copy: Copy) -> None:
    """Pass over skip input blocks, by seeking where that is possible."""
    if not copy.skip:
        return
    try:
        lseek(fd, copy.skip * copy.ibs, SEEK_CUR)
    except OSError:
        left = copy.skip * copy.ibs
        while left and (data := read(fd, min(copy.ibs, left))):
            left -= len(data)


def convert(data: bytes, conv: set[str]) -> bytes:
    if "lcase" in conv:
        data = data.lower()
    if "ucase" in conv:
        data = data.upper()
    if "swab" in conv:
        pairs = bytearray(data)
        even = len(pairs) & ~1
        pairs[0:even:2], pairs[1:even:2] = data[1:even:2], data[0:even:2]
        data = bytes(pairs)
    return data


def put(fd: int, data: bytes, copy: Copy) -> None:
    """Write one output block."""
    try:
        writeall(fd, data)
    except OSError:
        err(1, copy.outfile or "stdout")
    copy.bytes += len(data)
    if len(data) == copy.obs:
        copy.out_full += 1
    else:
        copy.out_part += 1


def transfer(source: int, target: int, copy: Copy) -> None:
    """Copy the blocks."""
    kept = b""
    while copy.count is None or copy.in_full + copy.in_part < copy.count:
        try:
            data = read(source, copy.ibs)
        except OSError:
            if "noerror" not in copy.conv:
                err(1, copy.infile or "stdin")
            continue
        if not data:
            break
        if len(data) == copy.ibs:
            copy.in_full += 1
        else:
            copy.in_part += 1
            if "sync" in copy.conv:
                data = data.ljust(copy.ibs, b"\0")
        data = convert(data, copy.conv)
        if copy.bs:
            put(target, data, copy)
            continue
        kept += data
        while len(kept) >= copy.obs:
            put(target, kept[: copy.obs], copy)
            kept = kept[copy.obs :]
    if kept:
        put(target, kept, copy)


def summary(copy: Copy) -> None:
    """Tell what was copied, and how fast."""
    ns = max(gettimeofday().ns - copy.start, 1)
    text = (
        f"{copy.in_full}+{copy.in_part} records in\n{copy.out_full}+{copy.out_part} records out\n"
        f"{copy.bytes} bytes transferred in {ns // NS}.{ns % NS // 1_000_000:03d} secs"
        f" ({copy.bytes * NS // ns} bytes/sec)\n"
    )
    write(2, text.encode())


def opened(copy: Copy) -> tuple[int, int]:
    """Open the files and go to where copying starts."""
    source, target = 0, 1
    try:
        if copy.infile:
            source = open(copy.infile, O_RDONLY)
    except OSError:
        err(1, copy.infile)
    if copy.outfile:
        truncate = 0 if copy.seek or "notrunc" in copy.conv else O_TRUNC
        try:
            target = open(copy.outfile, O_RDWR | O_CREAT | truncate, 0o666)
        except OSError:
            try:
                target = open(copy.outfile, O_WRONLY | O_CREAT | truncate, 0o666)
            except OSError:
                err(1, copy.outfile)
    skip_input(source, copy)
    if copy.seek:
        try:
            lseek(target, copy.seek * copy.obs, SEEK_CUR)
            if copy.outfile and "notrunc" not in copy.conv:
                ftruncate(target, copy.seek * copy.obs)
        except OSError:
            err(1, copy.outfile or "stdout")
    return source, target


def main(argv: list[str]) -> int:
    """Run dd(1)."""
    copy = operands(argv[1:])
    copy.start = gettimeofday().ns
    source, target = opened(copy)
    transfer(source, target, copy)
    summary(copy)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
