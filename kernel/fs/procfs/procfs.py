# SPDX-License-Identifier: BSD-2-Clause
"""What a procfs keeps: mounts and nodes.  NetBSD sys/miscfs/procfs/procfs.h."""

from dataclasses import dataclass, field
from enum import IntEnum, auto
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from kernel.sys.vnode import Vnode, VnodeOps

PROCFS_ARGSVERSION: Final = 1
PROCFSMNT_LINUXCOMPAT: Final = 0x01  # with the files that only Linux has

PROCFS_NOTELEN: Final = 64  # bytes of a note
PROCFS_MAXNAMLEN: Final = 255
UIO_MX: Final = 32  # bytes of a directory entry, whatever its name


class ProcfsArgs(NamedTuple):
    """What mount(2) is given (struct procfs_args)."""

    version: int = PROCFS_ARGSVERSION
    flags: int = 0  # PROCFSMNT_*


class PFS(IntEnum):
    """The kinds of node (pfstype), in NetBSD's order, which inode numbers are made of."""

    auxv = 0
    chroot = auto()  # link: the root directory
    cmdline = auto()
    cpuinfo = auto()
    cpustat = auto()
    curproc = auto()  # link: the process that asks
    cwd = auto()  # link: the current directory
    devices = auto()
    emul = auto()
    environ = auto()
    exe = auto()  # link: the program
    fd = auto()  # the directory of descriptors; with a pfs_fd, one of them
    file = auto()  # the program itself
    fpregs = auto()
    loadavg = auto()
    limit = auto()  # with a pfs_fd, in Linux's words
    map = auto()
    maps = auto()  # Linux's form of it
    mem = auto()
    meminfo = auto()
    mounts = auto()
    note = auto()
    notepg = auto()
    proc = auto()  # the directory of a process
    regs = auto()
    root = auto()
    self = auto()  # link to curproc
    stat = auto()
    statm = auto()
    status = auto()
    task = auto()  # Linux's directory of threads; with a pfs_fd, the one in it
    uptime = auto()
    version = auto()


class Pfskey(NamedTuple):
    """What a node stands for (struct pfskey); pfs_pid 0: for no process."""

    pfs_type: PFS
    pfs_pid: int = 0
    pfs_fd: int = -1

    @property
    def pfs_fileno(self) -> int:
        """The inode number (PROCFS_FILENO)."""
        if self.pfs_type in _FILENO:
            return _FILENO[self.pfs_type]
        number = self.pfs_pid + 1
        if self.pfs_fd != -1:
            number = number << 32 | self.pfs_fd
        return number * len(PFS) + self.pfs_type


_FILENO: Final = {PFS.root: 2, PFS.curproc: 3, PFS.self: 4}


@dataclass(slots=True, eq=False)
class PfsNode:
    """A node (struct pfsnode)."""

    pfs_key: Pfskey
    pfs_mode: int
    pfs_flags: int = 0  # FWRITE, O_EXCL: how mem is open


@dataclass(slots=True, eq=False)
class ProcfsMount:
    """A mounted procfs (struct procfsmount)."""

    pmnt_flags: int  # PROCFSMNT_*
    pmnt_ops: "VnodeOps"
    pmnt_vnodes: "WeakValueDictionary[Pfskey, Vnode]" = field(default_factory=WeakValueDictionary)
