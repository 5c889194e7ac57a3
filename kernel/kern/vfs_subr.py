# SPDX-License-Identifier: BSD-2-Clause
"""What everybody who handles vnodes needs.  NetBSD sys/kern/vfs_subr.c, vfs_vnode.c."""

from collections.abc import Iterable

from kernel.kern.kern_subr import uiomove
from kernel.sys.dirent import Dirent
from kernel.sys.errno import Errno, KernelError
from kernel.sys.uio import Uio
from kernel.sys.vnode import VI_TEXT, Vnode


def vref(vp: Vnode) -> None:
    """Hold vp: an open file, a current directory, a mount point ... refers to it.

    What a layer (nullfs) shows is held below it, too.
    """
    if not vp.v_usecount:
        mp = vp.v_mount
        mp.mnt_vnodelist[vp] = None
        if mp.mnt_lower is not None:
            vref(vp.v_data.layer_lowervp)
    vp.v_usecount += 1


def vrele(vp: Vnode) -> None:
    """Undo one vref; with the last one a file without links is freed."""
    vp.v_usecount -= 1
    if not vp.v_usecount:
        mp = vp.v_mount
        del mp.mnt_vnodelist[vp]
        if vp.v_iflag:
            vp.v_iflag &= ~VI_TEXT
        vp.v_op.vop_inactive(vp)
        if mp.mnt_lower is not None:
            vrele(vp.v_data.layer_lowervp)


def uiodirents(uio: Uio, entries: Iterable[tuple[Dirent, int]]) -> bool:
    """Move directory entries until no more fits; for VOP_READDIR.

    Args:
        uio: where to; uio_offset becomes the cookie after the last that moved.
        entries: each with the cookie of the one that follows it.

    Returns:
        Whether all were moved.

    Raises:
        KernelError: EFAULT; uio_offset is as it was.
    """
    cookie = uio.uio_offset
    room = uio.uio_resid
    block = bytearray()
    filled = 0
    eof = True
    for entry, following in entries:
        record = entry.pack()
        filled += len(record)
        if filled > room:
            eof = False
            break
        block += record
        cookie = following
    if block:
        start = uio.uio_offset
        try:
            uiomove(block, uio)
        except KernelError:
            uio.uio_offset = start
            raise
    uio.uio_offset = cookie
    return eof


def vn_rootdir(vp: Vnode) -> Vnode:
    """Return vp, or the root of what is mounted on it."""
    while vp.v_mountedhere is not None:
        mp = vp.v_mountedhere
        vp = mp.mnt_op.vfs_root(mp)
    return vp


def vfs_covered(vp: Vnode) -> Vnode:
    """Return the directory that the file system with root vp covers.

    Raises:
        KernelError: ENOENT, vp is of a file system that is mounted nowhere.
    """
    covered = vp.v_mount.mnt_vnodecovered
    if covered is None:
        raise KernelError(Errno.ENOENT)
    return covered
