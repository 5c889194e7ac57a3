# SPDX-License-Identifier: BSD-2-Clause
"""The _lwp_*(2) calls: how each fails, and what its trace has."""

from typing import Any

import pytest

from kernel import api
from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_CSW, KTR_SYSCALL, KTR_SYSRET
from kernel.sys.resource import RLIMIT_NTHR
from kernel.sys.signal import NSIG, SIGUSR1
from kernel.sys.time import CLOCK_MONOTONIC, TIMER_ABSTIME, Timespec
from kernel.sys.ucontext import UC_CPU, UC_SIGMASK, Ucontext, ucontext_pack
from kernel.sys.vm import VM_LAYOUT
from tests.lwps import park, spawn
from tests.syscalls.errnos import CALLS, Traced, errnos
from userland.libc import include as libc
from userland.libc.lwp import LWP_DETACHED, LWP_SUSPENDED
from userland.libc.signal import Sigaction
from userland.libc.stack import Frame, pushbytes
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
NOBODY = 29_999


@errnos(
    Errno.ESRCH,
    {
        "_lwp_continue": lambda: ("_lwp_continue", NOBODY),
        "_lwp_detach": lambda: ("_lwp_detach", NOBODY),
        "_lwp_getname": lambda: ("_lwp_getname", NOBODY),
        "_lwp_kill": lambda: ("_lwp_kill", NOBODY, 0),
        "_lwp_park": lambda: ("_lwp_park", 0, 0, None, NOBODY),
        "_lwp_setname": lambda: ("_lwp_setname", NOBODY, "name"),
        "_lwp_suspend": lambda: ("_lwp_suspend", NOBODY),
        "_lwp_unpark": lambda: ("_lwp_unpark", NOBODY, 0),
        "_lwp_unpark_all": lambda: ("_lwp_unpark_all", [NOBODY]),
        "_lwp_wait": lambda: ("_lwp_wait", NOBODY),
        "_lwp_wakeup": lambda: ("_lwp_wakeup", NOBODY),
    },
)
def test_no_such_lwp(fails, root, call):
    """The process has no LWP of that number."""
    fails(root, *call())


@pytest.mark.errno("_lwp_continue", Errno.ESRCH)
def test_anothers_lwp(fails, root, other):
    """An LWP of another process is none of this one."""
    fails(root, "_lwp_continue", other.call(spawn, park))


@pytest.mark.errno("_lwp_wait", Errno.ESRCH)
def test_nobody_to_wait_for(fails, root):
    """There is no LWP but the caller and detached ones."""
    root.call(spawn, park, 0, LWP_DETACHED)
    fails(root, "_lwp_wait", 0)


@errnos(
    Errno.EINVAL,
    {
        "_lwp_detach": lambda lid: ("_lwp_detach", lid),
        "_lwp_wait": lambda lid: ("_lwp_wait", lid),
    },
)
def test_detached(fails, root, call):
    """The LWP is detached: it is neither waited for nor detached once more."""
    fails(root, *call(root.call(spawn, park, 0, LWP_DETACHED)))


@errnos(
    Errno.EINVAL,
    {
        "_lwp_kill": lambda: ("_lwp_kill", 2, NSIG),
        "_lwp_kill+negative": lambda: ("_lwp_kill", NOBODY, -1),
        "_lwp_park": lambda: ("_lwp_park", 0, 0, Timespec(1, 1_000_000_000)),
        "_lwp_park+negative": lambda: ("_lwp_park", 0, TIMER_ABSTIME, Timespec(0, -1)),
        "_lwp_park+clock": lambda: ("_lwp_park", 77, 0, Timespec(1, 0)),
        "_lwp_unpark_all": lambda: ("_lwp_unpark_all", [2] * 1025),
        "_lwp_unpark_all+none": lambda: ("_lwp_unpark_all", []),
    },
)
def test_not_possible(fails, root, call):
    """There is no such signal, time or clock; or too many LWPs, or none, are to be unparked."""
    fails(root, *call())


@pytest.mark.errno("_lwp_create", Errno.EINVAL)
@pytest.mark.parametrize(
    "context",
    [Ucontext(0, UC_SIGMASK), Ucontext(0, UC_CPU, uc_rip=VM_LAYOUT[8].usrstack)],
    ids=["no-registers", "kernel"],
)
def test_not_a_context(fails, root, context):
    """The context has no registers, or they point into the kernel."""
    fails(root, "_lwp_create", context)


@errnos(
    Errno.EFAULT,
    {
        "_lwp_create": lambda: (trap, "_lwp_create", BAD, 0, BAD),
        "_lwp_getname": lambda: (trap, "_lwp_getname", 0, BAD, 16),
        "_lwp_park": lambda: (trap, "___lwp_park60", 0, 0, BAD, NOBODY, 0, 0),
        "_lwp_setname": lambda: (trap, "_lwp_setname", NOBODY, BAD),
        "_lwp_unpark_all": lambda: (trap, "_lwp_unpark_all", BAD, 3, 0),
    },
)
def test_nowhere(fails, root, call):
    """What is to be read or written is not in the caller's memory."""
    fails(root, *call())


@pytest.mark.errno("_lwp_create", Errno.EFAULT)
def test_nowhere_for_the_lid(fails, root):
    """There is no memory for the new LWP's number: it is not made."""

    def create() -> None:
        context = libc._lwp_makecontext(park, 0, 0x1000, 0x1000)
        with Frame() as lwp:
            at = pushbytes(lwp, ucontext_pack(context))
            trap("_lwp_create", at, 0, BAD)

    fails(root, create)
    assert len(root.proc.p_lwps) == 1


@pytest.mark.errno("_lwp_create", Errno.EAGAIN)
def test_too_many(fails, user):
    """The user has as many LWPs, besides each process's first, as RLIMIT_NTHR allows."""
    user.proc.p_limit = user.proc.p_limit | {RLIMIT_NTHR: (2, 2)}
    for _ in range(2):
        user.call(spawn, park)
    fails(user, spawn, park)


@pytest.mark.errno("_lwp_getname", Errno.ENAMETOOLONG)
def test_no_room_for_the_name(fails, root):
    """The buffer has no room for the name and its NUL."""
    root._lwp_setname(0, "worker")
    fails(root, "_lwp_getname", 0, 6)
    assert root._lwp_getname(0, 7) == b"worker"


@pytest.mark.errno("_lwp_ctl", Errno.ENODEV)
def test_no_such_feature(fails, root):
    """Features of _lwp_ctl that there are none of."""
    fails(root, trap, "_lwp_ctl", 4, 0)


@pytest.mark.errno("_lwp_ctl", Errno.ENOSYS)
def test_no_shared_memory(fails, root):
    """The kernel keeps no memory in common with an LWP."""
    fails(root, trap, "_lwp_ctl", 1, 0)


@pytest.mark.errno("_lwp_suspend", Errno.EDEADLK)
def test_suspend_the_last(fails, root):
    """The caller is the only LWP that is not suspended."""
    fails(root, "_lwp_suspend", root.pid)
    root.call(spawn, park, 0, LWP_SUSPENDED)
    fails(root, "_lwp_suspend", root.pid)


@pytest.mark.errno("_lwp_wait", Errno.EDEADLK)
def test_wait_for_oneself(fails, root):
    """The caller waits for itself."""
    fails(root, "_lwp_wait", root.pid)


@pytest.mark.errno("_lwp_wait", Errno.EDEADLK)
def test_wait_in_a_ring(fails, root):
    """The other one waits for the caller; or all of the process wait."""

    def wait(lid: int) -> None:
        libc._lwp_wait(lid)

    other = root.call(spawn, wait, root.pid)
    root.nanosleep(0.1)
    fails(root, "_lwp_wait", other)
    fails(root, "_lwp_wait", 0)


@pytest.mark.errno("_lwp_wait", Errno.EINTR)
def test_wait_interrupted(begins, root, other):
    """A signal's handler has run, and does not want the call restarted."""
    root.call(spawn, park)
    root.nanosleep(0.1)
    root.sigaction(SIGUSR1, Sigaction(print, 0, 0))
    finish = begins(root, "_lwp_wait", 0)
    other.proc.p_cred = root.proc.p_cred
    other.kill(root.pid, SIGUSR1)
    finish()


@pytest.mark.errno("_lwp_park", Errno.EALREADY)
def test_unparked_before(fails, root):
    """It was unparked, or woken up, before it parked."""
    root._lwp_unpark(root.pid, 0)
    fails(root, "_lwp_park")


@pytest.mark.errno("_lwp_park", Errno.EINTR)
def test_park_interrupted(begins, root, other):
    """A signal has come, whatever its handler says about restarting."""
    root.signal(SIGUSR1, print)
    finish = begins(root, "_lwp_park")
    other.proc.p_cred = root.proc.p_cred
    other.kill(root.pid, SIGUSR1)
    finish()


@pytest.mark.errno("_lwp_park", Errno.ETIMEDOUT)
@pytest.mark.parametrize(
    ("clock", "flags", "time"),
    [
        (0, 0, Timespec(2, 0)),
        (0, 0, Timespec(0, 0)),
        (CLOCK_MONOTONIC, TIMER_ABSTIME, Timespec(3, 0)),
        (0, TIMER_ABSTIME, Timespec(1, 0)),
    ],
    ids=["interval", "none", "until", "past"],
)
def test_park_times_out(fails, root, clock, flags, time):
    """Nobody has unparked it in that time; or the time is past."""
    fails(root, "_lwp_park", clock, flags, time)


@pytest.mark.errno("_lwp_wakeup", Errno.ENODEV)
def test_wake_who_does_not_sleep(fails, root):
    """The LWP does not sleep."""
    fails(root, "_lwp_wakeup", root.pid)


@pytest.mark.errno("_lwp_wakeup", Errno.EBUSY)
def test_wake_who_cannot_be(k, fails, root):
    """The LWP sleeps where no signal wakes it: its vfork waits for the child."""
    lid = root.call(spawn, lambda _: libc.vfork())
    root.nanosleep(0.1)
    fails(root, "_lwp_wakeup", lid)
    child = next(reversed(root.proc.p_children)).p_md.md_host
    child._exit(0)


NOTHING: tuple[int, ...] = ()
TRACES: dict[str, tuple[Any, tuple[int, ...]]] = {
    "_lwp_continue": (lambda p, lid: p._lwp_continue(lid), NOTHING),
    "_lwp_create": (lambda p, _: p.call(spawn, park), NOTHING),
    "_lwp_detach": (lambda p, lid: p._lwp_detach(lid), NOTHING),
    "_lwp_getname": (lambda p, lid: p._lwp_getname(lid), NOTHING),
    "_lwp_getprivate": (lambda p, _: p._lwp_getprivate(), NOTHING),
    "_lwp_kill": (lambda p, lid: p._lwp_kill(lid, 0), NOTHING),
    "_lwp_self": (lambda p, _: p._lwp_self(), NOTHING),
    "_lwp_setname": (lambda p, lid: p._lwp_setname(lid, "x"), NOTHING),
    "_lwp_setprivate": (lambda p, _: p._lwp_setprivate(5), NOTHING),
    "_lwp_suspend": (lambda p, lid: p._lwp_suspend(lid), NOTHING),
    "_lwp_unpark": (lambda p, lid: p._lwp_unpark(lid, 0), NOTHING),
    "_lwp_unpark_all": (lambda p, lid: p._lwp_unpark_all([lid]), NOTHING),
    "_lwp_wakeup": (lambda p, lid: p._lwp_wakeup(lid), NOTHING),
}


@pytest.mark.parametrize(
    "call", [pytest.param(c, marks=pytest.mark.trace(c, "CALL RET")) for c in TRACES]
)
def test_trace(k: api.System, root: api.Process, call: str) -> None:
    """The call and its result, in the caller's name."""
    lid = root.call(spawn, park)
    root.nanosleep(0.1)
    act, between = TRACES[call]
    trace = Traced(k, root)
    act(root, lid)
    records = [r for r in trace.records() if r.lid == root.pid]
    assert tuple(r.type for r in records) == (KTR_SYSCALL, *between, KTR_SYSRET)
    assert records[0].body().ktr_code == CALLS[call].number


def sleeps(root: api.Process, lid: int, call: str) -> None:
    """Make a call that sleeps until the LWP lid ends, or unparks the caller."""
    if call == "_lwp_wait":
        root._lwp_unpark(lid, 0)
        root._lwp_wait(lid)
    else:
        root._lwp_park(unpark=lid)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(c, marks=pytest.mark.trace(c, "CALL CSW CSW RET"))
        for c in ("_lwp_park", "_lwp_wait")
    ],
)
def test_trace_of_a_sleep(k: api.System, root: api.Process, call: str) -> None:
    """A sleep is a pair of context switches, each LWP's records under its own number."""

    def wake(caller: int) -> None:
        libc._lwp_park()
        libc._lwp_unpark(caller, 0)

    lid = root.call(spawn, wake, root.pid)
    root.nanosleep(0.1)
    trace = Traced(k, root)
    sleeps(root, lid, call)
    records = [r for r in trace.records() if r.lid == root.pid][-4:]
    assert [r.type for r in records] == [KTR_SYSCALL, KTR_CSW, KTR_CSW, KTR_SYSRET]
    assert records[0].body().ktr_code == CALLS[call].number
    assert lid in {r.lid for r in trace.records()}


@pytest.mark.trace("_lwp_exit", "CALL")
def test_trace_of_an_end(k: api.System, root: api.Process) -> None:
    """_lwp_exit does not return."""
    trace = Traced(k, root)
    lid = root.call(spawn, lambda _: None)
    root._lwp_wait(lid)
    records = [r for r in trace.records() if r.lid == lid]
    assert [r.type for r in records] == [KTR_SYSCALL]
    assert records[0].body().ktr_code == CALLS["_lwp_exit"].number


@pytest.mark.trace("_lwp_ctl", "CALL RET")
def test_trace_of_ctl(k: api.System, root: api.Process) -> None:
    """The call and its refusal."""
    trace = Traced(k, root)
    with pytest.raises(OSError, match="Function not implemented"):
        root.call(trap, "_lwp_ctl", 1, 0)
    assert [r.type for r in trace.records()] == [KTR_SYSCALL, KTR_SYSRET]
