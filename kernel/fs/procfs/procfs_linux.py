# SPDX-License-Identifier: BSD-2-Clause
"""The files that only a procfs mounted with -o linux has.

NetBSD sys/miscfs/procfs/procfs_linux.c.
"""

from typing import Final

from kernel.fs.procfs.procfs import Pfskey
from kernel.fs.procfs.procfs_status import procfs_ctty
from kernel.kern.kern_clock import cp_time
from kernel.kern.kern_proc import p_comm
from kernel.kern.kern_runq import updatertime
from kernel.kern.sched_4bsd import FSCALE
from kernel.kern.vfs_mount import dostatvfs
from kernel.sys.mount import (
    MNT_NOATIME,
    MNT_NODEV,
    MNT_NOEXEC,
    MNT_NOSUID,
    MNT_RDONLY,
    MNT_SYNCHRONOUS,
)
from kernel.sys.param import OSRELEASE, OSTYPE, PAGE_SIZE, PHYSMEM, VERSION
from kernel.sys.proc import LSONPROC, LSRUN, LSSLEEP, Lwp, Proc
from kernel.sys.resource import RLIMIT_RSS
from kernel.sys.tty import tpgid
from kernel.sys.vnode import VBLK, VCHR
from kernel.uvm.uvm_fault import uvm_grow
from kernel.uvm.uvm_map import uvm_map_size

_NS: Final = 1_000_000_000  # ns of a second
_TICK: Final = 10_000_000  # ns of a clock tick, as Linux counts
_NZERO: Final = 20
_STATE: Final = "0RRSTZXR8"  # by l_stat
_KBYTES: Final = PAGE_SIZE // 1024  # of a page
_OPTIONS: Final = (
    (MNT_NOSUID, b",nosuid"),
    (MNT_NOEXEC, b",noexec"),
    (MNT_NODEV, b",nodev"),
    (MNT_SYNCHRONOUS, b",sync"),
    (MNT_NOATIME, b",noatime"),
)


def _pages(p: Proc) -> tuple[int, int]:
    """Return the pages of p's memory, and those that are its stack."""
    vm = p.p_vmspace
    uvm_grow(vm, vm.vm_maxsaddr)
    size = sum(-(-(segment.end - segment.start) // PAGE_SIZE) for segment in vm.vm_map.values())
    return size, -(-vm.vm_ssize // PAGE_SIZE)


def procfs_do_pid_stat(lwp: Lwp, p: Proc, _pfs: Pfskey) -> bytes:
    """Return p's state as 39 fields of one line; what this kernel does not count is 0."""
    if lwp.l_proc is p:
        updatertime(lwp)
    first = p.p_lwps[0] if p.p_lwps else None
    session, stats, children = p.p_pgrp.pg_session, p.p_stats, p.p_cru
    dev = procfs_ctty(p)
    pending = p.p_sigpend.sp_set
    ignored, caught = p.p_sigctx.ps_sigignore, p.p_sigctx.ps_sigcatch
    segments = list(p.p_vmspace.vm_map.values())
    size, _ = _pages(p)
    fields = (
        p.p_pid,
        f"({p_comm(p).decode('latin-1')})",
        _STATE[first.l_stat if first is not None else LSSLEEP],
        p.p_pptr.p_pid if p.p_pptr is not None else 0,
        p.p_pgrp.pg_id,
        session.s_sid,
        dev or 0,
        -1 if dev is None else tpgid(session),
        p.p_flag,
        0, 0, 0, 0,  # page faults
        stats.ru_utime // _TICK,
        stats.ru_stime // _TICK,
        children.ru_utime // _TICK,
        children.ru_stime // _TICK,
        first.l_priority if first is not None else 0,
        p.p_nice - _NZERO,
        len(p.p_lwps),
        (stats.ru_utime + stats.ru_stime) // _NS,
        p.p_start // _TICK,
        size,
        size * _KBYTES,
        p.p_limit[RLIMIT_RSS][0],
        segments[0].start if segments else 0,
        segments[0].end if segments else 0,
        p.p_vmspace.vm_layout.usrstack - PAGE_SIZE,
        0, 0,  # registers
        *(mask & 0xFFFF_FFFF for mask in (pending, 0, ignored, caught)),
        0,  # address of the wait channel
        stats.ru_nvcsw,
        stats.ru_nivcsw,
        p.p_exitsig,
        0,  # processor
    )  # fmt: skip
    return (" ".join(map(str, fields)) + "\n").encode("latin-1")


def procfs_do_pid_statm(_lwp: Lwp, p: Proc, _pfs: Pfskey) -> bytes:
    """Return p's sizes in pages: all, resident, shared, text, data, stack, 0."""
    size, stack = _pages(p)
    return b"%d %d 0 0 %d %d 0\n" % (size, size, size - stack, stack)


def procfs_docpuinfo(_lwp: Lwp, _p: Proc, _pfs: Pfskey) -> bytes:
    """Return what there is to say of the one processor."""
    return b"processor\t: 0\nvendor_id\t: CPython\nmodel name\t: CPython\n"


def procfs_docpustat(lwp: Lwp, _p: Proc, _pfs: Pfskey) -> bytes:
    """Return what the processor has done, in ticks, and when it was started."""
    updatertime(lwp)
    kernel = lwp.l_kernel
    busy, idle = (ns // _TICK for ns in cp_time(kernel))
    switches = sum(p.p_stats.ru_nvcsw + p.p_stats.ru_nivcsw for p in kernel.allproc.values())
    boot = (kernel.clock.boot + kernel.clock.offset) // _NS
    return (
        f"cpu 0 0 {busy} {idle}\ncpu0 0 0 {busy} {idle}\ndisk 0 0 0 0\npage 0 0\nswap 0 0\n"
        f"intr 0\nctxt {switches}\nbtime {boot}\n"
    ).encode()


def procfs_doloadavg(lwp: Lwp, _p: Proc, _pfs: Pfskey) -> bytes:
    """Return the load averages, how many threads can run and there are, and the last pid."""
    kernel = lwp.l_kernel
    lwps = [each for p in kernel.allproc.values() for each in p.p_lwps]
    running = sum(each.l_stat in (LSRUN, LSONPROC) for each in lwps)
    load = " ".join(f"{100 * value // FSCALE / 100:.2f}" for value in kernel.averunnable)
    return f"{load} {running}/{len(lwps)} {kernel.lastpid}\n".encode()


def procfs_domeminfo(lwp: Lwp, _p: Proc, _pfs: Pfskey) -> bytes:
    """Return how much memory there is and processes have; there is no swap, and no cache."""
    used = sum(uvm_map_size(p.p_vmspace) for p in lwp.l_kernel.allproc.values())
    free = max(PHYSMEM - used, 0)
    lines = [
        "        total:    used:    free:  shared: buffers: cached:",
        f"Mem:  {PHYSMEM:8d} {used:8d} {free:8d} {0:8d} {0:8d} {0:8d}",
        f"Swap: {0:8d} {0:8d} {0:8d}",
    ]
    kilobytes = {
        "MemTotal": PHYSMEM, "MemFree": free, "MemShared": 0, "Buffers": 0, "Cached": 0,
        "SwapTotal": 0, "SwapFree": 0,
    }  # fmt: skip
    lines += [f"{name + ':':10s} {size // 1024:8d} kB" for name, size in kilobytes.items()]
    return "".join(line + "\n" for line in lines).encode()


def procfs_dodevices(lwp: Lwp, _p: Proc, _pfs: Pfskey) -> bytes:
    """Return the drivers by major number."""
    lines = []
    for title, vtype in (("Character", VCHR), ("\nBlock", VBLK)):
        lines.append(f"{title} devices:\n")
        for (of, major), driver in sorted(lwp.l_kernel.devsw.items()):
            if of == vtype:
                lines.append(f"{major:3d} {driver.d_name}\n")
    return "".join(lines).encode()


def procfs_domounts(lwp: Lwp, _p: Proc, _pfs: Pfskey) -> bytes:
    """Return the mounted file systems as Linux's mtab has them.

    Raises:
        KernelError: as vfs_statvfs.
    """
    lines = []
    for mp in lwp.l_kernel.mountlist:
        sfs = dostatvfs(mp)
        name = b"proc" if sfs.f_fstypename == b"procfs" else sfs.f_fstypename
        options = b"ro" if sfs.f_flag & MNT_RDONLY else b"rw"
        options += b"".join(word for flag, word in _OPTIONS if sfs.f_flag & flag)
        lines.append(b"%s %s %s %s 0 0\n" % (sfs.f_mntfromname, sfs.f_mntonname, name, options))
    return b"".join(lines)


def procfs_douptime(lwp: Lwp, _p: Proc, _pfs: Pfskey) -> bytes:
    """Return the seconds since boot, and those of them that no known process has used."""
    updatertime(lwp)
    busy, idle = cp_time(lwp.l_kernel)
    return b" ".join(_seconds(ns) for ns in (busy + idle, idle)) + b"\n"


def _seconds(ns: int) -> bytes:
    return b"%d.%02d" % (ns // _NS, ns // _TICK % 100)


def procfs_doversion(lwp: Lwp, _p: Proc, _pfs: Pfskey) -> bytes:
    """Return which system this is."""
    emul = lwp.l_proc.p_emul.e_name
    version = VERSION.partition(b"\n")[0]
    return b"%s version %s (%s@localhost) (gcc version unknown) %s\n" % (
        OSTYPE,
        OSRELEASE,
        emul,
        version,
    )
