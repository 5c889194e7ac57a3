# SPDX-License-Identifier: BSD-2-Clause
"""What a procfs keeps: mounts and nodes.  NetBSD sys/miscfs/procfs/procfs.h."""

from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.namedtuple import NamedTuple

if TYPE_CHECKING:
    from kernel.sys.vnode import Vnode, VnodeOps

PROCFS_NOTELEN: Final = 64  # bytes of a note
PROCFS_MAXNAMLEN: Final = 255
UIO_MX: Final = 32  # bytes of a directory entry, whatever its name

# The kinds of node (pfstype), in NetBSD's order, which inode numbers are made of.
PFSauxv: Final = 0
PFSchroot: Final = 1  # link: the root directory
PFScmdline: Final = 2
PFScpuinfo: Final = 3
PFScpustat: Final = 4
PFScurproc: Final = 5  # link: the process that asks
PFScwd: Final = 6  # link: the current directory
PFSdevices: Final = 7
PFSemul: Final = 8
PFSenviron: Final = 9
PFSexe: Final = 10  # link: the program
PFSfd: Final = 11  # the directory of descriptors; with a pfs_fd, one of them
PFSfile: Final = 12  # the program itself
PFSfpregs: Final = 13
PFSloadavg: Final = 14
PFSlimit: Final = 15  # with a pfs_fd, in Linux's words
PFSmap: Final = 16
PFSmaps: Final = 17  # Linux's form of it
PFSmem: Final = 18
PFSmeminfo: Final = 19
PFSmounts: Final = 20
PFSnote: Final = 21
PFSnotepg: Final = 22
PFSproc: Final = 23  # the directory of a process
PFSregs: Final = 24
PFSroot: Final = 25
PFSself: Final = 26  # link to curproc
PFSstat: Final = 27
PFSstatm: Final = 28
PFSstatus: Final = 29
PFStask: Final = 30  # Linux's directory of threads; with a pfs_fd, the one in it
PFSuptime: Final = 31
PFSversion: Final = 32
PFSlast: Final = 33


class Pfskey(NamedTuple):
    """What a node stands for (struct pfskey); pfs_pid 0: for no process."""

    pfs_type: int  # PFS*
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
        return number * PFSlast + self.pfs_type


_FILENO: Final = {PFSroot: 2, PFScurproc: 3, PFSself: 4}


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
