# SPDX-License-Identifier: BSD-2-Clause
"""The _signal module of a program: NetBSD's signals.  CPython Modules/signalmodule.c.

SIGINT raises KeyboardInterrupt, SIGPIPE and SIGXFSZ are ignored: exec(2) has done that for
a source, so that its trace shows no call that the program did not make; python3(1) calls.
"""

from __future__ import annotations

import signal as _host_signal
import sys as _host_sys
from functools import partial as _partial
from types import SimpleNamespace as _SimpleNamespace
from typing import TYPE_CHECKING, Any

from kernel.sys import signal as _numbers
from kernel.sys.errno import Errno as _Errno
from kernel.sys.fcntl import F_GETFL as _F_GETFL
from kernel.sys.fcntl import O_NONBLOCK as _O_NONBLOCK
from kernel.sys.signalvar import Upcall as _Upcall
from kernel.sys.time import CLOCK_MONOTONIC as _CLOCK_MONOTONIC
from kernel.sys.time import Itimerval as _Itimerval
from kernel.sys.time import Timespec as _Timespec
from kernel.sys.time import Timeval as _Timeval
from kernel.sys.vm import TEXT_INTERRUPT as _TEXT_INTERRUPT
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.libc.cerror import oserror as _oserror
from userland.libc.data import curdata as _curdata
from userland.libc.machine import curlwp as _curlwp
from userland.libc.pthread_int import pthread_self as _pthread_self
from userland.libc.pthread_int import threads as _threads
from userland.python.frames import program_frame as _program_frame
from userland.python.pytime import nanoseconds as _nanoseconds
from userland.python.sigset import signals as _signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType

    Handler = Callable[[int, FrameType | None], Any] | int | None

SIG_DFL, SIG_IGN = _numbers.SIG_DFL, _numbers.SIG_IGN
SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK = (
    _numbers.SIG_BLOCK,
    _numbers.SIG_UNBLOCK,
    _numbers.SIG_SETMASK,
)
NSIG = _numbers.NSIG
ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF = 0, 1, 2
ItimerError = _host_signal.ItimerError
struct_siginfo = _host_signal.struct_siginfo

globals().update(
    {
        name: int(value)
        for name, value in vars(_numbers).items()
        if name.startswith("SIG") and name[3:].isalnum() and isinstance(value, int) and value < NSIG
    }
)


def _handlers() -> dict[int, Handler]:
    table: dict[int, Handler] = _curdata().runtime.handlers
    return table


def signal(signum: int, handler: Handler) -> Handler:
    """Set a handler, called with the signal's number and a frame; return the one before."""
    if _pthread_self().pt_address != _threads().main:
        raise ValueError("signal only works in main thread of the main interpreter")
    _check(signum)
    if not callable(handler) and handler not in (SIG_DFL, SIG_IGN):
        raise TypeError(
            "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"
        )
    before = getsignal(signum)
    action = _tripped if callable(handler) else int(handler or 0)
    _libc.sigaction(signum, _libc.Sigaction(action, 0, _numbers.SA_ONSTACK))
    _handlers()[signum] = handler
    return before


def _tripped(signum: int) -> _Upcall:
    """The handler that the system knows: what runs the program's is left for the main thread."""
    runtime = _curdata().runtime
    if runtime.wakeup_fd != -1:
        try:
            _sys.write(runtime.wakeup_fd, bytes([signum]))
        except OSError as exc:
            if runtime.wakeup_warns or exc.errno != _Errno.EAGAIN:
                runtime.wakeup_errors.append(exc)
    return _Upcall(signum, _partial(_call, signum))


def _call(signum: int) -> None:
    """Run what the program has set for a signal that has come."""
    runtime = _curdata().runtime
    while runtime.wakeup_errors:
        stream = runtime.sys.stderr
        if stream is not None:
            stream.write("Exception ignored when trying to write to the signal wakeup fd:\n")
        _unraisable(runtime, runtime.wakeup_errors.pop(0))
    handler = _handlers().get(signum, default_int_handler)  # which is there from the start
    if callable(handler):
        handler(signum, _program_frame(_host_sys._getframe(1)))
    else:
        _unraisable(runtime, OSError(f"Signal {signum} ignored due to race condition"))


def _unraisable(runtime: Any, exc: OSError) -> None:
    runtime.unraisable(
        _SimpleNamespace(
            exc_type=type(exc),
            exc_value=exc,
            exc_traceback=exc.__traceback__,
            err_msg=None,
            object=None,
        )
    )


def getsignal(signum: int) -> Handler:
    """Return what a signal does."""
    _check(signum)
    known = _handlers().get(signum)
    if known is None:  # as it was when the program began: ignored, perhaps
        now = _libc.sigaction(signum).sa_handler
        known = SIG_IGN if now == SIG_IGN else SIG_DFL
        if now is _interrupted:
            known = _curdata().runtime.sys.modules["_signal"].default_int_handler
        _handlers()[signum] = known
    return known


def default_int_handler(signum: int, frame: FrameType | None, /) -> None:
    """Raise KeyboardInterrupt."""
    raise KeyboardInterrupt


def _interrupted(signum: int) -> _Upcall:
    """What SIGINT does unless a program says otherwise."""
    return _tripped(signum)


def _enter_interrupted() -> None:
    """Put the handler of SIGINT where exec and install() say that it is."""
    _curdata().functions[_TEXT_INTERRUPT] = _interrupted
    _curlwp().l_proc.p_md.md_text[_TEXT_INTERRUPT] = _interrupted


def _install_handlers() -> None:
    """Set the signals as an interpreter that starts does."""
    for signum in (_numbers.SIGPIPE, _numbers.SIGXFSZ):
        _libc.sigaction(signum, _libc.Sigaction(SIG_IGN))
    if _libc.sigaction(_numbers.SIGINT).sa_handler == SIG_DFL:
        _libc.sigaction(_numbers.SIGINT, _libc.Sigaction(_TEXT_INTERRUPT))


def raise_signal(signum: int) -> None:
    """Send the process itself a signal."""
    _libc.raise_(signum)


def alarm(seconds: int) -> int:
    """Have SIGALRM sent in so many seconds."""
    return _libc.alarm(seconds)


def pause() -> None:
    """Wait until a handler has run."""
    _libc.pause()


def setitimer(which: int, seconds: float, interval: float = 0.0) -> tuple[float, float]:
    """Set an interval timer; return what it was."""
    first, again = (_timeval(each) for each in (seconds, interval))
    try:
        old = _libc.setitimer(which, _Itimerval(again, first))
    except OSError as exc:
        raise ItimerError(*exc.args) from None
    return old.it_value.ns / 1e9, old.it_interval.ns / 1e9


def getitimer(which: int, /) -> tuple[float, float]:
    """Return what is left of an interval timer, and its interval."""
    try:
        old = _sys.getitimer(which)
    except OSError as exc:
        raise ItimerError(*exc.args) from None
    return old.it_value.ns / 1e9, old.it_interval.ns / 1e9


def _timeval(seconds: float) -> _Timeval:
    return _Timeval(*divmod(-(-_nanoseconds(seconds) // 1000), 1_000_000))


def pthread_sigmask(how: int, mask: Iterable[int]) -> set[int]:
    """Change the mask; return the old one."""
    return _members(_libc.sigprocmask(how, _sigset(mask)))


def pthread_kill(thread_id: int, signalnum: int, /) -> None:
    """Send a signal to a thread."""
    thread = _threads().all.get(thread_id)
    if thread is None:
        raise _oserror(_Errno.ESRCH)
    _libc.pthread_kill(thread, signalnum)


def sigpending() -> set[int]:
    """Return the signals that wait to be unblocked."""
    return _members(_libc.sigpending())


def valid_signals() -> set[int]:
    """Return all signals."""
    return set(range(1, NSIG))


def strsignal(signum: int) -> str:
    """Return what a signal means."""
    _check(signum)
    return _libc.strsignal(signum)


def siginterrupt(signum: int, flag: bool) -> None:
    """Say whether calls that the signal interrupts fail instead of starting again."""
    _check(signum)
    _libc.siginterrupt(signum, flag)


def sigwait(sigset: Iterable[int], /) -> int:
    """Wait for a signal of sigset; return it."""
    return _libc.sigwait(_sigset(sigset))


def sigwaitinfo(sigset: Iterable[int], /) -> struct_siginfo:
    """Wait for a signal of sigset; return what is known of it."""
    mask = _sigset(sigset)
    while True:
        try:
            return _siginfo(_libc.sigwaitinfo(mask))
        except InterruptedError:
            continue


def sigtimedwait(sigset: Iterable[int], timeout: float, /) -> struct_siginfo | None:
    """sigwaitinfo for at most timeout seconds; None if none has come."""
    left = _nanoseconds(timeout)
    if left < 0:
        raise ValueError("timeout must be non-negative")
    mask = _sigset(sigset)
    end = _sys.clock_gettime(_CLOCK_MONOTONIC).ns + left
    while True:
        try:
            return _siginfo(_libc.sigtimedwait(mask, _Timespec.from_ns(left)))
        except BlockingIOError:
            return None
        except InterruptedError:
            left = max(end - _sys.clock_gettime(_CLOCK_MONOTONIC).ns, 0)


def _siginfo(info: _libc.Siginfo) -> struct_siginfo:
    return struct_siginfo(
        (
            info.si_signo, info.si_code, info.si_errno, info.si_pid, info.si_uid,
            info.si_status, 0,
        )
    )  # fmt: skip


def set_wakeup_fd(fd: int, /, *, warn_on_full_buffer: bool = True) -> int:
    """Have the number of each signal that a Python function handles written to fd; -1, to none."""
    if _pthread_self().pt_address != _threads().main:
        raise ValueError("set_wakeup_fd only works in main thread of the main interpreter")
    if fd != -1:
        _sys.fstat(fd)
        if not _libc.fcntl(fd, _F_GETFL) & _O_NONBLOCK:
            raise ValueError(f"the fd {fd} must be in non-blocking mode")
    runtime = _curdata().runtime
    before: int = runtime.wakeup_fd
    runtime.wakeup_fd, runtime.wakeup_warns = fd, warn_on_full_buffer
    return before


def _sigset(signums: Iterable[int]) -> int:
    return _numbers.sigset(*_signals(signums))


def _check(signum: int) -> None:
    if not 0 < signum < NSIG:
        raise ValueError("signal number out of range")


def _members(mask: int) -> set[int]:
    return {signum for signum in range(1, NSIG) if mask >> signum - 1 & 1}
