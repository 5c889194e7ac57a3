# SPDX-License-Identifier: BSD-2-Clause
"""Core files.  NetBSD sys/kern/kern_core.c, core_elf32.c; sys/sys/exec_elf.h."""

from struct import Struct
from typing import Final

from kernel.kern.kern_proc import p_comm
from kernel.kern.vfs_vnops import vn_close, vn_open, vn_rdwr
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FWRITE, O_CREAT, O_NOFOLLOW
from kernel.sys.mount import MNT_NOCOREDUMP
from kernel.sys.param import MAXPATHLEN
from kernel.sys.proc import P_SUGID, Lwp, Proc
from kernel.sys.resource import RLIMIT_CORE
from kernel.sys.signal import pack_sigset
from kernel.sys.uio import UIO_WRITE
from kernel.sys.vnode import VREG, Vattr
from kernel.uvm.uvm_map import uvm_map_size

USPACE: Final = 16384  # bytes of a process that are the kernel's, amd64

_EHDR: Final = Struct("<16sHHIQQQIHHHHHH")
_PHDR: Final = Struct("<IIQQQQQQ")
_NHDR: Final = Struct("<III")
_IDENT: Final = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")  # 64 bits, little endian
_ET_CORE, _EM_X86_64, _PT_NOTE = 4, 62, 4
_NOTE: Final = b"NetBSD-CORE\0"
_PROCINFO: Final = Struct("<IIII16s16s16s16s4i7I32sI")  # struct netbsd_elfcore_procinfo


def coredump(lwp: Lwp, signo: int) -> Errno | None:
    """Leave a core file of lwp's process in its current directory; return why not, None if so.

    The file has the note that tells of the process, no memory.
    """
    try:
        _coredump(lwp, signo)
    except KernelError as exc:
        return exc.errno
    return None


def _coredump(lwp: Lwp, signo: int) -> None:
    """Write the core file.

    Raises:
        KernelError: EPERM, the process has changed its ids, or the file system takes no
            cores. EFBIG, RLIMIT_CORE. EINVAL, the file that is there is none of its own.
            ENAMETOOLONG; and as vn_open and VOP_WRITE.
    """
    p = lwp.l_proc
    if p.p_flag & P_SUGID:
        raise KernelError(Errno.EPERM)
    if USPACE + uvm_map_size(p.p_vmspace) >= p.p_limit[RLIMIT_CORE][0]:
        raise KernelError(Errno.EFBIG)
    if p.p_cwdi.cwdi_cdir.v_mount.mnt_flag & MNT_NOCOREDUMP:
        raise KernelError(Errno.EPERM)
    path = coredump_buildname(p, proc_corename(p))
    vp = vn_open(lwp, None, path, O_CREAT | O_NOFOLLOW | FWRITE, 0o600)
    try:
        if vp.v_type != VREG or vp.v_op.vop_getattr(vp, p.p_cred).va_nlink != 1:
            raise KernelError(Errno.EINVAL)
        vp.v_op.vop_setattr(vp, Vattr(va_size=0), p.p_cred)
        vn_rdwr(lwp, UIO_WRITE, vp, _image(lwp, signo), 0, 0, p.p_cred)
    finally:
        vn_close(lwp, vp, FWRITE, p.p_cred)


def proc_corename(p: Proc) -> bytes:
    """Return the pattern of p's core file's name: its own, or kern.defcorename."""
    default: bytes = p.p_kernel.sysctl_data.get("defcorename", b"%n.core")
    return p.p_corename or default


def coredump_buildname(p: Proc, pattern: bytes) -> bytes:
    """Return pattern with %n, %p, %u, %t replaced: command, pid, login name, start in seconds.

    Raises:
        KernelError: ENAMETOOLONG.
    """
    words = {
        b"n": p_comm(p),
        b"p": b"%d" % p.p_pid,
        b"u": p.p_pgrp.pg_session.s_login.encode("latin-1"),
        b"t": b"%d" % (p.p_start // 10**9),
    }
    first, *pieces = pattern.split(b"%")
    name = first
    for piece in pieces:
        name += words[piece[:1]] + piece[1:] if piece[:1] in words else b"%" + piece
    if len(name) >= MAXPATHLEN:
        raise KernelError(Errno.ENAMETOOLONG)
    return name


def _image(lwp: Lwp, signo: int) -> bytes:
    """Return the core file: an ELF header, and a note with the process's procinfo."""
    p, cred = lwp.l_proc, lwp.l_proc.p_cred
    procinfo = _PROCINFO.pack(
        1,
        _PROCINFO.size,
        signo,
        0,
        pack_sigset(p.p_sigpend.sp_set),
        pack_sigset(lwp.l_sigmask),
        pack_sigset(p.p_sigctx.ps_sigignore),
        pack_sigset(p.p_sigctx.ps_sigcatch),
        p.p_pid,
        p.p_pptr.p_pid if p.p_pptr is not None else 0,
        p.p_pgrp.pg_id,
        p.p_pgrp.pg_session.s_sid,
        cred.cr_ruid,
        cred.cr_uid,
        cred.cr_svuid,
        cred.cr_rgid,
        cred.cr_gid,
        cred.cr_svgid,
        len(p.p_lwps),
        p_comm(p),
        lwp.l_lid,
    )
    note = _NHDR.pack(len(_NOTE), len(procinfo), 1) + _NOTE + procinfo
    at = _EHDR.size + _PHDR.size
    header = _EHDR.pack(
        _IDENT, _ET_CORE, _EM_X86_64, 1, 0, _EHDR.size, 0, 0, _EHDR.size, _PHDR.size, 1, 0, 0, 0
    )
    return header + _PHDR.pack(_PT_NOTE, 4, at, 0, 0, len(note), 0, 4) + note
