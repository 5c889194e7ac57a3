# SPDX-License-Identifier: BSD-2-Clause
"""Vnode operations of a ptyfs.  NetBSD sys/fs/ptyfs/ptyfs_vnops.c."""

from kernel.arch.python.clock import nanotime
from kernel.fs.genfs.genfs_vnops import (
    genfs_can_access,
    genfs_can_chflags,
    genfs_can_chmod,
    genfs_can_chown,
    genfs_can_chtimes,
    genfs_einval,
    genfs_pathconf,
    genfs_vnodeops,
)
from kernel.fs.ptyfs.ptyfs import (
    PtyfsKey,
    PtyfsNode,
    PTYFSpts,
    PTYFSroot,
    ptyfs_active,
    ptyfs_allocvp,
)
from kernel.fs.specfs.spec_vnops import spec_over, spec_pathconf, spec_read, spec_write
from kernel.kern.vfs_subr import uiodirents
from kernel.sys.dataclasses import replace
from kernel.sys.dirent import DT_CHR, DT_DIR, Dirent
from kernel.sys.errno import Errno, KernelError
from kernel.sys.param import DEV_BSIZE, LINK_MAX, PAGE_SIZE
from kernel.sys.proc import Lwp
from kernel.sys.stat import SF_SETTABLE
from kernel.sys.types import NODEV
from kernel.sys.ucred import Ucred
from kernel.sys.uio import Uio
from kernel.sys.unistd import _PC_LINK_MAX
from kernel.sys.vnode import VNON, VNOVAL, Vattr, Vnode


def ptyfs_lookup(dvp: Vnode, name: bytes, _cred: Ucred) -> Vnode | None:
    """Return the slave whose number name is, while there is somebody at its master."""
    if name == b".":
        return dvp
    if not (name.isdigit() and len(name) < 8 and b"%d" % int(name) == name):
        return None
    if not ptyfs_active(dvp.v_mount, int(name)):
        return None
    return ptyfs_allocvp(dvp.v_mount, PtyfsKey(PTYFSpts, int(name)))


def ptyfs_readdir(vp: Vnode, uio: Uio, _cred: Ucred) -> bool:
    """Read the directory: the slaves there are, by number."""
    mp = vp.v_mount
    root = PtyfsKey(PTYFSroot).ptyfs_fileno
    entries = [(0, Dirent(root, DT_DIR, b".")), (1, Dirent(root, DT_DIR, b".."))]
    for ptn in sorted(mp.mnt_kernel.ptys):
        if ptyfs_active(mp, ptn):
            fileno = PtyfsKey(PTYFSpts, ptn).ptyfs_fileno
            entries.append((ptn + 2, Dirent(fileno, DT_CHR, b"%d" % ptn)))
    at = uio.uio_offset
    return uiodirents(uio, ((entry, cookie + 1) for cookie, entry in entries if cookie >= at))


def ptyfs_access(vp: Vnode, accmode: int, cred: Ucred) -> None:
    """Check accmode (VREAD, VWRITE, VEXEC).

    Raises:
        KernelError: EACCES; and as ptyfs_getattr.
    """
    va = ptyfs_getattr(vp, cred)
    genfs_can_access(vp.v_type, va.va_mode, va.va_uid, va.va_gid, accmode, cred)


def ptyfs_getattr(vp: Vnode, _cred: Ucred) -> Vattr:
    """Return the attributes.

    Raises:
        KernelError: ENOENT, nobody holds the master any more.
    """
    node: PtyfsNode = vp.v_data
    key = node.ptyfs_key
    isroot = key.ptyfs_type == PTYFSroot
    if not isroot and not ptyfs_active(vp.v_mount, key.ptyfs_pty):
        raise KernelError(Errno.ENOENT)
    size = DEV_BSIZE if isroot else 0
    return Vattr(
        va_type=vp.v_type,
        va_mode=node.ptyfs_mode,
        va_nlink=2 if isroot else 1,
        va_uid=node.ptyfs_uid,
        va_gid=node.ptyfs_gid,
        va_fsid=vp.v_mount.mnt_fsid,
        va_fileid=key.ptyfs_fileno,
        va_size=size,
        va_blocksize=PAGE_SIZE,
        va_atime=node.ptyfs_atime,
        va_mtime=node.ptyfs_mtime,
        va_ctime=node.ptyfs_ctime,
        va_birthtime=node.ptyfs_birthtime,
        va_gen=0,
        va_flags=node.ptyfs_flags,
        va_rdev=NODEV if isroot else vp.v_rdev,
        va_bytes=size,
    )


def ptyfs_setattr(vp: Vnode, vap: Vattr, cred: Ucred) -> None:
    """Change the attributes that are given.

    Raises:
        KernelError: EINVAL, one that nobody can set. EPERM.
    """
    fixed = (vap.va_nlink, vap.va_fsid, vap.va_fileid, vap.va_blocksize, vap.va_ctime)
    if vap.va_type != VNON or {*fixed, vap.va_gen, vap.va_rdev, vap.va_bytes} != {VNOVAL}:
        raise KernelError(Errno.EINVAL)
    node: PtyfsNode = vp.v_data
    uid, gid = node.ptyfs_uid, node.ptyfs_gid
    if vap.va_flags != VNOVAL:
        changed = bool((vap.va_flags ^ node.ptyfs_flags) & SF_SETTABLE)
        genfs_can_chflags(vp.v_type, uid, changed, cred)
        node.ptyfs_flags = vap.va_flags
    if vap.va_uid != VNOVAL or vap.va_gid != VNOVAL:
        new_uid = uid if vap.va_uid == VNOVAL else vap.va_uid
        new_gid = gid if vap.va_gid == VNOVAL else vap.va_gid
        genfs_can_chown(uid, gid, new_uid, new_gid, cred)
        node.ptyfs_uid, node.ptyfs_gid = new_uid, new_gid
    if vap.va_mode != VNOVAL:
        genfs_can_chmod(vp.v_type, node.ptyfs_uid, node.ptyfs_gid, vap.va_mode, cred)
        node.ptyfs_mode = vap.va_mode
    if {vap.va_atime, vap.va_mtime, vap.va_birthtime} != {VNOVAL}:
        genfs_can_chtimes(vp, vap.va_vaflags, node.ptyfs_uid, cred)
        for name in ("atime", "mtime", "birthtime"):
            value = getattr(vap, f"va_{name}")
            if value != VNOVAL:
                setattr(node, f"ptyfs_{name}", value)
    node.ptyfs_ctime = nanotime(vp.v_mount.mnt_kernel)


def ptyfs_read(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, cred: Ucred) -> None:
    """Have the driver read, and note when."""
    node: PtyfsNode = vp.v_data
    kernel = vp.v_mount.mnt_kernel
    spec_read(lwp, vp, uio, ioflag, cred)
    node.ptyfs_atime = nanotime(kernel)


def ptyfs_write(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, cred: Ucred) -> None:
    """Have the driver write, and note when."""
    node: PtyfsNode = vp.v_data
    kernel = vp.v_mount.mnt_kernel
    spec_write(lwp, vp, uio, ioflag, cred)
    node.ptyfs_mtime = node.ptyfs_ctime = nanotime(kernel)


def ptyfs_pathconf(vp: Vnode, name: int) -> int:
    """Return a limit of the directory (_PC_*).

    Raises:
        KernelError: EINVAL, there is no such limit here.
    """
    return LINK_MAX if name == _PC_LINK_MAX else genfs_pathconf(vp, name)


def ptyfs_reclaim(vp: Vnode) -> None:
    """Forget vp: the node gets another vnode."""
    vnodes = vp.v_mount.mnt_data.pmnt_vnodes
    if vnodes.get(vp.v_data.ptyfs_key) is vp:
        del vnodes[vp.v_data.ptyfs_key]


ptyfs_vnodeops = replace(
    genfs_vnodeops,
    vop_lookup=ptyfs_lookup,
    vop_readdir=ptyfs_readdir,
    vop_access=ptyfs_access,
    vop_getattr=ptyfs_getattr,
    vop_setattr=ptyfs_setattr,
    vop_pathconf=ptyfs_pathconf,
    vop_advlock=genfs_einval,
    vop_reclaim=ptyfs_reclaim,
)
ptyfs_specops = replace(
    spec_over(ptyfs_vnodeops),
    vop_read=ptyfs_read,
    vop_write=ptyfs_write,
    vop_pathconf=spec_pathconf,
)
