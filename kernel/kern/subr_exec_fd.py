# SPDX-License-Identifier: BSD-2-Clause
"""Descriptors as exec finds them.  NetBSD sys/kern/subr_exec_fd.c."""

from typing import Final

from kernel.kern.kern_descrip import falloc, fd_abort, fd_affix
from kernel.kern.kern_ktrace import ktrexecfd, ktrpoint
from kernel.kern.kern_proc import p_comm
from kernel.kern.subr_log import log
from kernel.kern.vfs_vnops import vn_open, vnops
from kernel.sys.errno import KernelError
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.file import DTYPE_VNODE
from kernel.sys.ktrace import KTR_EXEC_FD
from kernel.sys.proc import Lwp

_CHECK_UPTO: Final = 3


def fd_ktrexecfd(lwp: Lwp) -> None:
    """Record what the new program finds open."""
    if not ktrpoint(lwp, KTR_EXEC_FD):
        return
    for fd, fp in enumerate(lwp.l_proc.p_fd.fd_ofiles):
        if fp is not None:
            ktrexecfd(lwp, fd, fp.f_type)


def fd_checkstd(lwp: Lwp) -> None:
    """For a set-id program: open /dev/null as each of descriptors 0 to 2 that is closed; log it.

    Raises:
        KernelError: as open(2) of /dev/null.
    """
    p = lwp.l_proc
    closed = ""
    for fd in range(_CHECK_UPTO):
        if fd < len(p.p_fd.fd_ofiles) and p.p_fd.fd_ofiles[fd] is not None:
            continue
        closed += f",{fd}"
        fp, new = falloc(lwp)
        try:
            vp = vn_open(lwp, None, b"/dev/null", FREAD | FWRITE, 0)
        except KernelError:
            fd_abort(p, fp, new)
            raise
        fp.f_flag = FREAD | FWRITE
        fp.f_type, fp.f_ops, fp.f_data = DTYPE_VNODE, vnops, vp
        fd_affix(p, fp, new)
    if closed:
        comm = p_comm(p).decode(errors="replace")
        parent = p.p_pptr
        who = "" if parent is None else p_comm(parent).decode(errors="replace")
        log(
            p.p_kernel,
            f"set{{u,g}}id pid {p.p_pid} ({comm}) was invoked by uid {p.p_cred.cr_ruid}"
            f" ppid {parent.p_pid if parent else 0} ({who}) with fd {closed[1:]} closed",
        )
