# SPDX-License-Identifier: BSD-2-Clause
"""ioctl(2) of terminals: how it fails, and what the trace has."""

import pytest

from kernel.process import Process
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_RDWR, O_WRONLY
from kernel.sys.ioccom import (
    FIOSETOWN,
    TIOCEXCL,
    TIOCGETA,
    TIOCGPGRP,
    TIOCNOTTY,
    TIOCPTMGET,
    TIOCSCTTY,
    TIOCSETA,
    TIOCSETD,
    TIOCSIG,
    TIOCSLINED,
    TIOCSPGRP,
    TIOCSTI,
)
from kernel.sys.ktrace import KTR_GENIO, KTR_SYSCALL, KTR_SYSRET
from tests.syscalls.errnos import Traced
from userland.libc.syscall import call as trap


@pytest.fixture
def leader(k) -> Process:
    """A session's leader at a terminal."""
    return k.login(k.terminal())


def word(value: int) -> bytes:
    return value.to_bytes(4, "little", signed=True)


@pytest.mark.errno("ioctl", Errno.ENOTTY)
def test_no_terminal(fails, root):
    """What only terminals know, asked of what is none."""
    for fd in (root.pipe()[0], root.open(b"/dev/null", O_RDWR), root.open(b"/t", 0)):
        fails(root, "ioctl", fd, TIOCGETA)


@pytest.mark.errno("ioctl", Errno.ENOTTY)
def test_not_the_controlling_terminal(fails, root):
    """What concerns sessions, asked of a terminal that is not the caller's."""
    _, slave = root.openpty()
    for com in (TIOCGPGRP, TIOCSPGRP, FIOSETOWN):
        fails(root, "ioctl", slave, com, word(1))


@pytest.mark.errno("ioctl", Errno.EINVAL)
def test_no_such_group(fails, leader):
    """The foreground group must be one; /dev/tty is no terminal to take, nor for a leader to lose."""
    fails(leader, "ioctl", 0, TIOCSPGRP, word(30000))
    fails(leader, "ioctl", 0, TIOCSETD, word(-1))
    tty = leader.open(b"/dev/tty", O_RDWR)
    fails(leader, "ioctl", tty, TIOCSCTTY)
    fails(leader, "ioctl", tty, TIOCNOTTY)
    master, _ = leader.openpty()
    fails(leader, trap, "ioctl", master, TIOCSIG, 999)
    fails(leader, "ioctl", leader.open(b"/dev/ptm", O_RDWR), TIOCGETA)


@pytest.mark.errno("ioctl", Errno.EPERM)
def test_anothers_terminal(fails, k, leader, root, user):
    """A terminal is one session's, its leader takes it, and its groups are of this session."""
    fails(leader, "ioctl", 0, TIOCSPGRP, word(root.pid))
    fails(leader, "ioctl", leader.openpty()[1], TIOCSCTTY)  # it has one
    child = leader.fork()
    child.setpgid(0, 0)
    fails(child, "ioctl", child.openpty()[1], TIOCSCTTY)  # it leads no session
    _, slave = user.openpty()
    fails(user, "ioctl", user.open(user.ttyname(slave), O_WRONLY), TIOCSTI, b"x")


@pytest.mark.errno("ioctl", Errno.EACCES)
def test_typing_at_anothers(fails, user):
    """Only at one's own terminal can typing be pretended."""
    fails(user, "ioctl", user.openpty()[1], TIOCSTI, b"x")


@pytest.mark.errno("ioctl", Errno.ESRCH)
def test_no_such_owner(fails, leader):
    """FIOSETOWN names a process that is not."""
    fails(leader, "ioctl", 0, FIOSETOWN, word(30000))


@pytest.mark.errno("ioctl", Errno.ENXIO)
def test_no_such_discipline(fails, root):
    """There is one line discipline."""
    _, slave = root.openpty()
    fails(root, "ioctl", slave, TIOCSETD, word(7))
    fails(root, "ioctl", slave, TIOCSLINED, b"slip".ljust(32, b"\0"))


@pytest.mark.errno("ioctl", Errno.EMFILE)
def test_no_more_descriptors(fails, root):
    """TIOCPTMGET needs two descriptors; with one it leaves none."""
    fd = root.open(b"/dev/ptm", O_RDWR)
    while True:
        try:
            last = root.dup(fd)
        except OSError:
            break
    fails(root, "ioctl", fd, TIOCPTMGET)
    root.close(last)
    fails(root, "ioctl", fd, TIOCPTMGET)
    assert root.dup(fd) == last
    root.close(last)
    assert root.listdir("/dev/pts") == []


@pytest.mark.errno("ioctl", Errno.EIO)
def test_taken_away(fails, k, leader):
    """/dev/tty of a session whose terminal has gone."""
    tty = leader.open(b"/dev/tty", O_RDWR)
    for fd in (0, 1, 2):
        leader.close(fd)
    fails(leader, "ioctl", tty, TIOCGETA)


@pytest.mark.errno("open", Errno.ENXIO)
def test_no_controlling_terminal(fails, root):
    """/dev/tty of who has none."""
    fails(root, "open", b"/dev/tty", O_RDWR)


@pytest.mark.errno("open", Errno.EBUSY)
def test_exclusive(fails, root, user):
    """A terminal with TIOCEXCL is opened by nobody else but the super-user."""
    _, slave = user.openpty()
    user.ioctl(slave, TIOCEXCL)
    fails(user, "open", user.ttyname(slave), O_RDWR)
    root.open(user.ttyname(slave), O_RDWR)


@pytest.mark.trace("ioctl", "CALL GIO RET")
def test_records(k, root):
    """What goes in is recorded as written, what comes out as read."""
    _, slave = root.openpty()
    trace = Traced(k, root)
    modes = root.tcgetattr(slave)
    root.ioctl(slave, TIOCSETA, modes.pack())
    records = trace.records()
    assert [r.type for r in records] == [KTR_SYSCALL, KTR_GENIO, KTR_SYSRET] * 2
    assert [r.payload[8:] for r in records if r.type == KTR_GENIO] == [modes.pack()] * 2
    assert [r.payload[4] for r in records if r.type == KTR_GENIO] == [0, 1]
