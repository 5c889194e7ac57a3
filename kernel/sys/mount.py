# SPDX-License-Identifier: BSD-2-Clause
"""Mounted file systems and the operations on them.  NetBSD sys/sys/mount.h, fstypes.h."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.statvfs import Statvfs

if TYPE_CHECKING:
    from kernel.sys.kernel import Kernel
    from kernel.sys.vnode import Vnode

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
MNT_LOG: Final = 0x02000000
MNT_NOATIME: Final = 0x04000000  # reading leaves the access time alone
MNT_IGNORE: Final = 0x00100000  # df(1) does not show it
MNT_SYMPERM: Final = 0x20000000  # the mode of a symbolic link counts
MNT_NODEVMTIME: Final = 0x40000000

# mount(2), unmount(2)
MNT_UPDATE: Final = 0x00010000
MNT_RELOAD: Final = 0x00040000
MNT_FORCE: Final = 0x00080000
MNT_GETARGS: Final = 0x00400000

# getvfsstat(2), statvfs1(2), VFS_SYNC
MNT_WAIT: Final = 1
MNT_NOWAIT: Final = 2
MNT_LAZY: Final = 3

MNT_VISFLAGMASK: Final = (  # what f_flag shows
    MNT_RDONLY | MNT_SYNCHRONOUS | MNT_NOEXEC | MNT_NOSUID | MNT_NODEV | MNT_UNION | MNT_ASYNC
    | MNT_LOCAL | MNT_QUOTA | MNT_ROOTFS | MNT_LOG | MNT_NOATIME | MNT_IGNORE | MNT_SYMPERM
    | MNT_NODEVMTIME
)  # fmt: skip


@dataclass(slots=True, frozen=True, eq=False)
class VfsOps:
    """What a type of file system can do (struct vfsops); all raise KernelError."""

    vfs_name: str
    vfs_mount: "Callable[[Mount, Any], None]"
    """(mp, args): set mp.mnt_data up; args is the file system's own type.  With MNT_UPDATE in
    mp.mnt_flag, change a mount that exists."""
    vfs_unmount: "Callable[[Mount, int], None]"
    """(mp, mntflags): let go; EBUSY if a file is in use and MNT_FORCE is not given."""
    vfs_root: "Callable[[Mount], Vnode]"
    vfs_statvfs: "Callable[[Mount], Statvfs]"
    """(mp): fill in what the file system knows: block sizes, blocks, files, f_namemax."""
    vfs_sync: "Callable[[Mount, int], None]"
    """(mp, waitfor)."""


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
    mnt_usecount: int = 0  # the sum of its vnodes' v_usecount: it is busy
