# SPDX-License-Identifier: BSD-2-Clause
"""EROFS: every call that would change something, on each kind of read-only mount."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    AT_FDCWD,
    AT_REMOVEDIR,
    AT_SYMLINK_NOFOLLOW,
    O_CREAT,
    O_EXCL,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
)
from kernel.sys.mount import MNT_RDONLY, MNT_UPDATE
from kernel.sys.stat import S_IFCHR, S_IFIFO, S_IFREG
from kernel.sys.types import makedev
from kernel.sys.unistd import R_OK, W_OK, X_OK
from tests.syscalls.errnos import errnos
from userland.libc import tmpfs_args

# What is there: a file f, an empty directory d, a symbolic link l to f, a FIFO p, a device c.


@pytest.fixture(params=["tmpfs", "null", "null below", "hostfs"])
def readonly(request, k, root, tmp_path):
    """The current directory of root is on a file system mounted read-only."""
    for name in (b"below", b"m"):
        root.mkdir(name, 0o755)
    kind = request.param
    if kind == "hostfs":
        k.offer(b"outside", tmp_path)
        root.mount(b"hostfs", b"below", 0, b"outside")
    else:
        root.mount(b"tmpfs", b"below", 0, tmpfs_args())
    root.close(root.open(b"below/f", O_CREAT | O_WRONLY, 0o666))
    root.mkdir(b"below/d", 0o755)
    root.symlink(b"f", b"below/l")
    root.mkfifo(b"below/p", 0o666)
    if kind == "null":
        root.mount(b"null", b"m", MNT_RDONLY, b"/t/below")
        root.chdir(b"m")
        return
    where = b"tmpfs" if kind != "hostfs" else b"hostfs"
    root.mount(where, b"below", MNT_UPDATE | MNT_RDONLY, tmpfs_args())
    if kind == "null below":
        root.mount(b"null", b"m", 0, b"/t/below")
        root.chdir(b"m")
    else:
        root.chdir(b"below")


CHANGING = {
    "open+write": lambda: ("open", b"f", O_WRONLY),
    "open+both": lambda: ("open", b"f", O_RDWR),
    "open+truncate": lambda: ("open", b"f", O_RDONLY | O_TRUNC),
    "open+create": lambda: ("open", b"new", O_CREAT | O_RDONLY, 0o644),
    "open+excl": lambda: ("open", b"new", O_CREAT | O_EXCL | O_RDWR, 0o644),
    "openat": lambda: ("openat", AT_FDCWD, b"new", O_CREAT | O_WRONLY, 0o644),
    "mkdir": lambda: ("mkdir", b"new", 0o755),
    "mkdirat": lambda: ("mkdirat", AT_FDCWD, b"new", 0o755),
    "mkfifo": lambda: ("mkfifo", b"new", 0o644),
    "mkfifoat": lambda: ("mkfifoat", AT_FDCWD, b"new", 0o644),
    "mknod+device": lambda: ("mknod", b"new", S_IFCHR | 0o644, makedev(2, 2)),
    "mknod+fifo": lambda: ("mknod", b"new", S_IFIFO | 0o644, 0),
    "mknod+file": lambda: ("mknod", b"new", S_IFREG | 0o644, 0),
    "mknodat": lambda: ("mknodat", AT_FDCWD, b"new", S_IFCHR | 0o644, makedev(2, 2)),
    "symlink": lambda: ("symlink", b"f", b"new"),
    "symlinkat": lambda: ("symlinkat", b"f", AT_FDCWD, b"new"),
    "link": lambda: ("link", b"f", b"new"),
    "linkat": lambda: ("linkat", AT_FDCWD, b"f", AT_FDCWD, b"new", 0),
    "unlink": lambda: ("unlink", b"f"),
    "unlink+missing": lambda: ("unlink", b"none"),
    "unlinkat": lambda: ("unlinkat", AT_FDCWD, b"f", 0),
    "unlinkat+directory": lambda: ("unlinkat", AT_FDCWD, b"d", AT_REMOVEDIR),
    "rmdir": lambda: ("rmdir", b"d"),
    "rename": lambda: ("rename", b"f", b"new"),
    "rename+over": lambda: ("rename", b"f", b"l"),
    "rename+out": lambda: ("rename", b"f", b"/t/f"),
    "rename+in": lambda: ("rename", b"/etc/passwd", b"f"),
    "renameat": lambda: ("renameat", AT_FDCWD, b"f", AT_FDCWD, b"new"),
    "posix_rename": lambda: ("__posix_rename", b"f", b"new"),
    "chmod": lambda: ("chmod", b"f", 0o600),
    "chmod+directory": lambda: ("chmod", b"d", 0o700),
    "chmod+fifo": lambda: ("chmod", b"p", 0o600),
    "lchmod": lambda: ("lchmod", b"l", 0o600),
    "fchmodat": lambda: ("fchmodat", AT_FDCWD, b"f", 0o600, 0),
    "chown": lambda: ("chown", b"f", 1, 1),
    "lchown": lambda: ("lchown", b"l", 1, 1),
    "posix_chown": lambda: ("__posix_chown", b"f", 1, 1),
    "posix_lchown": lambda: ("__posix_lchown", b"l", 1, 1),
    "fchownat": lambda: ("fchownat", AT_FDCWD, b"f", 1, 1, AT_SYMLINK_NOFOLLOW),
    "truncate": lambda: ("truncate", b"f", 5),
    "truncate+same": lambda: ("truncate", b"f", 0),
    "utimes": lambda: ("utimes", b"f", None),
    "lutimes": lambda: ("lutimes", b"l", None),
    "utimensat": lambda: ("utimensat", AT_FDCWD, b"f", None, 0),
    "access": lambda: ("access", b"f", W_OK),
    "access+directory": lambda: ("access", b"d", W_OK | X_OK),
    "faccessat": lambda: ("faccessat", AT_FDCWD, b"f", W_OK, 0),
}


@errnos(Errno.EROFS, CHANGING)
def test_by_name(fails, readonly, root, call):
    """The file system of the file, or of a name that comes or goes, is mounted read-only."""
    fails(root, *call())


@errnos(
    Errno.EROFS,
    {
        "fchmod": lambda fd: ("fchmod", fd, 0o600),
        "fchown": lambda fd: ("fchown", fd, 1, 1),
        "posix_fchown": lambda fd: ("__posix_fchown", fd, 1, 1),
        "futimes": lambda fd: ("futimes", fd, None),
        "futimens": lambda fd: ("futimens", fd, None),
    },
)
def test_open_file(fails, readonly, root, call):
    """The open file's file system is mounted read-only."""
    fails(root, *call(root.open(b"f", O_RDONLY)))
    fails(root, *call(root.open(b"d", O_RDONLY)))


@errnos(
    Errno.EROFS,
    {
        "chflags": lambda fd: ("chflags", b"m/f", 0),
        "lchflags": lambda fd: ("lchflags", b"m/f", 0),
        "fchflags": lambda fd: ("fchflags", fd, 0),
    },
)
def test_flags(fails, root, call):
    """The file system whose files have flags is mounted read-only."""
    root.mkdir(b"m", 0o755)
    root.mount(b"tmpfs", b"m", 0, tmpfs_args())
    root.close(root.open(b"m/f", O_CREAT, 0o644))
    root.mount(b"tmpfs", b"m", MNT_UPDATE | MNT_RDONLY, tmpfs_args())
    fails(root, *call(root.open(b"m/f", O_RDONLY)))


def test_what_goes_on(readonly, root):
    """Reading, listing and looking; FIFOs carry their bytes, as those are not stored."""
    assert root.read(root.open(b"f", O_RDONLY), 10) == b""
    assert root.getdents(root.open(b".", O_RDONLY), 4096)
    assert root.readlink(b"l", 10) == b"f"
    assert root.access(b"f", R_OK) == 0
    fd = root.open(b"p", O_RDWR)
    root.write(fd, b"x")
    assert root.read(fd, 1) == b"x"
    root.chdir(b"d")
    root.chdir(b"/t")


@pytest.mark.parametrize("readonly", ["tmpfs", "null below", "hostfs"], indirect=True)
def test_reading_leaves_no_mark(readonly, root):
    """The access time stays; not through a read-only layer over what is not."""
    before = root.stat(b"f").st_atim
    root.read(root.open(b"f", O_RDONLY), 10)
    assert root.stat(b"f").st_atim == before


@pytest.mark.errno("open", Errno.EACCES)
def test_permission_first(fails, readonly, root, user):
    """A directory on the way cannot be searched: that wins over EROFS."""
    root.mkdir(b"/t/closed", 0o700)
    fails(user, "open", b"/t/closed/f", O_CREAT | O_WRONLY, 0o644)


@errnos(
    Errno.EEXIST,
    {
        "mkdir": lambda: ("mkdir", b"d", 0o755),
        "mkfifo": lambda: ("mkfifo", b"f", 0o644),
        "symlink": lambda: ("symlink", b"x", b"f"),
        "link": lambda: ("link", b"f", b"l"),
        "open": lambda: ("open", b"f", O_CREAT | O_EXCL | O_RDWR, 0o644),
    },
)
def test_name_is_taken(fails, readonly, root, call):
    """The name that would be made is there: that wins over EROFS."""
    fails(root, *call())
