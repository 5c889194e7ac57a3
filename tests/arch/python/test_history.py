# SPDX-License-Identifier: BSD-2-Clause
"""fork(2) from a process of several LWPs: the child has the caller only, and what all had done."""

import pytest

from kernel import api
from kernel.sys.ktrace import KTR_SYSRET

LAB = """\
from userland.libc import *
from userland.libc.machine import map_buffer

def spawn(start, arg=0, flags=0):
    base = map_buffer(memoryview(bytearray(8192)), 3)
    return _lwp_create(_lwp_makecontext(start, arg, base, 8192), flags)

log = []

def say(*what):
    write(1, (' '.join(map(str, what)) + '\\n').encode())

"""

WORKERS = """
def worker(n):
    try:
        for turn in range(3):
            log.append((n, turn))
            getppid()
            if (n + turn) % 2:
                nanosleep(0.01 * n)
    finally:
        log.append((n, 'end'))

def sleeper(_):
    try:
        _lwp_park()
    finally:
        log.append('unwound')

def forker(_):
    worker(9)
    pid = fork()
    say(log)
    if pid == 0:
        assert _lwp_self() == getpid()
        pid = fork()
        say(log)
        if pid == 0:
            _lwp_wait(spawn(worker, 4))
            pid = fork()
            say(log[:-4], log[-4:] == [(4, 0), (4, 1), (4, 2), (4, 'end')])
            if pid == 0:
                _exit(4)
        _exit(waitpid(pid)[1] >> 8)
    print(waitpid(pid)[1] >> 8)

for n in (1, 2, 3):
    spawn(worker, n)
spawn(sleeper)
_lwp_wait(spawn(forker))
exit(0)
"""


@pytest.mark.parametrize("seed", [None, 1, 2, 3, 4, 5])
def test_the_child_has_done_what_all_lwps_did(seed, tmp_path):
    """In the same order, whatever the schedule was; in children of children, too.

    The others are not unwound in the child, as they are not in their parent.
    """
    (tmp_path / "p.py").write_text(LAB + WORKERS)
    with api.boot(seed=seed) as k:
        result = k.run(tmp_path / "p.py")
        lines = result.stdout.decode().splitlines()
        assert (result.status, lines[-1]) == (0, "4"), result.stderr
        logs = {line.removesuffix(" True") for line in lines[:-1]}
        assert len(logs) == 1
        assert "unwound" not in logs.pop()
        assert not k.kernel.lwps


def test_the_first_lwp_forks(run):
    """With others asleep in calls, ended, not yet run, and about to return from a call."""
    result = run(
        LAB
        + "def reader(fd):\n    log.append(read(fd, 9))\n    nanosleep(1)\n    log.append('late')\n"
        + "r, w = pipe()\nspawn(reader, r)\nspawn(log.append, 1)\nnanosleep(0.1)\n"
        + "spawn(log.append, 2)\nwrite(w, b'x')\n"
        + "if fork() == 0:\n    say(log)\n    _exit(0)\nwait()\nsay(log)\n_lwp_exit()\n"
    )
    child, parent = result.stdout.decode().splitlines()
    assert child == parent.replace(", b'x', 2", ""), result.stderr


def test_handlers_of_lwps_run_again(run):
    """A handler that ran in an LWP has left its mark in the child."""
    result = run(
        LAB
        + "signal(SIGUSR1, lambda _: log.append(('handler', len(log))))\n"
        + "def body(_):\n    log.append('start')\n    _lwp_kill(_lwp_self(), SIGUSR1)\n"
        + "    log.append('going on')\n    nanosleep(1)\n    _lwp_kill(_lwp_self(), SIGUSR1)\n"
        + "lid = spawn(body)\nlog.append('made')\nnanosleep(0.5)\nlog.append('half')\n_lwp_wait(lid)\n"
        + "if fork() == 0:\n    say(log)\n    _exit(0)\nwait()\nsay(log)\n"
    )
    child, parent = result.stdout.decode().splitlines()
    assert child == parent, result.stderr
    assert parent.count("handler") == 2


def test_a_child_may_exec(run):
    """The stacks of those left behind are given up."""
    result = run(
        LAB
        + "spawn(lambda _: _lwp_park())\nnanosleep(0.1)\n"
        + "if fork() == 0:\n    execv('/bin/echo', ['echo', 'hello'])\nwait()\nexit(0)\n"
    )
    assert (result.status, result.stdout) == (0, b"hello\n"), result.stderr


def test_divergence_is_named(k, run):
    """An LWP that does other calls the second time kills the child, whoever else there is."""
    result = run(
        LAB
        + "count = getattr(environ, 'seen', 0)\nenviron.seen = count + 1\n"
        + "def body(_):\n    nanosleep(0.1)\n    getppid() if count == 0 else getuid()\n"
        + "spawn(lambda _: _lwp_park())\n_lwp_wait(spawn(body))\n"
        + "pid = fork()\nstatus = waitpid(pid)[1]\ndel environ.seen\n"
        + "print(WIFSIGNALED(status), WTERMSIG(status))\nexit(0)\n"
    )
    assert result.stdout == b"True 9\n", result.stderr
    assert b"expected getppid(), the program made getuid() at /root/prog.py:" in result.stderr
    assert not k.kernel.lwps


def test_nothing_of_a_replay_is_traced(run):
    """The child's first record is RET fork, under its own number."""
    result = run(
        LAB
        + "def body(_):\n    getppid()\n    if fork() == 0:\n        _exit(0)\n    wait()\n"
        + "_lwp_wait(spawn(body))\n",
        ktrace=True,
    )
    pids = {record.pid for record in result.records()}
    child = [r for r in result.records() if r.pid == max(pids)]
    assert [r.lid for r in child] == [child[0].pid] * len(child)
    assert child[0].type == KTR_SYSRET


def test_a_handler_before_the_first_step_runs_again(run):
    """Of an LWP that had a signal when it started."""
    result = run(
        LAB
        + "signal(SIGUSR1, lambda _: log.append('handler'))\n"
        + "lid = spawn(lambda _: log.append('function'), 0, LWP_SUSPENDED)\n"
        + "_lwp_kill(lid, SIGUSR1)\n_lwp_continue(lid)\n_lwp_wait(lid)\n"
        + "if fork() == 0:\n    say(log)\n    _exit(0)\nwait()\nsay(log)\n"
    )
    assert result.stdout == b"['handler', 'function']\n" * 2, result.stderr
