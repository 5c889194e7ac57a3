# SPDX-License-Identifier: BSD-2-Clause
"""kqueue(2), kevent(2): how they fail, and what they leave in a trace."""

import pytest

from kernel.kern.kern_event_filt import KQ_CALLOUTMAX
from kernel.sys.errno import Errno
from kernel.sys.event import (
    EV_ADD,
    EV_DELETE,
    EV_ERROR,
    EV_RECEIPT,
    EVFILT_AIO,
    EVFILT_PROC,
    EVFILT_READ,
    EVFILT_SYSCOUNT,
    EVFILT_TIMER,
    EVFILT_USER,
    EVFILT_VNODE,
    NOTE_ABSTIME,
    NOTE_EXIT,
    SIZEOF_KEVENT,
    Kevent,
)
from kernel.sys.fcntl import O_CLOEXEC, O_CREAT, O_RDWR
from kernel.sys.ktrace import KTR_SYSCALL, KTR_SYSRET
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit
from kernel.sys.signal import SIGUSR1
from kernel.sys.time import Timespec
from tests.syscalls.errnos import Traced, errnos
from userland.libc.signal import Sigaction
from userland.libc.stack import Frame, pushbytes
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
NOW = Timespec(0, 0)
BOTH = {"kqueue": lambda: ("kqueue",), "kqueue1": lambda: ("kqueue1", O_CLOEXEC)}


def raw(kq, changes, nchanges, room, nevents, time):
    """kevent with addresses; changes and time may be bytes, which are pushed."""
    with Frame() as lwp:
        at, when = (pushbytes(lwp, b) if isinstance(b, bytes) else b for b in (changes, time))
        return trap("__kevent50", kq, at, nchanges, room, nevents, when)


@errnos(Errno.EMFILE, BOTH)
def test_too_many_open(fails, root, call):
    """The process has as many descriptors as it may."""
    root.setrlimit(RLIMIT_NOFILE, Rlimit(3, 3))
    fails(root, *call())


@errnos(Errno.ENFILE, BOTH)
def test_file_table_full(fails, k, root, call):
    """The system has as many files open as it can."""
    k.kernel.limits.maxfiles = k.kernel.nfiles
    fails(root, *call())


@pytest.mark.errno("kevent", Errno.EBADF)
def test_not_open(fails, root):
    """The queue, or what is to be watched, is no descriptor; or the queue is no queue."""
    kq = root.kqueue()
    fails(root, "kevent", 77)
    fails(root, "kevent", 0)
    fails(root, "kevent", kq, [Kevent(77, EVFILT_READ)])
    fails(root, "kevent", kq, [Kevent(1 << 40, EVFILT_READ)])
    fails(root, "kevent", kq, [Kevent(77, EVFILT_READ, EV_DELETE)])


@pytest.mark.errno("kevent", Errno.EFAULT)
def test_nowhere(fails, root):
    """The changes, the room for events, or the time are not in the caller's memory.

    Changes are copied eight at a time: those before are made.
    """
    kq = root.kqueue()
    fails(root, raw, kq, 0, 0, 0, 0, BAD)
    fails(root, raw, kq, BAD, 1, 0, 0, 0)
    many = b"".join(Kevent(n, EVFILT_USER).pack() for n in range(8))
    fails(root, raw, kq, many, 1 << 50, 0, 0, 0)
    assert root.kevent(kq, [Kevent(7, EVFILT_USER, EV_DELETE)]) == []
    root.kevent(kq, [Kevent(root.pipe()[1], EVFILT_READ + 1)])
    fails(root, raw, kq, 0, 0, BAD, 1, 0)
    fails(root, raw, kq, Kevent(1, EVFILT_AIO).pack(), 1, BAD, 1, 0)


@pytest.mark.errno("kevent", Errno.EINVAL)
def test_arguments(fails, root):
    """A time that is none, a filter that there is none of or that is not for the file."""
    kq = root.kqueue()
    rfd, _ = root.pipe()
    fails(root, "kevent", kq, [], 1, Timespec(-1, 0))
    fails(root, "kevent", kq, [], 1, Timespec(0, 10**9))
    fails(root, "kevent", kq, [Kevent(0, EVFILT_AIO)])
    fails(root, "kevent", kq, [Kevent(0, EVFILT_SYSCOUNT)])
    fails(root, "kevent", kq, [Kevent(rfd, EVFILT_VNODE)])
    fails(root, "kevent", kq, [Kevent(kq, EVFILT_VNODE)])
    fails(root, "kevent", kq, [Kevent(root.open(b"/dev/null", 0), EVFILT_VNODE)])
    fails(root, "kevent", kq, [Kevent(1, EVFILT_TIMER, EV_ADD, 0, 0)])
    fails(root, "kevent", kq, [Kevent(1, EVFILT_TIMER, EV_ADD, 0x20 | NOTE_ABSTIME, 1)])
    assert root.kevent(kq, [], 0, Timespec(-1, 0)) == [], "nobody waits, nobody asks"


@pytest.mark.errno("kevent", Errno.ENOENT)
def test_no_such_note(fails, root):
    """It was not added, or is deleted already."""
    kq = root.kqueue()
    fails(root, "kevent", kq, [Kevent(1, EVFILT_USER, EV_DELETE)])
    root.kevent(kq, [Kevent(1, EVFILT_USER)])
    root.kevent(kq, [Kevent(1, EVFILT_USER, EV_DELETE)])
    fails(root, "kevent", kq, [Kevent(1, EVFILT_USER, 0)])


@pytest.mark.errno("kevent", Errno.ESRCH)
def test_no_such_process(fails, root, user):
    """There is no process of that number, or it has ended."""
    kq = root.kqueue()
    fails(root, "kevent", kq, [Kevent(999, EVFILT_PROC, EV_ADD, NOTE_EXIT)])
    child = root.fork()
    child.call("_exit", 0)
    fails(root, "kevent", kq, [Kevent(child.pid, EVFILT_PROC, EV_ADD, NOTE_EXIT)])


@pytest.mark.errno("kevent", Errno.EACCES)
def test_processes_of_others(fails, root, user, other):
    """Only the superuser watches processes of others."""
    kq = user.kqueue()
    for process in (root, other):
        fails(user, "kevent", kq, [Kevent(process.pid, EVFILT_PROC, EV_ADD, NOTE_EXIT)])
    root.kevent(root.kqueue(), [Kevent(user.pid, EVFILT_PROC, EV_ADD, NOTE_EXIT)])


@pytest.mark.errno("kevent", Errno.ENOMEM)
def test_too_many_timers(fails, k, root):
    """The system has as many timers of queues as it can; each deleted makes room."""
    k.kernel.kq_ncallouts = KQ_CALLOUTMAX - 2
    kq = root.kqueue()
    root.kevent(kq, [Kevent(1, EVFILT_TIMER, EV_ADD, 0, 1000)])
    fails(root, "kevent", kq, [Kevent(2, EVFILT_TIMER, EV_ADD, 0, 1000)])
    root.kevent(kq, [Kevent(1, EVFILT_TIMER, EV_DELETE)])
    root.kevent(kq, [Kevent(2, EVFILT_TIMER, EV_ADD, 0, 1000)])


@pytest.mark.errno("kevent", Errno.EOPNOTSUPP)
def test_what_cannot_be_watched(fails, root):
    """Message queues are polled, but not watched."""
    queue = root.mq_open(b"/q", O_CREAT | O_RDWR, 0o600)
    fails(root, "kevent", root.kqueue(), [Kevent(queue, EVFILT_READ)])


@pytest.mark.errno("kevent", Errno.EINTR)
def test_interrupted(begins, root, person):
    """A signal is caught while it waits."""
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    finish = begins(root, "kevent", root.kqueue(), [], 1)
    assert root.lwp.l_wmesg == "kqueue"
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()


def test_failures_are_told_one_by_one(root):
    """With room for them, changes that fail are events, the others are made, and nobody waits."""
    kq = root.kqueue()
    changes = [Kevent(9, EVFILT_AIO), Kevent(5, EVFILT_USER), Kevent(77, EVFILT_READ)]
    assert root.kevent(kq, changes, 3) == [
        Kevent(9, EVFILT_AIO, EV_ERROR, 0, Errno.EINVAL),
        Kevent(77, EVFILT_READ, EV_ERROR, 0, Errno.EBADF),
    ]
    receipt = Kevent(5, EVFILT_USER, EV_ADD | EV_RECEIPT)
    assert root.kevent(kq, [receipt], 1) == [receipt._replace(flags=EV_ERROR)]
    assert root.kevent(kq, [receipt], 0) == []


@pytest.mark.trace("kqueue", "CALL RET")
@pytest.mark.trace("kqueue1", "CALL RET")
@pytest.mark.trace("kevent", "CALL RET")
def test_leaves_no_more_than_the_call(k, root):
    """Neither changes nor events are recorded, as on NetBSD 10."""
    trace = Traced(k, root)
    kq = root.kqueue()
    root.kqueue1(O_CLOEXEC)
    root.kevent(kq, [Kevent(root.pid, EVFILT_PROC, EV_ADD, NOTE_EXIT)], 4, NOW)
    assert [r.type for r in trace.records()] == [KTR_SYSCALL, KTR_SYSRET] * 3
    assert SIZEOF_KEVENT == 40
