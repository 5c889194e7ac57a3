# SPDX-License-Identifier: BSD-2-Clause
"""select(2), pselect(2): how they fail, in which order, and what is ready."""

from struct import Struct

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDWR
from kernel.sys.signal import SIGUSR1
from kernel.sys.time import Timeval
from tests.syscalls.errnos import errnos
from userland.libc.signal import Sigaction
from userland.libc.stack import Frame, pushbytes
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is nothing
_TIME = Struct("<qq")  # struct timeval and struct timespec are alike
NOW = (0, 0)
NEVER = (-1, 0)  # no time


def raw(name, nd, sets, time, *mask):
    """select or pselect; sets is an address, 0, or the bytes of a set to read."""
    with Frame() as lwp:
        at = pushbytes(lwp, sets) if isinstance(sets, bytes) else sets
        tv = pushbytes(lwp, _TIME.pack(*time)) if isinstance(time, tuple) else time
        return trap(name, nd, at, 0, 0, tv, *mask)


SELECTS = {
    "select": lambda nd, sets, time: (raw, "__select50", nd, sets, time),
    "pselect": lambda nd, sets, time: (raw, "__pselect50", nd, sets, time, 0),
}


@errnos(Errno.EFAULT, SELECTS)
def test_nowhere(fails, root, call):
    """A set is not in the caller's memory: over a time that is none; or the time: over any nd."""
    fails(root, *call(5, BAD, NEVER))
    fails(root, *call(-1, 0, BAD))


@pytest.mark.errno("pselect", Errno.EFAULT)
def test_mask_nowhere(fails, root):
    """The mask is not in the caller's memory: over any nd."""
    fails(root, raw, "__pselect50", -1, 0, NOW, BAD)


@errnos(Errno.EINVAL, SELECTS)
def test_arguments(fails, root, call):
    """Fewer descriptors than none: over EFAULT of a set; or the time is none: over EBADF."""
    fails(root, *call(-1, BAD, NOW))
    for time in (NEVER, (0, -1), (0, 10**9)):
        fails(root, *call(16, b"\0\x80\0\0", time))


@errnos(Errno.EBADF, SELECTS)
def test_not_open(fails, root, call):
    """A set names a descriptor that is not open."""
    fails(root, *call(16, b"\0\x80\0\0", NOW))


@errnos(
    Errno.EINTR, {"select": lambda fd: ("select", {fd}), "pselect": lambda fd: ("pselect", {fd})}
)
def test_interrupted(begins, root, person, call):
    """A signal is caught while it waits."""
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    finish = begins(root, *call(root.pipe()[0]))
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()


def test_what_is_ready(root):
    """Pipes with data or room, files always; a closed other end makes both sides ready."""
    rfd, wfd = root.pipe()
    file = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    now = Timeval(0, 0)
    assert root.select({rfd, file}, {wfd, file}, {rfd, file}, now) == ({file}, {wfd, file}, set())
    root.write(wfd, b"x")
    assert root.select({rfd}, (), (), now)[0] == {rfd}
    root.close(rfd)
    assert root.select((), {wfd}, (), now)[1] == {wfd}


def test_beyond_the_table(root):
    """Descriptors that no table of the process's size has are passed over, not refused."""
    assert root.call(raw, "__select50", 1 << 20, 0, NOW) == 0
