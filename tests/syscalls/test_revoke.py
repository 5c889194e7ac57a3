# SPDX-License-Identifier: BSD-2-Clause
"""revoke(2): who may, how it fails, and what is left to those who had the file open."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.stat import S_IFCHR
from kernel.sys.types import makedev
from tests.syscalls.errnos import errnos
from tests.syscalls.files import touch
from userland.libc import tmpfs_args
from userland.libc.syscall import call as trap


@pytest.mark.errno("revoke", Errno.EPERM)
def test_of_another(fails, root, user, other):
    """The caller is neither the file's owner nor the super-user."""
    touch(user, b"f", 0o666)
    touch(root, b"g", 0o666)
    fails(other, "revoke", b"f")
    fails(user, "revoke", b"g")
    fails(user, "revoke", b"/dev/null")


@pytest.mark.errno("revoke", Errno.ENOENT)
def test_nothing_there(fails, root):
    """The file, a component of its path, or where a symbolic link leads does not exist."""
    root.symlink(b"none", b"l")
    for path in (b"none", b"none/f", b"l", b""):
        fails(root, "revoke", path)


@pytest.mark.errno("revoke", Errno.ENOTDIR)
def test_file_in_the_way(fails, root):
    """A component of the path is no directory."""
    touch(root, b"f")
    fails(root, "revoke", b"f/g")


@pytest.mark.errno("revoke", Errno.EACCES)
def test_unsearchable(fails, root, user):
    """A component of the path may not be searched; that the file is the caller's is no help."""
    root.mkdir(b"closed", 0o700)
    touch(root, b"closed/f")
    root.chown(b"closed/f", 1000, 100)
    fails(user, "revoke", b"closed/f")


@pytest.mark.errno("revoke", Errno.ELOOP)
def test_loop(fails, root):
    """A symbolic link leads to itself."""
    root.symlink(b"l", b"l")
    fails(root, "revoke", b"l")


@pytest.mark.errno("revoke", Errno.ENAMETOOLONG)
def test_name_too_long(fails, root):
    """A component has more than 255 bytes, or a path more than 1023."""
    fails(root, "revoke", b"x" * 256)
    fails(root, "revoke", b"./" * 511 + b"xx")


@pytest.mark.errno("revoke", Errno.EFAULT)
def test_nowhere(fails, root):
    """The path is not in the caller's memory."""
    fails(root, trap, "revoke", 0x1000)
    fails(root, trap, "revoke", 0)


@errnos(
    Errno.EIO,
    {
        "read": lambda fd: ("read", fd, 1),
        "write": lambda fd: ("write", fd, b"x"),
        "pread": lambda fd: ("pread", fd, 1, 0),
    },
)
def test_file(fails, user, other, call):
    """The file was revoked after it was opened, by whomever, through whatever name."""
    touch(user, b"f")
    user.chmod(b"f", 0o666)
    user.link(b"f", b"g")
    fd = other.open(b"f", O_RDWR)
    user.revoke(b"g")
    fails(other, *call(fd))
    other.close(fd)


def test_the_file_stays(user):
    """Its contents, its names and its number are what they were; it can be opened anew."""
    fd = user.open(b"f", O_CREAT | O_RDWR, 0o644)
    user.write(fd, b"contents")
    before = user.stat(b"f")
    user.revoke(b"f")
    assert user.stat(b"f") == before
    again = user.open(b"f", O_RDWR)
    assert user.read(again, 100) == b"contents"
    with pytest.raises(OSError, match="Input/output"):
        user.read(fd, 1)


def test_unlinked_file_is_freed(root):
    """With its last user gone a file without a name gives its room back."""
    root.mkdir(b"m", 0o755)
    root.mount(b"tmpfs", b"m", 0, tmpfs_args(ta_size_max=1 << 20))
    before = root.statvfs(b"m")
    fd = root.open(b"m/f", O_CREAT | O_RDWR, 0o644)
    root.write(fd, bytes(100_000))
    root.revoke(b"m/f")
    root.unlink(b"m/f")
    assert root.statvfs(b"m") == before
    root.close(fd)
    assert root.statvfs(b"m") == before


def test_shared_descriptors(user):
    """Descriptors that were duplicated are revoked with the one they come from."""
    fd = user.open(b"f", O_CREAT | O_RDWR, 0o644)
    copy = user.dup(fd)
    user.revoke(b"f")
    for each in (fd, copy):
        with pytest.raises(OSError, match="Input/output"):
            user.write(each, b"x")
        user.close(each)


def test_terminal(k, root, user):
    """A terminal is then at its end for who had it open; opened anew it works."""
    user_out = user.dup(1)
    root.revoke(b"/dev/console")
    assert user.read(0, 10) == b""
    with pytest.raises(OSError, match="Input/output"):
        user.write(user_out, b"unheard")
    fd = root.open(b"/dev/console", O_RDWR)
    root.write(fd, b"heard")
    assert bytes(k.console.stdout) == b"heard"


def test_device_by_another_name(root):
    """All files of the device are revoked, whichever names it."""
    root.mknod(b"zero", S_IFCHR | 0o666, makedev(2, 12))
    root.mknod(b"null", S_IFCHR | 0o666, makedev(2, 2))
    fds = [root.open(name, O_RDWR) for name in (b"zero", b"/dev/zero", b"null")]
    root.revoke(b"zero")
    for fd in fds[:2]:
        with pytest.raises(OSError, match="Input/output"):
            root.read(fd, 1)
    assert root.read(fds[2], 1) == b""
    assert root.read(root.open(b"/dev/zero", O_RDONLY), 1) == b"\0"


def test_directory(root, user):
    """Who has a directory open, or is in it, has lost it; it can be entered anew."""
    user.mkdir(b"d", 0o755)
    touch(user, b"d/f")
    fd = user.open(b"d", O_RDONLY)
    user.chdir(b"d")
    root.revoke(b"/t/d")
    with pytest.raises(OSError, match="Bad file descriptor"):
        user.getdents(fd, 512)
    with pytest.raises(FileNotFoundError):
        user.stat(b"f")
    user.chdir(b"/t/d")
    user.stat(b"f")


def test_fifo(root, user):
    """Who waits at a FIFO is woken: the reader at its end, who opens it without one."""
    user.mkfifo(b"p", 0o666)
    keep = user.open(b"p", O_RDWR)
    reader = root.open(b"p", O_RDONLY | O_NONBLOCK)
    root.fcntl(reader, 4, 0)
    root.begin("read", reader, 1)
    user.revoke(b"p")
    assert root.finish() == b""
    with pytest.raises(OSError, match="Input/output"):
        user.write(keep, b"x")
    user.begin("open", b"p", O_WRONLY)
    root.revoke(b"p")
    with pytest.raises(OSError, match="not configured"):
        user.finish()
    assert user.open(b"p", O_RDWR) >= 0
