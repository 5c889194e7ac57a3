# SPDX-License-Identifier: BSD-2-Clause
"""chdir(2), fchdir(2), chroot(2), fchroot(2) and getcwd(3)'s call: how they fail, where they lead."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_DIRECTORY, O_RDONLY
from tests.syscalls.errnos import errnos
from tests.syscalls.files import touch
from userland.libc import tmpfs_args
from userland.libc.machine import curlwp
from userland.libc.stack import pushbytes
from userland.libc.syscall import call as trap

BAD = 0x1000  # an address where there is nothing

BY_PATH = {
    "chdir": lambda path: ("chdir", path),
    "chroot": lambda path: ("chroot", path),
}
BY_DESCRIPTOR = {
    "fchdir": lambda fd: ("fchdir", fd),
    "fchroot": lambda fd: ("fchroot", fd),
}
ROOTS = {
    "chroot": lambda fd, path: ("chroot", path),
    "fchroot": lambda fd, path: ("fchroot", fd),
}


def room(size):
    """Make room on the user stack and leave it there; return its address."""
    return pushbytes(curlwp(), bytes(size))


def where(p):
    """The path of p's current directory."""
    return p.getcwd().encode()


@errnos(Errno.ENOTDIR, BY_PATH)
def test_no_directory(fails, root, call):
    """The path leads to what is no directory."""
    touch(root, b"f")
    root.mkfifo(b"p", 0o644)
    root.symlink(b"f", b"l")
    for path in (b"f", b"p", b"l", b"/dev/null"):
        fails(root, *call(path))


@errnos(Errno.ENOTDIR, BY_DESCRIPTOR)
def test_descriptor_of_no_directory(fails, root, call):
    """The descriptor is of a file that is no directory."""
    touch(root, b"f")
    fails(root, *call(root.open(b"f", O_RDONLY)))
    fails(root, *call(root.open(b"/dev/null", O_RDONLY)))


@errnos(Errno.EACCES, {"chdir": BY_PATH["chdir"]})
def test_not_to_be_searched(fails, root, user, call):
    """The directory may not be searched, though it may be read."""
    root.mkdir(b"d", 0o766)
    root.symlink(b"d", b"l")
    for path in (b"d", b"d/", b"l"):
        fails(user, *call(path))
    root.chmod(b"d", 0o711)
    user.chdir(b"d")


@errnos(Errno.EACCES, {"fchdir": BY_DESCRIPTOR["fchdir"]})
def test_open_but_not_to_be_searched(fails, root, user, call):
    """The open directory may not be searched now, whatever it was when it was opened."""
    root.mkdir(b"d", 0o755)
    fd = user.open(b"d", O_RDONLY | O_DIRECTORY)
    user.fchdir(fd)
    user.chdir(b"..")
    root.chmod(b"d", 0o744)
    fails(user, *call(fd))


@errnos(Errno.EBADF, BY_DESCRIPTOR)
def test_not_open(fails, root, call):
    """The descriptor is not open."""
    fails(root, *call(99))
    fails(root, *call(-1))
    fails(root, *call(-100))


@errnos(Errno.EINVAL, BY_DESCRIPTOR)
def test_pipe(fails, root, call):
    """The descriptor is of a pipe, not of a file."""
    fails(root, *call(root.pipe()[0]))


@errnos(Errno.EPERM, ROOTS)
def test_not_the_super_user(fails, root, user, call):
    """The caller is not the super-user: over all else."""
    touch(root, b"f")
    for path in (b".", b"f", b"missing", b"", b"x" * 256):
        fails(user, *call(user.open(b".", O_RDONLY), path))
    fails(user, *call(99, b"."))


@pytest.mark.errno("chroot", Errno.EPERM)
def test_not_the_super_user_before_address(fails, user):
    """The caller is not the super-user: over EFAULT."""
    fails(user, trap, "chroot", BAD)


@pytest.mark.errno("fchdir", Errno.EPERM)
def test_out_of_the_root(fails, root):
    """The open directory is not below the root directory of the process."""
    root.mkdir(b"d", 0o755)
    root.mkdir(b"d/e", 0o755)
    outside = root.open(b".", O_RDONLY | O_DIRECTORY)
    inside = root.open(b"d/e", O_RDONLY | O_DIRECTORY)
    root.chroot(b"d")
    fails(root, "fchdir", outside)
    root.fchdir(inside)
    assert where(root) == b"/e"


def test_chdir(root, tmpfs):
    """A path that is relative starts at the directory one went to, ".." of a root at what it covers."""
    tmpfs(b"m")
    root.mkdir(b"m/d", 0o755)
    root.symlink(b"m/d", b"l")
    for path, expected in (
        (b"m", b"/t/m"),
        (b"d", b"/t/m/d"),
        (b"..", b"/t/m"),
        (b"..", b"/t"),
        (b"l", b"/t/m/d"),
        (b".", b"/t/m/d"),
        (b"../../..", b"/"),
        (b"..", b"/"),
        (b"//t//m/./d/", b"/t/m/d"),
    ):
        root.chdir(path)
        assert where(root) == expected


def test_fchdir(root):
    """To what is open, also if it has been moved, and to what is mounted there since."""
    root.mkdir(b"d", 0o755)
    fd = root.open(b"d", O_RDONLY | O_DIRECTORY)
    root.rename(b"d", b"e")
    root.fchdir(fd)
    assert where(root) == b"/t/e"
    root.chdir(b"/t")
    root.mkdir(b"m", 0o755)
    below = root.open(b"m", O_RDONLY | O_DIRECTORY)
    root.mount(b"tmpfs", b"m", 0, tmpfs_args())
    root.mkdir(b"m/above", 0o755)
    root.fchdir(below)
    assert where(root) == b"/t/m"
    assert root.stat(b"above").st_nlink == 2


@errnos(Errno.ERANGE, {"getcwd": lambda at, size: (trap, "__getcwd", at, size)})
def test_small_buffer(fails, root, call):
    """The path does not fit with the byte that ends it; or there is no room for any path, over EFAULT."""
    root.mkdir(b"directory", 0o755)
    root.chdir(b"directory")
    at = root.call(room, 100)
    need = len(b"/t/directory") + 1
    fails(root, *call(at, need - 1))
    for size in (0, 1):
        fails(root, *call(BAD, size))
    assert root.call(trap, "__getcwd", at, need) == need


@errnos(Errno.EFAULT, {"getcwd": lambda at, size: (trap, "__getcwd", at, size)})
def test_nowhere_to_store(fails, root, call):
    """The buffer is not in the caller's memory."""
    for at in (0, BAD, -1):
        fails(root, *call(at, 100))


@pytest.mark.errno("getcwd", Errno.ENOENT)
def test_removed(fails, root):
    """The current directory was removed."""
    root.mkdir(b"d", 0o755)
    root.chdir(b"d")
    root.rmdir(b"/t/d")
    fails(root, "getcwd")


@pytest.mark.errno("getcwd", Errno.EACCES)
def test_parent_is_closed(fails, root, user):
    """The current directory may not be searched, or one above it, but for the root, not be searched and read."""
    for path in (b"d", b"d/e", b"d/e/f"):
        root.mkdir(path, 0o755)
    user.chdir(b"d/e/f")
    for path, mode, enough in (
        (b"d", 0o711, 0o755),
        (b"d/e", 0o744, 0o755),
        (b"d/e/f", 0o744, 0o711),
    ):
        root.chmod(path, mode)
        fails(user, "getcwd")
        root.chmod(path, enough)
        assert where(user) == b"/t/d/e/f"
    root.chmod(b"/", 0o700)
    assert where(user) == b"/t/d/e/f"


def test_longest_path(root):
    """The current directory may be deeper than any path is long; getcwd tells all of it."""
    name = b"x" * 255
    for _ in range(8):
        root.mkdir(name, 0o755)
        root.chdir(name)
    assert where(root) == b"/t" + (b"/" + name) * 8


def test_chroot(root):
    """The new root is "/" and its own parent; what is outside, only what is open leads to."""
    root.mkdir(b"d", 0o755)
    root.mkdir(b"d/e", 0o755)
    touch(root, b"f")
    fd = root.open(b"f", O_RDONLY)
    inode = root.stat(b"d").st_ino
    root.symlink(b"/e", b"d/absolute")
    root.symlink(b"../../../e", b"d/above")
    root.chdir(b"d/e")
    root.chroot(b"..")
    for path in (b"/", b"/..", b"/../..", b"..", b"../.."):
        assert root.stat(path).st_ino == inode
    below = root.stat(b"/e").st_ino
    for path in (b"/absolute", b"/above", b"."):
        assert root.stat(path).st_ino == below
    with pytest.raises(FileNotFoundError):
        root.stat(b"/t/f")
    root.fstat(fd)
    assert where(root) == b"/e"


@pytest.mark.parametrize("name", ["chroot", "fchroot"])
def test_current_directory_outside_of_the_root(root, name):
    """Who is not below the new root goes there: no way leads out."""
    root.mkdir(b"d", 0o755)
    arg = b"d" if name == "chroot" else root.open(b"d", O_RDONLY | O_DIRECTORY)
    inode = root.stat(b"d").st_ino
    root.call(name, arg)
    assert root.stat(b".").st_ino == inode
    assert where(root) == b"/"
    root.mkdir(b"e", 0o755)
    root.chroot(b"e")
    root.chdir(b"../../..")
    assert root.stat(b"..").st_ino == root.stat(b"/").st_ino != inode
    assert where(root) == b"/"


def test_chroot_to_where_one_is(root):
    """The current directory may become the root; who has no rights then is kept in as well."""
    root.mkdir(b"d", 0o755)
    root.chdir(b"d")
    inode = root.stat(b".").st_ino
    root.chroot(b".")
    root.setuid(1000)
    for path in (b"/", b"..", b"/..", b"../.."):
        assert root.stat(path).st_ino == inode
