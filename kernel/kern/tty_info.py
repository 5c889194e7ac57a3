# SPDX-License-Identifier: BSD-2-Clause
"""What ^T tells of the foreground process group.  NetBSD sys/kern/tty.c."""

from kernel.kern.kern_proc import p_comm
from kernel.kern.sched_4bsd import FSCALE, FSHIFT, pctcpu
from kernel.kern.tty_subr import ttyoutput
from kernel.sys.proc import LSONPROC, LSRUN, SZOMB, Lwp, Proc
from kernel.sys.signal import SA_NOKERNINFO, SIGINFO
from kernel.sys.tty import Tty
from kernel.uvm.uvm_map import uvm_map_size

_CENTISECOND = 10_000_000  # ns


def ttygetinfo(tp: Tty, *, fromsig: bool) -> bytes:
    """Return the line that tells of tp's foreground process group, without its end.

    Args:
        tp: the terminal.
        fromsig: SIGINFO is to follow; its action may want the line to be empty.

    Source: ttygetinfo, NetBSD 10 sys/kern/tty.c.
    """
    load = b"load: %d.%02d " % divmod(_rounded(100 * tp.t_kernel.averunnable[0]), 100)
    if tp.t_session is None:
        return load + b"not a controlling terminal\n"
    if tp.t_pgrp is None:
        return load + b"no foreground process group\n"
    if not tp.t_pgrp.pg_members:
        return load + b"empty foreground process group\n"
    p = max(tp.t_pgrp.pg_members, key=_interest)
    if fromsig and p.p_sigacts.sa_sigdesc[SIGINFO].sa_flags & SA_NOKERNINFO:
        return b""
    states = b" ".join(_state(lwp) for lwp in p.p_lwps)
    user, system = p.p_stats.ru_utime, p.p_stats.ru_stime
    percent = _rounded(10000 * pctcpu(p, user + system)) // 100
    size = 0 if p.p_stat == SZOMB else uvm_map_size(p.p_vmspace) >> 10
    return load + b" cmd: %s %d [%s] %su %ss %d%% %dk" % (
        p_comm(p), p.p_pid, states, _seconds(user), _seconds(system), percent, size,
    )  # fmt: skip


def ttyputinfo(tp: Tty, text: bytes) -> None:
    """Write the line to the terminal."""
    for c in text + b"\n":
        ttyoutput(c, tp)
    tp.t_rocount = 0  # so that what is typed is shown anew when it is erased


def _interest(p: Proc) -> tuple[bool, bool, int]:
    """Order processes: one that runs, one that lives, the youngest."""
    runs = any(lwp.l_stat in {LSRUN, LSONPROC} for lwp in p.p_lwps)
    return runs, p.p_stat != SZOMB, p.p_pid


def _state(lwp: Lwp) -> bytes:
    if lwp.l_stat == LSONPROC:
        return b"running/0"
    if lwp.l_stat == LSRUN:
        return b"runnable"
    return lwp.l_wmesg.encode() or b"iowait"


def _rounded(fixpt: int) -> int:
    return (fixpt + FSCALE // 2) >> FSHIFT


def _seconds(ns: int) -> bytes:
    """Return a time as 1.23, rounded."""
    return b"%d.%02d" % divmod((ns + _CENTISECOND // 2) // _CENTISECOND, 100)
