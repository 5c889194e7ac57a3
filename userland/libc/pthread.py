# SPDX-License-Identifier: BSD-2-Clause
"""Threads: made, ended, waited for, named; data of their own.  NetBSD lib/libpthread/pthread.c.

What C functions return as an error is raised, as an OSError.
"""

from collections.abc import Callable
from typing import Any, Final, NoReturn

from kernel.sys.errno import Errno
from kernel.sys.lwp import LWP_DETACHED, LWP_SUSPENDED
from kernel.sys.proc import ProcessExit
from kernel.sys.syscall import sysno
from userland.libc.cerror import cerror
from userland.libc.data import curdata
from userland.libc.lwp import _lwp_create, _lwp_makecontext, _lwp_wait
from userland.libc.machine import trap
from userland.libc.pthread_int import (
    Pthread,
    pthread_self,
    stack_get,
    stack_put,
    threads,
)
from userland.libc.signal import sigprocmask
from userland.libc.stack import Frame, pushstr
from userland.libc.stdlib import _exit, nowhere
from userland.libc.syscall import call

__all__ = [
    "PTHREAD_CREATE_DETACHED", "PTHREAD_CREATE_JOINABLE", "PTHREAD_CREATE_SUSPENDED",
    "PTHREAD_KEYS_MAX", "Pthread", "pthread_create", "pthread_detach", "pthread_equal",
    "pthread_exit", "pthread_getname_np", "pthread_getspecific", "pthread_join",
    "pthread_key_create", "pthread_key_delete", "pthread_kill",
    "pthread_resume_np", "pthread_self", "pthread_setname_np", "pthread_setspecific",
    "pthread_sigmask", "pthread_suspend_np",
]  # fmt: skip

_LWP_EXIT: Final = sysno("_lwp_exit")
PTHREAD_CREATE_JOINABLE: Final = 0
PTHREAD_CREATE_DETACHED: Final = 1
PTHREAD_CREATE_SUSPENDED: Final = 2
PTHREAD_KEYS_MAX: Final = 256
_DESTRUCTOR_ITERATIONS: Final = 4
_MAX_NAME: Final = 32  # bytes with the NUL


def pthread_create(
    start: Callable[[Any], object], arg: Any = None, state: int = PTHREAD_CREATE_JOINABLE
) -> Pthread:
    """Run start(arg) in another thread; return it.

    What start raises ends the process, as an uncaught exception does.

    Args:
        start: a function of one argument.
        arg: any object.
        state: PTHREAD_CREATE_DETACHED: nobody will join it; _SUSPENDED: it
            does not run until pthread_resume_np.

    Raises:
        OSError: EAGAIN, a limit on threads.
    """
    mine = pthread_self()
    mine.pt_lid = mine.lid  # the first one is known from now on
    address, size = stack_get()
    thread = Pthread(address, size, pt_start=start, pt_arg=arg)
    thread.pt_detached = state == PTHREAD_CREATE_DETACHED
    table = threads().all
    table[address] = thread
    flags = LWP_DETACHED if thread.pt_detached else 0
    flags |= LWP_SUSPENDED if state == PTHREAD_CREATE_SUSPENDED else 0
    try:
        thread.pt_lid = _lwp_create(
            _lwp_makecontext(_trampoline, address, address, size, address), flags
        )
    except OSError:
        del table[address]
        stack_put(address, size)
        raise
    return thread


def _trampoline(address: int) -> None:
    """What the LWP of a thread runs: its function, and pthread_exit with what that returns."""
    thread = threads().all[address]
    start, arg = thread.pt_start, thread.pt_arg
    thread.pt_start = thread.pt_arg = None
    if start is None:
        raise SystemError("a thread without a function")
    try:
        retval = start(arg)
    except ProcessExit:
        raise
    except SystemExit as exc:  # exit(3)
        data = curdata()
        status = exc.code if isinstance(exc.code, int) else int(exc.code is not None)
        if data.finish is not None:
            status = data.finish(status)
        _exit(status)
    pthread_exit(retval)


def pthread_exit(retval: Any = None) -> NoReturn:
    """End the thread; who joins it gets retval.  With the last one the process ends, status 0."""
    thread = pthread_self()
    _destroy_specific(thread)
    thread.pt_retval, thread.pt_ended = retval, True
    if thread.pt_detached:
        _forget(thread)
    trap(_LWP_EXIT)
    nowhere()


def _forget(thread: Pthread) -> None:
    if threads().all.pop(thread.pt_address, None) is not None and thread.pt_stacksize:
        stack_put(thread.pt_address, thread.pt_stacksize)


def pthread_join(thread: Pthread) -> Any:
    """Wait until thread has ended; return what it returned.

    Raises:
        OSError: ESRCH, there is no such thread. EINVAL, it is detached.
            EDEADLK, it is the caller, or waits for it.
    """
    while True:
        try:
            _lwp_wait(thread.lid)
        except InterruptedError:
            continue
        break
    _forget(thread)
    return thread.pt_retval


def pthread_detach(thread: Pthread) -> int:
    """Let thread be forgotten once it ends.

    Raises:
        OSError: ESRCH, there is no such thread. EINVAL, it is detached already.
    """
    call("_lwp_detach", thread.lid)
    thread.pt_detached = True
    if thread.pt_ended:
        _forget(thread)
    return 0


def pthread_equal(first: Pthread, second: Pthread) -> bool:
    """Whether two are the same thread."""
    return first is second


def pthread_kill(thread: Pthread, signo: int) -> int:
    """Send a signal to a thread; 0 only checks.

    Raises:
        OSError: ESRCH, it has ended. EINVAL, there is no such signal.
    """
    return call("_lwp_kill", thread.lid, signo)


def pthread_sigmask(how: int, mask: int | None = None) -> int:
    """sigprocmask(2) of the thread: block, unblock or set signals; return the old mask.

    Raises:
        OSError: EINVAL, how.
    """
    return sigprocmask(how, mask)


def pthread_setname_np(thread: Pthread, name: str, arg: object = None) -> int:
    """Name a thread; with arg, name is a format as printf(3)'s.

    Raises:
        OSError: EINVAL, the name has more than 31 bytes.
    """
    text = name % arg if arg is not None else name
    if len(text.encode()) >= _MAX_NAME:
        cerror(Errno.EINVAL)
    thread.pt_name = text
    with Frame() as lwp:
        return call("_lwp_setname", thread.lid, pushstr(lwp, text))


def pthread_getname_np(thread: Pthread) -> str:
    """Return the name of a thread, "" if it has none."""
    return thread.pt_name


def pthread_suspend_np(thread: Pthread) -> int:
    """Suspend another thread.

    Raises:
        OSError: EDEADLK, it is the caller. ESRCH.
    """
    if thread is pthread_self():
        cerror(Errno.EDEADLK)
    return call("_lwp_suspend", thread.lid)


def pthread_resume_np(thread: Pthread) -> int:
    """Let a suspended thread run on.

    Raises:
        OSError: ESRCH.
    """
    return call("_lwp_continue", thread.lid)


def pthread_key_create(destructor: Callable[[Any], object] | None = None) -> int:
    """Return a key under which each thread has a value of its own.

    destructor is called with the value of a thread that ends, unless that is None.

    Raises:
        OSError: EAGAIN, there are too many.
    """
    table = threads()
    if len(table.keys) >= PTHREAD_KEYS_MAX:
        cerror(Errno.EAGAIN)
    table.last_key += 1
    table.keys[table.last_key] = destructor
    return table.last_key


def pthread_key_delete(key: int) -> int:
    """Forget a key; no destructor is called.

    Raises:
        OSError: EINVAL, there is none.
    """
    table = threads()
    if key not in table.keys:
        cerror(Errno.EINVAL)
    del table.keys[key]
    for thread in table.all.values():
        thread.pt_specific.pop(key, None)
    return 0


def pthread_setspecific(key: int, value: Any) -> int:
    """Set the thread's value of a key.

    Raises:
        OSError: EINVAL, there is no such key.
    """
    if key not in threads().keys:
        cerror(Errno.EINVAL)
    pthread_self().pt_specific[key] = value
    return 0


def pthread_getspecific(key: int) -> Any:
    """Return the thread's value of a key, None if it has set none."""
    return pthread_self().pt_specific.get(key)


def _destroy_specific(thread: Pthread) -> None:
    """Call the destructors of what the thread has set, again for what they set."""
    keys = threads().keys
    for _ in range(_DESTRUCTOR_ITERATIONS):
        values = {key: value for key, value in thread.pt_specific.items() if value is not None}
        thread.pt_specific.clear()
        for key, value in values.items():
            destructor = keys.get(key)
            if destructor is not None:
                destructor(value)
