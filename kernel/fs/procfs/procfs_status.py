# SPDX-License-Identifier: BSD-2-Clause
"""status: a line that says who and how a process is.  NetBSD sys/miscfs/procfs/procfs_status.c."""

from kernel.fs.procfs.procfs import Pfskey
from kernel.kern.kern_proc import p_comm
from kernel.kern.kern_runq import updatertime
from kernel.sys.proc import P_CONTROLT, Lwp, Proc
from kernel.sys.types import major, minor


def procfs_ctty(p: Proc) -> int | None:
    """Return the device of p's controlling terminal, None if it has none."""
    ttyvp = p.p_pgrp.pg_session.s_ttyvp
    return ttyvp.v_rdev if ttyvp is not None and p.p_flag & P_CONTROLT else None


def procfs_dostatus(lwp: Lwp, p: Proc, _pfs: Pfskey) -> bytes:
    """Return p's line.

    Its fields: comm pid ppid pgid sid maj,min flags start user system wmesg uid
    gid,group,... .  Times are seconds,microseconds; flags are ctty and sldr, or
    noflags.
    """
    if lwp.l_proc is p:
        updatertime(lwp)
    session = p.p_pgrp.pg_session
    dev = procfs_ctty(p)
    flags = [b"ctty"] if session.s_ttyvp is not None else []
    if session.s_leader is p:
        flags.append(b"sldr")
    fields = (
        p_comm(p),
        *map(
            _number,
            (p.p_pid, p.p_pptr.p_pid if p.p_pptr else 0, p.p_pgrp.pg_id, session.s_sid),
        ),
        b"-1,-1" if dev is None else b"%d,%d" % (major(dev), minor(dev)),
        b",".join(flags) or b"noflags",
        *map(_time, (p.p_start, p.p_stats.ru_utime, p.p_stats.ru_stime)),
        _wmesg(p),
        _number(p.p_cred.cr_uid),
        b",".join(map(_number, (p.p_cred.cr_gid, *p.p_cred.cr_groups))),
    )
    return b" ".join(fields) + b"\n"


def _wmesg(p: Proc) -> bytes:
    """Return what p's first thread waits for."""
    waiting = p.p_lwps[0] if p.p_lwps else None
    if waiting is None or waiting.l_wchan is None:
        return b"nochan"
    return waiting.l_wmesg.encode()


def _number(value: int) -> bytes:
    return b"%d" % value


def _time(ns: int) -> bytes:
    return b"%d,%d" % (ns // 1_000_000_000, ns // 1_000 % 1_000_000)
