# SPDX-License-Identifier: BSD-2-Clause
"""Attributes of files: who may change them, and what changes with them."""

import pytest

from kernel.kern.kern_descrip import fd_close
from kernel.kern.sys_generic import sys_read, sys_write
from kernel.kern.vfs_lookup import namei_simple
from kernel.kern.vfs_syscalls import sys_open
from kernel.kern.vfs_syscalls_attr import (
    sys___futimes50,
    sys___lutimes50,
    sys___posix_chown,
    sys___posix_fchown,
    sys___posix_lchown,
    sys___stat50,
    sys___utimes50,
    sys_access,
    sys_chflags,
    sys_chmod,
    sys_chown,
    sys_faccessat,
    sys_fchflags,
    sys_fchmod,
    sys_fchmodat,
    sys_fchown,
    sys_fchownat,
    sys_fstatat,
    sys_ftruncate,
    sys_futimens,
    sys_lchflags,
    sys_lchmod,
    sys_lchown,
    sys_lpathconf,
    sys_pathconf,
    sys_truncate,
    sys_utimensat,
)
from kernel.kern.vfs_syscalls_mount import (
    sys___fstatvfs190,
    sys___getvfsstat90,
    sys___statvfs190,
    sys_sync,
)
from kernel.kern.vfs_syscalls_names import sys_mkdir, sys_symlink
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    AT_EACCESS,
    AT_FDCWD,
    AT_SYMLINK_NOFOLLOW,
    O_APPEND,
    O_CREAT,
    O_RDONLY,
    O_RDWR,
    O_WRONLY,
)
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.stat import (
    S_ISGID,
    SF_IMMUTABLE,
    SIZEOF_STAT,
    UF_APPEND,
    UF_IMMUTABLE,
    UF_NODUMP,
    UTIME_NOW,
    UTIME_OMIT,
    Stat,
)
from kernel.sys.statvfs import SIZEOF_STATVFS, Statvfs
from kernel.sys.time import Timespec, Timeval
from kernel.sys.unistd import _PC_LINK_MAX, _PC_NAME_MAX, F_OK, R_OK, W_OK, X_OK
from kernel.sys.vnode import Vnode

ALL_ONES = 0xFFFFFFFF


def stat(caller, path, flag=AT_SYMLINK_NOFOLLOW):
    address = caller.map(bytes(SIZEOF_STAT))
    caller(sys_fstatat, AT_FDCWD, path, address, flag)
    return Stat.unpack(caller.peek(address, SIZEOF_STAT))


def vnode(caller, path) -> Vnode:
    return namei_simple(caller.lwp, caller.map(path + b"\0"))


@pytest.fixture
def tree(root, user):
    """/f (root's, 0644), /mine (the user's, 0644), /d, /l -> f; / is everybody's."""
    root(sys_chmod, b"/", 0o777)
    for path, caller in ((b"/f", root), (b"/mine", user)):
        fd_close(caller.lwp, caller(sys_open, path, O_CREAT, 0o644))
    root(sys_chown, b"/mine", 1000, 1000)
    root(sys_mkdir, b"/d", 0o755)
    root(sys_symlink, b"f", b"/l")
    return root


def test_stat(tree, kernel):
    """stat follows links, lstat does not; all of struct stat is told."""
    st = stat(tree, b"/l", 0)
    assert (st.st_ino, st.st_mode, st.st_nlink) == (stat(tree, b"/f").st_ino, 0o100644, 1)
    assert (st.st_dev, st.st_blksize) == (kernel.rootvnode.v_mount.mnt_fsid, 4096)
    assert st.st_birthtim == st.st_ctim == kernel.clock.now
    assert stat(tree, b"/l").st_mode == 0o120755
    assert stat(tree, b"/l").st_size == 1
    assert tree.error(sys___stat50, b"/f", 0x1000) == Errno.EFAULT
    assert tree.error(sys___stat50, 0x1000, 0x1000) == Errno.EFAULT


def test_access(tree, user):
    """access is about the real ids, AT_EACCESS about the effective ones; also in directories."""
    assert user.error(sys_access, b"/f", F_OK) is None
    assert user.error(sys_access, b"/f", R_OK) is None
    assert user.error(sys_access, b"/f", W_OK) == Errno.EACCES
    assert tree.error(sys_access, b"/f", R_OK | W_OK) is None
    assert tree.error(sys_access, b"/f", X_OK) == Errno.EACCES
    assert tree.error(sys_access, b"/d", X_OK) is None
    assert tree.error(sys_access, b"/f", 8) == Errno.EINVAL
    tree.p.p_cred = tree.p.p_cred._replace(cr_ruid=1000, cr_rgid=1000)
    assert tree.error(sys_access, b"/f", W_OK) == Errno.EACCES
    assert tree.error(sys_faccessat, AT_FDCWD, b"/f", W_OK, AT_EACCESS) is None
    tree(sys_chmod, b"/d", 0o700)
    assert tree.error(sys_access, b"/d/x", F_OK) == Errno.EACCES


def test_group_permission(tree, user):
    """The first class that fits decides: owner, then group, then others."""
    tree(sys_chmod, b"/f", 0o604)
    tree(sys_chown, b"/f", 0, 2000)
    assert user.error(sys_open, b"/f", O_RDONLY, 0) == Errno.EACCES
    tree(sys_chmod, b"/f", 0o640)
    assert user.error(sys_open, b"/f", O_RDONLY, 0) is None
    user(sys_chmod, b"/mine", 0o077)
    assert user.error(sys_open, b"/mine", O_RDONLY, 0) == Errno.EACCES


def test_chmod(tree, user):
    """Only the owner; S_ISGID of one's own group; S_ISTXT on directories."""
    assert user.error(sys_chmod, b"/f", 0o600) == Errno.EPERM
    assert user.error(sys_chmod, b"/mine", 0o6755) is None
    assert stat(tree, b"/mine").st_mode == 0o106755
    assert user.error(sys_chmod, b"/mine", 0o1755) == Errno.EFTYPE
    assert tree.error(sys_chmod, b"/f", 0o1755) is None
    tree(sys_chown, b"/mine", -1, 3000)
    assert user.error(sys_chmod, b"/mine", S_ISGID) == Errno.EPERM
    tree(sys_lchmod, b"/l", 0o700)
    assert stat(tree, b"/l").st_mode == 0o120700
    fd = user(sys_open, b"/mine", O_RDONLY, 0)
    user(sys_fchmod, fd, 0o600)
    assert stat(tree, b"/mine").st_mode == 0o100600


def test_chown(tree, user):
    """The owner gives a file to another group of its own, nothing else."""
    assert user.error(sys_chown, b"/mine", 0, -1) == Errno.EPERM
    assert user.error(sys_chown, b"/mine", -1, 3000) == Errno.EPERM
    assert user.error(sys_chown, b"/f", -1, 2000) == Errno.EPERM
    assert user.error(sys_chown, b"/mine", 1000, 2000) is None
    assert (stat(tree, b"/mine").st_uid, stat(tree, b"/mine").st_gid) == (1000, 2000)
    tree(sys_lchown, b"/l", 5, 6)
    assert (stat(tree, b"/l").st_uid, stat(tree, b"/f").st_uid) == (5, 0)


@pytest.mark.parametrize(
    ("uid", "gid", "mode"),
    [(1, ALL_ONES, 0o2755), (ALL_ONES, 1, 0o4755), (1, 1, 0o755), (-1, -1, 0o6755)],
)
def test_chown_clears_set_id(tree, uid, gid, mode):
    """BSD: a new owner clears S_ISUID, a new group S_ISGID, for the superuser too."""
    tree(sys_chmod, b"/f", 0o6755)
    tree(sys_chown, b"/f", uid, gid)
    assert stat(tree, b"/f").st_mode & 0o7777 == mode


def test_posix_chown(tree, user):
    """POSIX: the superuser keeps the bits, others lose both."""
    tree(sys_chmod, b"/f", 0o6755)
    tree(sys___posix_chown, b"/f", 1, 1)
    assert stat(tree, b"/f").st_mode & 0o7777 == 0o6755
    user(sys_chmod, b"/mine", 0o6755)
    user(sys___posix_chown, b"/mine", 1000, 2000)
    assert stat(tree, b"/mine").st_mode & 0o7777 == 0o755


def test_write_clears_set_id(tree, user):
    """A write by others than the superuser clears the set-id bits."""
    tree(sys_chmod, b"/f", 0o6777)
    for caller, mode in ((tree, 0o6777), (user, 0o777)):
        fd = caller(sys_open, b"/f", O_WRONLY, 0)
        caller(sys_write, fd, caller.map(b"x"), 1)
        assert stat(tree, b"/f").st_mode & 0o7777 == mode


def test_chflags(tree, user):
    """The owner sets UF_*, only the superuser SF_*; immutable and append-only hold."""
    assert user.error(sys_chflags, b"/f", UF_NODUMP) == Errno.EPERM
    assert user.error(sys_chflags, b"/mine", SF_IMMUTABLE) == Errno.EPERM
    user(sys_chflags, b"/mine", UF_IMMUTABLE)
    assert stat(tree, b"/mine").st_flags == UF_IMMUTABLE
    assert user.error(sys_open, b"/mine", O_WRONLY, 0) == Errno.EPERM
    assert tree.error(sys_open, b"/mine", O_WRONLY, 0) == Errno.EPERM
    assert user.error(sys_chmod, b"/mine", 0o600) == Errno.EPERM
    assert user.error(sys_truncate, b"/mine", 0) == Errno.EPERM
    user(sys_chflags, b"/mine", UF_APPEND)
    assert user.error(sys_open, b"/mine", O_WRONLY, 0) == Errno.EPERM
    fd = user(sys_open, b"/mine", O_WRONLY | O_APPEND, 0)
    assert user.error(sys_ftruncate, fd, 0) == Errno.EPERM
    user(sys_fchflags, fd, 0)
    assert user.error(sys_ftruncate, fd, 0) is None
    tree(sys_chflags, b"/mine", SF_IMMUTABLE)
    assert user.error(sys_chflags, b"/mine", 0) == Errno.EPERM


def test_truncate(tree, user):
    """Sizes go up by a hole and down; each refusal by its number."""
    fd = user(sys_open, b"/mine", O_RDWR, 0)
    user(sys_write, fd, user.map(b"0123456789"), 10)
    user(sys_truncate, b"/mine", 4)
    user(sys_ftruncate, fd, 8)
    fresh = user(sys_open, b"/mine", O_RDONLY, 0)
    buffer = user.map(bytes(16))
    assert user(sys_read, fresh, buffer, 16) == 8
    assert user.peek(buffer, 8) == b"0123\0\0\0\0"
    assert user.error(sys_truncate, b"/mine", -1) == Errno.EINVAL
    assert user.error(sys_truncate, b"/d", 0) == Errno.EISDIR
    assert user.error(sys_truncate, b"/f", 0) == Errno.EACCES
    assert user.error(sys_ftruncate, fresh, 0) == Errno.EINVAL
    assert user.error(sys_ftruncate, 99, 0) == Errno.EBADF


def timevals(caller, *times):
    return caller.map(b"".join(Timeval(*tv).pack() for tv in times))


def timespecs(caller, *times):
    return caller.map(b"".join(Timespec(*ts).pack() for ts in times))


def test_utimes(tree, user, kernel):
    """Times are set to what is given or to now; the birth is never after the modification."""
    tree(sys___utimes50, b"/l", timevals(tree, (10, 1), (20, 2)))
    st = stat(tree, b"/f")
    assert (st.st_atim, st.st_mtim) == (10_000_001_000, 20_000_002_000)
    assert st.st_birthtim == st.st_mtim
    kernel.clock.now += 5
    tree(sys___utimes50, b"/f", 0)
    assert stat(tree, b"/f").st_atim == stat(tree, b"/f").st_mtim == kernel.clock.now
    tree(sys___lutimes50, b"/l", timevals(tree, (1, 0), (2, 0)))
    assert stat(tree, b"/l").st_mtim == 2 * 10**9
    assert tree.error(sys___utimes50, b"/f", timevals(tree, (1, 1_000_000), (0, 0))) == Errno.EINVAL
    assert tree.error(sys___utimes50, b"/f", 0x1000) == Errno.EFAULT
    assert user.error(sys___utimes50, b"/f", timevals(user, (1, 0), (1, 0))) == Errno.EPERM
    assert user.error(sys___utimes50, b"/f", 0) == Errno.EACCES
    tree(sys_chmod, b"/f", 0o666)
    assert user.error(sys___utimes50, b"/f", 0) is None


def test_utimensat(tree, user, kernel):
    """UTIME_NOW is now, UTIME_OMIT leaves; both now needs only write permission."""
    tree(sys_utimensat, AT_FDCWD, b"/f", timespecs(tree, (1, 2), (3, 4)), 0)
    kernel.clock.now += 7
    tree(sys_utimensat, AT_FDCWD, b"/f", timespecs(tree, (0, UTIME_OMIT), (0, UTIME_NOW)), 0)
    st = stat(tree, b"/f")
    assert (st.st_atim, st.st_mtim) == (1_000_000_002, kernel.clock.now)
    long = timespecs(tree, (1, 10**9), (1, 0))
    assert tree.error(sys_utimensat, AT_FDCWD, b"/f", long, 0) is None
    assert stat(tree, b"/f").st_atim == 2 * 10**9
    tree(sys_chmod, b"/f", 0o666)
    both = timespecs(user, (0, UTIME_NOW), (0, UTIME_NOW))
    assert user.error(sys_utimensat, AT_FDCWD, b"/f", both, 0) is None
    one = timespecs(user, (0, UTIME_NOW), (0, UTIME_OMIT))
    assert user.error(sys_utimensat, AT_FDCWD, b"/f", one, 0) == Errno.EPERM
    fd = tree(sys_open, b"/f", O_RDONLY, 0)
    tree(sys_futimens, fd, timespecs(tree, (5, 0), (6, 0)))
    assert stat(tree, b"/f").st_mtim == 6 * 10**9


def test_times(tree, kernel):
    """Each call changes exactly the times it should."""
    fd = tree(sys_open, b"/f", O_RDWR, 0)
    buffer = tree.map(b"data")

    def changed(*call):
        before = stat(tree, b"/f")
        kernel.clock.now += 1_000
        tree(*call)
        after = stat(tree, b"/f")
        fields = ("st_atim", "st_mtim", "st_ctim", "st_birthtim")
        return "".join(f[3] for f in fields if getattr(before, f) != getattr(after, f))

    assert changed(sys_write, fd, buffer, 4) == "mc"
    assert changed(sys_write, fd, buffer, 0) == ""
    assert changed(sys_read, fd, buffer, 4) == "a"
    assert changed(sys_read, fd, buffer, 0) == ""
    assert changed(sys_chmod, b"/f", 0o600) == "c"
    assert changed(sys_fchown, fd, 1, 1) == "c"
    assert changed(sys_chflags, b"/f", UF_NODUMP) == "c"
    assert changed(sys_truncate, b"/f", 2) == "mc"
    assert changed(sys_truncate, b"/f", 2) == "mc"
    assert changed(sys___stat50, b"/f", tree.map(bytes(SIZEOF_STAT))) == ""
    assert changed(sys_open, b"/f", O_RDONLY, 0) == ""


def test_relatives(tree, user):
    """The calls on descriptors, on links themselves and relative to directories do the same."""
    fd = tree(sys_open, b"/f", O_RDWR, 0)
    root = tree(sys_open, b"/", O_RDONLY, 0)
    tree(sys___futimes50, fd, timevals(tree, (1, 0), (2, 0)))
    assert stat(tree, b"/f").st_mtim == 2 * 10**9
    tree(sys_fchmodat, root, b"f", 0o6755, 0)
    tree(sys_fchownat, root, b"l", 7, 8, AT_SYMLINK_NOFOLLOW)
    assert (stat(tree, b"/l").st_uid, stat(tree, b"/f").st_uid) == (7, 0)
    tree(sys___posix_fchown, fd, 9, -1)
    assert (stat(tree, b"/f").st_uid, stat(tree, b"/f").st_mode) == (9, 0o106755)
    tree(sys___posix_lchown, b"/l", 3, 3)
    assert stat(tree, b"/l").st_uid == 3
    tree(sys_lchflags, b"/l", UF_NODUMP)
    assert (stat(tree, b"/l").st_flags, stat(tree, b"/f").st_flags) == (UF_NODUMP, 0)
    assert tree(sys_lpathconf, b"/l", _PC_NAME_MAX) == 255
    assert tree.error(sys_fchmodat, fd, b"x", 0, 0) == Errno.ENOTDIR
    assert tree.error(sys_fchmodat, 99, b"/f", 0, 0) == Errno.EBADF


def test_read_only(tree, kernel):
    """On a read-only mount nothing changes, not even access times."""
    fd = tree(sys_open, b"/f", O_RDWR, 0)
    kernel.rootvnode.v_mount.mnt_flag |= MNT_RDONLY
    for call in (
        (sys_open, b"/f", O_WRONLY, 0),
        (sys_open, b"/new", O_CREAT, 0o644),
        (sys_chmod, b"/f", 0o600),
        (sys_chown, b"/f", 1, 1),
        (sys_chflags, b"/f", 0),
        (sys_truncate, b"/f", 0),
        (sys_ftruncate, fd, 0),
        (sys___utimes50, b"/f", 0),
        (sys_mkdir, b"/new", 0o755),
        (sys_access, b"/f", W_OK),
        (sys_write, fd, tree.map(b"x"), 1),
    ):
        assert tree.error(*call) == Errno.EROFS
    assert tree.error(sys_mkdir, b"/d", 0o755) == Errno.EEXIST


def test_pathconf(tree):
    """Limits by name."""
    assert tree(sys_pathconf, b"/", _PC_NAME_MAX) == 255
    assert tree(sys_pathconf, b"/f", _PC_LINK_MAX) == 32767
    assert tree.error(sys_pathconf, b"/", 99) == Errno.EINVAL


def test_statvfs(tree, kernel):
    """Sizes, counts and names of a file system; getvfsstat lists all."""
    address = tree.map(bytes(2 * SIZEOF_STATVFS))
    tree(sys___statvfs190, b"/f", address, 0)
    sv = Statvfs.unpack(tree.peek(address, SIZEOF_STATVFS))
    assert (sv.f_fstypename, sv.f_mntonname, sv.f_namemax) == (b"tmpfs", b"/", 255)
    assert sv.f_blocks * sv.f_frsize == 64 << 20
    assert sv.f_files - sv.f_ffree == kernel.rootvnode.v_mount.mnt_data.tm_nodes_cnt
    fd = tree(sys_open, b"/f", O_RDONLY, 0)
    tree(sys___fstatvfs190, fd, address, 0)
    assert Statvfs.unpack(tree.peek(address, SIZEOF_STATVFS)) == sv
    assert tree(sys___getvfsstat90, 0, 0, 0) == 1
    assert tree(sys___getvfsstat90, address, 2 * SIZEOF_STATVFS, 0) == 1
    assert tree(sys___getvfsstat90, address, 10, 0) == 0
    assert tree(sys_sync) == 0
