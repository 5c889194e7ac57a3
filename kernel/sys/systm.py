# SPDX-License-Identifier: BSD-2-Clause
"""The system call switch.  NetBSD sys/sys/systm.h (struct sysent)."""

from collections.abc import Callable
from typing import Any, Final

from kernel.sys.dataclasses import dataclass

SYS_NSYSENT: Final = 512  # entries, a power of two: a number is taken modulo that

SY_WORD: Final = 0  # an argument that fits a register
SY_QUAD: Final = 1  # 64 bits: two registers where a register has 32
SY_PAD: Final = 2  # fills a register so that the quad after it is aligned; not passed on


@dataclass(slots=True, frozen=True)
class Sysent:
    """One entry: how many arguments, how large they are on a trace, who handles the call."""

    sy_narg: int  # registers on LP64, pads included
    sy_argsize: int  # bytes of register_t that ktrsyscall records
    sy_call: Callable[..., Any]  # sy_call(lwp, *args): the register, or a pair of them
    sy_kinds: tuple[int, ...] = ()  # SY_* of each argument, pads included
    sy_signs: tuple[tuple[int, bool], ...] = ()  # (bits, signed) of what sy_call gets
    sy_name: str = ""
    sy_padded: bool = False  # one of sy_kinds is SY_PAD
    sy_masks: tuple[int, ...] = ()  # of each register on LP64: what its C type holds
