# SPDX-License-Identifier: BSD-2-Clause
import os

import pytest

from kernel.fs.hostfs.hostfs import HostfsArgs
from kernel.fs.hostfs.hostfs_vfsops import hostfs_vfsops
from kernel.kern.sys_descrip import sys___fstat50, sys_close
from kernel.kern.sys_generic import sys_pread, sys_pwrite, sys_read, sys_write
from kernel.kern.vfs_lookup import namei
from kernel.kern.vfs_mount import domount, dounmount
from kernel.kern.vfs_syscalls import sys___getdents30, sys_open
from kernel.kern.vfs_syscalls_attr import (
    sys___lstat50,
    sys___stat50,
    sys_access,
    sys_chmod,
    sys_truncate,
)
from kernel.kern.vfs_syscalls_names import (
    sys_link,
    sys_mkdir,
    sys_mkfifo,
    sys_readlink,
    sys_rename,
    sys_rmdir,
    sys_symlink,
    sys_unlink,
)
from kernel.sys.dirent import dirents
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.namei import FOLLOW, LOOKUP, Nameidata
from kernel.sys.stat import S_ISDIR, S_ISLNK, S_ISREG, SIZEOF_STAT, Stat


@pytest.fixture
def outside(tmp_path):
    """A host directory to mount, beside one that must stay out of reach."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"secret")
    top = tmp_path / "top"
    top.mkdir()
    (top / "file").write_bytes(b"content")
    (top / "dir").mkdir()
    (top / "dir" / "inner").write_bytes(b"inner")
    return top


def mounted(kernel, root, outside, flags=0):
    root(sys_mkdir, b"/mnt", 0o755)
    nd = Nameidata(LOOKUP, FOLLOW, b"/mnt")
    namei(root.lwp, nd)
    args = HostfsArgs(str(outside), 0, 0)
    return domount(kernel, hostfs_vfsops, nd.ni_vp, args, flags=flags, onname=b"/mnt")


@pytest.fixture
def mnt(kernel, root, outside):
    """The host directory, mounted read-write on /mnt, its files root's."""
    return mounted(kernel, root, outside)


@pytest.fixture
def readonly(kernel, root, outside):
    """The same, read-only."""
    return mounted(kernel, root, outside, MNT_RDONLY)


def contents(caller, path):
    fd = caller(sys_open, path, O_RDONLY, 0)
    there = caller.map(bytes(4096))
    data = caller.peek(there, caller(sys_read, fd, there, 4096))
    caller(sys_close, fd)
    return data


def write(caller, fd, data):
    return caller(sys_write, fd, caller.map(data), len(data))


def stat(caller, path, call=sys___stat50):
    sb = caller.map(bytes(SIZEOF_STAT))
    caller(call, path, sb)
    return Stat.unpack(caller.peek(sb, SIZEOF_STAT))


def names(caller, path, size=4096):
    """All names in a directory, read size bytes at a time."""
    fd = caller(sys_open, path, O_RDONLY, 0)
    there = caller.map(bytes(size))
    found = []
    while count := caller(sys___getdents30, fd, there, size):
        found += [entry.d_name for entry in dirents(caller.peek(there, count))]
    caller(sys_close, fd)
    return found


@pytest.mark.usefixtures("mnt")
def test_read(root):
    """The host's files are read as any others."""
    assert contents(root, b"/mnt/file") == b"content"
    assert contents(root, b"/mnt/dir/../dir/inner") == b"inner"
    assert root.error(sys_open, b"/mnt/none", O_RDONLY, 0) is Errno.ENOENT
    assert root.error(sys_open, b"/mnt/file/x", O_RDONLY, 0) is Errno.ENOTDIR
    assert root.error(sys_open, b"/mnt/dir", O_WRONLY, 0) is Errno.EISDIR


@pytest.mark.usefixtures("mnt")
def test_write(root, outside):
    """What is written is on the host, at once."""
    fd = root(sys_open, b"/mnt/new", O_RDWR | O_CREAT | O_EXCL, 0o444)
    write(root, fd, b"abc")
    root(sys_pwrite, fd, root.map(b"Z"), 1, 5)

    assert (outside / "new").read_bytes() == b"abc\0\0Z"
    assert (outside / "new").stat().st_mode & 0o777 == 0o444
    root(sys_close, fd)
    fd = root(sys_open, b"/mnt/file", O_WRONLY | O_APPEND, 0)
    write(root, fd, b"+")
    assert (outside / "file").read_bytes() == b"content+"
    root(sys_open, b"/mnt/file", O_WRONLY | O_TRUNC, 0)
    assert (outside / "file").read_bytes() == b""
    root(sys_truncate, b"/mnt/file", 9)
    assert (outside / "file").stat().st_size == 9


@pytest.mark.usefixtures("mnt")
@pytest.mark.parametrize(
    "target", ["../secret/key", "{top}/../secret/key", "dir/../../secret/key", "/etc/passwd"]
)
def test_links_lead_nowhere_outside(root, outside, target):
    """A host's symbolic link is followed in the guest's tree, whatever it says."""
    (outside / "escape").symlink_to(target.format(top=outside))

    assert root.error(sys_open, b"/mnt/escape", O_RDONLY, 0) is Errno.ENOENT
    assert root.error(sys_truncate, b"/mnt/escape", 0) is Errno.ENOENT
    assert (outside.parent / "secret" / "key").read_bytes() == b"secret"


@pytest.mark.usefixtures("mnt")
def test_dotdot_ends_at_the_mount_point(root, outside):
    """.. of the mounted directory is the guest's, in links and in paths."""
    (outside / "up").symlink_to("..")
    (outside / "dir" / "upup").symlink_to("../..")

    for path in (b"/mnt/..", b"/mnt/up", b"/mnt/dir/upup", b"/mnt/dir/../.."):
        assert names(root, path) == [b".", b"..", b"mnt"]
    assert root.error(sys_open, b"/mnt/../secret/key", O_RDONLY, 0) is Errno.ENOENT


@pytest.mark.usefixtures("mnt")
def test_directory_links_outside_are_not_walked(root, outside):
    """A link in the middle of a path is no way out either."""
    (outside / "out").symlink_to(outside.parent / "secret")

    assert root.error(sys_open, b"/mnt/out/key", O_RDONLY, 0) is Errno.ENOENT
    assert root.error(sys_mkdir, b"/mnt/out/x", 0o755) is Errno.ENOENT


@pytest.mark.usefixtures("mnt")
def test_a_directory_swapped_for_a_link_is_not_followed(root, outside):
    """The host putting a link where a directory was does not open a way out."""
    root(sys_open, b"/mnt/file", O_RDONLY, 0)
    os.rename(outside / "dir", outside / "gone")
    (outside / "dir").symlink_to(outside.parent / "secret")

    assert root.error(sys_open, b"/mnt/dir/key", O_RDONLY, 0) is Errno.ENOENT


def test_read_only(root, readonly, outside):
    """Nothing can be changed on a read-only mount."""
    assert contents(root, b"/mnt/file") == b"content"
    for call, *args in (
        (sys_open, b"/mnt/file", O_WRONLY, 0),
        (sys_open, b"/mnt/file", O_RDONLY | O_TRUNC, 0),
        (sys_open, b"/mnt/new", O_RDWR | O_CREAT, 0o600),
        (sys_mkdir, b"/mnt/d", 0o755),
        (sys_mkfifo, b"/mnt/p", 0o600),
        (sys_symlink, b"x", b"/mnt/l"),
        (sys_link, b"/mnt/file", b"/mnt/l"),
        (sys_unlink, b"/mnt/file"),
        (sys_rmdir, b"/mnt/dir"),
        (sys_rename, b"/mnt/file", b"/mnt/g"),
        (sys_chmod, b"/mnt/file", 0),
        (sys_truncate, b"/mnt/file", 0),
    ):
        assert root.error(call, *args) is Errno.EROFS, call.__name__
    assert sorted(os.listdir(outside)) == ["dir", "file"]


@pytest.mark.usefixtures("mnt")
def test_names(root, outside):
    """Names are made, linked, renamed and taken away."""
    root(sys_mkdir, b"/mnt/d", 0o750)
    assert (outside / "d").stat().st_mode & 0o777 == 0o750
    root(sys_link, b"/mnt/file", b"/mnt/d/hard")
    assert stat(root, b"/mnt/file").st_nlink == 2
    assert stat(root, b"/mnt/file").st_ino == stat(root, b"/mnt/d/hard").st_ino
    root(sys_unlink, b"/mnt/file")
    assert contents(root, b"/mnt/d/hard") == b"content"
    root(sys_symlink, b"d/hard", b"/mnt/soft")
    assert contents(root, b"/mnt/soft") == b"content"
    there = root.map(bytes(20))
    assert root.peek(there, root(sys_readlink, b"/mnt/soft", there, 20)) == b"d/hard"
    root(sys_rename, b"/mnt/d", b"/mnt/e")
    assert contents(root, b"/mnt/e/hard") == b"content"
    assert root.error(sys_rmdir, b"/mnt/e") is Errno.ENOTEMPTY
    root(sys_unlink, b"/mnt/e/hard")
    root(sys_rmdir, b"/mnt/e")
    assert sorted(os.listdir(outside)) == ["dir", "soft"]
    assert root.error(sys_rename, b"/mnt/dir", b"/mnt/dir/x") is Errno.EINVAL
    assert root.error(sys_rename, b"/mnt/dir", b"/dir") is Errno.EXDEV


@pytest.mark.usefixtures("mnt")
def test_unlinked_but_open(root):
    """An open file outlives its name."""
    fd = root(sys_open, b"/mnt/file", O_RDWR, 0)
    root(sys_unlink, b"/mnt/file")
    there = root.map(bytes(8))

    assert root(sys_pread, fd, there, 8, 0) == 7
    assert root(sys_pwrite, fd, there, 1, 0) == 1
    sb = root.map(bytes(SIZEOF_STAT))
    root(sys___fstat50, fd, sb)
    assert Stat.unpack(root.peek(sb, SIZEOF_STAT)).st_nlink == 0


@pytest.mark.usefixtures("mnt")
def test_attributes(root, outside):
    """Types, sizes and modes are the host's; its user is whom the mount says."""
    (outside / "soft").symlink_to("file")
    st = stat(root, b"/mnt/file")
    assert S_ISREG(st.st_mode)
    assert (st.st_size, st.st_uid, st.st_gid) == (7, 0, 0)
    assert st.st_mtim == (outside / "file").stat().st_mtime_ns
    assert S_ISDIR(stat(root, b"/mnt/dir").st_mode)
    assert S_ISLNK(stat(root, b"/mnt/soft", sys___lstat50).st_mode)
    root(sys_chmod, b"/mnt/file", 0o2640)
    assert (outside / "file").stat().st_mode & 0o7777 == 0o2640
    assert stat(root, b"/mnt").st_dev != stat(root, b"/").st_dev


@pytest.mark.usefixtures("mnt")
def test_the_guest_s_permissions_hold(root, user):
    """A user of the guest gets what the modes give to others."""
    root(sys_chmod, b"/mnt/file", 0o600)
    root(sys_chmod, b"/mnt/dir", 0o700)

    assert user.error(sys_open, b"/mnt/file", O_RDONLY, 0) is Errno.EACCES
    assert user.error(sys_open, b"/mnt/dir/inner", O_RDONLY, 0) is Errno.EACCES
    assert user.error(sys_access, b"/mnt/file", 4) is Errno.EACCES
    assert user.error(sys_chmod, b"/mnt/file", 0o666) is Errno.EPERM
    assert user.error(sys_open, b"/mnt/new", O_RDWR | O_CREAT, 0o600) is Errno.EACCES


@pytest.mark.usefixtures("mnt")
def test_directory_listing(root, outside):
    """Entries come sorted, each once, however small the buffer."""
    for number in range(100):
        (outside / "dir" / f"n{number:03}").write_bytes(b"")
    expected = [b".", b"..", b"inner", *(b"n%03d" % number for number in range(100))]

    assert names(root, b"/mnt/dir") == expected
    assert names(root, b"/mnt/dir", 64) == expected


@pytest.mark.usefixtures("mnt")
def test_removing_while_listing(root, outside):
    """A name keeps its cookie: none is passed over because others have gone."""
    for number in range(50):
        (outside / "dir" / f"n{number:03}").write_bytes(b"")
    fd = root(sys_open, b"/mnt/dir", O_RDONLY, 0)
    there = root.map(bytes(256))
    while count := root(sys___getdents30, fd, there, 256):
        for entry in dirents(root.peek(there, count)):
            if entry.d_name not in {b".", b".."}:
                root(sys_unlink, b"/mnt/dir/" + entry.d_name)
    root(sys_rmdir, b"/mnt/dir")


def test_host_descriptors_are_given_back(kernel, root, outside, mnt):
    """Nothing stays open on the host when nobody holds a file, and nothing after unmounting."""
    before = len(os.listdir("/dev/fd"))
    for _ in range(5):
        fds = [root(sys_open, b"/mnt/dir/inner", O_RDWR, 0) for _ in range(3)]
        for fd in fds:
            root(sys_close, fd)
        names(root, b"/mnt/dir")
    assert len(os.listdir("/dev/fd")) <= before + 1
    dounmount(mnt, 0)
    assert kernel.mountlist[-1] is not mnt


def test_no_such_directory(kernel, root, tmp_path):
    """The host's error comes through by name."""
    with pytest.raises(KernelError) as caught:
        mounted(kernel, root, tmp_path / "none")
    assert caught.value.errno is Errno.ENOENT
