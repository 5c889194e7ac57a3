# SPDX-License-Identifier: BSD-2-Clause
"""ptrace(2): who may trace whom, what stops, what is told, and how it fails."""

import pytest

from kernel.kern.kern_sig import kpsignal
from kernel.process import Deadlock
from kernel.sys import ptrace as pt
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_RDONLY
from kernel.sys.ktrace import (
    KTR_SYSCALL,
    KTR_SYSRET,
    KTRFAC_SYSCALL,
    KTRFLAG_DESCEND,
    KTROP_CLEAR,
)
from kernel.sys.proc import SSTOP
from kernel.sys.signal import (
    SIG_IGN,
    SIGCHLD,
    SIGCONT,
    SIGKILL,
    SIGSTOP,
    SIGTERM,
    SIGTRAP,
    SIGUSR1,
    TRAP_CHLD,
    TRAP_EXEC,
    TRAP_SCE,
    TRAP_SCX,
)
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.syscall import sysno
from kernel.sys.wait import (
    WEXITSTATUS,
    WIFEXITED,
    WIFSIGNALED,
    WIFSTOPPED,
    WNOHANG,
    WSTOPSIG,
    WTERMSIG,
    WUNTRACED,
)
from tests.syscalls.errnos import Traced
from userland.libc.stack import Frame, fetch, pushbytes, reserve
from userland.libc.sys import ptrace

ON = 1  # addr: where it stopped
BAD = 16  # an address where there is nothing


def stopped(p, pid):
    """Wait for pid to stop; return the signal."""
    found, status = p.waitpid(pid, 0)
    assert found == pid
    assert WIFSTOPPED(status), status
    return WSTOPSIG(status)


@pytest.fixture
def tracee(root):
    """A child of root's that root has attached, and that has stopped."""
    child = root.fork()
    root.ptrace(pt.PT_ATTACH, child.pid, 0, 0)
    assert stopped(root, child.pid) == SIGSTOP
    return child


@pytest.mark.errno("ptrace", Errno.ESRCH)
def test_no_such_process(fails, root):
    """There is no process of that number, or it has ended."""
    fails(root, "ptrace", pt.PT_ATTACH, 999, 0, 0)
    child = root.fork()
    child.call("_exit", 0)
    fails(root, "ptrace", pt.PT_ATTACH, child.pid, 0, 0)


@pytest.mark.errno("ptrace", Errno.EPERM)
def test_whose_it_is(fails, root, user, other):
    """Somebody else's, one that changed its ids, init; or a process that is not traced."""
    fails(user, "ptrace", pt.PT_ATTACH, other.pid, 0, 0)
    fails(root, "ptrace", pt.PT_ATTACH, 1, 0, 0)
    fails(root, "ptrace", pt.PT_CONTINUE, user.pid, ON, 0)
    changed = root.fork()
    changed.setuid(1000)
    fails(user, "ptrace", pt.PT_ATTACH, changed.pid, 0, 0)
    root.ptrace(pt.PT_ATTACH, other.pid, 0, 0)


@pytest.mark.errno("ptrace", Errno.EBUSY)
def test_traced_by_one_at_a_time(fails, root, person):
    """Traced already; by somebody else; or not stopped, or not waited for yet."""
    second, target = person(0, 0), root.fork()
    root.ptrace(pt.PT_ATTACH, target.pid, 0, 0)
    fails(second, "ptrace", pt.PT_ATTACH, target.pid, 0, 0)
    fails(root, "ptrace", pt.PT_CONTINUE, target.pid, ON, 0)
    assert stopped(root, target.pid) == SIGSTOP
    fails(second, "ptrace", pt.PT_CONTINUE, target.pid, ON, 0)
    root.ptrace(pt.PT_CONTINUE, target.pid, ON, 0)
    fails(root, "ptrace", pt.PT_READ_D, target.pid, BAD, 0)
    target.kill(target.pid, 0)
    fails(target, "ptrace", pt.PT_TRACE_ME, 0, 0, 0)


@pytest.mark.errno("ptrace", Errno.EINVAL)
def test_arguments(fails, root, tracee):
    """No such request, oneself, a signal, an address or a size that is none."""
    fails(root, "ptrace", pt.PT_ATTACH, root.pid, 0, 0)
    fails(root, "ptrace", 3, tracee.pid, 0, 0)
    fails(root, "ptrace", -1, tracee.pid, 0, 0)
    for request in (pt.PT_CONTINUE, pt.PT_SYSCALL, pt.PT_DETACH):
        fails(root, "ptrace", request, tracee.pid, ON, 99)
        fails(root, "ptrace", request, tracee.pid, ON, -1)
        fails(root, "ptrace", request, tracee.pid, 0x400000, 0)
    for request in (
        pt.PT_LWPINFO,
        pt.PT_SET_EVENT_MASK,
        pt.PT_GET_EVENT_MASK,
        pt.PT_GET_PROCESS_STATE,
        pt.PT_GET_SIGINFO,
        pt.PT_SET_SIGINFO,
    ):
        fails(root, "ptrace", request, tracee.pid, BAD, 3)

    def io(op):
        with Frame() as lwp:
            desc = pushbytes(lwp, pt.PtraceIoDesc(op, 0, 0, 0).pack())
            return ptrace(pt.PT_IO, tracee.pid, desc, 0)

    fails(root, io, 9)


@pytest.mark.errno("ptrace", Errno.ENOTSUP)
def test_no_instructions(fails, root, tracee):
    """There is nothing to step through; and events that there are none of."""
    fails(root, "ptrace", pt.PT_STEP, tracee.pid, ON, 0)
    fails(root, "ptrace", pt.PT_SYSCALLEMU, tracee.pid, ON, 0)
    fails(root, "ptrace_set_events", tracee.pid, 0x40)


@pytest.mark.errno("ptrace", Errno.EFAULT)
def test_nowhere(fails, root, tracee):
    """Not in the memory of the one, or of the other."""
    fails(root, "ptrace", pt.PT_READ_D, tracee.pid, BAD, 0)
    fails(root, "ptrace", pt.PT_WRITE_D, tracee.pid, BAD, 0)
    fails(root, "ptrace", pt.PT_IO, tracee.pid, BAD, 0)
    fails(root, "ptrace_peek", tracee.pid, BAD, 4)
    fails(root, "ptrace_poke", tracee.pid, BAD, b"data")
    fails(root, "ptrace", pt.PT_GETREGS, tracee.pid, BAD, 0)
    fails(root, "ptrace", pt.PT_GET_SIGINFO, tracee.pid, BAD, pt.SIZEOF_PTRACE_SIGINFO)


@pytest.mark.errno("ptrace", Errno.EAGAIN)
def test_child_of_vfork(fails, root, person):
    """Its parent waits in vfork(2)."""
    parent = person(0, 0)
    parent.begin("vfork")
    child = next(p.p_pid for p in parent.proc.p_children)
    fails(root, "ptrace", pt.PT_ATTACH, child, 0, 0)


@pytest.mark.trace("ptrace", "CALL RET")
def test_leaves_no_more_than_the_call(k, root, tracee):
    """What is read and written is not recorded."""
    trace = Traced(k, root)
    root.ptrace_peek(tracee.pid, tracee.lwp.l_ustack - 64, 8)
    root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, 0)
    assert [r.type for r in trace.records()] == [KTR_SYSCALL, KTR_SYSRET] * 2


def test_each_signal_stops(root, person, tracee):
    """Ignored or not; what the tracer passes on is delivered, another, or none."""
    got = []
    sender = person(0, 0)
    root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, 0)
    tracee.signal(SIGUSR1, got.append)
    tracee.signal(SIGTERM, SIG_IGN)
    for sent, passed in ((SIGUSR1, SIGUSR1), (SIGUSR1, 0), (SIGTERM, SIGTERM), (SIGCHLD, SIGUSR1)):
        sender.kill(tracee.pid, sent)
        assert stopped(root, tracee.pid) == sent
        info = root.ptrace_siginfo(tracee.pid).psi_siginfo
        assert (info.si_signo, info.si_pid) == (sent, sender.pid)
        root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, passed)
        tracee.getpid()
    assert got == [SIGUSR1, SIGUSR1]


def test_stop_and_continue_signals_do_nothing_more(root, person, tracee):
    """A stop signal that is passed on does not stop again; SIGCONT is only told of."""
    sender = person(0, 0)
    root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, 0)
    for signo in (SIGSTOP, SIGCONT):
        sender.kill(tracee.pid, signo)
        assert stopped(root, tracee.pid) == signo
        root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, signo)
        assert tracee.getpid() == tracee.pid
    sender.kill(tracee.pid, SIGSTOP)
    assert stopped(root, tracee.pid) == SIGSTOP
    sender.kill(tracee.pid, SIGCONT)
    assert tracee.proc.p_stat == SSTOP, "only its tracer lets it go on"


def test_the_tracer_changes_the_signal(root, person, tracee):
    """PT_SET_SIGINFO: another signal in its place, with what is known of it."""
    root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, 0)
    got = []
    tracee.signal(SIGUSR1, got.append)
    person(0, 0).kill(tracee.pid, SIGTERM)
    assert stopped(root, tracee.pid) == SIGTERM

    def replace():
        info = root_siginfo._replace(si_signo=SIGUSR1)
        data = info.pack() + tracee.pid.to_bytes(8, "little")
        with Frame() as lwp:
            ptrace(pt.PT_SET_SIGINFO, tracee.pid, pushbytes(lwp, data), len(data))

    root_siginfo = root.ptrace_siginfo(tracee.pid).psi_siginfo
    root.call(replace)
    assert root.ptrace_siginfo(tracee.pid).psi_siginfo.si_signo == SIGUSR1
    root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, SIGUSR1)
    tracee.getpid()
    assert got == [SIGUSR1]


def test_kill_needs_no_stop(root):
    """PT_KILL ends it, stopped or not; SIGKILL does not stop."""
    child = root.fork()
    root.ptrace(pt.PT_ATTACH, child.pid, 0, 0)
    stopped(root, child.pid)
    root.ptrace(pt.PT_CONTINUE, child.pid, ON, 0)
    root.ptrace(pt.PT_KILL, child.pid, 0, 0)
    status = root.waitpid(child.pid, 0)[1]
    assert WIFSIGNALED(status)
    assert WTERMSIG(status) == SIGKILL


def test_exec_stops(root):
    """A process that has itself traced stops at its exec, before the program begins."""
    child = root.fork()
    child.ptrace(pt.PT_TRACE_ME, 0, 0, 0)
    child.begin("execve", b"/bin/echo", ["echo", "hi"], {})
    assert stopped(root, child.pid) == SIGTRAP
    assert root.ptrace_siginfo(child.pid).psi_siginfo.si_code == TRAP_EXEC
    root.ptrace(pt.PT_CONTINUE, child.pid, ON, 0)
    status = root.waitpid(child.pid, 0)[1]
    assert (WIFEXITED(status), WEXITSTATUS(status)) == (True, 0)


def test_exec_of_a_traced_process_obeys_no_set_id_bits(k, user):
    """Its tracer would have the rights of the program's owner."""
    k.install(b"/suid.py", b"", 0o6755)
    child = user.fork()
    before = child.proc.p_cred
    child.ptrace(pt.PT_TRACE_ME, 0, 0, 0)
    child.begin("execve", b"/suid.py", ["suid.py"], {})
    assert stopped(user, child.pid) == SIGTRAP
    assert child.proc.p_cred == before
    user.ptrace(pt.PT_CONTINUE, child.pid, ON, 0)


def test_system_calls_stop_twice(root, tracee):
    """At the begin with number and arguments; at the end with result or error."""
    root.ptrace(pt.PT_SYSCALL, tracee.pid, ON, 0)
    tracee.begin("open", b"/nowhere", O_RDONLY)
    assert stopped(root, tracee.pid) == SIGTRAP
    begin = root.ptrace_siginfo(tracee.pid)
    assert (begin.psi_siginfo.si_code, begin.si_sysnum) == (TRAP_SCE, sysno("open"))
    path = begin.si_args[0]
    assert root.ptrace_peek(tracee.pid, path, 9) == b"/nowhere\0"
    assert root.ptrace(pt.PT_READ_D, tracee.pid, path, 0) == int.from_bytes(b"/now", "little")
    registers = root.ptrace_getregs(tracee.pid)
    assert (registers[pt.REG_RAX], registers[pt.REG_ARGS[0]]) == (sysno("open"), path)
    root.ptrace(pt.PT_SYSCALL, tracee.pid, ON, 0)
    assert stopped(root, tracee.pid) == SIGTRAP
    end = root.ptrace_siginfo(tracee.pid)
    assert (end.psi_siginfo.si_code, end.si_error) == (TRAP_SCX, Errno.ENOENT)
    registers = root.ptrace_getregs(tracee.pid)
    assert registers[pt.REG_RFLAGS] & pt.REG_CARRY
    root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, 0)
    with pytest.raises(FileNotFoundError):
        tracee.finish()


def test_arguments_can_be_changed(root, tracee):
    """What is poked into memory at the begin of a call is what the call sees."""
    root.ptrace(pt.PT_SYSCALL, tracee.pid, ON, 0)
    tracee.begin("open", b"/nowhere", O_RDONLY)
    stopped(root, tracee.pid)
    path = root.ptrace_siginfo(tracee.pid).si_args[0]
    root.ptrace_poke(tracee.pid, path, b"/dev/tty\0"[:5] + b"null"[:3] + b"\0")
    root.ptrace_poke(tracee.pid, path, b"/etc\0")
    root.ptrace(pt.PT_WRITE_D, tracee.pid, path, int.from_bytes(b"/tmp", "little"))
    root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, 0)
    assert tracee.finish() >= 3


def test_forks_are_followed(root, tracee):
    """PTRACE_FORK: both stop, each is told of the other, and the child is traced, too."""
    root.ptrace_set_events(tracee.pid, pt.PTRACE_FORK)
    root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, 0)
    tracee.begin("fork")
    assert stopped(root, tracee.pid) == SIGTRAP
    event, child = root.ptrace_state(tracee.pid)
    assert event == pt.PTRACE_FORK
    assert root.ptrace_siginfo(tracee.pid).psi_siginfo.si_code == TRAP_CHLD
    assert stopped(root, child) == SIGTRAP
    assert root.ptrace_state(child) == (pt.PTRACE_FORK, tracee.pid)
    root.ptrace(pt.PT_DETACH, child, ON, 0)
    root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, 0)
    assert tracee.finish() == child
    assert tracee.proc.p_kernel.allproc[child].p_pptr is tracee.proc


def test_vfork_and_spawn_are_followed(root, tracee):
    """PTRACE_VFORK, PTRACE_VFORK_DONE and PTRACE_POSIX_SPAWN."""
    events = pt.PTRACE_VFORK | pt.PTRACE_VFORK_DONE | pt.PTRACE_POSIX_SPAWN
    root.ptrace_set_events(tracee.pid, events)
    root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, 0)
    tracee.begin("posix_spawn", b"/bin/echo", None, None, ["echo"], {})
    seen = set()
    for _ in range(2):
        pid, _status = root.waitpid(-1, 0)
        seen.add((pid == tracee.pid, root.ptrace_state(pid).pe_report_event))
        root.ptrace(pt.PT_CONTINUE, pid, ON, 0)
    assert seen == {(True, pt.PTRACE_POSIX_SPAWN), (False, pt.PTRACE_POSIX_SPAWN)}
    spawned = tracee.finish()
    assert root.waitpid(spawned, 0) == (spawned, 0)
    tracee.begin("vfork")
    assert stopped(root, tracee.pid) == SIGTRAP
    event, child = root.ptrace_state(tracee.pid)
    assert event == pt.PTRACE_VFORK
    root.ptrace(pt.PT_CONTINUE, tracee.pid, ON, 0)
    assert stopped(root, child) == SIGTRAP
    root.ptrace(pt.PT_KILL, child, 0, 0)
    assert root.waitpid(child, 0) == (child, SIGKILL)
    assert stopped(root, tracee.pid) == SIGTRAP
    assert root.ptrace_state(tracee.pid) == (pt.PTRACE_VFORK_DONE, child)


def test_lwps(root, tracee):
    """The list of LWPs, and which one the stop is about."""
    assert root.ptrace_lwps(tracee.pid) == [(tracee.pid, pt.PL_EVENT_SIGNAL)]


def test_a_tracer_that_is_not_the_parent(root, person):
    """The parent waits on; it hears of the end after the tracer, and of no stop."""
    parent, tracer = person(0, 0), root
    child = parent.fork()
    tracer.ptrace(pt.PT_ATTACH, child.pid, 0, 0)
    assert parent.waitpid(-1, WNOHANG | WUNTRACED) == (0, 0)
    assert stopped(tracer, child.pid) == SIGSTOP
    tracer.ptrace(pt.PT_CONTINUE, child.pid, ON, SIGTERM)
    parent.begin("waitpid", child.pid, 0)
    assert tracer.waitpid(child.pid, 0) == (child.pid, SIGTERM)
    assert parent.finish() == (child.pid, SIGTERM)
    with pytest.raises(ChildProcessError):
        tracer.waitpid(-1, 0)


def test_detached_it_is_its_parents_again(root, person):
    """PT_DETACH: it goes on, with a signal if one is given, and stops no more."""
    parent = person(0, 0)
    child = parent.fork()
    root.ptrace(pt.PT_ATTACH, child.pid, 0, 0)
    stopped(root, child.pid)
    root.ptrace(pt.PT_DETACH, child.pid, ON, 0)
    got = []
    child.signal(SIGUSR1, got.append)
    parent.kill(child.pid, SIGUSR1)
    child.getpid()
    assert got == [SIGUSR1]
    child.call("_exit", 4)
    assert parent.waitpid(child.pid, 0) == (child.pid, 4 << 8)
    assert root.proc.p_kernel.ptraced == {}


def test_the_end_of_the_tracer_is_the_end_of_the_traced(root, person):
    """Who traces and exits takes the traced along; their parents hear of it."""
    parent, tracer = person(0, 0), person(0, 0)
    child = parent.fork()
    tracer.ptrace(pt.PT_ATTACH, child.pid, 0, 0)
    stopped(tracer, child.pid)
    tracer.call("_exit", 0)
    assert parent.waitpid(child.pid, 0) == (child.pid, SIGKILL)


def test_nobody_waits_for_an_untraced_stop_unasked(root):
    """Only stops of traced children are told without WUNTRACED."""
    child = root.fork()
    root.kill(child.pid, SIGSTOP)
    root.begin("waitpid", child.pid, 0)
    with pytest.raises(Deadlock):
        root.finish()
    kpsignal(child.proc, Ksiginfo(SIGKILL))


def test_room_for_structs(root, tracee):
    """The structs have NetBSD/amd64's sizes."""
    assert (pt.SIZEOF_PTRACE_IO_DESC, pt.SIZEOF_PTRACE_LWPINFO) == (32, 8)
    assert (pt.SIZEOF_PTRACE_STATE, pt.REG.size) == (8, 208)

    def masked():
        with Frame() as lwp:
            room = reserve(lwp, 4)
            ptrace(pt.PT_GET_EVENT_MASK, tracee.pid, room, 4)
            return fetch(lwp, room, 4)

    root.ptrace_set_events(tracee.pid, pt.PTRACE_FORK)
    assert root.call(masked) == b"\1\0\0\0"


def test_a_child_that_traces_its_parent(root):
    """Each is the other's parent meanwhile: who goes through the family comes to an end."""
    child = root.fork()
    grandchild = child.fork()

    child.ptrace(pt.PT_ATTACH, root.pid, 0, 0)

    assert child.getppid() == root.pid
    child.ktrace(b"", KTROP_CLEAR | KTRFLAG_DESCEND, KTRFAC_SYSCALL, child.pid)
    with pytest.raises(ProcessLookupError):
        grandchild.setpgid(child.pid, 0)
