# SPDX-License-Identifier: BSD-2-Clause
"""What ps(1) asks: kern.proc2, kern.lwp, kern.proc_args.

NetBSD sys/kern/kern_proc.c, init_sysctl.c.

The layouts are those of kernel.sys.sysctl.
"""

import struct
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from kernel.arch.python.clock import nanotime
from kernel.kern.kern_proc import p_comm, proc_cansee, proc_find
from kernel.kern.kern_runq import updatertime
from kernel.kern.sched_4bsd import pctcpu
from kernel.kern.vfs_getcwd import getcwd_common
from kernel.sys.cdefs import pack
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import ARG_MAX, PAGE_SHIFT
from kernel.sys.proc import (
    LSONPROC,
    LSRUN,
    LSSLEEP,
    LW_SINTR,
    P_CONTROLT,
    SZOMB,
    Lwp,
    Proc,
)
from kernel.sys.sysctl import (
    EPROC_CTTY,
    EPROC_SLEADER,
    KERN_PROC_ALL,
    KERN_PROC_ARGV,
    KERN_PROC_CWD,
    KERN_PROC_ENV,
    KERN_PROC_GID,
    KERN_PROC_NARGV,
    KERN_PROC_NENV,
    KERN_PROC_PATHNAME,
    KERN_PROC_PGRP,
    KERN_PROC_PID,
    KERN_PROC_RGID,
    KERN_PROC_RUID,
    KERN_PROC_SESSION,
    KERN_PROC_TTY,
    KERN_PROC_UID,
    KI_NGROUPS,
    KI_NOTTY,
    KinfoLwp,
    KinfoProc2,
)
from kernel.sys.time import Timeval
from kernel.sys.tty import tpgid
from kernel.uvm.uvm_map import uvm_map_size

_U32: Final = 0xFFFF_FFFF
_NS: Final = 1_000_000_000
_SLOP: Final = 5  # elements that may come between asking how many there are and asking for them

_Item = TypeVar("_Item")


def sysctl_proc2(lwp: Lwp, name: tuple[int, ...], room: int | None) -> tuple[bytes, int]:
    """kern.proc2.OP.ARG.SIZE.COUNT: at most COUNT processes, SIZE bytes of each KinfoProc2.

    Raises:
        KernelError: EINVAL, not four numbers, or an OP there is none of.

    Source: sysctl_doeproc.
    """
    if len(name) != 4 or not KERN_PROC_ALL <= name[0] <= KERN_PROC_RGID or name[2] <= 0:
        raise KernelError(Errno.EINVAL)
    op, arg, size, count = name
    asks = lwp.l_proc
    if room is not None:
        updatertime(lwp)
    found = [
        p
        for p in lwp.l_kernel.allproc.values()
        if _matches(p, op, arg & _U32) and proc_cansee(asks, p)
    ]
    return array(found, lambda p: pack(fill_kproc2(p), asks.p_kernel.abi), size, count, room)


def array(
    found: Sequence[_Item],
    record: Callable[[_Item], bytes],
    size: int,
    count: int,
    room: int | None,
) -> tuple[bytes, int]:
    """Return the first size bytes of what record() says of each, as many as fit, and all's size.

    Args:
        found: what is told of.
        record: returns a struct's bytes.
        size: of an element.
        count: elements that the caller takes.
        room: bytes it has; None: it wants to know how many there are, and is told some more.
    """
    if room is None:
        return b"", (len(found) + _SLOP) * size
    fits = min(room // size, max(count, 0))
    data = b"".join(record(item)[:size].ljust(size, b"\0") for item in found[:fits])
    return data, len(found) * size


def sysctl_lwp(lwp: Lwp, name: tuple[int, ...], room: int | None) -> tuple[bytes, int]:
    """kern.lwp.PID.SIZE.COUNT: a process's threads, with -1 everybody's; of each a KinfoLwp.

    Raises:
        KernelError: EINVAL, not three numbers. ESRCH.
    """
    if len(name) != 3 or name[1] <= 0 or name[2] < 0:
        raise KernelError(Errno.EINVAL)
    pid, size, count = name
    kernel = lwp.l_kernel
    if pid == -1:
        processes = list(kernel.allproc.values())
    else:
        p = proc_find(kernel, pid)
        if p is None:
            raise KernelError(Errno.ESRCH)
        processes = [p]
    found = [each for p in processes if proc_cansee(lwp.l_proc, p) for each in p.p_lwps]
    return array(found, lambda each: pack(_fill_lwp(each), kernel.abi), size, count, room)


def _fill_lwp(lwp: Lwp) -> KinfoLwp:
    rtime = Timeval.from_ns(lwp.l_rtime)
    return KinfoLwp(
        l_lid=lwp.l_lid,
        l_flag=lwp.l_flag,
        l_swtime=_seconds(nanotime(lwp.l_kernel) - lwp.l_proc.p_start),
        l_slptime=_slptime(lwp),
        l_priority=lwp.l_priority & 0xFF,
        l_usrpri=lwp.l_priority & 0xFF,
        l_stat=lwp.l_stat,
        l_wmesg=lwp.l_wmesg.encode()[:8],
        l_rtime_sec=rtime.tv_sec & _U32,
        l_rtime_usec=rtime.tv_usec,
        l_pctcpu=pctcpu(lwp.l_proc, lwp.l_rtime),
        l_pid=lwp.l_proc.p_pid,
        l_name=lwp.l_name or b"",
    )


def _seconds(ns: int) -> int:
    return max(ns, 0) // _NS & _U32


def _slptime(lwp: Lwp) -> int:
    """Return for how many seconds lwp has slept."""
    return _seconds(lwp.l_kernel.clock.now - lwp.l_slpstart) if lwp.l_stat == LSSLEEP else 0


def _matches(p: Proc, op: int, arg: int) -> bool:
    """Return whether p is one of the processes that op and arg select."""
    if op == KERN_PROC_ALL:
        return True
    key = {
        KERN_PROC_PID: p.p_pid,
        KERN_PROC_PGRP: p.p_pgrp.pg_id,
        KERN_PROC_SESSION: p.p_pgrp.pg_session.s_sid,
        KERN_PROC_TTY: _tdev(p),
        KERN_PROC_UID: p.p_cred.cr_uid,
        KERN_PROC_RUID: p.p_cred.cr_ruid,
        KERN_PROC_GID: p.p_cred.cr_gid,
        KERN_PROC_RGID: p.p_cred.cr_rgid,
    }
    return key[op] == arg


def _tdev(p: Proc) -> int:
    """Return the device of p's controlling terminal; KI_NOTTY if it has none."""
    tty = p.p_pgrp.pg_session.s_ttyvp
    if tty is None or not p.p_flag & P_CONTROLT:
        return KI_NOTTY
    return tty.v_rdev & _U32


def _words(mask: int) -> tuple[int, int, int, int]:
    """Return a signal mask as a sigset_t has it."""
    return mask & _U32, mask >> 32 & _U32, 0, 0


def fill_kproc2(p: Proc) -> KinfoProc2:
    """Return what ps(1) may know of p."""
    info = _identity(p)
    if p.p_stat == SZOMB:
        return info
    info = _signals(p, info)
    start = Timeval.from_ns(p.p_start)
    user, system = Timeval.from_ns(p.p_stats.ru_utime), Timeval.from_ns(p.p_stats.ru_stime)
    used = p.p_stats.ru_utime + p.p_stats.ru_stime
    both = Timeval.from_ns(used)
    pages = uvm_map_size(p.p_vmspace) >> PAGE_SHIFT
    children = Timeval.from_ns(p.p_cru.ru_utime + p.p_cru.ru_stime)
    return info._replace(
        p_rtime_sec=both.tv_sec,
        p_rtime_usec=both.tv_usec,
        p_uvalid=1,
        p_ustart_sec=start.tv_sec & _U32,
        p_ustart_usec=start.tv_usec,
        p_uutime_sec=user.tv_sec,
        p_uutime_usec=user.tv_usec,
        p_ustime_sec=system.tv_sec,
        p_ustime_usec=system.tv_usec,
        p_uru_inblock=p.p_stats.ru_inblock,
        p_uru_oublock=p.p_stats.ru_oublock,
        p_uru_nsignals=p.p_stats.ru_nsignals,
        p_uru_nvcsw=p.p_stats.ru_nvcsw,
        p_uru_nivcsw=p.p_stats.ru_nivcsw,
        p_uctime_sec=children.tv_sec,
        p_uctime_usec=children.tv_usec,
        p_vm_ssize=p.p_vmspace.vm_ssize >> PAGE_SHIFT,
        p_vm_vsize=pages,
        p_vm_rssize=pages,
        p_vm_msize=pages,
        p_vm_dsize=max(pages - (p.p_vmspace.vm_ssize >> PAGE_SHIFT), 0),
        p_estcpu=max((lwp.l_estcpu for lwp in p.p_lwps), default=0),
        p_usrpri=max((lwp.l_priority for lwp in p.p_lwps), default=0),
        p_pctcpu=pctcpu(p, used),
        p_swtime=_seconds(nanotime(p.p_kernel) - p.p_start),
        p_slptime=min((_slptime(lwp) for lwp in p.p_lwps), default=0),
        p_jobc=p.p_pgrp.pg_jobc,
        p_uru_maxrss=pages << PAGE_SHIFT - 10,
    )


def _identity(p: Proc) -> KinfoProc2:
    """Who p is, and how it is; true of zombies too."""
    cred, session = p.p_cred, p.p_pgrp.pg_session
    lwp = p.p_lwps[0] if p.p_lwps else None
    eflag = EPROC_SLEADER if session.s_leader is p else 0
    tdev = _tdev(p)
    if tdev != KI_NOTTY:
        eflag |= EPROC_CTTY
    groups = cred.cr_groups[:KI_NGROUPS]
    return KinfoProc2(
        p_eflag=eflag,
        p_exitsig=p.p_exitsig,
        p_flag=p.p_flag | (lwp.l_flag & LW_SINTR if lwp is not None else 0),
        p_pid=p.p_pid,
        p_ppid=p.p_pptr.p_pid if p.p_pptr is not None else 0,
        p_sid=session.s_sid,
        p__pgid=p.p_pgrp.pg_id,
        p_tpgid=tpgid(session) if tdev != KI_NOTTY else -1,
        p_uid=cred.cr_uid,
        p_ruid=cred.cr_ruid,
        p_gid=cred.cr_gid,
        p_rgid=cred.cr_rgid,
        p_groups=groups + (0,) * (KI_NGROUPS - len(groups)),
        p_ngroups=len(groups),
        p_tdev=tdev,
        p_traceflag=p.p_traceflag - (1 << 32) if p.p_traceflag >> 31 else p.p_traceflag,
        p_stat=lwp.l_stat if lwp is not None else SZOMB if p.p_stat == SZOMB else LSSLEEP,
        p_priority=lwp.l_priority if lwp is not None else 0,
        p_nice=p.p_nice,
        p_xstat=p.p_xstat,
        p_comm=p_comm(p),
        p_wmesg=lwp.l_wmesg.encode() if lwp is not None else b"",
        p_login=session.s_login.encode("latin-1"),
        p_realflag=p.p_flag,
        p_nlwps=len(p.p_lwps),
        p_nrlwps=sum(each.l_stat in (LSRUN, LSONPROC) for each in p.p_lwps),
        p_realstat=p.p_stat,
        p_svuid=cred.cr_svuid,
        p_svgid=cred.cr_svgid,
        p_ename=p.p_emul.e_name,
    )


def _signals(p: Proc, info: KinfoProc2) -> KinfoProc2:
    """Add p's signals: pending, blocked, ignored, caught."""
    blocked = p.p_lwps[0].l_sigmask if p.p_lwps else 0
    return info._replace(
        p_siglist=_words(p.p_sigpend.sp_set),
        p_sigmask=_words(blocked),
        p_sigignore=_words(p.p_sigctx.ps_sigignore),
        p_sigcatch=_words(p.p_sigctx.ps_sigcatch),
    )


def sysctl_procargs(lwp: Lwp, name: tuple[int, ...], room: int | None) -> tuple[bytes, int]:
    """kern.proc_args.PID.WHAT: the arguments or environment of a program, or their number; paths.

    They are those of its exec; the environment is its owner's and root's to see.  What
    there is no room for is left out, without a word.

    Raises:
        KernelError: EINVAL, not two numbers, a WHAT there is none of, no such process, or
            one without a program. ESRCH, as EINVAL, of paths. EPERM.

    Source: sysctl_kern_proc_args, fill_pathname, fill_cwd.
    """
    if len(name) != 2 or not KERN_PROC_ARGV <= name[1] <= KERN_PROC_CWD:
        raise KernelError(Errno.EINVAL)
    pid, what = name
    p = proc_find(lwp.l_kernel, pid)
    paths = _PATHS.get(what)
    if paths is not None:
        p = lwp.l_proc if pid == -1 else p
        if p is None or not proc_cansee(lwp.l_proc, p):
            raise KernelError(Errno.ESRCH)
        path = paths(lwp, p) + b"\0"
        return (b"", len(path)) if room is None else (path[:room], len(path))
    if p is None or not proc_cansee(lwp.l_proc, p):
        raise KernelError(Errno.EINVAL)
    environment = what in {KERN_PROC_ENV, KERN_PROC_NENV}
    caller = lwp.l_proc.p_cred
    foreign = caller.cr_ruid != p.p_cred.cr_ruid or caller.cr_ruid != p.p_cred.cr_svuid
    if environment and caller.cr_uid and foreign:
        raise KernelError(Errno.EPERM)
    counts = what in {KERN_PROC_NARGV, KERN_PROC_NENV}
    if room is None:
        return b"", 4 if counts else ARG_MAX
    image = p.p_md.md_image
    if image is None:
        raise KernelError(Errno.EINVAL)
    strings = image.envp if environment else p.p_args
    if counts:
        return struct.pack(lwp.l_kernel.abi.byteorder + "i", len(strings)), 4
    data = b"".join(string + b"\0" for string in strings)[:room]
    return data, len(data)


def _pathname(_lwp: Lwp, p: Proc) -> bytes:
    """Return the path of p's program.

    Raises:
        KernelError: ENOENT, it has none.
    """
    if not p.p_path:
        raise KernelError(Errno.ENOENT)
    return p.p_path


def _cwd(lwp: Lwp, p: Proc) -> bytes:
    """Return p's current directory as the caller sees it.

    Raises:
        KernelError: as getcwd_common.
    """
    root = lwp.l_proc.p_cwdi.cwdi_rdir or lwp.l_kernel.rootvnode
    if root is None:
        raise KernelError(Errno.ENOENT)
    return getcwd_common(lwp, p.p_cwdi.cwdi_cdir, root, lwp.l_proc.p_cred)


_PATHS: Final = {KERN_PROC_PATHNAME: _pathname, KERN_PROC_CWD: _cwd}
