# SPDX-License-Identifier: BSD-2-Clause
"""The end of a process, and waiting for it.  NetBSD sys/kern/kern_exit.c."""

from typing import NoReturn

from kernel.arch.python.copy import copyout
from kernel.arch.python.switch import cpu_discard
from kernel.kern.kern_descrip import fd_free
from kernel.kern.kern_event import knote_proc_exit
from kernel.kern.kern_ktrace import ktrderef
from kernel.kern.kern_lwp import exit_lwps, lwp_abandon, lwp_free
from kernel.kern.kern_proc import fixjobc, proc_free, proc_reparent
from kernel.kern.kern_runq import updatertime
from kernel.kern.kern_sig import kpsignal, pgsignal
from kernel.kern.kern_synch import PCATCH, PWAIT, tsleep, wakeup
from kernel.kern.kern_timeout import callout_stop
from kernel.kern.subr_log import panic
from kernel.kern.vfs_subr import vrele
from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import (
    LSZOMB,
    P_CONTINUED,
    P_CONTROLT,
    P_PPWAIT,
    P_WAITED,
    P_WEXIT,
    SSTOP,
    SZOMB,
    Lwp,
    Proc,
    Rusage,
)
from kernel.sys.resource import RusageLayout
from kernel.sys.signal import (
    CLD_DUMPED,
    CLD_EXITED,
    CLD_KILLED,
    SA_CORE,
    SA_NOCLDWAIT,
    SIG_IGN,
    SIGCHLD,
    SIGHUP,
    sigprop,
)
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.wait import (
    W_CONTCODE,
    W_EXITCODE,
    W_STOPCODE,
    WCONTINUED,
    WNOHANG,
    WUNTRACED,
)
from kernel.uvm.uvm_map import uvmspace_free


def sys_exit(lwp: Lwp, rval: int) -> NoReturn:
    """exit(2): end the process with the low 8 bits of rval; never returns."""
    exit1(lwp, rval, 0)


def exit1(lwp: Lwp, exitcode: int, signo: int) -> NoReturn:
    """End lwp's process: give back all it holds, tell its parent, leave a zombie.

    Args:
        lwp: the LWP that runs.
        exitcode: what exit(2) was given.
        signo: the signal that killed it, or 0.

    Raises:
        ProcessExit: always: it unwinds the user stack, which belongs to nobody now.

    The trace is let go of after the files, and before the parent can know.
    Source: exit1, NetBSD sys/kern/kern_exit.c.
    """
    p = lwp.l_proc
    kernel = lwp.l_kernel
    if p is kernel.initproc:
        panic(kernel, f"init died (signal {signo}, exit {exitcode})")
    updatertime(lwp)
    p.p_flag |= P_WEXIT
    exit_lwps(lwp)
    p.p_xsig = signo
    p.p_xstat = W_EXITCODE(exitcode & 0xFF, 0) if not signo else W_EXITCODE(0, signo)
    if p.p_realtimer is not None:
        callout_stop(kernel, p.p_realtimer)
        p.p_realtimer = None
    fd_free(lwp)
    ktrderef(p)
    if p.p_klist:
        knote_proc_exit(p)
    _release(p)
    proc_vfork_done(p)
    if p.p_pgrp.pg_session.s_leader is p:
        _end_session(p)
    fixjobc(p, p.p_pgrp, entering=False)
    for child in list(p.p_children):
        if kernel.initproc is None:
            panic(kernel, "exit1: no init to adopt")
        proc_reparent(child, kernel.initproc)
        if child.p_stat == SZOMB:
            proc_free(child)
    p.p_lwps.clear()
    lwp.l_stat = LSZOMB
    p.p_stat = SZOMB
    _tell_parent(p)
    lwp_free(lwp)
    lwp_abandon(lwp)


def _release(p: Proc) -> None:
    """Give back directories, the executable and memory."""
    p.p_cwdi.cwdi_refcnt -= 1
    if not p.p_cwdi.cwdi_refcnt:
        vrele(p.p_cwdi.cwdi_cdir)
        if p.p_cwdi.cwdi_rdir is not None:
            vrele(p.p_cwdi.cwdi_rdir)
    if p.p_textvp is not None:
        vrele(p.p_textvp)
        p.p_textvp = None
    uvmspace_free(p.p_vmspace)
    p.p_md.md_history = p.p_md.md_streams = None
    cpu_discard(p.p_md.md_ghosts)
    p.p_md.md_image = None
    p.p_md.md_text = {}
    p.p_md.md_data = None


def _end_session(p: Proc) -> None:
    """Session leader p goes: hang up the foreground group and take the terminal from everybody."""
    session = p.p_pgrp.pg_session
    session.s_leader = None
    vp, session.s_ttyvp = session.s_ttyvp, None
    if vp is None:
        return
    tp = session.s_ttyp
    if tp is not None and tp.t_session is session:
        group, tp.t_pgrp, tp.t_session = tp.t_pgrp, None, None
        if group is not None:
            pgsignal(group, SIGHUP, P_CONTROLT)
        vp.v_op.vop_revoke(vp)
    vrele(vp)


def proc_vfork_done(p: Proc) -> None:
    """The child of a vfork no longer needs its parent to wait."""
    if p.p_flag & P_PPWAIT:
        p.p_flag &= ~P_PPWAIT
        if p.p_pptr is not None:
            wakeup(p.p_kernel, (p.p_pptr, "vfork"))


def _tell_parent(p: Proc) -> None:
    """Send the exit signal and wake the parent's wait; free p if nobody will wait."""
    parent = p.p_pptr
    if parent is None:
        panic(p.p_kernel, "exit1: no parent")
    action = parent.p_sigacts.sa_sigdesc[SIGCHLD]
    if p.p_exitsig:
        code = CLD_EXITED
        if p.p_xsig:
            code = CLD_DUMPED if sigprop[p.p_xsig] & SA_CORE else CLD_KILLED
        status = p.p_xsig or p.p_xstat >> 8
        kpsignal(parent, Ksiginfo(p.p_exitsig, code, p.p_pid, p.p_cred.cr_ruid, status))
    if (
        parent is p.p_kernel.initproc
        or action.sa_flags & SA_NOCLDWAIT
        or action.sa_handler == SIG_IGN
    ):
        proc_free(p)
    wakeup(p.p_kernel, parent)


def sys___wait450(
    lwp: Lwp, pid: int, status: int, options: int, rusage: int
) -> int | tuple[int, int]:
    """wait4(2): wait for a child to end, stop or go on; return its pid, 0 if WNOHANG found none.

    Args:
        lwp: the caller.
        pid: a child, -1 any, 0 any of the caller's group, -pgid any of a group.
        status: where the int goes, or 0.
        options: WNOHANG, WUNTRACED, WCONTINUED.
        rusage: where the struct rusage goes, or 0.

    Raises:
        KernelError: ECHILD, no such child. EINVAL, options. EINTR. EFAULT.
    """
    p = lwp.l_proc
    vm = p.p_vmspace
    if options & ~(WNOHANG | WUNTRACED | WCONTINUED):
        raise KernelError(Errno.EINVAL)
    while (found := _find_child(p, pid, options)) is None:
        if options & WNOHANG:
            return 0
        tsleep(lwp, p, PWAIT | PCATCH, "wait")
    child, wstatus = found
    if status:
        copyout(vm, wstatus.to_bytes(4, "little"), status)
    if rusage:
        copyout(vm, rusage_pack(child.p_stats, child.p_cru), rusage)
    if child.p_stat == SZOMB:
        rusage_add(p.p_cru, child.p_stats)
        rusage_add(p.p_cru, child.p_cru)
        proc_free(child)
    return child.p_pid


def _find_child(p: Proc, pid: int, options: int) -> tuple[Proc, int] | None:
    """Return a child that has something to report, and the status.

    Raises:
        KernelError: ECHILD, there is none that ever could.
    """
    pgid = p.p_pgrp.pg_id if pid == 0 else -pid
    mine = [
        child
        for child in p.p_children
        if pid in (-1, child.p_pid) or (pid <= 0 and child.p_pgrp.pg_id == pgid)
    ]
    if not mine:
        raise KernelError(Errno.ECHILD)
    for child in mine:
        if child.p_stat == SZOMB:
            return child, child.p_xstat
        if options & WUNTRACED and child.p_stat == SSTOP and not child.p_flag & P_WAITED:
            child.p_flag |= P_WAITED
            return child, W_STOPCODE(child.p_xsig)
        if options & WCONTINUED and child.p_flag & P_CONTINUED:
            child.p_flag &= ~P_CONTINUED
            return child, W_CONTCODE()
    return None


def rusage_add(total: Rusage, used: Rusage) -> None:
    """Add used to total (ruadd)."""
    for name in Rusage.__slots__:
        setattr(total, name, getattr(total, name) + getattr(used, name))


def rusage_pack(*parts: Rusage) -> bytes:
    """Return the struct rusage of the sum of parts."""
    total = Rusage()
    for part in parts:
        rusage_add(total, part)
    return RusageLayout(**{name: getattr(total, name) for name in Rusage.__slots__}).pack()
