# SPDX-License-Identifier: BSD-2-Clause
"""How to end a run: the argument of reboot(2).  NetBSD sys/sys/reboot.h."""

from typing import Final

RB_AUTOBOOT: Final = 0
RB_ASKNAME: Final = 0x0001
RB_SINGLE: Final = 0x0002
RB_NOSYNC: Final = 0x0004
RB_HALT: Final = 0x0008
RB_KDB: Final = 0x0040
RB_RDONLY: Final = 0x0080
RB_DUMP: Final = 0x0100
RB_MINIROOT: Final = 0x0200
RB_STRING: Final = 0x0400  # the second argument says how to boot next
RB_POWERDOWN: Final = RB_HALT | 0x0800
RB_USERCONF: Final = 0x1000
