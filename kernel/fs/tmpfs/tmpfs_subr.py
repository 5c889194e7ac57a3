# SPDX-License-Identifier: BSD-2-Clause
"""Inodes of tmpfs and their attributes.  NetBSD sys/fs/tmpfs/tmpfs_subr.c."""

from kernel.arch.python.clock import nanotime
from kernel.fs.genfs.genfs_vnops import (
    genfs_can_chflags,
    genfs_can_chmod,
    genfs_can_chown,
    genfs_can_chtimes,
)
from kernel.fs.tmpfs.tmpfs import (
    SIZEOF_TMPFS_NODE,
    TMPFS_SIZE_MAX,
    TMPFS_UPDATE_ATIME,
    TMPFS_UPDATE_CTIME,
    TMPFS_UPDATE_MTIME,
    TmpfsDir,
    TmpfsMount,
    TmpfsNode,
)
from kernel.fs.tmpfs.tmpfs_aobj import Aobj, aobj_truncate
from kernel.fs.tmpfs.tmpfs_dir import tmpfs_mem_incr, tmpfs_strsize
from kernel.kern.vfs_cache import cache_enter_id
from kernel.sys.errno import Errno, KernelError
from kernel.sys.mount import MNT_NOATIME, MNT_RDONLY, Mount
from kernel.sys.param import PAGE_SIZE
from kernel.sys.stat import (
    ALLPERMS,
    SF_APPEND,
    SF_IMMUTABLE,
    SF_SETTABLE,
    UF_APPEND,
    UF_IMMUTABLE,
    UF_SETTABLE,
)
from kernel.sys.types import NODEV
from kernel.sys.ucred import Ucred
from kernel.sys.vnode import VBLK, VCHR, VDIR, VFIFO, VNOVAL, VREG, Vattr, Vnode, VnodeOps

APPEND = UF_APPEND | SF_APPEND
IMMUTABLE = UF_IMMUTABLE | SF_IMMUTABLE


def tmpfs_node_get(
    mp: Mount, ops: VnodeOps, vap: Vattr, uid: int, gid: int, link: bytes = b""
) -> TmpfsNode:
    """Return a new inode without links (but "." of a directory), and its vnode.

    Args:
        mp: the file system.
        ops: what its vnode does.
        vap: va_type, va_mode, va_rdev of it.
        uid: its owner.
        gid: its group.
        link: a symbolic link's target.

    Raises:
        KernelError: ENOSPC.
    """
    tmp: TmpfsMount = mp.mnt_data
    if tmp.tm_nodes_cnt + 1 >= tmp.tm_nodes_max:  # so there is always one that is not used
        raise KernelError(Errno.ENOSPC)
    tmpfs_mem_incr(tmp, SIZEOF_TMPFS_NODE + tmpfs_strsize(link))
    tmp.tm_nodes_cnt += 1
    tmp.tm_last_id += 1
    now = nanotime(mp.mnt_kernel)
    vtype = vap.va_type
    rdev = vap.va_rdev if vtype in {VCHR, VBLK} else NODEV
    vp = Vnode(vtype, mp, ops, v_rdev=rdev, v_nc_mode=vap.va_mode)
    node = TmpfsNode(
        tmp.tm_last_id, vtype, vap.va_mode, uid, gid, now, now, now, now, vp, tmp, tn_rdev=rdev
    )
    vp.v_data = node
    if vtype == VREG:
        node.tn_aobj = Aobj()
    elif vtype == VDIR:
        node.tn_dir = TmpfsDir()
        node.tn_links = 1
    elif link:
        node.tn_link = link
        node.tn_size = len(link)
    return node


def tmpfs_free_node(node: TmpfsNode) -> None:
    """Give back what an inode without links has taken."""
    tmp = node.tn_mount
    tmp.tm_nodes_cnt -= 1
    tmp.tm_mem_used -= (
        SIZEOF_TMPFS_NODE + tmpfs_strsize(node.tn_link) + node.tn_aobj.ao_pages * PAGE_SIZE
    )
    if node.tn_type == VREG:
        node.tn_aobj = Aobj()


def tmpfs_reg_resize(node: TmpfsNode, size: int) -> None:
    """Cut a regular file to size bytes, or let it grow by a hole.

    Raises:
        KernelError: EFBIG, beyond TMPFS_SIZE_MAX.
    """
    if size > TMPFS_SIZE_MAX:
        raise KernelError(Errno.EFBIG)
    ao = node.tn_aobj
    if size < node.tn_size:
        before = ao.ao_pages
        aobj_truncate(ao, size)
        node.tn_mount.tm_mem_used -= (before - ao.ao_pages) * PAGE_SIZE
    node.tn_size = size


def tmpfs_update(vp: Vnode, tflags: int) -> None:
    """Set the times named by tflags (TMPFS_UPDATE_*) to now."""
    node: TmpfsNode = vp.v_data
    now = nanotime(vp.v_mount.mnt_kernel)
    if tflags & TMPFS_UPDATE_ATIME and not vp.v_mount.mnt_flag & (MNT_NOATIME | MNT_RDONLY):
        node.tn_atime = now
    if tflags & TMPFS_UPDATE_MTIME:
        node.tn_mtime = now
    if tflags & TMPFS_UPDATE_CTIME:
        node.tn_ctime = now


def tmpfs_chflags(vp: Vnode, flags: int, cred: Ucred) -> None:
    """Change the file's flags.

    Raises:
        KernelError: EROFS; EACCES, system flags of a file that they protect,
            and kern.securelevel is above 0 (secmodel_securelevel_vnode_cb);
            EPERM, not the owner, or system flags by others than the superuser.
    """
    node: TmpfsNode = vp.v_data
    _writable(vp)
    sysflags = flags & SF_SETTABLE != node.tn_flags & SF_SETTABLE
    protected = sysflags and node.tn_flags & (SF_IMMUTABLE | SF_APPEND)
    if protected and vp.v_mount.mnt_kernel.securelevel > 0:
        raise KernelError(Errno.EACCES)
    genfs_can_chflags(vp.v_type, node.tn_uid, sysflags, cred)
    if sysflags:
        node.tn_flags = flags
    else:
        node.tn_flags = node.tn_flags & SF_SETTABLE | flags & UF_SETTABLE
    tmpfs_update(vp, TMPFS_UPDATE_CTIME)


def tmpfs_chmod(vp: Vnode, mode: int, cred: Ucred) -> None:
    """Change the file's permissions.

    Raises:
        KernelError: EROFS; EPERM; EFTYPE, a sticky bit that only the superuser may set.
    """
    node: TmpfsNode = vp.v_data
    _changeable(vp)
    genfs_can_chmod(vp.v_type, node.tn_uid, node.tn_gid, mode, cred)
    node.tn_mode = mode & ALLPERMS
    cache_enter_id(vp, node.tn_mode)
    tmpfs_update(vp, TMPFS_UPDATE_CTIME)


def tmpfs_chown(vp: Vnode, uid: int, gid: int, cred: Ucred) -> None:
    """Change the file's owner and group; VNOVAL leaves one.

    Raises:
        KernelError: EROFS; EPERM.
    """
    node: TmpfsNode = vp.v_data
    uid = node.tn_uid if uid == VNOVAL else uid
    gid = node.tn_gid if gid == VNOVAL else gid
    _changeable(vp)
    genfs_can_chown(node.tn_uid, node.tn_gid, uid, gid, cred)
    node.tn_uid = uid
    node.tn_gid = gid
    tmpfs_update(vp, TMPFS_UPDATE_CTIME)


def tmpfs_chsize(vp: Vnode, size: int) -> None:
    """Change the file's size; devices and FIFOs take no notice.

    Raises:
        KernelError: EISDIR; EROFS; EPERM, a flag forbids it; EINVAL, size < 0;
            EOPNOTSUPP, of no use for this type of file.
    """
    node: TmpfsNode = vp.v_data
    if vp.v_type == VDIR:
        raise KernelError(Errno.EISDIR)
    if vp.v_type in {VBLK, VCHR, VFIFO}:
        return
    if vp.v_type != VREG:
        raise KernelError(Errno.EOPNOTSUPP)
    _changeable(vp)
    if size < 0:
        raise KernelError(Errno.EINVAL)
    if size != node.tn_size:
        tmpfs_reg_resize(node, size)
    tmpfs_update(vp, TMPFS_UPDATE_CTIME | TMPFS_UPDATE_MTIME)


def tmpfs_chtimes(vp: Vnode, vap: Vattr, cred: Ucred) -> None:
    """Set those of va_atime, va_mtime, va_birthtime that are given.

    The change time stays: neither does NetBSD's tmpfs touch it.

    Raises:
        KernelError: EROFS; EPERM; EACCES, "now" without write permission.
    """
    node: TmpfsNode = vp.v_data
    _changeable(vp)
    genfs_can_chtimes(vp, vap.va_vaflags, node.tn_uid, cred)
    if vap.va_atime != VNOVAL:
        node.tn_atime = vap.va_atime
    if vap.va_mtime != VNOVAL:
        node.tn_mtime = vap.va_mtime
    if vap.va_birthtime != VNOVAL:
        node.tn_birthtime = vap.va_birthtime


def _writable(vp: Vnode) -> None:
    if vp.v_mount.mnt_flag & MNT_RDONLY:
        raise KernelError(Errno.EROFS)


def _changeable(vp: Vnode) -> None:
    """Refuse what a read-only mount or the file's flags forbid."""
    _writable(vp)
    if vp.v_data.tn_flags & (IMMUTABLE | APPEND):
        raise KernelError(Errno.EPERM)
