# SPDX-License-Identifier: BSD-2-Clause
"""Lightweight processes as C programs use them.  NetBSD include/lwp.h."""

from collections.abc import Callable, Iterable
from struct import Struct

from kernel.sys.lwp import LWP_DETACHED, LWP_SUSPENDED
from kernel.sys.proc import ProcessExit
from kernel.sys.syscall import sysno
from kernel.sys.time import Timespec
from kernel.sys.ucontext import (
    UC_CPU,
    UC_SIGMASK,
    UC_STACK,
    UC_TLSBASE,
    Ucontext,
    ucontext_pack,
)
from userland.libc.cerror import cerror
from userland.libc.data import curdata, text_address
from userland.libc.machine import trap_asleep
from userland.libc.stack import Frame, fetch, pushbytes, pushrecord, reserve
from userland.libc.stdlib import _exit
from userland.libc.syscall import call

__all__ = [
    "LWP_DETACHED",
    "LWP_SUSPENDED",
    "_lwp_create",
    "_lwp_getname",
    "_lwp_makecontext",
    "_lwp_park",
    "_lwp_unpark_all",
    "_lwp_wait",
]

_LWPID = Struct("<i")
_REGISTER = (1 << 64) - 1
_NAME_SIZE = 16  # bytes of a name, MAXCOMLEN
_PARK, _WAIT = sysno("___lwp_park60"), sysno("_lwp_wait")


def _lwp_makecontext(
    start: Callable[[int], object],
    arg: int,
    stack_base: int,
    stack_size: int,
    private: int = 0,
    sigmask: int | None = None,
) -> Ucontext:
    """Return the context of an LWP that calls start(arg) on a stack of its own.

    Args:
        start: a function; what it raises ends the process as an uncaught exception does.
        arg: an int, as a register holds it.
        stack_base: address of the stack's memory.
        stack_size: bytes.
        private: what _lwp_getprivate will return.
        sigmask: signals it blocks, made by sigset(); None: the creator's.
    """
    flags = UC_CPU | UC_STACK | UC_TLSBASE | (UC_SIGMASK if sigmask is not None else 0)
    top = stack_base + stack_size & ~15
    entry = text_address(start, _entry(start), "lwp")
    return Ucontext(
        sigmask or 0, flags, arg & _REGISTER, entry, top, private, stack_base, stack_size
    )


def _entry(start: Callable[[int], object]) -> Callable[[int], None]:
    """Return what runs start and lets nothing escape it but the end of its LWP."""

    def enter(arg: int) -> None:
        try:
            start(arg)
        except ProcessExit:
            raise
        except BaseException as exc:
            uncaught = curdata().uncaught
            if uncaught is None:
                raise
            _exit(uncaught(exc))

    return enter


def _lwp_create(context: Ucontext, flags: int = 0) -> int:
    """Run another LWP in this process; return its lid.

    Args:
        context: made by _lwp_makecontext.
        flags: LWP_DETACHED, LWP_SUSPENDED.

    Raises:
        OSError: EAGAIN, a limit on LWPs. EINVAL.
    """
    with Frame() as lwp:
        at = reserve(lwp, _LWPID.size)
        call("_lwp_create", pushbytes(lwp, ucontext_pack(context)), flags, at)
        lid: int = _LWPID.unpack(fetch(lwp, at, _LWPID.size))[0]
    return lid


def _lwp_wait(wait_for: int = 0) -> int:
    """Wait for LWP wait_for, 0 any, to end; return which it was.

    Raises:
        OSError: ESRCH, there is none. EINVAL, it is detached. EDEADLK. EINTR.
    """
    with Frame() as lwp:
        at = reserve(lwp, _LWPID.size)
        error, _ = trap_asleep(_WAIT, wait_for, at)
        if error:
            cerror(error)
        lid: int = _LWPID.unpack(fetch(lwp, at, _LWPID.size))[0]
    return lid


def _lwp_park(
    clock_id: int = 0,
    flags: int = 0,
    ts: Timespec | None = None,
    unpark: int = 0,
    hint: int = 0,
    unparkhint: int = 0,
) -> int:
    """Sleep until another LWP unparks this one; first unpark LWP unpark unless that is 0.

    Args:
        clock_id: the clock of ts.
        flags: TIMER_ABSTIME: ts is a time of day, not an interval.
        ts: how long, None for ever.
        unpark: lid of an LWP to be unparked.
        hint: what is waited for.
        unparkhint: what the other waits for.

    Raises:
        OSError: EALREADY, it was unparked before it parked. ETIMEDOUT. EINTR. ESRCH. EINVAL.
    """
    with Frame() as lwp:
        error, _ = trap_asleep(
            _PARK, clock_id, flags, pushrecord(lwp, ts), unpark, hint, unparkhint
        )
    if error:
        cerror(error)
    return 0


def _lwp_unpark_all(targets: Iterable[int] | None, hint: int = 0) -> int:
    """Unpark several LWPs; with None return how many that may be.

    Raises:
        OSError: EINVAL, none or too many. ESRCH, one of them is not there.
    """
    if targets is None:
        return call("_lwp_unpark_all", 0, 0, hint)
    data = b"".join(_LWPID.pack(lid) for lid in targets)
    with Frame() as lwp:
        return call("_lwp_unpark_all", pushbytes(lwp, data), len(data) // _LWPID.size, hint)


def _lwp_getname(target: int = 0, size: int = _NAME_SIZE) -> bytes:
    """Return the name of an LWP, 0 the caller; b"" if it has none.

    Raises:
        OSError: ESRCH, there is none. ENAMETOOLONG, it does not fit size bytes.
    """
    with Frame() as lwp:
        at = reserve(lwp, max(size, 1))
        call("_lwp_getname", target, at, size)
        return fetch(lwp, at, size).partition(b"\0")[0]
