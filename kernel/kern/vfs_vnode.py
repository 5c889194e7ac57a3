# SPDX-License-Identifier: BSD-2-Clause
"""Taking a vnode away from those who hold it.  NetBSD sys/kern/vfs_vnode.c, vfs_mount.c."""

from typing import Final

from kernel.kern.vfs_cache import cache_purgeall
from kernel.kern.vnode_if import VN_KNOTE
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import NOTE_REVOKE
from kernel.sys.mount import Mount
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.ucred import ROOT_CRED
from kernel.sys.vnode import VBLK, VCHR, VI_TEXT, VREG, VV_ROOT, Vnode, VnodeOps

# vflush
FORCECLOSE: Final = 0x0002  # take away what is in use
WRITECLOSE: Final = 0x0004  # only files that are open for writing, or have no name


class Deadops(NamedTuple):
    """What a vnode without a file system does; mnt_data of Kernel.dead_rootmount."""

    dead_vnodeops: VnodeOps
    spec_vnodeops: VnodeOps  # of a device, which goes on


def vgone(vp: Vnode) -> None:
    """Take the file away from vp: whoever holds vp is left with a dead one.

    A file that still has a name gets another vnode when it is looked up next.

    Source: vgone and vcache_reclaim.
    """
    dead = _dead_rootmount(vp)
    cache_purgeall(dead.mnt_kernel)
    if vp.v_mount is not dead:
        VN_KNOTE(vp, NOTE_REVOKE)
        if vp.v_usecount:
            vp.v_op.vop_inactive(vp)
        vp.v_op.vop_reclaim(vp)
        _move(vp, dead)
    vp.v_op = dead.mnt_data.dead_vnodeops


def vcache_make_anon(vp: Vnode) -> None:
    """Take the file away from the vnode of a device; who has it open goes on with the device."""
    dead = _dead_rootmount(vp)
    cache_purgeall(dead.mnt_kernel)
    specinfo, vp.v_specinfo = vp.v_specinfo, None
    vp.v_op.vop_reclaim(vp)
    _move(vp, dead)
    vp.v_specinfo = specinfo
    vp.v_op = dead.mnt_data.spec_vnodeops


def _dead_rootmount(vp: Vnode) -> Mount:
    dead = vp.v_mount.mnt_kernel.dead_rootmount
    if dead is None:
        raise RuntimeError("no deadfs")
    return dead


def _move(vp: Vnode, dead: Mount) -> None:
    """Make vp one of dead's."""
    if vp.v_usecount:
        del vp.v_mount.mnt_vnodelist[vp]
        dead.mnt_vnodelist[vp] = None
    vp.v_mount, vp.v_data = dead, None
    vp.v_vflag &= ~VV_ROOT
    vp.v_iflag &= ~VI_TEXT


def vrevoke(vp: Vnode) -> None:
    """Take the file of vp away from everybody; a device from all files that stand for it.

    Source: vrevoke.
    """
    if vp.v_type in {VCHR, VBLK}:
        kernel = vp.v_mount.mnt_kernel
        for mp in (*kernel.mountlist, _dead_rootmount(vp)):
            for other in list(mp.mnt_vnodelist):
                if other is not vp and (other.v_type, other.v_rdev) == (vp.v_type, vp.v_rdev):
                    vgone(other)
    vgone(vp)


def vflush(mp: Mount, flags: int) -> None:
    """See to it that nothing of mp is in use.

    Args:
        mp: the file system.
        flags: FORCECLOSE: even what is; WRITECLOSE: as far as it might be written.

    Raises:
        KernelError: EBUSY, something is, and FORCECLOSE is not given.

    A device goes on for who has it open; through a layer, which has no state
    of a device's own, it does not.  Source: vflush, vflush_one.
    """
    for vp in list(mp.mnt_vnodelist):
        if vp.v_mount is not mp:
            continue  # went with another
        if flags & WRITECLOSE and (
            vp.v_type != VREG
            or not (vp.v_writecount or vp.v_op.vop_getattr(vp, ROOT_CRED).va_nlink == 0)
        ):
            continue
        if not flags & FORCECLOSE:
            raise KernelError(Errno.EBUSY)
        if vp.v_type in {VCHR, VBLK} and mp.mnt_lower is None:
            vcache_make_anon(vp)
        else:
            vgone(vp)
