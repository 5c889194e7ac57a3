# SPDX-License-Identifier: BSD-2-Clause
"""Setting and clearing traces; fktrace(2), utrace(2).  NetBSD sys/kern/kern_ktrace.c 1.77.

ktrace(2) itself, which needs the file system, is in kern_ktrace_vfs.
"""

from collections.abc import Iterator

from kernel.kern.kern_descrip import FILE_UNUSE, FILE_USE, fd_getfile
from kernel.kern.kern_ktrace import (
    ktradref,
    ktrderef,
    ktremul,
    ktrpoint,
    ktrsamefile,
    ktruser,
)
from kernel.kern.kern_ktrace_form import ktr_forms
from kernel.kern.kern_proc import pgrp_find, proc_find
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FNONBLOCK, FWRITE
from kernel.sys.file import File
from kernel.sys.ioccom import FIONBIO
from kernel.sys.ktrace import (
    KTR_EMUL,
    KTR_USER,
    KTR_USER_MAXLEN,
    KTRFAC_INHERIT,
    KTRFAC_MASK,
    KTRFAC_ROOT,
    KTRFAC_VER_MASK,
    KTRFAC_VERSION,
    KTRFLAG_DESCEND,
    KTROP,
    KTROP_CLEARFILE,
    KTROP_SET,
    KTRFACv2,
)
from kernel.sys.proc import P_SUGID, SZOMB, Lwp, Proc

_FACILITIES = KTRFAC_MASK | KTRFAC_INHERIT | KTRFAC_VER_MASK


def ktrace_common(lwp: Lwp, ops: int, facs: int, pid: int, fp: File | None) -> None:
    """Set, change or clear traces.

    Args:
        lwp: the caller.
        ops: KTROP_*, with KTRFLAG_DESCEND for all descendants too.
        facs: KTRFAC_*; anything else in it, ROOT and ACTIVE among them, is ignored.
        pid: a process, or, negative, a process group.
        fp: the trace file; None only if none is needed.

    Raises:
        KernelError: EINVAL, no facilities, or a record version there is none of.
            ESRCH, nobody has that id. EPERM, nothing could be changed;
            for CLEARFILE, something could not.
    """
    lwp.l_ktractive = True
    try:
        if KTROP(ops) == KTROP_CLEARFILE:
            _clearfile(lwp, fp)
            return
        if fp is not None:
            fp.f_flag |= FNONBLOCK  # a trace that waited for its reader could deadlock
            fp.f_ops.fo_ioctl(lwp, fp, FIONBIO, (1).to_bytes(4, "little"))
        facs &= _FACILITIES
        if not facs & ~KTRFAC_VER_MASK or KTRFAC_VERSION(facs) > KTRFAC_VERSION(KTRFACv2):
            raise KernelError(Errno.EINVAL)
        changed = 0
        for p in _targets(lwp, pid):
            changed |= (ktrsetchildren if ops & KTRFLAG_DESCEND else ktrops)(lwp, p, ops, facs, fp)
        if not changed:
            raise KernelError(Errno.EPERM)
    finally:
        lwp.l_ktractive = False


def _clearfile(lwp: Lwp, fp: File | None) -> None:
    """End every trace to fp that the caller may end."""
    refused = False
    for p in list(lwp.l_kernel.allproc.values()):
        if p.p_tracep is not None and ktrsamefile(p.p_tracep, fp):
            if ktrcanset(lwp.l_proc, p):
                ktrderef(p)
                p.p_emul.e_syscall_intern(p)
            else:
                refused = True
    if refused:
        raise KernelError(Errno.EPERM)


def _targets(lwp: Lwp, pid: int) -> list[Proc]:
    """Return the live processes that pid names; a zombie would never let go of the file.

    Raises:
        KernelError: ESRCH, there are none.
    """
    if pid < 0:
        group = pgrp_find(lwp.l_kernel, -pid)
        found = [p for p in group.pg_members if p.p_stat != SZOMB] if group is not None else []
    else:
        p = proc_find(lwp.l_kernel, pid)
        found = [p] if p is not None else []
    if not found:
        raise KernelError(Errno.ESRCH)
    return found


def ktrops(lwp: Lwp, p: Proc, ops: int, facs: int, fp: File | None) -> bool:
    """Do one operation to one process; return whether the caller may.

    Setting another open file lets go of the old one with all facilities; the
    same open file adds to them.  Operation 3 clears.
    """
    if not ktrcanset(lwp.l_proc, p):
        return False
    if KTROP(ops) == KTROP_SET:
        if p.p_tracep is not fp:
            ktrderef(p)
            p.p_tracep = fp
            ktradref(p)
        p.p_traceflag = p.p_traceflag & ~KTRFAC_VER_MASK | facs
        p.p_ktrforms = ktr_forms(p.p_kernel.abi, KTRFAC_VERSION(facs))
        if lwp.l_proc.p_cred.cr_uid == 0:
            p.p_traceflag |= KTRFAC_ROOT
    else:
        p.p_traceflag &= ~(facs & ~KTRFAC_VER_MASK)
        if not p.p_traceflag & KTRFAC_MASK:
            ktrderef(p)
    if p.p_lwps and ktrpoint(p.p_lwps[0], KTR_EMUL):
        ktremul(p.p_lwps[0])
    p.p_emul.e_syscall_intern(p)
    return True


def ktrsetchildren(lwp: Lwp, top: Proc, ops: int, facs: int, fp: File | None) -> bool:
    """Do an operation to top and all its descendants; return whether any could be changed."""
    changed = False
    for p in _descendants(top):
        changed |= ktrops(lwp, p, ops, facs, fp)
    return changed


def _descendants(top: Proc) -> Iterator[Proc]:
    """Yield top and what is below it, once: each process before its children.

    Below itself it may be, too: a child that traces its parent (ptrace) is its parent's parent.
    """
    todo, seen = [top], set()
    while todo:
        p = todo.pop()
        if p in seen:
            continue
        seen.add(p)
        if p.p_stat != SZOMB:
            yield p
        todo += p.p_children


def ktrcanset(caller: Proc, target: Proc) -> bool:
    """Return whether caller may change target's trace.

    Root may.  Others may if the target has no rights beyond theirs, has not
    changed its ids, and root did not set its trace.
    """
    mine, its = caller.p_cred, target.p_cred
    return mine.cr_uid == 0 or (
        mine.cr_uid == its.cr_ruid == its.cr_svuid
        and mine.cr_rgid == its.cr_rgid == its.cr_svgid
        and not target.p_traceflag & KTRFAC_ROOT
        and not target.p_flag & P_SUGID
    )


def sys_fktrace(lwp: Lwp, fd: int, ops: int, facs: int, pid: int) -> int:
    """fktrace(2): ktrace to an open file, pipe or socket.

    Raises:
        KernelError: EBADF, fd is not open for writing; what ktrace_common says.
    """
    fp = fd_getfile(lwp.l_proc, fd)
    FILE_USE(fp)
    try:
        if not fp.f_flag & FWRITE:
            raise KernelError(Errno.EBADF)
        ktrace_common(lwp, ops, facs, pid, fp)
    finally:
        FILE_UNUSE(fp, lwp)
    return 0


def sys_utrace(lwp: Lwp, label: int, addr: int, len: int) -> int:
    """utrace(2): put a record of one's own into the trace, if there is one.

    Raises:
        KernelError: EINVAL, len is more than KTR_USER_MAXLEN bytes.
    """
    if not ktrpoint(lwp, KTR_USER):
        return 0
    if not 0 <= len <= KTR_USER_MAXLEN:
        raise KernelError(Errno.EINVAL)
    ktruser(lwp, label, addr, len)
    return 0
