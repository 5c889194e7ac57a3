# SPDX-License-Identifier: BSD-2-Clause
"""Who a process is: ids, groups, sessions, login name.  NetBSD sys/kern/kern_prot.c."""

from typing import Final

from kernel.arch.python.copy import copyin, copyinstr, copyout
from kernel.kern.kern_proc import (
    pgrp_find,
    proc_ancestors,
    proc_enterpgrp,
    proc_find,
    proc_setcred,
    suser,
)
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import MAXLOGNAME, NGROUPS
from kernel.sys.proc import P_CONTROLT, P_EXEC, P_SUGID, Lwp, Pgrp, Proc, Session
from kernel.sys.ucred import Ucred

_UNCHANGED: Final = 0xFFFF_FFFF  # (uid_t)-1: leave this id alone

# do_setresuid and do_setresgid: which of the old ids a new one may be without privilege.
_R: Final = 1  # the real id
_E: Final = 2  # the effective id
_S: Final = 4  # the saved id


def sys_getpid(lwp: Lwp) -> tuple[int, int]:
    """getpid(2): the process's id; the second register holds its parent's."""
    p = lwp.l_proc
    return p.p_pid, p.p_pptr.p_pid if p.p_pptr is not None else 0


def sys_getppid(lwp: Lwp) -> int:
    """getppid(2): the parent's id, 0 for init."""
    return _ppid(lwp.l_proc)


def _ppid(p: Proc) -> int:
    return p.p_pptr.p_pid if p.p_pptr is not None else 0


def sys_getuid(lwp: Lwp) -> tuple[int, int]:
    """getuid(2): the real user id; the second register holds the effective one."""
    cred = lwp.l_proc.p_cred
    return cred.cr_ruid, cred.cr_uid


def sys_geteuid(lwp: Lwp) -> int:
    """geteuid(2): the effective user id."""
    return lwp.l_proc.p_cred.cr_uid


def sys_getgid(lwp: Lwp) -> tuple[int, int]:
    """getgid(2): the real group id; the second register holds the effective one."""
    cred = lwp.l_proc.p_cred
    return cred.cr_rgid, cred.cr_gid


def sys_getegid(lwp: Lwp) -> int:
    """getegid(2): the effective group id."""
    return lwp.l_proc.p_cred.cr_gid


def sys_issetugid(lwp: Lwp) -> int:
    """issetugid(2): whether the process has changed its ids, or its exec did."""
    return int(bool(lwp.l_proc.p_flag & P_SUGID))


def sys_getpgrp(lwp: Lwp) -> int:
    """getpgrp(2): the caller's process group."""
    return lwp.l_proc.p_pgrp.pg_id


def sys_getpgid(lwp: Lwp, pid: int) -> int:
    """getpgid(2): the process group of pid; 0 is the caller.

    Raises:
        KernelError: ESRCH, there is no such process.
    """
    return _process(lwp, pid).p_pgrp.pg_id


def sys_getsid(lwp: Lwp, pid: int) -> int:
    """getsid(2): the session of pid; 0 is the caller.

    Raises:
        KernelError: ESRCH, there is no such process.
    """
    return _process(lwp, pid).p_pgrp.pg_session.s_sid


def _process(lwp: Lwp, pid: int) -> Proc:
    p = proc_find(lwp.l_kernel, pid) if pid else lwp.l_proc
    if p is None:
        raise KernelError(Errno.ESRCH)
    return p


def sys_setsid(lwp: Lwp) -> int:
    """setsid(2): lead a new session, with a new group and without a terminal; return its id.

    Raises:
        KernelError: EPERM, the caller leads a group, or its id is another group's.
    """
    p = lwp.l_proc
    if p.p_pgrp.pg_id == p.p_pid or pgrp_find(lwp.l_kernel, p.p_pid) is not None:
        raise KernelError(Errno.EPERM)
    session = Session(p, p.p_pid, p.p_pgrp.pg_session.s_login)
    proc_enterpgrp(p, p.p_pid, session)
    p.p_flag &= ~P_CONTROLT
    return p.p_pid


def sys_setpgid(lwp: Lwp, pid: int, pgid: int) -> int:
    """setpgid(2): move pid (0: the caller) into group pgid (0: its own, made if need be).

    Raises:
        KernelError: EINVAL, pgid is negative. ESRCH, pid is neither the caller
            nor below it. EACCES, pid has called exec. EPERM, pid leads a
            session or is in another one; pgid is no group of this session.

    Source: sys_setpgid, and proc_enterpgrp of NetBSD sys/kern/kern_proc.c.
    """
    if pgid < 0:
        raise KernelError(Errno.EINVAL)
    caller = lwp.l_proc
    pid = pid or caller.p_pid
    pgid = pgid or pid
    group = pgrp_find(lwp.l_kernel, pgid)
    p = caller if pid == caller.p_pid else _inferior(caller, pid, group)
    if p.p_pgrp.pg_session.s_leader is p:
        if p.p_pgrp is group:
            return 0
        raise KernelError(Errno.EPERM)
    _check_group(p, group, pgid)
    proc_enterpgrp(p, pgid)
    return 0


def _inferior(caller: Proc, pid: int, group: Pgrp | None) -> Proc:
    """Return the descendant pid of caller, if it may be moved into group, or one of its own.

    Raises:
        KernelError: as setpgid(2).
    """
    p = proc_find(caller.p_kernel, pid)
    if p is None or caller not in proc_ancestors(p):
        raise KernelError(Errno.ESRCH)
    session = p.p_pgrp.pg_session
    if session is not caller.p_pgrp.pg_session or (
        group is not None and group.pg_session is not session
    ):
        raise KernelError(Errno.EPERM)
    if p.p_flag & P_EXEC:
        raise KernelError(Errno.EACCES)
    return p


def _check_group(p: Proc, group: Pgrp | None, pgid: int) -> None:
    """Let p enter a group of its session, or make the one that has its id.

    Raises:
        KernelError: EPERM.
    """
    if pgid != p.p_pid if group is None else group.pg_session is not p.p_pgrp.pg_session:
        raise KernelError(Errno.EPERM)


def sys_setuid(lwp: Lwp, uid: int) -> int:
    """setuid(2): set all three user ids.

    Raises:
        KernelError: EPERM, uid is not the real one and the caller not root.
    """
    do_setresuid(lwp.l_proc, uid, uid, uid, (_R, _R, _R))
    return 0


def sys_seteuid(lwp: Lwp, euid: int) -> int:
    """seteuid(2): set the effective user id.

    Raises:
        KernelError: EPERM, it is neither the real nor the saved one and the caller not root.
    """
    do_setresuid(lwp.l_proc, _UNCHANGED, euid, _UNCHANGED, (0, _R | _S, 0))
    return 0


def sys_setreuid(lwp: Lwp, ruid: int, euid: int) -> int:
    """setreuid(2): set real and effective user id; -1 leaves one.

    The saved id becomes the new effective one if the real one changes.

    Raises:
        KernelError: EPERM, the caller has not such an id and is not root.
    """
    cred = lwp.l_proc.p_cred
    ruid = cred.cr_ruid if ruid & _UNCHANGED == _UNCHANGED else ruid
    euid = cred.cr_uid if euid & _UNCHANGED == _UNCHANGED else euid
    svuid = _UNCHANGED if ruid == cred.cr_ruid else euid
    do_setresuid(lwp.l_proc, ruid, euid, svuid, (_R | _E, _R | _E | _S, _R | _E | _S))
    return 0


def sys_setgid(lwp: Lwp, gid: int) -> int:
    """setgid(2): set all three group ids.

    Raises:
        KernelError: EPERM, gid is not the real one and the caller not root.
    """
    do_setresgid(lwp.l_proc, gid, gid, gid, (_R, _R, _R))
    return 0


def sys_setegid(lwp: Lwp, egid: int) -> int:
    """setegid(2): set the effective group id.

    Raises:
        KernelError: EPERM, it is neither the real nor the saved one and the caller not root.
    """
    do_setresgid(lwp.l_proc, _UNCHANGED, egid, _UNCHANGED, (0, _R | _S, 0))
    return 0


def sys_setregid(lwp: Lwp, rgid: int, egid: int) -> int:
    """setregid(2): set real and effective group id; -1 leaves one.

    The saved id becomes the new effective one if the real one changes.

    Raises:
        KernelError: EPERM, the caller has not such an id and is not root.
    """
    cred = lwp.l_proc.p_cred
    rgid = cred.cr_rgid if rgid & _UNCHANGED == _UNCHANGED else rgid
    egid = cred.cr_gid if egid & _UNCHANGED == _UNCHANGED else egid
    svgid = _UNCHANGED if rgid == cred.cr_rgid else egid
    do_setresgid(lwp.l_proc, rgid, egid, svgid, (_R | _E, _R | _E | _S, _R | _E | _S))
    return 0


def do_setresuid(p: Proc, r: int, e: int, sv: int, allowed: tuple[int, int, int]) -> None:
    """Set real, effective and saved user id; (uid_t)-1 leaves one.

    Args:
        p: the process.
        r: the real id.
        e: the effective id.
        sv: the saved id.
        allowed: for each, which of the old ids it may be without privilege (_R, _E, _S).

    Raises:
        KernelError: EPERM.
    """
    cred = p.p_cred
    old = (cred.cr_ruid, cred.cr_uid, cred.cr_svuid)
    ruid, uid, svuid = _newids(p, old, (r, e, sv), allowed)
    proc_crmod(p, cred._replace(cr_ruid=ruid, cr_uid=uid, cr_svuid=svuid))


def do_setresgid(p: Proc, r: int, e: int, sv: int, allowed: tuple[int, int, int]) -> None:
    """Set real, effective and saved group id; as do_setresuid.

    Raises:
        KernelError: EPERM.
    """
    cred = p.p_cred
    old = (cred.cr_rgid, cred.cr_gid, cred.cr_svgid)
    rgid, gid, svgid = _newids(p, old, (r, e, sv), allowed)
    proc_crmod(p, cred._replace(cr_rgid=rgid, cr_gid=gid, cr_svgid=svgid))


def _newids(
    p: Proc, old: tuple[int, int, int], new: tuple[int, int, int], allowed: tuple[int, int, int]
) -> tuple[int, int, int]:
    """Return old with new's ids in it, if p may take them.

    Raises:
        KernelError: EPERM.
    """
    real, effective, saved = old
    wanted = []
    for before, value, which in zip(old, new, allowed, strict=True):
        value &= _UNCHANGED
        if value == _UNCHANGED:
            value = before
        elif not (
            (which & _R and value == real)
            or (which & _E and value == effective)
            or (which & _S and value == saved)
        ):
            suser(p)
        wanted.append(value)
    return wanted[0], wanted[1], wanted[2]


def proc_crmod(p: Proc, cred: Ucred) -> None:
    """Give p new credentials; a process whose ids change is tainted (P_SUGID)."""
    if cred != p.p_cred:
        proc_setcred(p, cred)
        p.p_flag |= P_SUGID


def sys_getgroups(lwp: Lwp, gidsetsize: int, gidset: int) -> int:
    """getgroups(2): store the supplementary groups; return how many there are.

    Raises:
        KernelError: EINVAL, there are more than gidsetsize, which is not 0. EFAULT.
    """
    groups = lwp.l_proc.p_cred.cr_groups
    if gidsetsize:
        if gidsetsize < len(groups):
            raise KernelError(Errno.EINVAL)
        data = b"".join(gid.to_bytes(4, "little") for gid in groups)
        copyout(lwp.l_proc.p_vmspace, data, gidset)
    return len(groups)


def sys_setgroups(lwp: Lwp, gidsetsize: int, gidset: int) -> int:
    """setgroups(2): replace the supplementary groups.

    Raises:
        KernelError: EINVAL, more than NGROUPS. EFAULT. EPERM, not root.
    """
    p = lwp.l_proc
    if not 0 <= gidsetsize <= NGROUPS:
        raise KernelError(Errno.EINVAL)
    data = copyin(p.p_vmspace, gidset, 4 * gidsetsize)
    suser(p)
    groups = [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4)]
    proc_crmod(p, p.p_cred._replace(cr_groups=tuple(groups)))
    return 0


def sys___getlogin(lwp: Lwp, namebuf: int, namelen: int) -> int:
    """getlogin(2): store the session's login name, namelen bytes of it, filled up with NULs.

    Raises:
        KernelError: EFAULT.
    """
    login = lwp.l_proc.p_pgrp.pg_session.s_login.encode("latin-1")
    copyout(lwp.l_proc.p_vmspace, login.ljust(MAXLOGNAME, b"\0")[:namelen], namebuf)
    return 0


def sys___setlogin(lwp: Lwp, namebuf: int) -> int:
    """setlogin(2): name the user of the session.

    Raises:
        KernelError: EPERM, not root. EINVAL, longer than MAXLOGNAME bytes. EFAULT.
    """
    p = lwp.l_proc
    suser(p)
    try:
        name = copyinstr(p.p_vmspace, namebuf, MAXLOGNAME + 1)
    except KernelError as exc:
        if exc.errno is Errno.ENAMETOOLONG:
            raise KernelError(Errno.EINVAL) from None
        raise
    p.p_pgrp.pg_session.s_login = name.decode("latin-1")
    return 0
