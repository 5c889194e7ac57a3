# SPDX-License-Identifier: BSD-2-Clause
"""fork, vfork and __clone: what the child has, what it costs, and when it is refused."""

import pytest

from kernel import api
from kernel.sys.kernel import Limits
from kernel.sys.param import TICK
from kernel.sys.signal import SIGCHLD
from userland.libc import CLONE_FILES, O_CREAT, O_RDWR, WEXITSTATUS, WNOHANG, close

LAB = "from userland.libc import *\n"


def test_fork_returns_twice(run):
    """0 in the child, the child's pid in the parent; what came before happens once."""
    result = run(
        LAB
        + "write(1, b'before ')\n"
        + "pid = fork()\n"
        + "if pid == 0:\n    write(1, b'child ')\n    _exit(3)\n"
        + "assert waitpid(pid) == (pid, 3 << 8)\n"
        + "write(1, b'parent')\n"
    )
    assert result.status == 0, result.stderr
    assert result.stdout == b"before child parent"


def test_the_child_has_what_its_parent_read(run):
    """Results of calls before the fork are the child's too: data, time, pids."""
    result = run(
        LAB
        + "r, w = pipe()\nwrite(w, b'data')\nseen = (read(r, 9), gettimeofday(), getpid())\n"
        + "if fork() == 0:\n"
        + "    print(seen[0], seen[2] == getppid(), seen[2] != getpid())\n    exit(0)\n"
        + "wait()\n"
    )
    assert result.stdout == b"b'data' True True\n", result.stderr


def test_fork_in_a_child_of_a_fork(run):
    """Generations replay the history of all before them."""
    result = run(
        LAB
        + "depth = 0\n"
        + "while depth < 4 and fork() == 0:\n    depth += 1\n"
        + "if depth < 4:\n    wait()\n"
        + "write(1, b'%d' % depth)\n"
    )
    assert result.stdout == b"43210", result.stderr


def test_handlers_run_again_in_the_replay(run):
    """A handler that ran before the fork has left its mark in the child, without a signal."""
    result = run(
        LAB
        + "seen = []\nsignal(SIGUSR1, seen.append)\nraise_(SIGUSR1)\n"
        + "if fork() == 0:\n    write(1, repr(seen).encode())\n    _exit(0)\nwait()\n"
    )
    assert result.stdout == b"[30]", result.stderr


def test_a_diverging_replay_is_named_and_killed(k, run):
    """A program that does other calls the second time dies; the message names both calls."""
    result = run(
        LAB
        # an object of libc's that all processes share: what a program should not write to
        + "count = getattr(environ, 'seen', 0)\nenviron.seen = count + 1\n"
        + "getppid() if count == 0 else getuid()\n"
        + "pid = fork()\n"
        + "status = waitpid(pid)[1]\ndel environ.seen\n"
        + "print(WIFSIGNALED(status), WTERMSIG(status))\n"
    )
    assert result.stdout == b"True 9\n", result.stderr
    assert b"expected getppid(), the program made getuid() at /root/prog.py:" in result.stderr
    assert any("diverged" in line for line in k.dmesg())


def test_nothing_is_traced_twice(run):
    """The replay leaves no record: the child's first one is RET fork 0."""
    result = run(LAB + "getpid()\nif fork() == 0:\n    _exit(0)\nwait()\n", ktrace=True)
    child = [r for r in result.records() if r.pid != result.records()[0].pid]
    assert [r.type for r in child] == [2, 1]
    assert child[0].body().ktr_code == 2
    assert child[0].body().ktr_retval == 0


def test_vfork_waits_for_exit(run):
    """The parent does not go on before the child has left."""
    result = run(
        LAB + "if vfork() == 0:\n    write(1, b'child ')\n    _exit(0)\nwrite(1, b'parent')\n"
    )
    assert result.stdout == b"child parent", result.stderr


def test_clone_runs_a_function(run):
    """__clone's child runs the function, shares the Python heap, and exits with its value."""
    result = run(
        LAB
        + "box = []\n"
        + "def child(arg):\n    box.append(arg)\n    return 7\n"
        + "pid = clone(child, SIGCHLD, 'x')\n"
        + "print(WEXITSTATUS(waitpid(pid)[1]), box)\n"
    )
    assert result.stdout == b"7 ['x']\n", result.stderr


def test_clone_shares_descriptors_only_if_asked(k):
    """Without CLONE_FILES the child has a table of its own; with it, the same."""
    p = k.root()
    fd = p.open(b"/tmp/f", O_RDWR | O_CREAT)
    for flags, open_after in ((SIGCHLD, True), (SIGCHLD | CLONE_FILES, False)):
        pid = p.clone(close, flags, fd)
        assert WEXITSTATUS(p.waitpid(pid)[1]) == 0
        if open_after:
            assert p.fstat(fd).st_nlink == 1
        else:
            with pytest.raises(OSError, match="Bad file descriptor"):
                p.fstat(fd)


def test_fork_of_a_clone_child_is_refused(run):
    """A function of another program has no history to replay: ENOTSUP."""
    result = run(
        LAB
        + "def child(_):\n    try:\n        fork()\n    except OSError as e:\n        return e.errno\n"
        + "print(WEXITSTATUS(waitpid(clone(child, SIGCHLD))[1]) == ENOTSUP)\n"
    )
    assert result.stdout == b"True\n", result.stderr


def test_the_process_table_has_an_end():
    """maxproc processes, then EAGAIN; a collected child makes room again."""
    with api.boot(limits=Limits(maxproc=5)) as k:
        p = k.root()
        children = [p.fork() for _ in range(3)]
        with pytest.raises(BlockingIOError, match="temporarily unavailable"):
            p.fork()
        children[0]._exit(0)
        p.wait()
        p.fork()


@pytest.mark.parametrize("limits", [Limits(maxproc=2), Limits(nproc=(1, 1))])
def test_who_is_refused_a_process_may_have_to_wait(limits):
    """kern.forkfsleep is in ms, but of whole ticks, one at least, and no more than 20 s."""
    with api.boot(limits=limits) as k:
        root, user = k.root(), k.process(uid=1000)
        for asked, kept in ((0, 0), (1, 10), (255, 250)):
            root.sysctlbyname("kern.forkfsleep", asked.to_bytes(4, "little"))
            assert int.from_bytes(root.sysctlbyname("kern.forkfsleep"), "little") == kept
            before = k.kernel.clock.now
            with pytest.raises(BlockingIOError):
                user.fork()
            assert (k.kernel.clock.now - before) // TICK == kept // 10
        with pytest.raises(OSError, match="Invalid argument"):
            root.sysctlbyname("kern.forkfsleep", (20001).to_bytes(4, "little"))


def test_a_user_has_his_share(k):
    """RLIMIT_NPROC holds for users, not for root."""
    limits = Limits(nproc=(3, 3))
    with api.boot(limits=limits) as small:
        user = small.process(uid=1000)
        user.fork()
        user.fork()
        with pytest.raises(BlockingIOError):
            user.fork()
        root = small.root()
        for _ in range(4):
            root.fork()


def test_wait_tells_of_children_only_once(k):
    """WNOHANG gives 0 while the child lives, its pid once, then ECHILD."""
    p = k.root()
    child = p.fork()
    assert p.waitpid(-1, WNOHANG) == (0, 0)
    child._exit(9)
    pid, status = p.waitpid(-1, WNOHANG)
    assert (pid, WEXITSTATUS(status)) == (child.pid, 9)
    with pytest.raises(ChildProcessError):
        p.waitpid(-1)


def test_a_clone_child_has_a_stack_of_its_own(run):
    """What the parent pushes while the child sleeps in a call does not reach the child's buffer."""
    result = run(
        LAB
        + "r, w = pipe()\n"
        + "def child(_):\n    write(1, read(r, 6))\n    return 0\n"
        + "pid = clone(child, SIGCHLD)\n"
        + "sched_yield()\n"  # the child sleeps, its buffer waiting
        + "write(w, b'right!')\nwrite(1, b'')\nstat('/tmp/a-long-name-that-fills-the-stack'[:4])\n"
        + "waitpid(pid)\n"
    )
    assert result.stdout == b"right!", result.stderr


def test_exec_in_a_clone_child_leaves_nothing_behind(run):
    """The arguments that the child maps for execve are not in its parent's memory."""
    result = run(
        LAB
        + "from userland.libc.machine import curlwp\n"
        + "def child(_):\n    execv('/usr/bin/true', ['true'])\n"
        + "before = len(curlwp().l_proc.p_vmspace.vm_map)\n"
        + "for _ in range(3):\n    waitpid(clone(child, SIGCHLD))\n"
        + "print(len(curlwp().l_proc.p_vmspace.vm_map) - before)\n"
    )
    assert result.stdout == b"0\n", result.stderr
