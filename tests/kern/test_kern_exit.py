# SPDX-License-Identifier: BSD-2-Clause
"""The end of a process: what is given back, who is told, what its program may still do."""

import pytest

from userland.libc import (
    O_CREAT,
    O_RDWR,
    SIG_IGN,
    SIGCHLD,
    SIGCONT,
    SIGSTOP,
    WCONTINUED,
    WNOHANG,
    WUNTRACED,
)

LAB = "from userland.libc import *\n"


def test_everything_is_given_back(k):
    """Files, vnodes, processes and groups are as before."""
    p = k.root()
    files, procs = k.kernel.nfiles, len(k.kernel.allproc)
    child = p.fork()
    child.open(b"/tmp/f", O_RDWR | O_CREAT)
    child.pipe()
    child.setsid()
    assert child.pid in k.kernel.pgrps
    child._exit(0)
    p.wait()
    assert (k.kernel.nfiles, len(k.kernel.allproc)) == (files, procs)
    assert child.pid not in k.kernel.pgrps


def test_orphans_go_to_init(run):
    """A child whose parent has ended has pid 1 for a parent, and leaves no zombie."""
    result = run(
        LAB
        + "r, w = pipe()\n"
        + "if fork() == 0:\n"
        + "    if fork() == 0:\n        nanosleep(1)\n        write(w, b'%d' % getppid())\n"
        + "    _exit(0)\n"
        + "wait()\nwrite(1, read(r, 9))\n"
    )
    assert result.stdout == b"1", result.stderr


def test_the_youngest_that_has_ended_is_collected_first(k):
    """As NetBSD's list has it; who still runs is not in the way, nor is who has stopped."""
    p = k.root()
    children = [p.fork() for _ in range(4)]
    for child in (children[2], children[0]):
        child._exit(0)
    p.kill(children[1].pid, SIGSTOP)
    assert [p.wait()[0] for _ in range(2)] == [children[2].pid, children[0].pid]
    assert p.waitpid(-1, WNOHANG) == (0, 0)
    k.settle()
    assert p.waitpid(-1, WNOHANG | WUNTRACED)[0] == children[1].pid
    p.kill(children[1].pid, SIGCONT)
    k.settle()
    assert p.waitpid(-1, WNOHANG | WCONTINUED)[0] == children[1].pid
    assert p.waitpid(-1, WNOHANG | WCONTINUED | WUNTRACED) == (0, 0)


def test_ignored_sigchld_leaves_no_zombie(k):
    """With SIGCHLD ignored wait finds nobody."""
    p = k.root()
    p.signal(SIGCHLD, SIG_IGN)
    p.fork()._exit(0)
    with pytest.raises(ChildProcessError):
        p.wait()


@pytest.mark.parametrize(
    "program",
    [
        "try:\n    _exit(3)\nfinally:\n    write(1, b'no')\n",
        "try:\n    _exit(3)\nexcept BaseException:\n    write(1, b'no')\n",
        "while True:\n    try:\n        _exit(3)\n    except BaseException:\n        pass\n",
    ],
)
def test_a_dead_program_has_no_effect(run, program):
    """Handlers of the unwinding stack cannot reach the kernel any more, whatever they catch."""
    result = run(LAB + program)
    assert (result.status, result.stdout) == (3, b"")


def test_a_killed_program_that_swallows_everything_is_gone(run):
    """A bare except in a loop does not survive SIGKILL."""
    result = run(
        LAB
        + "pid = fork()\n"
        + "if pid == 0:\n    while True:\n        try:\n            nanosleep(1)\n        except:\n            pass\n"
        + "kill(pid, SIGKILL)\nprint(WTERMSIG(waitpid(pid)[1]))\n"
    )
    assert result.stdout == b"9\n", result.stderr


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 0),
        ("exit()", 0),
        ("exit(7)", 7),
        ("exit(256 + 5)", 5),
        ("exit(-1)", 255),
        ("import sys; sys.exit('message')", 1),
        ("raise SystemExit", 0),
        ("1 / 0", 1),
        ("abort()", 128 + 6),
    ],
)
def test_exit_codes(run, text, status):
    """As Python has them; 128 + the signal for who was killed."""
    assert run(LAB.replace("*", "abort") + text + "\n").status == status


def test_the_last_record_is_call_exit(run):
    """exit never returns, and nothing of the process comes after it."""
    records = run(LAB + "exit(0)\n", ktrace=True).records()
    assert records[-1].type == 1
    assert records[-1].body().ktr_code == 1
