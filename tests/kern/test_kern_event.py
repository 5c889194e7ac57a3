# SPDX-License-Identifier: BSD-2-Clause
"""Kernel queues: when what is told, how often, and when it is forgotten."""

import pytest

from kernel.arch.python.trap import map_buffer
from kernel.kern.sys_event import KFILTER_BYFILTER, KFILTER_BYNAME
from kernel.kern.sys_pipe import PIPE_SIZE
from kernel.sys.errno import Errno
from kernel.sys.event import (
    EV_ADD,
    EV_CLEAR,
    EV_DELETE,
    EV_DISABLE,
    EV_DISPATCH,
    EV_ENABLE,
    EV_EOF,
    EV_ONESHOT,
    EVFILT_FS,
    EVFILT_PROC,
    EVFILT_READ,
    EVFILT_SIGNAL,
    EVFILT_TIMER,
    EVFILT_USER,
    EVFILT_VNODE,
    EVFILT_WRITE,
    NOTE_ABSTIME,
    NOTE_ATTRIB,
    NOTE_CHILD,
    NOTE_CLOSE,
    NOTE_CLOSE_WRITE,
    NOTE_DELETE,
    NOTE_EXEC,
    NOTE_EXIT,
    NOTE_EXTEND,
    NOTE_FFAND,
    NOTE_FFCOPY,
    NOTE_FFOR,
    NOTE_FORK,
    NOTE_LINK,
    NOTE_NSECONDS,
    NOTE_OPEN,
    NOTE_READ,
    NOTE_RENAME,
    NOTE_REVOKE,
    NOTE_SECONDS,
    NOTE_TRACK,
    NOTE_TRIGGER,
    NOTE_USECONDS,
    NOTE_WRITE,
    VQ_MOUNT,
    VQ_UNMOUNT,
    Kevent,
)
from kernel.sys.fcntl import (
    F_GETFD,
    F_SETFL,
    FD_CLOEXEC,
    O_CLOEXEC,
    O_CREAT,
    O_NONBLOCK,
    O_RDONLY,
    O_RDWR,
    O_WRONLY,
)
from kernel.sys.file import POLLIN, POLLRDNORM
from kernel.sys.param import PIPE_BUF
from kernel.sys.signal import SIG_IGN, SIGUSR1, SIGUSR2
from kernel.sys.time import Timespec
from userland.libc import tmpfs_args

NOW = Timespec(0, 0)
EVERYTHING = 0x7FF  # of EVFILT_VNODE
SECOND = 10**9


class Queue:
    """A process with a queue."""

    def __init__(self, process):
        self.p = process
        self.fd = process.kqueue()

    def watch(self, ident, filter_, flags=EV_ADD, fflags=0, data=0, udata=0):
        """Change one note."""
        assert self.p.kevent(self.fd, [Kevent(ident, filter_, flags, fflags, data, udata)]) == []

    def told(self, timeout=NOW, nevents=16):
        """What has happened: (ident, fflags, data) of each."""
        return [(e.ident, e.fflags, e.data) for e in self.p.kevent(self.fd, [], nevents, timeout)]

    def flags(self):
        """The flags of the one event that has happened."""
        (event,) = self.p.kevent(self.fd, [], 16, NOW)
        return event.flags


@pytest.fixture
def q(k):
    """A queue of the superuser."""
    return Queue(k.root())


@pytest.fixture
def pipe(q):
    """A pipe of the queue's process."""
    return q.p.pipe()


def test_told_as_long_as_it_is_so(q, pipe):
    """Without flags an event is told each time, with what is so now."""
    rfd, wfd = pipe
    q.watch(rfd, EVFILT_READ)
    assert q.told() == []
    q.p.write(wfd, b"abc")
    assert q.told() == q.told() == [(rfd, 0, 3)]
    q.p.read(rfd, 1)
    assert q.told() == [(rfd, 0, 2)]
    q.p.read(rfd, 9)
    assert q.told() == []


def test_clear_tells_each_change_once(q, pipe):
    """EV_CLEAR: told again only when something has come."""
    rfd, wfd = pipe
    q.watch(rfd, EVFILT_READ, EV_ADD | EV_CLEAR)
    q.p.write(wfd, b"a")
    q.p.write(wfd, b"b")
    assert (q.told(), q.told()) == ([(rfd, 0, 2)], [])
    q.p.write(wfd, b"c")
    assert (q.told(), q.told()) == ([(rfd, 0, 3)], [])


def test_oneshot_is_deleted_once_told(q, pipe):
    """EV_ONESHOT: told once, then there is no note."""
    rfd, wfd = pipe
    q.p.write(wfd, b"a")
    q.watch(rfd, EVFILT_READ, EV_ADD | EV_ONESHOT)
    assert (q.told(), q.told()) == ([(rfd, 0, 1)], [])
    with pytest.raises(OSError, match="No such file"):
        q.watch(rfd, EVFILT_READ, EV_DELETE)


def test_dispatch_and_disable(q, pipe):
    """A disabled note is kept and not told; enabled, it tells what has happened since."""
    rfd, wfd = pipe
    q.watch(rfd, EVFILT_READ, EV_ADD | EV_DISPATCH)
    q.p.write(wfd, b"a")
    assert (q.told(), q.told()) == ([(rfd, 0, 1)], [])
    q.p.write(wfd, b"b")
    assert q.told() == []
    q.watch(rfd, EVFILT_READ, EV_ENABLE)
    assert q.told() == [(rfd, 0, 2)]
    q.watch(rfd, EVFILT_READ, EV_ENABLE)
    q.watch(rfd, EVFILT_READ, EV_DISABLE)
    assert q.told() == []


def test_changing_a_note_changes_its_udata_not_its_flags(q, pipe):
    """What a note was added with stays, but for the caller's own data."""
    rfd, wfd = pipe
    q.watch(rfd, EVFILT_READ, EV_ADD | EV_CLEAR, udata=1)
    q.watch(rfd, EVFILT_READ, EV_ADD, udata=2)
    q.p.write(wfd, b"a")
    event = Kevent(rfd, EVFILT_READ, EV_ADD | EV_CLEAR, 0, 1, 2)
    assert q.p.kevent(q.fd, [], 1, NOW) == [event]


def test_room_and_the_end_of_pipes(q, pipe):
    """Writing: PIPE_BUF bytes of room; either end: EV_EOF once the other is closed."""
    rfd, wfd = pipe
    q.watch(wfd, EVFILT_WRITE)
    assert q.told() == [(wfd, 0, PIPE_SIZE)]
    q.p.write(wfd, bytes(PIPE_SIZE - PIPE_BUF))
    assert q.told() == [(wfd, 0, PIPE_BUF)]
    q.p.write(wfd, b"x")
    assert q.told() == []
    q.watch(rfd, EVFILT_WRITE)
    q.watch(wfd, EVFILT_READ)
    assert q.told() == [], "the wrong ends have neither bytes nor room"
    q.p.close(rfd)
    ends = q.p.kevent(q.fd, [], 4, NOW)
    assert {(e.ident, e.filter, e.flags, e.data) for e in ends} == {
        (wfd, EVFILT_WRITE, EV_ADD | EV_EOF, 0),
        (wfd, EVFILT_READ, EV_ADD | EV_EOF, 0),
    }
    q.watch(wfd, EVFILT_WRITE, EV_DELETE)
    with pytest.raises(OSError, match="Bad file descriptor"):
        q.watch(wfd, EVFILT_WRITE)
    q.p.close(wfd)
    rfd, wfd = q.p.pipe()
    q.watch(rfd, EVFILT_READ, EV_ADD | EV_CLEAR)
    q.p.close(wfd)
    assert q.p.kevent(q.fd, [], 4, NOW)[-1] == Kevent(rfd, 0, EV_ADD | EV_CLEAR | EV_EOF)


def test_fifos(q):
    """Bytes, room and the end, which is forgotten when a writer comes."""
    q.p.mkfifo(b"/tmp/p", 0o600)
    rfd = q.p.open(b"/tmp/p", O_RDONLY | O_NONBLOCK)
    wfd = q.p.open(b"/tmp/p", O_WRONLY | O_NONBLOCK)
    q.watch(rfd, EVFILT_READ)
    q.watch(wfd, EVFILT_WRITE)
    assert q.told() == [(wfd, 0, 4096)]
    q.p.write(wfd, b"abc")
    assert q.told() == [(wfd, 0, 4093), (rfd, 0, 3)]
    q.watch(wfd, EVFILT_WRITE, EV_DELETE)
    q.p.close(wfd)
    assert q.flags() == EV_ADD | EV_EOF
    q.p.read(rfd, 3)
    wfd = q.p.open(b"/tmp/p", O_WRONLY | O_NONBLOCK)
    assert q.told() == []


def test_regular_files(q):
    """What is left to read, which may be less than nothing; there is always room."""
    fd = q.p.open(b"/tmp/f", O_CREAT | O_RDWR, 0o600)
    q.watch(fd, EVFILT_READ)
    assert q.told() == []
    q.p.write(fd, b"abc")
    assert q.told() == []
    q.p.lseek(fd, 1, 0)
    assert q.told() == []
    q.p.pwrite(fd, b"abc", 0)
    assert q.told() == [(fd, 0, 2)]
    q.p.lseek(fd, 9, 0)
    assert q.told() == [(fd, 0, -6)]
    q.watch(fd, EVFILT_READ, EV_DELETE)
    q.watch(fd, EVFILT_WRITE)
    assert q.told() == [(fd, 0, 0)]


def test_devices_are_always_ready(q):
    """Where select says so, kevent does."""
    fd = q.p.open(b"/dev/null", O_RDWR)
    q.watch(fd, EVFILT_READ)
    q.watch(fd, EVFILT_WRITE)
    assert q.told() == [(fd, 0, 0), (fd, 0, 0)]


@pytest.fixture
def changes(q):
    """Makes a file, watches it, does something; returns what was told of it."""
    q.p.mkdir(b"/tmp/d", 0o755)
    q.p.close(q.p.open(b"/tmp/d/f", O_CREAT, 0o644))

    def of(path, *calls, ask=EVERYTHING):
        fd = q.p.open(path, O_RDONLY)
        q.watch(fd, EVFILT_VNODE, EV_ADD | EV_CLEAR, ask)
        for call in calls:
            q.p.call(*call)
        hints = 0
        for ident, fflags, _ in q.told():
            hints |= fflags if ident == fd else 0
        q.p.close(fd)
        return hints

    return of


def test_what_happens_to_a_file(q, changes):
    """Written, longer, other attributes, other names, none."""
    f = b"/tmp/d/f"
    wfd = q.p.open(f, O_WRONLY)
    other = q.p.open(f, O_RDONLY)
    assert changes(f, ("write", wfd, b"abc")) == NOTE_WRITE | NOTE_EXTEND
    assert changes(f, ("pwrite", wfd, b"xyz", 0)) == NOTE_WRITE
    assert changes(f, ("ftruncate", wfd, 1)) == NOTE_ATTRIB
    assert changes(f, ("ftruncate", wfd, 10)) == NOTE_ATTRIB | NOTE_EXTEND
    assert changes(f, ("chmod", f, 0o600)) == NOTE_ATTRIB
    assert changes(f, ("read", other, 4)) == NOTE_READ
    assert changes(f, ("open", f, O_RDONLY)) == NOTE_OPEN
    assert changes(f, ("close", other)) == NOTE_CLOSE
    assert changes(f, ("close", wfd)) == NOTE_CLOSE_WRITE
    assert changes(f, ("link", f, b"/tmp/g")) == NOTE_LINK
    assert changes(f, ("unlink", b"/tmp/g")) == NOTE_LINK
    assert changes(f, ("rename", f, b"/tmp/d/g")) == NOTE_RENAME
    assert changes(b"/tmp/d/g", ("unlink", b"/tmp/d/g")) == NOTE_DELETE


def test_what_happens_to_a_directory(q, changes):
    """Names come and go; directories in it are links to it."""
    d = b"/tmp/d"
    assert changes(d, ("mkfifo", b"/tmp/d/p", 0o600)) == NOTE_WRITE
    assert changes(d, ("symlink", b"x", b"/tmp/d/s")) == NOTE_WRITE
    assert changes(d, ("open", b"/tmp/d/h", O_CREAT, 0o600)) == NOTE_WRITE
    assert changes(d, ("link", b"/tmp/d/h", b"/tmp/d/i")) == NOTE_WRITE
    assert changes(d, ("unlink", b"/tmp/d/i")) == NOTE_WRITE
    assert changes(d, ("rename", b"/tmp/d/h", b"/tmp/d/i")) == NOTE_WRITE
    assert changes(d, ("rename", b"/tmp/d/i", b"/tmp/i")) == NOTE_WRITE
    assert changes(d, ("rename", b"/tmp/i", b"/tmp/d/i")) == NOTE_WRITE | NOTE_EXTEND
    assert changes(d, ("mkdir", b"/tmp/d/e", 0o755)) == NOTE_WRITE | NOTE_LINK
    assert changes(d, ("rename", b"/tmp/d/e", b"/tmp/e")) == NOTE_WRITE | NOTE_LINK
    moved = NOTE_WRITE | NOTE_LINK | NOTE_EXTEND
    assert changes(d, ("rename", b"/tmp/e", b"/tmp/d/e")) == moved
    assert changes(d, ("rmdir", b"/tmp/d/e")) == NOTE_WRITE | NOTE_LINK
    q.p.mkdir(b"/tmp/d/e", 0o755)
    assert changes(b"/tmp/d/e", ("rmdir", b"/tmp/d/e")) == NOTE_DELETE


def test_what_is_replaced_is_deleted(q, changes):
    """A rename over the last name of a file is its end; over one of two, a link less."""
    q.p.close(q.p.open(b"/tmp/new", O_CREAT, 0o644))
    q.p.link(b"/tmp/d/f", b"/tmp/f2")
    assert changes(b"/tmp/d/f", ("rename", b"/tmp/new", b"/tmp/f2")) == NOTE_LINK
    assert changes(b"/tmp/d/f", ("rename", b"/tmp/f2", b"/tmp/d/f")) == NOTE_DELETE


def test_only_what_is_asked_for(q, changes):
    """Others do not wake; but what happened at once is told together, as on NetBSD 10."""
    f = b"/tmp/d/f"
    wfd = q.p.open(f, O_WRONLY)
    assert changes(f, ("write", wfd, b"a"), ask=NOTE_DELETE | NOTE_ATTRIB) == 0
    assert changes(f, ("write", wfd, b"a"), ask=NOTE_WRITE) == NOTE_WRITE | NOTE_EXTEND


def test_revoked_files(q, changes):
    """revoke(2): NOTE_REVOKE and the end, asked for or not."""
    q.p.mknod(b"/tmp/null", 0o020666, q.p.stat(b"/dev/null").st_rdev)
    fd = q.p.open(b"/tmp/d/f", O_RDWR)
    q.watch(fd, EVFILT_VNODE, EV_ADD, NOTE_DELETE)
    q.watch(fd, EVFILT_WRITE, EV_ADD | EV_CLEAR)
    assert q.told() == [(fd, 0, 0)]
    q.p.revoke(b"/tmp/d/f")
    events = {e.filter: e for e in q.p.kevent(q.fd, [], 4, NOW)}
    assert events[EVFILT_WRITE].flags & (EV_EOF | EV_ONESHOT) == EV_EOF | EV_ONESHOT
    assert EVFILT_VNODE not in events, "nothing that was asked for has happened"
    q.watch(fd, EVFILT_VNODE, EV_ADD, NOTE_REVOKE)
    assert q.told() == []


def test_through_a_layer(q):
    """Who watches a file below hears of what is done through a null mount, and the other way."""
    q.p.mkdir(b"/tmp/low", 0o755)
    q.p.mkdir(b"/tmp/up", 0o755)
    q.p.close(q.p.open(b"/tmp/low/f", O_CREAT, 0o644))
    q.p.mount(b"null", b"/tmp/up", 0, b"/tmp/low")
    low = q.p.open(b"/tmp/low/f", O_RDWR)
    up = q.p.open(b"/tmp/up/f", O_RDWR)
    for fd in (low, up):
        q.watch(fd, EVFILT_VNODE, EV_ADD | EV_CLEAR, NOTE_WRITE | NOTE_DELETE)
    q.p.write(up, b"a")
    assert sorted(ident for ident, _, _ in q.told()) == [low, up]
    q.p.write(low, b"b")
    assert sorted(ident for ident, _, _ in q.told()) == [low, up]
    q.p.unlink(b"/tmp/up/f")
    assert q.told() == [(up, NOTE_DELETE, 0), (low, NOTE_DELETE, 0)]


def test_processes(q):
    """A child forks, its child is followed; exits are told with the wait status."""
    child = q.p.fork()
    q.watch(child.pid, EVFILT_PROC, EV_ADD, NOTE_FORK | NOTE_EXIT | NOTE_TRACK, udata=5)
    grandchild = child.fork()
    assert q.told() == [(grandchild.pid, NOTE_CHILD, child.pid), (child.pid, NOTE_FORK, 0)]
    grandchild.call("_exit", 3)
    assert q.told() == [(grandchild.pid, NOTE_EXIT, 0x300)]
    q.p.kill(child.pid, SIGUSR1)
    q.p.waitpid(child.pid, 0)
    (event,) = q.p.kevent(q.fd, [], 4, NOW)
    flags = EV_ADD | EV_CLEAR | EV_EOF | EV_ONESHOT
    assert event == Kevent(child.pid, EVFILT_PROC, flags, NOTE_EXIT, SIGUSR1, 5)
    assert q.told() == []


def test_a_child_that_ends_at_once_is_told_of_twice(q):
    """NOTE_CHILD and NOTE_EXIT are two events, however fast."""
    child = q.p.fork()
    q.watch(child.pid, EVFILT_PROC, EV_ADD, NOTE_EXIT | NOTE_TRACK)
    grandchild = child.fork()
    grandchild.call("_exit", 0)
    told = q.told()
    assert told == [(grandchild.pid, NOTE_CHILD, child.pid), (grandchild.pid, NOTE_EXIT, 0)]


def test_exec_is_told(k, q):
    """NOTE_EXEC, when another program runs."""
    child = q.p.fork()
    q.watch(child.pid, EVFILT_PROC, EV_ADD, NOTE_EXEC)
    child.begin("execve", b"/bin/sleep", ["sleep", "1"], {})
    assert q.told(None) == [(child.pid, NOTE_EXEC, 0)]


def test_signals(k, q):
    """Each sending is counted, though it is ignored or pending; it is delivered all the same."""
    other = k.root()
    q.p.signal(SIGUSR1, SIG_IGN)
    q.watch(SIGUSR1, EVFILT_SIGNAL)
    other.kill(q.p.pid, SIGUSR1)
    other.kill(q.p.pid, SIGUSR1)
    assert (q.told(), q.told()) == ([(SIGUSR1, 0, 2)], [])
    got = []
    q.p.signal(SIGUSR2, got.append)
    q.watch(SIGUSR2, EVFILT_SIGNAL)
    q.p.kill(q.p.pid, SIGUSR2)
    assert (q.told(), got) == ([(SIGUSR2, 0, 1)], [SIGUSR2])


@pytest.mark.parametrize(
    ("unit", "data", "ns"),
    [
        (0, 1500, 1_500_000_000),
        (NOTE_SECONDS, 2, 2_000_000_000),
        (NOTE_USECONDS, 50_000, 50_000_000),
        (NOTE_NSECONDS, 20_000_000, 20_000_000),
        (NOTE_NSECONDS, 1, 10_000_000),  # a tick
    ],
)
def test_timers(k, q, unit, data, ns):
    """A timer fires again and again; data is how often since it was told."""
    began = k.kernel.clock.now
    q.watch(1, EVFILT_TIMER, EV_ADD, unit, data)
    assert q.told(None) == [(1, 0, 1)]
    assert 0 <= k.kernel.clock.now - began - ns < 100_000
    began = k.kernel.clock.now
    q.p.nanosleep(Timespec.from_ns(5 * ns))
    assert q.told() == [(1, 0, 5)]


def test_timers_that_fire_once(k, q):
    """EV_ONESHOT, or at a time of day, which may be past: then it fires, and stays so."""
    q.watch(1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, 100)
    assert q.told(None) == [(1, 0, 1)]
    now = k.kernel.clock.now // SECOND
    q.watch(2, EVFILT_TIMER, EV_ADD, NOTE_SECONDS | NOTE_ABSTIME, now + 10)
    assert q.told(Timespec(5, 0)) == []
    assert q.told(Timespec(60, 0)) == [(2, 0, 1)]
    assert k.kernel.clock.now // SECOND == now + 10
    assert q.told() == [(2, 0, 1)]
    q.watch(2, EVFILT_TIMER, EV_ADD, NOTE_SECONDS, 1)
    assert q.told() == [], "a timer that is added again begins again"
    assert q.told(None) == [(2, 0, 1)]
    q.watch(2, EVFILT_TIMER, EV_DELETE)
    assert q.told(Timespec(5, 0)) == []
    assert k.kernel.kq_ncallouts == 0


def test_users(q):
    """Programs trigger their own events; what is told are the flags and data given last."""
    q.watch(7, EVFILT_USER, EV_ADD | EV_CLEAR, 0x0F | NOTE_TRIGGER)
    assert q.told() == [], "adding does not trigger"
    q.watch(7, EVFILT_USER, 0, NOTE_TRIGGER | NOTE_FFOR | 0x30, 9)
    assert (q.told(), q.told()) == ([(7, NOTE_TRIGGER | 0x3F, 9)], [])
    q.watch(7, EVFILT_USER, 0, NOTE_TRIGGER | NOTE_FFAND | 0xF0)
    assert q.told() == [(7, 0x30, 0)]
    q.watch(7, EVFILT_USER, 0, NOTE_TRIGGER | NOTE_FFCOPY | 5)
    assert q.told() == [(7, 5, 0)]
    q.watch(7, EVFILT_USER, 0, NOTE_TRIGGER | 6)
    assert q.told() == [(7, 5, 0)]


def test_file_systems(q):
    """Mounts and unmounts."""
    q.p.mkdir(b"/tmp/m", 0o755)
    q.watch(0, EVFILT_FS, EV_ADD, VQ_MOUNT | VQ_UNMOUNT)
    q.p.mount(b"tmpfs", b"/tmp/m", 0, tmpfs_args())
    assert q.told() == [(0, VQ_MOUNT, 0)]
    q.p.unmount(b"/tmp/m")
    assert q.told() == [(0, VQ_UNMOUNT, 0)]


def test_queues_of_queues(q, pipe):
    """A queue can be read, by kevent and by poll, when it has something to tell."""
    rfd, wfd = pipe
    outer = Queue(q.p)
    q.watch(rfd, EVFILT_READ)
    outer.watch(q.fd, EVFILT_READ)
    assert outer.told() == []
    assert q.p.poll([(q.fd, POLLIN | POLLRDNORM)], 0) == []
    q.p.write(wfd, b"a")
    assert outer.told() == [(q.fd, 0, 1)]
    assert q.p.poll([(outer.fd, POLLIN | POLLRDNORM)], 0) == [(outer.fd, POLLIN | POLLRDNORM)]
    assert q.p.fstat(q.fd).st_size == 1


def test_circles_of_queues(q, pipe):
    """Queues that watch each other, and themselves, come to an end."""
    rfd, wfd = pipe
    other = Queue(q.p)
    q.watch(other.fd, EVFILT_READ)
    other.watch(q.fd, EVFILT_READ)
    q.watch(q.fd, EVFILT_READ)
    q.watch(rfd, EVFILT_READ)
    q.p.write(wfd, b"a")
    assert (rfd, 0, 1) in q.told()


def test_waits_until_something_happens(k, q, pipe):
    """kevent sleeps; who writes wakes it; poll on the queue as well."""
    rfd, wfd = pipe
    q.watch(rfd, EVFILT_READ)
    child = q.p.fork()
    q.p.begin("kevent", q.fd, [], 4, None)
    assert q.p.lwp.l_wmesg == "kqueue"
    child.write(wfd, b"abc")
    assert [e.data for e in q.p.finish()] == [3]
    q.p.read(rfd, 3)
    q.p.begin("poll", [(q.fd, POLLIN)], -1)
    child.write(wfd, b"x")
    assert q.p.finish() == [(q.fd, POLLIN)]


def test_times_out(k, q):
    """After its time kevent returns nothing, and that much time has passed."""
    began = k.kernel.clock.now
    assert q.told(Timespec(3, 500)) == []
    assert 0 <= k.kernel.clock.now - began - 3_000_000_500 < 100_000


def test_more_events_than_room(q):
    """As many as there is room for, the others next time: in turn."""
    for ident in range(20):
        q.watch(ident, EVFILT_USER, EV_ADD)
        q.watch(ident, EVFILT_USER, 0, NOTE_TRIGGER)
    seen = [ident for _ in range(3) for ident, _, _ in q.told(nevents=9)]
    assert seen == [*range(20), *range(7)]
    assert q.told(nevents=0) == []


def test_closed_descriptors_are_forgotten(k, q, pipe):
    """A note goes with its descriptor, though the file is open elsewhere; another may have the number."""
    rfd, wfd = pipe
    q.watch(rfd, EVFILT_READ)
    copy = q.p.dup(rfd)
    q.p.write(wfd, b"a")
    q.p.close(rfd)
    assert q.told() == []
    assert q.p.dup2(copy, rfd) == rfd
    assert q.told() == []
    q.watch(rfd, EVFILT_READ)
    q.p.dup2(0, rfd)
    assert q.told() == []
    assert q.p.proc.p_fd.fd_knlist == {}


def test_no_child_has_the_queue(q):
    """fork leaves queues behind: the number is free in the child; exec closes by O_CLOEXEC only."""
    child = q.p.fork()
    with pytest.raises(OSError, match="Bad file"):
        child.fstat(q.fd)
    assert child.dup(0) == q.fd
    assert q.p.fcntl(q.fd, F_GETFD) == 0
    assert q.p.fcntl(q.p.kqueue1(O_CLOEXEC), F_GETFD) == FD_CLOEXEC


def test_the_end_of_a_queue_is_the_end_of_its_notes(k, q, pipe):
    """Nothing is left at what was watched."""
    rfd, _ = pipe
    fd = q.p.open(b"/tmp/f", O_CREAT | O_RDWR, 0o600)
    q.watch(rfd, EVFILT_READ)
    q.watch(fd, EVFILT_VNODE, EV_ADD, NOTE_WRITE)
    q.watch(q.p.pid, EVFILT_PROC, EV_ADD, NOTE_FORK)
    q.watch(SIGUSR1, EVFILT_SIGNAL)
    q.watch(0, EVFILT_FS, EV_ADD, VQ_MOUNT)
    q.watch(1, EVFILT_TIMER, EV_ADD, 0, 5)
    vp = q.p.proc.p_fd.fd_ofiles[fd].f_data
    sip = q.p.proc.p_fd.fd_ofiles[rfd].f_data.pipe_buffer.selinfo
    q.p.close(q.fd)
    lists = (vp.v_klist, sip.sel_klist, q.p.proc.p_klist, k.kernel.fs_klist)
    assert not any(lists), lists
    assert (len(k.kernel.callouts), q.p.proc.p_fd.fd_knlist) == (0, {})


def test_a_queue_is_no_stream(q):
    """It is not read, written or seeked, and has none of a file's modes."""
    for call in (("read", q.fd, 1), ("write", q.fd, b"x")):
        with pytest.raises(OSError, match="Device not configured"):
            q.p.call(*call)
    with pytest.raises(OSError, match="Inappropriate ioctl") as failure:
        q.p.fcntl(q.fd, F_SETFL, O_NONBLOCK)
    assert failure.value.errno == Errno.ENOTTY


def test_names_of_filters(q):
    """ioctl(2) tells the name of a filter, and the filter of a name."""

    def mapping(name, size, number):
        return b"".join(n.to_bytes(8, "little") for n in (name, size, number))

    text = memoryview(bytearray(b"EVFILT_TIMER".ljust(32, b"\0")))
    room = q.p.call(lambda: map_buffer(text, 3))
    answer = q.p.ioctl(q.fd, KFILTER_BYNAME, mapping(room, 0, 0))
    assert int.from_bytes(answer[16:20], "little") == EVFILT_TIMER
    q.p.ioctl(q.fd, KFILTER_BYFILTER, mapping(room, 32, EVFILT_PROC))
    assert q.p.load(room, 12) == b"EVFILT_PROC\0"
    with pytest.raises(OSError, match="No such file"):
        q.p.ioctl(q.fd, KFILTER_BYFILTER, mapping(room, 32, 99))
