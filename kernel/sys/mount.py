# SPDX-License-Identifier: BSD-2-Clause
"""Mounted file systems and the operations on them.  NetBSD sys/sys/mount.h, fstypes.h."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.statvfs import Statvfs

if TYPE_CHECKING:
    from kernel.sys.kernel import Kernel
    from kernel.sys.proc import Lwp
    from kernel.sys.vnode import Vnode

MOUNT_NULL: Final = "null"
MOUNT_TMPFS: Final = "tmpfs"
MOUNT_PROCFS: Final = "procfs"
MOUNT_PTYFS: Final = "ptyfs"

# mnt_flag
MNT_RDONLY: Final = 0x00000001  # nothing on it can be changed
MNT_SYNCHRONOUS: Final = 0x00000002
MNT_NOEXEC: Final = 0x00000004  # no program on it can be run
MNT_NOSUID: Final = 0x00000008  # set-id bits have no effect
MNT_NODEV: Final = 0x00000010  # devices cannot be opened
MNT_UNION: Final = 0x00000020
MNT_ASYNC: Final = 0x00000040
MNT_LOCAL: Final = 0x00001000  # stored here, not on a server
MNT_QUOTA: Final = 0x00002000
MNT_ROOTFS: Final = 0x00004000  # the root of the tree
MNT_NOCOREDUMP: Final = 0x00008000
MNT_RELATIME: Final = 0x00020000
MNT_DISCARD: Final = 0x00800000
MNT_EXTATTR: Final = 0x01000000
MNT_LOG: Final = 0x02000000
MNT_NOATIME: Final = 0x04000000  # reading leaves the access time alone
MNT_IGNORE: Final = 0x00100000  # df(1) does not show it
MNT_SYMPERM: Final = 0x20000000  # the mode of a symbolic link counts
MNT_NODEVMTIME: Final = 0x40000000
MNT_EXPORTED: Final = 0x00000100  # for NFS: nothing here is

# mount(2), unmount(2)
MNT_UPDATE: Final = 0x00010000
MNT_RELOAD: Final = 0x00040000
MNT_FORCE: Final = 0x00080000
MNT_GETARGS: Final = 0x00400000
MNT_OP_FLAGS: Final = MNT_UPDATE | MNT_RELOAD | MNT_FORCE | MNT_GETARGS

MNT_BASIC_FLAGS: Final = (  # what mount(2) may set
    MNT_RDONLY | MNT_SYNCHRONOUS | MNT_NOEXEC | MNT_NOSUID | MNT_NODEV | MNT_UNION | MNT_ASYNC
    | MNT_NOCOREDUMP | MNT_RELATIME | MNT_DISCARD | MNT_EXTATTR | MNT_LOG | MNT_NOATIME
    | MNT_SYMPERM | MNT_NODEVMTIME
)  # fmt: skip

# mnt_iflag
IMNT_GONE: Final = 0x00000001  # unmounted
IMNT_WANTRDWR: Final = 0x00000004  # MNT_UPDATE is to take MNT_RDONLY away
IMNT_WANTRDONLY: Final = 0x00000008  # MNT_UPDATE is to set MNT_RDONLY
IMNT_CAN_RWTORO: Final = 0x00000200  # ... which the file system knows how to do
IMNT_NCLOOKUP: Final = 0x00000800  # the name cache is told of all that happens to names

VFS_MAX_MOUNT_DATA: Final = 8192  # bytes of mount(2)'s data

# getvfsstat(2), statvfs1(2), VFS_SYNC
MNT_WAIT: Final = 1
MNT_NOWAIT: Final = 2
MNT_LAZY: Final = 3

MNT_VISFLAGMASK: Final = (  # what f_flag shows
    MNT_RDONLY | MNT_SYNCHRONOUS | MNT_NOEXEC | MNT_NOSUID | MNT_NODEV | MNT_UNION | MNT_ASYNC
    | MNT_LOCAL | MNT_QUOTA | MNT_ROOTFS | MNT_NOCOREDUMP | MNT_DISCARD | MNT_EXTATTR | MNT_LOG
    | MNT_NOATIME | MNT_IGNORE | MNT_SYMPERM | MNT_NODEVMTIME
)  # fmt: skip


def makefstype(name: str) -> int:
    """Return a number for a type of file system, made of its name."""
    number = 0
    for letter in name.encode():
        number = (number << 2) ^ letter
    return number


def _no_args(_lwp: "Lwp", _mp: "Mount", _data: bytes | None) -> None:
    """A type that takes no arguments does not look at what it is given."""


def _no_getargs(_lwp: "Lwp", _mp: "Mount", _data: bytes | None) -> bytes:
    """A type that takes no arguments has none to tell of."""
    return b""


@dataclass(slots=True, frozen=True, eq=False)
class VfsOps:
    """What a type of file system can do (struct vfsops); all raise KernelError."""

    vfs_name: str
    vfs_mount: "Callable[[Mount, Any], None]"
    """(mp, args): set mp.mnt_data up; args is the file system's own type.  With MNT_UPDATE in
    mp.mnt_flag, change a mount that exists."""
    vfs_unmount: "Callable[[Mount, int], None]"
    """(mp, mntflags): let go; nothing of it is in use any more."""
    vfs_root: "Callable[[Mount], Vnode]"
    vfs_statvfs: "Callable[[Mount], Statvfs]"
    """(mp): fill in what the file system knows: block sizes, blocks, files, f_namemax."""
    vfs_sync: "Callable[[Mount, int], None]"
    """(mp, waitfor)."""
    vfs_min_mount_data: int = 0  # bytes of its struct of arguments
    vfs_args: "Callable[[Lwp, Mount, bytes | None], Any]" = _no_args
    """(lwp, mp, data): what vfs_mount takes, from what mount(2) was given (None: a null pointer);
    looks up what data points to."""
    vfs_getargs: "Callable[[Lwp, Mount, bytes | None], bytes]" = _no_getargs
    """(lwp, mp, data): the arguments of a mounted one, for MNT_GETARGS."""


@dataclass(slots=True, eq=False, repr=False)
class Mount:
    """A mounted file system (struct mount)."""

    mnt_kernel: "Kernel"
    mnt_op: VfsOps
    mnt_fsid: int  # st_dev of its files
    mnt_flag: int = 0
    mnt_vnodecovered: "Vnode | None" = None  # None: the root of the tree
    mnt_data: Any = None  # the file system's own
    mnt_onname: bytes = b"/"
    mnt_fromname: bytes = b""
    mnt_owner: int = 0  # uid of who mounted it
    mnt_iflag: int = 0  # IMNT_*
    mnt_lower: "Mount | None" = None  # what a layer is mounted over
    mnt_vnodelist: "dict[Vnode, None]" = field(default_factory=dict)  # those that are in use
