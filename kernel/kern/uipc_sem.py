# SPDX-License-Identifier: BSD-2-Clause
"""POSIX semaphores: what sem_open and its kin are made of.  NetBSD sys/kern/uipc_sem.c.

A semaphore is an open file; its identifier is a descriptor.
"""

from kernel.arch.python.copy import copyin, copyinstr, copyout
from kernel.kern.kern_descrip import falloc, fd_abort, fd_affix, fd_close, fd_getfile, fnullop_fcntl
from kernel.kern.kern_stub import eopnotsupp
from kernel.kern.kern_synch import PCATCH, PLOCK, tsleep, wakeup
from kernel.kern.subr_time import ts2timo
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FREAD, FWRITE, O_CREAT, O_EXCL
from kernel.sys.file import DTYPE_SEM, File, FileOps
from kernel.sys.kernel import Kernel
from kernel.sys.ksem import KSEM_MAX, KSEM_MAX_NAMELEN, SEM_VALUE_MAX, SIZEOF_SEM_ID, Ksem
from kernel.sys.proc import Lwp
from kernel.sys.stat import ALLPERMS, S_IWGRP, S_IWOTH, S_IWUSR, Stat
from kernel.sys.time import CLOCK_REALTIME, SIZEOF_TIMESPEC, TIMER_ABSTIME, Timespec


def sys__ksem_init(lwp: Lwp, value: int, idp: int) -> int:
    """_ksem_init(2), sem_init(3): make a semaphore without a name; store its identifier.

    Raises:
        KernelError: EFAULT. EMFILE, ENFILE. ENOSPC, there are as many as there may be.
    """
    fp, fd = falloc(lwp)
    try:
        ks = _create(lwp, None, 0, value)
        _identify(lwp, fd, idp)
    except KernelError:
        fd_abort(lwp.l_proc, fp, fd)
        raise
    lwp.l_kernel.nksems += 1
    _affix(lwp, fp, fd, ks)
    return 0


def sys__ksem_open(lwp: Lwp, name: int, oflag: int, mode: int, value: int, idp: int) -> int:
    """_ksem_open(2), sem_open(3): open the semaphore called name, or make it; store its identifier.

    Raises:
        KernelError: EACCES, it may not be used. EEXIST, it exists and O_EXCL is given. EFAULT.
            EINVAL, a name that is not one slash and then letters. EMFILE, ENFILE. ENAMETOOLONG.
            ENOENT, there is none and O_CREAT is not given. ENOSPC, there are as many as may be.
    """
    kernel = lwp.l_kernel
    path = copyinstr(lwp.l_proc.p_vmspace, name, KSEM_MAX_NAMELEN)
    fp, fd = falloc(lwp)
    try:
        ks = kernel.ksems.get(path)
        if ks is None:
            if not oflag & O_CREAT:
                raise KernelError(Errno.ENOENT)
            ks = _create(lwp, path, mode, value)
        elif oflag & O_EXCL:
            raise KernelError(Errno.EEXIST)
        else:
            _check_access(lwp, ks)
        _identify(lwp, fd, idp)
    except KernelError:
        fd_abort(lwp.l_proc, fp, fd)
        raise
    if path not in kernel.ksems:
        kernel.nksems += 1
        kernel.ksems[path] = ks
    _affix(lwp, fp, fd, ks)
    return 0


def _create(lwp: Lwp, name: bytes | None, mode: int, value: int) -> Ksem:
    if name is not None and (len(name) < 2 or name[:1] != b"/" or b"/" in name[1:]):
        raise KernelError(Errno.EINVAL)
    if lwp.l_kernel.nksems >= KSEM_MAX:
        raise KernelError(Errno.ENOSPC)
    cred = lwp.l_proc.p_cred
    mode &= ALLPERMS & ~lwp.l_proc.p_cwdi.cwdi_cmask
    return Ksem(name, mode, cred.cr_uid, cred.cr_gid, value & SEM_VALUE_MAX)


def _identify(lwp: Lwp, fd: int, idp: int) -> None:
    copyout(lwp.l_proc.p_vmspace, fd.to_bytes(SIZEOF_SEM_ID, "little"), idp)


def _affix(lwp: Lwp, fp: File, fd: int, ks: Ksem) -> None:
    ks.ks_ref += 1
    fp.f_type, fp.f_ops, fp.f_data = DTYPE_SEM, semops, (lwp.l_kernel, ks)
    fp.f_flag = FREAD | FWRITE
    fd_affix(lwp.l_proc, fp, fd)


def _check_access(lwp: Lwp, ks: Ksem) -> None:
    """Refuse who may not write it.

    Raises:
        KernelError: EACCES.
    """
    cred = lwp.l_proc.p_cred
    bit = S_IWUSR if cred.cr_uid == ks.ks_uid else S_IWOTH
    if bit == S_IWOTH and ks.ks_gid in {cred.cr_gid, *cred.cr_groups}:
        bit = S_IWGRP
    if cred.cr_uid and not ks.ks_mode & bit:
        raise KernelError(Errno.EACCES)


def sys__ksem_unlink(lwp: Lwp, name: int) -> int:
    """_ksem_unlink(2), sem_unlink(3): take a name away; who has it open keeps it.

    Raises:
        KernelError: EACCES. EFAULT. ENAMETOOLONG. ENOENT.
    """
    kernel = lwp.l_kernel
    path = copyinstr(lwp.l_proc.p_vmspace, name, KSEM_MAX_NAMELEN)
    ks = kernel.ksems.get(path)
    if ks is None:
        raise KernelError(Errno.ENOENT)
    if lwp.l_proc.p_cred.cr_uid not in {0, ks.ks_uid}:
        raise KernelError(Errno.EACCES)
    del kernel.ksems[path]
    ks.ks_name = None
    _free(kernel, ks)
    return 0


def _free(kernel: Kernel, ks: Ksem) -> None:
    """Forget a semaphore that has no name, if nobody has it open."""
    if not ks.ks_ref and ks.ks_name is None:
        kernel.nksems -= 1


def _get(lwp: Lwp, id: int) -> Ksem:
    """Return the semaphore that is open as id.

    Raises:
        KernelError: EINVAL.
    """
    try:
        fp = fd_getfile(lwp.l_proc, id)
    except KernelError:
        raise KernelError(Errno.EINVAL) from None
    if fp.f_type != DTYPE_SEM:
        raise KernelError(Errno.EINVAL)
    ks: Ksem = fp.f_data[1]
    return ks


def sys__ksem_close(lwp: Lwp, id: int) -> int:
    """_ksem_close(2), sem_close(3): close a semaphore that has a name.

    Raises:
        KernelError: EINVAL, it has none, or there is no such semaphore.
    """
    if _get(lwp, id).ks_name is None:
        raise KernelError(Errno.EINVAL)
    fd_close(lwp, id)
    return 0


def sys__ksem_destroy(lwp: Lwp, id: int) -> int:
    """_ksem_destroy(2), sem_destroy(3): close a semaphore that has no name.

    Raises:
        KernelError: EBUSY, somebody waits for it. EINVAL, it has a name, or there is no such.
    """
    ks = _get(lwp, id)
    if ks.ks_name is not None:
        raise KernelError(Errno.EINVAL)
    if ks.ks_waiters:
        raise KernelError(Errno.EBUSY)
    fd_close(lwp, id)
    return 0


def sys__ksem_post(lwp: Lwp, id: int) -> int:
    """_ksem_post(2), sem_post(3): add 1.

    Raises:
        KernelError: EINVAL. EOVERFLOW, it is SEM_VALUE_MAX already.
    """
    ks = _get(lwp, id)
    if ks.ks_value == SEM_VALUE_MAX:
        raise KernelError(Errno.EOVERFLOW)
    ks.ks_value += 1
    if ks.ks_waiters:
        wakeup(lwp.l_kernel, ks)
    return 0


def sys__ksem_wait(lwp: Lwp, id: int) -> int:
    """_ksem_wait(2), sem_wait(3): take 1, waiting until there is one.

    Raises:
        KernelError: EINTR. EINVAL.
    """
    return _wait(lwp, _get(lwp, id), None)


def sys__ksem_timedwait(lwp: Lwp, id: int, abstime: int) -> int:
    """_ksem_timedwait(2), sem_timedwait(3): wait no longer than until abstime, 0 for ever.

    Raises:
        KernelError: EFAULT. EINTR. EINVAL, also if it has to wait and abstime is malformed.
            ETIMEDOUT.
    """
    until = None
    if abstime:
        until = Timespec.unpack(copyin(lwp.l_proc.p_vmspace, abstime, SIZEOF_TIMESPEC))
    return _wait(lwp, _get(lwp, id), until)


def _wait(lwp: Lwp, ks: Ksem, until: Timespec | None) -> int:
    while not ks.ks_value:
        timo = 0
        if until is not None:
            timo = ts2timo(lwp.l_kernel, CLOCK_REALTIME, TIMER_ABSTIME, until)
        ks.ks_waiters += 1
        try:
            tsleep(lwp, ks, PLOCK | PCATCH, "psem", timo)
        except KernelError as exc:
            if exc.errno is Errno.EWOULDBLOCK:
                raise KernelError(Errno.ETIMEDOUT) from None
            raise
        finally:
            ks.ks_waiters -= 1
    ks.ks_value -= 1
    return 0


def sys__ksem_trywait(lwp: Lwp, id: int) -> int:
    """_ksem_trywait(2), sem_trywait(3): take 1 if there is one.

    Raises:
        KernelError: EAGAIN. EINVAL.
    """
    ks = _get(lwp, id)
    if not ks.ks_value:
        raise KernelError(Errno.EAGAIN)
    ks.ks_value -= 1
    return 0


def sys__ksem_getvalue(lwp: Lwp, id: int, value: int) -> int:
    """_ksem_getvalue(2), sem_getvalue(3): store the value.

    Raises:
        KernelError: EFAULT. EINVAL.
    """
    copyout(lwp.l_proc.p_vmspace, _get(lwp, id).ks_value.to_bytes(4, "little"), value)
    return 0


def _poll(_lwp: Lwp, _fp: File, _events: int) -> int:
    """Nothing is ever so."""
    return 0


def _stat(_lwp: Lwp, fp: File) -> Stat:
    ks: Ksem = fp.f_data[1]
    return Stat(st_mode=ks.ks_mode, st_uid=ks.ks_uid, st_gid=ks.ks_gid)


def _close(_lwp: Lwp | None, fp: File) -> None:
    kernel, ks = fp.f_data
    ks.ks_ref -= 1
    _free(kernel, ks)


semops = FileOps(
    fo_name="sem",
    fo_read=eopnotsupp,
    fo_write=eopnotsupp,
    fo_append=eopnotsupp,
    fo_ioctl=eopnotsupp,
    fo_fcntl=fnullop_fcntl,
    fo_poll=_poll,
    fo_stat=_stat,
    fo_close=_close,
)
