# SPDX-License-Identifier: BSD-2-Clause
"""limit and limits: what a process may use.  NetBSD sys/miscfs/procfs/procfs_limit.c."""

from typing import Final

from kernel.fs.procfs.procfs import Pfskey
from kernel.sys.proc import Lwp, Proc
from kernel.sys.resource import (
    LIMIT_NAMES,
    RLIM_INFINITY,
    RLIM_NLIMITS,
    RLIMIT_AS,
    RLIMIT_CORE,
    RLIMIT_CPU,
    RLIMIT_DATA,
    RLIMIT_FSIZE,
    RLIMIT_MEMLOCK,
    RLIMIT_NOFILE,
    RLIMIT_NPROC,
    RLIMIT_RSS,
    RLIMIT_STACK,
)

_LINUX: Final = (
    ("Max cpu time", RLIMIT_CPU, "seconds"),
    ("Max file size", RLIMIT_FSIZE, "bytes"),
    ("Max data size", RLIMIT_DATA, "bytes"),
    ("Max stack size", RLIMIT_STACK, "bytes"),
    ("Max core file size", RLIMIT_CORE, "bytes"),
    ("Max resident set", RLIMIT_RSS, "bytes"),
    ("Max processes", RLIMIT_NPROC, "processes"),
    ("Max open files", RLIMIT_NOFILE, "files"),
    ("Max locked memory", RLIMIT_MEMLOCK, "bytes"),
    ("Max address space", RLIMIT_AS, "bytes"),
)


def procfs_dolimit(_lwp: Lwp, p: Proc, pfs: Pfskey) -> bytes:
    """Return p's limits, soft and hard, a line each; with a pfs_fd, in Linux's words."""
    if pfs.pfs_fd != -1:
        return _linux(p)
    lines = []
    for which in range(RLIM_NLIMITS):
        soft, hard = p.p_limit[which]
        lines.append(f"{LIMIT_NAMES[which]:>20.20s} {_amount(soft)} {_amount(hard)}\n")
    return "".join(lines).encode()


def _amount(limit: int) -> str:
    return f"{limit:#20x}" if limit == RLIM_INFINITY else f"{limit:20d}"


def _linux(p: Proc) -> bytes:
    rows = [("Limit", "Soft Limit", "Hard Limit", "Units")]
    for label, which, unit in _LINUX:
        soft, hard = ("unlimited" if at == RLIM_INFINITY else str(at) for at in p.p_limit[which])
        rows.append((label, soft, hard, unit))
    return "".join("{:25s} {:20s} {:20s} {:10s}\n".format(*row) for row in rows).encode()
