# SPDX-License-Identifier: BSD-2-Clause
"""libc's functions of terminals: what they change, and how they fail."""

import pytest

from kernel import api
from kernel.process import Process
from kernel.sys import termios as t
from kernel.sys.errno import Errno, strerror
from kernel.sys.fcntl import O_APPEND, O_RDWR
from userland.libc import include as libc


@pytest.fixture
def p(k: api.System) -> Process:
    return k.process()


@pytest.fixture
def pty(p: Process) -> tuple[int, int]:
    return p.openpty()


ASKED = {
    "tcgetattr": (),
    "tcsetattr": (t.TCSANOW, t.Termios()),
    "tcdrain": (),
    "tcflush": (t.TCIFLUSH,),
    "tcflow": (t.TCOON,),
    "tcsendbreak": (0,),
    "tcgetpgrp": (),
    "tcsetpgrp": (1,),
    "tcgetsid": (),
    "tcgetwinsize": (),
    "tcsetwinsize": ((1, 1),),
    "ttyname": (),
    "ptsname": (),
    "unlockpt": (),
}


@pytest.mark.parametrize("name", ASKED)
def test_no_terminal(p, name):
    """EBADF without a file, ENOTTY where it is no terminal."""
    null = p.open("/dev/null", O_RDWR)
    for fd, errno in ((99, Errno.EBADF), (null, Errno.ENOTTY)):
        with pytest.raises(OSError, match=strerror(errno)) as caught:
            p.call(name, fd, *ASKED[name])
        assert caught.value.errno == errno
    assert not p.isatty(null)


@pytest.mark.parametrize(
    ("name", "args"),
    [("tcsetattr", (9, t.Termios())), ("tcflush", (9,)), ("tcflow", (9,))],
)
def test_no_such_action(p, pty, name, args):
    """EINVAL, an action there is none of."""
    with pytest.raises(OSError, match="Invalid argument"):
        p.call(name, pty[1], *args)


def test_posix_openpt_flags(p):
    """EINVAL, a flag that means nothing here."""
    with pytest.raises(OSError, match="Invalid argument"):
        p.posix_openpt(O_RDWR | O_APPEND)


def test_grantpt_of_no_master(p, pty):
    """EACCES, it is no master; EBADF, no file."""
    for fd, errno in ((pty[1], Errno.EACCES), (0, Errno.EACCES), (99, Errno.EBADF)):
        with pytest.raises(OSError, match=strerror(errno)) as caught:
            p.grantpt(fd)
        assert caught.value.errno == errno


def test_soft(p, pty):
    """TCSASOFT leaves the line as it is."""
    modes = t.Termios(c_lflag=0, c_cflag=0, c_ispeed=1200, c_ospeed=1200)
    p.tcsetattr(pty[1], t.TCSANOW | t.TCSASOFT, modes)
    assert p.tcgetattr(pty[1]) == t.Termios(c_lflag=0)


def test_flow(p, pty):
    """TCOOFF stops output, TCION and TCIOFF send the characters that stop and start."""
    master, slave = pty
    p.tcflow(slave, t.TCIOFF)
    p.tcflow(slave, t.TCION)
    assert p.read(master, 9) == b"\x13\x11"
    p.tcflow(slave, t.TCOOFF)
    p.write(slave, b"later")
    assert p.poll([(master, 1)], 0) == []
    p.tcflow(slave, t.TCOON)
    assert p.read(master, 9) == b"later"


def test_raw_and_speeds():
    """cfmakeraw and its kin change copies."""
    new = t.Termios()
    raw = libc.cfmakeraw(new)
    assert not raw.c_lflag & (t.ICANON | t.ECHO | t.ISIG | t.IEXTEN)
    assert not raw.c_oflag & t.OPOST
    assert raw.c_cflag & t.CSIZE == t.CS8
    fast = libc.cfsetospeed(libc.cfsetispeed(new, 300), 19200)
    assert (libc.cfgetispeed(fast), libc.cfgetospeed(fast)) == (300, 19200)
    assert libc.cfsetspeed(fast, 9600) == new == t.Termios()


def test_openpty_with_modes(p):
    """The slave gets the modes and the size that are given."""
    _, slave = p.openpty(t.Termios(c_lflag=t.ICANON), t.Winsize(10, 20))
    assert p.tcgetattr(slave).c_lflag == t.ICANON
    assert p.tcgetwinsize(slave) == (10, 20)


def test_ttyname_of_others(k, p):
    """A terminal that is no pseudo-terminal is looked for in /dev."""
    terminal = k.terminal()
    leader = k.login(terminal)
    assert leader.ttyname(0) == terminal.path.decode()
    assert leader.ttyname(leader.open(b"/dev/tty", O_RDWR)) == terminal.path.decode()
    assert leader.ctermid() == "/dev/tty"
