# SPDX-License-Identifier: BSD-2-Clause
"""The context switch: a machine context is a greenlet.  NetBSD cpu_switchto(9), cpu_lwp_fork(9).

The one module that knows greenlet, so that another back end can take its place.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from greenlet import getcurrent, greenlet

from kernel.sys.proc import Lwp, ProcessExit

# Frames a stack may hold: a program's own and, at its end, the kernel's.  The
# shell's functions may call each other 1000 deep; the host's 8 MiB of C stack
# hold twice as many.
STACK_FRAMES: Final = 16_000


# The context that runs: a Context, or the host's own stack.
cpu_current: Callable[[], Any] = getcurrent


class Context(greenlet):
    """A stack of its own; `lwp` is whose it is, None for the idle loop."""

    lwp: Lwp | None = None


def cpu_context(start: Callable[[], object], lwp: Lwp | None, idle: Context | None) -> Context:
    """Make a context that will run start(); when start returns, idle goes on.

    What a stack raises that unwinds as nobody's is nobody's.
    """

    def trampoline() -> None:
        try:
            start()
        except ProcessExit:
            return
        except BaseException:
            if context.lwp is lwp:
                raise

    context = Context(trampoline, idle)
    context.lwp = lwp
    return context


def cpu_switchto(context: Context) -> None:
    """Leave this stack for another; returns when somebody switches back."""
    context.switch()


def cpu_enter(idle: Context) -> None:
    """From the host's stack: let the kernel run; returns at cpu_return, raises what it raised."""
    if sys.getrecursionlimit() < STACK_FRAMES:
        sys.setrecursionlimit(STACK_FRAMES)
    idle.parent = getcurrent()
    idle.switch()


def cpu_return() -> None:
    """From the idle loop: go back to the host's stack, which entered."""
    host = getcurrent().parent
    if host is None:
        raise RuntimeError("the host has not entered")
    host.switch()


def cpu_abandon(context: Context, heir: Lwp) -> None:
    """Let a context no more be its LWP's: what still runs on it runs as heir."""
    context.lwp = heir


def cpu_discard(contexts: list[Any]) -> None:
    """Unwind abandoned contexts, which nobody would ever go on with, and forget them."""
    while contexts:
        context = contexts.pop()
        context.parent = getcurrent()
        with suppress(ProcessExit):
            context.throw(ProcessExit)


def curlwp() -> Lwp:
    """Return the LWP whose stack this is.

    Raises:
        RuntimeError: no LWP: host code called what only a program may.
    """
    lwp: Lwp | None = getattr(getcurrent(), "lwp", None)
    if lwp is None:
        raise RuntimeError("no process is running: libc works inside an emulated process only")
    return lwp
