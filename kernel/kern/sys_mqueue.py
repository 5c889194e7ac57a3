# SPDX-License-Identifier: BSD-2-Clause
"""POSIX message queues.  NetBSD sys/kern/sys_mqueue.c."""

from kernel.arch.python.clock import nanotime
from kernel.arch.python.copy import copyin, copyinstr, copyout
from kernel.fs.genfs.genfs_vnops import genfs_can_access
from kernel.kern.kern_descrip import falloc, fd_abort, fd_affix, fd_close, fd_getfile, fnullop_fcntl
from kernel.kern.kern_sig import kpsignal
from kernel.kern.kern_stub import eopnotsupp
from kernel.kern.kern_synch import PCATCH, PSOCK, tsleep, wakeup, wakeup_one
from kernel.kern.subr_time import ts2timo
from kernel.kern.sys_select import selrecord, selwakeup
from kernel.sys.cdefs import pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FFLAGS, FREAD, FWRITE, O_CREAT, O_EXCL, O_EXEC, O_MASK, O_NONBLOCK
from kernel.sys.file import (
    DTYPE_MQUEUE,
    POLLIN,
    POLLOUT,
    POLLRDNORM,
    POLLWRNORM,
    File,
    FileOps,
)
from kernel.sys.mqueue import (
    MQ_MAX_MAXMSG,
    MQ_MAX_MSGSIZE,
    MQ_NAMELEN,
    MQ_OPEN_MAX,
    MQ_PRIO_MAX,
    MQ_RECEIVE,
    MQ_UNLINKED,
    SIZEOF_MQ_MSG,
    MqAttr,
    MqMsg,
    Mqueue,
)
from kernel.sys.proc import Lwp
from kernel.sys.signal import NSIG, SI_MESGQ, SIGEV_SIGNAL
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.stat import ALLPERMS, S_ISTXT, Stat
from kernel.sys.time import CLOCK_REALTIME, SIZEOF_TIMESPEC, TIMER_ABSTIME, Timespec
from kernel.sys.timevar import SIZEOF_SIGEVENT, Sigevent
from kernel.sys.vnode import VREAD, VREG, VWRITE


def sys_mq_open(lwp: Lwp, name: int, oflag: int, mode: int, attr: int) -> int:
    """mq_open(3): open the queue called name, or make it; return its descriptor.

    Raises:
        KernelError: EACCES. EEXIST, it exists and O_EXCL is given. EFAULT. EINVAL, O_EXEC, an empty
            name, or attributes that there are none of. EMFILE, ENFILE. ENAMETOOLONG. ENOENT, there
            is none and O_CREAT is not given.
    """
    p = lwp.l_proc
    if oflag & O_EXEC:
        raise KernelError(Errno.EINVAL)
    wanted = None
    if oflag & O_CREAT and attr:
        wanted = unpack_from(MqAttr, copyin(p.p_vmspace, attr, sizeof(MqAttr)))
    path = copyinstr(p.p_vmspace, name, MQ_NAMELEN - 1)
    fp, fd = falloc(lwp)
    flag = FFLAGS(oflag) & (FREAD | FWRITE)
    try:
        mq = _open(lwp, path, oflag, flag, mode, wanted)
    except KernelError:
        fd_abort(p, fp, fd)
        raise
    lwp.l_kernel.mqueues[path] = mq
    fp.f_type, fp.f_ops, fp.f_data, fp.f_flag = DTYPE_MQUEUE, mqops, mq, flag
    fd_affix(p, fp, fd)
    return fd


def _open(lwp: Lwp, name: bytes, oflag: int, flag: int, mode: int, wanted: MqAttr | None) -> Mqueue:
    """Return the queue that is to be opened.

    Raises:
        KernelError: as mq_open.
    """
    p = lwp.l_proc
    files = p.p_fd.fd_ofiles
    if sum(fp is not None and fp.f_type == DTYPE_MQUEUE for fp in files) >= MQ_OPEN_MAX:
        raise KernelError(Errno.EMFILE)
    new = _create(lwp, name, oflag, mode, wanted) if oflag & O_CREAT else None
    mq = lwp.l_kernel.mqueues.get(name)
    if mq is not None:
        if oflag & O_EXCL:
            raise KernelError(Errno.EEXIST)
        access = (VREAD if flag & FREAD else 0) | (VWRITE if flag & FWRITE else 0)
        genfs_can_access(VREG, mq.mq_mode, mq.mq_euid, mq.mq_egid, access, p.p_cred)
        return mq
    if new is None:
        raise KernelError(Errno.ENOENT)
    return new


def _create(lwp: Lwp, name: bytes, oflag: int, mode: int, wanted: MqAttr | None) -> Mqueue:
    if not name:
        raise KernelError(Errno.EINVAL)
    attr = wanted or MqAttr()
    if not 0 < attr.mq_maxmsg <= MQ_MAX_MAXMSG or not 0 < attr.mq_msgsize <= MQ_MAX_MSGSIZE:
        raise KernelError(Errno.EINVAL)
    p = lwp.l_proc
    now = nanotime(lwp.l_kernel)
    return Mqueue(
        lwp.l_kernel,
        name,
        oflag & O_MASK,
        attr.mq_maxmsg,
        attr.mq_msgsize,
        mode & ~p.p_cwdi.cwdi_cmask & ALLPERMS & ~S_ISTXT,
        p.p_cred.cr_uid,
        p.p_cred.cr_gid,
        now,
        now,
        now,
    )


def _get(lwp: Lwp, mqdes: int, need: int = 0) -> Mqueue:
    """Return the queue that is open as mqdes, for need.

    Raises:
        KernelError: EBADF.
    """
    fp = fd_getfile(lwp.l_proc, mqdes, need)
    if fp.f_type != DTYPE_MQUEUE:
        raise KernelError(Errno.EBADF)
    mq: Mqueue = fp.f_data
    return mq


def sys_mq_close(lwp: Lwp, mqdes: int) -> int:
    """mq_close(3): close(2).

    Raises:
        KernelError: EBADF.
    """
    fd_close(lwp, mqdes)
    return 0


def sys_mq_unlink(lwp: Lwp, name: int) -> int:
    """mq_unlink(3): take a name away; who has the queue open keeps it, but waits no more.

    Raises:
        KernelError: EACCES, it is another user's. EFAULT. ENAMETOOLONG. ENOENT.
    """
    kernel = lwp.l_kernel
    path = copyinstr(lwp.l_proc.p_vmspace, name, MQ_NAMELEN - 1)
    mq = kernel.mqueues.get(path)
    if mq is None:
        raise KernelError(Errno.ENOENT)
    if lwp.l_proc.p_cred.cr_uid not in {0, mq.mq_euid}:
        raise KernelError(Errno.EACCES)
    del kernel.mqueues[path]
    mq.mq_flags |= MQ_UNLINKED
    for who in (FREAD, FWRITE):
        wakeup(kernel, (mq, who))
    selwakeup(kernel, mq.mq_rsel)
    selwakeup(kernel, mq.mq_wsel)
    return 0


def sys_mq_send(lwp: Lwp, mqdes: int, msg_ptr: int, msg_len: int, msg_prio: int) -> int:
    """mq_send(3): put a message into a queue, behind those of its priority, waiting for room.

    Raises:
        KernelError: EAGAIN, there is no room and the queue is O_NONBLOCK. EBADF. EFAULT.
            EINTR, also if the queue loses its name. EINVAL, msg_prio. EMSGSIZE.
    """
    return _send(lwp, mqdes, msg_ptr, msg_len, msg_prio, None)


def sys___mq_timedsend50(
    lwp: Lwp, mqdes: int, msg_ptr: int, msg_len: int, msg_prio: int, abs_timeout: int
) -> int:
    """mq_timedsend(3): mq_send that waits no longer than until abs_timeout, 0 for ever.

    Raises:
        KernelError: as mq_send; EINVAL, if it has to wait and the time is malformed. ETIMEDOUT.
    """
    until = _until(lwp, abs_timeout)
    return _send(lwp, mqdes, msg_ptr, msg_len, msg_prio, until)


def _until(lwp: Lwp, abs_timeout: int) -> Timespec | None:
    if not abs_timeout:
        return None
    return Timespec.unpack(copyin(lwp.l_proc.p_vmspace, abs_timeout, SIZEOF_TIMESPEC))


def _send(
    lwp: Lwp, mqdes: int, msg_ptr: int, msg_len: int, msg_prio: int, until: Timespec | None
) -> int:
    """Send; the message is copied in before anybody looks where it goes.  Source: mq_send1."""
    kernel = lwp.l_kernel
    if not 0 <= msg_prio < MQ_PRIO_MAX:
        raise KernelError(Errno.EINVAL)
    if not 0 <= msg_len <= MQ_MAX_MSGSIZE - SIZEOF_MQ_MSG:
        raise KernelError(Errno.EMSGSIZE)
    msg = MqMsg(msg_prio, copyin(lwp.l_proc.p_vmspace, msg_ptr, msg_len))
    mq = _get(lwp, mqdes, FWRITE)
    mq.mq_mtime = nanotime(kernel)
    if not 0 < msg_len <= mq.mq_msgsize:
        raise KernelError(Errno.EMSGSIZE)
    while len(mq.mq_msgs) >= mq.mq_maxmsg:
        _wait(lwp, mq, FWRITE, until, "mqrecvcv")
    at = next((n for n, m in enumerate(mq.mq_msgs) if m.msg_prio < msg_prio), len(mq.mq_msgs))
    mq.mq_msgs.insert(at, msg)
    notify, sig = mq.mq_notify_proc, mq.mq_sig_notify
    first = len(mq.mq_msgs) == 1 and not mq.mq_flags & MQ_RECEIVE
    wakeup_one(kernel, (mq, FREAD))
    selwakeup(kernel, mq.mq_rsel)
    if notify is not None and first and sig.sigev_notify == SIGEV_SIGNAL:
        mq.mq_notify_proc = None
        kpsignal(notify, Ksiginfo(sig.sigev_signo, SI_MESGQ, ksi_value=sig.sigev_value))
    return 0


def _wait(lwp: Lwp, mq: Mqueue, who: int, until: Timespec | None, wmesg: str) -> None:
    """Sleep until a message has come or gone.

    Raises:
        KernelError: EAGAIN, EINTR, EINVAL, ETIMEDOUT.
    """
    if mq.mq_flags & O_NONBLOCK:
        raise KernelError(Errno.EAGAIN)
    timo = 0
    if until is not None:
        timo = ts2timo(lwp.l_kernel, CLOCK_REALTIME, TIMER_ABSTIME, until)
    try:
        tsleep(lwp, (mq, who), PSOCK | PCATCH, wmesg, timo)
    except KernelError as exc:
        late = exc.errno is Errno.EWOULDBLOCK
        raise KernelError(Errno.ETIMEDOUT if late else Errno.EINTR) from None
    if mq.mq_flags & MQ_UNLINKED:
        raise KernelError(Errno.EINTR)


def sys_mq_receive(lwp: Lwp, mqdes: int, msg_ptr: int, msg_len: int, msg_prio: int) -> int:
    """mq_receive(3): take the oldest message of the highest priority, waiting; return its size.

    Args:
        lwp: the caller.
        mqdes: the queue.
        msg_ptr: where the message goes.
        msg_len: bytes that there are, at least as many as the longest message has.
        msg_prio: where its priority goes, or 0.

    Raises:
        KernelError: EAGAIN, there is none and the queue is O_NONBLOCK. EBADF. EFAULT: the
            message is lost. EINTR, also if the queue loses its name. EMSGSIZE.
    """
    return _receive(lwp, mqdes, msg_ptr, msg_len, msg_prio, None)


def sys___mq_timedreceive50(
    lwp: Lwp, mqdes: int, msg_ptr: int, msg_len: int, msg_prio: int, abs_timeout: int
) -> int:
    """mq_timedreceive(3): mq_receive that waits no longer than until abs_timeout, 0 for ever.

    Raises:
        KernelError: as mq_receive; EINVAL, if it has to wait and the time is malformed. ETIMEDOUT.
    """
    until = _until(lwp, abs_timeout)
    return _receive(lwp, mqdes, msg_ptr, msg_len, msg_prio, until)


def _receive(
    lwp: Lwp, mqdes: int, msg_ptr: int, msg_len: int, msg_prio: int, until: Timespec | None
) -> int:
    kernel, vm = lwp.l_kernel, lwp.l_proc.p_vmspace
    mq = _get(lwp, mqdes, FREAD)
    mq.mq_atime = nanotime(kernel)
    if msg_len < mq.mq_msgsize:
        raise KernelError(Errno.EMSGSIZE)
    while not mq.mq_msgs:
        mq.mq_flags |= MQ_RECEIVE
        try:
            _wait(lwp, mq, FREAD, until, "mqsendcv")
        finally:
            mq.mq_flags &= ~MQ_RECEIVE
    msg = mq.mq_msgs.pop(0)
    wakeup_one(kernel, (mq, FWRITE))
    selwakeup(kernel, mq.mq_wsel)
    copyout(vm, msg.msg, msg_ptr)
    if msg_prio:
        copyout(vm, msg.msg_prio.to_bytes(4, "little"), msg_prio)
    return len(msg.msg)


def sys_mq_notify(lwp: Lwp, mqdes: int, notification: int) -> int:
    """mq_notify(3): hear by a signal, once, when a message comes into an empty queue.

    A null notification: not any more.

    Raises:
        KernelError: EBADF. EBUSY, somebody is to hear already. EFAULT. EINVAL, no signal.
    """
    sig = None
    if notification:
        sig = Sigevent.unpack(copyin(lwp.l_proc.p_vmspace, notification, SIZEOF_SIGEVENT))
        if sig.sigev_notify == SIGEV_SIGNAL and not 0 < sig.sigev_signo < NSIG:
            raise KernelError(Errno.EINVAL)
    mq = _get(lwp, mqdes)
    if sig is None:
        mq.mq_notify_proc = None
    elif mq.mq_notify_proc is not None:
        raise KernelError(Errno.EBUSY)
    else:
        mq.mq_notify_proc, mq.mq_sig_notify = lwp.l_proc, sig
    return 0


def sys_mq_getattr(lwp: Lwp, mqdes: int, mqstat: int) -> int:
    """mq_getattr(3): store flags, limits and how many messages there are.

    Raises:
        KernelError: EBADF. EFAULT.
    """
    copyout(lwp.l_proc.p_vmspace, pack(_attr(_get(lwp, mqdes))), mqstat)
    return 0


def _attr(mq: Mqueue) -> MqAttr:
    return MqAttr(mq.mq_flags, mq.mq_maxmsg, mq.mq_msgsize, len(mq.mq_msgs))


def sys_mq_setattr(lwp: Lwp, mqdes: int, mqstat: int, omqstat: int) -> int:
    """mq_setattr(3): set O_NONBLOCK, of the queue, for all; store what was at omqstat unless 0.

    Raises:
        KernelError: EBADF. EFAULT.
    """
    vm = lwp.l_proc.p_vmspace
    new = unpack_from(MqAttr, copyin(vm, mqstat, sizeof(MqAttr)))
    mq = _get(lwp, mqdes)
    old = _attr(mq)
    mq.mq_flags = mq.mq_flags & ~O_NONBLOCK | new.mq_flags & O_NONBLOCK
    if omqstat:
        copyout(vm, pack(old), omqstat)
    return 0


def _poll(lwp: Lwp, fp: File, events: int) -> int:
    """Ready to receive if there is a message, to send if there is room.  Source: mq_poll_fop."""
    mq: Mqueue = fp.f_data
    revents = 0
    for what, ready, sel in (
        (POLLIN | POLLRDNORM, bool(mq.mq_msgs), mq.mq_rsel),
        (POLLOUT | POLLWRNORM, len(mq.mq_msgs) < mq.mq_maxmsg, mq.mq_wsel),
    ):
        if events & what:
            if ready:
                revents |= events & what
            else:
                selrecord(lwp, sel)
    return revents


def _stat(_lwp: Lwp, fp: File) -> Stat:
    mq: Mqueue = fp.f_data
    return Stat(
        st_mode=mq.mq_mode,
        st_uid=fp.f_cred.cr_uid,
        st_gid=fp.f_cred.cr_gid,
        st_atim=mq.mq_atime,
        st_mtim=mq.mq_mtime,
        st_ctim=mq.mq_btime,
        st_birthtim=mq.mq_btime,
    )


def _close(lwp: Lwp | None, fp: File) -> None:
    """Whoever was to hear of a message and has closed the queue hears no more."""
    mq: Mqueue = fp.f_data
    if lwp is not None and mq.mq_notify_proc is lwp.l_proc:
        mq.mq_notify_proc = None


mqops = FileOps(
    fo_name="mqueue",
    fo_read=eopnotsupp,
    fo_write=eopnotsupp,
    fo_append=eopnotsupp,
    fo_ioctl=eopnotsupp,
    fo_fcntl=fnullop_fcntl,
    fo_poll=_poll,
    fo_stat=_stat,
    fo_close=_close,
)
