# SPDX-License-Identifier: BSD-2-Clause
"""Names of files: made, linked, removed, renamed."""

import pytest

from kernel.kern.kern_descrip import fd_close
from kernel.kern.vfs_lookup import namei_simple
from kernel.kern.vfs_syscalls import sys_open
from kernel.kern.vfs_syscalls_attr import sys_chflags, sys_chmod, sys_chown
from kernel.kern.vfs_syscalls_names import (
    sys___mknod50,
    sys___posix_rename,
    sys_link,
    sys_linkat,
    sys_mkdir,
    sys_mkdirat,
    sys_mkfifo,
    sys_mkfifoat,
    sys_mknodat,
    sys_readlink,
    sys_readlinkat,
    sys_rename,
    sys_renameat,
    sys_rmdir,
    sys_symlink,
    sys_symlinkat,
    sys_unlink,
    sys_unlinkat,
)
from kernel.kern.vfs_vnops import vn_stat
from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, O_CREAT, O_RDONLY
from kernel.sys.ktrace import KTR_NAMEI, KTR_USER, KTRUSER_SYMLINK_TARGET
from kernel.sys.namei import FOLLOW, NOFOLLOW
from kernel.sys.param import LINK_MAX
from kernel.sys.stat import S_IFBLK, S_IFCHR, S_IFIFO, S_IFREG, S_IFSOCK, SF_IMMUTABLE, UF_APPEND
from kernel.sys.syscall import sysno
from kernel.sys.types import NODEV, makedev
from kernel.sys.ucred import ROOT_CRED


def stat(caller, path, flags=NOFOLLOW):
    address = caller.map(path + b"\0")
    return vn_stat(namei_simple(caller.lwp, address, flags), ROOT_CRED)


def exists(caller, path):
    return caller.error(sys_link, path, path) == Errno.EEXIST


def touch(caller, path, mode=0o644):
    fd_close(caller.lwp, caller(sys_open, path, O_CREAT, mode))


@pytest.fixture
def tree(root):
    """/d with d1 (file g), d2 (empty), f, and a link l -> f."""
    for path in (b"/d", b"/d/d1", b"/d/d2"):
        root(sys_mkdir, path, 0o755)
    touch(root, b"/d/f")
    touch(root, b"/d/d1/g")
    root(sys_symlink, b"f", b"/d/l")
    return root


def test_mkdir(root):
    """Two links, one more for each directory inside; set-id bits of the mode are dropped."""
    root(sys_mkdir, b"/a/", 0o7777)
    assert stat(root, b"/a").st_mode == 0o040755
    assert stat(root, b"/a").st_nlink == 2
    root(sys_mkdir, b"/a/b", 0o755)
    assert stat(root, b"/a").st_nlink == 3
    root(sys_rmdir, b"/a/b")
    assert stat(root, b"/a").st_nlink == 2


def test_group_is_the_directorys(root, user):
    """A new file has the effective uid and the directory's group."""
    root(sys_mkdir, b"/a", 0o777)
    root(sys_chmod, b"/a", 0o777)
    root(sys_chown, b"/a", 0, 77)
    touch(user, b"/a/f")
    assert (stat(root, b"/a/f").st_uid, stat(root, b"/a/f").st_gid) == (1000, 77)


@pytest.mark.parametrize(
    ("call", "errno"),
    [
        ((sys_mkdir, b"/d/f", 0o755), Errno.EEXIST),
        ((sys_mkdir, b"/d/l", 0o755), Errno.EEXIST),
        ((sys_mkdir, b"/d/d1/.", 0o755), Errno.EEXIST),
        ((sys_mkdir, b"/d/x/y", 0o755), Errno.ENOENT),
        ((sys_mkdir, b"/d/f/y", 0o755), Errno.ENOTDIR),
        ((sys_rmdir, b"/d/d1"), Errno.ENOTEMPTY),
        ((sys_rmdir, b"/d/f"), Errno.ENOTDIR),
        ((sys_rmdir, b"/d/l"), Errno.ENOTDIR),
        ((sys_rmdir, b"/d/d2/."), Errno.EINVAL),
        ((sys_rmdir, b"/d/d2/.."), Errno.ENOTEMPTY),
        ((sys_rmdir, b"/"), Errno.EBUSY),
        ((sys_rmdir, b"/d/x"), Errno.ENOENT),
        ((sys_unlink, b"/d/d2"), Errno.EPERM),
        ((sys_unlink, b"/d/x"), Errno.ENOENT),
        ((sys_unlink, b"/d/f/"), Errno.ENOTDIR),
        ((sys_link, b"/d/d1", b"/d/x"), Errno.EPERM),
        ((sys_link, b"/d/f", b"/d/d1"), Errno.EEXIST),
        ((sys_link, b"/d/x", b"/d/y"), Errno.ENOENT),
        ((sys_link, b"/d/f", b"/d/y/"), Errno.ENOENT),
        ((sys_symlink, b"x", b"/d/f"), Errno.EEXIST),
        ((sys_symlink, b"x" * 1024, b"/d/y"), Errno.ENAMETOOLONG),
        ((sys_symlink, 0, b"/d/y"), Errno.EFAULT),
        ((sys_readlink, b"/d/f", 0, 0), Errno.EINVAL),
        ((sys___mknod50, b"/d/y", S_IFSOCK | 0o644, 1), Errno.EINVAL),
        ((sys___mknod50, b"/d/y", S_IFCHR | 0o644, NODEV), Errno.EINVAL),
        ((sys___mknod50, b"/d/f", S_IFCHR | 0o644, 1), Errno.EEXIST),
        ((sys_mkfifo, b"/d/f", 0o644), Errno.EEXIST),
        ((sys_rename, b"/d/x", b"/d/y"), Errno.ENOENT),
        ((sys_rename, b"/d/f", b"/d/d2"), Errno.EISDIR),
        ((sys_rename, b"/d/d2", b"/d/f"), Errno.ENOTDIR),
        ((sys_rename, b"/d/d2", b"/d/d1"), Errno.ENOTEMPTY),
        ((sys_rename, b"/d/d1", b"/d/d1/x"), Errno.EINVAL),
        ((sys_rename, b"/d", b"/d/d1/x"), Errno.EINVAL),
        ((sys_rename, b"/d/d1/g", b"/d/d1"), Errno.EISDIR),
        ((sys_rename, b"/d/d1/.", b"/d/y"), Errno.EINVAL),
        ((sys_rename, b"/d/d1/..", b"/d/y"), Errno.EINVAL),
        ((sys_rename, b"/d/d2", b"/d/d1/."), Errno.EISDIR),
        ((sys_rename, b"/d/d2", b"/d/d1/.."), Errno.EINVAL),
        ((sys_rename, b"/d/f", b"/d/y/"), Errno.ENOENT),
        ((sys_rename, b"/d/f", b"/"), Errno.EBUSY),
        ((sys_rename, b"/", b"/d/y"), Errno.EBUSY),
        ((sys_rename, b"/d/f", b"/d/" + b"n" * 256), Errno.ENAMETOOLONG),
    ],
)
def test_refusals(tree, call, errno):
    """Each refusal by its number; nothing has changed after it."""
    before = sorted(tree.p.p_kernel.rootvnode.v_data.tn_dir.tn_names)
    assert tree.error(*call) == errno
    assert sorted(tree.p.p_kernel.rootvnode.v_data.tn_dir.tn_names) == before
    assert exists(tree, b"/d/f")
    assert stat(tree, b"/d/d1").st_nlink == 2


def test_link(tree):
    """Links are one file; a link to a symbolic link is one to its target, linkat's is not."""
    tree(sys_link, b"/d/l", b"/d/h")
    assert stat(tree, b"/d/h").st_ino == stat(tree, b"/d/f").st_ino
    assert stat(tree, b"/d/f").st_nlink == 2
    tree(sys_linkat, AT_FDCWD, b"/d/l", AT_FDCWD, b"/d/l2", 0)
    assert stat(tree, b"/d/l2").st_ino == stat(tree, b"/d/l").st_ino
    tree(sys_linkat, AT_FDCWD, b"/d/l", AT_FDCWD, b"/d/l3", AT_SYMLINK_FOLLOW)
    assert stat(tree, b"/d/l3").st_ino == stat(tree, b"/d/f").st_ino
    tree(sys_unlink, b"/d/f")
    assert stat(tree, b"/d/h").st_nlink == 2


def test_emlink(tree):
    """LINK_MAX links and no more, of files and of directories in a directory."""
    address = tree.map(b"/d/f\0")
    node = namei_simple(tree.lwp, address).v_data
    node.tn_links = LINK_MAX
    assert tree.error(sys_link, b"/d/f", b"/d/h") == Errno.EMLINK
    namei_simple(tree.lwp, tree.map(b"/d\0")).v_data.tn_links = LINK_MAX
    assert tree.error(sys_mkdir, b"/d/new", 0o755) == Errno.EMLINK
    assert tree.error(sys_rename, b"/d/d2", b"/d2") is None


def test_readlink(tree):
    """The target, cut to what fits, without a NUL; EFAULT when it cannot be stored."""
    address = tree.map(bytes(16))
    tree(sys_symlink, b"../some/where", b"/d/s")
    assert tree(sys_readlink, b"/d/s", address, 16) == 13
    assert tree.peek(address, 14) == b"../some/where\0"
    assert tree(sys_readlink, b"/d/s", address, 4) == 4
    assert tree.error(sys_readlink, b"/d/s", 0x1000, 16) == Errno.EFAULT


def test_mknod(tree, user):
    """Devices are the superuser's to make, FIFOs anybody's; S_IFREG makes a file."""
    tree(sys___mknod50, b"/d/c", S_IFCHR | 0o666, makedev(3, 7))
    assert stat(tree, b"/d/c").st_mode == S_IFCHR | 0o644
    assert stat(tree, b"/d/c").st_rdev == makedev(3, 7)
    tree(sys___mknod50, b"/d/b", S_IFBLK | 0o600, makedev(1, 0))
    tree(sys___mknod50, b"/d/r", S_IFREG | 0o600, 0)
    assert stat(tree, b"/d/r").st_mode == S_IFREG | 0o600
    tree(sys_chmod, b"/d", 0o777)
    assert user.error(sys___mknod50, b"/d/c2", S_IFCHR | 0o666, 1) == Errno.EPERM
    user(sys___mknod50, b"/d/p", S_IFIFO | 0o600, 0)
    assert stat(tree, b"/d/p").st_mode == S_IFIFO | 0o600


def test_rename_file(tree):
    """A file takes another's name; the other is gone, its links are one less."""
    tree(sys_link, b"/d/d1/g", b"/d/g2")
    tree(sys_rename, b"/d/f", b"/d/d1/g")
    assert not exists(tree, b"/d/f")
    assert stat(tree, b"/d/g2").st_nlink == 1
    tree(sys_rename, b"/d/d1/g", b"/d/f2")
    assert exists(tree, b"/d/f2")


def test_rename_directory(tree):
    """A directory moves with all in it; link counts and ".." follow; an empty one gives way."""
    tree(sys_mkdir, b"/e", 0o755)
    tree(sys_rename, b"/d/d1", b"/e/d1/")
    assert (stat(tree, b"/d").st_nlink, stat(tree, b"/e").st_nlink) == (3, 3)
    assert stat(tree, b"/e/d1/..").st_ino == stat(tree, b"/e").st_ino
    assert exists(tree, b"/e/d1/g")
    tree(sys_mkdir, b"/e/d3", 0o755)
    tree(sys_rename, b"/e/d1", b"/e/d3")
    assert exists(tree, b"/e/d3/g")
    assert stat(tree, b"/e").st_nlink == 3
    tree(sys_rename, b"/d/d2", b"/d/d2")
    assert stat(tree, b"/d/d2").st_nlink == 2


def test_rename_same_file(tree):
    """Two names of one file: BSD's rename removes the old one, POSIX's leaves both."""
    tree(sys_link, b"/d/f", b"/d/h")
    assert tree(sys___posix_rename, b"/d/f", b"/d/h") == 0
    assert stat(tree, b"/d/f").st_nlink == 2
    assert tree(sys_rename, b"/d/f", b"/d/f") == 0
    assert tree(sys_rename, b"/d/f", b"/d/h") == 0
    assert not exists(tree, b"/d/f")
    assert stat(tree, b"/d/h").st_nlink == 1


def test_rename_symlink(tree):
    """rename moves the link, never its target."""
    tree(sys_rename, b"/d/l", b"/d/m")
    assert stat(tree, b"/d/m").st_mode & 0o170000 == 0o120000
    assert exists(tree, b"/d/f")


def test_rename_permission(tree, user):
    """Both directories must be writable, and a directory whose parent changes."""
    assert user.error(sys_rename, b"/d/f", b"/d/y") == Errno.EACCES
    for path in (b"/d", b"/d/d1"):
        tree(sys_chmod, path, 0o777)
    assert user.error(sys_rename, b"/d/f", b"/d/d2/y") == Errno.EACCES
    assert user.error(sys_rename, b"/d/d2", b"/d/d1/d2") == Errno.EACCES
    assert user.error(sys_rename, b"/d/d2", b"/d/d3") is None
    assert user.error(sys_rename, b"/d/f", b"/d/d1/y") is None


@pytest.mark.parametrize("flag", [SF_IMMUTABLE, UF_APPEND])
def test_flags_forbid(tree, flag):
    """An immutable or append-only file keeps its names, and gets no more."""
    tree(sys_chflags, b"/d/f", flag)
    assert tree.error(sys_unlink, b"/d/f") == Errno.EPERM
    assert tree.error(sys_rename, b"/d/f", b"/d/y") == Errno.EPERM
    assert tree.error(sys_link, b"/d/f", b"/d/y") == Errno.EPERM
    touch(tree, b"/d/y")
    assert tree.error(sys_rename, b"/d/y", b"/d/f") == Errno.EPERM
    tree(sys_chflags, b"/d/f", 0)
    tree(sys_chflags, b"/d", flag)
    assert tree.error(sys_unlink, b"/d/f") == Errno.EPERM
    assert tree.error(sys_rmdir, b"/d/d2") == Errno.EPERM
    expected = Errno.EPERM if flag == SF_IMMUTABLE else None
    assert tree.error(sys_mkdir, b"/d/new", 0o755) == expected


def test_unlinkat(tree):
    """AT_REMOVEDIR makes it rmdir; relative to a descriptor."""
    fd = tree(sys_open, b"/d", O_RDONLY, 0)
    assert tree.error(sys_unlinkat, fd, b"d2", 0) == Errno.EPERM
    assert tree.error(sys_unlinkat, fd, b"f", AT_REMOVEDIR) == Errno.ENOTDIR
    tree(sys_unlinkat, fd, b"d2", AT_REMOVEDIR)
    tree(sys_unlinkat, fd, b"f", 0)
    assert not exists(tree, b"/d/f")


def test_at_calls(tree):
    """Each takes its path relative to a directory that is open."""
    d = tree(sys_open, b"/d", O_RDONLY, 0)
    e = tree(sys_open, b"/d/d1", O_RDONLY, 0)
    buffer = tree.map(bytes(8))
    tree(sys_mkdirat, d, b"new", 0o755)
    tree(sys_symlinkat, b"to", d, b"link")
    assert tree(sys_readlinkat, d, b"link", buffer, 8) == 2
    tree(sys_mkfifoat, d, b"fifo", 0o600)
    tree(sys_mknodat, d, b"dev", S_IFCHR | 0o600, 1)
    tree(sys_renameat, d, b"new", e, b"moved")
    tree(sys_linkat, d, b"f", e, b"f2", 0)
    for path in (b"/d/link", b"/d/fifo", b"/d/dev", b"/d/d1/f2"):
        assert exists(tree, path) or stat(tree, path).st_mode
    assert stat(tree, b"/d/d1/moved").st_nlink == 2
    f = tree(sys_open, b"/d/f", O_RDONLY, 0)
    for call in (
        (sys_mkdirat, f, b"x", 0o755),
        (sys_symlinkat, b"x", f, b"x"),
        (sys_readlinkat, f, b"x", buffer, 8),
        (sys_mkfifoat, f, b"x", 0o600),
        (sys_renameat, f, b"x", d, b"y"),
        (sys_renameat, d, b"f", f, b"y"),
        (sys_linkat, f, b"x", d, b"y", 0),
        (sys_unlinkat, f, b"x", 0),
    ):
        assert tree.error(*call) == Errno.ENOTDIR
        assert tree.error(*(99 if arg == f else arg for arg in call)) == Errno.EBADF


def test_times_of_directory_calls(tree, kernel):
    """What changes a directory sets its mtime and ctime; links set the file's ctime."""

    def changed(call, path):
        kernel.clock.now += 1_000_000
        before = stat(tree, path)
        kernel.clock.now += 1_000_000
        tree(*call)
        after = stat(tree, path)
        fields = ("st_atim", "st_mtim", "st_ctim", "st_birthtim")
        return "".join(f[3] for f in fields if getattr(before, f) != getattr(after, f))

    assert changed((sys_mkdir, b"/d/n", 0o755), b"/d") == "mc"
    assert changed((sys_rmdir, b"/d/n"), b"/d") == "mc"
    assert changed((sys_link, b"/d/f", b"/d/h"), b"/d/f") == "c"
    assert changed((sys_unlink, b"/d/h"), b"/d/f") == "c"
    assert changed((sys_rename, b"/d/f", b"/d/f2"), b"/d") == "mc"
    assert changed((sys_rename, b"/d/f2", b"/d/d1/f2"), b"/d/d1") == "mc"
    assert changed((sys_rename, b"/d/d1/f2", b"/d/f"), b"/d/d1") == "mc"
    assert changed((sys_symlink, b"x", b"/d/s"), b"/d") == "mc"
    assert changed((sys_readlink, b"/d/s", tree.map(bytes(8)), 8), b"/d/s") == "a"
    assert stat(tree, b"/d/s", FOLLOW if exists(tree, b"/d/x") else NOFOLLOW).st_size == 1


def test_the_target_of_a_link_is_in_the_trace(k):
    """As a record of the kernel's own before the link is looked up; not if it cannot be read."""
    p = k.process()
    with k.tracing(p) as trace:
        p.symlink("/no/such", "/tmp/link")
        with pytest.raises(OSError, match="exists"):
            p.symlink("other", "/tmp/link")
        with pytest.raises(OSError, match="Bad address"):
            p.syscall(sysno("symlink"), 0, 0)
    made = [
        (record.type, record.data if record.type == KTR_USER else record.payload)
        for record in trace().records
        if record.type in (KTR_USER, KTR_NAMEI)
    ]
    assert made == [
        (KTR_USER, b"/no/such"),
        (KTR_NAMEI, b"/tmp/link"),
        (KTR_USER, b"other"),
        (KTR_NAMEI, b"/tmp/link"),
    ]
    labels = {r.body().ktr_id.rstrip(b"\0") for r in trace().records if r.type == KTR_USER}
    assert labels == {KTRUSER_SYMLINK_TARGET}
    assert [call.target for call in trace().calls("symlink")] == [b"/no/such", b"other", None]
