# SPDX-License-Identifier: BSD-2-Clause
"""System calls on attributes of files.  NetBSD sys/kern/vfs_syscalls.c.

Those that take a path and flags follow a symbolic link unless there is
AT_SYMLINK_NOFOLLOW; each raises besides its own errors those of namei, and
EBADF, EINVAL for descriptors.
"""

from typing import Final

from kernel.arch.python.clock import nanotime
from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_descrip import fd_getvnode
from kernel.kern.vfs_lookup import fd_atdir, namei_at, nameiat_simple, pathbuf_copyin
from kernel.kern.vfs_vnops import vn_stat, vn_writechk
from kernel.kern.vnode_if import VOP_SETATTR
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import AT_EACCESS, AT_FDCWD, AT_SYMLINK_NOFOLLOW, FWRITE
from kernel.sys.namei import FOLLOW, NOFOLLOW
from kernel.sys.proc import Lwp
from kernel.sys.stat import ALLPERMS, S_ISGID, S_ISUID, UTIME_NOW, UTIME_OMIT
from kernel.sys.time import SIZEOF_TIMESPEC, SIZEOF_TIMEVAL, Timespec, Timeval
from kernel.sys.unistd import R_OK, W_OK, X_OK
from kernel.sys.vnode import (
    VA_UTIMES_NULL,
    VDIR,
    VEXEC,
    VNOVAL,
    VREAD,
    VWRITE,
    Vattr,
    Vnode,
)

_UINT_MASK: Final = 0xFFFFFFFF
_ULONG_MASK: Final = 0xFFFFFFFFFFFFFFFF


def _follow(flag: int) -> int:
    return NOFOLLOW if flag & AT_SYMLINK_NOFOLLOW else FOLLOW


def _vnode(lwp: Lwp, fd: int) -> Vnode:
    vp: Vnode = fd_getvnode(lwp.l_proc, fd).f_data
    return vp


# access, stat, pathconf


def sys_access(lwp: Lwp, path: int, flags: int) -> int:
    """access(2): check what the real ids may do with a file.

    Args:
        lwp: the caller.
        path: user address.
        flags: F_OK, or R_OK, W_OK, X_OK.

    Raises:
        KernelError: EINVAL, flags; EACCES; EROFS; EPERM, an immutable file;
            ETXTBSY, W_OK of a program that runs.
    """
    return sys_faccessat(lwp, AT_FDCWD, path, flags, 0)


def sys_faccessat(lwp: Lwp, fd: int, path: int, amode: int, flag: int) -> int:
    """faccessat(2): as access; with AT_EACCESS, of the effective ids."""
    if amode & ~(R_OK | W_OK | X_OK):
        raise KernelError(Errno.EINVAL)
    name = pathbuf_copyin(lwp, path)
    cred = lwp.l_proc.p_cred
    if not flag & AT_EACCESS:
        cred = cred._replace(cr_uid=cred.cr_ruid, cr_gid=cred.cr_rgid)
    vp = nameiat_simple(lwp, fd_atdir(lwp, fd), name, _follow(flag), cred)
    if amode:
        bits = ((R_OK, VREAD), (W_OK, VWRITE), (X_OK, VEXEC))
        vp.v_op.vop_access(vp, sum(bit for ok, bit in bits if amode & ok), cred)
        if amode & W_OK:
            vn_writechk(vp)
    return 0


def sys___stat50(lwp: Lwp, path: int, ub: int) -> int:
    """stat(2): store a file's attributes (struct stat) at ub.

    Raises:
        KernelError: EFAULT.
    """
    return _stat(lwp, None, pathbuf_copyin(lwp, path), ub, FOLLOW)


def sys___lstat50(lwp: Lwp, path: int, ub: int) -> int:
    """lstat(2): as stat, of a symbolic link itself."""
    return _stat(lwp, None, pathbuf_copyin(lwp, path), ub, NOFOLLOW)


def sys_fstatat(lwp: Lwp, fd: int, path: int, buf: int, flag: int) -> int:
    """fstatat(2): as stat, relative to the open directory fd."""
    name = pathbuf_copyin(lwp, path)
    return _stat(lwp, fd_atdir(lwp, fd), name, buf, _follow(flag))


def _stat(lwp: Lwp, atdir: Vnode | None, path: bytes, ub: int, flags: int) -> int:
    vp = nameiat_simple(lwp, atdir, path, flags)
    p = lwp.l_proc
    copyout(p.p_vmspace, vn_stat(vp, p.p_cred).pack(), ub)
    return 0


def sys_pathconf(lwp: Lwp, path: int, name: int) -> int:
    """pathconf(2): return a limit (_PC_*) of a file.

    Raises:
        KernelError: EINVAL, no such name.
    """
    vp = namei_at(lwp, AT_FDCWD, path, FOLLOW)
    return vp.v_op.vop_pathconf(vp, name)


def sys_lpathconf(lwp: Lwp, path: int, name: int) -> int:
    """lpathconf(2): as pathconf, of a symbolic link itself."""
    vp = namei_at(lwp, AT_FDCWD, path, NOFOLLOW)
    return vp.v_op.vop_pathconf(vp, name)


# chflags, chmod


def sys_chflags(lwp: Lwp, path: int, flags: int) -> int:
    """chflags(2): set a file's flags (UF_*, SF_*).

    Raises:
        KernelError: EPERM, not the owner, or SF_* by others than the superuser; EROFS.
    """
    return _change_flags(lwp, namei_at(lwp, AT_FDCWD, path, FOLLOW), flags)


def sys_lchflags(lwp: Lwp, path: int, flags: int) -> int:
    """lchflags(2): as chflags, of a symbolic link itself."""
    return _change_flags(lwp, namei_at(lwp, AT_FDCWD, path, NOFOLLOW), flags)


def sys_fchflags(lwp: Lwp, fd: int, flags: int) -> int:
    """fchflags(2): as chflags, of an open file."""
    return _change_flags(lwp, _vnode(lwp, fd), flags)


def _change_flags(lwp: Lwp, vp: Vnode, flags: int) -> int:
    """Set the flags; the u_long that is all ones is VNOVAL, and changes none."""
    va_flags = VNOVAL if flags & _ULONG_MASK == _ULONG_MASK else flags & _UINT_MASK
    VOP_SETATTR(vp, Vattr(va_flags=va_flags), lwp.l_proc.p_cred)
    return 0


def sys_chmod(lwp: Lwp, path: int, mode: int) -> int:
    """chmod(2): set a file's permissions.

    Raises:
        KernelError: EPERM, not the owner, or S_ISGID of a group not the
            caller's; EFTYPE, S_ISTXT of a file by others than the superuser; EROFS.
    """
    return _change_mode(lwp, namei_at(lwp, AT_FDCWD, path, FOLLOW), mode)


def sys_lchmod(lwp: Lwp, path: int, mode: int) -> int:
    """lchmod(2): as chmod, of a symbolic link itself."""
    return _change_mode(lwp, namei_at(lwp, AT_FDCWD, path, NOFOLLOW), mode)


def sys_fchmod(lwp: Lwp, fd: int, mode: int) -> int:
    """fchmod(2): as chmod, of an open file."""
    return _change_mode(lwp, _vnode(lwp, fd), mode)


def sys_fchmodat(lwp: Lwp, fd: int, path: int, mode: int, flag: int) -> int:
    """fchmodat(2): as chmod, relative to the open directory fd."""
    return _change_mode(lwp, namei_at(lwp, fd, path, _follow(flag)), mode)


def _change_mode(lwp: Lwp, vp: Vnode, mode: int) -> int:
    VOP_SETATTR(vp, Vattr(va_mode=mode & ALLPERMS), lwp.l_proc.p_cred)
    return 0


# chown


def sys_chown(lwp: Lwp, path: int, uid: int, gid: int) -> int:
    """chown(2): set a file's owner and group, clearing its set-id bits; -1 leaves one.

    Raises:
        KernelError: EPERM, not the superuser, but for the owner's group
            becoming another of the owner's; EROFS.
    """
    return _change_owner(lwp, namei_at(lwp, AT_FDCWD, path, FOLLOW), uid, gid)


def sys_lchown(lwp: Lwp, path: int, uid: int, gid: int) -> int:
    """lchown(2): as chown, of a symbolic link itself."""
    return _change_owner(lwp, namei_at(lwp, AT_FDCWD, path, NOFOLLOW), uid, gid)


def sys_fchown(lwp: Lwp, fd: int, uid: int, gid: int) -> int:
    """fchown(2): as chown, of an open file."""
    return _change_owner(lwp, _vnode(lwp, fd), uid, gid)


def sys_fchownat(lwp: Lwp, fd: int, path: int, owner: int, group: int, flag: int) -> int:
    """fchownat(2): as chown, relative to the open directory fd."""
    return _change_owner(lwp, namei_at(lwp, fd, path, _follow(flag)), owner, group)


def sys___posix_chown(lwp: Lwp, path: int, uid: int, gid: int) -> int:
    """POSIX's chown(2): the superuser leaves set-id bits, others clear both."""
    return _change_owner(lwp, namei_at(lwp, AT_FDCWD, path, FOLLOW), uid, gid, posix=True)


def sys___posix_lchown(lwp: Lwp, path: int, uid: int, gid: int) -> int:
    """POSIX's lchown(2)."""
    return _change_owner(lwp, namei_at(lwp, AT_FDCWD, path, NOFOLLOW), uid, gid, posix=True)


def sys___posix_fchown(lwp: Lwp, fd: int, uid: int, gid: int) -> int:
    """POSIX's fchown(2)."""
    return _change_owner(lwp, _vnode(lwp, fd), uid, gid, posix=True)


def _change_owner(lwp: Lwp, vp: Vnode, uid: int, gid: int, *, posix: bool = False) -> int:
    """Set owner and group, and clear set-id bits with them.

    Source: change_owner, NetBSD sys/kern/vfs_syscalls.c.
    """
    cred = lwp.l_proc.p_cred
    uid, gid = (
        VNOVAL if ident & _UINT_MASK == _UINT_MASK else ident & _UINT_MASK for ident in (uid, gid)
    )
    mode = vp.v_op.vop_getattr(vp, cred).va_mode
    cleared = 0
    if posix:
        if cred.cr_uid:
            cleared = S_ISUID | S_ISGID
    else:
        if uid != VNOVAL:
            cleared |= S_ISUID
        if gid != VNOVAL:
            cleared |= S_ISGID
    newmode = mode & ~cleared if mode & cleared else VNOVAL
    VOP_SETATTR(vp, Vattr(va_uid=uid, va_gid=gid, va_mode=newmode), cred)
    return 0


# utimes


def sys___utimes50(lwp: Lwp, path: int, tptr: int) -> int:
    """utimes(2): set access and modification time.

    Args:
        lwp: the caller.
        path: user address.
        tptr: user address of two struct timeval; 0: now.

    Raises:
        KernelError: EINVAL, microseconds; EFAULT; EPERM, not the owner;
            EACCES, now, and neither the owner nor allowed to write; EROFS.
    """
    times = _timevals(lwp, tptr)
    return _setutimes(lwp, namei_at(lwp, AT_FDCWD, path, FOLLOW), times)


def sys___lutimes50(lwp: Lwp, path: int, tptr: int) -> int:
    """lutimes(2): as utimes, of a symbolic link itself."""
    times = _timevals(lwp, tptr)
    return _setutimes(lwp, namei_at(lwp, AT_FDCWD, path, NOFOLLOW), times)


def sys___futimes50(lwp: Lwp, fd: int, tptr: int) -> int:
    """futimes(2): as utimes, of an open file."""
    vp = _vnode(lwp, fd)
    return _setutimes(lwp, vp, _timevals(lwp, tptr))


def sys_utimensat(lwp: Lwp, fd: int, path: int, tptr: int, flag: int) -> int:
    """utimensat(2): as utimes with two struct timespec; UTIME_NOW and UTIME_OMIT as tv_nsec."""
    times = _timespecs(lwp, tptr)
    return _setutimes(lwp, namei_at(lwp, fd, path, _follow(flag)), times)


def sys_futimens(lwp: Lwp, fd: int, tptr: int) -> int:
    """futimens(2): as utimensat, of an open file."""
    vp = _vnode(lwp, fd)
    return _setutimes(lwp, vp, _timespecs(lwp, tptr))


_Times = tuple[Timespec, Timespec]
_SPECIAL: Final = (UTIME_NOW, UTIME_OMIT)


def _timevals(lwp: Lwp, tptr: int) -> _Times | None:
    """Copy two struct timeval in, as timespecs."""
    if not tptr:
        return None
    data = copyin(lwp.l_proc.p_vmspace, tptr, 2 * SIZEOF_TIMEVAL)
    first, second = (
        _timespec(Timeval.unpack(half)) for half in (data[:SIZEOF_TIMEVAL], data[SIZEOF_TIMEVAL:])
    )
    return first, second


def _timespec(tv: Timeval) -> Timespec:
    if tv.tv_usec in _SPECIAL:
        return Timespec(tv.tv_sec, tv.tv_usec)
    if not 0 <= tv.tv_usec < 1_000_000:
        raise KernelError(Errno.EINVAL)
    return Timespec(tv.tv_sec, tv.tv_usec * 1000)


def _timespecs(lwp: Lwp, tptr: int) -> _Times | None:
    """Copy two struct timespec in; tv_nsec is not looked at, unlike tv_usec."""
    if not tptr:
        return None
    data = copyin(lwp.l_proc.p_vmspace, tptr, 2 * SIZEOF_TIMESPEC)
    return Timespec.unpack(data[:SIZEOF_TIMESPEC]), Timespec.unpack(data[SIZEOF_TIMESPEC:])


def _setutimes(lwp: Lwp, vp: Vnode, times: _Times | None) -> int:
    """Set the times; a modification time before the birth moves the birth too.

    A second of -1 is no time: NetBSD takes it for VNOVAL.

    Source: do_sys_utimensat, NetBSD sys/kern/vfs_syscalls.c.
    """
    cred = lwp.l_proc.p_cred
    now = nanotime(lwp.l_kernel)
    va = Vattr()
    if times is None:
        va.va_atime = va.va_mtime = now
        va.va_vaflags = VA_UTIMES_NULL
    else:
        va.va_atime, va.va_mtime = (_va_time(ts, now) for ts in times)
        if all(ts.tv_nsec == UTIME_NOW for ts in times):
            va.va_vaflags = VA_UTIMES_NULL
    if va.va_mtime != VNOVAL and va.va_mtime < vp.v_op.vop_getattr(vp, cred).va_birthtime:
        va.va_birthtime = va.va_mtime
    VOP_SETATTR(vp, va, cred)
    return 0


def _va_time(ts: Timespec, now: int) -> int:
    if ts.tv_nsec == UTIME_NOW:
        return now
    return VNOVAL if ts.tv_nsec == UTIME_OMIT or ts.tv_sec == -1 else ts.ns


# truncate


def sys_truncate(lwp: Lwp, path: int, length: int) -> int:
    """truncate(2): cut a file to length bytes, or let it grow by a hole.

    No limit holds (RLIMIT_FSIZE): neither does NetBSD ask for it.

    Raises:
        KernelError: EINVAL, length < 0; EISDIR; ETXTBSY, a running program;
            EACCES; EROFS; EPERM, a flag forbids it; EOPNOTSUPP.
    """
    if length < 0:
        raise KernelError(Errno.EINVAL)
    vp = namei_at(lwp, AT_FDCWD, path, FOLLOW)
    if vp.v_type == VDIR:
        raise KernelError(Errno.EISDIR)
    vn_writechk(vp)
    cred = lwp.l_proc.p_cred
    vp.v_op.vop_access(vp, VWRITE, cred)
    VOP_SETATTR(vp, Vattr(va_size=length), cred)
    return 0


def sys_ftruncate(lwp: Lwp, fd: int, length: int) -> int:
    """ftruncate(2): as truncate, of a file open for writing.

    Raises:
        KernelError: EINVAL, length < 0, or not open for writing; EISDIR;
            ETXTBSY; EROFS; EPERM.
    """
    if length < 0:
        raise KernelError(Errno.EINVAL)
    fp = fd_getvnode(lwp.l_proc, fd)
    if not fp.f_flag & FWRITE:
        raise KernelError(Errno.EINVAL)
    vp: Vnode = fp.f_data
    if vp.v_type == VDIR:
        raise KernelError(Errno.EISDIR)
    vn_writechk(vp)
    VOP_SETATTR(vp, Vattr(va_size=length), fp.f_cred)
    return 0
