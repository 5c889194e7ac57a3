# SPDX-License-Identifier: BSD-2-Clause
"""Where the files of pseudo-terminals are: what a ptyfs tells the driver.  NetBSD sys/sys/pty.h."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kernel.sys.dataclasses import dataclass

if TYPE_CHECKING:
    from kernel.sys.proc import Lwp
    from kernel.sys.vnode import Vattr, Vnode


@dataclass(slots=True, frozen=True, eq=False)
class PtmPty:
    """What a ptyfs does for the driver (struct ptm_pty); slave False means the master."""

    allocvp: "Callable[[int, bool], Vnode]"  # (ptn, slave): its file
    makename: "Callable[[int, bool], bytes]"  # (ptn, slave): the path of its file
    forget: "Callable[[int], None]"  # (ptn): it is gone
    getvattr: "Callable[[Lwp], Vattr]"  # (lwp): what a slave granted to lwp has
