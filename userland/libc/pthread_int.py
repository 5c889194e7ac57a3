# SPDX-License-Identifier: BSD-2-Clause
"""What the parts of the thread library share: threads, and how they wait.  NetBSD pthread_int.h.

Threads of one process change between traps only, so what a thread does without
one is atomic: a mutex that is free is taken without the kernel, as on NetBSD.
"""

from collections import deque
from collections.abc import Callable
from typing import Any, Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno
from kernel.sys.proc import Lwp
from kernel.sys.syscall import sysno
from kernel.sys.time import CLOCK_REALTIME, TIMER_ABSTIME, Timespec
from userland.libc.cerror import cerror
from userland.libc.data import curdata
from userland.libc.machine import curlwp, map_buffer, trap, trap_asleep, unmap_buffer
from userland.libc.stack import Frame, pushrecord

STACK_SIZE: Final = 8192  # bytes: programs are Python, and only arguments of calls are on it
MAIN: Final = 0x7F7F_FFFF_F000  # what stands for the first thread where others have their address

_BATCH = 64  # stacks that are made at once, at most
_SELF = sysno("_lwp_self")
_PARK, _UNPARK = sysno("___lwp_park60"), sysno("_lwp_unpark")


@dataclass(slots=True, eq=False, weakref_slot=True)
class Pthread:
    """A thread (pthread_t)."""

    pt_address: int  # of its stack, and the number that tells it apart
    pt_stacksize: int = 0  # bytes
    pt_lid: int = 0  # of its LWP; 0: not known yet
    pt_start: Callable[[Any], object] | None = None
    pt_arg: Any = None
    pt_retval: Any = None  # what it returned, once it has ended
    pt_ended: bool = False
    pt_detached: bool = False
    pt_name: str = ""
    pt_specific: dict[Any, Any] = field(default_factory=dict)  # its own data, by key

    @property
    def lid(self) -> int:
        """The number of the thread's LWP, which itself finds out before it first waits."""
        if not self.pt_lid:
            self.pt_lid = trap(_SELF)[1]
        return self.pt_lid


@dataclass(slots=True, eq=False)
class Threads:
    """The threads of a process, and stacks of threads that have ended."""

    all: dict[int, Pthread] = field(default_factory=dict)  # by address
    stacks: list[int] = field(default_factory=list)
    stack_size: int = STACK_SIZE  # of threads to come, bytes
    keys: dict[int, Callable[[Any], object] | None] = field(default_factory=dict)
    last_key: int = 0
    main: int = MAIN  # the address of the first, or of the one that forked


def threads() -> Threads:
    """Return the threads of the process that runs."""
    data = curdata()
    if data.threads is None:
        data.threads = Threads()
    found: Threads = data.threads
    return found


def pthread_self() -> Pthread:
    """Return the thread that runs: the thread pointer, a register, says which."""
    lwp = curlwp()
    data = lwp.l_proc.p_md.md_data
    table = (data.threads if data is not None and data.threads is not None else threads()).all
    address = lwp.l_private or MAIN
    thread: Pthread | None = table.get(address)
    if thread is None:  # the first, or an LWP that was not made here
        thread = table[address] = Pthread(address)
    return thread


def forked() -> None:
    """In the child of a fork: of the threads there is the one that runs, with another number."""
    data = curdata()
    if data.threads is not None:
        mine = pthread_self()
        mine.pt_lid = 0
        data.threads.all = {mine.pt_address: mine}
        data.threads.main = mine.pt_address


def stack_get() -> tuple[int, int]:
    """Return the address and size of a stack for a new thread."""
    table = threads()
    size = table.stack_size
    if size != STACK_SIZE:
        return map_buffer(memoryview(bytearray(size)), 3), size
    if not table.stacks:  # several at once, so that the map of the memory stays short
        count = min(max(len(table.all), 1), _BATCH)
        start = map_buffer(memoryview(bytearray(count * size)), 3)
        table.stacks += range(start, start + count * size, size)
    return table.stacks.pop(), size


def stack_put(address: int, size: int) -> None:
    """Keep the stack of a thread that has ended for another one."""
    if size == STACK_SIZE:
        threads().stacks.append(address)
    else:
        unmap_buffer(address)


class Waiter:
    """A thread that waits, until somebody sets woken."""

    __slots__ = ("thread", "what", "woken")

    def __init__(self, thread: Pthread, what: object = None) -> None:
        self.thread = thread
        self.what = what
        self.woken = False

    def park(self, until: Timespec | None = None, clock: int = CLOCK_REALTIME) -> bool:
        """Sleep until woken; or until a time by clock, then return False.

        Raises:
            OSError: EINVAL, there is no such time or clock.
        """
        if not self.thread.pt_lid:
            self.thread.pt_lid = trap(_SELF)[1]
        while not self.woken:
            with Frame() as lwp:
                error = self._park(lwp, until, clock)
            if error == Errno.ETIMEDOUT and not self.woken:
                return False
            if error == Errno.EINVAL:
                cerror(error)
        return True

    def _park(self, lwp: Lwp, until: Timespec | None, clock: int) -> int:
        return trap_asleep(_PARK, clock, TIMER_ABSTIME, pushrecord(lwp, until), 0, 0, 0)[0]

    def wake(self) -> None:
        """Let the thread go on."""
        self.woken = True
        trap(_UNPARK, self.thread.lid, 0)


def park_on(
    queue: "deque[Waiter]",
    until: Timespec | None = None,
    clock: int = CLOCK_REALTIME,
    what: object = None,
) -> bool:
    """Wait at the end of queue until woken by who takes the waiter off it; False: the time came.

    Raises:
        OSError: EINVAL, there is no such time.
    """
    waiter = Waiter(pthread_self(), what)
    queue.append(waiter)
    done = False
    try:
        done = waiter.park(until, clock)
    finally:
        if not done and waiter.woken:
            wake_first(queue)  # it does not go on: let the next one
        elif not done:
            queue.remove(waiter)
    return done


def wake_first(queue: "deque[Waiter]") -> None:
    """Wake who has waited longest, if anybody does."""
    if queue:
        queue.popleft().wake()


def wake_all(queue: "deque[Waiter]") -> None:
    """Wake all who wait now."""
    woken = list(queue)
    queue.clear()
    for waiter in woken:
        waiter.wake()
