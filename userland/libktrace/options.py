# SPDX-License-Identifier: BSD-2-Clause
"""What a kdump is asked to print, and how."""

from kernel.sys.dataclasses import dataclass
from userland.libktrace.points import ALL_POINTS


@dataclass(slots=True)
class Options:
    """The flags of kdump, apart from those that say what to read."""

    decimal: bool = False  # -d
    elapsed: bool = False  # -E: time since the first record
    emulation: str = "netbsd"  # -e
    maxdata: int = -1  # -m: bytes of a GIO shown; -1 is all
    numeric: int = 0  # -N
    plain: int = 0  # -n, and how often
    pid: int = -1  # -p; -1 is all
    relative: bool = False  # -R: time since the previous record
    absolute: bool = False  # -T
    points: int = ALL_POINTS  # -t
    word_size: int = 0  # -x, -X: bytes of a hexadecimal word; 0 is no dump
    screen: int = 80  # columns
