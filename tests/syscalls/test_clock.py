# SPDX-License-Identifier: BSD-2-Clause
"""The calls that read and set clocks: how they fail, and what they tell."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.time import (
    CLOCK_MONOTONIC,
    CLOCK_PROCESS_CPUTIME_ID,
    CLOCK_REALTIME,
    CLOCK_THREAD_CPUTIME_ID,
    CLOCK_VIRTUAL,
    Timespec,
    Timeval,
)
from kernel.sys.wait import P_LWPID, P_PGID, P_PID
from tests.syscalls.errnos import Traced, errnos
from userland.libc.stack import Frame, pushrecord
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing


@errnos(
    Errno.EFAULT,
    {
        "gettimeofday": lambda: (trap, "__gettimeofday50", BAD, 0),
        "gettimeofday+zone": lambda: (trap, "__gettimeofday50", 0, BAD),
        "settimeofday": lambda: (trap, "__settimeofday50", BAD, 0),
        "clock_gettime": lambda: (trap, "__clock_gettime50", CLOCK_REALTIME, BAD),
        "clock_settime": lambda: (trap, "__clock_settime50", 99, BAD),
        "clock_getres": lambda: (trap, "__clock_getres50", CLOCK_REALTIME, BAD),
        "clock_getcpuclockid2": lambda: (trap, "clock_getcpuclockid2", 1, 0, BAD),
        "adjtime": lambda: (trap, "__adjtime50", BAD, 0),
        "adjtime+old": lambda: (trap, "__adjtime50", 0, BAD),
    },
)
def test_nowhere(fails, root, call):
    """A struct is not in the caller's memory."""
    fails(root, *call())


@errnos(
    Errno.EINVAL,
    {
        "clock_gettime": lambda: ("clock_gettime", 99),
        "clock_gettime+virtual": lambda: ("clock_gettime", CLOCK_VIRTUAL),
        "clock_gettime+cpu": lambda: (
            "clock_gettime",
            CLOCK_PROCESS_CPUTIME_ID | CLOCK_THREAD_CPUTIME_ID,
        ),
        "clock_settime": lambda: ("clock_settime", CLOCK_MONOTONIC, Timespec(1, 0)),
        "clock_settime+time": lambda: ("clock_settime", CLOCK_REALTIME, Timespec(1, 10**9)),
        "clock_getres": lambda: ("clock_getres", 99),
        "clock_getcpuclockid2": lambda: (trap, "clock_getcpuclockid2", P_PGID, 0, BAD),
        "settimeofday": lambda: ("settimeofday", Timeval(1, 10**6)),
    },
)
def test_no_such_clock(fails, root, call):
    """There is no such clock, none that could be set, or no such time."""
    fails(root, *call())


@errnos(
    Errno.ESRCH,
    {
        "clock_gettime": lambda: ("clock_gettime", CLOCK_PROCESS_CPUTIME_ID | 29999),
        "clock_gettime+thread": lambda: ("clock_gettime", CLOCK_THREAD_CPUTIME_ID | 29999),
        "clock_getres": lambda: ("clock_getres", CLOCK_PROCESS_CPUTIME_ID | 29999),
    },
)
def test_clock_of_nobody(fails, root, call):
    """There is no process, or no thread in the caller's, whose clock that would be."""
    fails(root, *call())


@errnos(
    Errno.EPERM,
    {
        "clock_settime": lambda: ("clock_settime", CLOCK_REALTIME, Timespec(1, 0)),
        "settimeofday": lambda: ("settimeofday", Timeval(1, 0)),
        "adjtime": lambda: ("adjtime", Timeval(1, 0)),
    },
)
def test_only_root_sets(fails, user, call):
    """The caller is not the super-user."""
    fails(user, *call())


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        pytest.param(name, arguments, marks=pytest.mark.trace(name, "CALL RET"))
        for name, arguments in {
            "adjtime": (None,),
            "clock_getres": (CLOCK_REALTIME,),
            "clock_gettime": (CLOCK_REALTIME,),
            "clock_settime": (CLOCK_REALTIME, Timespec(1, 0)),
            "gettimeofday": (),
            "settimeofday": (Timeval(1, 0),),
        }.items()
    ],
)
def test_every_call_is_traced(k, root, call, arguments):
    """The call and its result."""
    trace = Traced(k, root, "cin")
    root.call(call, *arguments)
    assert [record.type for record in trace.records()] == [1, 2]


@pytest.mark.trace("clock_getcpuclockid2", "CALL RET")
def test_the_clock_of_a_process(k, root, user):
    """Its number tells whose CPU time it is; everybody may read it."""
    trace = Traced(k, user, "cin")
    clock = user.clock_getcpuclockid(root.pid)
    assert [record.type for record in trace.records()] == [1, 2]
    before = user.clock_gettime(clock).ns
    for _ in range(5):
        root.getpid()
    assert 5000 <= user.clock_gettime(clock).ns - before < 50_000
    mine = user.clock_gettime(user.clock_getcpuclockid()).ns
    assert before < mine <= user.proc.p_stats.ru_stime + 10_000


def test_the_clock_of_the_caller_is_its_own(user, other):
    """Id 0 is the caller, for whoever reads the clock afterwards."""
    process, thread = (user.clock_getcpuclockid2(kind, 0) for kind in (P_PID, P_LWPID))
    assert process == CLOCK_PROCESS_CPUTIME_ID | user.pid
    assert thread == CLOCK_THREAD_CPUTIME_ID | user.lwp.l_lid
    for _ in range(5):
        user.getpid()
    used = user.proc.p_stats
    assert other.clock_gettime(process).ns == used.ru_utime + used.ru_stime


def test_adjtime_is_set_though_what_was_left_finds_no_room(root):
    """The old adjustment is stored last."""

    def adjtime():
        with Frame() as lwp:
            trap("__adjtime50", pushrecord(lwp, Timeval(0, 700)), BAD)

    with pytest.raises(OSError, match="Bad address"):
        root.call(adjtime)
    assert root.adjtime(None) == (0, 700)


def test_adjtime_moves_the_clock_little_by_little(k, root):
    """Half a millisecond a second, five if there is more than a second to go; what is left is told."""
    start = k.time()
    assert root.adjtime(Timeval(0, 1200)) == (0, 0)
    k.advance(1.5)
    assert round((k.time() - start - 1.5) * 1e6, -1) == 500
    assert root.adjtime(None) == (0, 700)
    k.advance(5)
    assert round((k.time() - start - 6.5) * 1e6, -1) == 1200
    assert root.adjtime(Timeval(-2, 0)) == (0, 0)
    k.advance(1.1)
    assert root.adjtime(Timeval(0, 0)) == (-2, 5000)
    assert not root.kernel.callouts or k.advance(2) is None
    assert not root.kernel.callouts
