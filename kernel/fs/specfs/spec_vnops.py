# SPDX-License-Identifier: BSD-2-Clause
"""From a device file to its driver.  NetBSD sys/miscfs/specfs/spec_vnops.c."""

from typing import Final

from kernel.fs.genfs.genfs_vnops import genfs_pathconf
from kernel.kern.vfs_subr import vref, vrele
from kernel.sys.conf import D_TTY, Cdevsw
from kernel.sys.dataclasses import dataclass, replace
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import Knote
from kernel.sys.fcntl import FNONBLOCK
from kernel.sys.ioccom import TIOCSCTTY
from kernel.sys.mount import MNT_NODEV
from kernel.sys.param import LINK_MAX, MAX_CANON, MAX_INPUT, PIPE_BUF
from kernel.sys.proc import Lwp
from kernel.sys.termios import _POSIX_VDISABLE
from kernel.sys.types import major
from kernel.sys.ucred import Ucred
from kernel.sys.uio import Uio
from kernel.sys.unistd import (
    _PC_CHOWN_RESTRICTED,
    _PC_LINK_MAX,
    _PC_MAX_CANON,
    _PC_MAX_INPUT,
    _PC_PIPE_BUF,
    _PC_SYNC_IO,
    _PC_VDISABLE,
)
from kernel.sys.vnode import VV_ISTTY, Vnode, VnodeOps

_PATHCONF: Final = {
    _PC_LINK_MAX: LINK_MAX,
    _PC_MAX_CANON: MAX_CANON,
    _PC_MAX_INPUT: MAX_INPUT,
    _PC_PIPE_BUF: PIPE_BUF,
    _PC_CHOWN_RESTRICTED: 1,
    _PC_VDISABLE: _POSIX_VDISABLE,
    _PC_SYNC_IO: 1,
}


@dataclass(slots=True, eq=False)
class Specnode:
    """An open device file (struct specnode)."""

    sn_cdev: Cdevsw
    sn_opencnt: int = 0


def spec_over(ops: VnodeOps) -> VnodeOps:
    """Return ops with what concerns data replaced by the driver's: for VCHR and VBLK."""

    def reclaim(vp: Vnode) -> None:
        spec_node_revoke(vp)
        ops.vop_reclaim(vp)

    return replace(
        ops,
        vop_open=spec_open,
        vop_close=spec_close,
        vop_read=spec_read,
        vop_write=spec_write,
        vop_ioctl=spec_ioctl,
        vop_poll=spec_poll,
        vop_kqfilter=spec_kqfilter,
        vop_pathconf=spec_pathconf,
        vop_reclaim=reclaim,
    )


def spec_open(lwp: Lwp, vp: Vnode, mode: int, _cred: Ucred) -> None:
    """Open the device.

    Raises:
        KernelError: ENXIO, there is no such device, or vp's file system is
            mounted MNT_NODEV; and as the driver says.
    """
    if vp.v_mount.mnt_flag & MNT_NODEV:
        raise KernelError(Errno.ENXIO)
    if vp.v_specinfo is None:
        cdev = lwp.l_kernel.devsw.get((vp.v_type, major(vp.v_rdev)))
        if cdev is None:
            raise KernelError(Errno.ENXIO)
        vp.v_specinfo = Specnode(cdev)
    node: Specnode = vp.v_specinfo
    node.sn_cdev.d_open(lwp, vp.v_rdev, mode)
    node.sn_opencnt += 1
    if node.sn_cdev.d_type == D_TTY:
        vp.v_vflag |= VV_ISTTY


def spec_close(lwp: Lwp | None, vp: Vnode, fflag: int, _cred: Ucred) -> None:
    """Close the device; its driver hears of the last close.

    A terminal that is closed for the last time is nobody's controlling terminal.
    """
    node: Specnode = vp.v_specinfo
    node.sn_opencnt -= 1
    if node.sn_opencnt:
        return
    session = lwp.l_proc.p_pgrp.pg_session if lwp is not None else None
    node.sn_cdev.d_close(lwp, vp.v_rdev, fflag)
    if vp.v_specinfo is node and not node.sn_opencnt:
        vp.v_specinfo = None
    if session is not None and session.s_ttyvp is vp:
        session.s_ttyvp = None
        vrele(vp)


def spec_node_revoke(vp: Vnode) -> None:
    """Close the device, however often it is open, before vp is taken away."""
    node: Specnode | None = vp.v_specinfo
    vp.v_specinfo = None
    if node is not None and node.sn_opencnt:
        node.sn_cdev.d_close(None, vp.v_rdev, FNONBLOCK)


def spec_read(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, _cred: Ucred) -> None:
    """Have the driver read; may sleep."""
    if uio.uio_resid:
        vp.v_specinfo.sn_cdev.d_read(lwp, vp.v_rdev, uio, ioflag)


def spec_write(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, _cred: Ucred) -> None:
    """Have the driver write; may sleep."""
    vp.v_specinfo.sn_cdev.d_write(lwp, vp.v_rdev, uio, ioflag)


def spec_ioctl(lwp: Lwp, vp: Vnode, com: int, data: bytes, fflag: int, _cred: Ucred) -> bytes:
    """Have the driver do com; a terminal that becomes the controlling one is noted as such.

    Raises:
        KernelError: EPASSTHROUGH, the driver does not know com; and as it says.
    """
    answer: bytes = vp.v_specinfo.sn_cdev.d_ioctl(lwp, vp.v_rdev, com, data, fflag)
    if com == TIOCSCTTY:
        session = lwp.l_proc.p_pgrp.pg_session
        vref(vp)
        session.s_ttyvp, old = vp, session.s_ttyvp
        if old is not None:
            vrele(old)
    return answer


def spec_poll(lwp: Lwp, vp: Vnode, events: int) -> int:
    """Ask the driver which of events are so."""
    revents: int = vp.v_specinfo.sn_cdev.d_poll(lwp, vp.v_rdev, events)
    return revents


def spec_kqfilter(vp: Vnode, kn: Knote) -> None:
    """Have the driver hang kn.

    Raises:
        KernelError: as the driver says.
    """
    vp.v_specinfo.sn_cdev.d_kqfilter(vp.v_rdev, kn)


def spec_pathconf(vp: Vnode, name: int) -> int:
    """Return a limit of devices.

    Raises:
        KernelError: EINVAL, it is none of theirs.
    """
    value = _PATHCONF.get(name)
    return genfs_pathconf(vp, name) if value is None else value
