# SPDX-License-Identifier: BSD-2-Clause
"""getrlimit(2), setrlimit(2), getrusage(2): how they fail; what the limit of CPU time does."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.mman import MAP_ANON, MAP_PRIVATE, PROT_READ
from kernel.sys.resource import (
    RLIM_INFINITY,
    RLIM_NLIMITS,
    RLIMIT_CPU,
    RLIMIT_FSIZE,
    RLIMIT_NTHR,
    RLIMIT_STACK,
    RUSAGE_CHILDREN,
    RUSAGE_SELF,
    Rlimit,
)
from kernel.sys.signal import SIGKILL, SIGXCPU
from kernel.sys.wait import WTERMSIG
from tests.syscalls.errnos import Traced, errnos
from userland.libc.machine import curlwp
from userland.libc.signal import Sigaction
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing


@errnos(
    Errno.EFAULT,
    {
        "getrlimit": lambda: (trap, "getrlimit", RLIMIT_CPU, BAD),
        "setrlimit": lambda: (trap, "setrlimit", 99, BAD),
        "getrusage": lambda: (trap, "__getrusage50", RUSAGE_SELF, BAD),
    },
)
def test_nowhere(fails, root, call):
    """The struct is not in the caller's memory: for setrlimit over a limit there is none of."""
    fails(root, *call())


@errnos(
    Errno.EINVAL,
    {
        "getrlimit": lambda n: ("getrlimit", n),
        "setrlimit": lambda n: ("setrlimit", n, Rlimit(1, 1)),
        "getrusage": lambda n: ("getrusage", n + 2),
    },
)
def test_no_such_thing(fails, root, call):
    """There is no such limit, or neither the caller nor its children are meant."""
    fails(root, *call(RLIM_NLIMITS))
    fails(root, *call(-1))


@pytest.mark.errno("setrlimit", Errno.EINVAL)
def test_soft_above_hard(fails, root):
    """The soft limit is above the hard one, or the stack in use is above either."""
    fails(root, "setrlimit", RLIMIT_FSIZE, Rlimit(2, 1))
    fails(root, "setrlimit", RLIMIT_STACK, Rlimit(1, 4096))


@pytest.mark.errno("setrlimit", Errno.EPERM)
def test_only_root_raises(fails, user):
    """The hard limit would rise, and the caller is not the super-user."""
    user.setrlimit(RLIMIT_FSIZE, Rlimit(1, 2))
    fails(user, "setrlimit", RLIMIT_FSIZE, Rlimit(1, 3))


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        pytest.param(name, arguments, marks=pytest.mark.trace(name, "CALL RET"))
        for name, arguments in {
            "getrlimit": (RLIMIT_CPU,),
            "setrlimit": (RLIMIT_FSIZE, Rlimit(1, 2)),
            "getrusage": (RUSAGE_CHILDREN,),
        }.items()
    ],
)
def test_every_call_is_traced(k, root, call, arguments):
    """The call and its result."""
    trace = Traced(k, root, "cin")
    root.call(call, *arguments)
    assert [record.type for record in trace.records()] == [1, 2]


def test_threads_are_cut_to_what_there_is(root):
    """RLIMIT_NTHR is never above what the system has."""
    root.setrlimit(RLIMIT_NTHR, Rlimit(RLIM_INFINITY, RLIM_INFINITY))
    assert root.getrlimit(RLIMIT_NTHR) == (2048, 2048)


def burn(seconds):
    """Use CPU time until it is seconds: virtual time passes while the process is on the CPU."""
    lwp = curlwp()
    while lwp.l_proc.p_stats.ru_stime < seconds * 1e9:
        lwp.l_kernel.clock.now += 50_000_000
        trap("sched_yield")


def test_time_is_up(root):
    """Past the soft limit there is SIGXCPU, then again five seconds later; past the hard one SIGKILL."""
    caught = []
    child = root.fork()
    child.sigaction(SIGXCPU, Sigaction(lambda signo, *_: caught.append(signo)))
    child.setrlimit(RLIMIT_CPU, Rlimit(2, 9))
    for at, count in ((1, 0), (2.1, 1), (6.9, 1), (7.1, 2)):
        child.call(burn, at)
        assert len(caught) == count, at
    assert child.getrlimit(RLIMIT_CPU) == (9, 9)
    child.begin(burn, 10)
    assert not child.alive
    assert WTERMSIG(child.status) == SIGKILL
    assert "is killed: exceeded RLIMIT_CPU" in root.kernel.msgbuf[-1]


def test_the_most_memory(root):
    """ru_maxrss is in kilobytes; of several children it is that of the largest."""
    before = root.getrusage(RUSAGE_SELF).ru_maxrss
    assert before > 0
    for pages in (100, 50):
        child = root.fork()
        child.mmap(0, pages * 4096, PROT_READ, MAP_ANON | MAP_PRIVATE, -1, 0)
        child._exit(0)
        root.waitpid(child.pid)
    most = root.getrusage(RUSAGE_CHILDREN).ru_maxrss
    assert 400 <= most < 500
