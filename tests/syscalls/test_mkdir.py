# SPDX-License-Identifier: BSD-2-Clause
"""mkdir(2), mkdirat(2) and rmdir(2): how they fail, what comes and goes with a directory."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, AT_REMOVEDIR, O_CREAT, O_DIRECTORY, O_RDONLY
from kernel.sys.param import LINK_MAX
from kernel.sys.stat import S_IFDIR, SF_IMMUTABLE, UF_APPEND, UF_IMMUTABLE
from tests.syscalls.errnos import errnos
from tests.syscalls.files import touch

MKDIRS = {
    "mkdir": lambda path, mode=0o755: ("mkdir", path, mode),
    "mkdirat": lambda path, mode=0o755: ("mkdirat", AT_FDCWD, path, mode),
}
RMDIRS = {
    "rmdir": lambda path: ("rmdir", path),
    "unlinkat": lambda path: ("unlinkat", AT_FDCWD, path, AT_REMOVEDIR),
}


@errnos(Errno.ENOSPC, MKDIRS)
def test_full(fails, root, tmpfs, call):
    """The file system has no inode left."""
    tmpfs(b"m", 1 << 16, 3)
    root.mkdir(b"m/a", 0o755)
    fails(root, *call(b"m/b"))
    root.rmdir(b"m/a")
    root.mkdir(b"m/b", 0o755)


@errnos(Errno.EMLINK, MKDIRS)
def test_too_many_directories(fails, k, root, call):
    """The directory has as many directories as a link count can count; files still fit."""
    root.mkdir(b"d", 0o755)
    made = LINK_MAX - root.stat(b"d").st_nlink
    for n in range(made):
        root.mkdir(b"d/%d" % n, 0o755)
    assert root.stat(b"d").st_nlink == LINK_MAX
    fails(root, *call(b"d/new"))
    touch(root, b"d/f")
    root.rmdir(b"d/0")
    root.mkdir(b"d/new", 0o755)


@errnos(Errno.EPERM, MKDIRS)
@pytest.mark.parametrize("flag", [UF_IMMUTABLE, SF_IMMUTABLE])
def test_immutable(fails, root, call, flag):
    """The directory of the new one is immutable; append-only is no hindrance."""
    root.mkdir(b"d", 0o755)
    root.chflags(b"d", flag)
    fails(root, *call(b"d/new"))
    root.chflags(b"d", UF_APPEND)
    root.mkdir(b"d/new", 0o755)


@errnos(Errno.ENOTEMPTY, RMDIRS)
def test_not_empty(fails, root, call):
    """The directory has an entry other than "." and "..", of whatever kind; or it is "..", which has the first."""
    root.mkdir(b"d", 0o755)
    for make, remove in (
        (lambda: root.mkdir(b"d/x", 0o755), root.rmdir),
        (lambda: touch(root, b"d/x"), root.unlink),
        (lambda: root.symlink(b"nowhere", b"d/x"), root.unlink),
        (lambda: root.mkfifo(b"d/x", 0o644), root.unlink),
    ):
        make()
        for path in (b"d", b"d/", b"d//", b"./d"):
            fails(root, *call(path))
        remove(b"d/x")
    root.mkdir(b"d/e", 0o755)
    fails(root, *call(b"d/e/.."))
    root.chdir(b"d/e")
    fails(root, *call(b".."))


@errnos(Errno.EINVAL, RMDIRS)
def test_dot(fails, root, call):
    """The last component is "."; over ENOTEMPTY, and over the permission to write."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f")
    root.chmod(b"d", 0o555)
    root.mkdir(b"e", 0o755)
    for path in (b"d/.", b"d/./", b"e/.", b"."):
        fails(root, *call(path))
    root.chdir(b"e")
    fails(root, *call(b"."))


@errnos(Errno.EBUSY, RMDIRS)
def test_mount_point(fails, root, tmpfs, call):
    """A file system is mounted there, or the directory is a file system's root: over all else."""
    tmpfs(b"m")
    for path in (b"m", b"m/", b"m/.", b"/", b"//", b"/..", b"/.", b"/dev"):
        fails(root, *call(path))
    root.chdir(b"m")
    for path in (b".", b"/t/m", b"../m"):
        fails(root, *call(path))


@errnos(Errno.EINVAL, RMDIRS)
def test_own_root(fails, root, call):
    """The directory is the root directory of the process, by "..": no file system's, so not EBUSY."""
    root.mkdir(b"d", 0o755)
    root.chroot(b"d")
    fails(root, *call(b".."))
    fails(root, *call(b"/.."))


@errnos(Errno.EBUSY, RMDIRS)
def test_own_root_has_no_name(fails, root, call):
    """The path is "/", which has no name to take away, in a chroot either."""
    root.mkdir(b"d", 0o755)
    root.chroot(b"d")
    fails(root, *call(b"/"))


@errnos(Errno.ENOTDIR, RMDIRS)
def test_not_a_directory(fails, root, call):
    """The file is none, a symbolic link to a directory included."""
    touch(root, b"f")
    root.mkfifo(b"p", 0o644)
    root.mkdir(b"d", 0o755)
    root.symlink(b"d", b"l")
    for path in (b"f", b"p", b"l", b"/dev/null"):
        fails(root, *call(path))
    assert root.stat(b"d").st_nlink == 2


@errnos(Errno.EACCES, RMDIRS)
def test_not_ones_to_write(fails, root, user, call):
    """The directory that has it may not be written, or not be searched, whoever owns what goes: over ENOTEMPTY."""
    root.mkdir(b"d", 0o755)
    root.mkdir(b"d/e", 0o755)
    root.chown(b"d/e", 1000, 100)
    touch(user, b"d/e/f")
    fails(user, *call(b"d/e"))
    root.chmod(b"d", 0o766)
    fails(user, *call(b"d/e"))


@errnos(Errno.EPERM, RMDIRS)
def test_sticky(fails, root, user, other, call):
    """The directory that has it is sticky, and neither it nor that directory is the caller's: over ENOTEMPTY."""
    root.mkdir(b"d", 0o755)
    root.chmod(b"d", 0o1777)
    user.mkdir(b"d/e", 0o777)
    fails(other, *call(b"d/e"))
    touch(user, b"d/e/f")
    fails(other, *call(b"d/e"))
    user.unlink(b"d/e/f")
    user.call(*call(b"d/e"))
    root.chown(b"d", 1001, 101)
    user.mkdir(b"d/e", 0o755)
    other.call(*call(b"d/e"))


@errnos(Errno.EPERM, RMDIRS)
def test_flags(fails, root, call):
    """A flag of it, or of the directory that has it, forbids it."""
    root.mkdir(b"d", 0o755)
    root.mkdir(b"d/e", 0o755)
    for path, flag in (
        (b"d", UF_IMMUTABLE),
        (b"d", UF_APPEND),
        (b"d/e", UF_IMMUTABLE),
        (b"d/e", UF_APPEND),
    ):
        root.chflags(path, flag)
        fails(root, *call(b"d/e"))
        root.chflags(path, 0)
    root.call(*call(b"d/e"))


@errnos(Errno.ENOTEMPTY, RMDIRS)
def test_not_empty_before_flags(fails, root, call):
    """It is not empty: over EPERM of its flags."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f")
    root.chflags(b"d", UF_IMMUTABLE)
    fails(root, *call(b"d"))


@pytest.mark.parametrize("call", MKDIRS.values(), ids=MKDIRS)
def test_new_directory(root, user, call):
    """Its permissions are those asked for less the umask, without set-id and sticky bits; it has two links."""
    root.mkdir(b"d", 0o777)
    root.chmod(b"d", 0o2777)
    root.chown(b"d", 5, 77)
    for umask, mode, expected in (
        (0o022, 0o777, 0o755),
        (0, 0o7777, 0o777),
        (0o070, 0o345, 0o305),
        (0o501, 0o345, 0o244),
        (0, 0o170151, 0o151),
    ):
        user.umask(umask)
        user.call(*call(b"d/e", mode))
        st = root.stat(b"d/e")
        assert (st.st_mode, st.st_uid, st.st_gid) == (S_IFDIR | expected, 1000, 77)
        assert (st.st_nlink, st.st_size, st.st_flags) == (2, 0, 0)
        assert root.stat(b"d").st_nlink == 3
        root.rmdir(b"d/e")
        assert root.stat(b"d").st_nlink == 2


@pytest.mark.parametrize("call", MKDIRS.values(), ids=MKDIRS)
@pytest.mark.parametrize("path", [b"d/", b"d//", b"./d///", b"/t/d/"])
def test_slashes(root, call, path):
    """Slashes after the name of a directory say nothing; nor do they when it goes."""
    root.call(*call(path))
    assert root.stat(b"d").st_mode == S_IFDIR | 0o755
    root.rmdir(path)
    with pytest.raises(FileNotFoundError):
        root.stat(b"d")


def test_through_a_link(root):
    """With a slash after it a symbolic link is followed: a directory comes, or goes, where it leads."""
    root.symlink(b"real", b"l")
    with pytest.raises(FileExistsError):
        root.mkdir(b"l", 0o755)
    root.mkdir(b"l/", 0o755)
    assert root.stat(b"real").st_ino == root.stat(b"l").st_ino
    root.rmdir(b"l/")
    with pytest.raises(FileNotFoundError):
        root.stat(b"real")
    assert root.readlink(b"l", 9) == b"real"


def test_removed_while_in_use(root, user):
    """What is removed may stay open and current, without an entry, without links; its space comes back last."""
    root.mkdir(b"d", 0o777)
    root.chmod(b"d", 0o777)
    free = root.statvfs(b".").f_ffree
    fd = root.open(b"d", O_RDONLY | O_DIRECTORY)
    user.chdir(b"d")
    root.rmdir(b"d")
    st = root.fstat(fd)
    assert (st.st_nlink, st.st_mode) == (0, S_IFDIR | 0o777)
    assert root.getdents(fd, 512) == b""
    root.fchmod(fd, 0o733)
    root.fchdir(fd)
    for p in (root, user):
        with pytest.raises(FileNotFoundError):
            p.getcwd()
        with pytest.raises(FileNotFoundError):
            p.open(b"new", O_CREAT, 0o644)
        p.stat(b"/t")
        p.chdir(b"/t")
    root.mkdir(b"d", 0o755)
    assert root.stat(b"d").st_ino != st.st_ino
    root.rmdir(b"d")
    assert root.statvfs(b".").f_ffree == free
    root.close(fd)
    assert root.statvfs(b".").f_ffree == free + 1


def test_mkdir_needs_no_read_permission(root, user):
    """A directory that may be searched and written, but not read, takes a new one and gives it up."""
    root.mkdir(b"d", 0o777)
    root.chmod(b"d", 0o733)
    user.mkdir(b"d/e", 0)
    user.rmdir(b"d/e")
