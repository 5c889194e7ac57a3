# SPDX-License-Identifier: BSD-2-Clause
"""Several LWPs in a process: how they live, end together, and what signals do to them."""

import pytest

from kernel import api
from kernel.api import Process
from kernel.sys.errno import Errno
from kernel.sys.lwp import LWP_DETACHED, LWP_SUSPENDED
from kernel.sys.proc import LSSLEEP, LSSUSPENDED
from kernel.sys.signal import SIG_BLOCK, SIGKILL, SIGTERM, SIGUSR1, sigset
from kernel.sys.time import Timespec
from tests.lwps import park, spawn
from userland.libc import include as libc
from userland.libc.stack import Frame, fetchrecord, pushrecord
from userland.libc.syscall import call as trap

LAB = """\
from userland.libc import *
from userland.libc.machine import map_buffer

def spawn(start, arg=0, flags=0):
    base = map_buffer(memoryview(bytearray(8192)), 3)
    return _lwp_create(_lwp_makecontext(start, arg, base, 8192), flags)

"""


@pytest.fixture
def root(k: api.System) -> Process:
    """A process of the super-user."""
    return k.root()


def nothing_left(k: api.System) -> bool:
    """No LWP but the first ones, nobody asleep but whom the host drives."""
    asleep = [lwp for sleepers in k.kernel.sleepq.values() for lwp in sleepers]
    return not k.kernel.lwps and all(lwp.l_wmesg == "host" for lwp in asleep)


def test_the_first_has_the_pid_as_its_number(root):
    """The others have numbers of their own that no process gets."""
    lid = root.call(spawn, park)
    child = root.fork()
    assert root._lwp_self() == root.pid
    assert lid not in (root.pid, child.pid)
    assert root.getpid() == root.pid


def test_numbers_come_back(root):
    """A first LWP that has ended and was collected leaves its number to the next."""
    seen = []

    def second(first: int) -> None:
        libc._lwp_wait(first)
        seen.append(spawn(lambda _: None))

    def first() -> None:
        spawn(second, libc._lwp_self())
        libc._lwp_exit()

    root.begin(first)
    assert seen == [root.pid]


def test_with_the_last_the_process_ends(k, root):
    """Its status is 0."""
    root.call(spawn, lambda _: libc.nanosleep(1))
    start = k.time()
    root.begin("_lwp_exit")
    assert k.time() - start >= 1
    assert not root.alive
    assert root.status == 0
    assert nothing_left(k)


@pytest.mark.parametrize("how", ["exit", "raise"])
def test_exit_ends_all(run, k, how):
    """Whoever exits, or dies of an exception; those asleep and those that have not run yet."""
    end = "exit(7)" if how == "exit" else "raise ValueError"
    result = run(
        LAB
        + "r, w = pipe()\n"
        + "def reader(_):\n    try:\n        read(r, 1)\n    finally:\n        write(1, b'never')\n"
        + f"def ender(_):\n    {end}\n"
        + "spawn(reader)\nspawn(lambda _: _lwp_park())\nspawn(ender)\nspawn(reader)\n"
        + "spawn(reader, 0, LWP_SUSPENDED)\nread(r, 1)\n"
    )
    assert result.status == (7 if how == "exit" else 1)
    assert result.stdout == b""
    assert nothing_left(k)


def test_exec_ends_the_others(run, k):
    """The new program has one LWP, and none of the old program's runs on."""
    result = run(
        LAB
        + "def loop(_):\n    while True:\n        nanosleep(0.1)\n"
        + "def execs(_):\n    execv('/bin/echo', ['echo', 'execed'])\n"
        + "spawn(loop)\nspawn(execs)\nspawn(loop)\nloop(0)\n"
    )
    assert (result.status, result.stdout) == (0, b"execed\n")
    assert nothing_left(k)


def test_a_fatal_signal_ends_all(run, k):
    """Whichever LWP acts on it."""
    result = run(
        LAB
        + "for _ in range(3):\n    spawn(lambda _: _lwp_park())\n"
        + f"def killer(pid):\n    kill(pid, {SIGTERM})\n"
        + "spawn(killer, getpid())\n_lwp_park()\n"
    )
    assert result.status == 128 + SIGTERM
    assert nothing_left(k)


def test_kill_of_a_suspended_process(k, root):
    """SIGKILL ends LWPs that are suspended, too."""
    child = root.fork()
    child.call(spawn, park, 0, LWP_SUSPENDED)
    root.kill(child.pid, SIGKILL)
    k.settle()
    assert not child.alive
    assert nothing_left(k)


def test_a_signal_goes_to_who_does_not_block_it(root):
    """Of several LWPs the one that may have it runs the handler."""
    ran = []
    root.signal(SIGUSR1, lambda _: ran.append(libc._lwp_self()))
    root.call(spawn, park)
    lid = root.call(spawn, park)
    root.nanosleep(0.1)
    for lwp in root.proc.p_lwps[:2]:
        lwp.l_sigmask = sigset(SIGUSR1)
    root.kill(root.pid, SIGUSR1)
    root.nanosleep(0.1)
    assert ran == [lid]


def test_lwp_kill_chooses(root):
    """_lwp_kill runs the handler in the LWP that is named."""
    ran = []
    root.signal(SIGUSR1, lambda _: ran.append(libc._lwp_self()))
    lid = root.call(spawn, park)
    root.nanosleep(0.1)
    root._lwp_kill(lid, SIGUSR1)
    root.nanosleep(0.1)
    assert ran == [lid]


def test_lwps_inherit_the_mask(root):
    """A context without a mask has its creator's."""
    masks = []
    root.sigprocmask(SIG_BLOCK, sigset(SIGUSR1))
    root.call(spawn, lambda _: masks.append(libc.sigprocmask(SIG_BLOCK)))
    root.nanosleep(0.1)
    assert masks == [sigset(SIGUSR1)]


def test_suspended_in_its_sleep(root):
    """It sleeps on when continued; woken meanwhile, it runs once it is continued."""
    woken = []

    def sleep(_: int) -> None:
        libc._lwp_park()
        woken.append(libc._lwp_self())

    lid = root.call(spawn, sleep)
    root.nanosleep(0.1)
    root._lwp_suspend(lid)
    lwp = root.kernel.lwps[lid]
    assert lwp.l_stat == LSSUSPENDED
    root._lwp_continue(lid)
    assert lwp.l_stat == LSSLEEP
    root._lwp_suspend(lid)
    root._lwp_unpark(lid, 0)
    root.nanosleep(1)
    assert (lwp.l_stat, woken) == (LSSUSPENDED, [])
    root._lwp_continue(lid)
    root._lwp_wait(lid)
    assert woken == [lid]


def test_who_suspends_itself_stops_at_once(root):
    """And goes on where it was when another continues it."""
    steps = []

    def body(_: int) -> None:
        steps.append("before")
        libc._lwp_suspend(libc._lwp_self())
        steps.append("after")

    lid = root.call(spawn, body)
    root.nanosleep(0.1)
    assert steps == ["before"]
    root._lwp_continue(lid)
    root._lwp_wait(lid)
    assert steps == ["before", "after"]


def test_suspend_waits_until_it_is(root):
    """One that is about to run is suspended before it does."""
    ran = []
    lid = root.call(spawn, ran.append)
    root._lwp_suspend(lid)
    root.nanosleep(0.1)
    assert (ran, root.kernel.lwps[lid].l_stat) == ([], LSSUSPENDED)
    root._lwp_continue(lid)
    root._lwp_wait(lid)
    assert ran == [0]


def test_wakeup_interrupts_a_call(root):
    """The call fails with EINTR although no signal has come."""
    errors = []

    def reads(fd: int) -> None:
        try:
            libc.read(fd, 1)
        except OSError as error:
            errors.append(error.errno)

    lid = root.call(spawn, reads, root.pipe()[0])
    root.nanosleep(0.1)
    root._lwp_wakeup(lid)
    root._lwp_wait(lid)
    assert errors == [Errno.EINTR]


def test_an_interval_is_replaced_by_what_is_left(root):
    """_lwp_park stores at ts how much of the time it did not wait."""

    def parks() -> Timespec:
        with Frame() as lwp:
            at = pushrecord(lwp, Timespec(10, 0))
            trap("___lwp_park60", 0, 0, at, 0, 0, 0)
            return fetchrecord(lwp, Timespec, at)

    def unparks(lid: int) -> None:
        libc.nanosleep(4)
        libc._lwp_unpark(lid, 0)

    root.call(spawn, unparks, root.pid)
    assert root.call(parks).tv_sec == 5  # and a little


def test_detached_ones_leave_nothing(root):
    """A detached LWP is forgotten as it ends; so is one that is detached after its end."""
    root.call(spawn, lambda _: None, 0, LWP_DETACHED)
    lid = root.call(spawn, lambda _: None)
    root.nanosleep(0.1)
    assert list(root.proc.p_zomblwps) == [lid]
    root._lwp_detach(lid)
    assert (root.proc.p_zomblwps, root.kernel.lwps) == ({}, {})


def test_two_wait_for_one(root):
    """The first who waits by number gets it; who waits for any waits on for another."""
    got = []
    first = root.call(spawn, park)
    second = root.call(spawn, park)
    root.call(spawn, lambda lid: got.append(("by number", libc._lwp_wait(lid))), first)
    root.nanosleep(0.1)
    root._lwp_unpark(first, 0)
    root._lwp_unpark(second, 0)
    got.append(("any", root._lwp_wait(0)))
    assert ("any", second) in got


def test_a_jump_to_nowhere(run, k):
    """Where there is no function, or no stack, the process dies of SIGSEGV."""
    result = run(
        "from userland.libc import *\nfrom kernel.sys.ucontext import *\n"
        "_lwp_create(Ucontext(0, UC_CPU, uc_rip=5))\n_lwp_park()\n"
    )
    assert result.status == 128 + 11
    assert nothing_left(k)


def test_clone_from_an_lwp(run):
    """The child of an LWP runs on a copy of that LWP's stack."""
    result = run(
        LAB
        + "def child(_):\n    write(1, b'child ')\n    return 5\n"
        + "def body(_):\n    pid = clone(child, SIGCHLD)\n    print(waitpid(pid)[1] >> 8)\n"
        + "_lwp_wait(spawn(body))\n"
    )
    assert result.stdout == b"child 5\n", result.stderr


def test_names_are_cut(root):
    """A name has at most 15 bytes; a new LWP has none."""
    lid = root.call(spawn, park)
    assert root._lwp_getname(lid) == b""
    root._lwp_setname(lid, "a name that is too long")
    assert root._lwp_getname(lid) == b"a name that is "


def test_private_data_is_each_ones_own(root):
    """_lwp_setprivate sets the caller's."""
    seen = []
    root._lwp_setprivate(7)
    lid = root.call(spawn, lambda _: seen.append(libc._lwp_getprivate()))
    root._lwp_wait(lid)
    assert (seen, root._lwp_getprivate()) == ([0], 7)


def test_a_signal_before_the_first_step(root):
    """One that is pending when an LWP starts finds its handler on the LWP's own stack."""
    ran = []
    root.signal(SIGUSR1, lambda _: ran.append(libc._lwp_self()))
    lid = root.call(spawn, lambda _: ran.append("function"), 0, LWP_SUSPENDED)
    root._lwp_kill(lid, SIGUSR1)
    root._lwp_continue(lid)
    root._lwp_wait(lid)
    assert ran == [lid, "function"]
