# SPDX-License-Identifier: BSD-2-Clause
"""posix_spawn(2): how it fails, what the child is given, and what both leave in a trace."""

import io

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_DIRECTORY, O_RDONLY, O_WRONLY
from kernel.sys.ktrace import (
    KTR_EMUL,
    KTR_EXEC_ARG,
    KTR_NAMEI,
    KTR_SYSCALL,
    KTR_SYSRET,
)
from kernel.sys.param import ARG_MAX
from kernel.sys.resource import RLIMIT_NPROC, Rlimit
from kernel.sys.sched import SCHED_RR
from kernel.sys.signal import SIG_IGN, SIGHUP, SIGINT, SIGKILL, SIGTERM, SIGUSR1
from kernel.sys.spawn import (
    FAE_OPEN,
    POSIX_SPAWN_RESETIDS,
    POSIX_SPAWN_RETURNERROR,
    POSIX_SPAWN_SETPGROUP,
    POSIX_SPAWN_SETSCHEDPARAM,
    POSIX_SPAWN_SETSCHEDULER,
    POSIX_SPAWN_SETSIGDEF,
    POSIX_SPAWN_SETSIGMASK,
    FileActionsEntry,
    PosixSpawnattr,
    PosixSpawnFileActions,
)
from userland import libktrace
from userland.libc import FileActions, Spawnattr
from userland.libc.stack import Frame, pushbytes, pushstr
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
TOLD = Spawnattr(POSIX_SPAWN_RETURNERROR)

# Says what it was given, to descriptor 1.
PROBE = b"""
import os
from userland.libc import include as libc
ignored = [s for s in (1, 2, 15, 30) if libc.sigaction(s).sa_handler == libc.SIG_IGN]
mask = libc.sigprocmask(libc.SIG_BLOCK)
print(os.getcwd(), os.getpgrp() == os.getpid(), os.geteuid(), ignored, mask, end="")
"""


def spawn(p, program=b"/bin/echo", actions=None, attr=None, argv=("x",), env=None):
    """posix_spawn, positional arguments filled in."""
    return p.posix_spawn(program, actions, attr, list(argv), env or {})


@pytest.fixture
def refuses(request, root):
    """Calls posix_spawn, which must return the error that the test is marked with."""
    errno = request.node.get_closest_marker("errno").args[1]

    def check(p, *args, **kwargs):
        with pytest.raises(OSError) as caught:  # noqa: PT011
            spawn(p, *args, **kwargs)
        assert caught.value.errno == errno

    return check


@pytest.mark.errno("posix_spawn", Errno.ENOENT)
def test_no_such_program(refuses, root):
    """There is no file of that name: told at once, and no process is made."""
    refuses(root, b"/bin/nothing")
    with pytest.raises(ChildProcessError):
        root.waitpid(-1, 0)


@pytest.mark.errno("posix_spawn", Errno.EACCES)
def test_not_executable(refuses, root, user):
    """The program is no regular file, or may not be executed."""
    refuses(root, b"/bin")
    user.close(user.open(b"f", O_CREAT, 0o644))
    refuses(user, b"f")


@pytest.mark.errno("posix_spawn", Errno.ENOEXEC)
def test_no_program(refuses, root):
    """A file that nothing can run."""
    root.close(root.open(b"f", O_CREAT, 0o755))
    refuses(root, b"f")


@pytest.mark.errno("posix_spawn", Errno.ENOTDIR)
def test_file_in_the_way(refuses, root):
    """A component of the path is no directory."""
    refuses(root, b"/bin/echo/x")


@pytest.mark.errno("posix_spawn", Errno.ELOOP)
def test_links_in_a_circle(refuses, root):
    """Too many symbolic links."""
    root.symlink(b"l", b"l")
    refuses(root, b"l")


@pytest.mark.errno("posix_spawn", Errno.ENAMETOOLONG)
def test_long_names(refuses, root):
    """A component, or the path of a file action, is too long."""
    refuses(root, b"x" * 256)
    actions = FileActions()
    actions.addchdir(b"x" * 2000)
    refuses(root, actions=actions)


@pytest.mark.errno("posix_spawn", Errno.ETXTBSY)
def test_program_being_written(refuses, root):
    """The program is open for writing."""
    fd = root.open(b"f.py", O_CREAT | O_WRONLY, 0o755)
    root.write(fd, b"pass\n")
    refuses(root, b"f.py")


@pytest.mark.errno("posix_spawn", Errno.E2BIG)
def test_many_arguments(refuses, root):
    """Arguments and environment take more than ARG_MAX bytes."""
    refuses(root, argv=["x" * 4000] * (ARG_MAX // 4000 + 1))


@pytest.mark.errno("posix_spawn", Errno.EAGAIN)
def test_many_processes(refuses, k, user):
    """A limit on processes is reached: the user's, or the system's."""
    user.setrlimit(RLIMIT_NPROC, Rlimit(1, 1))
    refuses(user)
    k.kernel.limits.maxproc = len(k.kernel.allproc)
    refuses(k.root())


def raw(actions, attr, argv):
    """posix_spawn with addresses; bytes are pushed."""
    with Frame() as lwp:
        at, attrs = (pushbytes(lwp, b) if isinstance(b, bytes) else b for b in (actions, attr))
        return trap("posix_spawn", 0, pushstr(lwp, b"/bin/echo"), at, attrs, argv, 0)


@pytest.mark.errno("posix_spawn", Errno.EFAULT)
def test_nowhere(root):
    """Something is not in the caller's memory; a bad place for the id is told too late."""
    null = (0).to_bytes(8, "little")
    entry = FileActionsEntry(FAE_OPEN, 1, BAD).pack()
    for call in (
        (BAD, 0, 0),
        (0, BAD, 0),
        (0, 0, BAD),
        (0, 0, 0),
        (PosixSpawnFileActions(1, 1, BAD).pack(), 0, 0),
    ):
        assert root.call(raw, *call) == Errno.EFAULT

    def path_nowhere():
        with Frame() as lwp:
            head = PosixSpawnFileActions(1, 1, pushbytes(lwp, entry)).pack()
            return raw(head, 0, 0)

    def id_nowhere():
        with Frame() as lwp:
            return trap(
                "posix_spawn", BAD, pushstr(lwp, b"/bin/echo"), 0, 0, pushbytes(lwp, null), 0
            )

    assert root.call(path_nowhere) == Errno.EFAULT
    assert root.call(id_nowhere) == Errno.EFAULT
    assert root.waitpid(-1, 0)[1] == 0, "it has run all the same"


@pytest.mark.errno("posix_spawn", Errno.EINVAL)
def test_many_file_actions(refuses, root):
    """Twice as many as descriptors, and one more; or one that opens for nothing."""
    limit = root.getrlimit(8).rlim_cur
    head = PosixSpawnFileActions(0, 2 * limit + 1, BAD).pack()
    assert root.call(raw, head, 0, 0) == Errno.EINVAL
    actions = FileActions()
    actions.addopen(1, b"/dev/null", 3)
    refuses(root, actions=actions, attr=TOLD)


@pytest.mark.errno("posix_spawn", Errno.EBADF)
def test_failures_of_the_child(refuses, root):
    """Told only with POSIX_SPAWN_RETURNERROR; either way the child's status is 127."""
    actions = FileActions()
    actions.addclose(77)
    refuses(root, actions=actions, attr=TOLD)
    assert root.waitpid(-1, 0)[1] == 127 << 8
    pid = spawn(root, actions=actions)
    assert root.waitpid(pid, 0) == (pid, 127 << 8)


@pytest.mark.errno("posix_spawn", Errno.EPERM)
def test_no_such_group(refuses, root):
    """The group is none of the session's; that is told without being asked for."""
    refuses(root, attr=Spawnattr(POSIX_SPAWN_SETPGROUP, 999))


@pytest.fixture
def says(k, root):
    """Runs PROBE by posix_spawn; returns what it says."""
    k.install(b"/t/probe.py", PROBE)
    root.chmod(b"/t/probe.py", 0o755)

    def run(p, actions=None, attr=None):
        actions = actions or FileActions()
        actions.addopen(1, b"/t/said", O_CREAT | O_WRONLY, 0o666)
        pid = spawn(p, b"/t/probe.py", actions, attr)
        assert p.waitpid(pid, 0) == (pid, 0)
        fd = p.open(b"/t/said", O_RDONLY)
        said = p.read(fd, 999).decode()
        p.close(fd)
        p.unlink(b"/t/said")
        return said

    return run


def test_what_is_inherited(says, root):
    """The child has the parent's directory, group, mask and ignored signals."""
    root.signal(SIGINT, SIG_IGN)
    root.signal(SIGTERM, lambda *_: None)
    root.sigprocmask(3, 1 << SIGUSR1 - 1)
    assert says(root) == f"/t False 0 [{SIGINT}] {1 << SIGUSR1 - 1}"


def test_signals(says, root):
    """A mask of its own, and defaults; SIGKILL is in no mask."""
    for signo in (SIGHUP, SIGINT):
        root.signal(signo, SIG_IGN)
    both = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    attr = Spawnattr(both, sigdefault=[SIGINT, SIGKILL], sigmask=[SIGTERM, SIGKILL])
    assert says(root, attr=attr) == f"/t False 0 [{SIGHUP}] {1 << SIGTERM - 1}"


def test_groups(says, root):
    """A group of its own, or another's."""
    assert says(root, attr=Spawnattr(POSIX_SPAWN_SETPGROUP)).split()[1] == "True"
    pid = spawn(root, b"/bin/sleep", argv=("sleep", "1"), attr=Spawnattr(POSIX_SPAWN_SETPGROUP))
    assert root.getpgid(pid) == pid
    other = spawn(
        root, b"/bin/sleep", argv=("sleep", "1"), attr=Spawnattr(POSIX_SPAWN_SETPGROUP, pid)
    )
    assert root.getpgid(other) == pid


def test_scheduling(root):
    """A class and a priority in it; one that is none is the call's error, if it is asked for."""
    told = POSIX_SPAWN_RETURNERROR | POSIX_SPAWN_SETSCHEDULER
    attr = Spawnattr(told, schedpolicy=SCHED_RR, schedparam=7)
    pid = spawn(root, b"/bin/sleep", attr=attr, argv=("sleep", "1"))
    (lwp,) = root.proc.p_kernel.allproc[pid].p_lwps
    assert lwp.l_class == SCHED_RR
    with pytest.raises(OSError, match="Invalid"):
        spawn(root, attr=Spawnattr(told, schedpolicy=9))
    with pytest.raises(OSError, match="Invalid"):
        spawn(
            root, attr=Spawnattr(POSIX_SPAWN_RETURNERROR | POSIX_SPAWN_SETSCHEDPARAM, schedparam=7)
        )


def test_ids(says, root):
    """The effective ids become the real ones."""
    root.chmod(b"/t", 0o777)
    root.setreuid(0, 1000)
    assert says(root).split()[2] == "1000"
    assert says(root, attr=Spawnattr(POSIX_SPAWN_RESETIDS)).split()[2] == "0"


def test_file_actions_in_order(says, root):
    """Directories are changed, descriptors opened, copied and closed, one after the other."""
    root.mkdir(b"/t/d", 0o777)
    directory = root.open(b"/", O_RDONLY | O_DIRECTORY)
    actions = FileActions()
    actions.addfchdir(directory)
    actions.addchdir(b"t/d")
    actions.addopen(20, b"opened", O_CREAT | O_WRONLY, 0o600)
    actions.adddup2(20, 21)
    actions.addclose(20)
    assert says(root, actions).startswith("/t/d ")
    assert root.stat(b"/t/d/opened").st_size == 0
    assert root.fstat(directory), "the parent's are as they were"


def test_the_program_is_found_before_the_child_moves(root):
    """The path is the parent's: what the child does to its directory comes later."""
    root.mkdir(b"/t/d", 0o777)
    root.symlink(b"/bin/echo", b"/t/prog")
    actions = FileActions()
    actions.addchdir(b"/t/d")
    pid = spawn(root, b"prog", actions)
    assert root.waitpid(pid, 0) == (pid, 0)


def test_fork_after_spawn_replays(run):
    """A forked child remembers what its parent spawned: it happens once."""
    result = run(
        "import os\n"
        "pid = os.posix_spawn('/bin/echo', ['echo', 'once'], {})\n"
        "os.waitpid(pid, 0)\n"
        "child = os.fork()\n"
        "if child == 0: os._exit(pid == 3 or 7)\n"
        "print(os.waitpid(child, 0)[1] >> 8 != 7)\n"
    )
    assert result.stdout == b"once\nTrue\n"


@pytest.mark.trace("posix_spawn", "CALL NAMI ARG RET")
def test_trace(k, root):
    """The parent looks the program up; the child's first records are of its file actions, then EMUL."""
    sink = io.BytesIO()
    k.ktrace(root, sink, "cnea", inherit=True)
    actions = FileActions()
    actions.addopen(1, b"/t/out", O_CREAT | O_WRONLY, 0o600)
    pid = spawn(root, b"/bin/echo", actions, argv=("echo", "hi"))
    root.waitpid(pid, 0)
    records = list(libktrace.open(io.BytesIO(sink.getvalue())))
    mine = [r.type for r in records if r.pid == root.pid]
    assert mine[:4] == [KTR_EMUL, KTR_SYSCALL, KTR_NAMEI, KTR_EXEC_ARG]
    assert KTR_SYSRET in mine
    first = [r.type for r in records if r.pid == pid][:3]
    assert first == [KTR_NAMEI, KTR_EMUL, KTR_SYSCALL], "no return from a fork"


def test_layouts():
    """The structs are NetBSD/amd64's."""
    assert len(PosixSpawnattr().pack()) == 48
    assert len(FileActionsEntry(0).pack()) == 24
    assert len(PosixSpawnFileActions(0, 0, 0).pack()) == 16
    attr = PosixSpawnattr(1, 2, 3, 4, 1 << 5, 1 << 60)
    assert PosixSpawnattr.unpack(attr.pack()) == attr
    assert FileActionsEntry(1, 2, 0xFFFFFFFF).fae_newfildes == -1
