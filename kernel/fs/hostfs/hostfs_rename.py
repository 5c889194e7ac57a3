# SPDX-License-Identifier: BSD-2-Clause
"""Names of the host's files that go, or become others."""

import os
from collections.abc import Callable

from kernel.fs.genfs.genfs_rename import genfs_ufslike_rename_check_permitted
from kernel.fs.genfs.genfs_vnops import genfs_can_sticky
from kernel.fs.hostfs.hostfs import HostNode
from kernel.fs.hostfs.hostfs_attr import hostfs_getattr
from kernel.fs.hostfs.hostfs_subr import host_dirfd, host_errors, host_keep, host_writable
from kernel.sys.ucred import Ucred
from kernel.sys.vnode import Vnode


def hostfs_remove(dvp: Vnode, vp: Vnode, name: bytes, cred: Ucred) -> None:
    """Take one name of vp away.

    Raises:
        KernelError: EROFS; EPERM, a sticky directory; and as the host says.
    """
    _remove(os.unlink, dvp, vp, name, cred)


def hostfs_rmdir(dvp: Vnode, vp: Vnode, name: bytes, cred: Ucred) -> None:
    """Remove an empty directory.

    Raises:
        KernelError: EROFS; EPERM, a sticky directory; ENOTEMPTY; and as the host says.
    """
    _remove(os.rmdir, dvp, vp, name, cred)


def _remove(remove: Callable[..., None], dvp: Vnode, vp: Vnode, name: bytes, cred: Ucred) -> None:
    """Take name out of dvp by os.unlink() or os.rmdir()."""
    host_writable(dvp)
    with host_errors():
        _check_sticky(dvp, vp, cred)
        host_keep(vp)
        remove(name, dir_fd=host_dirfd(dvp))
    _forget(dvp, vp, name)


def hostfs_rename(
    fdvp: Vnode,
    fvp: Vnode,
    fname: bytes,
    tdvp: Vnode,
    tvp: Vnode | None,
    tname: bytes,
    cred: Ucred,
) -> None:
    """Give fvp, which is fname in fdvp, the name tname in tdvp, in place of tvp.

    Raises:
        KernelError: EROFS; EPERM, a sticky directory; EACCES, a directory that
            gets another parent may not be written; and as the host says.
    """
    host_writable(fdvp)
    genfs_ufslike_rename_check_permitted(fdvp, fvp, tdvp, cred)
    with host_errors():
        _check_sticky(fdvp, fvp, cred)
        if tvp is not None:
            _check_sticky(tdvp, tvp, cred)
            host_keep(tvp)
        if tvp is fvp:
            os.unlink(fname, dir_fd=host_dirfd(fdvp))
        else:
            os.rename(fname, tname, src_dir_fd=host_dirfd(fdvp), dst_dir_fd=host_dirfd(tdvp))
    if tvp is not None and tvp is not fvp:
        _forget(tdvp, tvp, tname)
    fvp.v_data.hn_parent, fvp.v_data.hn_name = tdvp, tname


def _check_sticky(dvp: Vnode, vp: Vnode, cred: Ucred) -> None:
    directory, file = hostfs_getattr(dvp, cred), hostfs_getattr(vp, cred)
    genfs_can_sticky(directory.va_mode, directory.va_uid, file.va_uid, cred)


def _forget(dvp: Vnode, vp: Vnode, name: bytes) -> None:
    """Note that vp is not name in dvp any more; another name is learnt by the next lookup."""
    node: HostNode = vp.v_data
    if node.hn_parent is dvp and node.hn_name == name:
        node.hn_parent = None
