# SPDX-License-Identifier: BSD-2-Clause
"""System calls on descriptors.  NetBSD sys/kern/sys_descrip.c."""

from collections.abc import Callable
from typing import Final

from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_descrip import (
    FILE_UNUSE,
    FILE_USE,
    fd_close,
    fd_dup,
    fd_dup2,
    fd_getfile,
    fd_lastfile,
    fd_limit,
    fd_set_exclose,
)
from kernel.kern.vfs_getcwd import getcwd_common
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import (
    F_CLOSEM,
    F_DUPFD,
    F_DUPFD_CLOEXEC,
    F_FLOCK,
    F_FSCTL,
    F_GETFD,
    F_GETFL,
    F_GETLK,
    F_GETNOSIGPIPE,
    F_GETOWN,
    F_GETPATH,
    F_MAXFD,
    F_PARAM_MASK,
    F_PARAM_MAX,
    F_POSIX,
    F_RDLCK,
    F_SETFD,
    F_SETFL,
    F_SETLK,
    F_SETLKW,
    F_SETNOSIGPIPE,
    F_SETOWN,
    F_UNLCK,
    F_WAIT,
    F_WRLCK,
    FASYNC,
    FCNTLFLAGS,
    FD_CLOEXEC,
    FFLAGS,
    FHASLOCK,
    FNONBLOCK,
    FNOSIGPIPE,
    FREAD,
    FWRITE,
    LOCK_EX,
    LOCK_NB,
    LOCK_SH,
    LOCK_UN,
    O_CLOEXEC,
    OFLAGS,
    POSIX_FADV_NOREUSE,
    POSIX_FADV_NORMAL,
    SIZEOF_FLOCK,
    Flock,
)
from kernel.sys.file import DTYPE_PIPE, DTYPE_SOCKET, DTYPE_VNODE, File
from kernel.sys.filedesc import UF_EXCLOSE
from kernel.sys.ioccom import FIOASYNC, FIOGETOWN, FIONBIO, FIOSETOWN
from kernel.sys.param import MAXPATHLEN, PIPE_BUF
from kernel.sys.proc import Lwp
from kernel.sys.unistd import _PC_PIPE_BUF, SEEK_CUR, SEEK_SET
from kernel.sys.vnode import VDIR

_LOCK_NEEDS: Final = {F_RDLCK: FREAD, F_WRLCK: FWRITE, F_UNLCK: 0}
_LOCK_TYPES: Final = {LOCK_SH: F_RDLCK, LOCK_EX: F_WRLCK}
_SETTINGS: Final = ((FNONBLOCK, FIONBIO), (FASYNC, FIOASYNC))
_OFF_MAX: Final = (1 << 63) - 1


def sys_close(lwp: Lwp, fd: int) -> int:
    """close(2): give a descriptor up.

    Raises:
        KernelError: EBADF; or what the file says, EINTR for ERESTART: fd is free even so.
    """
    try:
        fd_close(lwp, fd)
    except KernelError as exc:
        if exc.errno is Errno.ERESTART:
            raise KernelError(Errno.EINTR) from None
        raise
    return 0


def sys_dup(lwp: Lwp, fd: int) -> int:
    """dup(2): return one more descriptor, the lowest free one, for the file open at fd.

    Raises:
        KernelError: EBADF, EMFILE.
    """
    return fd_dup(lwp, fd_getfile(lwp.l_proc, fd))


def sys_dup2(lwp: Lwp, from_: int, to: int) -> int:
    """dup2(2): make to refer to the file open at from; return to.

    Raises:
        KernelError: EBADF, from is not open or to cannot be a descriptor.
    """
    return dodup(lwp, from_, to, 0)


def sys_dup3(lwp: Lwp, from_: int, to: int, flags: int) -> int:
    """dup3(2): dup2 with O_CLOEXEC, O_NONBLOCK or O_NOSIGPIPE; from may be to.

    Raises:
        KernelError: EBADF; EINVAL, other flags.
    """
    return dodup(lwp, from_, to, flags)


def dodup(lwp: Lwp, from_: int, to: int, flags: int) -> int:
    """Do what dup2 and dup3 do."""
    fp = fd_getfile(lwp.l_proc, from_)
    if not 0 <= to < fd_limit(lwp.l_proc):
        raise KernelError(Errno.EBADF)
    if from_ != to:
        fd_dup2(lwp, fp, to, flags)
    return to


def sys_fcntl(lwp: Lwp, fd: int, cmd: int, arg: int) -> int:
    """fcntl(2): control an open file, or its descriptor.

    Args:
        lwp: the caller.
        fd: a descriptor; with F_CLOSEM the lowest to be closed.
        cmd: F_*.
        arg: an int, or the user address of a struct flock.

    Raises:
        KernelError: EBADF. EINVAL, no such command, or F_DUPFD from beyond the
            limit. EMFILE. Record locks: EFAULT, EINVAL, EAGAIN, EINTR, EDEADLK,
            EOPNOTSUPP. What the file says.

    Source: sys_fcntl, NetBSD sys/kern/sys_descrip.c.
    """
    p = lwp.l_proc
    if cmd == F_CLOSEM:
        return _closem(lwp, fd)
    if cmd == F_MAXFD:
        return fd_lastfile(p.p_fd)
    if cmd in {F_SETLK, F_SETLKW, F_GETLK}:
        return _fcntl_lock(lwp, fd, cmd, arg)
    fp = fd_getfile(p, fd)
    if cmd & F_FSCTL:  # for the file system, none of which has any
        size = cmd >> 16 & F_PARAM_MASK
        raise KernelError(Errno.EINVAL if size > F_PARAM_MAX else Errno.EOPNOTSUPP)
    if cmd == F_GETPATH:
        return _getpath(lwp, fp, arg)
    command = _FCNTL.get(cmd)
    if command is None:
        raise KernelError(Errno.EINVAL)
    FILE_USE(fp)
    try:
        return command(lwp, fp, fd, _int(arg))
    except KernelError as exc:
        if exc.errno is Errno.EPASSTHROUGH:  # F_GETOWN, F_SETOWN of what has no owner
            raise KernelError(Errno.ENOTTY) from None
        raise
    finally:
        FILE_UNUSE(fp, lwp)


def sys___fstat50(lwp: Lwp, fd: int, sb: int) -> int:
    """fstat(2): store what is known of the file open at fd.

    Raises:
        KernelError: EBADF, EFAULT; and what the file says.
    """
    fp = fd_getfile(lwp.l_proc, fd)
    copyout(lwp.l_proc.p_vmspace, fp.f_ops.fo_stat(lwp, fp).pack(), sb)
    return 0


def sys_fpathconf(lwp: Lwp, fd: int, name: int) -> int:
    """fpathconf(2): return a limit of the file open at fd.

    Raises:
        KernelError: EBADF; EINVAL, name is not for this kind of file.
    """
    fp = fd_getfile(lwp.l_proc, fd)
    if fp.f_type == DTYPE_VNODE:
        value: int = fp.f_data.v_op.vop_pathconf(fp.f_data, name)
        return value
    if fp.f_type not in {DTYPE_PIPE, DTYPE_SOCKET}:
        raise KernelError(Errno.EOPNOTSUPP)
    if name != _PC_PIPE_BUF:
        raise KernelError(Errno.EINVAL)
    return PIPE_BUF


def sys_flock(lwp: Lwp, fd: int, how: int) -> int:
    """flock(2): lock or unlock a whole file, for whoever shares this open file.

    Raises:
        KernelError: EBADF; EOPNOTSUPP, not a file; EINVAL, how is none of
            LOCK_SH, LOCK_EX, LOCK_UN; EAGAIN, LOCK_NB and it is locked; EINTR.

    Source: sys_flock, NetBSD sys/kern/sys_descrip.c.
    """
    fp = fd_getfile(lwp.l_proc, fd)
    if fp.f_type != DTYPE_VNODE:
        raise KernelError(Errno.EOPNOTSUPP)
    operation = how & ~LOCK_NB
    if operation == LOCK_UN:
        fp.f_flag &= ~FHASLOCK
        _advlock(lwp, fp, fp, F_UNLCK, Flock(0, 0, 0, F_UNLCK, SEEK_SET), F_FLOCK)
        return 0
    if operation not in _LOCK_TYPES:
        raise KernelError(Errno.EINVAL)
    fp.f_flag |= FHASLOCK
    lock = Flock(0, 0, 0, _LOCK_TYPES[operation], SEEK_SET)
    _advlock(lwp, fp, fp, F_SETLK, lock, F_FLOCK if how & LOCK_NB else F_FLOCK | F_WAIT)
    return 0


def sys___posix_fadvise50(lwp: Lwp, fd: int, offset: int, len: int, advice: int) -> int:
    """posix_fadvise(2): hear how a file will be used; return an errno, 0 for success.

    Nothing comes of it: what is in memory cannot be read ahead.

    Source: do_posix_fadvise, NetBSD sys/kern/sys_descrip.c.
    """
    if len < 0 or offset > _OFF_MAX - len:
        return Errno.EINVAL
    try:
        fp = fd_getfile(lwp.l_proc, fd)
    except KernelError as exc:
        return exc.errno
    if fp.f_type in {DTYPE_PIPE, DTYPE_SOCKET}:
        return Errno.ESPIPE
    if fp.f_type != DTYPE_VNODE:
        return Errno.EOPNOTSUPP
    return 0 if POSIX_FADV_NORMAL <= advice <= POSIX_FADV_NOREUSE else Errno.EINVAL


def _closem(lwp: Lwp, fd: int) -> int:
    if fd < 0:
        raise KernelError(Errno.EBADF)
    for victim in range(fd_lastfile(lwp.l_proc.p_fd), fd - 1, -1):
        if lwp.l_proc.p_fd.fd_ofiles[victim] is not None:
            sys_close(lwp, victim)
    return 0


def _fcntl_lock(lwp: Lwp, fd: int, cmd: int, arg: int) -> int:
    """Set, clear or look for a record lock.

    Source: do_fcntl_lock, NetBSD sys/kern/sys_descrip.c.
    """
    vm = lwp.l_proc.p_vmspace
    lock = Flock.unpack(copyin(vm, arg, SIZEOF_FLOCK))
    fp = fd_getfile(lwp.l_proc, fd)
    if fp.f_type != DTYPE_VNODE:
        raise KernelError(Errno.EINVAL)
    if lock.l_whence == SEEK_CUR:
        lock = lock._replace(l_start=lock.l_start + fp.f_offset)
    need = _LOCK_NEEDS.get(lock.l_type)
    if need is None:
        raise KernelError(Errno.EINVAL)
    if cmd == F_GETLK:
        found = _advlock(lwp, fp, lwp.l_proc, F_GETLK, lock, F_POSIX)
        copyout(vm, (found or lock._replace(l_type=F_UNLCK)).pack(), arg)
        return 0
    if fp.f_flag & need != need:
        raise KernelError(Errno.EBADF)
    operation = F_UNLCK if lock.l_type == F_UNLCK else F_SETLK
    wait = F_WAIT if cmd == F_SETLKW and operation == F_SETLK else 0
    _advlock(lwp, fp, lwp.l_proc, operation, lock, F_POSIX | wait)
    return 0


def _advlock(
    lwp: Lwp, fp: File, owner: object, operation: int, lock: Flock, flags: int
) -> Flock | None:
    FILE_USE(fp)
    try:
        found: Flock | None = fp.f_data.v_op.vop_advlock(
            lwp, fp.f_data, owner, operation, lock, flags
        )
        return found
    finally:
        FILE_UNUSE(fp, lwp)


def _dupfd(lwp: Lwp, fp: File, _fd: int, want: int, flags: int = 0) -> int:
    if not 0 <= want < fd_limit(lwp.l_proc):
        raise KernelError(Errno.EINVAL)
    return fd_dup(lwp, fp, want, flags)


def _dupfd_cloexec(lwp: Lwp, fp: File, fd: int, want: int) -> int:
    return _dupfd(lwp, fp, fd, want, O_CLOEXEC)


def _getfd(lwp: Lwp, _fp: File, fd: int, _arg: int) -> int:
    return FD_CLOEXEC if lwp.l_proc.p_fd.fd_ofileflags[fd] & UF_EXCLOSE else 0


def _setfd(lwp: Lwp, _fp: File, fd: int, flags: int) -> int:
    fd_set_exclose(lwp.l_proc, fd, bool(flags & FD_CLOEXEC))
    return 0


def _getfl(_lwp: Lwp, fp: File, _fd: int, _arg: int) -> int:
    return OFLAGS(fp.f_flag)


def _setfl(lwp: Lwp, fp: File, _fd: int, flags: int) -> int:
    """Change the status flags, all or none."""
    wanted = FFLAGS(flags) & FCNTLFLAGS
    fp.f_ops.fo_fcntl(lwp, fp, F_SETFL, wanted)
    told: list[tuple[int, int]] = []
    try:
        for bit, com in _SETTINGS:
            if (wanted ^ fp.f_flag) & bit:
                fp.f_ops.fo_ioctl(lwp, fp, com, _pack(wanted & bit))
                told.append((bit, com))
    except KernelError:
        for bit, com in told:
            fp.f_ops.fo_ioctl(lwp, fp, com, _pack(fp.f_flag & bit))
        fp.f_ops.fo_fcntl(lwp, fp, F_SETFL, fp.f_flag & FCNTLFLAGS)
        raise
    fp.f_flag = fp.f_flag & ~FCNTLFLAGS | wanted
    return 0


def _getown(lwp: Lwp, fp: File, _fd: int, _arg: int) -> int:
    return int.from_bytes(fp.f_ops.fo_ioctl(lwp, fp, FIOGETOWN, bytes(4)), "little", signed=True)


def _setown(lwp: Lwp, fp: File, _fd: int, pid: int) -> int:
    fp.f_ops.fo_ioctl(lwp, fp, FIOSETOWN, _pack(pid))
    return 0


def _getpath(lwp: Lwp, fp: File, uaddr: int) -> int:
    """Store the path of the directory open as fp, and a NUL; no cache knows other files' names."""
    if fp.f_type != DTYPE_VNODE:
        raise KernelError(Errno.EOPNOTSUPP)
    p, vp = lwp.l_proc, fp.f_data
    root = p.p_cwdi.cwdi_rdir or lwp.l_kernel.rootvnode
    if vp.v_type != VDIR or root is None:
        raise KernelError(Errno.ENOENT)
    path = getcwd_common(lwp, vp, root, p.p_cred) + b"\0"
    if len(path) > MAXPATHLEN:
        raise KernelError(Errno.ERANGE)
    copyout(p.p_vmspace, path, uaddr)
    return 0


def _getnosigpipe(_lwp: Lwp, fp: File, _fd: int, _arg: int) -> int:
    return int(bool(fp.f_flag & FNOSIGPIPE))


def _setnosigpipe(_lwp: Lwp, fp: File, _fd: int, on: int) -> int:
    fp.f_flag = fp.f_flag | FNOSIGPIPE if on else fp.f_flag & ~FNOSIGPIPE
    return 0


def _int(register: int) -> int:
    """Return what a register holds, as an int."""
    return (register + (1 << 31) & 0xFFFFFFFF) - (1 << 31)


def _pack(value: int) -> bytes:
    return value.to_bytes(4, "little", signed=True)


_FCNTL: Final[dict[int, Callable[[Lwp, File, int, int], int]]] = {
    F_DUPFD: _dupfd,
    F_DUPFD_CLOEXEC: _dupfd_cloexec,
    F_GETFD: _getfd,
    F_SETFD: _setfd,
    F_GETFL: _getfl,
    F_SETFL: _setfl,
    F_GETOWN: _getown,
    F_SETOWN: _setown,
    F_GETNOSIGPIPE: _getnosigpipe,
    F_SETNOSIGPIPE: _setnosigpipe,
}
