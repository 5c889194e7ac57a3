# SPDX-License-Identifier: BSD-2-Clause
"""stty and tty: what they print, and what they change."""

import pytest

from kernel import api
from kernel.process import Process
from kernel.sys.ioccom import FIONREAD


@pytest.fixture
def term(k: api.System) -> api.Terminal:
    return k.terminal()


@pytest.fixture
def holder(k: api.System, term: api.Terminal) -> Process:
    """Who has the terminal open, so that it keeps its modes."""
    return k.login(term)


@pytest.fixture
def stty(k: api.System, term: api.Terminal, holder: Process):
    """Run stty at the terminal; return (status, output)."""

    def run(*args: str, program: bytes = b"/bin/stty") -> tuple[int, str]:
        child = holder.fork()
        k.start(child, program, args)
        child.finish()
        _, status = holder.waitpid(child.pid)
        return status >> 8, term.read().decode().replace("\r", "")

    return run


def modes(holder):
    """The modes, once what was typed without ICANON is taken anew: until then PENDIN is set."""
    holder.ioctl(0, FIONREAD)
    return holder.tcgetattr(0)


ALL = """\
speed 9600 baud; 24 rows; 80 columns;
lflags: icanon isig iexten echo echoe -echok echoke -echonl echoctl
        -echoprt -altwerase -noflsh -tostop -flusho -pendin -nokerninfo
        -extproc
iflags: -istrip icrnl -inlcr -igncr ixon -ixoff ixany imaxbel -ignbrk
        brkint -inpck -ignpar -parmrk
oflags: opost onlcr -ocrnl oxtabs -onocr -onlret
cflags: cread cs8 -parenb -parodd hupcl -clocal -cstopb -crtscts -mdmbuf
        -cdtrcts
"""


def test_all(stty):
    """-a shows everything, the characters one by one; -e the same with a table of them."""
    assert stty("-a") == (
        0,
        ALL + "cchars: discard = ^O; dsusp = ^Y; eof = ^D; eol = <undef>;\n"
        "        eol2 = <undef>; erase = ^?; intr = ^C; kill = ^U; lnext = ^V;\n"
        "        min = 1; quit = ^\\; reprint = ^R; start = ^Q; status = ^T;\n"
        "        stop = ^S; susp = ^Z; time = 0; werase = ^W;\n",
    )
    status, text = stty("-e")
    assert (status, text[: len(ALL)]) == (0, ALL)
    assert text[len(ALL) :].splitlines()[0].split() == (
        "discard dsusp eof eol eol2 erase intr kill lnext".split()
    )
    assert stty("everything") == (0, text)


def test_what_is_changed(stty):
    """Without options only what is not as usual is shown."""
    usual = "speed 9600 baud;\nlflags: echoe echoke echoctl\ncflags: cs8 -parenb\n"
    assert stty() == (0, usual)
    assert stty("-echoe", "tostop", "-icrnl", "onocr", "cs7", "erase", "^H", "intr", "x") == (0, "")
    assert stty() == (
        0,
        "speed 9600 baud;\nlflags: echoke echoctl tostop\niflags: -icrnl\noflags: onocr\n"
        "cflags: cs7 -parenb\nerase   intr    \n^H      x       \n",
    )


def test_saved_and_restored(stty, holder):
    """-g prints what stty takes back."""
    before = modes(holder)
    _, saved = stty("-g")
    assert saved.startswith("gfmt1:cflag=4b00:iflag=2b02:lflag=5cb:oflag=7:discard=f:dsusp=19:")
    assert stty("raw", "-echo", "19200", "quit", "undef") == (0, "")
    assert modes(holder) != before
    assert stty(saved.strip()) == (0, "")
    assert modes(holder) == before


def test_combinations(stty, holder):
    """raw, cbreak, sane, nl and their opposites."""
    new = modes(holder)
    for there, back in (("raw", "-raw"), ("cbreak", "-cbreak"), ("raw", "cooked"), ("nl", "-nl")):
        stty(there)
        assert modes(holder) != new, there
        stty(back)
        assert modes(holder) == new, back
    stty("-crt", "sane")
    assert stty("-crt", "crt") == (0, "")
    assert modes(holder) == new


def test_size_and_speed(stty):
    """Rows, columns and speeds are set and shown by themselves."""
    assert stty("size") == (0, "24 80\n")
    assert stty("rows", "50", "columns", "132") == (0, "")
    assert stty("size") == (0, "50 132\n")
    assert stty("1200", "speed") == (0, "1200\n")
    assert stty("ispeed", "300", "ospeed", "9600") == (0, "")
    assert stty()[1].startswith("ispeed 300 baud; ospeed 9600 baud;\n")


def test_minimum_and_time(stty, holder):
    """min and time are numbers."""
    stty("-icanon", "min", "0", "time", "5")
    assert holder.tcgetattr(0).c_cc[16:18] == bytes([0, 5])
    assert "min = 0;" in stty("-a")[1]


USAGE = "usage: stty [-a|-e|-g] [-f file] [operand ...]\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["foo"], "illegal option -- foo\n" + USAGE),
        (["-size"], "illegal option -- size\n" + USAGE),
        (["rows"], "option requires an argument -- rows\n" + USAGE),
        (["intr"], "option requires an argument -- intr\n" + USAGE),
        (["gfmt1"], "illegal gfmt1 option\n"),
        (["gfmt1:foo=1"], "illegal gfmt1 option -- foo\n"),
        (["-f", "/nofile"], "/nofile: No such file or directory\n"),
        (["-f", "/dev/null"], "TIOCGETD: Inappropriate ioctl for device\n"),
    ],
)
def test_errors(stty, args, said):
    """Messages of stty, status 1."""
    assert stty(*args) == (1, "stty: " + said)


def test_another_terminal(k, stty):
    """-f names a terminal."""
    other = k.terminal()
    leader = k.login(other)
    assert stty("-f", other.path.decode(), "-echo") == (0, "")
    assert not leader.tcgetattr(0).c_lflag & 8


def test_tty(k, stty):
    """tty prints the terminal's name; -s is for its status; 1 if there is none."""
    tty = b"/usr/bin/tty"
    assert stty(program=tty) == (0, "/dev/pts/0\n")
    assert stty("-s", program=tty) == (0, "")
    assert stty("-x", program=tty) == (2, "tty: unknown option -- x\nusage: tty [-s]\n")
    result = k.run(b"/bin/sh", ["-c", "tty < /dev/null; echo $?; tty -s; echo $?"])
    assert result.stdout == b"not a tty\n1\n1\n"
