# SPDX-License-Identifier: BSD-2-Clause
"""kqueue(2), kevent(2), and the file that is a queue.  NetBSD sys/kern/kern_event.c."""

from struct import Struct
from typing import Final, NoReturn

from kernel.arch.python.clock import clock_uptime
from kernel.arch.python.copy import copyin, copyinstr, copyout
from kernel.kern.kern_descrip import FILE_UNUSE, FILE_USE, falloc, fd_affix, fd_getfile
from kernel.kern.kern_event import (
    knote_activate,
    knote_detach,
    knote_enqueue,
    selrecord_knote,
)
from kernel.kern.kern_event_filt import sys_kfilters
from kernel.kern.kern_synch import PCATCH, PSOCK, tsleep
from kernel.kern.sys_select import selrecord
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import (
    EV_ADD,
    EV_CLEAR,
    EV_DELETE,
    EV_DISABLE,
    EV_DISPATCH,
    EV_ENABLE,
    EV_ERROR,
    EV_ONESHOT,
    EV_RECEIPT,
    EV_SYSFLAGS,
    EVENT_PROCESS,
    EVENT_REGISTER,
    EVFILT_READ,
    KN_ACTIVE,
    KN_DISABLED,
    KN_QUEUED,
    SIZEOF_KEVENT,
    FilterOps,
    Kevent,
    Knote,
    Kqueue,
)
from kernel.sys.fcntl import FNONBLOCK, FNOSIGPIPE, FREAD, FWRITE, O_CLOEXEC
from kernel.sys.file import DTYPE_KQUEUE, POLLIN, POLLRDNORM, File, FileOps
from kernel.sys.ioccom import IOC_INOUT
from kernel.sys.proc import Lwp
from kernel.sys.stat import S_IFIFO, S_IRUSR, S_IWUSR, Stat
from kernel.sys.time import SIZEOF_TIMESPEC, Timespec

KQ_NEVENTS: Final = 8  # events that are copied at a time
_INT_MAX: Final = (1 << 31) - 1


def sys_kqueue(lwp: Lwp) -> int:
    """kqueue(2): make a queue of kernel events; return its descriptor.

    Raises:
        KernelError: EMFILE, ENFILE.
    """
    return _kqueue1(lwp, 0)


def sys_kqueue1(lwp: Lwp, flags: int) -> int:
    """kqueue1(2): as kqueue, with O_CLOEXEC, O_NONBLOCK, O_NOSIGPIPE; others are passed over.

    Raises:
        KernelError: EMFILE, ENFILE.
    """
    return _kqueue1(lwp, flags)


def _kqueue1(lwp: Lwp, flags: int) -> int:
    fp, fd = falloc(lwp)
    fp.f_type, fp.f_ops = DTYPE_KQUEUE, kqueueops
    fp.f_data = Kqueue(lwp.l_kernel, lwp.l_proc.p_fd)
    fp.f_flag = FREAD | FWRITE | flags & (FNONBLOCK | FNOSIGPIPE)
    fd_affix(lwp.l_proc, fp, fd, flags & O_CLOEXEC)
    return fd


def sys___kevent50(
    lwp: Lwp,
    fd: int,
    changelist: int,
    nchanges: int,
    eventlist: int,
    nevents: int,
    timeout: int,
) -> int:
    """kevent(2): change what a queue watches, then wait for events; return how many are told.

    Args:
        lwp: the caller.
        fd: a queue.
        changelist: user address of nchanges struct kevents.
        nchanges: their number.
        eventlist: where up to nevents events go; changes that failed come first,
            as EV_ERROR, and then nothing is waited for.
        nevents: 0 waits for nothing.
        timeout: user address of a struct timespec; 0 waits for ever.

    Raises:
        KernelError: EBADF, fd is no queue. EFAULT. EINVAL, timeout is no time.
            EINTR. A change's error, if there is no room in eventlist for it.

    Source: kevent1, kqueue_scan.
    """
    fp = fd_getfile(lwp.l_proc, fd)
    if fp.f_type != DTYPE_KQUEUE:
        raise KernelError(Errno.EBADF)
    FILE_USE(fp)
    try:
        vm = lwp.l_proc.p_vmspace
        time = Timespec.unpack(copyin(vm, timeout, SIZEOF_TIMESPEC)) if timeout else None
        failed = 0
        for at in range(0, nchanges, KQ_NEVENTS):
            size = min(KQ_NEVENTS, nchanges - at) * SIZEOF_KEVENT
            raw = copyin(vm, changelist + at * SIZEOF_KEVENT, size)
            for start in range(0, size, SIZEOF_KEVENT):
                kev = Kevent.unpack(raw[start : start + SIZEOF_KEVENT])
                kev = kev._replace(flags=kev.flags & ~EV_SYSFLAGS)
                answer = _change(lwp, fp.f_data, kev, failed < nevents)
                if answer is not None:
                    copyout(vm, answer.pack(), eventlist + failed * SIZEOF_KEVENT)
                    failed += 1
        return failed or _kqueue_scan(lwp, fp.f_data, eventlist, nevents, time)
    finally:
        FILE_UNUSE(fp, lwp)


def _change(lwp: Lwp, kq: Kqueue, kev: Kevent, room: bool) -> Kevent | None:
    """Make one change; return what is to be told of it at once, if anything is.

    Raises:
        KernelError: it failed, and there is no room to tell.
    """
    errno = 0
    try:
        _kqueue_register(lwp, kq, kev)
    except KernelError as exc:
        if not room:
            raise
        errno = exc.errno
    if not errno and not (kev.flags & EV_RECEIPT and room):
        return None
    return kev._replace(flags=EV_ERROR, data=errno)


def _kqueue_register(lwp: Lwp, kq: Kqueue, kev: Kevent) -> None:
    """Add, change or delete a note.

    Raises:
        KernelError: EINVAL, no such filter, or not of this file; EBADF, not open;
            ENOENT, there is no such note; and as f_attach.
    """
    fop = sys_kfilters.get(kev.filter)
    if fop is None:
        raise KernelError(Errno.EINVAL)
    fp = None
    if fop.f_isfd:
        if kev.ident > _INT_MAX:
            raise KernelError(Errno.EBADF)
        fp = fd_getfile(lwp.l_proc, kev.ident)
    kn = kq.kq_notes.get((kev.filter, kev.ident))
    if kn is None:
        if not kev.flags & EV_ADD:
            raise KernelError(Errno.ENOENT)
        kn = _attach(kq, fop, fp, kev)
    elif kev.flags & EV_DELETE:
        knote_detach(kn)
        return
    else:
        kn.kn_udata = kev.udata
        if kn.kn_fop.f_touch is not None:
            kn.kn_fop.f_touch(kn, kev, EVENT_REGISTER)
        else:
            kn.kn_sfflags, kn.kn_sdata = kev.fflags, kev.data
    if kn.kn_fop.f_event(kn, 0):
        knote_activate(kn)
    if kev.flags & EV_DISABLE:
        kn.kn_status |= KN_DISABLED
    if kev.flags & EV_ENABLE:
        knote_enqueue(kn)


def _attach(kq: Kqueue, fop: FilterOps, fp: File | None, kev: Kevent) -> Knote:
    """Make a note and hang it on what it watches.

    Raises:
        KernelError: as f_attach.
    """
    kn = Knote(
        kq, fop, kev.ident, kev.filter, kev.flags, kev.fflags, kev.data, kev.udata, kn_obj=fp
    )
    fop.f_attach(kn)
    kq.kq_notes[kev.filter, kev.ident] = kn
    if fop.f_isfd:
        kq.kq_fdp.fd_knlist.setdefault(kev.ident, []).insert(0, kn)
    return kn


def _kqueue_scan(lwp: Lwp, kq: Kqueue, eventlist: int, nevents: int, time: Timespec | None) -> int:
    """Tell up to nevents events, waiting for the first; return their number.

    Raises:
        KernelError: EINVAL, time is none. EINTR. EFAULT: what could not be told is lost.
    """
    if not nevents:
        return 0
    kernel = lwp.l_kernel
    until = None
    if time is not None:
        if time.tv_sec < 0 or not 0 <= time.tv_nsec < 1_000_000_000:
            raise KernelError(Errno.EINVAL)
        until = clock_uptime(kernel) + time.ns
    while not (found := _collect(lwp, kq, eventlist, nevents)):
        left = 0 if until is None else until - clock_uptime(kernel)
        if until is not None and left <= 0:
            return 0
        try:
            tsleep(lwp, kq, PSOCK | PCATCH, "kqueue", left)
        except KernelError as exc:
            if exc.errno is Errno.EWOULDBLOCK:
                return 0
            raise KernelError(Errno.EINTR) from None
    return found


def _collect(lwp: Lwp, kq: Kqueue, eventlist: int, nevents: int) -> int:
    """Tell up to nevents of what is in the queue now; return their number.

    Raises:
        KernelError: EFAULT.
    """
    vm = lwp.l_proc.p_vmspace
    told: list[bytes] = []
    count = 0
    for _ in range(len(kq.kq_head)):  # who is told of may queue up again, behind
        if count == nevents or not kq.kq_head:
            break
        answer = _process(next(iter(kq.kq_head)))
        if answer is None:
            continue
        told.append(answer.pack())
        count += 1
        if len(told) == KQ_NEVENTS:
            copyout(vm, b"".join(told), eventlist + (count - KQ_NEVENTS) * SIZEOF_KEVENT)
            told = []
    if told:
        copyout(vm, b"".join(told), eventlist + (count - len(told)) * SIZEOF_KEVENT)
    return count


def _process(kn: Knote) -> Kevent | None:
    """Take kn from its queue; return the event, if it is still so, after doing as its flags say."""
    kq = kn.kn_kq
    del kq.kq_head[kn]
    kn.kn_status &= ~KN_QUEUED
    if kn.kn_status & KN_DISABLED:
        return None
    if not kn.kn_flags & EV_ONESHOT and not kn.kn_fop.f_event(kn, 0):
        kn.kn_status &= ~KN_ACTIVE
        return None
    data = (kn.kn_data + (1 << 63)) % (1 << 64) - (1 << 63)
    kev = Kevent(kn.kn_id, kn.kn_filter, kn.kn_flags, kn.kn_fflags, data, kn.kn_udata)
    if kn.kn_fop.f_touch is not None:
        kev = kn.kn_fop.f_touch(kn, kev, EVENT_PROCESS)
    if kn.kn_flags & EV_ONESHOT:
        knote_detach(kn)
    elif kn.kn_flags & EV_CLEAR:
        kn.kn_data = kn.kn_fflags = 0
        kn.kn_status &= ~KN_ACTIVE
    elif kn.kn_flags & EV_DISPATCH:
        kn.kn_status = kn.kn_status & ~KN_ACTIVE | KN_DISABLED
    else:
        kn.kn_status |= KN_QUEUED
        kq.kq_head[kn] = None
    return kev


def _enxio(*_args: object) -> NoReturn:
    raise KernelError(Errno.ENXIO)


_MAPPING: Final = Struct("<QQI4x")  # struct kfilter_mapping: name, len, filter
KFILTER_BYFILTER: Final = IOC_INOUT | _MAPPING.size << 16 | ord("k") << 8 | 0
KFILTER_BYNAME: Final = IOC_INOUT | _MAPPING.size << 16 | ord("k") << 8 | 1
_MAXNAME: Final = 256  # bytes of a filter's name
_NAMES: Final = (
    b"EVFILT_READ",
    b"EVFILT_WRITE",
    b"EVFILT_AIO",
    b"EVFILT_VNODE",
    b"EVFILT_PROC",
    b"EVFILT_SIGNAL",
    b"EVFILT_TIMER",
    b"EVFILT_FS",
    b"EVFILT_USER",
    b"EVFILT_EMPTY",
)


def _ioctl(lwp: Lwp, _fp: File, com: int, data: bytes) -> bytes:
    """Tell a filter's name, or the filter of a name.

    Raises:
        KernelError: ENOENT, there is none; EFAULT; ENAMETOOLONG; ENOTTY, com is another.
    """
    vm = lwp.l_proc.p_vmspace
    if com == KFILTER_BYFILTER:
        name, size, number = _MAPPING.unpack(data)
        if number >= len(_NAMES):
            raise KernelError(Errno.ENOENT)
        whole = _NAMES[number] + b"\0"
        copyout(vm, whole[:size], name)
        if len(whole) > size:
            raise KernelError(Errno.ENAMETOOLONG)
        return data
    if com == KFILTER_BYNAME:
        name, size, _ = _MAPPING.unpack(data)
        asked = copyinstr(vm, name, _MAXNAME)
        if asked not in _NAMES:
            raise KernelError(Errno.ENOENT)
        return _MAPPING.pack(name, size, _NAMES.index(asked))
    raise KernelError(Errno.ENOTTY)


def _fcntl(_lwp: Lwp, _fp: File, _cmd: int, _arg: int) -> NoReturn:
    raise KernelError(Errno.ENOTTY)


def _poll(lwp: Lwp, fp: File, events: int) -> int:
    kq: Kqueue = fp.f_data
    revents = events & (POLLIN | POLLRDNORM)
    if revents and not kq.kq_head:
        selrecord(lwp, kq.kq_sel)
        return 0
    return revents


def _stat(_lwp: Lwp, fp: File) -> Stat:
    """The size is the number of events to be told."""
    return Stat(
        st_mode=S_IFIFO | S_IRUSR | S_IWUSR,
        st_uid=fp.f_cred.cr_uid,
        st_gid=fp.f_cred.cr_gid,
        st_size=len(fp.f_data.kq_head),
        st_blocks=1,
        st_blksize=SIZEOF_KEVENT,
    )


def _close(_lwp: Lwp | None, fp: File) -> None:
    kq: Kqueue = fp.f_data
    for kn in [*kq.kq_notes.values()]:
        knote_detach(kn)
    kq.kq_head.clear()  # NOTE_CHILD, which is nowhere else


def _kqfilter(fp: File, kn: Knote) -> None:
    """A queue can be read when there is an event to be told.

    Raises:
        KernelError: EINVAL, another filter.
    """
    if kn.kn_filter != EVFILT_READ:
        raise KernelError(Errno.EINVAL)
    kn.kn_fop = kqread_filtops
    selrecord_knote(fp.f_data.kq_sel, kn)


def _filt_kqueue(kn: Knote, _hint: int) -> bool:
    kn.kn_data = len(kn.kn_obj.f_data.kq_head)
    return kn.kn_data > 0


kqread_filtops: Final = FilterOps(_filt_kqueue)

kqueueops: Final = FileOps(
    fo_name="kqueue",
    fo_read=_enxio,
    fo_write=_enxio,
    fo_append=_enxio,
    fo_ioctl=_ioctl,
    fo_fcntl=_fcntl,
    fo_poll=_poll,
    fo_stat=_stat,
    fo_close=_close,
    fo_kqfilter=_kqfilter,
)
