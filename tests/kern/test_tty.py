# SPDX-License-Identifier: BSD-2-Clause
"""The line discipline: what becomes of what is typed, and how output looks."""

import pytest

from kernel import api
from kernel.arch.python.clock import nanotime
from kernel.kern.sched_4bsd import FSCALE
from kernel.process import Deadlock, Process
from kernel.sys import termios as t
from kernel.sys.errno import Errno
from kernel.sys.fcntl import F_SETFL, O_NONBLOCK, O_RDWR
from kernel.sys.file import POLLHUP, POLLIN, POLLOUT
from kernel.sys.ioccom import FIOASYNC, FIONREAD, TIOCNOTTY, TIOCSCTTY, TIOCSTI
from kernel.sys.signal import (
    SA_NOKERNINFO,
    SIG_IGN,
    SIGCONT,
    SIGHUP,
    SIGINFO,
    SIGINT,
    SIGIO,
    SIGQUIT,
    SIGTSTP,
    SIGTTIN,
    SIGTTOU,
    SIGWINCH,
)
from kernel.sys.tty import TTYHOG
from userland.libc import include as libc


@pytest.fixture
def term(k: api.System) -> api.Terminal:
    return k.terminal()


@pytest.fixture
def p(k: api.System, term: api.Terminal) -> Process:
    """A session's leader at the terminal, which shows nothing yet."""
    return k.login(term)


def setmodes(p, on=(), off=(), cc=None):
    """Set and clear flags, given as (name of the field, flag), and special characters."""
    modes = p.tcgetattr(0)
    for name, flag in off:
        modes = modes._replace(**{name: getattr(modes, name) & ~flag})
    for name, flag in on:
        modes = modes._replace(**{name: getattr(modes, name) | flag})
    chars = bytearray(modes.c_cc)
    for index, char in (cc or {}).items():
        chars[index] = char
    p.tcsetattr(0, t.TCSANOW, modes._replace(c_cc=bytes(chars)))


def caught(p, *signals):
    """Have signals caught; return the list that they are noted in."""
    got = []
    for signo in signals:
        p.sigaction(signo, libc.Sigaction(lambda s, *_: got.append(s), 0, libc.SA_RESTART))
    return got


@pytest.mark.parametrize(
    ("typed", "line", "shown"),
    [
        (b"plain\n", b"plain\n", b"plain\r\n"),
        (b"ab\x7fc\n", b"ac\n", b"ab\b \bc\r\n"),
        (b"\x7f\x7fx\n", b"x\n", b"x\r\n"),
        (b"ab\x15c\n", b"c\n", b"ab\b \b\b \bc\r\n"),
        (b"one two  \x17x\n", b"one x\n", b"one two  " + b"\b \b" * 5 + b"x\r\n"),
        (b"a\x16\x7fb\n", b"a\x7fb\n", b"a^\b^?b\r\n"),
        (b"a\x16\x03\x7f\n", b"a\n", b"a^\b^C\b \b\b \b\r\n"),
        (b"a\tb\x7f\x7fc\n", b"ac\n", b"a       b\b \b" + b"\b" * 7 + b"c\r\n"),
        (b"ab\x12c\n", b"abc\n", b"ab^R\r\nabc\r\n"),
        (b"a\r", b"a\n", b"a\r\n"),
        (b"\x01\n", b"\x01\n", b"^A\r\n"),
        (b"end\x04", b"end", b"end^D\b\b"),
        (b"\x04", b"", b"^D\b\b"),
        (b"\xc3\xa9\x7f\n", b"\xc3\n", b"\xc3\xa9\b \b\r\n"),
    ],
)
def test_editing(p, term, typed, line, shown):
    """Erasing, killing, quoting and reprinting, with the modes of a new terminal."""
    p.begin("read", 0, 100)
    term.type(typed)
    assert p.finish() == line
    assert term.read() == shown


def test_lines_are_read_one_by_one(p, term):
    """A read ends with a line, or when it is full; the rest of the line comes next."""
    term.type(b"first\nsecond\nthird")
    assert [p.read(0, 100), p.read(0, 3), p.read(0, 100)] == [b"first\n", b"sec", b"ond\n"]
    assert p.ioctl(0, FIONREAD) == bytes(4)
    with pytest.raises(Deadlock):
        p.read(0, 100)


def test_end_of_file_comes_once(p, term):
    """VEOF ends the line without being part of it; alone it is an end of file."""
    term.type(b"ab\x04\x04c\n")
    assert [p.read(0, 9), p.read(0, 9), p.read(0, 9)] == [b"ab", b"", b"c\n"]


def test_other_ends_of_lines(p, term):
    """VEOL and VEOL2 end a line as newline does, and are part of it; VEOL2 only with IEXTEN."""
    setmodes(p, cc={t.VEOL: ord("!"), t.VEOL2: ord("?")})
    term.type(b"a!b?")
    assert [p.read(0, 9), p.read(0, 9)] == [b"a!", b"b?"]
    setmodes(p, off=[("c_lflag", t.IEXTEN)])
    term.type(b"c?\n")
    assert p.read(0, 9) == b"c?\n"


@pytest.mark.parametrize(
    ("on", "off", "typed", "line"),
    [
        ([], [("c_iflag", t.ICRNL)], b"a\rb\n", b"a\rb\n"),
        ([("c_iflag", t.IGNCR)], [], b"a\rb\n", b"ab\n"),
        ([("c_iflag", t.INLCR)], [("c_iflag", t.ICRNL)], b"a\nb\x04", b"a\rb"),
        ([("c_iflag", t.ISTRIP)], [], b"\xe1\n", b"a\n"),
        ([], [("c_lflag", t.IEXTEN)], b"a b\x17\x16\n", b"a b\x17\x16\n"),
        ([], [("c_lflag", t.ISIG)], b"\x03\x1c\x1a\n", b"\x03\x1c\x1a\n"),
        ([], [("c_iflag", t.IXON)], b"\x13\x11\n", b"\x13\x11\n"),
        ([("c_lflag", t.ALTWERASE)], [], b"a.bc\x17\n", b"a.\n"),
    ],
)
def test_input_modes(p, term, on, off, typed, line):
    """Each mode does what termios(4) says."""
    setmodes(p, on, off)
    term.type(typed)
    assert p.read(0, 100) == line


@pytest.mark.parametrize(
    ("on", "off", "written", "shown"),
    [
        ([], [], b"a\tb\n", b"a       b\r\n"),
        ([], [("c_oflag", t.OXTABS)], b"a\tb\n", b"a\tb\r\n"),
        ([], [("c_oflag", t.ONLCR)], b"a\n", b"a\n"),
        ([], [("c_oflag", t.OPOST)], b"a\tb\n", b"a\tb\n"),
        ([("c_oflag", t.ONOEOT)], [], b"a\4b", b"ab"),
        ([("c_oflag", t.OCRNL)], [], b"a\rb", b"a\nb"),
        ([("c_oflag", t.ONOCR)], [], b"\ra\r\rb", b"a\rb"),
        ([], [], b"12345678\b\t.", b"12345678\b ."),
    ],
)
def test_output_modes(p, term, on, off, written, shown):
    """Each mode does what termios(4) says."""
    setmodes(p, on, off)
    assert p.write(0, written) == len(written)
    assert term.read() == shown


@pytest.mark.parametrize(
    ("on", "off", "typed", "shown"),
    [
        ([], [("c_lflag", t.ECHO)], b"secret\n", b""),
        ([("c_lflag", t.ECHONL)], [("c_lflag", t.ECHO)], b"secret\n", b"\r\n"),
        ([], [("c_lflag", t.ECHOE)], b"ab\x7f\n", b"ab^?\r\n"),
        ([("c_lflag", t.ECHOPRT)], [("c_lflag", t.ECHOE)], b"ab\x7f\x7fc\n", b"ab\\ba/c\r\n"),
        ([], [("c_lflag", t.ECHOKE)], b"ab\x15c\n", b"ab^Uc\r\n"),
        ([("c_lflag", t.ECHOK)], [("c_lflag", t.ECHOKE)], b"ab\x15c\n", b"ab^U\r\nc\r\n"),
        ([], [("c_lflag", t.ECHOCTL)], b"\x01\n", b"\x01\r\n"),
    ],
)
def test_echo_modes(p, term, on, off, typed, shown):
    """Each mode does what termios(4) says."""
    setmodes(p, on, off)
    term.type(typed)
    assert term.read() == shown


def test_erased_after_output(p, term):
    """Output between what was typed has the line shown anew when it is erased."""
    term.type(b"ab")
    p.write(0, b"[news]")
    term.type(b"\x7f")
    assert term.read() == b"ab[news]^R\r\na"


@pytest.mark.parametrize(
    ("char", "signo", "echo"),
    [(b"\x03", SIGINT, b"^C"), (b"\x1c", SIGQUIT, b"^\\"), (b"\x1a", SIGTSTP, b"^Z")],
)
def test_signals(p, term, char, signo, echo):
    """A key sends its signal to the foreground group and throws away what was typed."""
    got = caught(p, signo)
    p.begin("read", 0, 100)
    term.type(b"ab" + char + b"cd\n")
    assert p.finish() == b"cd\n"
    assert got == [signo]
    assert term.read() == b"ab" + echo + b"cd\r\n"


def test_noflsh(p, term):
    """With NOFLSH what was typed stays."""
    got = caught(p, SIGINT)
    setmodes(p, on=[("c_lflag", t.NOFLSH)])
    term.type(b"ab\x03cd\n")
    assert p.read(0, 100) == b"abcd\n"
    assert got == [SIGINT]


def test_status(p, term):
    """VSTATUS tells of the foreground process, and sends SIGINFO; it is not part of the line."""
    got = caught(p, SIGINFO)
    p.nanosleep(3)  # what it has used is little of its life
    p.begin("read", 0, 100)
    term.type(b"a\x14b\n")
    assert p.finish() == b"ab\n"
    assert got == [SIGINFO]
    assert term.read().startswith(b"aload: 0.00  cmd: host %d [ttyin] 0.00u 0.00s 0%% " % p.pid)


def test_status_of_a_busy_system(k, p, term):
    """It has the load of the last minute and the process's part of its own life, both rounded."""
    p.nanosleep(3)
    k.kernel.averunnable[0] = FSCALE * 3 // 2
    p.lwp.l_proc.p_stats.ru_utime = (nanotime(k.kernel) - p.lwp.l_proc.p_start) // 4
    p.begin("read", 0, 100)
    term.type(b"\x14\n")
    p.finish()
    line = term.read()
    assert line.startswith(b"load: 1.50  cmd: host %d [ttyin] 0.75u 0.00s 25%% " % p.pid)


def test_status_that_a_process_does_not_want(p, term):
    """SA_NOKERNINFO leaves an empty line, but for who asks by TIOCSTAT."""
    p.sigaction(SIGINFO, libc.Sigaction(lambda *_: None, 0, libc.SA_RESTART | SA_NOKERNINFO))
    term.type(b"\x14")
    assert term.read() == b"\r\n"
    p.ioctl(0, libc.TIOCSTAT)
    assert term.read().startswith(b"load: 0.00  cmd: host %d [" % p.pid)


def test_status_of_a_terminal_that_no_session_has(k, p, term):
    """There is only the load to tell of."""
    p.lwp.l_proc.p_pgrp.pg_session.s_ttyp.t_session = None
    p.ioctl(0, libc.TIOCSTAT)
    assert term.read() == b"load: 0.00 not a controlling terminal\r\n\r\n"


def test_delayed_suspend(p, term):
    """VDSUSP sends SIGTSTP when it is read."""
    got = caught(p, SIGTSTP)
    setmodes(p, cc={t.VDSUSP: 0x19})
    term.type(b"a\x19b\n")
    assert not got
    assert p.read(0, 100) == b"a"
    assert got == [SIGTSTP]
    assert p.read(0, 100) == b"b\n"


def test_stopped_output(k, p, term):
    """VSTOP stops output until VSTART; who writes much waits."""
    term.type(b"\x13")
    p.begin("write", 0, b"x" * 5000)
    assert p.lwp.l_wmesg == "ttyout"
    assert term.read() == b""
    term.type(b"\x11")
    assert p.finish() == 5000
    assert term.read() == b"x" * 5000


def test_any_key_starts_output(p, term):
    """With IXANY, as a new terminal has it, any character does; without, only VSTART."""
    term.type(b"\x13")
    p.write(0, b"out")
    term.type(b"k")
    assert term.read() == b"outk"
    setmodes(p, off=[("c_iflag", t.IXANY)])
    term.type(b"\x13k")
    assert term.read() == b""
    term.type(b"\x11")
    assert term.read() == b"k"


def test_discarded_output(p, term):
    """VDISCARD throws output away until it comes again, or anything is typed."""
    term.type(b"\x0f")
    p.write(0, b"lost")
    term.type(b"a")
    p.write(0, b"seen")
    assert term.read() == b"^Oaseen"


def test_full_queue(p, term):
    """What finds no room in the queue is lost, with a beep; without IMAXBEL all of it is."""
    term.type(b"x" * (TTYHOG + 2))
    assert term.read() == b"x" * TTYHOG + b"\a\a"
    setmodes(p, off=[("c_iflag", t.IMAXBEL)])
    term.type(b"y")
    term.type(b"z\n")
    assert p.read(0, 2000) == b"z\n"


def raw(p, vmin, vtime):
    setmodes(p, off=[("c_lflag", t.ICANON | t.ECHO)], cc={t.VMIN: vmin, t.VTIME: vtime})


def test_raw_min(p, term):
    """MIN > 0, TIME = 0: a read waits for MIN characters, and takes what there is."""
    raw(p, 3, 0)
    p.begin("read", 0, 100)
    term.type(b"ab")
    assert p.lwp.l_wmesg == "ttyin"
    term.type(b"cd")
    assert p.finish() == b"abcd"


def test_raw_polling(p, term):
    """MIN = 0, TIME = 0: a read takes what there is, be it nothing."""
    raw(p, 0, 0)
    assert p.read(0, 100) == b""
    term.type(b"a\n")
    assert p.read(0, 100) == b"a\n"


def test_raw_timeout(k, p, term):
    """MIN = 0, TIME > 0: a read waits for one character, TIME tenths of a second at most."""
    raw(p, 0, 5)
    before = k.time()
    assert p.read(0, 100) == b""
    assert 0.5 <= k.time() - before < 0.51
    p.begin("read", 0, 100)
    k.advance(0.3)
    term.type(b"a")
    assert p.finish() == b"a"


def test_raw_between(k, p, term):
    """MIN > 0, TIME > 0: the time runs between characters, from the first one on."""
    raw(p, 3, 5)
    p.begin("read", 0, 100)
    k.advance(100)
    assert p.lwp.l_wmesg == "ttyin"
    term.type(b"a")
    k.advance(0.4)
    term.type(b"b")
    k.advance(0.4)
    assert p.lwp.l_wmesg == "ttyin"
    k.advance(0.2)
    assert p.finish() == b"ab"
    p.begin("read", 0, 2)
    term.type(b"xyz")
    assert p.finish() == b"xy"


def test_from_raw_to_lines_and_back(p, term):
    """What was typed is taken anew when ICANON comes, and can be read at once when it goes."""
    raw(p, 1, 0)
    term.type(b"ab\x7fc\nd")
    setmodes(p, on=[("c_lflag", t.ICANON)])
    assert p.read(0, 100) == b"ac\n"
    raw(p, 1, 0)
    assert p.read(0, 100) == b"d"


def test_nonblocking(p, term):
    """O_NONBLOCK: EAGAIN when there is no line."""
    p.fcntl(0, F_SETFL, O_RDWR | O_NONBLOCK)
    term.type(b"half")
    with pytest.raises(BlockingIOError):
        p.read(0, 1)
    term.type(b"\n")
    assert p.read(0, 9) == b"half\n"


def test_poll(p, term):
    """A line makes it readable, half of one does not; it is writable unless output is stopped."""
    assert p.poll([(0, POLLIN | POLLOUT)], 0) == [(0, POLLOUT)]
    p.begin("poll", [(0, POLLIN)])
    term.type(b"half")
    assert p.lwp.l_wmesg == "select"
    term.type(b"\n")
    assert p.finish() == [(0, POLLIN)]
    p.sigaction(SIGHUP, libc.Sigaction(SIG_IGN))
    term.hangup()
    assert p.poll([(0, POLLIN)], 0) == [(0, POLLHUP)]


def test_hangup(p, term):
    """When the terminal goes the leader gets SIGHUP; reading is at its end, writing is EIO."""
    got = caught(p, SIGHUP)
    p.begin("read", 0, 100)
    term.hangup()
    assert p.finish() == b""
    assert got == [SIGHUP]
    with pytest.raises(OSError, match="Input/output error"):
        p.write(0, b"x")


def test_resize(p, term):
    """Another size is SIGWINCH to the foreground group; the same is not."""
    got = caught(p, SIGWINCH)
    term.resize(50, 132)
    p.getpid()
    assert p.tcgetwinsize(0) == (50, 132)
    p.tcsetwinsize(0, (50, 132))
    assert got == [SIGWINCH]
    p.tcsetwinsize(0, (24, 80))
    assert got == [SIGWINCH] * 2


def test_async(p, term):
    """FIOASYNC: SIGIO to the foreground group when there is input."""
    got = caught(p, SIGIO)
    p.ioctl(0, FIOASYNC, b"\1\0\0\0")
    term.type(b"half")
    p.getpid()
    assert got == []
    term.type(b"\n")
    p.getpid()
    assert got == [SIGIO]


def test_simulated_input(p, term):
    """TIOCSTI is as if it had been typed."""
    for char in b"hi\n":
        p.ioctl(0, TIOCSTI, bytes((char,)))
    assert p.read(0, 9) == b"hi\n"


def test_background_read(k, p, term):
    """A background process that ignores or blocks SIGTTIN, or is orphaned, reads EIO."""
    child = p.fork()
    child.setpgid(0, 0)
    child.sigaction(SIGTTIN, libc.Sigaction(SIG_IGN))
    with pytest.raises(OSError, match="Input/output") as failure:
        child.read(0, 1)
    assert failure.value.errno == Errno.EIO


def test_one_session(k, p, term):
    """A terminal is one session's, taken by its leader; /dev/tty is it."""
    stranger = k.process()
    fd = stranger.open(term.path, O_RDWR)
    with pytest.raises(PermissionError):
        stranger.ioctl(fd, TIOCSCTTY)
    with pytest.raises(OSError, match="Inappropriate"):
        stranger.tcgetpgrp(fd)
    with pytest.raises(OSError, match="not configured"):
        stranger.open(b"/dev/tty", O_RDWR)
    tty = p.open(b"/dev/tty", O_RDWR)
    p.write(tty, b"hello")
    assert term.read() == b"hello"
    assert [p.tcgetpgrp(tty), p.tcgetsid(tty)] == [p.pid, p.pid]


def group(p, child):
    """Give child a group of its own, in the background of p's terminal."""
    child.setpgid(0, 0)
    return child


def stopped(p, child):
    """Return the signal that child is stopped by, as its parent learns."""
    pid, status = p.waitpid(child.pid, libc.WUNTRACED | libc.WNOHANG)
    return libc.WSTOPSIG(status) if pid == child.pid and libc.WIFSTOPPED(status) else None


def test_background_read_stops(k, p, term):
    """SIGTTIN stops a background process that reads; in the foreground it reads on."""
    child = group(p, p.fork())
    child.begin("read", 0, 100)
    assert stopped(p, child) == SIGTTIN
    p.kill(child.pid, SIGCONT)
    k.settle()
    assert stopped(p, child) == SIGTTIN  # it is still in the background
    p.tcsetpgrp(0, child.pid)
    p.kill(child.pid, SIGCONT)
    term.type(b"for the child\n")
    assert child.finish() == b"for the child\n"


def test_background_write(k, p, term):
    """Only with TOSTOP SIGTTOU stops a background process that writes, unless it ignores it."""
    child = group(p, p.fork())
    child.write(1, b"allowed\n")
    setmodes(p, on=[("c_lflag", t.TOSTOP)])
    child.begin("write", 1, b"now allowed\n")
    assert stopped(p, child) == SIGTTOU
    assert term.read() == b"allowed\r\n"
    p.tcsetpgrp(0, child.pid)
    p.kill(child.pid, SIGCONT)
    assert child.finish() == 12
    p.sigaction(SIGTTOU, libc.Sigaction(SIG_IGN))
    p.write(1, b"ignored\n")
    assert term.read() == b"now allowed\r\nignored\r\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.begin("tcflush", 0, t.TCIFLUSH),
        lambda c: c.begin("tcsetattr", 0, t.TCSANOW, t.Termios()),
        lambda c: c.begin("tcsetwinsize", 0, (1, 2)),
        lambda c: c.begin("tcdrain", 0),
    ],
    ids=["tcflush", "tcsetattr", "tcsetwinsize", "tcdrain"],
)
def test_background_change(k, p, change):
    """SIGTTOU stops a background process that changes the terminal; blocked, it goes through."""
    child = group(p, p.fork())
    change(child)
    assert stopped(p, child) == SIGTTOU
    p.tcsetpgrp(0, child.pid)
    p.kill(child.pid, SIGCONT)
    child.finish()
    p.sigprocmask(libc.SIG_BLOCK, libc.sigset(SIGTTOU))
    p.tcsetattr(0, t.TCSANOW, t.Termios())


def test_suspended_and_resumed(k, p, term):
    """^Z stops the foreground job; its parent brings it back and it reads on."""
    child = group(p, p.fork())
    p.tcsetpgrp(0, child.pid)
    child.begin("read", 0, 100)
    term.type(b"lost\x1a")
    assert stopped(p, child) == SIGTSTP
    p.sigaction(SIGTTOU, libc.Sigaction(SIG_IGN))
    p.tcsetpgrp(0, p.getpgrp())
    term.type(b"parent's\n")
    assert p.read(0, 100) == b"parent's\n"
    p.tcsetpgrp(0, child.pid)
    p.kill(child.pid, SIGCONT)
    term.type(b"child's\n")
    assert child.finish() == b"child's\n"


def test_the_leader_ends(k, p, term):
    """The foreground group is hung up; who has the terminal open is at its end."""
    child = p.fork()
    other = group(p, p.fork())
    got = caught(child, SIGHUP)
    child.begin("read", 0, 100)
    p._exit(0)
    assert child.finish() == b""
    assert got == [SIGHUP]
    with pytest.raises(OSError, match="Input/output"):
        other.write(1, b"x")
    with pytest.raises(OSError, match="not configured"):
        other.open(b"/dev/tty", O_RDWR)
    again = k.login(term)
    again.write(1, b"a new session\n")
    assert term.read() == b"a new session\r\n"


def test_leaving_the_terminal(k, p, term):
    """TIOCNOTTY of /dev/tty: who does not lead the session has no terminal any more."""
    child = p.fork()
    tty = child.open(b"/dev/tty", O_RDWR)
    child.ioctl(tty, TIOCNOTTY)
    with pytest.raises(OSError, match="not configured"):
        child.open(b"/dev/tty", O_RDWR)
    assert p.open(b"/dev/tty", O_RDWR)


def test_a_session_of_its_own(k, p, term):
    """setsid leaves the terminal; what is open stays, and another can be taken."""
    child = p.fork()
    child.setsid()
    with pytest.raises(OSError, match="not configured"):
        child.open(b"/dev/tty", O_RDWR)
    child.write(1, b"still open")
    assert term.read() == b"still open"
    other = k.terminal()
    fd = child.open(other.path, O_RDWR)
    child.ioctl(fd, TIOCSCTTY)
    assert child.ttyname(fd) == other.path.decode()
    assert child.tcgetsid(fd) == child.pid


def test_shell(k, p, term):
    """A shell at a terminal: it prompts, runs what is typed, and what it runs is in the foreground."""
    k.start(p, b"/bin/sh", ["-i"], {"PS1": "$ "})
    term.type(b"")
    term.type(b"echo $((6 * 7))\n")
    assert b"42\r\n" in term.read()
    term.type(b"ps -o tty,command\n")
    assert b"pts/0 ps -o tty,command\r\n" in term.read()
    term.type(b"sleep 100\n")
    term.type(b"\x14")
    assert b" cmd: sleep " in term.read()
    term.type(b"\x03")
    term.type(b"echo $?\n")
    assert b"130\r\n" in term.read()
    term.type(b"cat\n")
    term.type(b"twice\n")
    assert term.read().endswith(b"twice\r\ntwice\r\n")
    term.type(b"\x04")
    term.type(b"exit 3\n")
    assert not p.alive
