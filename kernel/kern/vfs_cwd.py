# SPDX-License-Identifier: BSD-2-Clause
"""The current and root directory of a process.  NetBSD sys/kern/vfs_cwd.c."""

from kernel.kern.vfs_subr import vref, vrele
from kernel.sys.filedesc import Cwdinfo
from kernel.sys.proc import Proc
from kernel.sys.vnode import Vnode


def cwdinit(cwdi: Cwdinfo) -> Cwdinfo:
    """Return a copy of cwdi, for a child; it holds the directories too."""
    vref(cwdi.cwdi_cdir)
    if cwdi.cwdi_rdir is not None:
        vref(cwdi.cwdi_rdir)
    return Cwdinfo(cwdi.cwdi_cdir, cwdi.cwdi_rdir, cwdi.cwdi_cmask)


def cwdroot(vp: Vnode) -> Cwdinfo:
    """Return what the first process starts with: vp is its current directory."""
    vref(vp)
    return Cwdinfo(vp)


def cwdshare(cwdi: Cwdinfo) -> Cwdinfo:
    """Return cwdi itself with one more process on it, for __clone(CLONE_FS)."""
    cwdi.cwdi_refcnt += 1
    return cwdi


def cwdunshare(p: Proc) -> None:
    """Give p a Cwdinfo of its own if it shares one."""
    cwdi = p.p_cwdi
    if cwdi.cwdi_refcnt > 1:
        p.p_cwdi = cwdinit(cwdi)
        cwdi.cwdi_refcnt -= 1


def cwdfree(cwdi: Cwdinfo) -> None:
    """Let go of cwdi; with the last process its directories are free."""
    cwdi.cwdi_refcnt -= 1
    if cwdi.cwdi_refcnt:
        return
    vrele(cwdi.cwdi_cdir)
    if cwdi.cwdi_rdir is not None:
        vrele(cwdi.cwdi_rdir)


def cwd_setcdir(cwdi: Cwdinfo, vp: Vnode) -> None:
    """Make vp the current directory."""
    vref(vp)
    vrele(cwdi.cwdi_cdir)
    cwdi.cwdi_cdir = vp


def cwd_setrdir(cwdi: Cwdinfo, vp: Vnode) -> None:
    """Make vp the root directory."""
    vref(vp)
    if cwdi.cwdi_rdir is not None:
        vrele(cwdi.cwdi_rdir)
    cwdi.cwdi_rdir = vp
