# SPDX-License-Identifier: BSD-2-Clause
"""Signals as C programs use them.  NetBSD include/signal.h."""

from collections.abc import Callable, Iterable
from typing import NoReturn

from kernel.sys.errno import Errno
from kernel.sys.ktrace import SIGINFO_SIZE
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.siginfo import Siginfo
from kernel.sys.signal import (
    NSIG,
    SA_RESTART,
    SI_QUEUE,
    SIG_BLOCK,
    SIG_DFL,
    SIG_ERR,
    SIG_IGN,
    SIGABRT,
    SIGSET_FULL,
    SIZEOF_SIGACTION,
    SIZEOF_SIGSET,
    pack_sigaction,
    pack_sigset,
    sigismember,
    sigset,
    sys_siglist,
    sys_signame,
    unpack_sigaction,
    unpack_sigset,
)
from kernel.sys.signalvar import SIZEOF_SIGSTK, Sigstk, sigstk_pack, sigstk_unpack
from kernel.sys.syscall import sysno
from kernel.sys.time import Itimerval, Timespec, Timeval
from kernel.sys.vm import TEXT_BASE
from userland.libc import sys
from userland.libc.cerror import cerror
from userland.libc.data import curdata, text_address
from userland.libc.machine import trap_asleep
from userland.libc.stack import Frame, fetch, pushbytes, pushrecord, reserve
from userland.libc.stdlib import _exit
from userland.libc.syscall import call, getpid

Handler = Callable[..., object] | int  # a function of the signal's number, SIG_DFL or SIG_IGN

ITIMER_REAL = 0
_SIGTRAMP = TEXT_BASE - 16  # where C has __sigtramp_siginfo_2; here the machine returns
_SIGTRAMP_VERSION = 2


class Sigaction(NamedTuple):
    """What a signal does (struct sigaction); sa_mask is a set made by sigset()."""

    sa_handler: Handler = SIG_DFL
    sa_mask: int = 0
    sa_flags: int = 0


def sigaction(signum: int, act: Sigaction | None = None) -> Sigaction:
    """Set what a signal does if act is given; return what it did.

    Raises:
        OSError: EINVAL, no such signal, or one that cannot be caught.
    """
    with Frame() as lwp:
        new = 0
        if act is not None:
            handler = act.sa_handler
            address = handler if isinstance(handler, int) else text_address(handler)
            new = pushbytes(lwp, pack_sigaction(address, act.sa_mask, act.sa_flags))
        old = reserve(lwp, SIZEOF_SIGACTION)
        call("__sigaction_sigtramp", signum, new, old, _SIGTRAMP, _SIGTRAMP_VERSION)
        address, mask, flags = unpack_sigaction(fetch(lwp, old, SIZEOF_SIGACTION))
    return Sigaction(curdata().functions.get(address, address), mask, flags)


def signal(signum: int, handler: Handler) -> Handler:
    """Set a handler, interrupted calls being restarted; return the one before.

    Raises:
        OSError: EINVAL.
    """
    flags = 0 if curdata().siginterrupted >> signum & 1 else SA_RESTART
    return sigaction(signum, Sigaction(handler, 0, flags)).sa_handler


def siginterrupt(signum: int, flag: bool) -> None:
    """Say whether calls that the signal interrupts fail instead of starting again.

    Raises:
        OSError: EINVAL.
    """
    old = sigaction(signum)
    data = curdata()
    if flag:
        data.siginterrupted |= 1 << signum
        sigaction(signum, old._replace(sa_flags=old.sa_flags & ~SA_RESTART))
    else:
        data.siginterrupted &= ~(1 << signum)
        sigaction(signum, old._replace(sa_flags=old.sa_flags | SA_RESTART))


def sigprocmask(how: int, mask: int | None = None) -> int:
    """Block (SIG_BLOCK), unblock or set the signals of mask, if given; return the old mask.

    Raises:
        OSError: EINVAL, how.
    """
    with Frame() as lwp:
        new = 0 if mask is None else pushbytes(lwp, pack_sigset(mask))
        old = reserve(lwp, SIZEOF_SIGSET)
        call("__sigprocmask14", how, new, old)
        return unpack_sigset(fetch(lwp, old, SIZEOF_SIGSET))


def sigpending() -> int:
    """Return the set of signals that wait to be unblocked."""
    with Frame() as lwp:
        at = reserve(lwp, SIZEOF_SIGSET)
        call("__sigpending14", at)
        return unpack_sigset(fetch(lwp, at, SIZEOF_SIGSET))


def sigsuspend(mask: int) -> None:
    """Wait under another mask until a handler has run; returns then."""
    with Frame() as lwp:
        error, _ = trap_asleep(sysno("__sigsuspend14"), pushbytes(lwp, pack_sigset(mask)))
        if error != Errno.EINTR:
            cerror(error)


def sigaltstack(new: Sigstk | None = None) -> Sigstk:
    """Say where handlers with SA_ONSTACK run, if new is given; return where they did.

    Raises:
        OSError: EINVAL, flags, or the stack is in use. ENOMEM, it is too small.
    """
    with Frame() as lwp:
        at = 0 if new is None else pushbytes(lwp, sigstk_pack(new))
        old = reserve(lwp, SIZEOF_SIGSTK)
        call("__sigaltstack14", at, old)
        return sigstk_unpack(fetch(lwp, old, SIZEOF_SIGSTK))


def sigtimedwait(mask: int, timeout: Timespec | None = None) -> Siginfo:
    """Take a pending signal of mask, waiting for one; return what is known of it.

    Raises:
        OSError: EAGAIN, the time has passed. EINTR, another signal's handler has run. EINVAL.
    """
    with Frame() as lwp:
        time = pushrecord(lwp, timeout)
        info = reserve(lwp, SIGINFO_SIZE)
        call("____sigtimedwait50", pushbytes(lwp, pack_sigset(mask)), info, time)
        return Siginfo.unpack(fetch(lwp, info, SIGINFO_SIZE))


def sigwaitinfo(mask: int) -> Siginfo:
    """sigtimedwait without a time.

    Raises:
        OSError: EINTR.
    """
    return sigtimedwait(mask)


def sigwait(mask: int) -> int:
    """Wait for a signal of mask; return it, on after other signals' handlers.

    Raises:
        OSError: EFAULT.
    """
    while True:
        try:
            return sigtimedwait(mask).si_signo
        except InterruptedError:
            continue


def sigqueueinfo(pid: int, info: Siginfo) -> int:
    """Send a signal with what is to be known of it.

    Raises:
        OSError: EPERM, EINVAL, ESRCH; EAGAIN, too many wait there already.
    """
    with Frame() as lwp:
        return call("sigqueueinfo", pid, pushbytes(lwp, info.pack()))


def sigqueue(pid: int, signum: int, value: int = 0) -> int:
    """Send a signal with a value; realtime signals are queued.

    Raises:
        OSError: as sigqueueinfo.
    """
    info = Siginfo(signum, SI_QUEUE, si_pid=getpid(), si_uid=sys.geteuid(), si_value=value)
    return sigqueueinfo(pid, info)


def pause() -> None:
    """Wait until a handler has run."""
    sigsuspend(sigprocmask(SIG_BLOCK))


def raise_(signum: int) -> int:
    """Send the process itself a signal.

    Raises:
        OSError: EINVAL.
    """
    result: int = sys.kill(getpid(), signum)
    return result


def abort() -> NoReturn:
    """End the process by SIGABRT."""
    signal(SIGABRT, SIG_DFL)
    raise_(SIGABRT)
    _exit(127)


def killpg(pgrp: int, signum: int) -> int:
    """Send a signal to a process group.

    Raises:
        OSError: ESRCH, EPERM, EINVAL.
    """
    result: int = sys.kill(-pgrp, signum)
    return result


def setitimer(which: int, value: Itimerval) -> Itimerval:
    """Set an interval timer; return what it was.

    Raises:
        OSError: EINVAL.
    """
    with Frame() as lwp:
        old = reserve(lwp, 32)
        call("__setitimer50", which, pushrecord(lwp, value), old)
        return Itimerval.unpack(fetch(lwp, old, 32))


def alarm(seconds: int) -> int:
    """Have SIGALRM sent in so many seconds, 0 for never; return what was left of the last one."""
    old = setitimer(ITIMER_REAL, Itimerval(Timeval(0, 0), Timeval(seconds, 0)))
    left = old.it_value
    return left.tv_sec + (1 if left.tv_usec else 0)


def signalname(signum: int) -> str | None:
    """Return a signal's name without SIG, None if there is none."""
    return sys_signame[signum] if 0 < signum < NSIG else None


def signalnumber(name: str) -> int:
    """Return the number of a signal's name, with or without SIG; 0 if there is none."""
    bare = name.upper().removeprefix("SIG")
    return next((n for n in range(1, NSIG) if sys_signame[n] == bare), 0)


def strsignal(signum: int) -> str:
    """Return what a signal means."""
    return sys_siglist[signum] if 0 < signum < NSIG else f"Unknown signal: {signum}"


def psignal(signum: int, text: str = "") -> None:
    """Write what a signal means to the standard error output, after text and a colon."""
    line = f"{text}: {strsignal(signum)}\n" if text else f"{strsignal(signum)}\n"
    sys.write(2, line.encode())


def sigemptyset() -> int:
    """Return the set without signals."""
    return 0


def sigfillset() -> int:
    """Return the set of all signals."""
    return SIGSET_FULL


def sigaddset(mask: int, signum: int) -> int:
    """Return mask with signum in it."""
    return mask | sigset(signum)


def sigdelset(mask: int, signum: int) -> int:
    """Return mask without signum."""
    return mask & ~sigset(signum)


def sigset_of(signums: Iterable[int]) -> int:
    """Return the set of signals."""
    return sigset(*signums)


__all__ = [
    "ITIMER_REAL", "SIG_DFL", "SIG_ERR", "SIG_IGN", "Handler", "Sigaction", "Siginfo", "Sigstk",
    "abort", "alarm", "killpg", "pause", "psignal", "raise_", "setitimer", "sigaction",
    "sigaddset", "sigaltstack", "sigdelset", "sigemptyset", "sigfillset", "siginterrupt",
    "sigismember", "signal", "signalname", "signalnumber", "sigpending", "sigprocmask",
    "sigqueue", "sigqueueinfo", "sigset", "sigset_of", "sigsuspend", "sigtimedwait", "sigwait",
    "sigwaitinfo", "strsignal",
]  # fmt: skip
