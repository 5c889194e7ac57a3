# SPDX-License-Identifier: BSD-2-Clause
"""/dev/ptmx and /dev/ptm, which make pseudo-terminals, and the ioctls of these.

NetBSD sys/kern/tty_ptm.c; ptyioctl is of tty_pty.c.
"""

from collections.abc import Callable
from functools import partial
from struct import Struct
from typing import Final, NoReturn

from kernel.dev.tty_pty import (
    PF_NOSTOP,
    PF_PKT,
    PF_REMOTE,
    PF_UCNTL,
    PtSoftc,
    ptcwakeup,
    pty_check,
    pty_getfree,
    pty_release,
    pty_softc,
    ptyattach,
)
from kernel.kern.kern_descrip import falloc, fd_abort, fd_affix, fd_close
from kernel.kern.tty_info import ttygetinfo, ttyputinfo
from kernel.kern.tty_ioctl import ttioctl
from kernel.kern.tty_subr import ttstart, ttyflush, ttysig
from kernel.kern.vfs_subr import vref, vrele
from kernel.kern.vfs_vnops import vnops
from kernel.sys.conf import D_TTY, PTM_MAJOR, Cdevsw
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.file import DTYPE_VNODE
from kernel.sys.ioccom import (
    TIOCEXT,
    TIOCGPGRP,
    TIOCGRANTPT,
    TIOCPKT,
    TIOCPTMGET,
    TIOCPTSNAME,
    TIOCREMOTE,
    TIOCSETA,
    TIOCSETAF,
    TIOCSETAW,
    TIOCSETD,
    TIOCSIG,
    TIOCSLINED,
    TIOCUCNTL,
)
from kernel.sys.kernel import Kernel
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.proc import Lwp
from kernel.sys.pty import PtmPty
from kernel.sys.signal import NSIG, SIGINFO
from kernel.sys.termios import CCEQ, EXTPROC, IXON, NOFLSH, NOKERNINFO, VSTART, VSTOP
from kernel.sys.ttycom import TIOCPKT_DOSTOP, TIOCPKT_IOCTL, TIOCPKT_NOSTOP, Ptmget
from kernel.sys.types import minor
from kernel.sys.ucred import ROOT_CRED
from kernel.sys.uio import Uio
from kernel.sys.vnode import VCHR, Vnode

PTMX_MINOR: Final = 0  # to open it gives a master
PTM_MINOR: Final = 1  # TIOCPTMGET of it gives both sides
_INT: Final = Struct("<i")
_CTRL_S, _CTRL_Q = 0x13, 0x11
_SETTING: Final = frozenset((TIOCSETA, TIOCSETAW, TIOCSETAF))
_WOULD_HANG: Final = _SETTING | {TIOCSETD, TIOCSLINED}  # done to a master: its output must go


def ptmattach(kernel: Kernel) -> None:
    """Give kernel pseudo-terminals."""
    ptyattach(kernel, ptyioctl)
    kernel.devsw[VCHR, PTM_MAJOR] = Cdevsw(
        d_name="ptm",
        d_open=ptmopen,
        d_read=_never,
        d_write=_never,
        d_ioctl=ptmioctl,
        d_type=D_TTY,
    )


def _never(_lwp: Lwp | None, _dev: int, _uio: Uio, _ioflag: int) -> NoReturn:
    """Refuse."""
    raise KernelError(Errno.ENODEV)


def ptmopen(lwp: Lwp, dev: int, _flag: int) -> None:
    """Open /dev/ptm; /dev/ptmx gives a master instead, which do_open makes the answer.

    Raises:
        KernelError: EMOVEFD, l_dupfd is the descriptor. ENODEV. ENXIO, there are no
            more pseudo-terminals. EOPNOTSUPP, no ptyfs is mounted. EMFILE, ENFILE.
    """
    if minor(dev) == PTMX_MINOR:
        lwp.l_dupfd, _ = pty_alloc_master(lwp)
        raise KernelError(Errno.EMOVEFD)
    if minor(dev) != PTM_MINOR:
        raise KernelError(Errno.ENODEV)


def ptmioctl(lwp: Lwp, _dev: int, com: int, _data: bytes, _flag: int) -> bytes:
    """TIOCPTMGET: make a pseudo-terminal, granted to the caller, and open both sides.

    Raises:
        KernelError: EINVAL, any other; and as ptmopen.
    """
    if com != TIOCPTMGET:
        raise KernelError(Errno.EINVAL)
    cfd, ptn = pty_alloc_master(lwp)
    try:
        pty_grant_slave(lwp, ptn)
        sfd = _open(lwp, ptn, slave=True)
    except KernelError:
        fd_close(lwp, cfd)
        raise
    return pty_fill_ptmget(lwp.l_kernel, ptn, cfd, sfd)


def pty_alloc_master(lwp: Lwp) -> tuple[int, int]:
    """Make a pseudo-terminal; return a descriptor of its master, and its number.

    Raises:
        KernelError: as ptmopen.
    """
    kernel = lwp.l_kernel
    ptn = pty_getfree(kernel)
    pti = pty_check(kernel, ptn)
    try:
        return _open(lwp, ptn, slave=False), ptn
    except KernelError:
        pty_release(pti)
        raise


def _handler(kernel: Kernel) -> PtmPty:
    """Return what knows where the files are.

    Raises:
        KernelError: EOPNOTSUPP, nothing.
    """
    ptm: PtmPty | None = kernel.ptm
    if ptm is None:
        raise KernelError(Errno.EOPNOTSUPP)
    return ptm


def _open(lwp: Lwp, ptn: int, *, slave: bool) -> int:
    """Open one side for reading and writing; return the descriptor."""
    p = lwp.l_proc
    vp = _handler(lwp.l_kernel).allocvp(ptn, slave)
    fp, fd = falloc(lwp)
    vref(vp)
    try:
        vp.v_op.vop_open(lwp, vp, FREAD | FWRITE, p.p_cred)
    except KernelError:
        vrele(vp)
        fd_abort(p, fp, fd)
        raise
    vp.v_writecount += 1
    fp.f_flag, fp.f_type, fp.f_ops, fp.f_data = FREAD | FWRITE, DTYPE_VNODE, vnops, vp
    fd_affix(p, fp, fd)
    return fd


def pty_grant_slave(lwp: Lwp, ptn: int) -> None:
    """Make the slave lwp's, and take it away from whoever has it open.

    Raises:
        KernelError: EOPNOTSUPP, no ptyfs is mounted.
    """
    ptm = _handler(lwp.l_kernel)
    vp: Vnode = ptm.allocvp(ptn, True)
    if not vp.v_mount.mnt_flag & MNT_RDONLY:
        vp.v_op.vop_setattr(vp, ptm.getvattr(lwp), ROOT_CRED)
    if vp.v_usecount:
        vp.v_op.vop_revoke(vp)


def pty_fill_ptmget(kernel: Kernel, ptn: int, cfd: int, sfd: int) -> bytes:
    """Return a struct ptmget; instead of a descriptor -1 the number.

    Raises:
        KernelError: EOPNOTSUPP, no ptyfs is mounted.
    """
    ptm = _handler(kernel)
    return Ptmget(
        ptn if cfd == -1 else cfd,
        ptn if sfd == -1 else sfd,
        ptm.makename(ptn, False),
        ptm.makename(ptn, True),
    ).pack()


def ptyioctl(
    kernel: Kernel, master: bool, lwp: Lwp, dev: int, com: int, data: bytes, flag: int
) -> bytes:
    """Do com to a pseudo-terminal, from its master or its slave.

    Raises:
        KernelError: EINVAL, packet mode with user control mode, or no such signal;
            and as ttioctl.
    """
    pti = pty_softc(kernel, dev)
    tp = pti.pt_tty
    if com == TIOCEXT:
        _ext(pti, on=bool(_INT.unpack(data)[0]))
        return b""
    if com == TIOCPTSNAME:
        return pty_fill_ptmget(kernel, minor(dev), -1, -1)
    if master:
        handler = _OF_MASTERS.get(com)
        if handler is not None:
            return handler(pti, lwp, data)
        if com in _WOULD_HANG:
            tp.t_outq.clear()
    try:
        answer = ttioctl(tp, lwp, com, data, flag)
    except KernelError as exc:
        if exc.errno is not Errno.EPASSTHROUGH or not _ucntl(pti, com):
            raise
        return b""
    if tp.t_lflag & EXTPROC and pti.pt_flags & PF_PKT and com in _SETTING:
        pti.pt_send |= TIOCPKT_IOCTL
        ptcwakeup(pti, FREAD)
    _tell_stop(pti)
    return answer


def _ext(pti: PtSoftc, *, on: bool) -> None:
    """Leave the processing of input to who has the master, or not any more."""
    tp = pti.pt_tty
    if pti.pt_flags & PF_PKT and (on or tp.t_lflag & EXTPROC):
        pti.pt_send |= TIOCPKT_IOCTL
        ptcwakeup(pti, FREAD)
    tp.t_lflag = tp.t_lflag | EXTPROC if on else tp.t_lflag & ~EXTPROC


def _ucntl(pti: PtSoftc, com: int) -> bool:
    """Pass a user control command (UIOCCMD) to the master; return whether com is one."""
    if not pti.pt_flags & PF_UCNTL or com & ~0xFF != _UIOCCMD:
        return False
    if com & 0xFF:
        pti.pt_ucntl = com & 0xFF
        ptcwakeup(pti, FREAD)
    return True


_UIOCCMD: Final = 0x20007500  # _IO('u', 0)


def _tell_stop(pti: PtSoftc) -> None:
    """Tell the master, in packet mode, whether ^S and ^Q are for it to obey."""
    tp = pti.pt_tty
    stop = tp.t_iflag & IXON and CCEQ(tp.t_cc[VSTOP], _CTRL_S) and CCEQ(tp.t_cc[VSTART], _CTRL_Q)
    if bool(stop) is not bool(pti.pt_flags & PF_NOSTOP):
        return
    if stop:
        pti.pt_send = pti.pt_send & ~TIOCPKT_NOSTOP | TIOCPKT_DOSTOP
        pti.pt_flags &= ~PF_NOSTOP
    else:
        pti.pt_send = pti.pt_send & ~TIOCPKT_DOSTOP | TIOCPKT_NOSTOP
        pti.pt_flags |= PF_NOSTOP
    ptcwakeup(pti, FREAD)


def _grant(pti: PtSoftc, lwp: Lwp, _data: bytes) -> bytes:
    pty_grant_slave(lwp, minor(pti.pt_tty.t_dev))
    return b""


def _gpgrp(pti: PtSoftc, _lwp: Lwp, _data: bytes) -> bytes:
    group = pti.pt_tty.t_pgrp
    return _INT.pack(group.pg_id if group is not None else 0)


def _mode(mode: int, other: int, pti: PtSoftc, _lwp: Lwp, data: bytes) -> bytes:
    """Set or clear mode, unless other is set."""
    if _INT.unpack(data)[0]:
        if pti.pt_flags & other:
            raise KernelError(Errno.EINVAL)
        pti.pt_flags |= mode
    else:
        pti.pt_flags &= ~mode
    return b""


def _remote(pti: PtSoftc, lwp: Lwp, data: bytes) -> bytes:
    _mode(PF_REMOTE, 0, pti, lwp, data)
    ttyflush(pti.pt_tty, FREAD | FWRITE)
    return b""


def _sig(pti: PtSoftc, _lwp: Lwp, data: bytes) -> bytes:
    """Send a signal, the argument itself, to the foreground process group."""
    tp = pti.pt_tty
    signo = int.from_bytes(data[:4], "little", signed=True)
    if not 0 < signo < NSIG:
        raise KernelError(Errno.EINVAL)
    if not tp.t_lflag & NOFLSH:
        ttyflush(tp, FREAD | FWRITE)
    if signo == SIGINFO and not tp.t_lflag & NOKERNINFO:
        ttyputinfo(tp, ttygetinfo(tp, fromsig=True))
        ttstart(tp)
    ttysig(tp, signo)
    return b""


_OF_MASTERS: Final[dict[int, Callable[[PtSoftc, Lwp, bytes], bytes]]] = {
    TIOCGRANTPT: _grant,
    TIOCGPGRP: _gpgrp,
    TIOCPKT: partial(_mode, PF_PKT, PF_UCNTL),
    TIOCUCNTL: partial(_mode, PF_UCNTL, PF_PKT),
    TIOCREMOTE: _remote,
    TIOCSIG: _sig,
}
