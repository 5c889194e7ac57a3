# SPDX-License-Identifier: BSD-2-Clause
"""Numbers of bytes for people.  NetBSD lib/libc/gen/humanize_number.c, getbsize.c."""

import re

from kernel.sys.namedtuple import NamedTuple
from userland.libc.err import warnx
from userland.libc.stdlib import getenv

_UNITS = {"": 512, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def humanize_number(size: int) -> str:
    """Return a size in bytes as -h shows it."""
    if size < 1000:
        return f"{size}B"
    value = float(size)
    for unit in "KMGTPE":
        value /= 1024
        if value < 9.95:
            return f"{value:.1f}{unit}"
        if value < 999.5:
            return f"{value:.0f}{unit}"
    return f"{size}B"


class Blocks(NamedTuple):
    """The unit that sizes are told in."""

    header: str
    size: int  # bytes


def getbsize() -> Blocks:
    """Return the unit that BLOCKSIZE in the environment asks for: 512 bytes, if nothing."""
    text = getenv("BLOCKSIZE") or "512"
    match = re.fullmatch(r"(\d*)([kKmMgG]?)", text)
    if match is None:
        warnx(f"{text}: unknown blocksize")
        return Blocks("512-blocks", 512)
    unit = match[2].upper()
    number = int(match[1] or 1)
    size = number * (_UNITS[unit] if unit else 1)
    if size < 512:
        warnx("minimum blocksize is 512")
        return Blocks("512-blocks", 512)
    if size > 1 << 30:
        warnx("maximum blocksize is 1G")
        return Blocks("1G-blocks", 1 << 30)
    return Blocks(f"{number}{unit}-blocks", size)
