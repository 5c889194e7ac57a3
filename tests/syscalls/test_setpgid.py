# SPDX-License-Identifier: BSD-2-Clause
"""setpgid(2), setsid(2), getpgid(2), getsid(2), getpgrp(2): who may go where, and orphaned groups."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_RDWR
from kernel.sys.ioccom import TIOCSCTTY
from kernel.sys.ktrace import KTR_SYSCALL, KTR_SYSRET
from kernel.sys.proc import P_CONTROLT, SSTOP
from kernel.sys.signal import (
    SIG_BLOCK,
    SIGCONT,
    SIGHUP,
    SIGSTOP,
    SIGTERM,
    SIGTSTP,
    SIGTTIN,
    SIGTTOU,
    sigset,
)
from kernel.sys.wait import WNOHANG, WTERMSIG
from tests.syscalls.errnos import Traced, errnos
from tests.syscalls.files import SLEEPER
from userland.libc import WIFSTOPPED, WSTOPSIG, WUNTRACED


@errnos(
    Errno.ESRCH,
    {
        "setpgid": lambda pid: ("setpgid", pid, 0),
        "getpgid": lambda pid: ("getpgid", pid),
        "getsid": lambda pid: ("getsid", pid),
    },
)
def test_nobody(fails, root, call):
    """There is no such process; a zombie is none."""
    fails(root, *call(29999))
    child = root.fork()
    child._exit(0)
    fails(root, *call(child.pid))


@pytest.mark.errno("setpgid", Errno.ESRCH)
def test_only_descendants(fails, root, other):
    """Neither the caller nor one of its descendants; a grandchild is one."""
    child = root.fork()
    grandchild = child.fork()
    fails(root, "setpgid", other.pid, 0)
    fails(child, "setpgid", root.pid, 0)
    assert root.setpgid(grandchild.pid, 0) == 0
    assert root.getpgid(grandchild.pid) == grandchild.pid


@pytest.mark.errno("setpgid", Errno.EINVAL)
def test_negative_group(fails, root):
    """The group is negative: over any other error."""
    fails(root, "setpgid", 29999, -1)
    fails(root, "setpgid", 0, -(1 << 31))


@pytest.mark.errno("setpgid", Errno.EACCES)
def test_after_exec(fails, k, root, other):
    """A child that has called exec is moved by itself only; a group elsewhere is over it."""
    k.install(b"/t/sleeper.py", SLEEPER)
    child = root.fork()
    child.begin("execve", b"/t/sleeper.py", ["sleeper.py"], {})
    fails(root, "setpgid", child.pid, 0)
    with pytest.raises(OSError, match="Operation not permitted"):
        root.setpgid(child.pid, other.pid)


@pytest.mark.errno("setpgid", Errno.EPERM)
def test_group_of_another_session(fails, root, other):
    """The group is of another session, does not exist and is not the process's own id."""
    child = root.fork()
    fails(root, "setpgid", child.pid, other.pid)
    fails(child, "setpgid", 0, other.pid)
    fails(root, "setpgid", child.pid, 29999)
    fails(child, "setpgid", 0, 1)


@pytest.mark.errno("setpgid", Errno.EPERM)
def test_session_leader(fails, root):
    """A session's leader stays in its group, into which it may go again."""
    child = root.fork()
    child.setpgid(0, 0)
    fails(root, "setpgid", 0, child.pid)
    assert root.setpgid(0, 0) == 0
    leader = root.fork()
    leader.setsid()
    fails(leader, "setpgid", 0, root.pid)
    fails(root, "setpgid", leader.pid, leader.pid)  # of another session, too


@pytest.mark.errno("setsid", Errno.EPERM)
def test_setsid_of_a_leader(fails, root):
    """It leads a group, or its id is a group's still."""
    fails(root, "setsid")
    child = root.fork()
    child.setpgid(0, 0)
    member = root.fork()
    member.setpgid(0, child.pid)
    fails(child, "setsid")
    child.setpgid(0, root.pid)
    fails(child, "setsid")
    member._exit(0)
    root.waitpid(member.pid)
    assert child.setsid() == child.pid


def test_setsid_leaves_the_terminal(root):
    """Session and group are new, without a controlling terminal; children see both."""
    root.ioctl(root.open(b"/dev/console", O_RDWR), TIOCSCTTY)
    child = root.fork()
    assert child.proc.p_flag & P_CONTROLT
    assert child.setsid() == child.pid == child.getpgrp() == child.getsid(0)
    assert not child.proc.p_flag & P_CONTROLT
    grandchild = child.fork()
    assert (grandchild.getpgrp(), grandchild.getsid(0)) == (child.pid, child.pid)
    assert root.getsid(child.pid) == child.pid


@pytest.mark.parametrize(
    ("call", "args"),
    [
        pytest.param(name, args, marks=pytest.mark.trace(name, "CALL RET"))
        for name, args in (
            ("getpgid", (0,)),
            ("getpgrp", ()),
            ("getsid", (0,)),
            ("setpgid", (0, 0)),
            ("setsid", ()),
        )
    ],
)
def test_nothing_but_the_call(k, root, call, args):
    """Nothing is recorded of them but that they are made."""
    child = root.fork()
    trace = Traced(k, child)
    child.call(call, *args)
    assert [record.type for record in trace.records()] == [KTR_SYSCALL, KTR_SYSRET]


def stopped(root, child):
    """Stop child; root knows."""
    root.kill(child.pid, SIGSTOP)
    pid, status = root.waitpid(child.pid, WUNTRACED)
    assert (pid, WIFSTOPPED(status), WSTOPSIG(status)) == (child.pid, True, SIGSTOP)


def test_orphaned_group_is_hung_up(k, root):
    """The parent's end leaves a group without anybody to continue it: SIGHUP, then SIGCONT."""
    parent = root.fork()
    parent.setpgid(0, 0)
    child = parent.fork()
    child.setpgid(0, 0)
    idle = parent.fork()
    idle.setpgid(0, child.pid)
    assert child.proc.p_pgrp.pg_jobc == 2
    seen: list[int] = []
    child.signal(SIGHUP, seen.append)
    child.signal(SIGCONT, seen.append)
    idle.signal(SIGHUP, seen.append)
    stopped(parent, child)
    parent._exit(0)
    k.settle()
    assert child.proc.p_pgrp.pg_jobc == 0
    assert seen == [SIGHUP, SIGCONT]  # of who was stopped; idle was not
    assert child.proc.p_stat != SSTOP


def test_orphan_that_was_stopped_dies_of_the_hangup(k, root):
    """SIGHUP at its default ends it once SIGCONT lets it run."""
    parent = root.fork()
    parent.setpgid(0, 0)
    child = parent.fork()
    child.setpgid(0, 0)
    stopped(parent, child)
    parent._exit(0)
    k.settle()
    assert not child.alive
    assert WTERMSIG(child.status) == SIGHUP


def test_leaving_the_group_orphans_it(k, root):
    """A parent that goes into its child's group qualifies it no more."""
    parent = root.fork()
    child = parent.fork()
    child.setpgid(0, 0)
    assert child.proc.p_pgrp.pg_jobc == 1
    stopped(parent, child)
    parent.setpgid(0, child.pid)
    k.settle()
    assert child.proc.p_pgrp.pg_jobc == 1  # the parent's own parent is outside it
    assert child.alive
    parent.setsid()
    k.settle()
    assert not child.alive


@pytest.mark.parametrize("signo", [SIGTSTP, SIGTTIN, SIGTTOU])
def test_terminal_stop_signals_spare_orphans(k, root, signo):
    """At their default they are thrown away where nobody could continue; SIGSTOP is not."""
    assert root.proc.p_pgrp.pg_jobc == 0
    child = root.fork()
    root.kill(child.pid, signo)
    k.settle()
    assert root.waitpid(child.pid, WNOHANG | WUNTRACED) == (0, 0)
    child.setpgid(0, 0)
    root.kill(child.pid, signo)
    assert WSTOPSIG(root.waitpid(child.pid, WUNTRACED)[1]) == signo


def test_a_blocked_terminal_stop_of_an_orphan_is_thrown_away(root):
    """It is never pending, and a SIGCONT that is stays."""
    child = root.fork()
    child.sigprocmask(SIG_BLOCK, sigset(SIGTSTP, SIGCONT))
    child.signal(SIGCONT, lambda _: None)
    root.kill(child.pid, SIGCONT)
    root.kill(child.pid, SIGTSTP)
    assert child.sigpending() == sigset(SIGCONT)
    child.setpgid(0, 0)
    root.kill(child.pid, SIGTSTP)
    assert child.sigpending() == sigset(SIGTSTP)


def test_session_leader_exits(k, root):
    """The foreground group is hung up, the terminal taken from everybody who has it."""
    leader = root.fork()
    leader.setsid()
    fd = leader.open(b"/dev/console", O_RDWR)
    leader.ioctl(fd, TIOCSCTTY)
    foreground, background = leader.fork(), leader.fork()
    background.setpgid(0, 0)
    seen: list[int] = []
    foreground.signal(SIGHUP, seen.append)
    background.signal(SIGHUP, seen.append)
    background.signal(SIGTERM, seen.append)
    session = leader.proc.p_pgrp.pg_session
    leader._exit(0)
    k.settle()
    assert seen == [SIGHUP]
    assert (session.s_leader, session.s_ttyvp) == (None, None)
    assert session.s_ttyp.t_session is None
    assert background.read(fd, 1) == b""
    with pytest.raises(OSError, match="Input/output error"):
        background.write(fd, b"x")
    with pytest.raises(OSError, match="Device not configured"):
        background.open(b"/dev/tty", O_RDWR)
