# SPDX-License-Identifier: BSD-2-Clause
"""Process table, groups and sessions.  NetBSD sys/kern/kern_proc.c."""

from collections.abc import Iterator

from kernel.kern.kern_sig import psignal
from kernel.kern.kern_uidinfo import chgproccnt
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel
from kernel.sys.proc import P_CONTINUED, P_ORPHANPG, SSTOP, SZOMB, Lwp, Pgrp, Proc, Session
from kernel.sys.signal import SIGCHLD, SIGCONT, SIGHUP
from kernel.sys.ucred import Ucred

PID_MAX = 30000


def proc_find(kernel: Kernel, pid: int) -> Proc | None:
    """Return the live process pid; a zombie is not one."""
    p: Proc | None = kernel.allproc.get(pid)
    return p if p is not None and p.p_stat != SZOMB else None


def proc_find_lwp(p: Proc, lid: int) -> Lwp | None:
    """Return p's LWP lid, which may have ended and wait to be collected."""
    if lid != p.p_pid:
        lwp = p.p_kernel.lwps.get(lid)
        return lwp if lwp is not None and lwp.l_proc is p else None
    for lwp in p.p_lwps:  # the first, most often
        if lwp.l_lid == lid:
            return lwp
    return p.p_zomblwps.get(lid)


def pgrp_find(kernel: Kernel, pgid: int) -> Pgrp | None:
    """Return the process group pgid."""
    return kernel.pgrps.get(pgid)


def proc_alloc_pid(kernel: Kernel) -> int:
    """Return a pid that no process, LWP, group or session has; they count up and come round."""
    pid = kernel.lastpid
    while True:
        pid = pid + 1 if pid < PID_MAX else 2
        if pid not in kernel.allproc and pid not in kernel.pgrps and pid not in kernel.lwps:
            kernel.lastpid = pid
            return pid


def proc_enterpgrp(p: Proc, pgid: int, session: Session | None = None) -> None:
    """Move p into group pgid, made if need be; with session, into a new session's group.

    Preconditions: the caller has checked that p may.
    """
    kernel = p.p_kernel
    group = kernel.pgrps.get(pgid)
    if group is p.p_pgrp and session is None:
        return
    if group is None or session is not None:
        group = Pgrp(pgid, session or p.p_pgrp.pg_session)
        kernel.pgrps[pgid] = group
    fixjobc(p, group, entering=True)  # before it leaves: no group is orphaned in between
    fixjobc(p, p.p_pgrp, entering=False)
    proc_leavepgrp(p)
    group.pg_members[p] = None
    p.p_pgrp = group


def proc_leavepgrp(p: Proc) -> None:
    """Take p out of its group; an empty group is gone, and no terminal's foreground."""
    group = p.p_pgrp
    group.pg_members.pop(p, None)
    if not group.pg_members and p.p_kernel.pgrps.get(group.pg_id) is group:
        del p.p_kernel.pgrps[group.pg_id]
        tp = group.pg_session.s_ttyp
        if tp is not None and tp.t_pgrp is group:
            tp.t_pgrp = None


def fixjobc(p: Proc, group: Pgrp, *, entering: bool) -> None:
    """Count who qualifies a group for job control, as p enters or leaves group.

    A member does whose parent is in another group of the same session: p itself in
    group, and p's children in theirs.  A group in which nobody does is orphaned.
    """
    if p.p_pptr is not None and _qualifies(p.p_pptr.p_pgrp, group):
        _count(p, group, entering)
    for child in reversed(p.p_children):
        if child.p_stat != SZOMB and _qualifies(child.p_pgrp, group):
            _count(child, child.p_pgrp, entering)


def _qualifies(one: Pgrp, other: Pgrp) -> bool:
    return one is not other and one.pg_session is other.pg_session


def _count(member: Proc, group: Pgrp, entering: bool) -> None:
    """Note that member qualifies its group, or does so no more."""
    if entering:
        member.p_flag &= ~P_ORPHANPG
        group.pg_jobc += 1
    else:
        group.pg_jobc -= 1
        if not group.pg_jobc:
            orphanpg(group)


def orphanpg(group: Pgrp) -> None:
    """Hang up and continue those who are stopped in a group that nobody can continue any more."""
    for p in list(group.pg_members):
        if p.p_stat == SSTOP:
            p.p_flag |= P_ORPHANPG
            psignal(p, SIGHUP)
            psignal(p, SIGCONT)


def proc_enter(p: Proc) -> None:
    """Enter a new process among all, and count it for its real user."""
    p.p_kernel.allproc[p.p_pid] = p
    chgproccnt(p.p_kernel, p.p_cred.cr_ruid, 1)


def proc_setcred(p: Proc, cred: Ucred) -> None:
    """Give p credentials; it counts for their real user from now on."""
    if cred.cr_ruid != p.p_cred.cr_ruid:
        chgproccnt(p.p_kernel, p.p_cred.cr_ruid, -1)
        chgproccnt(p.p_kernel, cred.cr_ruid, 1)
    p.p_cred = cred


def proc_reparent(child: Proc, parent: Proc) -> None:
    """Give child another parent."""
    _orphan(child)
    child.p_pptr = parent
    if parent is parent.p_kernel.initproc:
        child.p_exitsig = SIGCHLD
    proc_addchild(parent, child)


def proc_addchild(parent: Proc, child: Proc) -> None:
    """Enter child among parent's children, as the newest."""
    parent.p_children[child] = next(reversed(parent.p_children.values()), 0) + 1
    if child.p_stat in (SZOMB, SSTOP) or child.p_flag & P_CONTINUED:
        parent.p_stopchildren[child] = None


def _orphan(child: Proc) -> None:
    """Take child from its parent."""
    if child.p_pptr is not None:
        del child.p_pptr.p_children[child]
        child.p_pptr.p_stopchildren.pop(child, None)
        child.p_pptr = None


def proc_ancestors(p: Proc) -> Iterator[Proc]:
    """Yield p, its parent, and so on, once: who traces its parent (ptrace) is above itself."""
    seen = set()
    above: Proc | None = p
    while above is not None and above not in seen:
        seen.add(above)
        yield above
        above = above.p_pptr


def proc_free(p: Proc) -> None:
    """Forget a zombie: its parent has collected it, or nobody will."""
    _orphan(p)
    proc_leavepgrp(p)
    p.p_kernel.ptraced.pop(p, None)
    del p.p_kernel.allproc[p.p_pid]
    chgproccnt(p.p_kernel, p.p_cred.cr_ruid, -1)


def suser(p: Proc) -> None:
    """Let only the super-user pass.

    Raises:
        KernelError: EPERM.
    """
    if p.p_cred.cr_uid != 0:
        raise KernelError(Errno.EPERM)


def proc_cansee(caller: Proc, p: Proc) -> bool:
    """Return whether caller may know of p: with security.curtain only root and its user may."""
    cred = caller.p_cred
    return not caller.p_kernel.curtain or not cred.cr_uid or cred.cr_ruid == p.p_cred.cr_ruid


def p_comm(p: Proc) -> bytes:
    """Return p's command name."""
    return bytes(p.p_comm).split(b"\0", 1)[0]


def setcomm(p: Proc, name: bytes) -> None:
    """Name p, at most MAXCOMLEN bytes and a NUL: what an older, longer name leaves behind stays."""
    name = name[: len(p.p_comm) - 1]
    p.p_comm[: len(name) + 1] = name + b"\0"
