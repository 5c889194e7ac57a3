# SPDX-License-Identifier: BSD-2-Clause
"""What tmpfs keeps in memory.  NetBSD sys/fs/tmpfs/tmpfs.h."""

from typing import Final

from kernel.fs.tmpfs.tmpfs_aobj import Aobj
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.param import PAGE_SIZE
from kernel.sys.types import NODEV
from kernel.sys.vnode import Vnode, VnodeOps
from native.record import Window

# Cookies of a directory's entries: the fixed ones, and the first that is given.
TMPFS_DIRSEQ_DOT: Final = 0
TMPFS_DIRSEQ_DOTDOT: Final = 1
TMPFS_DIRSEQ_EOF: Final = 2
TMPFS_DIRSEQ_START: Final = 3

TMPFS_SIZE_MAX: Final = (1 << 63) - PAGE_SIZE  # bytes of the largest file

# What NetBSD/amd64 charges, bytes.
SIZEOF_TMPFS_NODE: Final = 232
SIZEOF_TMPFS_DIRENT: Final = 48
TMPFS_NAME_QUANTUM: Final = 32  # names are stored in multiples of it

# tmpfs_update
TMPFS_UPDATE_ATIME: Final = 0x01
TMPFS_UPDATE_MTIME: Final = 0x02
TMPFS_UPDATE_CTIME: Final = 0x04


class TmpfsArgs(NamedTuple):
    """How to mount a tmpfs."""

    ta_size_max: int  # bytes
    ta_nodes_max: int  # inodes
    ta_root_uid: int = 0
    ta_root_gid: int = 0
    ta_root_mode: int = 0o755


class TmpfsWindow(NamedTuple):
    """Where a trace's records collect (tmpfs_window)."""

    tw_window: Window
    tw_op: VnodeOps  # of the vnode, once it is closed
    tw_held: int  # bytes of memory that it may turn out to need


@dataclass(slots=True, eq=False, repr=False)
class TmpfsDirent:
    """A directory entry; td_node is None once it is removed."""

    td_name: bytes
    td_node: "TmpfsNode | None"
    td_seq: int  # its cookie


@dataclass(slots=True, eq=False, repr=False)
class TmpfsDir:
    """What a directory's inode has besides."""

    tn_parent: "TmpfsNode | None" = None  # None: removed
    tn_names: dict[bytes, TmpfsDirent] = field(default_factory=dict)
    tn_order: list[TmpfsDirent] = field(default_factory=list)  # by td_seq, removed ones included
    tn_next_seq: int = TMPFS_DIRSEQ_START


_NO_DIR: Final = TmpfsDir()
_NO_AOBJ: Final = Aobj()


@dataclass(slots=True, eq=False, repr=False)
class TmpfsNode:
    """An inode (struct tmpfs_node); times are ns since the epoch."""

    tn_id: int
    tn_type: int  # VREG, VDIR ...
    tn_mode: int  # permissions
    tn_uid: int
    tn_gid: int
    tn_atime: int
    tn_mtime: int
    tn_ctime: int
    tn_birthtime: int
    tn_vnode: Vnode
    tn_mount: "TmpfsMount"
    tn_links: int = 0
    tn_flags: int = 0  # UF_*, SF_*
    tn_size: int = 0  # bytes
    tn_rdev: int = NODEV
    tn_link: bytes = b""  # VLNK: the target
    tn_dir: TmpfsDir = _NO_DIR  # VDIR: its own
    tn_aobj: Aobj = _NO_AOBJ  # VREG: its own
    tn_window: "TmpfsWindow | None" = None  # that is open at its end


@dataclass(slots=True, eq=False, repr=False)
class TmpfsMount:
    """A mounted tmpfs (struct tmpfs_mount)."""

    tm_mem_limit: int  # bytes
    tm_nodes_max: int
    tm_mem_used: int = 0  # bytes
    tm_held: int = 0  # bytes that open windows may need besides
    tm_windows: dict[TmpfsNode, TmpfsWindow] = field(default_factory=dict)
    tm_nodes_cnt: int = 0
    tm_last_id: int = 1  # last inode number given
    tm_root: TmpfsNode | None = None
