# SPDX-License-Identifier: BSD-2-Clause
"""Signals: what is delivered, when, to whom, and what it interrupts."""

import pytest

from kernel import api
from kernel.sys.ktrace import KTR_PSIG
from userland.libc import (
    SIG_BLOCK,
    SIG_SETMASK,
    SIGCHLD,
    SIGCONT,
    SIGINT,
    SIGKILL,
    SIGSTOP,
    SIGTERM,
    SIGUSR1,
    WCONTINUED,
    WIFCONTINUED,
    WIFSTOPPED,
    WNOHANG,
    WSTOPSIG,
    WTERMSIG,
    WUNTRACED,
    sigset,
)

LAB = "from userland.libc import *\n"


def test_a_handler_runs_before_the_call_returns(run):
    """kill to oneself: the handler has run when kill is back."""
    result = run(
        LAB + "signal(SIGUSR1, lambda s: write(1, b'h%d ' % s))\nraise_(SIGUSR1)\nwrite(1, b'x')\n"
    )
    assert result.stdout == b"h30 x", result.stderr


@pytest.mark.parametrize(("flags", "seen"), [("0", b"EINTR"), ("SA_RESTART", b"data")])
def test_a_sleeping_read_is_interrupted_or_restarted(run, flags, seen):
    """SA_RESTART decides whether the read goes on after the handler."""
    result = run(
        LAB
        + "r, w = pipe()\n"
        + f"sigaction(SIGALRM, Sigaction(lambda s: write(w, b'data'), 0, {flags}))\nalarm(1)\n"
        + "try:\n    write(1, read(r, 9))\nexcept InterruptedError:\n    write(1, b'EINTR')\n"
    )
    assert result.stdout == seen, result.stderr


def test_blocked_signals_wait(k):
    """A blocked signal is pending, once, and delivered when it is unblocked."""
    p = k.root()
    seen: list[int] = []
    p.signal(SIGUSR1, seen.append)
    p.sigprocmask(SIG_BLOCK, sigset(SIGUSR1))
    p.raise_(SIGUSR1)
    p.raise_(SIGUSR1)
    assert (seen, p.sigpending()) == ([], sigset(SIGUSR1))
    p.sigprocmask(SIG_SETMASK, 0)
    assert (seen, p.sigpending()) == ([SIGUSR1], 0)


def test_the_handler_runs_with_its_signal_blocked(k):
    """In the handler the signal and sa_mask are blocked; afterwards they are not."""
    p = k.root()
    masks: list[int] = []

    def handler(_signo: int) -> None:
        from userland.libc import sigprocmask

        masks.append(sigprocmask(SIG_BLOCK))

    p.sigaction(SIGUSR1, _action(handler, sigset(SIGTERM)))
    p.raise_(SIGUSR1)
    masks.append(p.sigprocmask(SIG_BLOCK))
    assert masks == [sigset(SIGUSR1, SIGTERM), 0]


def _action(handler, mask=0, flags=0):
    from userland.libc import Sigaction

    return Sigaction(handler, mask, flags)


def test_default_actions(k):
    """Terminate, ignore, and nothing can catch SIGKILL."""
    p = k.root()
    for signo in (SIGTERM, SIGKILL, SIGINT):
        child = p.fork()
        p.kill(child.pid, signo)
        assert WTERMSIG(p.waitpid(child.pid)[1]) == signo
    child = p.fork()
    p.kill(child.pid, SIGCHLD)
    k.settle()
    assert child.alive
    with pytest.raises(OSError, match="Invalid argument"):
        p.signal(SIGKILL, print)


def test_stop_and_continue_are_reported(run):
    """WUNTRACED tells of a stop, WCONTINUED of going on, each once."""
    result = run(
        LAB
        + "pid = fork()\n"
        + "if pid == 0:\n    while True:\n        nanosleep(1)\n"
        + "kill(pid, SIGSTOP)\n"
        + "s = waitpid(pid, WUNTRACED)[1]\nprint(WIFSTOPPED(s), WSTOPSIG(s))\n"
        + "kill(pid, SIGCONT)\n"
        + "s = waitpid(pid, WCONTINUED)[1]\nprint(WIFCONTINUED(s))\n"
        + "print(waitpid(pid, WNOHANG | WUNTRACED | WCONTINUED))\n"
        + "kill(pid, SIGKILL)\nprint(WTERMSIG(waitpid(pid)[1]))\n"
    )
    assert result.stdout == b"True 17\nTrue\n(0, 0)\n9\n", result.stderr
    assert (SIGSTOP, SIGCONT) == (17, 19)
    assert not WIFSTOPPED(0)
    assert not WIFCONTINUED(0)
    assert WSTOPSIG(17 << 8 | 0o177) == 17
    assert (WNOHANG, WUNTRACED, WCONTINUED) == (1, 2, 16)


def test_who_may_signal_whom(k):
    """Users signal their own; root all; unknown pids are ESRCH."""
    user, other = k.process(uid=1000), k.process(uid=1001)
    with pytest.raises(PermissionError):
        user.kill(other.pid, SIGTERM)
    with pytest.raises(ProcessLookupError):
        user.kill(29999, 0)
    with pytest.raises(OSError, match="Invalid argument"):
        user.kill(user.pid, 64)
    k.root().kill(other.pid, SIGKILL)
    k.settle()
    assert not other.alive


def test_sigsuspend_restores_the_mask(run):
    """The handler runs under the temporary mask's wait; afterwards the old mask holds."""
    result = run(
        LAB
        + "signal(SIGALRM, lambda s: write(1, b'rang '))\n"
        + "sigprocmask(SIG_BLOCK, sigset(SIGALRM))\nalarm(1)\nsigsuspend(0)\n"
        + "write(1, b'%d' % (sigprocmask(SIG_BLOCK) == sigset(SIGALRM)))\n"
    )
    assert result.stdout == b"rang 1", result.stderr


def test_an_exception_leaves_the_handler_and_the_mask(run):
    """What a handler raises comes out of the interrupted call; the signal is unblocked again."""
    result = run(
        LAB
        + "def stop(s):\n    raise KeyError(s)\n"
        + "signal(SIGUSR1, stop)\n"
        + "for _ in range(2):\n    try:\n        raise_(SIGUSR1)\n    except KeyError as e:\n        print(e)\n"
        + "print(sigprocmask(SIG_BLOCK))\n"
    )
    assert result.stdout == b"30\n30\n0\n", result.stderr


def test_psig_has_the_mask_from_before(run):
    """PSIG: signal, the handler's address, the mask in force before the handler's, a siginfo."""
    result = run(
        LAB
        + "signal(SIGUSR1, lambda s: None)\nsigprocmask(SIG_BLOCK, sigset(SIGINT))\nraise_(SIGUSR1)\n",
        ktrace=True,
    )
    (record,) = [r for r in result.records() if r.type == KTR_PSIG]
    psig = record.body()
    assert psig.signo == SIGUSR1
    assert psig.action >= 0x400000
    assert psig.mask[0] == sigset(SIGINT)
    assert len(record.payload) == 40 + 128


def test_two_kernels_do_not_meet():
    """The same pid in two kernels: a signal reaches one of them."""
    with api.boot() as one, api.boot() as two:
        a, b = one.root(), two.root()
        child_a, child_b = a.fork(), b.fork()
        assert child_a.pid == child_b.pid
        a.kill(child_a.pid, SIGKILL)
        one.settle()
        two.settle()
        assert (child_a.alive, child_b.alive) == (False, True)
