# SPDX-License-Identifier: BSD-2-Clause
"""Vnode operations of tmpfs.  NetBSD sys/fs/tmpfs/tmpfs_vnops.c.

VOP_FALLOCATE and VOP_FDISCARD stay EOPNOTSUPP, as in NetBSD.
"""

from typing import Final

from kernel.fs.fifofs.fifo_vnops import fifo_over
from kernel.fs.genfs.genfs_vnops import (
    genfs_can_access,
    genfs_einval,
    genfs_mmap,
    genfs_pathconf,
    genfs_vnodeops,
)
from kernel.fs.specfs.spec_vnops import spec_over
from kernel.fs.tmpfs.tmpfs import (
    TMPFS_UPDATE_ATIME,
    TMPFS_UPDATE_CTIME,
    TMPFS_UPDATE_MTIME,
    TmpfsNode,
)
from kernel.fs.tmpfs.tmpfs_data import (
    tmpfs_append,
    tmpfs_getpages,
    tmpfs_read,
    tmpfs_write,
)
from kernel.fs.tmpfs.tmpfs_dir import (
    tmpfs_alloc_dirent,
    tmpfs_dir_attach,
    tmpfs_dir_detach,
    tmpfs_dir_entries,
)
from kernel.fs.tmpfs.tmpfs_rename import tmpfs_rename
from kernel.fs.tmpfs.tmpfs_subr import (
    APPEND,
    IMMUTABLE,
    tmpfs_chflags,
    tmpfs_chmod,
    tmpfs_chown,
    tmpfs_chsize,
    tmpfs_chtimes,
    tmpfs_free_node,
    tmpfs_node_get,
    tmpfs_update,
)
from kernel.fs.tmpfs.tmpfs_window import tmpfs_settle, tmpfs_window
from kernel.kern.vfs_cache import cache_enter_id
from kernel.kern.vfs_subr import uiodirents
from kernel.sys.dataclasses import replace
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FWRITE, O_APPEND
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.param import KERNEL_NAME_MAX, LINK_MAX, PAGE_MASK, PAGE_SIZE, PATH_MAX, PIPE_BUF
from kernel.sys.proc import Lwp
from kernel.sys.ucred import Ucred
from kernel.sys.uio import Uio
from kernel.sys.unistd import (
    _PC_CHOWN_RESTRICTED,
    _PC_FILESIZEBITS,
    _PC_LINK_MAX,
    _PC_NAME_MAX,
    _PC_NO_TRUNC,
    _PC_PATH_MAX,
    _PC_PIPE_BUF,
    _PC_SYNC_IO,
)
from kernel.sys.vnode import (
    VBLK,
    VCHR,
    VDIR,
    VEXEC,
    VFIFO,
    VLNK,
    VNON,
    VNOVAL,
    VREG,
    VV_ROOT,
    VWRITE,
    Vattr,
    Vnode,
    VnodeOps,
)

_PATHCONF = {
    _PC_LINK_MAX: LINK_MAX,
    _PC_NAME_MAX: KERNEL_NAME_MAX,
    _PC_PATH_MAX: PATH_MAX,
    _PC_PIPE_BUF: PIPE_BUF,
    _PC_CHOWN_RESTRICTED: 1,
    _PC_NO_TRUNC: 1,
    _PC_SYNC_IO: 1,
    _PC_FILESIZEBITS: 64,
}


def tmpfs_lookup(dvp: Vnode, name: bytes, _cred: Ucred) -> Vnode | None:
    """Find name.

    Raises:
        KernelError: ENOENT, the directory is removed: it is empty, without
            "." and ".." even, and nothing can be made in it.
    """
    node: TmpfsNode = dvp.v_data
    entry = node.tn_dir.tn_names.get(name)
    if entry is not None:
        return entry.td_node.tn_vnode  # type: ignore[union-attr]  # one that is found has a node
    parent = node.tn_dir.tn_parent
    if parent is None:
        raise KernelError(Errno.ENOENT)
    if name == b".":
        return dvp
    return parent.tn_vnode if name == b".." else None


def _construct(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred, link: bytes = b"") -> Vnode:
    """Make a file of any type and enter it; its group is the directory's.

    Raises:
        KernelError: ENOENT, the directory is removed; EMLINK; ENOSPC.

    Source: tmpfs_construct_node, NetBSD sys/fs/tmpfs/tmpfs_subr.c.
    """
    dnode: TmpfsNode = dvp.v_data
    if dnode.tn_dir.tn_parent is None:
        raise KernelError(Errno.ENOENT)
    if vap.va_type == VDIR and dnode.tn_links == LINK_MAX:
        raise KernelError(Errno.EMLINK)
    ops = _OPS.get(vap.va_type, tmpfs_vnodeops)
    node = tmpfs_node_get(dvp.v_mount, ops, vap, cred.cr_uid, dnode.tn_gid, link)
    try:
        tmpfs_alloc_dirent(dnode.tn_mount, name)
    except KernelError:
        tmpfs_free_node(node)
        raise
    tmpfs_dir_attach(dnode, name, node)
    tmpfs_update(dvp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME)
    return node.tn_vnode


def tmpfs_mknod(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred) -> Vnode:
    """Make a device or a FIFO.

    Raises:
        KernelError: EINVAL, any other type; and as for _construct.
    """
    if vap.va_type not in {VBLK, VCHR, VFIFO}:
        raise KernelError(Errno.EINVAL)
    return _construct(dvp, name, vap, cred)


def tmpfs_symlink(dvp: Vnode, name: bytes, vap: Vattr, target: bytes, cred: Ucred) -> Vnode:
    """Make a symbolic link."""
    return _construct(dvp, name, vap, cred, target)


def tmpfs_open(_lwp: Lwp, vp: Vnode, mode: int, _cred: Ucred) -> None:
    """Open; append-only files are written only by appending.

    Raises:
        KernelError: EPERM.
    """
    if vp.v_data.tn_flags & APPEND and mode & (FWRITE | O_APPEND) == FWRITE:
        raise KernelError(Errno.EPERM)


def tmpfs_access(vp: Vnode, accmode: int, cred: Ucred) -> None:
    """Check accmode (VREAD, VWRITE, VEXEC).

    Raises:
        KernelError: EROFS, EPERM (immutable), EACCES.
    """
    node: TmpfsNode = vp.v_data
    if accmode & VWRITE:
        if vp.v_mount.mnt_flag & MNT_RDONLY and vp.v_type in {VDIR, VLNK, VREG}:
            raise KernelError(Errno.EROFS)
        if node.tn_flags & IMMUTABLE:
            raise KernelError(Errno.EPERM)
    if cred.cr_uid or accmode & VEXEC:  # else it is the superuser's to do
        genfs_can_access(vp.v_type, node.tn_mode, node.tn_uid, node.tn_gid, accmode, cred)


def tmpfs_getattr(vp: Vnode, _cred: Ucred) -> Vattr:
    """Return the file's attributes."""
    node: TmpfsNode = vp.v_data
    return Vattr(  # by position: each stat(2) passes here, and keywords cost as much again
        vp.v_type,
        node.tn_mode,
        node.tn_links,
        node.tn_uid,
        node.tn_gid,
        vp.v_mount.mnt_fsid,
        node.tn_id,
        node.tn_size,
        PAGE_SIZE,
        node.tn_atime,
        node.tn_mtime,
        node.tn_ctime,
        node.tn_birthtime,
        node.tn_id,
        node.tn_flags,
        node.tn_rdev,
        node.tn_size + PAGE_MASK & ~PAGE_MASK,  # round_page
    )


def tmpfs_setattr(vp: Vnode, vap: Vattr, cred: Ucred) -> None:
    """Change the attributes that are given, in the order of NetBSD.

    Raises:
        KernelError: EINVAL, one that nobody can set; and as for each.
    """
    fixed = (vap.va_nlink, vap.va_fsid, vap.va_fileid, vap.va_blocksize, vap.va_ctime)
    if vap.va_type != VNON or {*fixed, vap.va_gen, vap.va_rdev, vap.va_bytes} != {VNOVAL}:
        raise KernelError(Errno.EINVAL)
    if vap.va_flags != VNOVAL:
        tmpfs_chflags(vp, vap.va_flags, cred)
    if vap.va_size != VNOVAL:
        tmpfs_chsize(vp, vap.va_size)
    if vap.va_uid != VNOVAL or vap.va_gid != VNOVAL:
        tmpfs_chown(vp, vap.va_uid, vap.va_gid, cred)
    if vap.va_mode != VNOVAL:
        tmpfs_chmod(vp, vap.va_mode, cred)
    if {vap.va_atime, vap.va_mtime, vap.va_birthtime} != {VNOVAL}:
        tmpfs_chtimes(vp, vap, cred)


def tmpfs_link(dvp: Vnode, vp: Vnode, name: bytes, _cred: Ucred) -> None:
    """Give vp one more name.

    Raises:
        KernelError: EMLINK; EPERM, a flag forbids it; ENOENT, dvp is removed; ENOSPC.
    """
    tmpfs_settle(vp)
    dnode: TmpfsNode = dvp.v_data
    node: TmpfsNode = vp.v_data
    if node.tn_links == LINK_MAX:
        raise KernelError(Errno.EMLINK)
    if node.tn_flags & (IMMUTABLE | APPEND):
        raise KernelError(Errno.EPERM)
    if dnode.tn_dir.tn_parent is None:
        raise KernelError(Errno.ENOENT)
    tmpfs_alloc_dirent(dnode.tn_mount, name)
    tmpfs_dir_attach(dnode, name, node)
    tmpfs_update(dvp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME)
    tmpfs_update(vp, TMPFS_UPDATE_CTIME)


def tmpfs_remove(dvp: Vnode, vp: Vnode, name: bytes, _cred: Ucred) -> None:
    """Take one name of vp away, and the file with the last if nobody holds it.

    The change time tells of a name that is gone only while there are others.

    Raises:
        KernelError: EPERM, a flag of the file or the directory forbids it.
    """
    tmpfs_settle(vp)
    dnode: TmpfsNode = dvp.v_data
    node: TmpfsNode = vp.v_data
    if node.tn_flags & (IMMUTABLE | APPEND) or dnode.tn_flags & APPEND:
        raise KernelError(Errno.EPERM)
    tmpfs_dir_detach(dnode, name)
    if node.tn_links:
        tmpfs_update(vp, TMPFS_UPDATE_CTIME)
    tmpfs_update(dvp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME)
    if not vp.v_usecount:
        tmpfs_inactive(vp)


def tmpfs_rmdir(dvp: Vnode, vp: Vnode, name: bytes, _cred: Ucred) -> None:
    """Remove an empty directory.

    Raises:
        KernelError: ENOTEMPTY; EPERM, a flag forbids it.
    """
    dnode: TmpfsNode = dvp.v_data
    node: TmpfsNode = vp.v_data
    if node.tn_size:
        raise KernelError(Errno.ENOTEMPTY)
    if dnode.tn_flags & APPEND or node.tn_flags & (IMMUTABLE | APPEND):
        raise KernelError(Errno.EPERM)
    node.tn_links -= 1
    tmpfs_dir_detach(dnode, name)
    tmpfs_update(dvp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME)
    if not vp.v_usecount:
        tmpfs_inactive(vp)


def tmpfs_readdir(vp: Vnode, uio: Uio, _cred: Ucred) -> bool:
    """Read entries from the cookie in uio_offset on; a removed directory has none.

    The access time is set even if that fails.

    Raises:
        KernelError: ENOTDIR; EINVAL, no such cookie; EFAULT.
    """
    if vp.v_type != VDIR:
        raise KernelError(Errno.ENOTDIR)
    node: TmpfsNode = vp.v_data
    if not node.tn_links:
        return True
    try:
        return uiodirents(uio, tmpfs_dir_entries(node, uio.uio_offset))
    finally:
        tmpfs_update(vp, TMPFS_UPDATE_ATIME)


def tmpfs_readlink(vp: Vnode, _cred: Ucred) -> bytes:
    """Return the target of a symbolic link."""
    tmpfs_update(vp, TMPFS_UPDATE_ATIME)
    target: bytes = vp.v_data.tn_link
    return target


def tmpfs_pathconf(vp: Vnode, name: int) -> int:
    """Return a limit.

    Raises:
        KernelError: EINVAL, no such name.
    """
    value = _PATHCONF.get(name)
    return genfs_pathconf(vp, name) if value is None else value


def tmpfs_inactive(vp: Vnode) -> None:
    """Free the file if it has no links."""
    node: TmpfsNode = vp.v_data
    if not node.tn_links:
        tmpfs_free_node(node)


def tmpfs_reclaim(vp: Vnode) -> None:
    """Give the file another vnode, if it has a name by which it can be looked up."""
    node: TmpfsNode = vp.v_data
    if node.tn_links:
        node.tn_vnode = Vnode(vp.v_type, vp.v_mount, vp.v_op, node, vp.v_rdev, vp.v_vflag & VV_ROOT)
        cache_enter_id(node.tn_vnode, node.tn_mode)


def _with_times(ops: VnodeOps) -> VnodeOps:
    """Return ops whose reads and writes also set the times of the device's or FIFO's inode."""

    def read(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, cred: Ucred) -> None:
        tmpfs_update(vp, TMPFS_UPDATE_ATIME)
        ops.vop_read(lwp, vp, uio, ioflag, cred)

    def write(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, cred: Ucred) -> None:
        tmpfs_update(vp, TMPFS_UPDATE_MTIME)
        ops.vop_write(lwp, vp, uio, ioflag, cred)

    return replace(ops, vop_read=read, vop_write=write)


tmpfs_vnodeops = replace(
    genfs_vnodeops,
    vop_lookup=tmpfs_lookup,
    vop_create=_construct,
    vop_mknod=tmpfs_mknod,
    vop_mkdir=_construct,
    vop_symlink=tmpfs_symlink,
    vop_link=tmpfs_link,
    vop_remove=tmpfs_remove,
    vop_rmdir=tmpfs_rmdir,
    vop_rename=tmpfs_rename,
    vop_readdir=tmpfs_readdir,
    vop_readlink=tmpfs_readlink,
    vop_open=tmpfs_open,
    vop_access=tmpfs_access,
    vop_getattr=tmpfs_getattr,
    vop_setattr=tmpfs_setattr,
    vop_read=tmpfs_read,
    vop_write=tmpfs_write,
    vop_append=tmpfs_append,
    vop_window=tmpfs_window,
    vop_mmap=genfs_mmap,
    vop_getpages=tmpfs_getpages,
    vop_pathconf=tmpfs_pathconf,
    vop_inactive=tmpfs_inactive,
    vop_reclaim=tmpfs_reclaim,
)

_OPS: Final[dict[int, VnodeOps]] = {
    VFIFO: _with_times(replace(fifo_over(tmpfs_vnodeops), vop_advlock=genfs_einval)),
    VCHR: _with_times(spec_over(tmpfs_vnodeops)),
    VBLK: _with_times(spec_over(tmpfs_vnodeops)),
}
