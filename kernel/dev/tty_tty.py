# SPDX-License-Identifier: BSD-2-Clause
"""/dev/tty: whatever the controlling terminal is.  NetBSD sys/kern/tty_tty.c."""

from functools import partial

from kernel.sys.conf import CTTY_MAJOR, D_TTY, Cdevsw, seltrue
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import Knote
from kernel.sys.ioccom import TIOCNOTTY, TIOCSCTTY
from kernel.sys.kernel import Kernel
from kernel.sys.proc import P_CONTROLT, Lwp
from kernel.sys.uio import Uio
from kernel.sys.vnode import VCHR, Vnode


def cttyattach(kernel: Kernel) -> None:
    """Give kernel its /dev/tty."""
    kernel.devsw[VCHR, CTTY_MAJOR] = Cdevsw(
        d_name="ctty",
        d_open=cttyopen,
        d_read=cttyread,
        d_write=cttywrite,
        d_ioctl=cttyioctl,
        d_poll=cttypoll,
        d_kqfilter=partial(cttykqfilter, kernel),
        d_type=D_TTY,
    )


def cttyopen(lwp: Lwp, _dev: int, _flag: int) -> None:
    """Open.

    Raises:
        KernelError: ENXIO, there is no controlling terminal.
    """
    _cttyvp(lwp, Errno.ENXIO)


def cttyread(lwp: Lwp | None, _dev: int, uio: Uio, ioflag: int) -> None:
    """Read from the controlling terminal.

    Raises:
        KernelError: EIO, there is none any more; and as it says.
    """
    vp = _cttyvp(lwp, Errno.EIO)
    vp.v_specinfo.sn_cdev.d_read(lwp, vp.v_rdev, uio, ioflag)


def cttywrite(lwp: Lwp | None, _dev: int, uio: Uio, ioflag: int) -> None:
    """Write to the controlling terminal.

    Raises:
        KernelError: EIO, there is none any more; and as it says.
    """
    vp = _cttyvp(lwp, Errno.EIO)
    vp.v_specinfo.sn_cdev.d_write(lwp, vp.v_rdev, uio, ioflag)


def cttyioctl(lwp: Lwp, _dev: int, com: int, data: bytes, flag: int) -> bytes:
    """Ask the controlling terminal.

    Raises:
        KernelError: EIO, there is none any more. EINVAL, TIOCSCTTY, which would be
            circular, or TIOCNOTTY by a session's leader; and as it says.
    """
    vp = _cttyvp(lwp, Errno.EIO)
    if com == TIOCSCTTY:
        raise KernelError(Errno.EINVAL)
    if com == TIOCNOTTY:
        if lwp.l_proc.p_pgrp.pg_session.s_leader is lwp.l_proc:
            raise KernelError(Errno.EINVAL)
        lwp.l_proc.p_flag &= ~P_CONTROLT
        return b""
    answer: bytes = vp.v_specinfo.sn_cdev.d_ioctl(lwp, vp.v_rdev, com, data, flag)
    return answer


def cttypoll(lwp: Lwp, dev: int, events: int) -> int:
    """Ask the controlling terminal which of events are so; without one a call would not wait."""
    try:
        vp = _cttyvp(lwp, Errno.EIO)
    except KernelError:
        return seltrue(lwp, dev, events)
    revents: int = vp.v_specinfo.sn_cdev.d_poll(lwp, vp.v_rdev, events)
    return revents


def cttykqfilter(kernel: Kernel, _dev: int, kn: Knote) -> None:
    """Watch the controlling terminal.

    Raises:
        KernelError: EPERM, there is none any more: NetBSD's returns 1; and as it says.
    """
    vp = _cttyvp(kernel.curlwp, Errno.EPERM)
    vp.v_specinfo.sn_cdev.d_kqfilter(vp.v_rdev, kn)


def _cttyvp(lwp: Lwp | None, otherwise: Errno) -> Vnode:
    """Return the controlling terminal's vnode, which is open."""
    p = None if lwp is None else lwp.l_proc
    vp = None if p is None or not p.p_flag & P_CONTROLT else p.p_pgrp.pg_session.s_ttyvp
    if vp is None or vp.v_specinfo is None:
        raise KernelError(otherwise)
    return vp
