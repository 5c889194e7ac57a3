# SPDX-License-Identifier: BSD-2-Clause
"""Contexts: stacks that are left and come back to."""

import pytest

from kernel.arch.python.switch import (
    cpu_abandon,
    cpu_context,
    cpu_current,
    cpu_enter,
    cpu_return,
    cpu_switchto,
    curlwp,
)
from kernel.sys.proc import ProcessExit
from userland.libc import getpid


def test_the_hosts_stack_has_no_lwp(k):
    """libc outside of a process is an error of the host's, and says so."""
    with pytest.raises(RuntimeError, match="inside an emulated process"):
        curlwp()
    with pytest.raises(RuntimeError, match="inside an emulated process"):
        getpid()
    assert k.root().call(curlwp) is k.root().lwp


def test_a_context_goes_on_where_it_left():
    """Two stacks alternate; at its end a context gives way to idle."""
    steps: list[str] = []

    def idle(_) -> None:
        while True:
            steps.append("idle")
            cpu_switchto(first)
            cpu_return()

    def start(_) -> None:
        steps.append("one")
        cpu_switchto(idling)
        steps.append("two")

    idling = cpu_context(idle, None, None)
    first = cpu_context(start, None, idling)
    cpu_enter(idling)
    assert steps == ["idle", "one"]
    cpu_enter(idling)
    assert steps == ["idle", "one", "idle", "two"]


def test_process_exit_ends_a_context_quietly():
    """It unwinds the stack and goes no further."""

    def start(_) -> None:
        raise ProcessExit

    idling = cpu_context(
        lambda _: (cpu_switchto(cpu_context(start, None, idling)), cpu_return()), None, None
    )
    cpu_enter(idling)


def test_what_the_kernel_raises_reaches_the_host():
    """Any other exception is the host's."""

    def start(_) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cpu_enter(cpu_context(start, None, None))


def test_an_abandoned_context_is_somebody_elses(k):
    """What runs on it has no way back into its process."""
    p = k.root()

    def abandon() -> object:
        context = cpu_current()
        mine = context.lwp
        cpu_abandon(context, k.kernel.deadlwp)
        heir = curlwp()
        cpu_abandon(context, mine)
        return heir

    assert p.call(abandon) is k.kernel.deadlwp
