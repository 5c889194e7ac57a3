# SPDX-License-Identifier: BSD-2-Clause
"""Commands run by the shell: system(3), popen(3)."""

import pytest

from kernel.sys.signal import SIG_DFL, SIGCHLD, SIGINT, SIGKILL


def test_system_returns_the_wait_status(k):
    """What the command's end was; None asks for a shell."""
    p = k.root()
    assert p.system("exit 3") == 3 << 8
    assert p.system("kill -KILL $$") == SIGKILL
    assert p.system(None) == 1
    p.rename(b"/bin/sh", b"/bin/hs")
    assert p.system(None) == 0
    with pytest.raises(FileNotFoundError):
        p.system("true")


def test_system_leaves_signals_as_they_were(k):
    """SIGINT is ignored while the command runs, not by it, and not after it."""
    p = k.root()
    p.sigprocmask(1, 1 << SIGCHLD - 1)
    assert p.system("kill -INT $$; echo survived") == SIGINT
    assert p.sigaction(SIGINT).sa_handler == SIG_DFL
    assert p.sigprocmask(1) == 1 << SIGCHLD - 1


def test_popen_reads_and_writes(k):
    """The descriptor is the command's output, or its input."""
    p = k.root()
    fd = p.popen("echo out; exit 4", "r")
    assert p.read(fd, 99) == b"out\n"
    assert p.read(fd, 99) == b""
    assert p.pclose(fd) == 4 << 8
    fd = p.popen("cat >/tmp/f", "we")
    p.write(fd, b"input\n")
    assert p.pclose(fd) == 0
    assert p.read(p.open(b"/tmp/f", 0), 99) == b"input\n"


def test_popen_twice(k):
    """A second command does not hold the first one's input open."""
    p = k.root()
    first = p.popen("cat", "w")
    second = p.popen("sleep 1000", "r")
    assert p.pclose(first) == 0
    p.kill(p.getpid() + 2, SIGKILL)
    p.pclose(second)


def test_popen_errors(k):
    """Another type, and a descriptor that is none of popen's."""
    p = k.root()
    for type_ in ("", "x", "rw", "e"):
        with pytest.raises(OSError, match="Invalid"):
            p.popen("true", type_)
    with pytest.raises(ChildProcessError):
        p.pclose(0)
