# SPDX-License-Identifier: BSD-2-Clause
"""The _thread module of a program: its threads are LWPs.  CPython Modules/_threadmodule.c.

Threads change where system calls are made, nowhere else.
"""

from __future__ import annotations

import _thread as _host
from collections import deque as _deque
from sys import version_info as _version_info
from types import SimpleNamespace as _SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn
from weakref import ref as _ref

from kernel.sys.proc import ProcessExit as _ProcessExit
from kernel.sys.signal import SIGINT as _SIGINT
from kernel.sys.time import CLOCK_MONOTONIC as _CLOCK_MONOTONIC
from kernel.sys.time import Timespec as _Timespec
from userland.libc import include as _libc
from userland.libc.data import curdata as _curdata
from userland.libc.pthread_int import STACK_SIZE as _STACK_SIZE
from userland.libc.pthread_int import Waiter as _Waiter
from userland.libc.pthread_int import park_on as _park_on
from userland.libc.pthread_int import pthread_self as _pthread_self
from userland.libc.pthread_int import threads as _threads
from userland.libc.pthread_int import wake_first as _wake_first
from userland.libc.syscall import call as _call
from userland.python.forking import FINALIZED as _FINALIZED
from userland.python.signal import getsignal as _getsignal

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from userland.libc.pthread_int import Pthread

globals().update({k: v for k, v in vars(_host).items() if not k.startswith("__")})

TIMEOUT_MAX: float = _host.TIMEOUT_MAX
_NS = 1_000_000_000
_SMALLEST_STACK = 32_768  # bytes
_REFUSES = _version_info >= (3, 12)  # a new thread at the program's end
# What CPython says of such a timeout, in the words of the release that runs.
_NEGATIVE = (
    "timeout value must be a non-negative number"
    if _version_info >= (3, 13)
    else "timeout value must be positive"
)
_SENTINEL = "sentinel"  # keys of what a thread has of its own
_COUNTED = "counted"
_LOCALS = "locals"


def _deadline(blocking: bool, timeout: float) -> _Timespec | None:
    """Return the time until which to wait, None for ever; check as CPython does."""
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0 and timeout != -1:
        raise ValueError(_NEGATIVE)
    if timeout > TIMEOUT_MAX:
        raise OverflowError("timeout value is too large")
    if timeout <= 0:
        return None
    now = _libc.clock_gettime(_CLOCK_MONOTONIC)
    return _Timespec.from_ns(now.ns + int(timeout * _NS))


class lock:
    """A lock; not owned by a thread."""

    __slots__ = ("__weakref__", "_hash", "_locked", "_waiters")

    _hash: int
    _locked: bool
    _waiters: _deque[_Waiter]

    def __new__(cls) -> Self:
        """Make one, where a release lets programs do that."""
        if _version_info < (3, 13):
            raise TypeError("cannot create '_thread.lock' instances")
        self = object.__new__(cls)
        self._at_fork_reinit()
        return self

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("type '_thread.lock' is not an acceptable base type")

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take it; wait, perhaps so many seconds, until it is free.  Signals' handlers run."""
        if not self._locked and timeout == -1:
            self._locked = True
            return True
        until = _deadline(blocking, timeout)
        overtaken = False
        while self._locked:
            if not blocking or timeout == 0:
                return False
            if not _park_on(self._waiters, until, _CLOCK_MONOTONIC, overtaken):
                return False
            overtaken = True
        self._locked = True
        return True

    acquire_lock = acquire

    def __hash__(self) -> int:
        """Return its number among those that were asked for one: sets are the same in replays."""
        if not hasattr(self, "_hash"):
            runtime = _curdata().runtime
            self._hash = runtime.hashes = runtime.hashes + 1
        return self._hash

    def release(self) -> None:
        """Give it back; anybody may.

        Who was woken for it before and came too late gets his turn now: with one CPU, who takes
        it again at once would keep it for ever.  On a machine of several he comes first by luck.
        """
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        self._locked = False
        if self._waiters:
            overtaken = self._waiters[0].what
            _wake_first(self._waiters)
            if overtaken:
                _libc.sched_yield()

    release_lock = release

    def locked(self) -> bool:
        """Whether it is held."""
        return self._locked

    locked_lock = locked

    def _at_fork_reinit(self) -> None:
        self._locked = False
        self._waiters = _deque()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()

    def __repr__(self) -> str:
        state = "locked" if self._locked else "unlocked"
        return f"<{state} _thread.lock object at {id(self):#x}>"


LockType = lock


def allocate_lock() -> lock:
    """Make a lock."""
    made = object.__new__(lock)
    made._at_fork_reinit()
    return made


allocate = allocate_lock


class RLock:
    """A lock that its owner may take again."""

    __slots__ = ("__weakref__", "_count", "_lock", "_owner")

    def __init__(self, *_args: object, **_kwargs: object) -> None:
        self._lock = allocate_lock()
        self._owner = 0  # get_ident() of who holds it
        self._count = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take it, once more if the caller has it."""
        mine = get_ident()
        if self._owner == mine and self._count:
            self._count += 1
            return True
        if not self._lock.acquire(blocking, timeout):
            return False
        self._owner, self._count = mine, 1
        return True

    def release(self) -> None:
        """Give it back, as often as it was taken."""
        if not self._is_owned():
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1
        if not self._count:
            self._owner = 0
            self._lock.release()

    def locked(self) -> bool:
        """Whether anybody holds it."""
        return self._count > 0

    def _is_owned(self) -> bool:
        return self._count > 0 and self._owner == get_ident()

    def _recursion_count(self) -> int:
        return self._count if self._is_owned() else 0

    def _release_save(self) -> tuple[int, int]:
        if not self._count:
            raise RuntimeError("cannot release un-acquired lock")
        state = self._count, self._owner
        self._count = self._owner = 0
        self._lock.release()
        return state

    def _acquire_restore(self, state: tuple[int, int]) -> None:
        self._lock.acquire()
        self._count, self._owner = state

    def _at_fork_reinit(self) -> None:
        self._lock = allocate_lock()
        self._count = self._owner = 0

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()

    def __repr__(self) -> str:
        state = "locked" if self._count else "unlocked"
        return (
            f"<{state} _thread.RLock object owner={self._owner} count={self._count}"
            f" at {id(self):#x}>"
        )


def get_ident() -> int:
    """Return a number that no other thread has now."""
    return _pthread_self().pt_address


def get_native_id() -> int:
    """Return the kernel's number of the thread: its LWP's."""
    return _call("_lwp_self")


def _get_main_thread_ident() -> int:
    return _threads().main


def start_new_thread(
    function: Callable[..., object],
    args: tuple[Any, ...],
    kwargs: dict[str, Any] | None = None,
    /,
) -> int:
    """Call function(*args, **kwargs) in another thread; return its number.

    What it raises is said on stderr; SystemExit only ends the thread.

    Raises:
        RuntimeError: a limit on threads.
    """
    if not callable(function):
        raise TypeError("first arg must be callable")
    if not isinstance(args, tuple):
        raise TypeError("2nd arg must be a tuple")
    if kwargs is not None and not isinstance(kwargs, dict):
        raise TypeError("optional 3rd arg must be a dictionary")
    return _start(lambda: function(*args, **(kwargs or {})), function).pt_address


def _start(body: Callable[[], object], function: object) -> Pthread:
    if _REFUSES and _curdata().runtime.sysmodule.finalizing:
        raise _FINALIZED("can't create new thread at interpreter shutdown")
    _pthread_self()

    def run(_: object) -> None:
        mine = _pthread_self()
        mine.pt_specific[_COUNTED] = True
        try:
            body()
        except (SystemExit, _ProcessExit) as exc:
            if isinstance(exc, _ProcessExit):
                raise
        except BaseException as exc:  # noqa: BLE001 - said, and passed over
            _ignored(function, exc)
        for reference in mine.pt_specific.pop(_LOCALS, ()):
            _forget(reference(), mine)
        mine.pt_specific.pop(_COUNTED)
        sentinel = mine.pt_specific.pop(_SENTINEL, None)
        if sentinel is not None and sentinel.locked():
            sentinel.release()
        mine.pt_specific.clear()

    try:
        return _libc.pthread_create(run, None, _libc.PTHREAD_CREATE_DETACHED)
    except OSError:
        raise RuntimeError("can't start new thread") from None


def _ignored(function: object, exc: BaseException) -> None:
    runtime = _curdata().runtime
    if runtime is None:  # the process has ended: this is its stack, being unwound
        raise _ProcessExit
    said = _SimpleNamespace(
        exc_type=type(exc),
        exc_value=exc,
        exc_traceback=exc.__traceback__,
        err_msg="Exception ignored in thread started by",
        object=function,
    )
    runtime.sys.unraisablehook(said)


start_new = start_new_thread


class _ThreadHandle:
    """A thread that can be joined."""

    def __init__(self) -> None:
        self.ident = 0
        self._ended = allocate_lock()
        self._ended.acquire()
        _curdata().runtime.handles.add(self)

    def is_done(self) -> bool:
        """Whether it has ended."""
        return not self._ended.locked()

    def join(self, timeout: float | None = None) -> None:
        """Wait until it has ended, or so many seconds."""
        if self._ended.acquire(timeout=-1 if timeout is None else max(timeout, 0)):
            self._ended.release()

    def _after_fork(self) -> None:
        """In a forked child: of the threads that there were, only the caller has not ended."""
        if self.ident != get_ident():
            self._ended._at_fork_reinit()

    def _set_done(self) -> None:
        if self._ended.locked():
            self._ended.release()


def start_joinable_thread(
    function: Callable[[], object], handle: _ThreadHandle | None = None, daemon: bool = True
) -> _ThreadHandle:
    """Call function() in another thread; return what joins it."""
    made = handle if handle is not None else _ThreadHandle()
    if not daemon:
        _pthread_self()
        _curdata().runtime.joinable.append(made)

    def body() -> None:
        made.ident = get_ident()
        try:
            function()
        finally:
            made._set_done()

    made.ident = _start(body, function).pt_address
    return made


_start_joinable_thread = start_joinable_thread


def _make_thread_handle(ident: int) -> _ThreadHandle:
    handle = _ThreadHandle()
    handle.ident = ident
    return handle


def _shutdown() -> None:
    """Wait for the threads that are no daemons."""
    joinable = _curdata().runtime.joinable
    while joinable:
        joinable.pop(0).join()


def _set_sentinel() -> lock:
    """Return a lock that is released when the thread has ended."""
    made = allocate_lock()
    _pthread_self().pt_specific[_SENTINEL] = made
    return made


def number_threads(module: Any) -> None:
    """Let a set of threading's threads have the same order in a fork's replay: their locks'."""

    def number(self: Any) -> int:
        started = vars(self).get("_started")
        return object.__hash__(self) if started is None else hash(started._cond._lock)

    module.Thread.__hash__ = number


def _count() -> int:
    """Return how many threads run that start_new_thread has started."""
    return sum(_COUNTED in thread.pt_specific for thread in _threads().all.values())


def stack_size(size: int = 0, /) -> int:
    """Set the size of new threads' stacks, 0 the usual one; return what it was, 0 the usual one."""
    if size and size < _SMALLEST_STACK:
        raise ValueError(f"size not valid: {size} bytes")
    table = _threads()
    before = table.stack_size
    table.stack_size = size or _STACK_SIZE
    return 0 if before == _STACK_SIZE else before


def exit() -> NoReturn:  # noqa: A001 - the name it has in the host's module
    """End the thread, without a word."""
    raise SystemExit


exit_thread = exit


def interrupt_main(signum: int = _SIGINT, /) -> None:
    """Have the handler of SIGINT, or of another signal, run as if it had come; if there is one."""
    if callable(_getsignal(signum)):
        _libc.kill(_libc.getpid(), signum)


def _excepthook(args: Any, /) -> None:
    """Say what a thread has raised: threading.excepthook."""
    if args.exc_type is SystemExit:
        return
    runtime = _curdata().runtime
    stderr = runtime.sys.stderr
    if stderr is None and args.thread is not None:
        stderr = args.thread._stderr  # what it was as the thread was made
    if stderr is None:
        return
    name = args.thread.name if args.thread is not None else get_ident()
    stderr.write(f"Exception in thread {name}:\n")
    stderr.flush()
    runtime.report(args.exc_value, file=stderr)


class _local:
    """Attributes of which each thread has its own."""

    __slots__ = ("__dict__", "__weakref__", "_local__all", "_local__made")

    def __new__(cls, /, *args: Any, **kwargs: Any) -> _local:
        if (args or kwargs) and cls.__init__ is object.__init__:
            raise TypeError("Initialization arguments are not supported")
        self = object.__new__(cls)
        object.__setattr__(self, "_local__made", (args, kwargs))
        mine = _pthread_self()
        object.__setattr__(self, "_local__all", {mine: {}})
        _note(self, mine)
        return self

    def __getattribute__(self, name: str) -> Any:
        _switch(self)
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "__dict__":
            raise AttributeError(
                f"{self.__class__.__name__!r} object attribute '__dict__' is read-only"
            )
        _switch(self)
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        if name == "__dict__":
            raise AttributeError(
                f"{self.__class__.__name__!r} object attribute '__dict__' is read-only"
            )
        _switch(self)
        object.__delattr__(self, name)


def _note(local: _local, thread: Pthread) -> None:
    """Keep in mind that thread has attributes in local, until it ends."""
    if _COUNTED in thread.pt_specific:
        thread.pt_specific.setdefault(_LOCALS, []).append(_ref(local))


def _forget(local: _local | None, thread: Pthread) -> None:
    """Let go of the attributes that local has in a thread that ends."""
    if local is not None:
        object.__setattr__(local, "__dict__", {})  # the next thread puts its own there
        object.__getattribute__(local, "_local__all").pop(thread, None)


def _switch(local: _local) -> None:
    """Give local the attributes that it has in the thread that runs."""
    mine = _pthread_self()
    # No weak references: finalizers of what the collector has found would miss their attributes.
    made: dict[Pthread, dict[str, Any]] = object.__getattribute__(local, "_local__all")
    attributes = made.get(mine)
    if attributes is None:
        attributes = made[mine] = {}
        _note(local, mine)
        object.__setattr__(local, "__dict__", attributes)
        cls = type(local)
        if cls.__init__ is not object.__init__:
            args, kwargs = object.__getattribute__(local, "_local__made")
            cls.__init__(local, *args, **kwargs)
    object.__setattr__(local, "__dict__", attributes)
