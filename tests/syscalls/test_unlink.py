# SPDX-License-Identifier: BSD-2-Clause
"""unlink(2) and unlinkat(2): how they fail, and what becomes of the file."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_NOFOLLOW, O_CREAT, O_RDONLY, O_RDWR
from kernel.sys.stat import S_IFCHR, SF_APPEND, SF_IMMUTABLE, UF_APPEND, UF_IMMUTABLE, UF_NODUMP
from kernel.sys.types import makedev
from tests.syscalls.errnos import errnos
from tests.syscalls.files import touch

UNLINKS = {
    "unlink": lambda path: ("unlink", path),
    "unlinkat": lambda path: ("unlinkat", AT_FDCWD, path, 0),
}


@errnos(Errno.EPERM, UNLINKS)
def test_directory(fails, root, user, call):
    """The file is a directory, be it empty or not, the super-user's call included."""
    root.mkdir(b"d", 0o755)
    root.mkdir(b"d/e", 0o755)
    root.chown(b"d", 1000, 100)
    for path in (b"d", b"d/", b"d/e", b"d/e/.."):
        fails(root, *call(path))
    fails(user, *call(b"d/e"))
    root.symlink(b"d", b"l")
    fails(root, *call(b"l/"))
    root.chdir(b"d/e")
    fails(root, *call(b".."))


@errnos(Errno.EACCES, UNLINKS)
def test_permission_before_directory(fails, root, user, call):
    """The directory that has it may not be written: over EPERM of a directory."""
    root.mkdir(b"d", 0o755)
    root.mkdir(b"d/e", 0o755)
    fails(user, *call(b"d/e"))


@errnos(Errno.EINVAL, UNLINKS)
def test_dot(fails, root, user, call):
    """The last component is ".": over EPERM of a directory, and over the permission to write."""
    root.mkdir(b"d", 0o755)
    for p in (root, user):
        for path in (b"d/.", b".", b"d/./"):
            fails(p, *call(path))


@errnos(Errno.EBUSY, UNLINKS)
def test_mount_point(fails, root, tmpfs, call):
    """The path leads to a mount point, or to the root of a file system: over EPERM of a directory."""
    tmpfs(b"m")
    for path in (b"m", b"m/.", b"/", b"/..", b"/."):
        fails(root, *call(path))
    root.chdir(b"m")
    fails(root, *call(b"."))


@errnos(Errno.EPERM, UNLINKS)
def test_sticky(fails, root, user, other, call):
    """The directory is sticky, and neither it nor the file is the caller's; the file's mode counts for nothing."""
    root.mkdir(b"d", 0o755)
    root.chmod(b"d", 0o1777)
    touch(user, b"d/f", 0o777)
    root.chmod(b"d/f", 0o777)
    fails(other, *call(b"d/f"))
    user.symlink(b"f", b"d/l")
    fails(other, *call(b"d/l"))
    user.call(*call(b"d/l"))
    root.chown(b"d", 1001, 101)
    other.call(*call(b"d/f"))
    touch(root, b"d/f")
    fails(user, *call(b"d/f"))
    root.call(*call(b"d/f"))


@errnos(Errno.EACCES, UNLINKS)
def test_permission_before_sticky(fails, root, user, other, call):
    """The directory may not be written: over EPERM of a sticky one."""
    root.mkdir(b"d", 0o1755)
    root.chmod(b"d", 0o1755)
    touch(root, b"d/f")
    fails(user, *call(b"d/f"))


@errnos(Errno.EPERM, UNLINKS)
@pytest.mark.parametrize("flag", [UF_IMMUTABLE, UF_APPEND, SF_IMMUTABLE, SF_APPEND])
def test_flags(fails, root, call, flag):
    """A flag of the file, or of the directory, forbids it; the last name stays."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f")
    for path in (b"d", b"d/f"):
        root.chflags(path, flag)
        fails(root, *call(b"d/f"))
        root.chflags(path, UF_NODUMP)
    root.call(*call(b"d/f"))


@pytest.mark.errno("unlinkat", Errno.ENOTDIR)
def test_remove_what_is_no_directory(fails, root):
    """AT_REMOVEDIR, and the file is no directory."""
    touch(root, b"f")
    fails(root, "unlinkat", AT_FDCWD, b"f", AT_REMOVEDIR)


def test_other_flags(root):
    """Only AT_REMOVEDIR counts of unlinkat's flags."""
    touch(root, b"f")
    root.mkdir(b"d", 0o755)
    root.unlinkat(AT_FDCWD, b"f", AT_SYMLINK_NOFOLLOW | 0x10000)
    root.unlinkat(AT_FDCWD, b"d", AT_REMOVEDIR | AT_SYMLINK_NOFOLLOW)
    for path in (b"f", b"d"):
        with pytest.raises(FileNotFoundError):
            root.stat(path)


@pytest.mark.parametrize("call", UNLINKS.values(), ids=UNLINKS)
def test_kinds(root, call):
    """Whatever is no directory goes; of a symbolic link the link goes, not the file."""
    touch(root, b"f")
    root.symlink(b"f", b"l")
    root.symlink(b"nowhere", b"dangling")
    root.mkfifo(b"p", 0o644)
    root.mknod(b"c", S_IFCHR | 0o644, makedev(2, 2))
    for path in (b"l", b"dangling", b"p", b"c"):
        root.call(*call(path))
        with pytest.raises(FileNotFoundError):
            root.lstat(path)
    assert root.stat(b"f").st_nlink == 1


def test_one_of_two_names(root):
    """The other name stays, with one link less."""
    touch(root, b"f")
    root.link(b"f", b"g")
    root.unlink(b"f")
    assert root.stat(b"g").st_nlink == 1


def test_file_need_not_be_ones_own(root, user):
    """Who may write the directory may take any name from it, whatever the file's mode and owner."""
    root.mkdir(b"d", 0o777)
    root.chmod(b"d", 0o777)
    touch(root, b"d/f", 0)
    user.unlink(b"d/f")


def test_open_file_stays(root):
    """An open file without a name is read, written and has space until the last descriptor goes."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    free = root.statvfs(b".").f_bfree
    root.write(fd, bytes(100_000))
    other = root.dup(fd)
    root.unlink(b"f")
    assert (root.fstat(fd).st_nlink, root.fstat(fd).st_size) == (0, 100_000)
    root.close(fd)
    root.pwrite(other, b"still", 200_000)
    assert root.pread(other, 9, 200_000) == b"still"
    assert root.statvfs(b".").f_bfree < free
    root.close(other)
    assert root.statvfs(b".").f_bfree >= free


def test_open_fifo_and_link_stay_apart(root):
    """A FIFO of the same name, made after the first is gone, is another."""
    root.mkfifo(b"p", 0o644)
    first = root.open(b"p", O_RDWR)
    root.write(first, b"first")
    root.unlink(b"p")
    root.mkfifo(b"p", 0o644)
    second = root.open(b"p", O_RDWR)
    root.write(second, b"second")
    assert root.read(first, 9) == b"first"
    assert root.read(second, 9) == b"second"


def test_relative(root):
    """unlinkat starts at its descriptor's directory, whatever the current one is."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f")
    touch(root, b"f")
    fd = root.open(b"d", O_RDONLY)
    root.unlinkat(fd, b"f", 0)
    assert root.stat(b"f").st_nlink == 1
    with pytest.raises(FileNotFoundError):
        root.stat(b"d/f")
    root.unlinkat(fd, b"../f", 0)
    with pytest.raises(FileNotFoundError):
        root.stat(b"f")
