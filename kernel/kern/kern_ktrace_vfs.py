# SPDX-License-Identifier: BSD-2-Clause
"""ktrace(2): the part of tracing that needs the file system.  NetBSD sys/kern/kern_ktrace_vfs.c."""

from typing import Final

from kernel.kern.kern_descrip import FILE_UNUSE, FILE_USE, falloc, fd_affix, fd_close
from kernel.kern.sys_ktrace import ktrace_common
from kernel.kern.vfs_lookup import pathbuf_copyin
from kernel.kern.vfs_vnops import ktrvnops, vn_close, vn_open
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FAPPEND, FREAD, FWRITE
from kernel.sys.file import DTYPE_VNODE, File
from kernel.sys.ktrace import KTRFLAG_DESCEND, KTROP, KTROP_CLEAR
from kernel.sys.proc import Lwp
from kernel.sys.vnode import VREG
from native.record import Window

_WINDOW: Final = 64 << 10  # bytes of records that collect in the kernel


def sys_ktrace(lwp: Lwp, fname: int, ops: int, facs: int, pid: int) -> int:
    """ktrace(2): set (SET), end (CLEAR) or end all (CLEARFILE) traces to the file fname.

    Args:
        lwp: the caller.
        fname: user address of the path; not looked at by CLEAR.
        ops: KTROP_*, with KTRFLAG_DESCEND for all descendants too.
        facs: KTRFAC_*, with the record version in KTRFAC_VER_MASK.
        pid: a process, or, negative, a process group.

    Raises:
        KernelError: EACCES, not a regular file; EMFILE, ENFILE: the call
            needs a descriptor while it runs; what namei, VOP_ACCESS and
            ktrace_common say.
    """
    ops = KTROP(ops) | ops & KTRFLAG_DESCEND
    lwp.l_ktractive = True
    try:
        if ops & KTROP_CLEAR:
            ktrace_common(lwp, ops, facs, pid, None)
            return 0
        fp, fd = _open_trace(lwp, fname)
        FILE_USE(fp)
        try:
            ktrace_common(lwp, ops, facs, pid, fp)
        finally:
            FILE_UNUSE(fp, lwp)
            fd_close(lwp, fd)
    finally:
        lwp.l_ktractive = False
    return 0


def _open_trace(lwp: Lwp, fname: int) -> tuple[File, int]:
    """Open the trace file, and a descriptor for the time of the call.

    Records are written at the file's end, whatever it was opened with.
    """
    cred = lwp.l_proc.p_cred
    vp = vn_open(lwp, None, pathbuf_copyin(lwp, fname), FREAD | FWRITE, 0)
    try:
        if vp.v_type != VREG:
            raise KernelError(Errno.EACCES)
        fp, fd = falloc(lwp)
    except KernelError:
        vn_close(lwp, vp, FREAD | FWRITE, cred)
        raise
    fp.f_flag = FREAD | FWRITE | FAPPEND
    fp.f_type = DTYPE_VNODE
    fp.f_ops = ktrvnops
    fp.f_data = vp
    fp.f_window = Window(_WINDOW)
    fd_affix(lwp.l_proc, fp, fd)
    return fp, fd
