# SPDX-License-Identifier: BSD-2-Clause
"""Filters of kernel queues that are no files': processes, signals, timers, users.

NetBSD sys/kern/kern_event.c; kern_sig.c (sig_filtops), vfs_subr.c (fs_filtops).
"""

from collections.abc import Callable
from operator import and_, or_
from typing import Final

from kernel.arch.python.clock import nanotime
from kernel.kern.kern_event import (
    knote_activate,
    knote_deactivate,
    knote_may_watch,
)
from kernel.kern.kern_timeout import callout_reset, callout_stop
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import (
    EV_ADD,
    EV_CLEAR,
    EV_ONESHOT,
    EVENT_PROCESS,
    EVFILT_EMPTY,
    EVFILT_FS,
    EVFILT_PROC,
    EVFILT_READ,
    EVFILT_SIGNAL,
    EVFILT_TIMER,
    EVFILT_USER,
    EVFILT_VNODE,
    EVFILT_WRITE,
    NOTE_ABSTIME,
    NOTE_CHILD,
    NOTE_FFAND,
    NOTE_FFCOPY,
    NOTE_FFCTRLMASK,
    NOTE_FFLAGSMASK,
    NOTE_FFNOP,
    NOTE_FFOR,
    NOTE_MSECONDS,
    NOTE_NSECONDS,
    NOTE_SECONDS,
    NOTE_SIGNAL,
    NOTE_TIMER_UNITMASK,
    NOTE_TRIGGER,
    NOTE_USECONDS,
    FilterOps,
    Kevent,
    Knote,
    klist_insert,
)
from kernel.sys.param import TICK
from kernel.sys.proc import SACTIVE, SSTOP

KQ_CALLOUTMAX: Final = 4 * 1024  # timers of all queues
_UNITS: Final = {NOTE_MSECONDS: 10**6, NOTE_SECONDS: 10**9, NOTE_USECONDS: 10**3, NOTE_NSECONDS: 1}
_NOSCHED: Final = -1  # kn_sdata of a timer that fires once


def _fileattach(kn: Knote) -> None:
    """Have the file choose the filter and hang the note."""
    kn.kn_obj.f_ops.fo_kqfilter(kn.kn_obj, kn)


def _procattach(kn: Knote) -> None:
    """Watch a process.

    Raises:
        KernelError: ESRCH, there is none; EACCES, it is somebody else's, or has changed ids.
    """
    kernel = kn.kn_kq.kq_kernel
    p = kernel.allproc.get(kn.kn_id)
    if p is None or p.p_stat not in {SACTIVE, SSTOP}:
        raise KernelError(Errno.ESRCH)
    if not knote_may_watch(kn.kn_kq, p):
        raise KernelError(Errno.EACCES)
    kn.kn_obj = p
    kn.kn_flags |= EV_CLEAR
    kn.kn_sfflags &= ~NOTE_CHILD
    klist_insert(p.p_klist, kn)


def _proc(kn: Knote, _hint: int) -> bool:
    return kn.kn_fflags != 0


def _sigattach(kn: Knote) -> None:
    """Watch for a signal to the caller, whatever becomes of it."""
    lwp = kn.kn_kq.kq_kernel.curlwp
    if lwp is None:
        raise KernelError(Errno.ESRCH)
    kn.kn_obj = lwp.l_proc
    kn.kn_flags |= EV_CLEAR
    klist_insert(lwp.l_proc.p_klist, kn)


def _signal(kn: Knote, hint: int) -> bool:
    if hint & NOTE_SIGNAL and hint & ~NOTE_SIGNAL == kn.kn_id:
        kn.kn_data += 1
    return kn.kn_data != 0


def _timercompute(kn: Knote, flags: int, fflags: int, data: int) -> tuple[int, int, int | None]:
    """Return a timer's flags, its period (_NOSCHED: none) and ns until it fires (None: now).

    Raises:
        KernelError: EINVAL, fflags there are none of, or a time from now that is 0.

    NetBSD counts in ticks of the clock; here only what is shorter than one is rounded, to one.
    """
    if fflags & ~(NOTE_TIMER_UNITMASK | NOTE_ABSTIME):
        raise KernelError(Errno.EINVAL)
    when = data * _UNITS[fflags & NOTE_TIMER_UNITMASK]
    if fflags & NOTE_ABSTIME:
        left = when - nanotime(kn.kn_kq.kq_kernel)
        return flags, _NOSCHED, None if left <= 0 else left
    if not data:
        raise KernelError(Errno.EINVAL)
    delay = max(when, TICK)  # no timer is shorter
    return flags | EV_CLEAR, _NOSCHED if flags & EV_ONESHOT else delay, delay


def _timerstart(kn: Knote, delay: int | None) -> None:
    if delay is None:
        kn.kn_data = 1
    else:
        kn.kn_hook = callout_reset(kn.kn_kq.kq_kernel, delay, _timerexpire, kn)


def _timerstop(kn: Knote) -> None:
    if kn.kn_hook is not None:
        callout_stop(kn.kn_kq.kq_kernel, kn.kn_hook)
        kn.kn_hook = None


def _timerexpire(kn: Knote) -> None:
    kn.kn_hook = None
    kn.kn_data += 1
    knote_activate(kn)
    if kn.kn_sdata != _NOSCHED:
        _timerstart(kn, kn.kn_sdata)


def _timerattach(kn: Knote) -> None:
    """Start a timer.

    Raises:
        KernelError: EINVAL, as _timercompute; ENOMEM, too many.
    """
    flags, period, delay = _timercompute(kn, kn.kn_flags, kn.kn_sfflags, kn.kn_sdata)
    kernel = kn.kn_kq.kq_kernel
    if kernel.kq_ncallouts + 1 >= KQ_CALLOUTMAX:
        raise KernelError(Errno.ENOMEM)
    kernel.kq_ncallouts += 1
    kn.kn_flags, kn.kn_sdata = flags, period
    _timerstart(kn, delay)


def _timerdetach(kn: Knote) -> None:
    _timerstop(kn)
    kn.kn_sdata = _NOSCHED
    kn.kn_kq.kq_kernel.kq_ncallouts -= 1


def _timertouch(kn: Knote, kev: Kevent, kind: int) -> Kevent:
    if kind == EVENT_PROCESS or not kev.flags & EV_ADD:
        return kev
    _timerstop(kn)
    knote_deactivate(kn)
    kn.kn_data = 0
    flags, period, delay = _timercompute(kn, kev.flags, kev.fflags, kev.data)
    kn.kn_flags, kn.kn_sfflags, kn.kn_sdata = flags, kev.fflags, period
    _timerstart(kn, delay)
    return kev


def _timer(kn: Knote, _hint: int) -> bool:
    return kn.kn_data != 0


def _fsattach(kn: Knote) -> None:
    kn.kn_flags |= EV_CLEAR
    klist_insert(kn.kn_kq.kq_kernel.fs_klist, kn)


def _fs(kn: Knote, hint: int) -> bool:
    kn.kn_fflags |= hint & kn.kn_sfflags
    return kn.kn_fflags != 0


# What EVFILT_USER makes of its flags and those it is given.
_FFCTRL: Final[dict[int, Callable[[int, int], int]]] = {
    NOTE_FFNOP: lambda old, _new: old,
    NOTE_FFAND: and_,
    NOTE_FFOR: or_,
    NOTE_FFCOPY: lambda _old, new: new,
}


def _usertouch(kn: Knote, kev: Kevent, kind: int) -> Kevent:
    """Tell the flags and data that it was given last; kn_hook is set once it is triggered."""
    if kind == EVENT_PROCESS:
        if kn.kn_flags & EV_CLEAR:
            _userclear(kn)
        return kev._replace(fflags=kn.kn_sfflags, data=kn.kn_sdata)
    if kev.fflags & NOTE_TRIGGER:
        kn.kn_hook = True
    combine = _FFCTRL[kev.fflags & NOTE_FFCTRLMASK]
    kn.kn_sfflags = combine(kn.kn_sfflags, kev.fflags & NOTE_FFLAGSMASK)
    kn.kn_sdata = kev.data
    if kev.flags & EV_CLEAR:
        _userclear(kn)
    return kev


def _userclear(kn: Knote) -> None:
    kn.kn_hook = None
    kn.kn_data = kn.kn_fflags = 0


def _user(kn: Knote, _hint: int) -> bool:
    return kn.kn_hook is not None


_file: Final = FilterOps(lambda _kn, _hint: False, f_attach=_fileattach)

# The filters a program may name; EVFILT_AIO is none here, as on NetBSD.
sys_kfilters: Final = {
    EVFILT_READ: _file,
    EVFILT_WRITE: _file,
    EVFILT_VNODE: _file,
    EVFILT_EMPTY: _file,
    EVFILT_PROC: FilterOps(_proc, False, _procattach),
    EVFILT_SIGNAL: FilterOps(_signal, False, _sigattach),
    EVFILT_TIMER: FilterOps(_timer, False, _timerattach, _timerdetach, _timertouch),
    EVFILT_FS: FilterOps(_fs, False, _fsattach),
    EVFILT_USER: FilterOps(_user, False, f_touch=_usertouch),
}
