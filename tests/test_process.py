# SPDX-License-Identifier: BSD-2-Clause
"""kernel.process: a process that the host drives."""

import pytest

from kernel import api
from userland.libc import include as libc


def test_libc_is_what_it_can_do(k):
    """Each function of libc's is a method, and listed; nothing else is."""
    p = k.root()
    assert set(libc.__all__) <= set(dir(p))
    with pytest.raises(AttributeError):
        p.frobnicate  # noqa: B018


def test_one_call_at_a_time(k):
    """A second one has to wait for the first."""
    p = k.process()
    r, w = p.pipe()
    p.begin("read", r, 1)
    assert not p.idle
    with pytest.raises(RuntimeError, match="still in a call"):
        p.getpid()
    child = k.root()
    assert child.idle
    child.kill(p.pid, 9)
    assert p.finish() is None
    assert not p.alive
    assert w > r


def test_who_has_ended_is_in_no_call(k):
    """Though nobody has waited for the call that it ended in."""
    p = k.process()
    p.begin("_exit", 3)
    with pytest.raises(api.ProcessGone):
        p.getpid()


def test_a_child_is_driven_too(k):
    """With its parent's descriptors, and a pid of its own."""
    p = k.root()
    r, w = p.pipe()
    child = p.fork()
    assert child.getppid() == p.pid
    child.write(w, b"hi")
    assert p.read(r, 9) == b"hi"
    child._exit(4)
    assert not child.alive
    assert p.waitpid(child.pid) == (child.pid, 4 << 8)
    with pytest.raises(api.ProcessGone):
        child.getpid()


def test_what_a_call_raises_is_the_hosts(k):
    """And the process lives on."""
    p = k.root()
    with pytest.raises(ZeroDivisionError):
        p.call(lambda: 1 // 0)
    assert p.getpid() == p.pid


def test_a_deadlock_says_who_waits_for_what(k):
    """And what was begun can still be ended."""
    p = k.process()
    r, w = p.pipe()
    with pytest.raises(api.Deadlock, match="piperd"):
        p.read(r, 1)
    assert p.alive
    assert w
