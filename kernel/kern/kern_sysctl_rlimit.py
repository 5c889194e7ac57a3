# SPDX-License-Identifier: BSD-2-Clause
"""proc.PID.*: limits and core file name of a process.  NetBSD sys/kern/kern_resource.c."""

from typing import Any, Final

from kernel.kern.init_sysctl_base import Mib, Node, node
from kernel.kern.kern_core import proc_corename
from kernel.kern.kern_proc import proc_cansee, proc_find
from kernel.kern.kern_resource import dosetrlimit
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import MAXPATHLEN
from kernel.sys.proc import P_SUGID, Lwp, Proc
from kernel.sys.resource import LIMIT_NAMES, RLIM_NLIMITS, Rlimit
from kernel.sys.sysctl import (
    CTL_PROC,
    CTLFLAG_ANYNUMBER,
    CTLFLAG_ANYWRITE,
    CTLFLAG_PERMANENT,
    CTLFLAG_READWRITE,
    CTLTYPE_QUAD,
    CTLTYPE_STRING,
    PROC_CURPROC,
    PROC_PID_CORENAME,
    PROC_PID_LIMIT,
    PROC_PID_LIMIT_TYPE_HARD,
    PROC_PID_LIMIT_TYPE_SOFT,
)

_WRITABLE: Final = CTLFLAG_PERMANENT | CTLFLAG_READWRITE | CTLFLAG_ANYWRITE


def _findproc(lwp: Lwp, mib: Mib) -> Proc:
    """Return the process of a name proc.PID....

    Raises:
        KernelError: ESRCH, there is none, or the caller may not see it.
    """
    p = lwp.l_proc if mib[1] == PROC_CURPROC else proc_find(lwp.l_kernel, mib[1])
    if p is None or not proc_cansee(lwp.l_proc, p):
        raise KernelError(Errno.ESRCH)
    return p


def _get_limit(lwp: Lwp, mib: Mib) -> int:
    """proc.PID.rlimit.N.soft or .hard."""
    limit = _findproc(lwp, mib).p_limit[mib[3] - 1]
    return limit[0 if mib[4] == PROC_PID_LIMIT_TYPE_SOFT else 1]


def _set_limit(lwp: Lwp, mib: Mib, value: Any) -> None:
    """Set one half of a limit.

    Raises:
        KernelError: ESRCH; and as setrlimit(2).
    """
    p = _findproc(lwp, mib)
    soft, hard = p.p_limit[mib[3] - 1]
    value &= (1 << 64) - 1
    new = Rlimit(value, hard) if mib[4] == PROC_PID_LIMIT_TYPE_SOFT else Rlimit(soft, value)
    dosetrlimit(lwp, p, mib[3] - 1, new)


def _get_corename(lwp: Lwp, mib: Mib) -> bytes:
    """proc.PID.corename: how the process's core file is named.

    Raises:
        KernelError: ESRCH. EPERM, of another user, or of one who has changed ids.
    """
    return proc_corename(_core_process(lwp, mib))


def _core_process(lwp: Lwp, mib: Mib) -> Proc:
    p = _findproc(lwp, mib)
    mine, its = lwp.l_proc.p_cred, p.p_cred
    if mine.cr_uid and (
        mine.cr_ruid != its.cr_ruid or mine.cr_ruid != its.cr_svuid or p.p_flag & P_SUGID
    ):
        raise KernelError(Errno.EPERM)
    return p


def _set_corename(lwp: Lwp, mib: Mib, value: Any) -> None:
    """Name the core file: core, or what ends in .core or /core.

    Raises:
        KernelError: EINVAL, another name; and as _get_corename.
    """
    p = _core_process(lwp, mib)
    if value != b"core" and not value.endswith((b".core", b"/core")):
        raise KernelError(Errno.EINVAL)
    p.p_corename = value


def _limits() -> tuple[Node, ...]:
    """Return the node of each limit."""
    kinds = (("soft", PROC_PID_LIMIT_TYPE_SOFT), ("hard", PROC_PID_LIMIT_TYPE_HARD))
    return tuple(
        node(
            name,
            which + 1,
            f"Process {name} limits",
            [
                Node(
                    kind,
                    num,
                    CTLTYPE_QUAD | _WRITABLE,
                    f"Process {kind} {name} limit",
                    8,
                    _get_limit,
                    _set_limit,
                )
                for kind, num in kinds
            ],
        )
        for which, name in zip(range(RLIM_NLIMITS), LIMIT_NAMES, strict=True)
    )


PROC_TREE: Final = node(
    "proc",
    CTL_PROC,
    "Per-process attributes",
    [
        node(
            "curproc",
            PROC_CURPROC,
            "Per-process settings",
            [
                Node(
                    "corename",
                    PROC_PID_CORENAME,
                    CTLTYPE_STRING | _WRITABLE,
                    "Core file name",
                    MAXPATHLEN,
                    _get_corename,
                    _set_corename,
                ),
                node("rlimit", PROC_PID_LIMIT, "Process limits", _limits()),
            ],
            CTLFLAG_ANYNUMBER,
        )
    ],
)
