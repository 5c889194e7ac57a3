# SPDX-License-Identifier: BSD-2-Clause
import pytest

from kernel.sys.fcntl import F_GETFD, FD_CLOEXEC, O_CLOEXEC, O_RDONLY, O_RDWR, O_WRONLY


@pytest.fixture
def p(booted):
    return booted.system.process()


def test_opening_duplicates(p):
    """Opening /dev/fd/N gives one more descriptor of the same file, with a common offset."""
    fd = p.open(b"/tmp/f", 0x202, 0o600)
    p.write(fd, b"abcdef")
    p.lseek(fd, 2, 0)
    other = p.open(b"/dev/fd/%d" % fd, O_RDWR)

    assert p.read(other, 2) == b"cd"
    assert p.read(fd, 2) == b"ef"


def test_mode_must_be_granted(p):
    """Only what the file is open for can be asked for."""
    rfd, wfd = p.pipe()
    assert p.open(b"/dev/fd/%d" % rfd, O_RDONLY) == wfd + 1
    with pytest.raises(PermissionError):
        p.open(b"/dev/fd/%d" % rfd, O_WRONLY)


def test_not_open(p):
    """A descriptor that is not open is EBADF, and none is used up."""
    before = p.kernel.nfiles
    with pytest.raises(OSError, match="Bad file descriptor"):
        p.open(b"/dev/fd/40", O_RDONLY)
    assert p.kernel.nfiles == before


def test_close_on_exec(p):
    """O_CLOEXEC is the new descriptor's."""
    fd = p.open(b"/dev/stdin", O_RDONLY | O_CLOEXEC)
    assert p.fcntl(fd, F_GETFD) == FD_CLOEXEC
    assert p.fcntl(0, F_GETFD) == 0


def test_standard_names(booted, p):
    """stdout and stderr are descriptors 1 and 2, wherever they lead."""
    p.write(p.open(b"/dev/stdout", O_WRONLY), b"out")
    p.write(p.open(b"/dev/stderr", O_WRONLY), b"err")
    assert bytes(booted.system.console.stdout) == b"out"
    assert bytes(booted.system.console.stderr) == b"err"
