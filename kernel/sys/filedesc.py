# SPDX-License-Identifier: BSD-2-Clause
"""A process's descriptors and its place in the file tree.  NetBSD sys/sys/filedesc.h."""

from typing import TYPE_CHECKING, Final

from kernel.sys.dataclasses import dataclass, field

if TYPE_CHECKING:
    from kernel.sys.event import Knote
    from kernel.sys.file import File
    from kernel.sys.vnode import Vnode

UF_EXCLOSE: Final = 0x01  # close on exec
UF_LARVAL: Final = 0x02  # reserved while its file is being opened; fd_ofiles[fd] is None


@dataclass(slots=True, eq=False)
class Filedesc:
    """The descriptor table; fd_ofiles[fd] is None where fd is free (or UF_LARVAL).

    fd_freefile is a lower bound of the first free descriptor.
    """

    fd_ofiles: "list[File | None]" = field(default_factory=list)
    fd_ofileflags: list[int] = field(default_factory=list)  # UF_*
    fd_freefile: int = 0
    fd_refcnt: int = 1
    fd_knlist: "dict[int, list[Knote]]" = field(default_factory=dict)  # notes on a descriptor


@dataclass(slots=True, eq=False)
class Cwdinfo:
    """Current directory, root and umask (struct cwdinfo)."""

    cwdi_cdir: "Vnode"
    cwdi_rdir: "Vnode | None" = None  # None: the system's root
    cwdi_cmask: int = 0o022
    cwdi_refcnt: int = 1
