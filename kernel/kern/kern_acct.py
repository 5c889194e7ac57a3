# SPDX-License-Identifier: BSD-2-Clause
"""acct(2): a record of each process that ends.  NetBSD sys/kern/kern_acct.c.

The file is never checked for the space that is left: what cannot be written is lost.
"""

from contextlib import suppress

from kernel.arch.python.clock import nanotime
from kernel.kern.kern_proc import p_comm, suser
from kernel.kern.vfs_lookup import pathbuf_copyin
from kernel.kern.vfs_vnops import vn_close, vn_open, vn_rdwr
from kernel.sys.acct import ACORE, AFORK, ASU, AXSIG, Acct, encode_comp_t
from kernel.sys.cdefs import pack
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FWRITE, O_APPEND
from kernel.sys.proc import P_CONTROLT, P_EXEC, Lwp
from kernel.sys.types import NODEV
from kernel.sys.ucred import ROOT_CRED
from kernel.sys.uio import UIO_WRITE
from kernel.sys.vnode import IO_APPEND, IO_UNIT, VREG
from kernel.sys.wait import WCOREDUMP


def sys_acct(lwp: Lwp, path: int) -> int:
    """acct(2): from now on append a record of each process that ends to a file; 0: no more.

    Raises:
        KernelError: EPERM, not root. EACCES, no regular file; and as open(2) for writing.
    """
    kernel = lwp.l_kernel
    suser(lwp.l_proc)
    vp = None
    if path:
        vp = vn_open(lwp, None, pathbuf_copyin(lwp, path), FWRITE | O_APPEND, 0)
        if vp.v_type != VREG:
            vn_close(lwp, vp, FWRITE, lwp.l_proc.p_cred)
            raise KernelError(Errno.EACCES)
    acct_stop(lwp)
    kernel.acct_vp = vp
    return 0


def acct_stop(lwp: Lwp) -> None:
    """Close the file of accounts."""
    kernel = lwp.l_kernel
    vp, kernel.acct_vp = kernel.acct_vp, None
    if vp is not None:
        vn_close(lwp, vp, FWRITE, ROOT_CRED)


def acct_process(lwp: Lwp) -> None:
    """Write the record of lwp's process, which ends: for exit, before its trace is let go of."""
    p, kernel = lwp.l_proc, lwp.l_kernel
    vp = kernel.acct_vp
    if vp is None:
        return
    tty = p.p_pgrp.pg_session.s_ttyvp
    flags = 0 if p.p_flag & P_EXEC else AFORK
    flags |= ASU if not p.p_cred.cr_uid else 0
    flags |= AXSIG if p.p_xsig else 0
    flags |= ACORE if WCOREDUMP(p.p_xstat) else 0
    used = p.p_stats
    record = Acct(
        p_comm(p)[:16],
        encode_comp_t(used.ru_utime),
        encode_comp_t(used.ru_stime),
        encode_comp_t(max(nanotime(kernel) - p.p_start, 0)),
        p.p_start // 1_000_000_000,
        p.p_cred.cr_ruid,
        p.p_cred.cr_rgid,
        min(used.ru_maxrss, 0xFFFF),
        min(used.ru_inblock + used.ru_oublock, 0xFFFF),
        (tty.v_rdev if tty is not None and p.p_flag & P_CONTROLT else NODEV) & (1 << 64) - 1,
        flags,
    )
    with suppress(KernelError):
        vn_rdwr(lwp, UIO_WRITE, vp, pack(record, kernel.abi), 0, IO_APPEND | IO_UNIT, ROOT_CRED)
