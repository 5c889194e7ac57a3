# SPDX-License-Identifier: BSD-2-Clause
"""mknod(2), mkfifo(2) and those relative to a directory: how they fail, and what they make."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, O_RDONLY, O_RDWR
from kernel.sys.stat import (
    S_IFBLK,
    S_IFCHR,
    S_IFDIR,
    S_IFIFO,
    S_IFLNK,
    S_IFMT,
    S_IFREG,
    S_IFSOCK,
    UF_APPEND,
    UF_IMMUTABLE,
)
from kernel.sys.types import makedev
from tests.syscalls.errnos import errnos
from userland.libc.syscall import call as trap

NULL = makedev(2, 2)
NODEV = -1
BAD = 0x1000  # an address where there is nothing

MKNODS = {
    "mknod": lambda path, mode=S_IFCHR | 0o644, dev=NULL: ("mknod", path, mode, dev),
    "mknodat": lambda path, mode=S_IFCHR | 0o644, dev=NULL: (
        "mknodat",
        AT_FDCWD,
        path,
        mode,
        dev,
    ),
}
MKFIFOS = {
    "mkfifo": lambda path, mode=0o644: ("mkfifo", path, mode),
    "mkfifoat": lambda path, mode=0o644: ("mkfifoat", AT_FDCWD, path, mode),
}
FIFOS = {
    **MKFIFOS,
    "mknod+fifo": lambda path, mode=0o644: ("mknod", path, S_IFIFO | mode, 0),
    "mknodat+fifo": lambda path, mode=0o644: ("mknodat", AT_FDCWD, path, S_IFIFO | mode, 0),
}
ALL = {**MKNODS, **FIFOS}


@errnos(Errno.EPERM, MKNODS)
def test_not_the_super_user(fails, user, call):
    """The caller is not the super-user: over all else, be it a type that nobody can make."""
    user.mkdir(b"d", 0)
    for path in (b"new", b"d", b"d/new", b"missing/new", b"", b"x" * 256):
        for mode in (S_IFCHR, S_IFBLK, S_IFREG, S_IFDIR, 0, S_IFMT):
            fails(user, *call(path, mode | 0o644, NULL))
    fails(user, *call(b"new", S_IFIFO | 0o644, NULL))
    function, *args = call(b"", S_IFCHR, NULL)
    number = {"mknod": "__mknod50", "mknodat": "mknodat"}[function]
    at = args[:-3]
    pad = [0] if at else []
    fails(user, trap, number, *at, BAD, S_IFCHR, *pad, NULL)


@errnos(Errno.EPERM, {"mknodat": lambda fd: ("mknodat", fd, b"new", S_IFCHR, NULL)})
def test_super_user_before_descriptor(fails, user, call):
    """The caller is not the super-user: over EBADF."""
    fails(user, *call(99))


@errnos(Errno.EINVAL, MKNODS)
def test_type(fails, root, call):
    """The type is none of those that can be made, or a device has no number."""
    for mode in (0, S_IFDIR, S_IFLNK, S_IFSOCK, S_IFMT):
        fails(root, *call(b"new", mode | 0o644, NULL))
    for mode in (S_IFCHR, S_IFBLK):
        fails(root, *call(b"new", mode | 0o644, NODEV))
    fails(root, *call(b"new", S_IFIFO | 0o644, NULL))
    with pytest.raises(FileNotFoundError):
        root.stat(b"new")


@errnos(Errno.EEXIST, MKNODS)
def test_taken_before_type(fails, root, call):
    """The name is taken: over EINVAL of the type."""
    root.mkdir(b"d", 0o755)
    fails(root, *call(b"d", S_IFDIR | 0o755, NULL))
    fails(root, *call(b"d", S_IFCHR | 0o755, NODEV))


@errnos(Errno.EACCES, FIFOS)
def test_not_ones_to_write(fails, root, user, call):
    """The directory of a new FIFO may not be written."""
    root.mkdir(b"d", 0o755)
    fails(user, *call(b"d/new"))


@errnos(Errno.EACCES, MKNODS)
def test_fifo_where_one_may_not_write(fails, root, user, call):
    """What is to be made is a FIFO, which everybody may, but the directory may not be written, or not be searched."""
    root.mkdir(b"d", 0o755)
    fails(user, *call(b"d/new", S_IFIFO | 0o644, 0))
    root.chmod(b"d", 0o766)
    fails(user, *call(b"d/new", S_IFIFO | 0o644, 0))


@errnos(Errno.ENOSPC, ALL)
def test_full(fails, root, tmpfs, call):
    """The file system has no inode left."""
    tmpfs(b"m", 1 << 16, 3)
    root.mkfifo(b"m/p", 0o644)
    fails(root, *call(b"m/new"))
    root.unlink(b"m/p")
    root.call(*call(b"m/new"))


@errnos(Errno.EPERM, ALL)
def test_immutable(fails, root, call):
    """The directory is immutable; append-only is no hindrance."""
    root.mkdir(b"d", 0o755)
    root.chflags(b"d", UF_IMMUTABLE)
    fails(root, *call(b"d/new"))
    root.chflags(b"d", UF_APPEND)
    root.call(*call(b"d/new"))


@errnos(Errno.EOPNOTSUPP, MKNODS)
def test_host(fails, k, root, tmp_path, call):
    """The file system cannot hold devices: the host's does not."""
    k.offer(b"outside", tmp_path)
    root.mkdir(b"h", 0o755)
    root.mount(b"hostfs", b"h", 0, b"outside")
    fails(root, *call(b"h/new"))
    root.mkfifo(b"h/p", 0o644)


@pytest.mark.parametrize("call", FIFOS.values(), ids=FIFOS)
def test_new_fifo(root, user, call):
    """Its mode, set-id and sticky bits included, lacks the umask; its group is the directory's."""
    root.mkdir(b"d", 0o777)
    root.chmod(b"d", 0o777)
    root.chown(b"d", 5, 77)
    for umask, mode, expected in (
        (0o022, 0o666, 0o644),
        (0, 0o7777, 0o7777),
        (0o501, 0o345, 0o244),
        (0o077, 0o151, 0o100),
    ):
        user.umask(umask)
        user.call(*call(b"d/p", mode))
        st = root.stat(b"d/p")
        assert (st.st_mode, st.st_uid, st.st_gid) == (S_IFIFO | expected, 1000, 77)
        assert (st.st_nlink, st.st_size, st.st_flags) == (1, 0, 0)
        root.unlink(b"d/p")


@pytest.mark.parametrize("call", MKNODS.values(), ids=MKNODS)
@pytest.mark.parametrize("kind", [S_IFCHR, S_IFBLK])
@pytest.mark.parametrize("dev", [0, NULL, makedev(1, 2), makedev(0xFFF, 0xFFFFF)])
def test_new_device(root, call, kind, dev):
    """A device has the number that was given, whether there is such a device or not."""
    root.call(*call(b"new", kind | 0o7666, dev))
    st = root.stat(b"new")
    assert (st.st_mode, st.st_rdev) == (kind | 0o7644, dev)
    assert (st.st_nlink, st.st_size) == (1, 0)


@pytest.mark.parametrize("call", MKNODS.values(), ids=MKNODS)
def test_new_file(root, call):
    """S_IFREG makes an empty file; the number says nothing."""
    for dev in (0, NULL, NODEV):
        root.call(*call(b"new", S_IFREG | 0o666, dev))
        st = root.stat(b"new")
        assert (st.st_mode, st.st_size) == (S_IFREG | 0o644, 0)
        root.unlink(b"new")


@pytest.mark.parametrize("call", MKNODS.values(), ids=MKNODS)
def test_everybody_makes_fifos(user, call):
    """With the number 0, S_IFIFO is mkfifo, which needs no privilege."""
    user.call(*call(b"p", S_IFIFO | 0o600, 0))
    assert user.stat(b"p").st_mode == S_IFIFO | 0o600


def test_device_works(root):
    """A new node of the null device is the null device, wherever it is."""
    root.mknod(b"null", S_IFCHR | 0o666, NULL)
    fd = root.open(b"null", O_RDWR)
    assert root.write(fd, b"gone") == 4
    assert root.read(fd, 9) == b""


def test_fifo_works(root):
    """A new FIFO carries bytes."""
    root.mkfifo(b"p", 0o600)
    fd = root.open(b"p", O_RDWR)
    root.write(fd, b"bytes")
    assert root.read(fd, 9) == b"bytes"


def test_descriptor(root):
    """mknodat and mkfifoat start at their descriptor's directory."""
    root.mkdir(b"d", 0o755)
    fd = root.open(b"d", O_RDONLY)
    root.mkfifoat(fd, b"p", 0o644)
    root.mknodat(fd, b"c", S_IFCHR | 0o644, NULL)
    root.mknodat(fd, b"q", S_IFIFO | 0o644, 0)
    modes = [root.stat(b"d/" + name).st_mode & S_IFMT for name in (b"p", b"c", b"q")]
    assert modes == [S_IFIFO, S_IFCHR, S_IFIFO]
