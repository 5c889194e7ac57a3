# SPDX-License-Identifier: BSD-2-Clause
"""System calls on file systems.  NetBSD sys/kern/vfs_syscalls.c."""

from typing import Final

from kernel.arch.python.copy import copyin, copyinstr, copyout
from kernel.kern.kern_descrip import fd_getvnode
from kernel.kern.kern_proc import suser
from kernel.kern.vfs_getcwd import getcwd_common
from kernel.kern.vfs_lookup import namei_simple, pathbuf_copyin
from kernel.kern.vfs_mount import (
    dostatvfs,
    dounmount,
    vfs_getopsbyname,
    vfs_mountalloc,
    vfs_mountstart,
)
from kernel.sys.errno import Errno, KernelError
from kernel.sys.mount import (
    IMNT_CAN_RWTORO,
    IMNT_WANTRDONLY,
    IMNT_WANTRDWR,
    MNT_BASIC_FLAGS,
    MNT_EXPORTED,
    MNT_FORCE,
    MNT_GETARGS,
    MNT_NODEV,
    MNT_NOEXEC,
    MNT_NOSUID,
    MNT_NOWAIT,
    MNT_OP_FLAGS,
    MNT_RDONLY,
    MNT_RELOAD,
    MNT_ROOTFS,
    MNT_UNION,
    MNT_UPDATE,
    VFS_MAX_MOUNT_DATA,
    Mount,
    VfsOps,
)
from kernel.sys.proc import Lwp
from kernel.sys.statvfs import SIZEOF_STATVFS, VFS_NAMELEN, Statvfs
from kernel.sys.vnode import VDIR, VV_ROOT, Vnode

_EXPORT_ARGS30: Final = 136  # bytes of struct mnt_export_args30, which updates once had


def mount_get_vfsops(lwp: Lwp, fstype: int) -> VfsOps:
    """Return the type of file system whose name is at a user address.

    Raises:
        KernelError: ENODEV, there is no such type, or no name to be read.

    Source: mount_get_vfsops, NetBSD sys/kern/vfs_syscalls.c.
    """
    try:
        name = copyinstr(lwp.l_proc.p_vmspace, fstype, VFS_NAMELEN)
    except KernelError:
        raise KernelError(Errno.ENODEV) from None
    vfsops = vfs_getopsbyname(lwp.l_kernel, name.decode("latin-1"))
    if vfsops is None:
        raise KernelError(Errno.ENODEV)
    return vfsops


def sys___mount50(lwp: Lwp, type: int, path: int, flags: int, data: int, data_len: int) -> int:
    """mount(2): put a file system on a directory, or change one that is mounted.

    Args:
        lwp: the caller.
        type: user address of the type's name.
        path: user address.
        flags: MNT_*; with MNT_UPDATE the file system with root path changes,
            with MNT_GETARGS it is only asked.
        data: user address of the type's struct of arguments, or 0.
        data_len: its bytes; 0: as many as the type's struct has.

    Returns:
        With MNT_GETARGS the bytes stored at data, else 0.

    Raises:
        KernelError: ENODEV, no such type; EPERM, neither the superuser nor
            vfs.generic.usermount; ENOTDIR, path; EINVAL, the data, or path is
            no mount point (MNT_UPDATE, MNT_GETARGS); EOPNOTSUPP, the type
            cannot change so; EFAULT; and as namei and the type's vfs_mount.

    Source: do_sys_mount, NetBSD sys/kern/vfs_syscalls.c.
    """
    flags &= 0xFFFFFFFF
    vp = namei_simple(lwp, path)
    if flags & (MNT_GETARGS | MNT_UPDATE):
        vfsops = vp.v_mount.mnt_op
    else:
        vfsops = mount_get_vfsops(lwp, type)
    given = None
    if data:
        if not data_len:
            data_len = vfsops.vfs_min_mount_data
            if flags & MNT_UPDATE:
                data_len = max(data_len, _EXPORT_ARGS30)
        if not 0 < data_len <= VFS_MAX_MOUNT_DATA:
            raise KernelError(Errno.EINVAL)
        given = copyin(lwp.l_proc.p_vmspace, data, data_len)
    if flags & MNT_GETARGS:
        if not data_len:
            raise KernelError(Errno.EINVAL)
        return _mount_getargs(lwp, vp, flags, data, given)
    if flags & MNT_UPDATE:
        _mount_update(lwp, vp, flags, given)
    else:
        _mount_domount(lwp, vp, vfsops, path, flags, given)
    return 0


def _mount_getargs(lwp: Lwp, vp: Vnode, flags: int, data: int, given: bytes | None) -> int:
    """Tell the arguments of what is mounted, which everybody may ask."""
    if flags & ~MNT_GETARGS or not vp.v_vflag & VV_ROOT:
        raise KernelError(Errno.EINVAL)
    mp = vp.v_mount
    args = mp.mnt_op.vfs_getargs(lwp, mp, given)
    copyout(lwp.l_proc.p_vmspace, args, data)
    return len(args)


def _mount_update(lwp: Lwp, vp: Vnode, flags: int, given: bytes | None) -> None:
    """Change a file system that is mounted.

    Source: mount_update.
    """
    mp = vp.v_mount
    if not vp.v_vflag & VV_ROOT:
        raise KernelError(Errno.EINVAL)
    saved = mp.mnt_flag
    rdonly = saved & MNT_RDONLY
    if flags & (MNT_RELOAD | MNT_RDONLY) and not rdonly and not mp.mnt_iflag & IMNT_CAN_RWTORO:
        raise KernelError(Errno.EOPNOTSUPP)
    if flags & MNT_UNION:
        raise KernelError(Errno.EOPNOTSUPP)
    if not (mp.mnt_owner == lwp.l_proc.p_cred.cr_uid and _usermount(lwp, mp, flags)):
        suser(lwp.l_proc)
    _securelevel(lwp, flags == saved | MNT_RDONLY | MNT_RELOAD | MNT_FORCE | MNT_UPDATE)
    mp.mnt_flag = saved & ~(MNT_OP_FLAGS | MNT_BASIC_FLAGS)
    mp.mnt_flag |= flags & (MNT_BASIC_FLAGS | MNT_RELOAD | MNT_FORCE | MNT_UPDATE)
    if flags & MNT_RDONLY != rdonly:
        mp.mnt_iflag |= IMNT_WANTRDWR if rdonly else IMNT_WANTRDONLY
        mp.mnt_flag &= ~MNT_RDONLY
    try:
        mp.mnt_op.vfs_mount(mp, mp.mnt_op.vfs_args(lwp, mp, given))
    except KernelError:
        mp.mnt_flag = saved
        raise
    else:
        mp.mnt_flag |= flags & MNT_RDONLY
    finally:
        mp.mnt_flag &= ~MNT_OP_FLAGS
        mp.mnt_iflag &= ~(IMNT_WANTRDWR | IMNT_WANTRDONLY)


def _mount_domount(
    lwp: Lwp, vp: Vnode, vfsops: VfsOps, path: int, flags: int, given: bytes | None
) -> None:
    """Mount a new file system.

    Source: mount_domount, and set_statvfs_info for the names.
    """
    p = lwp.l_proc
    if not (_owns(lwp, vp) and _usermount(lwp, vp.v_mount, flags)):
        suser(p)
    _securelevel(lwp, False)
    if vp.v_type != VDIR:
        raise KernelError(Errno.ENOTDIR)
    if flags & MNT_EXPORTED:
        raise KernelError(Errno.EINVAL)
    if flags & MNT_UNION:
        raise KernelError(Errno.EOPNOTSUPP)
    mp = vfs_mountalloc(lwp.l_kernel, vfsops, vp, flags)
    mp.mnt_owner = p.p_cred.cr_uid
    mp.mnt_onname = _rootname(lwp).rstrip(b"/") + pathbuf_copyin(lwp, path)
    vfsops.vfs_mount(mp, vfsops.vfs_args(lwp, mp, given))
    mp.mnt_flag &= ~MNT_OP_FLAGS
    try:
        if namei_simple(lwp, path) is not vp:
            raise KernelError(Errno.EINVAL)
    except KernelError:
        vfsops.vfs_unmount(mp, MNT_FORCE)
        raise
    vfs_mountstart(mp)


def _securelevel(lwp: Lwp, degrading: bool) -> None:
    """Refuse, where kern.securelevel is above 1, all but degrading a mount to read-only.

    Raises:
        KernelError: EPERM.

    Source: secmodel_securelevel_system_cb, NetBSD sys/secmodel/securelevel.
    """
    if lwp.l_kernel.securelevel > 1 and not degrading:
        raise KernelError(Errno.EPERM)


def _owns(lwp: Lwp, vp: Vnode) -> bool:
    cred = lwp.l_proc.p_cred
    return vp.v_op.vop_getattr(vp, cred).va_uid == cred.cr_uid


def _usermount(lwp: Lwp, mp: Mount, flags: int) -> bool:
    """Return whether anybody may mount with flags below mp: without devices and set-id programs.

    Source: usermount_common_policy, NetBSD sys/secmodel/extensions.
    """
    wanted = MNT_NODEV | MNT_NOSUID | mp.mnt_flag & MNT_NOEXEC
    return lwp.l_kernel.usermount and not flags & MNT_EXPORTED and flags & wanted == wanted


def _rootname(lwp: Lwp) -> bytes:
    """Return the path of the caller's root directory, as seen without chroot(2).

    Raises:
        KernelError: as getcwd_common.
    """
    root, rootvnode = lwp.l_proc.p_cwdi.cwdi_rdir, lwp.l_kernel.rootvnode
    if root is None or rootvnode is None:
        return b"/"
    return getcwd_common(lwp, root, rootvnode, None)


def sys_unmount(lwp: Lwp, path: int, flags: int) -> int:
    """unmount(2): take the file system with root path away.

    Args:
        lwp: the caller.
        path: user address.
        flags: MNT_FORCE: even if it is in use; what is open becomes dead.

    Raises:
        KernelError: EPERM, neither the superuser nor, with
            vfs.generic.usermount, who mounted it; EINVAL, path is no mount
            point, or the root of the tree; EBUSY; and as namei.

    Source: sys_unmount, NetBSD sys/kern/vfs_syscalls.c.
    """
    vp = namei_simple(lwp, path)
    mp = vp.v_mount
    if not (lwp.l_kernel.usermount and mp.mnt_owner == lwp.l_proc.p_cred.cr_uid):
        suser(lwp.l_proc)
    if mp.mnt_flag & MNT_ROOTFS or not vp.v_vflag & VV_ROOT:
        raise KernelError(Errno.EINVAL)
    dounmount(mp, flags)
    return 0


def sys_revoke(lwp: Lwp, path: int) -> int:
    """revoke(2): take a file away from all who have it open; of a device, all its files.

    Raises:
        KernelError: EPERM, neither the file's owner nor the superuser; and as namei.

    Source: sys_revoke and dorevoke, NetBSD sys/kern/vfs_syscalls.c.
    """
    vp = namei_simple(lwp, path)
    if not _owns(lwp, vp):
        suser(lwp.l_proc)
    vp.v_op.vop_revoke(vp)
    return 0


def sys___statvfs190(lwp: Lwp, path: int, buf: int, flags: int) -> int:
    """statvfs1(2): store the state of the file system that path is on.

    Args:
        lwp: the caller.
        path: user address.
        buf: user address of a struct statvfs.
        flags: ST_WAIT, ST_NOWAIT: the state is always the present one.

    Raises:
        KernelError: EFAULT; and as namei.
    """
    del flags
    mp = namei_simple(lwp, path).v_mount
    copyout(lwp.l_proc.p_vmspace, _statvfs(lwp, mp, _rootname(lwp), root=True).pack(), buf)
    return 0


def sys___fstatvfs190(lwp: Lwp, fd: int, buf: int, flags: int) -> int:
    """fstatvfs1(2): as statvfs1, of an open file.

    Raises:
        KernelError: EBADF; EINVAL, not a file; EFAULT.
    """
    del flags
    mp: Mount = fd_getvnode(lwp.l_proc, fd).f_data.v_mount
    copyout(lwp.l_proc.p_vmspace, _statvfs(lwp, mp, _rootname(lwp), root=True).pack(), buf)
    return 0


def sys___getvfsstat90(lwp: Lwp, buf: int, bufsize: int, flags: int) -> int:
    """getvfsstat(2): store the state of all file systems; return how many.

    In a chroot, of those that are below the root directory, and of the one it is on.

    Args:
        lwp: the caller.
        buf: user address of an array of struct statvfs; 0: only count.
        bufsize: bytes at buf.
        flags: as for statvfs1.

    Raises:
        KernelError: EFAULT.

    Source: do_sys_getvfsstat, NetBSD sys/kern/vfs_syscalls.c.
    """
    del flags
    rdir = lwp.l_proc.p_cwdi.cwdi_rdir
    mounts = lwp.l_kernel.mountlist
    if not buf:
        return len(mounts) + (rdir is not None)
    rootname = _rootname(lwp)
    states = []
    for mp in mounts:
        try:
            states.append(_statvfs(lwp, mp, rootname))
        except KernelError:
            continue  # one that the caller does not see
    if rdir is not None and not any(state.f_mntonname == b"/" for state in states):
        states.append(_statvfs(lwp, rdir.v_mount, rootname, root=True))
    count = min(len(states), bufsize // SIZEOF_STATVFS)
    for index, state in enumerate(states[:count]):
        copyout(lwp.l_proc.p_vmspace, state.pack(), buf + index * SIZEOF_STATVFS)
    return count


def _statvfs(lwp: Lwp, mp: Mount, rootname: bytes, *, root: bool = False) -> Statvfs:
    """Return the state of mp as seen from the caller's root directory.

    Raises:
        KernelError: EPERM, it is not below that, unless root; and as dostatvfs.

    Source: dostatvfs, NetBSD sys/kern/vfs_syscalls.c.
    """
    state = dostatvfs(mp)
    if rootname == b"/":
        return state
    onname = state.f_mntonname
    if onname == rootname or onname.startswith(rootname + b"/"):
        return state._replace(f_mntonname=onname[len(rootname) :] or b"/")
    if not root:
        raise KernelError(Errno.EPERM)
    return state._replace(f_mntonname=b"/")


def sys_sync(lwp: Lwp) -> int:
    """sync(2): bring all file systems to their storage."""
    for mp in lwp.l_kernel.mountlist:
        mp.mnt_op.vfs_sync(mp, MNT_NOWAIT)
    return 0
