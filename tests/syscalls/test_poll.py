# SPDX-License-Identifier: BSD-2-Clause
"""poll(2), pollts(2): how they fail, in which order, and when what is ready."""

from struct import Struct

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR
from kernel.sys.file import (
    POLLERR,
    POLLHUP,
    POLLIN,
    POLLNVAL,
    POLLOUT,
    POLLPRI,
    POLLRDNORM,
    POLLWRNORM,
)
from kernel.sys.signal import SIGUSR1, SIGUSR2
from kernel.sys.time import Timespec
from tests.syscalls.errnos import errnos
from userland.libc.signal import Sigaction
from userland.libc.stack import Frame, pushbytes
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
_TIMESPEC = Struct("<qq")


def pollts_raw(fds, nfds, time, mask):
    """pollts with an array at fds and, when time is given, a struct timespec."""
    with Frame() as lwp:
        at = pushbytes(lwp, _TIMESPEC.pack(*time)) if isinstance(time, tuple) else time
        return trap("__pollts50", fds, nfds, at, mask)


@errnos(
    Errno.EFAULT,
    {
        "poll": lambda: (trap, "poll", BAD, 1, -7),
        "pollts": lambda: (pollts_raw, BAD, 1, (-1, 0), 0),
        "pollts+time": lambda: (pollts_raw, 0, 99999, BAD, 0),
        "pollts+mask": lambda: (pollts_raw, 0, 99999, (-1, 0), BAD),
    },
)
def test_nowhere(fails, root, call):
    """The array, the time or the mask is not in the caller's memory: over a time that is none.

    The time and the mask are looked at first: over too long an array.
    """
    fails(root, *call())


@errnos(
    Errno.EINVAL,
    {
        "poll": lambda nfds, bad: (trap, "poll", BAD if nfds else 0, nfds, -2 if bad else 0),
        "pollts": lambda nfds, bad: (
            pollts_raw,
            BAD if nfds else 0,
            nfds,
            (0, 10**9 if bad else 0),
            0,
        ),
    },
)
def test_arguments(fails, root, call):
    """More than 1000 entries beyond what the table holds: over EFAULT; or the time is none."""
    fails(root, *call(99999, False))
    fails(root, *call(0, True))


@errnos(
    Errno.EINTR,
    {
        "poll": lambda fd: ("poll", [(fd, POLLIN)], -1),
        "pollts": lambda fd: ("pollts", [(fd, POLLIN)]),
        "pollts+mask": lambda fd: ("ppoll", [(fd, POLLIN)], None, [SIGUSR2]),
    },
)
def test_interrupted(begins, root, person, call):
    """A signal is caught while it waits."""
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    finish = begins(root, *call(root.pipe()[0]))
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()


def test_each_descriptor_for_itself(root):
    """One that is not open is POLLNVAL, not an error; one below 0 is passed over."""
    rfd, wfd = root.pipe()
    asked = [(99, 0), (-5, POLLIN), (rfd, POLLIN), (wfd, POLLOUT | POLLWRNORM)]
    assert root.poll(asked, 0) == [(99, POLLNVAL), (wfd, POLLOUT | POLLWRNORM)]


def test_hangup_is_told_unasked(root):
    """A pipe whose other end is closed says so whatever is asked, and is ready for what was asked."""
    rfd, wfd = root.pipe()
    root.close(wfd)
    assert root.poll([(rfd, 0)], 0) == [(rfd, POLLHUP)]
    assert root.poll([(rfd, POLLIN)], 0) == [(rfd, POLLHUP | POLLIN)]
    rfd, wfd = root.pipe()
    root.close(rfd)
    assert root.poll([(wfd, 0)], 0) == [(wfd, POLLHUP)]
    assert root.poll([(wfd, POLLOUT)], 0) == [(wfd, POLLHUP | POLLOUT)]


def test_files_and_devices(root):
    """They are always ready for reading and writing, and for nothing else."""
    everything = POLLIN | POLLPRI | POLLOUT | POLLRDNORM | POLLERR | POLLHUP
    for fd in (root.open(b"f", O_CREAT | O_RDWR, 0o644), root.open(b"/dev/null", O_RDONLY)):
        assert root.poll([(fd, everything)], 0) == [(fd, POLLIN | POLLOUT | POLLRDNORM)]


def test_fifo_without_a_writer(root, other):
    """It becomes ready with data, and when the last writer goes, but has no hangup."""
    root.mkfifo(b"p", 0o666)
    root.chmod(b"p", 0o666)
    rfd = root.open(b"p", O_RDONLY | O_NONBLOCK)
    assert root.pollts([(rfd, POLLIN)], Timespec(0, 1000)) == []
    root.begin("poll", [(rfd, POLLIN)], -1)
    wfd = other.open(b"p", O_RDWR)
    assert root.lwp.l_wmesg == "select"
    other.close(wfd)
    assert root.finish() == [(rfd, POLLIN)]
