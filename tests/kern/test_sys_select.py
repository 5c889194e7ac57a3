# SPDX-License-Identifier: BSD-2-Clause

import pytest

from kernel.kern.sys_descrip import sys_close, sys_dup2
from kernel.kern.sys_generic import sys_write
from kernel.kern.sys_pipe import PIPE_SIZE, sys_pipe
from kernel.kern.sys_select import sys___pollts50, sys___select50, sys_poll
from kernel.kern.vfs_syscalls import sys_open
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDWR
from kernel.sys.file import POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLRDNORM
from kernel.sys.param import PIPE_BUF
from kernel.sys.selinfo import Pollfd
from kernel.sys.signal import SIGUSR1
from kernel.sys.time import Timespec, Timeval

NOW = 0


def poll(caller, *asked, timeout=NOW):
    """Poll (fd, events) pairs; return what poll returns and each revents."""
    fds = caller.map(b"".join(Pollfd(*pair).pack() for pair in asked))
    count = caller(sys_poll, fds, len(asked), timeout)
    raw = caller.peek(fds, 8 * len(asked))
    return count, [Pollfd.unpack(raw[at : at + 8]).revents for at in range(0, len(raw), 8)]


def select(caller, nd, *sets, tv=b"\0" * 16):
    """Select on three sets of descriptors; return the count and the sets."""
    maps = [caller.map(sum(1 << fd for fd in s).to_bytes(8, "little")) for s in sets]
    count = caller(sys___select50, nd, *maps, caller.map(tv))
    bits = [int.from_bytes(caller.peek(m, 8), "little") for m in maps]
    return count, [{fd for fd in range(64) if b >> fd & 1} for b in bits]


def test_pipe_states(root):
    """Room to write, nothing to read; then something to read; full; hung up on both sides."""
    rfd, wfd = root(sys_pipe)
    data = root.map(bytes(PIPE_SIZE))
    asked = (rfd, POLLIN | POLLRDNORM), (wfd, POLLOUT)

    assert poll(root, *asked) == (1, [0, POLLOUT])
    root(sys_write, wfd, data, 1)
    assert poll(root, *asked) == (2, [POLLIN | POLLRDNORM, POLLOUT])
    root(sys_write, wfd, data, PIPE_SIZE - 1)
    assert poll(root, *asked) == (1, [POLLIN | POLLRDNORM, 0])
    root(sys_close, wfd)
    assert poll(root, asked[0]) == (1, [POLLIN | POLLRDNORM | POLLHUP])
    rfd, wfd = root(sys_pipe)
    root(sys_close, rfd)
    assert poll(root, (wfd, 0)) == (1, [POLLHUP])


def test_bad_descriptors(root):
    """poll marks what is not open and passes over negative ones; select is EBADF."""
    assert poll(root, (7, POLLIN), (-1, POLLIN)) == (1, [POLLNVAL, 0])
    assert root.error(sys___select50, 8, root.map(b"\x80" + bytes(7)), 0, 0, 0) is Errno.EBADF


def test_poll_errors(root):
    """An absurd number, a timeout below -1, an address nobody has."""
    assert root.error(sys_poll, 16, 1, 0) is Errno.EFAULT
    assert root.error(sys_poll, 16, 1 << 20, 0) is Errno.EINVAL
    assert root.error(sys_poll, 16, 0, -2) is Errno.EINVAL
    assert root(sys_poll, 16, 0, 0) == 0


def test_files_are_always_ready(root):
    """A regular file never makes anybody wait."""
    fd = root(sys_open, b"/f", O_RDWR | O_CREAT, 0o600)
    assert poll(root, (fd, POLLIN | POLLOUT)) == (1, [POLLIN | POLLOUT])


def test_select(root):
    """select replaces each set by what is ready of it, and counts descriptors of all sets."""
    rfd, wfd = root(sys_pipe)
    root(sys_dup2, rfd, 40)
    assert select(root, 41, {rfd, 40}, {wfd}, {rfd}) == (1, [set(), {wfd}, set()])
    root(sys_write, wfd, root.map(b"x"), 1)
    assert select(root, 41, {rfd, 40}, {wfd}, set()) == (3, [{rfd, 40}, {wfd}, set()])
    assert select(root, 40, {rfd, 40}, set(), set())[0] == 1, "40 is not below nd"


def test_select_errors(root):
    """nd below 0 and a time that is none are EINVAL; nd beyond the table is cut."""
    assert root.error(sys___select50, -1, 0, 0, 0, root.map(bytes(16))) is Errno.EINVAL
    bad = root.map(Timeval(-1, 0).pack())
    assert root.error(sys___select50, 0, 0, 0, 0, bad) is Errno.EINVAL
    assert root.error(sys___select50, 1, 16, 0, 0, root.map(bytes(16))) is Errno.EFAULT
    assert root(sys___select50, 1 << 20, 0, 0, 0, root.map(bytes(16))) == 0


@pytest.mark.parametrize("bad", [Timespec(-1, 0), Timespec(0, 10**9), Timespec(0, -1)])
def test_pollts_time(root, bad):
    """A struct timespec must be a time."""
    assert root.error(sys___pollts50, 16, 0, root.map(bad.pack()), 0) is Errno.EINVAL
    assert root(sys___pollts50, 16, 0, root.map(bytes(16)), 0) == 0


def test_masked_poll_restores_the_mask(root):
    """The mask of pollts holds during the call only."""
    root.lwp.l_sigmask = 0b100
    mask = root.map((0b1).to_bytes(16, "little"))

    assert root(sys___pollts50, 16, 0, root.map(bytes(16)), mask) == 0
    assert (root.lwp.l_sigmask, root.lwp.l_sigoldmask) == (0b100, None)


def test_poll_waits(booted):
    """poll sleeps until one of its descriptors is ready."""
    p = booted.system.process()
    first, second = p.pipe(), p.pipe()
    child = p.fork()
    p.begin("poll", [(first[0], POLLIN), (second[0], POLLIN)], -1)
    assert p.lwp.l_wmesg == "select"
    child.write(second[1], b"x")

    assert p.finish() == [(second[0], POLLIN)]


def test_poll_for_room(booted):
    """A full pipe wakes who polls for writing once PIPE_BUF bytes are free."""
    p = booted.system.process()
    rfd, wfd = p.pipe()
    child = p.fork()
    p.write(wfd, bytes(PIPE_SIZE))
    p.begin("poll", [(wfd, POLLOUT)], -1)
    child.read(rfd, PIPE_BUF - 1)
    assert p.lwp.l_wmesg == "select"
    child.read(rfd, 1)

    assert p.finish() == [(wfd, POLLOUT)]


def test_poll_times_out(booted):
    """After its time poll returns 0, and that much time has passed."""
    p = booted.system.process()
    rfd, _ = p.pipe()
    before = booted.kernel.clock.now

    assert p.poll([(rfd, POLLIN)], 1500) == []
    assert 1_500_000_000 <= booted.kernel.clock.now - before < 1_600_000_000


def test_poll_sees_a_hangup(booted):
    """The other end's closing wakes poll."""
    p = booted.system.process()
    rfd, wfd = p.pipe()
    child = p.fork()
    p.close(wfd)
    p.begin("poll", [(rfd, POLLIN)], -1)
    child.close(wfd)

    assert p.finish() == [(rfd, POLLIN | POLLHUP)]


def test_poll_is_never_restarted(booted):
    """A caught signal ends poll with EINTR, whatever SA_RESTART says."""
    p, other = booted.system.process(), booted.system.process()
    p.signal(SIGUSR1, lambda *_: None)
    p.begin("poll", [], -1)
    other.kill(p.pid, SIGUSR1)

    with pytest.raises(InterruptedError):
        p.finish()
