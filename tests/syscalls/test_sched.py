# SPDX-License-Identifier: BSD-2-Clause
"""sched(3)'s system calls: classes, priorities, CPUs; how they fail."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_SYSCALL, KTR_SYSRET
from kernel.sys.sched import PRI_NONE, SCHED_FIFO, SCHED_NONE, SCHED_OTHER, SCHED_RR
from tests.lwps import park, spawn
from tests.syscalls.errnos import Traced, errnos
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
NOBODY = 29_999


def fifo(p, pid=0, priority=3):
    """SCHED_FIFO for a process, as the super-user."""
    return p._sched_setparam(pid, 0, SCHED_FIFO, priority)


@errnos(
    Errno.ESRCH,
    {
        "_sched_getaffinity": lambda pid, lid: ("_sched_getaffinity", pid, lid),
        "_sched_getparam": lambda pid, lid: ("_sched_getparam", pid, lid),
        "_sched_setaffinity": lambda pid, lid: ("_sched_setaffinity", pid, lid, [0]),
        "_sched_setparam": lambda pid, lid: ("_sched_setparam", pid, lid, SCHED_OTHER),
    },
)
def test_nobody(fails, root, call):
    """There is no such process, or it has no such LWP."""
    fails(root, *call(NOBODY, 0))
    fails(root, *call(root.pid, NOBODY))


@errnos(
    Errno.EFAULT,
    {
        "_sched_getaffinity": lambda: (trap, "_sched_getaffinity", 0, 0, 4, BAD),
        "_sched_getparam": lambda: (trap, "_sched_getparam", 0, 0, BAD, BAD),
        "_sched_setaffinity": lambda: (trap, "_sched_setaffinity", NOBODY, 0, 4, BAD),
        "_sched_setparam": lambda: (trap, "_sched_setparam", NOBODY, 0, 77, BAD),
    },
)
def test_nowhere(fails, root, call):
    """The parameters or the set are not in the caller's memory."""
    fails(root, *call())


@errnos(
    Errno.EINVAL,
    {
        "_sched_getaffinity": lambda: (trap, "_sched_getaffinity", 0, 0, 33, BAD),
        "_sched_getaffinity+pid": lambda: ("_sched_getaffinity", -1, 0),
        "_sched_getparam": lambda: ("_sched_getparam", -1, 0),
        "_sched_getparam+lid": lambda: ("_sched_getparam", 0, -1),
        "_sched_setaffinity": lambda: ("_sched_setaffinity", NOBODY, 0, [1, 2]),
        "_sched_setaffinity+size": lambda: (trap, "_sched_setaffinity", 0, 0, 33, BAD),
        "_sched_setparam": lambda: ("_sched_setparam", NOBODY, 0, 3, 5),
        "_sched_setparam+negative": lambda: ("_sched_setparam", NOBODY, 0, -2, 5),
        "_sched_setparam+priority": lambda: ("_sched_setparam", NOBODY, 0, SCHED_RR, 64),
        "_sched_setparam+other": lambda: ("_sched_setparam", 0, 0, SCHED_OTHER, 5),
        "_sched_setparam+none": lambda: ("_sched_setparam", 0, 0, SCHED_NONE, 5),
    },
)
def test_not_possible(fails, root, call):
    """There is no such class, priority, number or CPU; SCHED_OTHER has no priorities to choose."""
    fails(root, *call())


@errnos(
    Errno.EPERM,
    {
        "_sched_getparam": lambda pid: ("_sched_getparam", pid, 0),
        "_sched_setaffinity": lambda pid: ("_sched_setaffinity", pid, 0, [0]),
        "_sched_setaffinity+own": lambda _: ("_sched_setaffinity", 0, 0, []),
        "_sched_setparam": lambda pid: ("_sched_setparam", pid, 0, SCHED_OTHER),
        "_sched_setparam+own": lambda _: ("_sched_setparam", 0, 0, SCHED_RR, 0),
    },
)
def test_not_permitted(fails, user, other, call):
    """It is another user's process, or the caller gains by it, and is not root."""
    fails(user, *call(other.pid))


def test_classes_and_priorities(root, user):
    """What is set is what is told; a user may lower, and give up, what root has granted."""
    assert root._sched_getparam(user.pid) == (SCHED_OTHER, 43)
    fifo(root, user.pid, 30)
    assert user._sched_getparam() == (SCHED_FIFO, 30)
    user._sched_setparam(0, 0, SCHED_NONE, 10)
    assert user._sched_getparam() == (SCHED_FIFO, 10)
    assert user.sched_getscheduler(0) == SCHED_FIFO
    assert user.sched_setscheduler(0, SCHED_OTHER, 0) == SCHED_FIFO
    user.nanosleep(1)
    assert user._sched_getparam() == (SCHED_OTHER, 43)
    root._sched_setparam(user.pid, 0, SCHED_RR, PRI_NONE)
    assert user._sched_getparam() == (SCHED_RR, 0)


def test_nothing_asked_nothing_done(root):
    """Neither a class nor a priority."""
    assert root._sched_setparam(NOBODY, 0, SCHED_NONE, PRI_NONE) == 0


def test_one_lwp_or_all(root):
    """lid 0 stands for all of the process."""
    lid = root.call(spawn, park)
    root._sched_setparam(0, lid, SCHED_RR, 4)
    assert root._sched_getparam(0, lid) == (SCHED_RR, 4)
    assert root._sched_getparam()[0] == SCHED_OTHER
    fifo(root)
    assert root._sched_getparam(root.pid, lid) == (SCHED_FIFO, 3)


def test_children_inherit(root):
    """A new process and a new LWP have their maker's class."""
    fifo(root, 0, 7)
    child = root.fork()
    assert child._sched_getparam() == (SCHED_FIFO, 7)
    assert root._sched_getparam(0, root.call(spawn, park)) == (SCHED_FIFO, 7)


def test_cpus(root):
    """There is one; an empty set stands for any."""
    assert root._sched_getaffinity() == set()
    root._sched_setaffinity(0, 0, [0, 5])
    assert root._sched_getaffinity() == {0, 5}
    root._sched_setaffinity(0, 0, [])
    assert root._sched_getaffinity() == set()


@pytest.mark.trace("_sched_getaffinity", "CALL RET")
@pytest.mark.trace("_sched_getparam", "CALL RET")
@pytest.mark.trace("_sched_setaffinity", "CALL RET")
@pytest.mark.trace("_sched_setparam", "CALL RET")
@pytest.mark.trace("sched_yield", "CALL RET")
def test_traces(k, root):
    """The calls and their results."""
    trace = Traced(k, root)
    root._sched_setaffinity(0, 0, [])
    root._sched_getaffinity()
    fifo(root)
    root._sched_getparam()
    root.sched_yield()
    assert [r.type for r in trace.records()] == [KTR_SYSCALL, KTR_SYSRET] * 5
