# SPDX-License-Identifier: BSD-2-Clause
"""What a procfs's files contain, by their type.  NetBSD sys/miscfs/procfs/procfs_subr.c."""

from collections.abc import Callable
from typing import Final

from kernel.fs.procfs.procfs import (
    PFScmdline,
    PFScpuinfo,
    PFScpustat,
    PFSdevices,
    PFSemul,
    PFSenviron,
    PFSfd,
    Pfskey,
    PFSlimit,
    PFSloadavg,
    PFSmap,
    PFSmaps,
    PFSmem,
    PFSmeminfo,
    PFSmounts,
    PFSnote,
    PFSnotepg,
    PFSstat,
    PFSstatm,
    PFSstatus,
    PFSuptime,
    PFSversion,
)
from kernel.fs.procfs.procfs_cmdline import procfs_doprocargs
from kernel.fs.procfs.procfs_fd import procfs_dofd
from kernel.fs.procfs.procfs_limit import procfs_dolimit
from kernel.fs.procfs.procfs_linux import (
    procfs_do_pid_stat,
    procfs_do_pid_statm,
    procfs_docpuinfo,
    procfs_docpustat,
    procfs_dodevices,
    procfs_doloadavg,
    procfs_domeminfo,
    procfs_domounts,
    procfs_douptime,
    procfs_doversion,
)
from kernel.fs.procfs.procfs_map import procfs_domap
from kernel.fs.procfs.procfs_mem import procfs_domem
from kernel.fs.procfs.procfs_note import procfs_donote
from kernel.fs.procfs.procfs_status import procfs_dostatus
from kernel.sys.proc import Lwp, Proc
from kernel.sys.uio import Uio


def _doemul(_lwp: Lwp, p: Proc, _pfs: Pfskey) -> bytes:
    return p.p_emul.e_name


CONTENTS: Final[dict[int, Callable[[Lwp, Proc, Pfskey], bytes]]] = {
    PFSstatus: procfs_dostatus,
    PFScmdline: procfs_doprocargs,
    PFSenviron: procfs_doprocargs,
    PFSmap: procfs_domap,
    PFSmaps: procfs_domap,
    PFSlimit: procfs_dolimit,
    PFSemul: _doemul,
    PFSstat: procfs_do_pid_stat,
    PFSstatm: procfs_do_pid_statm,
    PFScpuinfo: procfs_docpuinfo,
    PFScpustat: procfs_docpustat,
    PFSloadavg: procfs_doloadavg,
    PFSmeminfo: procfs_domeminfo,
    PFSdevices: procfs_dodevices,
    PFSmounts: procfs_domounts,
    PFSuptime: procfs_douptime,
    PFSversion: procfs_doversion,
}
TRANSFERS: Final[dict[int, Callable[[Lwp, Proc, Pfskey, Uio], None]]] = {
    PFSmem: procfs_domem,
    PFSnote: procfs_donote,
    PFSnotepg: procfs_donote,
    PFSfd: procfs_dofd,
}
