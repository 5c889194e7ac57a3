# SPDX-License-Identifier: BSD-2-Clause
import errno

import pytest

from kernel import api
from kernel.process import Deadlock
from kernel.sys.fcntl import F_SETFL, O_NONBLOCK, O_RDONLY, O_RDWR
from kernel.sys.file import POLLIN, POLLOUT
from kernel.sys.signal import SIGUSR1
from kernel.sys.termios import TCSANOW, VMIN, VTIME
from userland.libc import include as libc


class Terminal:
    """A console whose input the test types while the kernel runs."""

    def __init__(self):
        self.typed = []  # lines; b"" is the end of input
        self.plan = []  # what is typed when the kernel has nothing else to do
        self.written = {1: b"", 2: b""}

    def read_ready(self, block):
        if block and not self.typed and self.plan:
            self.typed.append(self.plan.pop(0))
        return bool(self.typed)

    def read(self, size):
        line = self.typed.pop(0)
        if len(line) > size:
            self.typed.insert(0, line[size:])
        return line[:size]

    def write(self, data, minor):
        self.written[minor] += bytes(data[:7])  # a short write, as hosts have them
        return min(len(data), 7)

    def isatty(self, minor):
        return True

    def winsize(self):
        return 50, 132

    def setmodes(self, modes):
        self.modes = modes


@pytest.fixture
def terminal():
    return Terminal()


@pytest.fixture
def system(boot, terminal):
    return boot(console=terminal).system


def test_output_goes_where_it_belongs(system, terminal):
    """Descriptors 0 and 1 are the host's stdout, 2 its stderr; all of a write arrives."""
    p = system.process()
    for fd in (0, 1, 2):
        assert p.write(fd, b"descriptor %d\n" % fd) == 13

    assert terminal.written == {1: b"descriptor 0\ndescriptor 1\n", 2: b"descriptor 2\n"}


def test_input(system, terminal):
    """A read takes what is there, at most what was asked for, and keeps the rest."""
    p = system.process()
    terminal.typed = [b"one line\n", b"", b"more"]

    assert p.read(0, 3) == b"one"
    assert p.read(0, 100) == b" line\n"
    assert p.read(0, 100) == b""
    assert p.read(0, 0) == b""
    assert p.read(0, 100) == b"more"


def test_others_run_while_one_waits(system, terminal):
    """Who waits for input sleeps; the input wakes it once nobody else can run."""
    p, other = system.process(), system.process()
    p.begin("read", 0, 100)
    assert p.lwp.l_wmesg == "ttyin"
    assert other.write(1, b"busy") == 4
    terminal.plan = [b"at last\n"]

    assert p.finish() == b"at last\n"
    assert system.kernel.inputs == {}


def test_two_readers(system, terminal):
    """Each line goes to one of those who wait; the other sleeps on."""
    p, other = system.process(), system.process()
    p.begin("read", 0, 100)
    other.begin("read", 0, 100)
    terminal.plan = [b"first\n", b"second\n"]

    assert {p.finish(), other.finish()} == {b"first\n", b"second\n"}


def test_time_passes_while_one_waits(system, terminal):
    """Others' timers go off though input is awaited."""
    p, other = system.process(), system.process()
    p.begin("read", 0, 100)
    other.nanosleep(1_000_000_000)
    terminal.plan = [b"x"]

    assert p.finish() == b"x"


def test_nonblocking(system, terminal):
    """O_NONBLOCK: EAGAIN when there is nothing."""
    p = system.process()
    p.fcntl(0, F_SETFL, O_RDWR | O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        p.read(0, 1)
    terminal.typed = [b"x"]
    assert p.read(0, 1) == b"x"


def test_interrupted_wait_is_forgotten(system, terminal):
    """After a signal nobody waits for input, so nothing waits for the host either."""
    p, other = system.process(), system.process()
    p.sigaction(SIGUSR1, libc.Sigaction(lambda *_: None))
    p.begin("read", 0, 100)
    other.kill(p.pid, SIGUSR1)
    with pytest.raises(InterruptedError):
        p.finish()
    terminal.plan = [b"not asked for"]
    rfd, _ = p.pipe()
    with pytest.raises(Deadlock):
        p.read(rfd, 1)
    assert terminal.plan == [b"not asked for"]


def test_poll(system, terminal):
    """There is always room to write; input wakes a poll."""
    p = system.process()
    assert p.poll([(0, POLLIN), (1, POLLOUT)], 0) == [(1, POLLOUT)]
    terminal.plan = [b"x"]
    assert p.poll([(0, POLLIN)]) == [(0, POLLIN)]
    assert p.read(0, 5) == b"x"
    assert p.poll([(0, POLLIN)], 100) == []


def test_it_is_a_terminal(system):
    """isatty, the size, and the controlling terminal with its foreground group."""
    p = system.process()

    assert [p.isatty(fd) for fd in (0, 1, 2)] == [True, True, True]
    assert not p.isatty(p.open(b"/dev/null", O_RDONLY))
    assert tuple(p.tcgetwinsize(1)) == (50, 132)


def test_dev_tty_needs_a_controlling_terminal(system):
    """Without one opening it is ENXIO."""
    p = system.process()
    with pytest.raises(OSError, match="Device not configured") as caught:
        p.open(b"/dev/tty", O_RDWR)
    assert caught.value.errno == errno.ENXIO


def test_controlling_terminal(system, terminal):
    """TIOCSCTTY by a session leader makes it: then /dev/tty is the console."""
    from kernel.sys.ioccom import TIOCSCTTY

    p = system.process()
    p.ioctl(0, TIOCSCTTY, 0)
    fd = p.open(b"/dev/tty", O_RDWR)
    p.write(fd, b"hello")

    assert terminal.written[1] == b"hello"
    assert p.tcgetpgrp(fd) == p.pid
    child = p.fork()
    child.setpgid(0, 0)
    p.tcsetpgrp(fd, child.pid)
    assert system.kernel.foreground == child.pid
    stranger = system.process()
    with pytest.raises(OSError, match="ioctl"):
        stranger.tcgetpgrp(0)
    with pytest.raises(PermissionError):
        stranger.ioctl(0, TIOCSCTTY, 0)


def test_a_pipe_of_the_host_is_no_terminal():
    """Where the host has no terminal, isatty is false and TIOCGWINSZ fails with ENOTTY."""
    from kernel.sys.ioccom import TIOCGWINSZ

    with api.boot() as k:
        p = k.root()
        assert [p.isatty(fd) for fd in (0, 1, 2)] == [False, False, False]
        with pytest.raises(OSError, match="Inappropriate ioctl") as caught:
            p.ioctl(0, TIOCGWINSZ, bytes(8))
    assert caught.value.errno == errno.ENOTTY


def test_kevent_waits_for_input(system, terminal):
    """The idle loop tells a queue that input has come; watched no more, it is not looked for."""
    p = system.process()
    kq = p.kqueue()
    p.kevent(kq, [libc.Kevent(0, libc.EVFILT_READ)])
    assert p.kevent(kq, [], 1, libc.Timespec(0, 0)) == []
    terminal.plan = [b"hello\n"]
    assert [event.ident for event in p.kevent(kq, [], 1)] == [0]
    assert p.read(0, 9) == b"hello\n"
    assert p.kevent(kq, [], 1, libc.Timespec(0, 0)) == []
    p.close(kq)
    with pytest.raises(Deadlock):
        p.pause()


def test_modes_are_followed(system, terminal):
    """Whoever is at the other end hears of modes; without lines a read waits as VTIME says."""
    p = system.process()
    modes = p.cfmakeraw(p.tcgetattr(0))
    p.tcsetattr(0, TCSANOW, modes)
    assert terminal.modes == modes
    cc = bytearray(modes.c_cc)
    for tenths in (0, 5):
        cc[VMIN], cc[VTIME] = 0, tenths
        p.tcsetattr(0, TCSANOW, modes._replace(c_cc=bytes(cc)))
        before = system.time()
        assert p.read(0, 10) == b""
        assert tenths / 10 <= system.time() - before < tenths / 10 + 0.01
