# SPDX-License-Identifier: BSD-2-Clause
"""Nodes of a ptyfs: the slaves of pseudo-terminals as files.  NetBSD sys/fs/ptyfs/ptyfs_subr.c."""

from typing import Final
from weakref import WeakValueDictionary

from kernel.arch.python.clock import nanotime
from kernel.sys.conf import PTC_MAJOR, PTS_MAJOR
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.mount import Mount
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.pty import PtmPty
from kernel.sys.types import makedev
from kernel.sys.vnode import VCHR, VDIR, VV_ROOT, Vnode, VnodeOps

PTYFSpts: Final = 0  # a slave
PTYFSptc: Final = 1  # a master, which has no name
PTYFSroot: Final = 2

_MAJOR: Final = {PTYFSpts: PTS_MAJOR, PTYFSptc: PTC_MAJOR}
_ROOT_FILENO: Final = 2


class PtyfsKey(NamedTuple):
    """What a node stands for."""

    ptyfs_type: int
    ptyfs_pty: int = 0

    @property
    def ptyfs_fileno(self) -> int:
        """The inode number."""
        if self.ptyfs_type == PTYFSroot:
            return _ROOT_FILENO
        return 3 + self.ptyfs_pty * 2 + self.ptyfs_type


@dataclass(slots=True, eq=False)
class PtyfsNode:
    """Attributes (struct ptyfsnode); they stay until both sides are closed.  Times in ns."""

    ptyfs_key: PtyfsKey
    ptyfs_mode: int
    ptyfs_atime: int
    ptyfs_mtime: int
    ptyfs_ctime: int
    ptyfs_birthtime: int
    ptyfs_uid: int = 0
    ptyfs_gid: int = 0
    ptyfs_flags: int = 0


@dataclass(slots=True, eq=False)
class PtyfsMount:
    """A mounted ptyfs (struct ptyfsmount)."""

    pmnt_gid: int  # of slaves that are granted
    pmnt_mode: int
    pmnt_rootops: VnodeOps
    pmnt_specops: VnodeOps
    pmnt_handler: PtmPty | None = None
    pmnt_nodes: dict[PtyfsKey, PtyfsNode] = field(default_factory=dict)
    pmnt_vnodes: "WeakValueDictionary[PtyfsKey, Vnode]" = field(default_factory=WeakValueDictionary)


def ptyfs_allocvp(mp: Mount, key: PtyfsKey) -> Vnode:
    """Return the vnode that stands for key."""
    pmnt: PtyfsMount = mp.mnt_data
    vp = pmnt.pmnt_vnodes.get(key)
    if vp is not None:
        return vp
    node = pmnt.pmnt_nodes.get(key)
    if node is None:
        now = nanotime(mp.mnt_kernel)
        mode = 0o755 if key.ptyfs_type == PTYFSroot else 0o600
        node = pmnt.pmnt_nodes[key] = PtyfsNode(key, mode, now, now, now, now)
    if key.ptyfs_type == PTYFSroot:
        vp = Vnode(VDIR, mp, pmnt.pmnt_rootops, node, v_vflag=VV_ROOT)
    else:
        dev = makedev(_MAJOR[key.ptyfs_type], key.ptyfs_pty)
        vp = Vnode(VCHR, mp, pmnt.pmnt_specops, node, v_rdev=dev)
    pmnt.pmnt_vnodes[key] = vp
    return vp


def ptyfs_active(mp: Mount, ptn: int) -> bool:
    """Return whether somebody holds the master of number ptn."""
    pti = mp.mnt_kernel.ptys.get(ptn)
    return pti is not None and pti.pt_tty.t_oproc is not None
