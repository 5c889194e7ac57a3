# SPDX-License-Identifier: BSD-2-Clause
"""Vnode operations of a procfs.  NetBSD sys/miscfs/procfs/procfs_vnops.c."""

from typing import Final, NoReturn

from kernel.arch.python.clock import nanotime
from kernel.fs.genfs.genfs_vnops import (
    genfs_can_access,
    genfs_einval,
    genfs_pathconf,
    genfs_vnodeops,
)
from kernel.fs.procfs.procfs import (
    PFScmdline,
    PFScurproc,
    PFScwd,
    PFSemul,
    PFSenviron,
    PFSexe,
    PFSfd,
    Pfskey,
    PFSlimit,
    PFSmap,
    PFSmaps,
    PFSmem,
    PfsNode,
    PFSnote,
    PFSnotepg,
    PFSproc,
    PFSroot,
    PFSself,
    PFSstat,
    PFSstatm,
    PFSstatus,
    PFStask,
)
from kernel.fs.procfs.procfs_fd import procfs_fdlink, procfs_getfp, procfs_path
from kernel.fs.procfs.procfs_names import procfs_lookup, procfs_readdir
from kernel.fs.procfs.procfs_subr import (
    procfs_authorize,
    procfs_curlwp,
    procfs_proc_find,
    procfs_rw,
)
from kernel.kern.vfs_getcwd import vn_isunder
from kernel.sys.dataclasses import replace
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FWRITE, O_EXCL
from kernel.sys.file import DTYPE_VNODE
from kernel.sys.param import (
    DEV_BSIZE,
    LINK_MAX,
    MAX_CANON,
    MAX_INPUT,
    PAGE_SIZE,
    PIPE_BUF,
)
from kernel.sys.proc import P_SUGID, Lwp, Proc
from kernel.sys.types import NODEV
from kernel.sys.ucred import Ucred
from kernel.sys.unistd import (
    _PC_CHOWN_RESTRICTED,
    _PC_LINK_MAX,
    _PC_MAX_CANON,
    _PC_MAX_INPUT,
    _PC_PIPE_BUF,
    _PC_SYNC_IO,
    _PC_VDISABLE,
)
from kernel.sys.vnode import VLNK, Vattr, Vnode
from kernel.uvm.uvm_fault import uvm_grow

_DIRECTORIES: Final = {PFSproc, PFSfd, PFStask}
_PROCESS_S: Final = {  # files whose owner the process is
    PFScmdline, PFSemul, PFSenviron, PFSlimit, PFSmap, PFSmaps, PFSmem, PFSnote,
    PFSnotepg, PFSstat, PFSstatm, PFSstatus,
}  # fmt: skip
_IN_ONE_READ: Final = {PFSlimit, PFSmap, PFSmaps}
_PATHCONF: Final = {
    _PC_LINK_MAX: LINK_MAX,
    _PC_MAX_CANON: MAX_CANON,
    _PC_MAX_INPUT: MAX_INPUT,
    _PC_PIPE_BUF: PIPE_BUF,
    _PC_CHOWN_RESTRICTED: 1,
    _PC_VDISABLE: 0xFF,
    _PC_SYNC_IO: 1,
}


def _erofs(*_args: object) -> NoReturn:
    """Refuse: names cannot change here."""
    raise KernelError(Errno.EROFS)


def procfs_open(lwp: Lwp, vp: Vnode, mode: int, _cred: Ucred) -> None:
    """Open: memory may be opened by one process alone, with O_EXCL.

    Raises:
        KernelError: ENOENT, the process has ended. EPERM, as procfs_authorize,
            or memory of a process that is not below lwp's root. EBUSY.
    """
    node: PfsNode = vp.v_data
    pfs = node.pfs_key
    if not pfs.pfs_pid:
        return
    p = procfs_proc_find(vp.v_mount, pfs.pfs_pid, Errno.ENOENT)
    procfs_authorize(lwp, p, pfs)
    if pfs.pfs_type != PFSmem:
        return
    if (node.pfs_flags & FWRITE and mode & O_EXCL) or (node.pfs_flags & O_EXCL and mode & FWRITE):
        raise KernelError(Errno.EBUSY)
    if not _isunder(p, lwp):
        raise KernelError(Errno.EPERM)
    if mode & FWRITE:
        node.pfs_flags = mode & (FWRITE | O_EXCL)


def _isunder(p: Proc, lwp: Lwp) -> bool:
    """Return whether p's root directory is lwp's or below it (proc_isunder)."""
    upper = lwp.l_proc.p_cwdi.cwdi_rdir
    if upper is None:
        return True
    lower, rootvnode = p.p_cwdi.cwdi_rdir, lwp.l_kernel.rootvnode
    return lower is not None and rootvnode is not None and vn_isunder(lower, upper, rootvnode)


def procfs_close(_lwp: Lwp | None, vp: Vnode, fflag: int, _cred: Ucred) -> None:
    """Close: others may have the memory again."""
    node: PfsNode = vp.v_data
    if node.pfs_key.pfs_type == PFSmem and fflag & FWRITE and node.pfs_flags & O_EXCL:
        node.pfs_flags = 0


def procfs_access(vp: Vnode, accmode: int, cred: Ucred) -> None:
    """Check accmode (VREAD, VWRITE, VEXEC).

    Raises:
        KernelError: EACCES; and as procfs_getattr.
    """
    va = procfs_getattr(vp, cred)
    genfs_can_access(vp.v_type, va.va_mode, va.va_uid, va.va_gid, accmode, cred)


def procfs_getattr(vp: Vnode, cred: Ucred) -> Vattr:
    """Return attributes made up: the times are now, but for that of birth.

    Raises:
        KernelError: ENOENT, the process has ended. EBADF, the descriptor is
            closed. ESRCH, a link asked for by the host.
    """
    node: PfsNode = vp.v_data
    pfs, mp = node.pfs_key, vp.v_mount
    now = born = nanotime(mp.mnt_kernel)
    p: Proc | None = None
    uid = gid = 0
    mode = node.pfs_mode
    if pfs.pfs_pid:
        p = procfs_proc_find(mp, pfs.pfs_pid, Errno.ENOENT)
        born = p.p_start // 1_000 * 1_000
        if pfs.pfs_type in _PROCESS_S or _is_directory(pfs):
            uid, gid = p.p_cred.cr_uid, p.p_cred.cr_gid
        elif pfs.pfs_type == PFSfd:
            opener = procfs_getfp(p, pfs).f_cred
            uid, gid = opener.cr_uid, opener.cr_gid
        if pfs.pfs_type == PFSmem and p.p_flag & P_SUGID:
            mode = 0  # of one that has changed ids, only root's
    size = _size(vp, pfs, p, cred)
    return Vattr(
        va_type=vp.v_type,
        va_mode=mode,
        va_nlink=2 if _is_directory(pfs) else 1,
        va_uid=uid,
        va_gid=gid,
        va_fsid=mp.mnt_fsid,
        va_fileid=pfs.pfs_fileno,
        va_size=size,
        va_blocksize=4 * PAGE_SIZE if pfs.pfs_type in _IN_ONE_READ else PAGE_SIZE,
        va_atime=now,
        va_mtime=now,
        va_ctime=now,
        va_birthtime=born,
        va_gen=0,
        va_flags=0,
        va_rdev=NODEV,
        va_bytes=size,
    )


def _is_directory(pfs: Pfskey) -> bool:
    """Return whether pfs is a directory of a process."""
    return pfs.pfs_type in _DIRECTORIES and pfs.pfs_fd == -1


def _size(vp: Vnode, pfs: Pfskey, p: Proc | None, cred: Ucred) -> int:
    """Return the bytes of a file as far as they are known before they are read."""
    if p is None:
        if pfs.pfs_type == PFSroot:
            return DEV_BSIZE
        if vp.v_type == VLNK:
            return len(b"%d" % procfs_curlwp(vp.v_mount).l_proc.p_pid)
        return 0
    if _is_directory(pfs):
        return DEV_BSIZE
    if pfs.pfs_type == PFSfd:
        fp = procfs_getfp(p, pfs)
        if fp.f_type != DTYPE_VNODE:
            return 0
        size: int = fp.f_data.v_op.vop_getattr(fp.f_data, cred).va_size
        return size
    if vp.v_type == VLNK:
        return len(procfs_readlink(vp, cred))
    if pfs.pfs_type == PFSemul:
        return len(p.p_emul.e_name)
    if pfs.pfs_type == PFSmem:
        uvm_grow(p.p_vmspace, p.p_vmspace.vm_maxsaddr)
        segments = p.p_vmspace.vm_map.values()
        pages: int = sum(-(-(segment.end - segment.start) // PAGE_SIZE) for segment in segments)
        return pages * PAGE_SIZE
    return 0


def procfs_setattr(_vp: Vnode, _vap: Vattr, _cred: Ucred) -> None:
    """Succeed, changing nothing, so that opening with O_TRUNC does."""


def procfs_readlink(vp: Vnode, _cred: Ucred) -> bytes:
    """Return where a link leads, as the caller sees it; "/" if it cannot.

    Raises:
        KernelError: ESRCH, the process has ended. EBADF, the descriptor is
            closed. ENOENT, a directory that was removed.
    """
    pfs: Pfskey = vp.v_data.pfs_key
    lwp = procfs_curlwp(vp.v_mount)
    if pfs.pfs_type == PFScurproc:
        return b"%d" % lwp.l_proc.p_pid
    if pfs.pfs_type == PFSself:
        return b"curproc"
    if pfs.pfs_type == PFStask:
        return b".."
    p = procfs_proc_find(vp.v_mount, pfs.pfs_pid, Errno.ESRCH)
    if pfs.pfs_type == PFSfd:
        return procfs_fdlink(lwp, procfs_getfp(p, pfs))
    if pfs.pfs_type == PFSexe:
        return p.p_path
    cwdi = p.p_cwdi
    directory = cwdi.cwdi_cdir if pfs.pfs_type == PFScwd else cwdi.cwdi_rdir
    if directory is None:
        return b"/"
    try:
        return procfs_path(lwp, directory)
    except KernelError:
        return b"/"


def procfs_pathconf(vp: Vnode, name: int) -> int:
    """Return a limit (_PC_*).

    Raises:
        KernelError: EINVAL, there is no such limit here.
    """
    value = _PATHCONF.get(name)
    return genfs_pathconf(vp, name) if value is None else value


def procfs_reclaim(vp: Vnode) -> None:
    """Forget vp: the node gets another vnode."""
    vnodes = vp.v_mount.mnt_data.pmnt_vnodes
    if vnodes.get(vp.v_data.pfs_key) is vp:
        del vnodes[vp.v_data.pfs_key]


procfs_vnodeops = replace(
    genfs_vnodeops,
    vop_lookup=procfs_lookup,
    vop_link=_erofs,
    vop_symlink=_erofs,
    vop_readdir=procfs_readdir,
    vop_readlink=procfs_readlink,
    vop_open=procfs_open,
    vop_close=procfs_close,
    vop_access=procfs_access,
    vop_getattr=procfs_getattr,
    vop_setattr=procfs_setattr,
    vop_read=procfs_rw,
    vop_write=procfs_rw,
    vop_pathconf=procfs_pathconf,
    vop_advlock=genfs_einval,
    vop_reclaim=procfs_reclaim,
)
