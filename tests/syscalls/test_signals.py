# SPDX-License-Identifier: BSD-2-Clause
"""kill(2), sigqueueinfo(2), sigaction(2) and their kin: how they fail, and what handlers are told."""

import pytest

from kernel.kern.kern_synch import setrunnable
from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_CSW, KTR_PSIG, KTR_SYSCALL, KTR_SYSRET
from kernel.sys.proc import LW_CANCELLED, SSTOP
from kernel.sys.siginfo import Siginfo
from kernel.sys.signal import (
    CLD_CONTINUED,
    CLD_STOPPED,
    MINSIGSTKSZ,
    SA_NOCLDSTOP,
    SA_NODEFER,
    SA_ONSTACK,
    SA_RESETHAND,
    SA_RESTART,
    SA_SIGINFO,
    SI_NOINFO,
    SI_QUEUE,
    SI_USER,
    SIG_BLOCK,
    SIG_DFL,
    SIG_IGN,
    SIG_SETMASK,
    SIG_UNBLOCK,
    SIGCHLD,
    SIGCONT,
    SIGHUP,
    SIGILL,
    SIGINT,
    SIGKILL,
    SIGPIPE,
    SIGRTMAX,
    SIGRTMIN,
    SIGSEGV,
    SIGSTOP,
    SIGTERM,
    SIGTSTP,
    SIGUSR1,
    SIGUSR2,
    SS_DISABLE,
    SS_ONSTACK,
    pack_sigaction,
    sigset,
)
from kernel.sys.signalvar import SIGQUEUE_MAX, Sigstk
from kernel.sys.time import Timespec
from kernel.sys.ucontext import UC_SIGMASK, Ucontext, ucontext_pack
from kernel.sys.wait import WCONTINUED, WIFCONTINUED, WNOHANG, WTERMSIG, WUNTRACED
from tests.syscalls.errnos import Traced, errnos
from userland.libc import include as libc
from userland.libc.machine import curlwp, map_buffer, store
from userland.libc.signal import Sigaction
from userland.libc.stack import Frame, pushbytes
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing


def pushed(name, *args):
    """Make a call of which bytes are pushed: their addresses are the registers."""
    with Frame() as lwp:
        return trap(name, *(pushbytes(lwp, arg) if isinstance(arg, bytes) else arg for arg in args))


@errnos(
    Errno.EFAULT,
    {
        "getcontext": lambda: (trap, "getcontext", BAD),
        "setcontext": lambda: (trap, "setcontext", BAD),
        "sigaction_sigtramp": lambda: (trap, "__sigaction_sigtramp", 99, BAD, 0, 1, 2),
        "sigaction_sigtramp+old": lambda: (trap, "__sigaction_sigtramp", SIGUSR1, 0, BAD, 1, 2),
        "sigaltstack": lambda: (trap, "__sigaltstack14", BAD, 0),
        "sigaltstack+old": lambda: (trap, "__sigaltstack14", 0, BAD),
        "sigpending": lambda: (trap, "__sigpending14", BAD),
        "sigprocmask": lambda: (trap, "__sigprocmask14", 77, BAD, 0),
        "sigprocmask+old": lambda: (trap, "__sigprocmask14", 77, 0, BAD),
        "sigqueueinfo": lambda: (trap, "sigqueueinfo", 29999, BAD),
        "sigsuspend": lambda: (trap, "__sigsuspend14", BAD),
        "sigtimedwait": lambda: (trap, "____sigtimedwait50", BAD, 0, 0),
        "sigtimedwait+time": lambda: (trap, "____sigtimedwait50", BAD, 0, BAD),
    },
)
def test_nowhere(fails, root, call):
    """What is to be read or stored is not in the caller's memory: over other errors."""
    fails(root, *call())


@pytest.mark.errno("sigtimedwait", Errno.EFAULT)
def test_nowhere_to_tell(fails, root):
    """The signal has been taken all the same."""
    root.sigprocmask(SIG_BLOCK, sigset(SIGUSR1))
    root.raise_(SIGUSR1)
    fails(root, pushed, "____sigtimedwait50", libc.pack_sigset(sigset(SIGUSR1)), BAD, 0)
    assert root.sigpending() == 0


@errnos(
    Errno.EINVAL,
    {
        "kill": lambda n: ("kill", 29999, n),
        "sigqueueinfo": lambda n: ("sigqueueinfo", 29999, Siginfo(n)),
        "sigaction_sigtramp": lambda n: ("sigaction", n or 64),
    },
)
@pytest.mark.parametrize("signo", [-1, 64, 1 << 30])
def test_no_such_signal(fails, root, call, signo):
    """There is none of that number: over a process that is not there."""
    fails(root, *call(signo))


@pytest.mark.errno("sigaction_sigtramp", Errno.EINVAL)
def test_what_cannot_be_caught(fails, root):
    """SIGKILL and SIGSTOP can be asked about only; flags there are none of; no trampoline."""
    for signo in (SIGKILL, SIGSTOP):
        for handler in (SIG_DFL, SIG_IGN, print):
            fails(root, "sigaction", signo, Sigaction(handler))
        assert root.sigaction(signo).sa_handler == SIG_DFL
    fails(root, "sigaction", SIGUSR1, Sigaction(SIG_DFL, 0, 0x100))
    action = pack_sigaction(SIG_DFL, 0, 0)
    for tramp, version in ((0, 2), (1, 0), (1, 1), (1, 4), (1, -1)):
        fails(root, pushed, "__sigaction_sigtramp", SIGUSR1, action, 0, tramp, version)


@pytest.mark.errno("sigprocmask", Errno.EINVAL)
def test_how(fails, root):
    """How is none of the three ways; without a set it does not matter."""
    fails(root, "sigprocmask", 0, 0)
    fails(root, "sigprocmask", 4, 0)
    assert root.sigprocmask(77) == 0


@pytest.mark.errno("sigaltstack", Errno.EINVAL)
def test_stack_flags(fails, root):
    """There are no such flags; or it would be disabled while a handler runs on it."""
    fails(root, "sigaltstack", Sigstk(0, 0, 2))
    root.sigaltstack(Sigstk(4096, MINSIGSTKSZ, SS_ONSTACK))  # NetBSD believes it
    fails(root, "sigaltstack", Sigstk(0, 0, SS_DISABLE))


@pytest.mark.errno("sigaltstack", Errno.ENOMEM)
def test_small_stack(fails, root):
    """It has less than MINSIGSTKSZ bytes; of one that is disabled the size does not matter."""
    fails(root, "sigaltstack", Sigstk(4096, MINSIGSTKSZ - 1, 0))
    assert root.sigaltstack(Sigstk(0, 5, SS_DISABLE)) == Sigstk(0, 0, SS_DISABLE)
    assert root.sigaltstack() == Sigstk(0, 5, SS_DISABLE)


@pytest.mark.errno("setcontext", Errno.EINVAL)
def test_context_without_registers(fails, root):
    """It cannot be gone on with."""
    fails(root, pushed, "setcontext", ucontext_pack(Ucontext(0, UC_SIGMASK)))


@errnos(
    Errno.ESRCH,
    {
        "kill": lambda pid: ("kill", pid, 0),
        "sigqueueinfo": lambda pid: ("sigqueue", pid, 0),
    },
)
def test_nobody(fails, root, call):
    """There is no such process and no such group."""
    fails(root, *call(29999))
    fails(root, *call(-29999))


@pytest.mark.errno("kill", Errno.ESRCH)
def test_nobody_who_may_be_told(fails, root, user):
    """Of a group nobody may be sent the signal: NetBSD says that there is nobody."""
    fails(user, "kill", -root.pid, 0)


@errnos(
    Errno.EPERM,
    {
        "kill": lambda pid: ("kill", pid, SIGTERM),
        "sigqueueinfo": lambda pid: ("sigqueue", pid, SIGTERM),
    },
)
def test_somebody_else(fails, root, user, other, call):
    """A process of another user; even if only asked for."""
    fails(user, *call(other.pid))
    fails(user, *call(root.pid))
    with pytest.raises(PermissionError):
        user.kill(other.pid, 0)


@pytest.mark.errno("sigqueueinfo", Errno.EPERM)
def test_forged_sender(fails, root):
    """Another process is not told of a sender or a cause that is not so; oneself may be."""
    child = root.fork()
    honest = Siginfo(0, SI_QUEUE, si_pid=root.pid)
    assert root.sigqueueinfo(child.pid, honest) == 0
    for forged in (
        honest._replace(si_pid=1),
        honest._replace(si_uid=5),
        honest._replace(si_code=SI_NOINFO),
        honest._replace(si_code=1),
    ):
        fails(root, "sigqueueinfo", child.pid, forged)
        assert root.sigqueueinfo(root.pid, forged) == 0


@pytest.mark.errno("sigqueueinfo", Errno.EAGAIN)
def test_full_queue(fails, root):
    """Too many signals wait there already; one that is no realtime signal takes a place, too."""
    root.sigprocmask(SIG_BLOCK, sigset(SIGRTMIN, SIGRTMAX, SIGUSR1))
    root.sigqueue(root.pid, SIGUSR1, 7)
    for n in range(SIGQUEUE_MAX - 1):
        root.sigqueue(root.pid, SIGRTMIN, n)
    fails(root, "sigqueue", root.pid, SIGRTMAX)
    root.sigqueue(root.pid, SIGUSR1, 8)  # the same place
    seen = [root.sigwaitinfo(sigset(SIGRTMIN)).si_value for _ in range(SIGQUEUE_MAX - 1)]
    assert seen == list(range(SIGQUEUE_MAX - 1))
    assert root.sigwaitinfo(sigset(SIGUSR1)).si_value == 8
    assert root.sigwaitinfo(sigset(SIGRTMAX)).si_code == SI_NOINFO  # pending all the same
    assert root.sigpending() == 0


@pytest.mark.errno("sigsuspend", Errno.EINTR)
def test_suspended(begins, root, person):
    """It always ends so, once a handler has run; also of one with SA_RESTART."""
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None, 0, SA_RESTART))
    root.sigprocmask(SIG_BLOCK, sigset(SIGUSR1))
    finish = begins(root, pushed, "__sigsuspend14", libc.pack_sigset(0))
    assert root.lwp.l_wmesg == "pause"
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()
    assert root.sigprocmask(SIG_BLOCK) == sigset(SIGUSR1)


@pytest.mark.errno("sigtimedwait", Errno.EAGAIN)
def test_nothing_came(fails, k, root):
    """None is pending and there is no time to wait; or it has passed."""
    fails(root, "sigtimedwait", sigset(SIGUSR1), Timespec(0, 0))
    before = k.time()
    fails(root, "sigtimedwait", sigset(SIGUSR1), Timespec(2, 500))
    assert k.time() - before == pytest.approx(2.0, abs=0.001)


@pytest.mark.errno("sigtimedwait", Errno.EINVAL)
def test_no_time(fails, root):
    """The time is none, even if a signal is pending."""
    root.sigprocmask(SIG_BLOCK, sigset(SIGUSR1))
    root.raise_(SIGUSR1)
    for time in (Timespec(-1, 0), Timespec(0, -1), Timespec(0, 10**9)):
        fails(root, "sigtimedwait", sigset(SIGUSR1), time)


@pytest.mark.errno("sigtimedwait", Errno.EINTR)
def test_other_signal(begins, root, person):
    """The handler of another signal has run."""
    root.sigaction(SIGUSR2, Sigaction(lambda *_: None, 0, 0))
    finish = begins(root, "sigtimedwait", sigset(SIGUSR1), Timespec(9, 0))
    person(0, 0).kill(root.pid, SIGUSR2)
    finish()


@pytest.mark.errno("sigtimedwait", Errno.ECANCELED)
def test_woken_by_another_thread(begins, root):
    """_lwp_wakeup(2): from the kernel's side, as there is but one LWP here."""
    finish = begins(root, "sigtimedwait", sigset(SIGUSR1), Timespec(9, 0))
    root.lwp.l_flag |= LW_CANCELLED
    setrunnable(root.lwp)
    finish()


def test_restarted_wait_goes_on_with_the_rest(k, root, person):
    """After a handler with SA_RESTART: the time that is left, and no error."""
    root.sigaction(SIGUSR2, Sigaction(lambda *_: None, 0, SA_RESTART))
    root.sigprocmask(SIG_BLOCK, sigset(SIGUSR1))
    killer = person(0, 0)
    before = k.time()
    root.begin("sigtimedwait", sigset(SIGUSR1), Timespec(10, 0))
    k.advance(4)
    killer.kill(root.pid, SIGUSR2)
    with pytest.raises(BlockingIOError):
        root.finish()
    assert k.time() - before == pytest.approx(10.0, abs=0.001)


def test_who_waits_gets_it(root, user):
    """A waiter takes the signal before anything else would happen, blocked or not."""
    sender = root.fork()
    root.begin("sigwaitinfo", sigset(SIGTERM, SIGUSR1))
    sender.kill(root.pid, SIGTERM)
    info = root.finish()
    assert (info.si_signo, info.si_code, info.si_pid, info.si_uid) == (
        SIGTERM,
        SI_USER,
        sender.pid,
        0,
    )


def test_lowest_first_and_process_before_lwp(root):
    """Of several that are pending the lowest is taken."""
    both = sigset(SIGUSR1, SIGHUP, SIGRTMIN)
    root.sigprocmask(SIG_BLOCK, both)
    for signo in (SIGRTMIN, SIGUSR1, SIGHUP):
        root.raise_(signo)
    assert [root.sigwait(both) for _ in range(3)] == [SIGHUP, SIGUSR1, SIGRTMIN]


@pytest.mark.parametrize(
    ("call", "args"),
    [
        pytest.param(name, args, id=name, marks=pytest.mark.trace(name, "CALL RET"))
        for name, args in {
            "getcontext": (lambda: pushed("getcontext", bytes(784)),),
            "kill": ("kill", 1, 0),
            "sigaction_sigtramp": ("sigaction", SIGUSR1),
            "sigaltstack": ("sigaltstack",),
            "sigpending": ("sigpending",),
            "sigprocmask": ("sigprocmask", SIG_BLOCK, 1),
            "sigqueueinfo": ("sigqueue", 1, 0),
        }.items()
    ],
)
def test_nothing_but_the_call(k, root, call, args):
    """Nothing is recorded of them but that they are made."""
    trace = Traced(k, root)
    root.call(*args)
    assert [record.type for record in trace.records()][-2:] == [KTR_SYSCALL, KTR_SYSRET]


@pytest.mark.trace("sigtimedwait", "CALL CSW CSW RET")
@pytest.mark.trace("sigsuspend", "CALL CSW CSW RET PSIG")
@pytest.mark.trace("setcontext", "CALL RET")
def test_waits_are_recorded(k, root):
    """A signal that is waited for leaves no PSIG; one that is delivered does, and its return."""
    sender = root.fork()
    root.signal(SIGUSR1, lambda _: None)
    trace = Traced(k, root)
    root.begin("sigwait", sigset(SIGUSR1))
    sender.kill(root.pid, SIGUSR1)
    root.finish()
    kinds = [KTR_SYSCALL, KTR_CSW, KTR_CSW, KTR_SYSRET]
    assert [record.type for record in trace.records()] == kinds
    root.begin("sigsuspend", 0)
    sender.kill(root.pid, SIGUSR1)
    root.finish()
    kinds += [*kinds, KTR_PSIG, KTR_SYSCALL, KTR_SYSRET]
    assert [record.type for record in trace.records()] == kinds


def test_what_sigaction_tells(root):
    """The signal itself is in its mask, as NetBSD keeps it; SA_NODEFER takes it out."""
    assert root.sigaction(SIGUSR1) == Sigaction(SIG_DFL, 0, SA_RESTART)
    everything = (1 << 63) - 1
    root.sigaction(SIGUSR1, Sigaction(print, everything, 0))
    assert root.sigaction(SIGUSR1).sa_mask == everything & ~sigset(SIGKILL, SIGSTOP)
    root.sigaction(SIGUSR1, Sigaction(print, sigset(SIGUSR1), SA_NODEFER))
    assert root.sigaction(SIGUSR1, Sigaction(print, 0, 0)).sa_mask == 0
    assert root.sigaction(SIGUSR1).sa_mask == sigset(SIGUSR1)
    root.sigaction(SIGILL, Sigaction(print, 0, SA_RESETHAND))
    assert root.sigaction(SIGILL).sa_flags == 0  # it cannot be reset


def test_resethand(root):
    """The handler runs once; the rest of the action stays."""
    seen: list[int] = []
    child = root.fork()
    child.sigaction(SIGUSR1, Sigaction(seen.append, sigset(SIGINT), SA_RESETHAND))
    child.raise_(SIGUSR1)
    assert seen == [SIGUSR1]
    assert child.sigaction(SIGUSR1) == Sigaction(SIG_DFL, sigset(SIGINT, SIGUSR1), SA_RESETHAND)
    child.raise_(SIGUSR1)
    assert WTERMSIG(root.waitpid(child.pid)[1]) == SIGUSR1


def test_nodefer(root):
    """With SA_NODEFER a handler may be interrupted by its own signal."""
    depth: list[int] = []

    def handler(signo: int) -> None:
        depth.append(signo)
        if len(depth) < 3:
            libc.raise_(signo)

    root.sigaction(SIGUSR1, Sigaction(handler, 0, SA_NODEFER))
    root.raise_(SIGUSR1)
    assert len(depth) == 3


def test_siginfo_of_the_sender(root):
    """kill tells who sent it, sigqueue a value besides, the kernel nothing."""
    seen: list[Siginfo] = []
    child = root.fork()
    for signo in (SIGUSR1, SIGRTMIN, SIGPIPE):
        child.sigaction(signo, Sigaction(lambda _, info, __: seen.append(info), 0, SA_SIGINFO))
    root.kill(child.pid, SIGUSR1)
    root.sigqueue(child.pid, SIGRTMIN, 1 << 40)
    child.getpid()
    rfd, wfd = child.pipe()
    child.close(rfd)
    with pytest.raises(BrokenPipeError):
        child.write(wfd, b"x")
    assert [(i.si_signo, i.si_code, i.si_pid, i.si_value) for i in seen] == [
        (SIGUSR1, SI_USER, root.pid, 0),
        (SIGRTMIN, SI_QUEUE, root.pid, 1 << 40),
        (SIGPIPE, SI_NOINFO, 0, 0),
    ]


def test_realtime_signals_are_queued_in_order(root):
    """Each with its value, the lowest signal first; of another the last is kept."""
    seen: list[tuple[int, int]] = []

    def handler(signo, info, _context):
        seen.append((signo, info.si_value))

    signos = (SIGUSR1, SIGRTMIN, SIGRTMIN + 1)
    for signo in signos:
        root.sigaction(signo, Sigaction(handler, sigset(*signos), SA_SIGINFO))
    root.sigprocmask(SIG_BLOCK, sigset(*signos))
    for value in range(3):
        for signo in reversed(signos):
            root.sigqueue(root.pid, signo, value)
    root.sigprocmask(SIG_UNBLOCK, sigset(*signos))
    low, high = SIGRTMIN, SIGRTMIN + 1
    assert seen == [(SIGUSR1, 2), *((low, n) for n in range(3)), *((high, n) for n in range(3))]


def test_signal_stack(root):
    """A handler with SA_ONSTACK runs on the stack that is set; one inside it, on the same."""
    seen: list[tuple[int, int]] = []
    stack = root.call(lambda: mapped(1 << 16))

    def note(_signo):
        lwp = curlwp()
        seen.append((lwp.l_ustack, libc.sigaltstack().ss_flags))
        if len(seen) == 1:
            libc.raise_(SIGUSR2)

    root.sigaltstack(Sigstk(stack, 1 << 16, 0))
    root.sigaction(SIGUSR1, Sigaction(note, 0, SA_ONSTACK))
    root.sigaction(SIGUSR2, Sigaction(note, 0, SA_ONSTACK))
    root.sigaction(SIGHUP, Sigaction(note, 0, 0))
    root.raise_(SIGUSR1)
    root.raise_(SIGHUP)
    (outer, flags), (inner, inner_flags), (usual, usual_flags) = seen
    assert stack <= inner < outer < stack + (1 << 16)
    assert flags == inner_flags == SS_ONSTACK
    assert not stack <= usual < stack + (1 << 16)
    assert usual_flags == 0
    assert root.sigaltstack() == Sigstk(stack, 1 << 16, 0)


def mapped(size):
    """Map memory; return its address."""
    return map_buffer(memoryview(bytearray(size)), 3)


def test_signal_stack_that_is_not_there(root):
    """The frame cannot be stored: SIGILL."""
    child = root.fork()
    child.sigaltstack(Sigstk(BAD, MINSIGSTKSZ, 0))
    child.sigaction(SIGUSR1, Sigaction(print, 0, SA_ONSTACK))
    child.raise_(SIGUSR1)
    assert WTERMSIG(root.waitpid(child.pid)[1]) == SIGILL


def test_fork_and_exec_of_the_signal_stack(k, root):
    """A child has its parent's; a new program has none."""
    root.sigaltstack(Sigstk(1 << 20, MINSIGSTKSZ, 0))
    child = root.fork()
    assert child.sigaltstack() == Sigstk(1 << 20, MINSIGSTKSZ, 0)
    program = "from userland.libc import *\nprint(sigaltstack().ss_flags, sigpending())\n"
    k.install(b"/t/p.py", program.encode())
    child.sigprocmask(SIG_BLOCK, sigset(SIGUSR1))
    child.raise_(SIGUSR1)
    child.call("execve", b"/t/p.py", ["p.py"], {})
    assert bytes(k.console.stdout).endswith(b"4 0\n")  # what was pending is forgotten


def test_a_fault_that_is_blocked_kills(root):
    """SIGSEGV of one's own doing is not put off, and not ignored."""
    for prepare in (
        lambda: libc.sigprocmask(SIG_BLOCK, sigset(SIGSEGV)),
        lambda: libc.signal(SIGSEGV, SIG_IGN),
    ):
        child = root.fork()
        child.call(prepare)
        child.call(store, BAD, b"x")
        assert WTERMSIG(root.waitpid(child.pid)[1]) == SIGSEGV


def test_a_stop_does_not_interrupt(k, root, person):
    """A read that sleeps sleeps on after SIGSTOP and SIGCONT, whatever the actions say."""
    child = root.fork()
    rfd, wfd = root.pipe()
    reader = root.fork()
    reader.begin("read", rfd, 9)
    for _ in range(2):
        root.kill(reader.pid, SIGSTOP)
        assert root.waitpid(reader.pid, WUNTRACED)[0] == reader.pid
        assert reader.proc.p_stat == SSTOP
        root.kill(reader.pid, SIGCONT)
        assert WIFCONTINUED(root.waitpid(reader.pid, WCONTINUED)[1])
        k.settle()
    root.write(wfd, b"data")
    assert reader.finish() == b"data"
    assert child.alive


def test_sleep_goes_on_after_a_stop(k, root):
    """nanosleep(2) lasts as long as it was to, the stop included."""
    child = root.fork()
    before = k.time()
    child.begin("nanosleep", 10)
    k.advance(3)
    root.kill(child.pid, SIGSTOP)
    k.settle()
    k.advance(2)
    root.kill(child.pid, SIGCONT)
    child.finish()
    assert k.time() - before == pytest.approx(10, abs=0.01)


def test_signals_wait_for_who_is_stopped(k, root):
    """But for SIGKILL, and SIGCONT, which runs its handler then."""
    seen: list[int] = []
    child = root.fork()
    child.signal(SIGUSR1, seen.append)
    child.signal(SIGCONT, seen.append)
    root.kill(child.pid, SIGSTOP)
    root.waitpid(child.pid, WUNTRACED)
    root.kill(child.pid, SIGUSR1)
    k.settle()
    assert seen == []
    root.kill(child.pid, SIGCONT)
    k.settle()
    assert seen == [SIGCONT, SIGUSR1]
    root.kill(child.pid, SIGSTOP)
    root.waitpid(child.pid, WUNTRACED)
    root.kill(child.pid, SIGKILL)
    assert WTERMSIG(root.waitpid(child.pid)[1]) == SIGKILL


def test_stop_and_continue_take_each_other_away(root):
    """A pending stop signal is gone with SIGCONT, a pending SIGCONT with a stop signal."""
    child = root.fork()
    child.setpgid(0, 0)
    child.signal(SIGCONT, lambda _: None)
    child.sigprocmask(SIG_BLOCK, sigset(SIGTSTP, SIGCONT))
    root.kill(child.pid, SIGTSTP)
    assert child.sigpending() == sigset(SIGTSTP)
    root.kill(child.pid, SIGCONT)
    assert child.sigpending() == sigset(SIGCONT)
    root.kill(child.pid, SIGTSTP)
    assert child.sigpending() == sigset(SIGTSTP)


def test_sigchld_of_stops(k, root):
    """SA_NOCLDSTOP keeps those of stops back; NetBSD sends those of continuing all the same."""
    told: list[tuple[int, int]] = []
    parent = root.fork()
    parent.setpgid(0, 0)

    def handler(_signo, info, _context):
        told.append((info.si_code, info.si_status))

    child = parent.fork()
    for flags in (SA_SIGINFO, SA_SIGINFO | SA_NOCLDSTOP):
        parent.sigaction(SIGCHLD, Sigaction(handler, 0, flags))
        for signo in (SIGSTOP, SIGCONT):
            root.kill(child.pid, signo)
            k.settle()
    stopped, continued = (CLD_STOPPED, SIGSTOP), (CLD_CONTINUED, SIGCONT)
    assert told == [stopped, continued, continued]


def test_a_zombie_may_be_killed(root):
    """Nothing happens, and it is no error."""
    child = root.fork()
    child._exit(0)
    assert root.kill(child.pid, SIGKILL) == 0
    assert root.waitpid(child.pid, WNOHANG) == (child.pid, 0)


def test_sigmask_of_setmask(root):
    """SIGKILL and SIGSTOP are never in it."""
    root.sigprocmask(SIG_SETMASK, (1 << 63) - 1)
    assert root.sigprocmask(SIG_BLOCK) == (1 << 63) - 1 & ~sigset(SIGKILL, SIGSTOP)
