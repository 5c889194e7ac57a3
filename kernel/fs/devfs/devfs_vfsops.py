# SPDX-License-Identifier: BSD-2-Clause
"""/dev: a tmpfs that is born with the device files in it.

NetBSD's init does the same when it finds no /dev/console: it mounts a tmpfs
and runs MAKEDEV (sbin/init/init.c, etc/MAKEDEV).  So devices can be removed,
made and given to others here as in any file system.
"""

from typing import Final

from kernel.fs.tmpfs.tmpfs import TmpfsArgs
from kernel.fs.tmpfs.tmpfs_vfsops import (
    tmpfs_mount,
    tmpfs_root,
    tmpfs_statvfs,
    tmpfs_sync,
    tmpfs_unmount,
)
from kernel.kern.vfs_vnode import FORCECLOSE, WRITECLOSE, vflush
from kernel.sys.conf import CONS_MAJOR, CTTY_MAJOR, FILEDESC_MAJOR, MEM_MAJOR, PTM_MAJOR, RND_MAJOR
from kernel.sys.mount import IMNT_WANTRDONLY, MNT_FORCE, MNT_UPDATE, Mount, VfsOps
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.types import makedev
from kernel.sys.ucred import ROOT_CRED
from kernel.sys.vnode import VCHR, VDIR, Vattr

_SIZE: Final = 1 << 20  # bytes
_NODES: Final = 1024


class _Device(NamedTuple):
    name: bytes
    dev: int
    mode: int


_DEVICES: Final = (
    _Device(b"console", makedev(CONS_MAJOR, 0), 0o600),
    _Device(b"constty", makedev(CONS_MAJOR, 1), 0o600),
    _Device(b"conserr", makedev(CONS_MAJOR, 2), 0o600),  # the host's stderr
    _Device(b"stdin", makedev(FILEDESC_MAJOR, 0), 0o666),
    _Device(b"stdout", makedev(FILEDESC_MAJOR, 1), 0o666),
    _Device(b"stderr", makedev(FILEDESC_MAJOR, 2), 0o666),
    _Device(b"tty", makedev(CTTY_MAJOR, 0), 0o666),
    _Device(b"ptmx", makedev(PTM_MAJOR, 0), 0o666),
    _Device(b"ptm", makedev(PTM_MAJOR, 1), 0o666),
    _Device(b"null", makedev(MEM_MAJOR, 2), 0o666),
    _Device(b"full", makedev(MEM_MAJOR, 11), 0o666),
    _Device(b"zero", makedev(MEM_MAJOR, 12), 0o666),
    _Device(b"random", makedev(RND_MAJOR, 0), 0o444),
    _Device(b"urandom", makedev(RND_MAJOR, 1), 0o644),
)
_DESCRIPTORS: Final = 64  # /dev/fd/0 to /dev/fd/63


def devfs_mount(mp: Mount, args: None) -> None:
    """Make the file system and its devices; with MNT_UPDATE only its flags change.

    Raises:
        KernelError: EBUSY, it is to be read-only, and a file might be written.
    """
    if mp.mnt_flag & MNT_UPDATE:
        if mp.mnt_iflag & IMNT_WANTRDONLY:
            vflush(mp, WRITECLOSE | (FORCECLOSE if mp.mnt_flag & MNT_FORCE else 0))
        return
    tmpfs_mount(mp, TmpfsArgs(_SIZE, _NODES))
    root = tmpfs_root(mp)
    for name, dev, mode in _DEVICES:
        root.v_op.vop_mknod(root, name, Vattr(VCHR, mode, va_rdev=dev), ROOT_CRED)
    root.v_op.vop_mkdir(root, b"pts", Vattr(VDIR, 0o755), ROOT_CRED)
    descriptors = root.v_op.vop_mkdir(root, b"fd", Vattr(VDIR, 0o755), ROOT_CRED)
    for number in range(_DESCRIPTORS):
        vap = Vattr(VCHR, 0o666, va_rdev=makedev(FILEDESC_MAJOR, number))
        descriptors.v_op.vop_mknod(descriptors, b"%d" % number, vap, ROOT_CRED)


devfs_vfsops = VfsOps(
    vfs_name="devfs",
    vfs_mount=devfs_mount,
    vfs_unmount=tmpfs_unmount,
    vfs_root=tmpfs_root,
    vfs_statvfs=tmpfs_statvfs,
    vfs_sync=tmpfs_sync,
)
