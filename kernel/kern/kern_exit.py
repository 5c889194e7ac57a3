# SPDX-License-Identifier: BSD-2-Clause
"""The end of a process, and waiting for it.  NetBSD sys/kern/kern_exit.c."""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn

from kernel.arch.python.copy import copyout
from kernel.arch.python.switch import cpu_discard
from kernel.kern.kern_descrip import fd_free
from kernel.kern.kern_event import knote_proc_exit
from kernel.kern.kern_ktrace import ktrderef
from kernel.kern.kern_lwp import exit_lwps, lwp_abandon, lwp_free
from kernel.kern.kern_proc import fixjobc, p_comm, proc_free, proc_reparent
from kernel.kern.kern_runq import updatertime
from kernel.kern.kern_sig import child_siginfo, kpsignal, pgsignal, proc_tells
from kernel.kern.kern_synch import PCATCH, PWAIT, tsleep, wakeup
from kernel.kern.kern_time_itimer import itimer_free
from kernel.kern.subr_log import log, panic
from kernel.kern.sys_futex import futex_release_all_lwp
from kernel.kern.tty import ttywait
from kernel.kern.vfs_cwd import cwdfree
from kernel.kern.vfs_subr import vrele
from kernel.sys.cdefs import LP64
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ktrace import SIGINFO_SIZE
from kernel.sys.module import autoload
from kernel.sys.namedtuple import NamedTuple
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
from kernel.sys.siginfo import siginfo_pack
from kernel.sys.signal import (
    CLD_CONTINUED,
    CLD_DUMPED,
    CLD_EXITED,
    CLD_KILLED,
    CLD_STOPPED,
    CLD_TRAPPED,
    SA_CORE,
    SA_NOCLDWAIT,
    SIG_IGN,
    SIGCHLD,
    SIGCONT,
    SIGHUP,
    SIGKILL,
    sigprop,
)
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.wait import (
    P_ALL,
    P_GID,
    P_PGID,
    P_PID,
    P_SID,
    P_UID,
    W_CONTCODE,
    W_EXITCODE,
    W_STOPCODE,
    WAIT_ANY,
    WAIT_MYPGRP,
    WALLOPTS,
    WALLSIG,
    WALTSIG,
    WCONTINUED,
    WCOREDUMP,
    WCOREFLAG,
    WEXITED,
    WEXITSTATUS,
    WIFSIGNALED,
    WNOHANG,
    WNOWAIT,
    WNOZOMBIE,
    WSELECTOPTS,
    WTERMSIG,
    WTRAPPED,
    WUNTRACED,
)
from kernel.uvm.uvm_map import uvm_map_size, uvmspace_free

if TYPE_CHECKING:
    from kernel.kern import kern_acct, kern_core, sysv_sem, sysv_shm
else:
    sysv_sem = autoload("kernel.kern.sysv_sem")
    sysv_shm = autoload("kernel.kern.sysv_shm")
    kern_acct = autoload("kernel.kern.kern_acct")
    kern_core = autoload("kernel.kern.kern_core")


def sys_exit(lwp: Lwp, rval: int) -> NoReturn:
    """exit(2): end the process with the low 8 bits of rval; never returns."""
    exit1(lwp, rval, 0)


def exit1(lwp: Lwp, exitcode: int, signo: int) -> NoReturn:
    """End lwp's process: give back all it holds, tell its parent, leave a zombie.

    Args:
        lwp: the LWP that runs.
        exitcode: what exit(2) was given.
        signo: the signal that killed it, with WCOREFLAG if a core file was left; or 0.

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
    futex_release_all_lwp(lwp)
    p.p_xsig = WTERMSIG(signo)
    p.p_xstat = W_EXITCODE(exitcode & 0xFF, 0) if not signo else W_EXITCODE(0, signo)
    if p.p_timers:
        itimer_free(p, 0)
    if p in kernel.semundo:
        sysv_sem.semexit(p)
    fd_free(lwp)
    if kernel.acct_vp is not None:
        rusage_maxrss(p)
        kern_acct.acct_process(lwp)
    ktrderef(p)
    if p.p_klist:
        knote_proc_exit(p)
    _release(p)
    proc_vfork_done(p)
    if p.p_pgrp.pg_session.s_leader is p:
        _end_session(lwp)
    fixjobc(p, p.p_pgrp, entering=False)
    for child in list(reversed(p.p_children)):
        if kernel.initproc is None:
            panic(kernel, "exit1: no init to adopt")
        proc_reparent(child, _untraced(child) or kernel.initproc)
        if child.p_stat == SZOMB and child.p_pptr is kernel.initproc:
            proc_free(child)
    for traced in kernel.ptraced:
        if traced.p_ptrace is not None and traced.p_ptrace.pt_opptr is p:
            traced.p_ptrace.pt_opptr = kernel.initproc
    p.p_lwps.clear()
    lwp.l_stat = LSZOMB
    p.p_stat = SZOMB
    proc_tells(p)
    _tell_parent(p)
    lwp_free(lwp)
    lwp_abandon(lwp)


def _untraced(child: Proc) -> Proc | None:
    """End the tracing of child, whose tracer exits, and child with it; return its own parent."""
    pt = child.p_ptrace
    if pt is None:
        return None
    child.p_ptrace = None
    del child.p_kernel.ptraced[child]
    kpsignal(child, Ksiginfo(SIGKILL))
    return pt.pt_opptr


def sigexit(lwp: Lwp, signo: int) -> NoReturn:
    """End lwp's process by a signal, leaving a core file if that is the signal's way.

    Raises:
        ProcessExit: always.

    Source: sigexit, NetBSD sys/kern/kern_sig.c.
    """
    p = lwp.l_proc
    if sigprop[signo] & SA_CORE and not p.p_flag & P_WEXIT:
        error = kern_core.coredump(lwp, signo)
        if p.p_kernel.sysctl_data.get("logsigexit"):
            core = f"not dumped, err = {error:d}" if error else "dumped"
            who = f"pid {p.p_pid} ({p_comm(p).decode('latin-1')}), uid {p.p_cred.cr_uid}"
            log(p.p_kernel, f"{who}: exited on signal {signo} (core {core})")
        if not error:
            exit1(lwp, 0, signo | WCOREFLAG)
    exit1(lwp, 0, signo)


def _release(p: Proc) -> None:
    """Give back directories, the executable and memory."""
    cpu_discard(p.p_md.md_ghosts)
    cwdfree(p.p_cwdi)
    if p.p_textvp is not None:
        vrele(p.p_textvp)
        p.p_textvp = None
    if p.p_vmspace.vm_shm or p.p_vmspace.vm_forked is not None:
        sysv_shm.shmexit(p)
    rusage_maxrss(p)
    uvmspace_free(p.p_vmspace)
    p.p_md.md_history = p.p_md.md_streams = None
    p.p_md.md_forebears = ()
    p.p_md.md_image = None
    p.p_md.md_text = {}
    p.p_md.md_data = None
    p.p_md.md_datarefs[0] -= 1


def _end_session(lwp: Lwp) -> None:
    """A session's leader goes: hang up the foreground group, take the terminal from everybody."""
    session = lwp.l_proc.p_pgrp.pg_session
    session.s_leader = None
    vp, session.s_ttyvp = session.s_ttyvp, None
    if vp is None:
        return
    tp = session.s_ttyp
    if tp is not None and tp.t_session is session:
        group, tp.t_pgrp, tp.t_session = tp.t_pgrp, None, None
        if group is not None:
            pgsignal(group, SIGHUP, P_CONTROLT)
        with suppress(KernelError):  # a signal ends the wait
            ttywait(tp, lwp)
        vp.v_op.vop_revoke(vp)
    vrele(vp)


def proc_vfork_done(p: Proc) -> None:
    """The child of a vfork no longer needs its parent to wait."""
    if p.p_flag & P_PPWAIT:
        p.p_flag &= ~P_PPWAIT
        parent = p.p_pptr
        if p.p_ptrace is not None and p.p_ptrace.pt_opptr is not None:
            parent = p.p_ptrace.pt_opptr
        if parent is not None:
            wakeup(p.p_kernel, (parent, "vfork"))


def _tell_parent(p: Proc) -> None:
    """Send the exit signal and wake the parent's wait; free p if nobody will wait.

    A parent that ignores SIGCHLD or wants no zombies hands the child to init, and so
    hears of none but the last.
    """
    parent, init = p.p_pptr, p.p_kernel.initproc
    if parent is None or init is None:
        panic(p.p_kernel, "exit1: no parent")
    action = parent.p_sigacts.sa_sigdesc[SIGCHLD]
    if action.sa_flags & SA_NOCLDWAIT or action.sa_handler == SIG_IGN:
        proc_reparent(p, init)
        if not parent.p_children:
            wakeup(p.p_kernel, parent)
        parent = init
    if p.p_exitsig:
        kpsignal(parent, child_siginfo(p, p.p_exitsig, *_how(p)))
    if parent is init:
        proc_free(p)
    wakeup(p.p_kernel, parent)


def _how(p: Proc) -> tuple[int, int]:
    """Return how p ended as a siginfo tells it: (si_code, si_status)."""
    status = p.p_xstat
    if not WIFSIGNALED(status):
        return CLD_EXITED, WEXITSTATUS(status)
    return CLD_DUMPED if WCOREDUMP(status) else CLD_KILLED, WTERMSIG(status)


def sys___wait450(lwp: Lwp, pid: int, status: int, options: int, rusage: int) -> int:
    """wait4(2): wait for a child to end, stop or go on; return its pid, 0 if WNOHANG found none.

    Args:
        lwp: the caller.
        pid: a child, -1 any, 0 any of the caller's group, -pgid any of a group.
        status: where the int goes, or 0.
        options: WNOHANG, WUNTRACED, WCONTINUED; and as wait6(2).
        rusage: where the struct rusage goes, or 0.

    Raises:
        KernelError: ECHILD, no such child. EINVAL, options. EINTR. EFAULT, the child is
            collected all the same.
    """
    idtype, whose = (P_ALL, 0) if pid == WAIT_ANY else (P_PGID, -pid) if pid < 0 else (P_PID, pid)
    found = do_sys_waitid(lwp, idtype, whose, options | WEXITED | WTRAPPED)
    if found is None:
        return 0
    vm = lwp.l_proc.p_vmspace
    if status:
        copyout(vm, found.status.to_bytes(4, "little"), status)
    if rusage:
        copyout(vm, rusage_pack(*found.wru_self), rusage)
    return found.pid


def sys_wait6(
    lwp: Lwp, idtype: int, id: int, status: int, options: int, wru: int, info: int
) -> int:
    """wait6(2): wait for what options say of a child; return its pid, 0 if WNOHANG found none.

    Args:
        lwp: the caller.
        idtype: what id is: P_ALL, P_PID, P_PGID, P_SID, P_UID, P_GID.
        id: of the children that count; 0 as a pid or group is the caller's group.
        status: where the int goes, or 0.
        options: of WEXITED, WTRAPPED, WSTOPPED, WCONTINUED at least one; WNOHANG; WNOWAIT,
            the child may be waited for again.
        wru: where the struct wrusage goes, the child's own and its children's; or 0.
        info: where the siginfo_t goes, or 0.

    What is stored is all 0 if WNOHANG found nothing.

    Raises:
        KernelError: ECHILD, no such child. EINVAL, options. EINTR. EFAULT.
    """
    found = do_sys_waitid(lwp, idtype, id, options) or _NOTHING
    vm = lwp.l_proc.p_vmspace
    if status:
        copyout(vm, found.status.to_bytes(4, "little"), status)
    if wru:
        copyout(vm, rusage_pack(*found.wru_self) + rusage_pack(*found.wru_children), wru)
    if info:
        zeroes = bytes(SIGINFO_SIZE)
        copyout(vm, siginfo_pack(found.info, LP64) if found.info is not None else zeroes, info)
    return found.pid


class _Waited(NamedTuple):
    """A child that had something to report, and what."""

    pid: int
    status: int
    info: Ksiginfo | None = None
    wru_self: tuple[Rusage, ...] = ()  # what it has used is the sum of these
    wru_children: tuple[Rusage, ...] = ()


_NOTHING: Final = _Waited(0, 0)

# What of a child the id of wait6(2) is compared with.
_IDS: Final[dict[int, Callable[[Proc], int]]] = {
    P_PID: lambda child: child.p_pid,
    P_PGID: lambda child: child.p_pgrp.pg_id,
    P_SID: lambda child: child.p_pgrp.pg_session.s_sid,
    P_UID: lambda child: child.p_cred.cr_uid,
    P_GID: lambda child: child.p_cred.cr_gid,
}


def do_sys_waitid(lwp: Lwp, idtype: int, whose: int, options: int) -> _Waited | None:
    """Wait for a child; None if WNOHANG found none.

    Raises:
        KernelError: ECHILD, EINVAL, EINTR, ERESTART.

    Source: find_stopped_child and do_sys_waitid, NetBSD sys/kern/kern_exit.c.
    """
    p = lwp.l_proc
    if options & ~WALLOPTS or not options & WSELECTOPTS:
        raise KernelError(Errno.EINVAL)
    if whose == WAIT_MYPGRP and idtype in (P_PID, P_PGID):
        idtype, whose = P_PGID, p.p_pgrp.pg_id
    while True:
        stopped = _named(p, p.p_stopchildren, idtype, whose)
        for child in sorted(stopped, key=p.p_children.__getitem__, reverse=True):
            if _selected(child, idtype, whose, options) and (report := _report(child, options)):
                return _waited(p, child, options, *report)
        children = _named(p, p.p_children, idtype, whose)
        anybody = any(_selected(child, idtype, whose, options) for child in children)
        if not anybody and not any(
            q.p_ptrace is not None
            and q.p_ptrace.pt_opptr is p
            and _selected(q, idtype, whose, options)
            for q in lwp.l_kernel.ptraced
        ):
            raise KernelError(Errno.ECHILD)
        if options & WNOHANG:
            return None
        tsleep(lwp, p, PWAIT | PCATCH, "wait")


def _named(p: Proc, children: Collection[Proc], idtype: int, whose: int) -> Iterable[Proc]:
    """Return which of some children of p to look at: the one that is named, or all."""
    if idtype != P_PID:
        return children
    child = p.p_kernel.allproc.get(whose)
    return (child,) if child is not None and child in children else ()


def _selected(child: Proc, idtype: int, whose: int, options: int) -> bool:
    """Return whether a child is one of those that are waited for."""
    if idtype != P_ALL and (idtype not in _IDS or _IDS[idtype](child) != whose):
        return False
    if child.p_stat == SZOMB and not options & WEXITED:
        return False
    if options & WALLSIG:
        return True
    return (child.p_exitsig != SIGCHLD) == bool(options & WALTSIG)


def _report(child: Proc, options: int) -> tuple[int, int, int] | None:
    """Return what a child has to tell that is asked for: (status, si_code, si_status)."""
    if child.p_stat == SZOMB:
        return None if options & WNOZOMBIE else (child.p_xstat, *_how(child))
    xsig, flag = child.p_xsig, child.p_flag
    if options & WCONTINUED and xsig == SIGCONT and flag & P_CONTINUED:
        return W_CONTCODE(), CLD_CONTINUED, xsig
    asked = options & (WUNTRACED | (WTRAPPED if child.p_ptrace is not None else 0))
    if asked and child.p_stat == SSTOP and not flag & P_WAITED:
        return W_STOPCODE(xsig), CLD_TRAPPED if child.p_ptrace is not None else CLD_STOPPED, xsig
    return None


def _waited(p: Proc, child: Proc, options: int, wstatus: int, code: int, status: int) -> _Waited:
    """Make the answer of a wait; unless WNOWAIT, the child has been told of then."""
    zombie = child.p_stat == SZOMB
    info = child_siginfo(child, SIGCHLD, code, status)
    own = (child.p_stats, child.p_cru) if zombie else (child.p_stats,)
    found = _Waited(child.p_pid, wstatus, info, own, (child.p_cru,))
    if options & WNOWAIT:
        return found
    if zombie:
        rusage_add(p.p_cru, child.p_stats)
        rusage_add(p.p_cru, child.p_cru)
        if not _given_back(child):
            proc_free(child)
    else:
        child.p_flag = child.p_flag & ~P_CONTINUED | P_WAITED
    return found


def _given_back(child: Proc) -> bool:
    """Let a traced zombie's own parent wait for it, too, if that is another than its tracer."""
    pt = child.p_ptrace
    if pt is None or pt.pt_opptr is None or pt.pt_opptr is child.p_kernel.initproc:
        return False
    child.p_ptrace = None
    del child.p_kernel.ptraced[child]
    proc_reparent(child, pt.pt_opptr)
    kpsignal(pt.pt_opptr, child_siginfo(child, SIGCHLD, *_how(child)))
    wakeup(child.p_kernel, pt.pt_opptr)
    return True


def rusage_add(total: Rusage, used: Rusage) -> None:
    """Add used to total (ruadd): of the most memory, the larger."""
    total.ru_utime += used.ru_utime
    total.ru_stime += used.ru_stime
    total.ru_maxrss = max(total.ru_maxrss, used.ru_maxrss)
    total.ru_inblock += used.ru_inblock
    total.ru_oublock += used.ru_oublock
    total.ru_nsignals += used.ru_nsignals
    total.ru_nvcsw += used.ru_nvcsw
    total.ru_nivcsw += used.ru_nivcsw


def rusage_maxrss(p: Proc) -> None:
    """Note how much memory p has, which is all resident: it may be the most it had."""
    size = uvm_map_size(p.p_vmspace) // 1024
    p.p_stats.ru_maxrss = max(p.p_stats.ru_maxrss, size)


def rusage_pack(*parts: Rusage) -> bytes:
    """Return the struct rusage of the sum of parts."""
    total = Rusage()
    for part in parts:
        rusage_add(total, part)
    return RusageLayout(**{name: getattr(total, name) for name in Rusage.__slots__}).pack()
