# SPDX-License-Identifier: BSD-2-Clause
"""The context switch: a machine context is a greenlet.  NetBSD cpu_switchto(9), cpu_lwp_fork(9).

The one module that knows greenlet, so that another back end can take its place.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NoReturn

from greenlet import getcurrent, greenlet

from kernel.arch.python.collector import collector_enter, collector_return, collector_watch
from kernel.arch.python.unwind import unwound, watch_unwinding
from kernel.sys.proc import STACK_FRAMES, Lwp, NoProcess, ProcessExit

KERNEL_FRAMES: Final = 64  # for a call that a program makes at the end of its stack, ...
_SHARE: Final = 10  # ... but no more than that part of what the program has


# The context that runs: a Context, or the host's own stack.
cpu_current: Callable[[], Any] = getcurrent


collector_watch(getcurrent)


class Context(greenlet):
    """A stack of its own."""

    __slots__ = ("frames", "lwp", "start", "traps")

    def __init__(self, start: Callable[[Any], object], lwp: Lwp | None, idle: Any) -> None:
        super().__init__(None, idle)
        self.start: Callable[[Any], object] | None = start
        self.lwp = lwp  # whose it is, None: the idle loop's
        self.frames = 0 if lwp is None else lwp.l_proc.p_md.md_frames  # 0: it is never deep
        self.traps = 0  # that it has made since it has no process any more

    def run(self) -> None:
        """Start; what it raises that unwinds as nobody's is nobody's."""
        start, self.start = self.start, None
        lwp = self.lwp
        if self.frames:
            sys.setrecursionlimit(self.frames)
        try:
            if start is not None:
                start(lwp)
        except ProcessExit:
            return
        except BaseException:
            if self.lwp is lwp:
                raise
        finally:
            unwound()


def cpu_context(start: Callable[[Any], object], lwp: Lwp | None, idle: Context | None) -> Context:
    """Make a context that will run start(lwp); when start returns, idle goes on."""
    return Context(start, lwp, idle)


def cpu_switchto(context: Context) -> None:
    """Leave this stack for another; returns when somebody switches back.

    The interpreter has one limit on frames: it is the running stack's, and on
    the way it must not be lower than that of either.
    """
    frames: int = cpu_current().frames  # the limit, while this stack runs; the host's is higher
    if context.frames > frames and context.frames > sys.getrecursionlimit():
        sys.setrecursionlimit(context.frames)
    try:
        context.switch()
    except ProcessExit:  # from cpu_discard
        watch_unwinding(getcurrent(), sys._getframe())
        raise
    if frames != sys.getrecursionlimit() and frames:
        sys.setrecursionlimit(frames)


def cpu_setframes(frames: int) -> None:
    """Limit how many frames the stacks of the process that runs may hold, the kernel's besides.

    Raises:
        RecursionError: this stack holds more already.
    """
    p = curlwp().l_proc
    p.p_md.md_frames = frames + min(KERNEL_FRAMES, frames // _SHARE)
    sys.setrecursionlimit(p.p_md.md_frames)
    for lwp in p.p_lwps:
        if lwp.l_pcb:
            lwp.l_pcb.frames = p.p_md.md_frames


def cpu_enter(idle: Context) -> None:
    """From the host's stack: let the kernel run; returns at cpu_return, raises what it raised."""
    limit = sys.getrecursionlimit()
    if limit < STACK_FRAMES:
        sys.setrecursionlimit(STACK_FRAMES)
    idle.parent = getcurrent()
    thresholds = collector_enter()
    try:
        idle.switch()
    finally:
        collector_return(thresholds)
        sys.setrecursionlimit(limit)


def cpu_return() -> None:
    """From the idle loop: go back to the host's stack, which entered."""
    host = getcurrent().parent
    if host is None:
        raise RuntimeError("the host has not entered")
    host.switch()


def cpu_adopt(lwp: Lwp, idle: Context, stuck: Callable[[], BaseException | None]) -> None:
    """Let the host's stack be lwp's: its traps are calls, and when it sleeps the others run.

    Where the idle loop would go back to the host, what stuck() returns is raised there;
    None: it goes back.
    """
    host: Any = getcurrent()

    def back() -> None:
        while True:
            if (why := stuck()) is not None:
                host.throw(why)
            else:
                host.switch()

    host.lwp, host.frames, host.limit = lwp, STACK_FRAMES, sys.getrecursionlimit()
    sys.setrecursionlimit(max(host.limit, STACK_FRAMES))
    lwp.l_pcb = host
    host.idle, host.back = idle, greenlet(back, host)
    idle.parent = host.back


def cpu_disown() -> None:
    """Let the host's stack be the host's again."""
    host: Any = getcurrent()
    sys.setrecursionlimit(host.limit)
    host.idle.parent = host
    host.back.throw()  # it ends: what it stands for would stay in memory with it
    vars(host).clear()


def cpu_abandon(context: Context, heir: Lwp) -> None:
    """Let a context no more be its LWP's: what still runs on it runs as heir."""
    context.lwp = heir


def cpu_unwind() -> NoReturn:
    """Unwind the stack that runs, which is nobody's.

    Raises:
        ProcessExit: always; it ends, or stands still for ever.
    """
    context = getcurrent()
    if isinstance(context, Context):  # not the host's
        watch_unwinding(context, sys._getframe())
    raise ProcessExit


def cpu_discard(contexts: list[Any]) -> None:
    """Unwind abandoned contexts, which nobody would ever go on with, and forget them."""
    while contexts:
        context = contexts.pop()
        context.parent = getcurrent()
        if context.frames > sys.getrecursionlimit():
            sys.setrecursionlimit(context.frames)
        with suppress(ProcessExit):
            context.throw(ProcessExit)


def curlwp() -> Lwp:
    """Return the LWP whose stack this is.

    Raises:
        NoProcess: no LWP: host code called what only a program may.
    """
    try:
        lwp: Lwp | None = cpu_current().lwp
    except AttributeError:
        lwp = None
    if lwp is None:
        raise NoProcess("no process is running: libc works inside an emulated process only")
    return lwp
