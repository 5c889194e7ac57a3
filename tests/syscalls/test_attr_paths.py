# SPDX-License-Identifier: BSD-2-Clause
"""How a path, a descriptor or a pointer fails the calls on attributes: the same way for all."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, O_CREAT, O_RDONLY, O_RDWR
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.stat import UF_NODUMP
from kernel.sys.time import Timespec, Timeval
from tests.syscalls.errnos import errnos
from userland.libc.machine import curlwp
from userland.libc.stack import pushstr
from userland.libc.syscall import call as trap

BAD = 0x1000  # an address where there is nothing
TVS = (Timeval(1, 0), Timeval(2, 0))
TSS = (Timespec(1, 0), Timespec(2, 0))

# Calls that look a path up.
BY_PATH = {
    "chflags": lambda path: ("chflags", path, UF_NODUMP),
    "lchflags": lambda path: ("lchflags", path, UF_NODUMP),
    "chmod": lambda path: ("chmod", path, 0o600),
    "lchmod": lambda path: ("lchmod", path, 0o600),
    "fchmodat": lambda path: ("fchmodat", AT_FDCWD, path, 0o600),
    "chown": lambda path: ("chown", path, 1000, 100),
    "lchown": lambda path: ("lchown", path, 1000, 100),
    "fchownat": lambda path: ("fchownat", AT_FDCWD, path, 1000, 100),
    "posix_chown": lambda path: ("__posix_chown", path, 1000, 100),
    "posix_lchown": lambda path: ("__posix_lchown", path, 1000, 100),
    "stat": lambda path: ("stat", path),
    "lstat": lambda path: ("lstat", path),
    "fstatat": lambda path: ("fstatat", AT_FDCWD, path),
    "truncate": lambda path: ("truncate", path, 0),
    "utimes": lambda path: ("utimes", path, TVS),
    "lutimes": lambda path: ("lutimes", path, TVS),
    "utimensat": lambda path: ("utimensat", AT_FDCWD, path, TSS),
}
STATS = ("stat", "lstat", "fstatat")
CHANGES = {name: make for name, make in BY_PATH.items() if name not in STATS}

RELATIVE = {
    "fchmodat": lambda fd: ("fchmodat", fd, b"f", 0o600),
    "fchownat": lambda fd: ("fchownat", fd, b"f", 0, 0),
    "fstatat": lambda fd: ("fstatat", fd, b"f"),
    "utimensat": lambda fd: ("utimensat", fd, b"f", TSS),
}

BY_DESCRIPTOR = {
    "fchflags": lambda fd: ("fchflags", fd, UF_NODUMP),
    "fchmod": lambda fd: ("fchmod", fd, 0o600),
    "fchown": lambda fd: ("fchown", fd, 0, 0),
    "posix_fchown": lambda fd: ("__posix_fchown", fd, 0, 0),
    "ftruncate": lambda fd: ("ftruncate", fd, 0),
    "futimes": lambda fd: ("futimes", fd, TVS),
    "futimens": lambda fd: ("futimens", fd, TSS),
}

# Calls by their name in the table, the path's address in one register.
POINTERS = {
    "chflags": lambda at: (trap, "chflags", at, 0),
    "lchflags": lambda at: (trap, "lchflags", at, 0),
    "chmod": lambda at: (trap, "chmod", at, 0),
    "lchmod": lambda at: (trap, "lchmod", at, 0),
    "fchmodat": lambda at: (trap, "fchmodat", AT_FDCWD, at, 0, 0),
    "chown": lambda at: (trap, "chown", at, 0, 0),
    "lchown": lambda at: (trap, "lchown", at, 0, 0),
    "fchownat": lambda at: (trap, "fchownat", AT_FDCWD, at, 0, 0, 0),
    "posix_chown": lambda at: (trap, "__posix_chown", at, 0, 0),
    "posix_lchown": lambda at: (trap, "__posix_lchown", at, 0, 0),
    "stat": lambda at: (trap, "__stat50", at, BAD),
    "lstat": lambda at: (trap, "__lstat50", at, BAD),
    "fstatat": lambda at: (trap, "fstatat", AT_FDCWD, at, BAD, 0),
    "truncate": lambda at: (trap, "truncate", at, 0, 0),
    "utimes": lambda at: (trap, "__utimes50", at, 0),
    "lutimes": lambda at: (trap, "__lutimes50", at, 0),
    "utimensat": lambda at: (trap, "utimensat", AT_FDCWD, at, 0, 0),
}


@pytest.fixture
def touch():
    """Make an empty file."""

    def make(process, path, mode=0o644):
        process.close(process.open(path, O_CREAT | O_RDWR, mode))

    return make


@pytest.fixture
def readonly(k):
    """Make the root file system read-only."""
    mount = k.kernel.rootvnode.v_mount

    def remount():
        mount.mnt_flag |= MNT_RDONLY

    yield remount
    mount.mnt_flag &= ~MNT_RDONLY


@errnos(Errno.ENOENT, BY_PATH)
def test_no_such_file(fails, root, call):
    """The file, or a directory on the way to it, does not exist; or the path is empty."""
    fails(root, *call(b"missing"))
    fails(root, *call(b"missing/f"))
    fails(root, *call(b""))


@errnos(Errno.ENOTDIR, BY_PATH)
def test_file_on_the_way(fails, root, touch, call):
    """A component of the path that is not the last is no directory; or the last is none, with a slash after it."""
    touch(root, b"f")
    fails(root, *call(b"f/g"))
    fails(root, *call(b"f/"))


@errnos(Errno.EACCES, BY_PATH)
def test_closed_directory(fails, root, user, touch, call):
    """A directory on the way may not be searched."""
    root.mkdir(b"d", 0o700)
    touch(root, b"d/f", 0o666)
    root.chown(b"d/f", 1000, 100)
    fails(user, *call(b"d/f"))


@errnos(Errno.ELOOP, BY_PATH)
def test_loop(fails, root, call):
    """Symbolic links lead in a circle."""
    root.symlink(b"b", b"a")
    root.symlink(b"a", b"b")
    fails(root, *call(b"a/f"))


@errnos(
    Errno.ELOOP, {name: BY_PATH[name] for name in BY_PATH if name[0] != "l" and "_l" not in name}
)
def test_loop_at_the_end(fails, root, call):
    """The path is of a symbolic link that leads to itself."""
    root.symlink(b"a", b"a")
    fails(root, *call(b"a"))


@errnos(Errno.ENAMETOOLONG, BY_PATH)
def test_too_long(fails, root, call):
    """A component has more than 255 bytes, or the path more than 1023."""
    fails(root, *call(b"x" * 256))
    fails(root, *call(b"./" * 512))


@errnos(Errno.EFAULT, POINTERS)
def test_path_is_nowhere(fails, root, call):
    """The path is not in the caller's memory."""
    fails(root, *call(BAD))
    fails(root, *call(0))
    fails(root, *call(-1))


@errnos(
    Errno.EFAULT,
    {
        "stat": lambda fd: (trap, "__stat50", fd, BAD),
        "lstat": lambda fd: (trap, "__lstat50", fd, BAD),
        "fstatat": lambda fd: (trap, "fstatat", AT_FDCWD, fd, BAD, 0),
    },
)
def test_nowhere_to_store(fails, root, call):
    """The buffer is not in the caller's memory."""
    path = root.call(_user_string, b"/t")
    fails(root, *call(path))


def _user_string(path):
    """Push a string and leave it there; return its address."""
    return pushstr(curlwp(), path)


@pytest.mark.errno("fstat", Errno.EFAULT)
def test_nowhere_to_store_what_is_open(fails, root):
    """The buffer is not in the caller's memory."""
    fails(root, trap, "__fstat50", 0, BAD)


@errnos(Errno.EROFS, CHANGES)
def test_read_only(fails, root, touch, readonly, call):
    """The file is on a file system that is mounted read-only."""
    touch(root, b"f")
    readonly()
    fails(root, *call(b"f"))


@errnos(Errno.EROFS, BY_DESCRIPTOR)
def test_read_only_by_descriptor(fails, root, readonly, call):
    """The file system has become read-only since the file was opened."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    readonly()
    fails(root, *call(fd))


@errnos(Errno.EBADF, {**BY_DESCRIPTOR, "fstat": lambda fd: ("fstat", fd), **RELATIVE})
def test_not_open(fails, root, call):
    """The descriptor is not open."""
    fails(root, *call(99))
    fails(root, *call(-1))


@errnos(Errno.EINVAL, {**BY_DESCRIPTOR, **RELATIVE})
def test_pipe(fails, root, call):
    """The descriptor is of a pipe, not of a file."""
    fails(root, *call(root.pipe()[1]))


@errnos(
    Errno.EBADF,
    {
        "fchmodat": lambda: (trap, "fchmodat", 99, BAD, 0, 0),
        "fchownat": lambda: (trap, "fchownat", 99, BAD, 0, 0, 0),
        "utimensat": lambda: (trap, "utimensat", 99, BAD, 0, 0),
    },
)
def test_descriptor_before_the_path(fails, root, call):
    """The descriptor is looked at before the path."""
    fails(root, *call())


@pytest.mark.errno("fstatat", Errno.EFAULT)
def test_path_before_the_descriptor(fails, root):
    """The path is looked at before the descriptor, unlike in the calls that change."""
    fails(root, trap, "fstatat", 99, BAD, BAD, 0)


@errnos(
    Errno.EBADF,
    {
        "fchmodat": lambda: ("fchmodat", 99, b"/t/f", 0o600),
        "fchownat": lambda: ("fchownat", 99, b"/t/f", 0, 0),
        "fstatat": lambda: ("fstatat", 99, b"/t/f"),
        "utimensat": lambda: ("utimensat", 99, b"/t/f", TSS),
    },
)
def test_descriptor_of_an_absolute_path(fails, root, touch, call):
    """The descriptor is not open, though an absolute path would not need it: NetBSD 10 asks first."""
    touch(root, b"f")
    fails(root, *call())


@errnos(Errno.ENOTDIR, RELATIVE)
def test_relative_to_a_file(fails, root, call):
    """The descriptor that the path is relative to is not of a directory."""
    fails(root, *call(root.open(b"f", O_CREAT | O_RDWR, 0o644)))


@errnos(Errno.EACCES, RELATIVE)
def test_relative_to_a_closed_directory(fails, root, user, touch, call):
    """The directory that the path is relative to may not be searched."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f", 0o666)
    fd = user.open(b"d", O_RDONLY)
    root.chmod(b"d", 0o700)
    fails(user, *call(fd))


def test_relative(root, touch):
    """A path is relative to the open directory, wherever the caller is."""
    root.mkdir(b"d", 0o755)
    touch(root, b"d/f")
    fd = root.open(b"d", O_RDONLY)
    root.chdir(b"/")
    root.fchmodat(fd, b"f", 0o601)
    root.fchownat(fd, b"f", 7, 8)
    root.utimensat(fd, b"f", TSS)
    st = root.fstatat(fd, b"f")
    assert (st.st_mode & 0o777, st.st_uid, st.st_gid, st.st_mtim) == (0o601, 7, 8, 2 * 10**9)
    assert st == root.stat(b"/t/d/f")
