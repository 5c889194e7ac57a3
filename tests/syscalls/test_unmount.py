# SPDX-License-Identifier: BSD-2-Clause
"""unmount(2): how it fails, and what is left of files whose file system has gone."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    LOCK_EX,
    LOCK_SH,
    LOCK_UN,
    O_CREAT,
    O_RDONLY,
    O_RDWR,
    O_WRONLY,
)
from kernel.sys.file import POLLERR, POLLHUP, POLLIN, POLLOUT
from kernel.sys.mount import MNT_FORCE
from kernel.sys.stat import S_IFCHR
from kernel.sys.types import makedev
from kernel.sys.unistd import SEEK_END, SEEK_SET
from tests.syscalls.errnos import errnos
from tests.syscalls.files import touch
from userland.libc import tmpfs_args
from userland.libc.syscall import call as trap


@pytest.fixture
def m(root):
    """A tmpfs that everybody may write, mounted on m."""
    root.mkdir(b"m", 0o755)
    root.mount(b"tmpfs", b"m", 0, tmpfs_args(ta_root_mode=0o777))
    return b"m"


@pytest.mark.errno("unmount", Errno.EPERM)
def test_user(fails, user, m):
    """The caller is not the super-user; that the path is no mount point matters less."""
    fails(user, "unmount", m)
    fails(user, "unmount", b"/")
    fails(user, "unmount", b".")


@pytest.mark.errno("unmount", Errno.EINVAL)
def test_no_mount_point(fails, root, m):
    """The path is not the root of a file system, or it is the root of all."""
    touch(root, b"f")
    root.mkdir(b"m/d", 0o755)
    for path in (b"f", b"/t", b"m/d", b"/"):
        fails(root, "unmount", path)
        fails(root, "unmount", path, MNT_FORCE)


@pytest.mark.errno("unmount", Errno.ENOENT)
def test_nothing_there(fails, root, m):
    """The path, or a component of it, does not exist."""
    fails(root, "unmount", b"none")
    fails(root, "unmount", b"m/none/d")
    fails(root, "unmount", b"")


@pytest.mark.errno("unmount", Errno.ENOTDIR)
def test_file_in_the_way(fails, root, m):
    """A component of the path is no directory."""
    touch(root, b"f")
    fails(root, "unmount", b"f/m")
    fails(root, "unmount", b"f/")


@pytest.mark.errno("unmount", Errno.EACCES)
def test_unsearchable(fails, root, user):
    """A component of the path may not be searched."""
    root.mkdir(b"closed", 0o700)
    root.mkdir(b"closed/m", 0o755)
    fails(user, "unmount", b"closed/m")


@pytest.mark.errno("unmount", Errno.ELOOP)
def test_loop(fails, root):
    """A symbolic link leads to itself."""
    root.symlink(b"l", b"l")
    fails(root, "unmount", b"l")


@pytest.mark.errno("unmount", Errno.ENAMETOOLONG)
def test_name_too_long(fails, root):
    """A component has more than 255 bytes, or a path more than 1023."""
    fails(root, "unmount", b"x" * 256)
    fails(root, "unmount", b"./" * 511 + b"xx")


@pytest.mark.errno("unmount", Errno.EFAULT)
def test_nowhere(fails, root):
    """The path is not in the caller's memory."""
    fails(root, trap, "unmount", 0x1000, 0)
    fails(root, trap, "unmount", 0, MNT_FORCE)


USES = {
    "a file is open": lambda p: p.open(b"m/f", O_CREAT | O_RDWR, 0o644),
    "a directory is open": lambda p: p.open(b"m", O_RDONLY),
    "a current directory": lambda p: p.chdir(b"m"),
    "a root directory": lambda p: p.chroot(b"m"),
    "something is mounted on it": lambda p: (
        p.mkdir(b"m/d", 0o755),
        p.mount(b"tmpfs", b"m/d", 0, tmpfs_args()),
    ),
    "something is mounted over it": lambda p: p.mount(b"tmpfs", b"m", 0, tmpfs_args()),
}


@pytest.mark.errno("unmount", Errno.EBUSY)
@pytest.mark.parametrize("use", [use for use in USES if "over" not in use])
def test_in_use(fails, root, person, m, use):
    """A file of it is in use: open, a current or root directory, or mounted on."""
    USES[use](person(0, 0))
    fails(root, "unmount", m)


@pytest.mark.errno("unmount", Errno.EBUSY)
def test_shown_elsewhere(fails, root, m):
    """A null mount shows it: not even MNT_FORCE helps."""
    root.mkdir(b"n", 0o755)
    root.mount(b"null", b"n", 0, b"/t/m")
    fails(root, "unmount", m)
    fails(root, "unmount", m, MNT_FORCE)
    root.unmount(b"n")
    root.unmount(m)


def test_no_longer_in_use(root, person, m):
    """What was in use and is not any more keeps nobody."""
    p = person(0, 0)
    fd = p.open(b"m/f", O_CREAT | O_RDWR, 0o644)
    p.unlink(b"m/f")
    p.chdir(b"m")
    p.chdir(b"..")
    p.close(fd)
    root.unmount(m)
    assert root.getdents(root.open(b"m", O_RDONLY), 4096)


def test_program_that_runs(k, root, m):
    """A program that runs is in use; when it has ended it is not."""
    whole = root.read(root.open(b"/bin/sleep", O_RDONLY), 1 << 20)
    fd = root.open(b"m/sleep", O_CREAT | O_WRONLY, 0o755)
    root.write(fd, whole)
    root.close(fd)
    p = k.process()
    k.start(p, b"/t/m/sleep", ["5"])
    k.settle()
    with pytest.raises(OSError, match="busy"):
        root.unmount(m)
    p.finish()
    root.unmount(m)


# After MNT_FORCE

DEAD = {
    Errno.EIO: {
        "read": lambda fd: ("read", fd, 1),
        "pread": lambda fd: ("pread", fd, 1, 0),
        "write": lambda fd: ("write", fd, b"x"),
        "pwrite": lambda fd: ("pwrite", fd, b"x", 0),
    },
    Errno.EBADF: {
        "fstat": lambda fd: ("fstat", fd),
        "fchmod": lambda fd: ("fchmod", fd, 0o600),
        "fchown": lambda fd: ("fchown", fd, 1, 1),
        "fchflags": lambda fd: ("fchflags", fd, 0),
        "ftruncate": lambda fd: ("ftruncate", fd, 0),
        "futimes": lambda fd: ("futimes", fd, None),
        "flock": lambda fd: ("flock", fd, LOCK_EX),
        "lseek": lambda fd: ("lseek", fd, 0, SEEK_END),
    },
    Errno.EOPNOTSUPP: {
        "fstatvfs1": lambda fd: ("fstatvfs", fd),
        "fdiscard": lambda fd: ("fdiscard", fd, 0, 1),
    },
}


def dead_calls():
    for errno, calls in DEAD.items():
        yield from errnos(errno, calls).args[1]


@pytest.mark.parametrize("call", list(dead_calls()))
def test_dead_file(fails, root, m, call):
    """The file's file system was unmounted with MNT_FORCE."""
    fd = root.open(b"m/f", O_CREAT | O_RDWR, 0o644)
    root.unmount(m, MNT_FORCE)
    fails(root, *call(fd))
    root.close(fd)


def test_what_a_dead_file_still_does(root, m):
    """It is ready for everything, on its storage, can be sought in, unlocked and closed."""
    fd = root.open(b"m/f", O_CREAT | O_RDWR, 0o644)
    root.flock(fd, LOCK_SH)
    root.unmount(m, MNT_FORCE)
    assert root.lseek(fd, 5, SEEK_SET) == 5
    assert root.fsync(fd) == 0
    everything = POLLIN | POLLOUT | POLLERR | POLLHUP
    assert root.poll([(fd, POLLIN | POLLOUT)], 0) == [(fd, everything)]
    root.flock(fd, LOCK_UN)
    root.close(fd)
    root.stat(b"m")


@pytest.mark.errno("getdents", Errno.EBADF)
def test_dead_directory(fails, root, m):
    """The directory's file system was unmounted with MNT_FORCE."""
    fd = root.open(m, O_RDONLY)
    root.unmount(m, MNT_FORCE)
    fails(root, "getdents", fd, 512)


@errnos(
    Errno.ENOENT,
    {
        "open": lambda: ("open", b"f", O_RDONLY),
        "open+creat": lambda: ("open", b"f", O_CREAT | O_RDWR, 0o644),
        "stat": lambda: ("stat", b"."),
        "chdir": lambda: ("chdir", b".."),
        "mkdir": lambda: ("mkdir", b"d", 0o755),
        "unlink": lambda: ("unlink", b"f"),
        "rename": lambda: ("rename", b"f", b"g"),
    },
)
def test_current_directory_has_gone(fails, root, user, m, call):
    """The current directory's file system was unmounted with MNT_FORCE."""
    for p in (root, user):
        p.chdir(m)
    touch(root, b"f")
    root.chdir(b"/t")
    root.unmount(b"/t/m", MNT_FORCE)
    fails(user, *call())
    user.chdir(b"/t")
    user.stat(b".")


def test_device_goes_on(root, m):
    """A device that is open stays so, though its file has gone."""
    root.mknod(b"m/zero", S_IFCHR | 0o666, makedev(2, 12))
    fd = root.open(b"m/zero", O_RDONLY)
    root.unmount(m, MNT_FORCE)
    assert root.read(fd, 3) == bytes(3)
    with pytest.raises(OSError, match="Bad file descriptor"):
        root.fstat(fd)
    root.close(fd)


def test_fifo_ends(root, user, m):
    """Who waits at a FIFO that goes is woken."""
    user.mkfifo(b"m/p", 0o644)
    keep = root.open(b"m/p", O_RDWR)
    reader = user.open(b"m/p", O_RDONLY)
    user.begin("read", reader, 1)
    root.unmount(m, MNT_FORCE)
    assert user.finish() == b""
    root.close(keep)


def test_all_is_forgotten(k, root, m):
    """Nothing of a file system outlives it, and the next one starts anew."""
    for number in range(100):
        touch(root, b"m/%d" % number)
    root.open(b"m/5", O_RDONLY)
    root.unmount(m, MNT_FORCE)
    root.mount(b"tmpfs", m, 0, tmpfs_args())
    with pytest.raises(FileNotFoundError):
        root.stat(b"m/5")
    root.unmount(m)
    assert len(k.kernel.mountlist) == len(root.getvfsstat()) == 5
