# SPDX-License-Identifier: BSD-2-Clause
"""Accounts of processes that have ended: records of acct(5).  NetBSD sys/sys/acct.h."""

from typing import Annotated, Final

from kernel.sys.cdefs import CharArray, Int64, UChar, UInt, UInt64, UShort
from kernel.sys.namedtuple import NamedTuple

AFORK: Final = 0x01  # forked, and has not called exec
ASU: Final = 0x02  # was the super-user
ACORE: Final = 0x08  # left a core file
AXSIG: Final = 0x10  # killed by a signal

AHZ: Final = 64  # ticks a second of the times
_FRACTION: Final = 13  # bits of a comp_t that are not the exponent of 8


class Acct(NamedTuple):
    """struct acct: a process that has ended."""

    ac_comm: Annotated[bytes, CharArray(16)]
    ac_utime: UShort  # comp_t, in 1/AHZ s
    ac_stime: UShort  # comp_t
    ac_etime: UShort  # comp_t: from start to end
    ac_btime: Int64  # when it started, s
    ac_uid: UInt
    ac_gid: UInt
    ac_mem: UShort  # kilobytes, on average
    ac_io: UShort  # comp_t: blocks
    ac_tty: UInt64
    ac_flag: UChar


def encode_comp_t(ns: int) -> int:
    """Return a time as a comp_t: a fraction of 13 bits, times 8 to the power of the upper 3."""
    value = ns * AHZ // 1_000_000_000
    exponent = rounding = 0
    while value >= 1 << _FRACTION:
        exponent += 1
        rounding = value & 4
        value >>= 3
    if rounding:
        value += 1
        if value >= 1 << _FRACTION:
            exponent += 1
            value >>= 3
    return min(exponent << _FRACTION | value, 0xFFFF)


def decode_comp_t(comp: int) -> float:
    """Return the seconds of a comp_t."""
    return (comp & (1 << _FRACTION) - 1) * 8.0 ** (comp >> _FRACTION) / AHZ
