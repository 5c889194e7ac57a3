# SPDX-License-Identifier: BSD-2-Clause
"""File descriptor management.  NetBSD sys/kern/kern_descrip.c.

A descriptor is reserved (fd_alloc), holds a file from fd_affix on, and is
free again after fd_close or fd_abort.  While a call works on a file it holds
it with FILE_USE, so a close meanwhile only takes the descriptor away.
"""

from contextlib import suppress
from typing import NoReturn

from kernel.kern.kern_event import knote_fdclose
from kernel.kern.subr_log import log
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import (
    F_POSIX,
    F_SETFL,
    F_UNLCK,
    FNONBLOCK,
    FNOSIGPIPE,
    FREAD,
    FWRITE,
    O_CLOEXEC,
    Flock,
)
from kernel.sys.file import DTYPE_KQUEUE, DTYPE_VNODE, File, FileOps
from kernel.sys.filedesc import UF_EXCLOSE, UF_LARVAL, Filedesc
from kernel.sys.ioccom import TIOCGPGRP, TIOCSPGRP
from kernel.sys.proc import SZOMB, Lwp, Proc
from kernel.sys.resource import RLIMIT_NOFILE
from kernel.sys.unistd import SEEK_SET
from kernel.sys.vnode import Vnode


def _bad(*_args: object) -> NoReturn:
    raise KernelError(Errno.EBADF)


badfileops = FileOps(
    fo_name="bad",
    fo_read=_bad,
    fo_write=_bad,
    fo_append=_bad,
    fo_ioctl=_bad,
    fo_fcntl=_bad,
    fo_poll=_bad,
    fo_stat=_bad,
    fo_close=lambda _lwp, _fp: None,
)


def fd_getfile(p: Proc, fd: int, need: int = 0) -> File:
    """Return the file open at fd.

    Args:
        p: whose descriptor it is.
        fd: any register; what is no descriptor is refused.
        need: FREAD or FWRITE if the file must be open for that.

    Raises:
        KernelError: EBADF.

    Source: fd_getfile, NetBSD sys/kern/kern_descrip.c.
    """
    try:
        fp = p.p_fd.fd_ofiles[fd]
    except IndexError:
        fp = None
    if fp is None or fd < 0 or fp.f_flag & need != need:
        raise KernelError(Errno.EBADF)
    return fp


def fd_getvnode(p: Proc, fd: int) -> File:
    """Return the file open at fd, which must be a vnode.

    Raises:
        KernelError: EBADF; EINVAL, it is a pipe or a socket.
    """
    fp = fd_getfile(p, fd)
    if fp.f_type != DTYPE_VNODE:
        raise KernelError(Errno.EINVAL)
    return fp


def fd_limit(p: Proc) -> int:
    """Return the number no descriptor of p may reach."""
    return min(p.p_limit[RLIMIT_NOFILE][0], p.p_kernel.limits.maxfiles)


def fd_alloc(lwp: Lwp, want: int = 0) -> int:
    """Reserve and return the lowest free descriptor >= want.

    Raises:
        KernelError: EMFILE, RLIMIT_NOFILE is reached.
    """
    p = lwp.l_proc
    fdp = p.p_fd
    files, flags = fdp.fd_ofiles, fdp.fd_ofileflags
    fd = free = fdp.fd_freefile
    if want > free:
        fd = want
    end = len(files)
    while fd < end and (files[fd] is not None or flags[fd] & UF_LARVAL):
        fd += 1
    if fd >= p.p_limit[RLIMIT_NOFILE][0] or fd >= lwp.l_kernel.limits.maxfiles:  # fd_limit
        raise KernelError(Errno.EMFILE)
    if fd < end:
        flags[fd] = UF_LARVAL
    else:
        _fd_reserve(fdp, fd)
    if want <= free:
        fdp.fd_freefile = fd + 1
    return fd


def falloc(lwp: Lwp) -> tuple[File, int]:
    """Return a new file, to be filled in, and a descriptor reserved for it.

    The descriptor is seen by nobody until fd_affix; fd_abort gives both back.

    Raises:
        KernelError: EMFILE, the process has too many open; ENFILE, the system.

    Source: fd_allocfile, NetBSD sys/kern/kern_descrip.c.
    """
    fd = fd_alloc(lwp)
    kernel = lwp.l_kernel
    if kernel.nfiles >= kernel.limits.maxfiles:
        _fd_unused(lwp.l_proc.p_fd, fd)
        log(kernel, "file: table is full - increase kern.maxfiles or MAXFILES")
        raise KernelError(Errno.ENFILE)
    kernel.nfiles += 1
    return File(0, badfileops, None, 0, lwp.l_proc.p_cred, 0, 0, 0, 0, kernel), fd


def fd_affix(p: Proc, fp: File, fd: int, flags: int = 0) -> None:
    """Let the reserved fd be fp; flags may hold O_CLOEXEC."""
    fdp = p.p_fd
    fp.f_count += 1
    fdp.fd_ofiles[fd] = fp
    fdp.fd_ofileflags[fd] = UF_EXCLOSE if flags & O_CLOEXEC else 0


def fd_abort(p: Proc, fp: File | None, fd: int) -> None:
    """Give back what falloc returned; without fp, what fd_alloc did."""
    _fd_unused(p.p_fd, fd)
    if fp is not None:
        fp.f_ops = badfileops
        _fclose(None, fp)


def fd_dup(lwp: Lwp, fp: File, want: int = 0, flags: int = 0) -> int:
    """Give fp one more descriptor, the lowest free one >= want; return it.

    Raises:
        KernelError: EMFILE.
    """
    fd = fd_alloc(lwp, want)
    fd_affix(lwp.l_proc, fp, fd, flags)
    return fd


def fd_dup2(lwp: Lwp, fp: File, fd: int, flags: int = 0) -> None:
    """Make fd refer to fp, closing what was open there.

    Args:
        lwp: the caller.
        fp: a file, not the one open at fd.
        fd: below the process's limit; the caller has checked.
        flags: O_CLOEXEC; O_NONBLOCK, O_NOSIGPIPE: set on the file too.

    Raises:
        KernelError: EINVAL, other flags; EBUSY, fd is just being opened.
    """
    if flags & ~(O_CLOEXEC | FNONBLOCK | FNOSIGPIPE):
        raise KernelError(Errno.EINVAL)
    fdp = lwp.l_proc.p_fd
    old = fdp.fd_ofiles[fd] if fd < len(fdp.fd_ofiles) else None
    if old is None:
        if fd < len(fdp.fd_ofiles) and fdp.fd_ofileflags[fd] & UF_LARVAL:
            raise KernelError(Errno.EBUSY)
        _fd_reserve(fdp, fd)
    elif fd in fdp.fd_knlist:
        knote_fdclose(fdp, fd)
    fp.f_flag |= flags & (FNONBLOCK | FNOSIGPIPE)
    fd_affix(lwp.l_proc, fp, fd, flags)
    if old is not None:
        with suppress(KernelError):  # dup2 succeeds whatever the old file's close said
            _fd_closef(lwp, old)


def fd_dupopen(lwp: Lwp, old: int, mode: int, flags: int) -> int:
    """Open /dev/fd/old: give its file one more descriptor; return it.

    Args:
        lwp: the caller.
        old: the descriptor that the device stands for.
        mode: FREAD, FWRITE as asked of open.
        flags: O_CLOEXEC.

    Raises:
        KernelError: EBADF, old is not open; EACCES, not for all of mode; EMFILE.

    Source: fd_dupopen, NetBSD sys/kern/kern_descrip.c.
    """
    fp = fd_getfile(lwp.l_proc, old)
    if mode & (FREAD | FWRITE) & ~fp.f_flag:
        raise KernelError(Errno.EACCES)
    return fd_dup(lwp, fp, 0, flags)


def fd_moveopen(lwp: Lwp, old: int, flags: int) -> int:
    """Open what a device has opened as descriptor old: the lowest that is free becomes it.

    Source: fd_dupopen with EMOVEFD, NetBSD sys/kern/kern_descrip.c.
    """
    fd = fd_dup(lwp, fd_getfile(lwp.l_proc, old), 0, flags)
    fd_close(lwp, old)
    return fd


def fd_set_exclose(p: Proc, fd: int, exclose: bool) -> None:
    """Set or clear close-on-exec of fd, which is open."""
    p.p_fd.fd_ofileflags[fd] = UF_EXCLOSE if exclose else 0


def fd_lastfile(fdp: Filedesc) -> int:
    """Return the highest descriptor in use, -1 if there is none."""
    return next((fd for fd in reversed(range(len(fdp.fd_ofiles))) if fdp.fd_ofiles[fd]), -1)


def fd_close(lwp: Lwp, fd: int) -> None:
    """Close fd.

    Raises:
        KernelError: EBADF; or what the file's close says: fd is free even so.
    """
    fdp = lwp.l_proc.p_fd
    files = fdp.fd_ofiles
    fp = files[fd] if 0 <= fd < len(files) else None
    if fp is None:
        raise KernelError(Errno.EBADF)
    if fd in fdp.fd_knlist:
        knote_fdclose(fdp, fd)
    files[fd] = None
    fdp.fd_ofileflags[fd] = 0
    fdp.fd_freefile = min(fdp.fd_freefile, fd)
    _fd_closef(lwp, fp)


def closef(lwp: Lwp | None, fp: File) -> None:
    """Drop one reference to fp; close it with the last one.

    NetBSD waits here until no call is at work on the file (FILE_UNUSE wakes
    it); here the last FILE_UNUSE closes instead.  So closing never sleeps for
    another process, and a trace lacks the KTR_CSW pair NetBSD would record
    when one process closes what another is just using.

    Raises:
        KernelError: what the file's close says; the reference is gone even so.
    """
    fp.f_count -= 1
    if fp.f_count == 0 and fp.f_usecount == 0:
        _fclose(lwp, fp)
    elif fp.f_msgcount and fp.f_table is not None and fp.f_table.net.unp_thread_kick is not None:
        fp.f_table.net.unp_thread_kick(fp.f_table)  # only messages may refer to it now


def FILE_USE(fp: File) -> None:
    """Hold fp while a call works on it."""
    fp.f_usecount += 1


def FILE_UNUSE(fp: File, lwp: Lwp | None) -> None:
    """Let go of fp after FILE_USE; close it if it lost its last reference meanwhile."""
    fp.f_usecount -= 1
    if fp.f_count == 0 and fp.f_usecount == 0:
        with suppress(KernelError):  # whoever called close(2) has long returned
            _fclose(lwp, fp)


def fd_copy(fdp: Filedesc) -> Filedesc:
    """Return a copy of a descriptor table, for fork.

    Descriptors being opened stay behind, and queues of events, whose notes are of one table.
    """
    new = Filedesc(fdp.fd_ofiles[:], fdp.fd_ofileflags[:], fdp.fd_freefile)
    for fd, fp in enumerate(new.fd_ofiles):
        if fp is not None and fp.f_type != DTYPE_KQUEUE:
            fp.f_count += 1
        elif fp is not None or new.fd_ofileflags[fd] & UF_LARVAL:
            _fd_unused(new, fd)
    return new


def fd_share(fdp: Filedesc) -> Filedesc:
    """Return the same table with one more process on it, for __clone(CLONE_FILES)."""
    fdp.fd_refcnt += 1
    return fdp


def fd_free(lwp: Lwp) -> None:
    """Leave the descriptor table, closing all if nobody else is on it; for exit."""
    p = lwp.l_proc
    fdp, p.p_fd = p.p_fd, Filedesc()
    fdp.fd_refcnt -= 1
    if fdp.fd_refcnt:
        return
    for fd in list(fdp.fd_knlist):
        knote_fdclose(fdp, fd)
    files, fdp.fd_ofiles = fdp.fd_ofiles, []
    for fp in files:
        if fp is not None:
            with suppress(KernelError):  # exit has nobody to tell
                _fd_closef(lwp, fp)


def fd_closeexec(lwp: Lwp) -> None:
    """Close what is marked close-on-exec, unsharing the table first; for exec."""
    p = lwp.l_proc
    if p.p_fd.fd_refcnt > 1:
        p.p_fd.fd_refcnt -= 1
        p.p_fd = fd_copy(p.p_fd)
    for fd, flags in enumerate(p.p_fd.fd_ofileflags):
        if flags & UF_EXCLOSE:
            with suppress(KernelError):  # exec succeeds whatever a close says
                fd_close(lwp, fd)


def fnullop_fcntl(_lwp: Lwp, _fp: File, cmd: int, _arg: int) -> int:
    """fo_fcntl of files that need not know: F_SETFL is fine, nothing else.

    Raises:
        KernelError: EOPNOTSUPP.
    """
    if cmd == F_SETFL:
        return 0
    raise KernelError(Errno.EOPNOTSUPP)


def fsetown(lwp: Lwp, com: int, data: bytes) -> int:
    """Return the owner that FIOSETOWN or TIOCSPGRP names: a process, or minus a process group.

    Raises:
        KernelError: ESRCH, no such process; EPERM, no such group in the caller's
            session; EINVAL, no number of either.

    Source: fsetown, NetBSD sys/kern/kern_descrip.c.
    """
    owner = int.from_bytes(data[:4], "little", signed=True)
    if owner <= -1 << 31 or (com == TIOCSPGRP and owner < 0):
        raise KernelError(Errno.EINVAL)
    if com == TIOCSPGRP:
        owner = -owner
    if owner > 0:
        process = lwp.l_kernel.allproc.get(owner)
        if process is None or process.p_stat == SZOMB:
            raise KernelError(Errno.ESRCH)
    if owner < 0:
        group = lwp.l_kernel.pgrps.get(-owner)
        if group is None or group.pg_session is not lwp.l_proc.p_pgrp.pg_session:
            raise KernelError(Errno.EPERM)
    return owner


def fgetown(owner: int, com: int) -> bytes:
    """Answer FIOGETOWN, or TIOCGPGRP, which tells groups by positive numbers."""
    return (-owner if com == TIOCGPGRP else owner).to_bytes(4, "little", signed=True)


def _fd_closef(lwp: Lwp, fp: File) -> None:
    """Close a descriptor's file; the process's record locks go with any of its descriptors."""
    if fp.f_type == DTYPE_VNODE:
        vp: Vnode = fp.f_data
        if vp.v_lockf is not None or vp.v_mount.mnt_lower is not None:
            whole = Flock(0, 0, 0, F_UNLCK, SEEK_SET)
            with suppress(KernelError):  # what knows no locks has none to give up
                vp.v_op.vop_advlock(lwp, vp, lwp.l_proc, F_UNLCK, whole, F_POSIX)
    closef(lwp, fp)


def _fd_reserve(fdp: Filedesc, fd: int) -> None:
    missing = fd + 1 - len(fdp.fd_ofiles)
    if missing > 0:
        fdp.fd_ofiles.extend([None] * missing)
        fdp.fd_ofileflags.extend([0] * missing)
    fdp.fd_ofileflags[fd] = UF_LARVAL


def _fd_unused(fdp: Filedesc, fd: int) -> None:
    fdp.fd_ofiles[fd] = None
    fdp.fd_ofileflags[fd] = 0
    fdp.fd_freefile = min(fdp.fd_freefile, fd)


def _fclose(lwp: Lwp | None, fp: File) -> None:
    try:
        fp.f_ops.fo_close(lwp, fp)
    finally:
        fp.f_ops = badfileops
        fp.f_data = None
        if fp.f_table is not None:
            fp.f_table.nfiles -= 1
            fp.f_table = None
