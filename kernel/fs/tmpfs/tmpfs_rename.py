# SPDX-License-Identifier: BSD-2-Clause
"""VOP_RENAME of tmpfs.  NetBSD sys/fs/tmpfs/tmpfs_rename.c, genfs_sane_rename."""

from kernel.fs.genfs.genfs_rename import (
    genfs_ufslike_rename_check_permitted,
    genfs_ufslike_rename_check_possible,
)
from kernel.fs.tmpfs.tmpfs import TMPFS_UPDATE_CTIME, TMPFS_UPDATE_MTIME, TmpfsNode
from kernel.fs.tmpfs.tmpfs_dir import (
    tmpfs_dir_detach,
    tmpfs_dir_move,
    tmpfs_dir_rename,
    tmpfs_mem_incr,
    tmpfs_strsize,
)
from kernel.fs.tmpfs.tmpfs_subr import tmpfs_update
from kernel.fs.tmpfs.tmpfs_window import tmpfs_settle
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import LINK_MAX
from kernel.sys.ucred import Ucred
from kernel.sys.vnode import VDIR, Vnode

_MTIME_CTIME = TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME


def tmpfs_rename(
    fdvp: Vnode,
    fvp: Vnode,
    fname: bytes,
    tdvp: Vnode,
    tvp: Vnode | None,
    tname: bytes,
    cred: Ucred,
) -> None:
    """Give fvp, which is fname in fdvp, the name tname in tdvp, in place of tvp.

    If fvp and tvp are one file under two names, fname goes away: BSD's
    semantics; sys___posix_rename does not get here with that.

    Raises:
        KernelError: ENOENT, tdvp is removed; EINVAL, into itself; ENOTEMPTY;
            EBUSY, something is mounted on it; EPERM, EACCES; EMLINK; ENOSPC.
    """
    _check_genealogy(fvp, fdvp, tdvp, tvp)
    for vp in (fvp, tvp):
        if vp is not None:
            if vp.v_mountedhere is not None:
                raise KernelError(Errno.EBUSY)
            tmpfs_settle(vp)
    fnode: TmpfsNode = fvp.v_data
    fdnode: TmpfsNode = fdvp.v_data
    tdnode: TmpfsNode = tdvp.v_data
    if tvp is fvp:
        genfs_ufslike_rename_check_possible(fdnode.tn_flags, fnode.tn_flags, 0, None)
        tmpfs_dir_detach(fdnode, fname)
        tmpfs_update(fdvp, _MTIME_CTIME)
        return
    if tvp is not None and tvp.v_type == VDIR and tvp.v_data.tn_size:
        raise KernelError(Errno.ENOTEMPTY)
    tflags = None if tvp is None else tvp.v_data.tn_flags
    genfs_ufslike_rename_check_possible(fdnode.tn_flags, fnode.tn_flags, tdnode.tn_flags, tflags)
    genfs_ufslike_rename_check_permitted(fdvp, fvp, tdvp, cred)
    reparent = fvp.v_type == VDIR and fdvp is not tdvp
    if reparent and tvp is None and tdnode.tn_links == LINK_MAX:
        raise KernelError(Errno.EMLINK)
    if fname == tname:
        tdnode.tn_mount.tm_mem_used += tmpfs_strsize(tname)  # the very letters it has
    else:
        tmpfs_mem_incr(tdnode.tn_mount, tmpfs_strsize(tname))
    if tvp is not None:
        _replaced(tdnode, tname, tvp)
    if fdvp is tdvp:
        tmpfs_dir_rename(fdnode, fname, tname)
    else:
        tmpfs_dir_move(fdnode, fname, tdnode, tname)
    tmpfs_update(fdvp, _MTIME_CTIME)
    tmpfs_update(tdvp, _MTIME_CTIME)
    tmpfs_update(fvp, TMPFS_UPDATE_CTIME)


def _check_genealogy(fvp: Vnode, fdvp: Vnode, tdvp: Vnode, tvp: Vnode | None) -> None:
    """Refuse to move a directory below itself, or over one that holds it."""
    fnode: TmpfsNode = fvp.v_data
    fdnode: TmpfsNode = fdvp.v_data
    node: TmpfsNode = tdvp.v_data
    parent = node.tn_dir.tn_parent
    if parent is None or fdnode.tn_dir.tn_parent is None:
        raise KernelError(Errno.ENOENT)
    if tvp is fdvp:
        raise KernelError(Errno.ENOTEMPTY)
    while parent is not None and parent is not node:
        if node is fnode:
            raise KernelError(Errno.EINVAL)
        node, parent = parent, parent.tn_dir.tn_parent


def _replaced(tdnode: TmpfsNode, tname: bytes, tvp: Vnode) -> None:
    """Take the target's name away, and the file with its last link if nobody holds it.

    NetBSD leaves the change time of one that has other names; POSIX, and who
    tests for it, wants a change of the link count told.
    """
    tnode: TmpfsNode = tvp.v_data
    if tvp.v_type == VDIR:
        tnode.tn_links -= 1
    tmpfs_dir_detach(tdnode, tname)
    if tnode.tn_links:
        tmpfs_update(tvp, TMPFS_UPDATE_CTIME)
    if not tvp.v_usecount:
        tvp.v_op.vop_inactive(tvp)
