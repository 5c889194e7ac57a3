# SPDX-License-Identifier: BSD-2-Clause
"""Handlers on the process's stack, and the way back from them."""

import pytest

from kernel.sys.signal import pack_sigaction
from kernel.sys.syscall import sysno
from kernel.sys.ucontext import SIZEOF_UCONTEXT
from userland.libc.include import (
    SIG_BLOCK,
    SIGILL,
    SIGUSR1,
    SIGUSR2,
    WTERMSIG,
    raise_,
    sigset,
    syscall,
)
from userland.libc.machine import store

LAB = "from userland.libc import *\n"


def test_the_stack_pointer_is_put_back(k):
    """A handler runs below the frame of what it interrupts, with a ucontext_t between."""
    p = k.root()
    seen: list[int] = []
    p.signal(SIGUSR1, lambda signo: seen.append(p.lwp.l_ustack))
    before = p.lwp.l_ustack
    p.raise_(SIGUSR1)
    assert p.lwp.l_ustack == before
    assert seen[0] <= before - SIZEOF_UCONTEXT
    assert seen[0] % 16 == 0


def test_handlers_nest(k):
    """One that is not blocked may interrupt another; masks come back in order."""
    p = k.root()
    order: list[str] = []

    def outer(signo: int) -> None:
        order.append("outer")
        raise_(SIGUSR2)
        order.append("back")

    p.signal(SIGUSR1, outer)
    p.signal(SIGUSR2, lambda signo: order.append("inner"))
    p.raise_(SIGUSR1)
    assert order == ["outer", "inner", "back"]
    assert p.sigprocmask(SIG_BLOCK, 0) == 0


def test_a_handler_that_is_no_function_is_sigill(k):
    """An address without a function kills, as a jump to nowhere does."""
    p = k.process()

    def program() -> None:
        action = pack_sigaction(0x1234, 0, 0)
        stack = p.lwp.l_ustack - 4096
        store(stack, action)
        syscall(sysno("__sigaction_sigtramp"), SIGUSR1, stack, 0, 1, 2)

    p.call(program)
    p.raise_(SIGUSR1)
    assert not p.alive
    assert WTERMSIG(p.status) == SIGILL


def test_siginfo_tells_who_sent_it(run):
    """With SA_SIGINFO the handler gets the siginfo and the context."""
    result = run(
        LAB
        + "def handler(signo, info, context):\n    print(signo, info.si_pid == getpid(), context > 0)\n"
        + "sigaction(SIGUSR1, Sigaction(handler, 0, SA_SIGINFO))\nraise_(SIGUSR1)\n"
    )
    assert result.stdout == b"30 True True\n", result.stderr


def test_an_exception_leaves_a_handler_as_longjmp_does(k):
    """The mask and the stack pointer are restored, and who was interrupted sees it."""
    p = k.root()
    before = p.lwp.l_ustack

    def handler(signo: int) -> None:
        raise LookupError

    p.signal(SIGUSR1, handler)
    with pytest.raises(LookupError):
        p.raise_(SIGUSR1)
    assert p.lwp.l_ustack == before
    assert not p.sigprocmask(SIG_BLOCK, 0) & sigset(SIGUSR1)
