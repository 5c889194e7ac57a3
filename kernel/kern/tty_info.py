# SPDX-License-Identifier: BSD-2-Clause
"""What ^T tells of the foreground process group.  NetBSD sys/kern/tty.c, ttygetinfo."""

from kernel.kern.kern_proc import p_comm
from kernel.kern.tty_subr import ttyoutput
from kernel.sys.proc import LSONPROC, LSRUN, SZOMB, Lwp, Proc
from kernel.sys.tty import Tty
from kernel.uvm.uvm_fault import uvm_grow

_CENTISECOND = 10_000_000  # ns


def ttyinfo(tp: Tty) -> None:
    """Write the line to the terminal."""
    for c in _line(tp):
        ttyoutput(c, tp)
    tp.t_rocount = 0  # so that what is typed is shown anew when it is erased


def _line(tp: Tty) -> bytes:
    load = b"load: 0.00 "
    if tp.t_session is None:
        return load + b"not a controlling terminal\n"
    if tp.t_pgrp is None:
        return load + b"no foreground process group\n"
    if not tp.t_pgrp.pg_members:
        return load + b"empty foreground process group\n"
    p = max(tp.t_pgrp.pg_members, key=_interest)
    states = b" ".join(_state(lwp) for lwp in p.p_lwps)
    user, system = (_seconds(ns) for ns in (p.p_stats.ru_utime, p.p_stats.ru_stime))
    uvm_grow(p.p_vmspace, p.p_vmspace.vm_maxsaddr)
    size = sum(len(segment.mem) for segment in p.p_vmspace.vm_map.values()) >> 10
    return load + b" cmd: %s %d [%s] %su %ss 0%% %dk\n" % (
        p_comm(p), p.p_pid, states, user, system, size,
    )  # fmt: skip


def _interest(p: Proc) -> tuple[bool, bool, int]:
    """Order processes: one that runs, one that lives, the youngest."""
    runs = any(lwp.l_stat in {LSRUN, LSONPROC} for lwp in p.p_lwps)
    return runs, p.p_stat != SZOMB, p.p_pid


def _state(lwp: Lwp) -> bytes:
    if lwp.l_stat == LSONPROC:
        return b"running/0"
    if lwp.l_stat == LSRUN:
        return b"running"
    return lwp.l_wmesg.encode() or b"iowait"


def _seconds(ns: int) -> bytes:
    """Return a time as 1.23, rounded."""
    return b"%d.%02d" % divmod((ns + _CENTISECOND // 2) // _CENTISECOND, 100)
