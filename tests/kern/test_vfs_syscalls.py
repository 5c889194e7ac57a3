# SPDX-License-Identifier: BSD-2-Clause
"""open, lseek, getdents, umask, fsync and the limits of files."""

import pytest

from kernel.kern.kern_descrip import fd_close, fd_getfile
from kernel.kern.sys_generic import sys_pwrite, sys_read, sys_write
from kernel.kern.vfs_lookup import namei_simple
from kernel.kern.vfs_syscalls import (
    sys___getdents30,
    sys_fdatasync,
    sys_fdiscard,
    sys_fsync,
    sys_fsync_range,
    sys_lseek,
    sys_open,
    sys_posix_fallocate,
    sys_umask,
)
from kernel.kern.vfs_syscalls_attr import sys_chmod
from kernel.kern.vfs_syscalls_names import sys_mkdir, sys_symlink, sys_unlink
from kernel.kern.vfs_vnops import vn_stat
from kernel.sys.dirent import DT_DIR, DT_LNK, DT_REG, dirents
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    O_APPEND,
    O_CLOEXEC,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_NOFOLLOW,
    O_RDONLY,
    O_RDWR,
    O_REGULAR,
    O_TRUNC,
    O_WRONLY,
)
from kernel.sys.filedesc import UF_EXCLOSE
from kernel.sys.resource import RLIMIT_FSIZE
from kernel.sys.signal import SIGXFSZ, sigismember
from kernel.sys.ucred import ROOT_CRED
from kernel.sys.unistd import FDATASYNC, FFILESYNC, SEEK_CUR, SEEK_END, SEEK_SET


def stat(caller, path):
    address = caller.map(path + b"\0")
    return vn_stat(namei_simple(caller.lwp, address), ROOT_CRED)


def write(caller, fd, data):
    return caller(sys_write, fd, caller.map(data), len(data)) if data else 0


def read(caller, fd, size):
    address = caller.map(bytes(max(size, 1)))
    return caller.peek(address, caller(sys_read, fd, address, size))


def getdents(caller, fd, size=4096):
    address = caller.map(bytes(size))
    return list(dirents(caller.peek(address, caller(sys___getdents30, fd, address, size))))


def test_open_modes(root):
    """A new file has mode less umask, never S_ISTXT; its group is the directory's."""
    root.p.p_cwdi.cwdi_cmask = 0o027
    root(sys_open, b"/f", O_CREAT, 0o7777)
    assert stat(root, b"/f").st_mode == 0o106750
    assert root(sys_umask, 0o7077) == 0o027
    assert root.p.p_cwdi.cwdi_cmask == 0o7077


def test_open_lowest_descriptor(root):
    """open gives the lowest descriptor, and a failed one gives it back."""
    assert root(sys_open, b"/f", O_CREAT | O_CLOEXEC, 0o644) == 0
    assert root.p.p_fd.fd_ofileflags[0] == UF_EXCLOSE
    assert root.error(sys_open, b"/x", O_RDONLY, 0) == Errno.ENOENT
    assert root(sys_open, b"/f", O_RDONLY, 0) == 1
    fd_close(root.lwp, 0)
    assert root(sys_open, b"/f", O_RDONLY, 0) == 0


@pytest.mark.parametrize(
    ("path", "flags", "errno"),
    [
        (b"/f", 3, Errno.EINVAL),
        (b"/f", O_CREAT | O_DIRECTORY, Errno.EINVAL),
        (b"/f", O_CREAT | O_EXCL, Errno.EEXIST),
        (b"/l", O_CREAT | O_EXCL, Errno.EEXIST),
        (b"/l", O_NOFOLLOW, Errno.EFTYPE),
        (b"/gone", O_RDONLY, Errno.ENOENT),
        (b"/f", O_DIRECTORY, Errno.ENOTDIR),
        (b"/d", O_REGULAR, Errno.EFTYPE),
        (b"/d", O_WRONLY, Errno.EISDIR),
        (b"/d", O_TRUNC, Errno.EISDIR),
        (b"/d", O_CREAT | O_RDWR, Errno.EISDIR),
        (b"/new/", O_CREAT, Errno.ENOENT),
        (b"/f/", O_CREAT, Errno.ENOTDIR),
        (b"", O_RDONLY, Errno.ENOENT),
    ],
)
def test_open_errors(root, path, flags, errno):
    """Every refusal of open by its number, and no descriptor is lost."""
    root(sys_open, b"/f", O_CREAT, 0o644)
    root(sys_mkdir, b"/d", 0o755)
    root(sys_symlink, b"f", b"/l")
    root(sys_symlink, b"nowhere", b"/gone")
    assert root.error(sys_open, path, flags, 0o644) == errno
    assert root.p.p_kernel.nfiles == 1


def test_open_creates_through_a_link(root):
    """O_CREAT follows a link to nowhere and makes what it names."""
    root(sys_symlink, b"real", b"/l")
    root(sys_open, b"/l", O_CREAT, 0o600)
    assert stat(root, b"/real").st_mode == 0o100600


def test_open_permission(root, user):
    """The mode that is asked for must be allowed; one who makes a file may use it at once."""
    root(sys_chmod, b"/", 0o777)
    root(sys_open, b"/f", O_CREAT, 0o644)
    assert user.error(sys_open, b"/f", O_RDONLY, 0) is None
    assert user.error(sys_open, b"/f", O_RDWR, 0) == Errno.EACCES
    assert user.error(sys_open, b"/f", O_RDONLY | O_TRUNC, 0) == Errno.EACCES
    fd = user(sys_open, b"/mine", O_CREAT | O_RDWR, 0)
    assert write(user, fd, b"x") == 1
    assert user.error(sys_open, b"/mine", O_RDONLY, 0) == Errno.EACCES


def test_open_faults(root):
    """A path that cannot be read is EFAULT, one of 1024 bytes ENAMETOOLONG; EMFILE is real."""
    assert root.error(sys_open, 0, O_RDONLY, 0) == Errno.EFAULT
    assert root.error(sys_open, b"x" * 1024, O_RDONLY, 0) == Errno.ENAMETOOLONG
    for _ in range(128):
        root(sys_open, b"/", O_RDONLY, 0)
    assert root.error(sys_open, b"/", O_RDONLY, 0) == Errno.EMFILE


def test_trunc_and_append(root):
    """O_TRUNC empties, O_APPEND writes at the end wherever the offset is."""
    fd = root(sys_open, b"/f", O_CREAT | O_RDWR, 0o644)
    write(root, fd, b"0123456789")
    end = root(sys_open, b"/f", O_WRONLY | O_APPEND, 0)
    write(root, end, b"ab")
    assert root(sys_lseek, end, 0, SEEK_CUR) == 12
    root(sys_lseek, end, 3, SEEK_SET)
    root(sys_pwrite, end, root.map(b"c"), 1, 0)
    assert stat(root, b"/f").st_size == 13
    assert root(sys_lseek, end, 0, SEEK_CUR) == 3
    root(sys_open, b"/f", O_RDONLY | O_TRUNC, 0)
    assert stat(root, b"/f").st_size == 0
    assert read(root, fd, 10) == b""


def test_unlinked_but_open(root, kernel):
    """A file lives until its last close; then its inode and pages are free again."""
    tmp = kernel.rootvnode.v_mount.mnt_data
    before = tmp.tm_mem_used, tmp.tm_nodes_cnt
    fd = root(sys_open, b"/f", O_CREAT | O_RDWR, 0o644)
    write(root, fd, bytes(10_000))
    root(sys_unlink, b"/f")
    root(sys_lseek, fd, 0, SEEK_SET)
    assert len(read(root, fd, 20_000)) == 10_000
    assert tmp.tm_nodes_cnt == before[1] + 1
    fd_close(root.lwp, fd)
    assert (tmp.tm_mem_used, tmp.tm_nodes_cnt) == before


def test_lseek(root):
    """Offsets from three places; never below 0, past the end is fine."""
    fd = root(sys_open, b"/f", O_CREAT | O_RDWR, 0o644)
    write(root, fd, b"0123456789")
    assert root(sys_lseek, fd, -4, SEEK_END) == 6
    assert root(sys_lseek, fd, 1, SEEK_CUR) == 7
    assert read(root, fd, 10) == b"789"
    assert root(sys_lseek, fd, 1 << 40, SEEK_SET) == 1 << 40
    assert read(root, fd, 10) == b""
    assert root.error(sys_lseek, fd, -1, SEEK_SET) == Errno.EINVAL
    assert root.error(sys_lseek, fd, (1 << 63) - 1, SEEK_CUR) == Errno.EINVAL
    assert root.error(sys_lseek, fd, 0, 9) == Errno.EINVAL
    assert root.error(sys_lseek, 99, 0, SEEK_SET) == Errno.EBADF
    assert root(sys_lseek, fd, 0, SEEK_CUR) == 1 << 40


def test_rlimit_fsize(root):
    """A write past RLIMIT_FSIZE fails with EFBIG and posts SIGXFSZ."""
    fd = root(sys_open, b"/f", O_CREAT | O_RDWR, 0o644)
    root.p.p_limit[RLIMIT_FSIZE] = (10, 10)
    assert write(root, fd, b"0123456789") == 10
    assert root.error(sys_write, fd, root.map(b"x"), 1) == Errno.EFBIG
    assert sigismember(root.p.p_sigpend.sp_set, SIGXFSZ)
    assert stat(root, b"/f").st_size == 10


def test_write_faults_leave_nothing(root, kernel):
    """EFAULT: no byte and no page is taken."""
    used = kernel.rootvnode.v_mount.mnt_data.tm_mem_used
    fd = root(sys_open, b"/f", O_CREAT | O_RDWR, 0o644)
    after_create = kernel.rootvnode.v_mount.mnt_data.tm_mem_used
    assert root.error(sys_write, fd, 0x1000, 8192) == Errno.EFAULT
    assert kernel.rootvnode.v_mount.mnt_data.tm_mem_used == after_create > used
    assert stat(root, b"/f").st_size == 0


def test_getdents(root):
    """Dot and dot-dot come first; each entry has its inode and type; at the end comes nothing."""
    root(sys_mkdir, b"/d", 0o755)
    root(sys_mkdir, b"/d/sub", 0o755)
    root(sys_open, b"/d/file", O_CREAT, 0o644)
    root(sys_symlink, b"file", b"/d/link")
    fd = root(sys_open, b"/d", O_RDONLY, 0)
    entries = getdents(root, fd)
    assert [(e.d_name, e.d_type) for e in entries] == [
        (b".", DT_DIR),
        (b"..", DT_DIR),
        (b"sub", DT_DIR),
        (b"file", DT_REG),
        (b"link", DT_LNK),
    ]
    assert entries[0].d_fileno == stat(root, b"/d").st_ino
    assert entries[3].d_fileno == stat(root, b"/d/file").st_ino
    assert getdents(root, fd) == []


def test_getdents_cookies(root):
    """Reading on after names came and went gives each name that stayed once."""
    root(sys_mkdir, b"/d", 0o755)
    for i in range(20):
        root(sys_open, b"/d/%02d" % i, O_CREAT, 0o644)
        fd_close(root.lwp, 0)
    fd = root(sys_open, b"/d", O_RDONLY, 0)
    seen = [e.d_name for e in getdents(root, fd, 200)]
    cookie = root(sys_lseek, fd, 0, SEEK_CUR)
    for i in range(0, 20, 2):
        root(sys_unlink, b"/d/%02d" % i)
    root(sys_open, b"/d/new", O_CREAT, 0o644)
    rest = []
    while batch := getdents(root, fd, 100):
        rest += [e.d_name for e in batch]
    assert len(set(seen) & set(rest)) == 0
    assert {b"%02d" % i for i in range(1, 20, 2)} <= {*seen, *rest}
    assert rest[-1] == b"new"
    root(sys_lseek, fd, cookie, SEEK_SET)
    assert [e.d_name for e in getdents(root, fd)] == rest


def test_getdents_errors(root):
    """Only a directory open for reading; a cookie that was never given is EINVAL."""
    f = root(sys_open, b"/f", O_CREAT | O_RDWR, 0o644)
    d = root(sys_open, b"/", O_RDONLY, 0)
    buf = root.map(bytes(512))
    assert root.error(sys___getdents30, f, buf, 512) == Errno.EINVAL
    assert root.error(sys___getdents30, 99, buf, 512) == Errno.EBADF
    assert root.error(sys___getdents30, d, 0x1000, 512) == Errno.EFAULT
    root(sys_lseek, d, 1 << 40, SEEK_SET)
    assert root.error(sys___getdents30, d, buf, 512) == Errno.EINVAL
    fd_getfile(root.p, d).f_flag &= ~1
    assert root.error(sys___getdents30, d, buf, 512) == Errno.EBADF


def test_fsync(root):
    """Memory is always in step; the arguments are checked all the same."""
    fd = root(sys_open, b"/f", O_CREAT | O_RDWR, 0o644)
    ro = root(sys_open, b"/f", O_RDONLY, 0)
    assert root(sys_fsync, fd) == root(sys_fdatasync, ro) == 0
    assert root(sys_fsync_range, fd, FDATASYNC, 0, 10) == 0
    assert root.error(sys_fsync_range, ro, FDATASYNC, 0, 10) == Errno.EBADF
    assert root.error(sys_fsync_range, fd, 0, 0, 10) == Errno.EINVAL
    assert root.error(sys_fsync_range, fd, FDATASYNC | FFILESYNC, 0, 10) == Errno.EINVAL
    assert root.error(sys_fsync_range, fd, FFILESYNC, 5, -10) == Errno.EINVAL
    assert root.error(sys_fsync, 99) == Errno.EBADF


def test_fallocate(root):
    """tmpfs has neither, as NetBSD's; posix_fallocate returns its error."""
    fd = root(sys_open, b"/f", O_CREAT | O_RDWR, 0o644)
    d = root(sys_open, b"/", O_RDONLY, 0)
    assert root(sys_posix_fallocate, fd, 0, 10) == Errno.EOPNOTSUPP
    assert root(sys_posix_fallocate, fd, -1, 10) == Errno.EINVAL
    assert root(sys_posix_fallocate, d, 0, 10) == Errno.EBADF
    assert root.error(sys_fdiscard, fd, 0, 10) == Errno.EOPNOTSUPP
    assert root.error(sys_fdiscard, fd, 0, -1) == Errno.EINVAL
