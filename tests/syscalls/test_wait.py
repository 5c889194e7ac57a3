# SPDX-License-Identifier: BSD-2-Clause
"""wait4(2), wait6(2), waitid(3): whom they wait for, what they tell, how they fail; core files."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDONLY, O_RDWR
from kernel.sys.ktrace import KTR_CSW, KTR_NAMEI, KTR_PSIG, KTR_SYSCALL, KTR_SYSRET
from kernel.sys.resource import RLIM_INFINITY, RLIMIT_CORE, Rlimit, RusageLayout
from kernel.sys.sched import CLONE_VM
from kernel.sys.siginfo import Siginfo
from kernel.sys.signal import (
    CLD_CONTINUED,
    CLD_DUMPED,
    CLD_EXITED,
    CLD_KILLED,
    CLD_STOPPED,
    SA_NOCLDWAIT,
    SA_RESTART,
    SA_SIGINFO,
    SIG_DFL,
    SIG_IGN,
    SIGABRT,
    SIGCHLD,
    SIGCONT,
    SIGHUP,
    SIGKILL,
    SIGSTOP,
    SIGTERM,
    SIGUSR1,
)
from kernel.sys.wait import (
    P_ALL,
    P_GID,
    P_PGID,
    P_PID,
    P_SID,
    P_UID,
    WALLSIG,
    WALTSIG,
    WCONTINUED,
    WCOREDUMP,
    WEXITED,
    WEXITSTATUS,
    WIFCONTINUED,
    WIFSTOPPED,
    WNOHANG,
    WNOWAIT,
    WNOZOMBIE,
    WSTOPPED,
    WTERMSIG,
    WTRAPPED,
    WUNTRACED,
)
from tests.syscalls.errnos import Traced, errnos
from userland.libc.signal import Sigaction
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
NOTHING = (0, 0, (RusageLayout(), RusageLayout()), Siginfo(0))


def exited(parent, code=0):
    """A child of parent that has ended."""
    child = parent.fork()
    child._exit(code)
    return child


@errnos(
    Errno.ECHILD,
    {
        "wait4": lambda kind, whose: ("wait4", {P_PID: whose, P_PGID: -whose}.get(kind, -1)),
        "wait6": lambda kind, whose: ("wait6", kind, whose, WEXITED),
    },
)
def test_no_child(fails, root, call):
    """There is none at all, or none of that pid or group: WNOHANG or not."""
    fails(root, *call(P_ALL, 0))
    fails(root, *call(P_PID, root.pid))
    child = root.fork()
    grandchild = child.fork()
    fails(root, *call(P_PID, grandchild.pid))
    fails(root, *call(P_PGID, child.pid))
    fails(root, *call(P_PGID, 29999))


@pytest.mark.errno("wait6", Errno.ECHILD)
def test_no_such_child(fails, root):
    """Of none that is chosen by session, user, group; nor by what NetBSD does not know."""
    root.fork()
    for idtype in (P_SID, P_UID, P_GID, 2, 3, 6, 9, 77, -1):
        fails(root, "wait6", idtype, 29999, WEXITED | WNOHANG)


@errnos(
    Errno.EINVAL,
    {
        "wait4": lambda options: ("wait4", -1, options),
        "wait6": lambda options: ("wait6", P_ALL, 0, options | WEXITED),
    },
)
def test_no_such_option(fails, root, call):
    """There are no such options: over having no child."""
    for options in (0x80, 0x40000, 1 << 30):
        fails(root, *call(options))


@pytest.mark.errno("wait6", Errno.EINVAL)
def test_nothing_to_wait_for(fails, root):
    """None of WEXITED, WSTOPPED, WCONTINUED, WTRAPPED."""
    fails(root, "wait6", P_ALL, 0, WNOHANG)
    fails(root, "waitid", P_ALL, 0, WNOHANG | WNOWAIT)


@errnos(
    Errno.EINTR,
    {
        "wait4": lambda: ("wait4", -1),
        "wait6": lambda: ("wait6", P_ALL, 0, WEXITED),
    },
)
def test_interrupted(begins, root, person, call):
    """A signal is caught while it waits."""
    root.fork()
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None, 0, 0))
    finish = begins(root, *call())
    assert root.lwp.l_wmesg == "wait"
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()


@errnos(
    Errno.EFAULT,
    {
        "wait4": lambda: (trap, "__wait450", -1, BAD, 0, 0),
        "wait4+rusage": lambda: (trap, "__wait450", -1, 0, 0, BAD),
        "wait6": lambda: (trap, "wait6", P_ALL, 0, BAD, WEXITED, 0, 0),
        "wait6+rusage": lambda: (trap, "wait6", P_ALL, 0, 0, WEXITED, BAD, 0),
        "wait6+info": lambda: (trap, "wait6", P_ALL, 0, 0, WEXITED, 0, BAD),
    },
)
def test_nowhere(fails, root, call):
    """What is to be told cannot be stored; the child is gone all the same."""
    exited(root)
    fails(root, *call())
    with pytest.raises(ChildProcessError):
        root.wait4(-1, WNOHANG)


def test_who_is_waited_for(root):
    """A pid, a group, the caller's own group, a session, a user, a user's group, all."""
    mine, elsewhere, session, other = (root.fork() for _ in range(4))
    elsewhere.setpgid(0, 0)
    session.setsid()
    other.setgid(7)
    other.setuid(5)
    for child in (mine, elsewhere, session, other):
        child._exit(0)

    def found(idtype, whose):
        return root.wait6(idtype, whose, WEXITED | WNOHANG | WNOWAIT)[0]

    assert found(P_PID, mine.pid) == mine.pid
    assert found(P_PGID, elsewhere.pid) == elsewhere.pid
    assert found(P_SID, session.pid) == session.pid
    assert found(P_UID, 5) == found(P_GID, 7) == other.pid
    assert found(P_PID, 0) == found(P_PGID, 0) == other.pid  # the caller's group, newest first
    assert found(P_ALL, 99) == other.pid
    assert root.wait4(0)[0] == other.pid
    assert root.wait4(-elsewhere.pid)[0] == elsewhere.pid
    assert root.wait4(session.pid)[0] == session.pid
    assert root.wait4(-1)[0] == mine.pid


def test_nowait_leaves_it(root):
    """With WNOWAIT a child may be waited for again: ended, stopped, continued."""
    child = root.fork()
    root.kill(child.pid, SIGSTOP)
    for options in (WSTOPPED | WNOWAIT, WSTOPPED):
        pid, status, _, info = root.wait6(P_PID, child.pid, options)
        assert (pid, WIFSTOPPED(status)) == (child.pid, True)
        assert (info.si_code, info.si_status) == (CLD_STOPPED, SIGSTOP)
    assert root.wait6(P_PID, child.pid, WSTOPPED | WNOHANG) == NOTHING
    root.kill(child.pid, SIGCONT)
    for options in (WCONTINUED | WNOWAIT, WCONTINUED):
        pid, status, _, info = root.wait6(P_PID, child.pid, options)
        assert (pid, WIFCONTINUED(status)) == (child.pid, True)
        assert (info.si_code, info.si_status) == (CLD_CONTINUED, SIGCONT)
    assert root.wait6(P_PID, child.pid, WCONTINUED | WNOHANG) == NOTHING
    child._exit(300)
    for options in (WEXITED | WNOWAIT, WEXITED):
        pid, status, _, info = root.wait6(P_PID, child.pid, options)
        assert (pid, WEXITSTATUS(status)) == (child.pid, 44)
        assert (info.si_code, info.si_status, info.si_pid) == (CLD_EXITED, 44, child.pid)


def test_what_is_not_asked_for(fails_not, root):
    """Without WEXITED a zombie is no child; with WNOZOMBIE it is, and is never told of."""
    exited(root)
    fails_not(root, "wait6", P_ALL, 0, WSTOPPED | WNOHANG)
    assert root.wait6(P_ALL, 0, WEXITED | WNOZOMBIE | WNOHANG) == NOTHING
    assert root.waitid(P_ALL, 0, WEXITED).si_code == CLD_EXITED


@pytest.fixture
def fails_not():
    """Makes a call that must find no child."""

    def check(process, *call):
        with pytest.raises(ChildProcessError):
            process.call(*call)

    return check


def test_other_exit_signals(root):
    """A child with another exit signal than SIGCHLD is waited for with WALTSIG or WALLSIG only."""
    pid = root.clone(lambda _: 3, CLONE_VM | SIGUSR1)
    root.signal(SIGUSR1, SIG_IGN)
    with pytest.raises(ChildProcessError):
        root.waitpid(pid)
    assert root.wait6(P_PID, pid, WEXITED | WALLSIG | WNOWAIT)[0] == pid
    assert root.waitpid(pid, WALTSIG) == (pid, 3 << 8)
    usual = exited(root)
    with pytest.raises(ChildProcessError):
        root.waitpid(usual.pid, WALTSIG)
    assert root.waitpid(usual.pid, WALLSIG)[0] == usual.pid


def test_usage_of_child_and_grandchild(root):
    """wait6 tells both apart; the parent's children's usage has the sum."""
    child = root.fork()
    grandchild = child.fork()
    for _ in range(1000):
        grandchild.getpid()
    grandchild._exit(0)
    child.waitpid(grandchild.pid)
    child._exit(0)
    _, _, (own, children), info = root.wait6(P_PID, child.pid, WEXITED)
    assert own.ru_stime > children.ru_stime >= 1_000_000
    assert root.getrusage(-1).ru_stime == own.ru_stime
    assert (info.si_utime, info.si_stime) == (0, 0)  # seconds


@pytest.mark.parametrize(
    "action",
    [Sigaction(SIG_IGN), Sigaction(SIG_DFL, 0, SA_NOCLDWAIT)],
    ids=["ignored", "nocldwait"],
)
def test_no_zombies(root, action):
    """Children leave nothing to wait for; a wait ends with the last of them."""
    root.sigaction(SIGCHLD, action)
    first, second = root.fork(), root.fork()
    root.begin("waitpid", first.pid)
    first._exit(0)
    assert root.lwp.l_wmesg == "wait"
    second._exit(0)
    with pytest.raises(ChildProcessError):
        root.finish()
    assert first.pid not in root.kernel.allproc


def test_nocldwait_sends_no_sigchld(root):
    """The child is init's when it ends, and so is the signal."""
    seen: list[int] = []
    root.sigaction(SIGCHLD, Sigaction(seen.append, 0, SA_NOCLDWAIT))
    exited(root)
    root.getpid()
    assert seen == []


def test_sigchld_tells(root):
    """How the child ended, and who it was."""
    told: list[Siginfo] = []
    flags = SA_SIGINFO | SA_RESTART
    root.sigaction(SIGCHLD, Sigaction(lambda _, info, __: told.append(info), 0, flags))
    child = exited(root, 5)
    root.getpid()
    killed = root.fork()
    killed.setuid(9)
    root.kill(killed.pid, SIGTERM)
    root.waitpid(killed.pid)
    assert [(i.si_code, i.si_status, i.si_pid, i.si_uid) for i in told] == [
        (CLD_EXITED, 5, child.pid, 0),
        (CLD_KILLED, SIGTERM, killed.pid, 9),
    ]


def test_orphans_are_waited_for_by_init(root):
    """A child whose parent has gone leaves nothing when it ends."""
    child = root.fork()
    grandchild = child.fork()
    child._exit(0)
    assert grandchild.getppid() == 1
    grandchild._exit(0)
    assert grandchild.pid not in root.kernel.allproc


@pytest.mark.trace("wait4", "CALL CSW CSW RET")
@pytest.mark.trace("wait6", "CALL RET")
def test_traces(k, root):
    """A wait that has to wait switches; one that need not does not."""
    child = root.fork()
    trace = Traced(k, root)
    root.begin("wait4", child.pid)
    child._exit(0)
    root.finish()
    kinds = [KTR_SYSCALL, KTR_CSW, KTR_CSW, KTR_SYSRET]
    assert [record.type for record in trace.records()] == kinds
    child = exited(root)
    del trace
    trace = Traced(k, root)
    root.wait6(P_ALL, 0, WEXITED | WTRAPPED)
    assert [record.type for record in trace.records()] == [KTR_SYSCALL, KTR_SYSRET]


def dumps(root, prepare=lambda _: None):
    """Have a child die of SIGABRT after prepare(child); return its status and siginfo."""
    child = root.fork()
    child.setrlimit(RLIMIT_CORE, Rlimit(RLIM_INFINITY, RLIM_INFINITY))
    prepare(child)
    root.kill(child.pid, SIGABRT)
    _, status, _, info = root.wait6(P_PID, child.pid, WEXITED)
    assert WTERMSIG(status) == SIGABRT
    return WCOREDUMP(status), info


def test_core_file(root):
    """With room for it, a core file is left in the current directory, and wait tells so."""
    dumped, info = dumps(root)
    assert dumped
    assert (info.si_code, info.si_status) == (CLD_DUMPED, SIGABRT)
    st = root.stat(b"host.core")
    assert (st.st_mode & 0o7777, st.st_uid) == (0o600, 0)
    data = root.read(root.open(b"host.core", O_RDONLY), 4096)
    assert data[:4] == b"\x7fELF"
    assert len(data) == st.st_size < 4096


def test_core_is_traced(k, root):
    """PSIG, then the lookup of the core file."""
    child = root.fork()
    child.setrlimit(RLIMIT_CORE, Rlimit(RLIM_INFINITY, RLIM_INFINITY))
    trace = Traced(k, child)
    root.kill(child.pid, SIGABRT)
    root.waitpid(child.pid)
    psig, namei = trace.records()
    assert (psig.type, namei.type) == (KTR_PSIG, KTR_NAMEI)
    assert namei.payload == b"host.core"


@pytest.mark.parametrize(
    "prepare",
    [
        lambda p: p.setrlimit(RLIMIT_CORE, Rlimit(0, RLIM_INFINITY)),
        lambda p: p.setrlimit(RLIMIT_CORE, Rlimit(4096, RLIM_INFINITY)),
        lambda p: p.setuid(1000),
        lambda p: p.mkdir(b"host.core", 0o700),
        lambda p: p.link(b"two", b"host.core"),
        lambda p: p.symlink(b"two", b"host.core"),
    ],
    ids=["none", "small", "set-id", "directory", "links", "symlink"],
)
def test_no_core_file(root, prepare):
    """The limit, ids that have changed, or what has the name already: no file, and no flag."""
    root.close(root.open(b"two", O_CREAT | O_RDWR, 0o600))
    dumped, info = dumps(root, prepare)
    assert not dumped
    assert info.si_code == CLD_KILLED
    assert root.stat(b"two").st_size == 0


def test_no_core_of_other_signals(root):
    """SIGTERM, SIGKILL and SIGHUP leave none."""
    for signo in (SIGTERM, SIGKILL, SIGHUP):
        child = root.fork()
        child.setrlimit(RLIMIT_CORE, Rlimit(RLIM_INFINITY, RLIM_INFINITY))
        root.kill(child.pid, signo)
        assert root.waitpid(child.pid)[1] == signo


def test_stopped_and_then_killed(root):
    """The stop that was not told of is not told of any more."""
    child = root.fork()
    root.kill(child.pid, SIGSTOP)
    root.kill(child.pid, SIGKILL)
    assert root.waitpid(child.pid, WUNTRACED)[1] == SIGKILL
