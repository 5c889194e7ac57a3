# SPDX-License-Identifier: BSD-2-Clause
"""What of the host can be mounted, how, and what stays out of reach."""

import os

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.mount import MNT_FORCE, MNT_NODEV, MNT_NOSUID, MNT_RDONLY, MNT_UPDATE
from kernel.sys.socket import AF_LOCAL, SOCK_STREAM
from kernel.sys.stat import S_ISSOCK
from kernel.sys.un import SockaddrUn
from userland.libc import null_args


@pytest.fixture
def outside(tmp_path):
    """A host directory to offer, beside one that must stay out of reach."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("secret")
    top = tmp_path / "top"
    (top / "dir").mkdir(parents=True)
    (top / "file").write_text("content")
    return top


@pytest.fixture
def p(k, outside):
    """The super-user; the directory is offered as "data", and as "rodata" for reading."""
    k.offer(b"data", outside)
    k.offer(b"rodata", outside, readonly=True)
    p = k.root()
    p.mkdir(b"/m", 0o755)
    p.mkdir(b"/n", 0o755)
    return p


def refused(errno, call, *args):
    with pytest.raises(OSError) as caught:  # noqa: PT011
        call(*args)
    assert caught.value.errno == errno


def test_only_what_is_offered(p, outside):
    """A path of the host is no name of what is offered, nor is one made of it."""
    for name in (bytes(outside), b"/", b".", b"data/dir", b"data/..", b"../data", b"Data"):
        refused(Errno.ENOENT, p.mount, b"hostfs", b"/m", 0, name)
    p.mount(b"hostfs", b"/m", 0, b"data")
    assert p.read(p.open(b"/m/file", O_RDONLY), 100) == b"content"
    state = p.statvfs(b"/m")
    assert (state.f_fstypename, state.f_mntfromname) == (b"hostfs", b"data")


def test_no_devices_no_set_id(p):
    """Whatever mount(2) is told."""
    p.mount(b"hostfs", b"/m", 0, b"data")
    assert p.statvfs(b"/m").f_flag & (MNT_NODEV | MNT_NOSUID) == MNT_NODEV | MNT_NOSUID
    p.mount(b"hostfs", b"/m", MNT_UPDATE, None)
    assert p.statvfs(b"/m").f_flag & (MNT_NODEV | MNT_NOSUID) == MNT_NODEV | MNT_NOSUID


def test_offered_for_reading(p):
    """Not even the super-user mounts it otherwise, at first or later."""
    refused(Errno.EROFS, p.mount, b"hostfs", b"/m", 0, b"rodata")
    p.mount(b"hostfs", b"/m", MNT_RDONLY, b"rodata")
    refused(Errno.EROFS, p.mount, b"hostfs", b"/m", MNT_UPDATE, None)
    p.mount(b"null", b"/n", 0, b"/m")
    for path in (b"/m/new", b"/n/new"):
        refused(Errno.EROFS, p.open, path, O_CREAT | O_WRONLY, 0o644)
    refused(Errno.EROFS, p.truncate, b"/n/file", 0)


def test_mounted_read_only_by_the_host(k, p, outside):
    """So does what System.mount has mounted for reading stay so."""
    k.mount(outside, b"/ro", readonly=True)
    refused(Errno.EROFS, p.mount, b"hostfs", b"/ro", MNT_UPDATE, None)
    refused(Errno.EROFS, p.unlink, b"/ro/file")


def test_remount(p, outside):
    """One that may be written becomes read-only, and writable again."""
    p.mount(b"hostfs", b"/m", 0, b"data")
    fd = p.open(b"/m/file", O_RDWR)
    refused(Errno.EBUSY, p.mount, b"hostfs", b"/m", MNT_UPDATE | MNT_RDONLY, None)
    p.mount(b"hostfs", b"/m", MNT_UPDATE | MNT_RDONLY | MNT_FORCE, None)
    refused(Errno.EIO, p.write, fd, b"x")
    p.close(fd)
    refused(Errno.EROFS, p.unlink, b"/m/file")
    p.mount(b"hostfs", b"/m", MNT_UPDATE, None)
    p.unlink(b"/m/file")
    assert not (outside / "file").exists()


def test_nothing_leads_out(p, outside):
    """Neither links nor ".." nor renamed directories, through the mount or a layer over it."""
    (outside / "abs").symlink_to(outside.parent / "secret" / "key")
    (outside / "rel").symlink_to("../secret/key")
    (outside / "dir" / "up").symlink_to("../..")
    p.mount(b"hostfs", b"/m", 0, b"data")
    p.mount(b"null", b"/n", 0, b"/m/dir")
    for path in (b"/m/abs", b"/m/rel", b"/m/dir/up/secret/key", b"/n/up/secret/key"):
        refused(Errno.ENOENT, p.open, path, O_RDONLY)
        refused(Errno.ENOENT, p.truncate, path, 0)
        refused(Errno.ENOENT, p.stat, path)
    for path in (b"/m/../secret", b"/n/../../secret", b"/m/dir/../../secret"):
        refused(Errno.ENOENT, p.stat, path)
    p.chdir(b"/m/dir")
    (outside / "dir").rename(outside.parent / "moved")
    assert p.stat(b"..").st_ino == p.stat(b"/m").st_ino
    for path in (b"../secret", b"../../secret", b"../../../secret"):
        refused(Errno.ENOENT, p.stat, path)
    p.chdir(b"/")


def test_link_swapped_for_a_directory(p, outside):
    """What was a directory when it was opened, and is a link now, is not followed."""
    p.mount(b"hostfs", b"/m", 0, b"data")
    p.stat(b"/m/dir")
    (outside / "dir").rmdir()
    (outside / "dir").symlink_to("../secret")
    refused(Errno.ENOENT, p.open, b"/m/dir/key", O_RDONLY)


def test_two_mounts_of_one_directory(k, p, outside):
    """Two file systems, the same files: numbers and data agree."""
    p.mount(b"hostfs", b"/m", 0, b"data")
    p.mount(b"hostfs", b"/n", 0, b"data")
    one, other = p.stat(b"/m/file"), p.stat(b"/n/file")
    assert one.st_dev != other.st_dev
    assert one.st_ino == other.st_ino
    p.unlink(b"/m/file")
    refused(Errno.ENOENT, p.stat, b"/n/file")


def test_numbers_of_several_devices(k, p):
    """Files of different devices of the host do not share a number."""
    k.offer(b"dev", "/dev")
    p.mount(b"hostfs", b"/m", MNT_RDONLY, b"dev")
    roots = {}
    for name in ("/dev", "/dev/shm", "/dev/pts"):
        if os.path.isdir(name):
            roots[os.stat(name).st_dev] = p.stat(b"/m" + name.removeprefix("/dev").encode())
    if len(roots) < 2:
        pytest.skip("this host has one device below /dev")
    assert len({st.st_ino for st in roots.values()}) == len(roots)


def test_sockets(p, outside):
    """A name that a socket is bound to: bytes flow in the guest, the host has a name alone."""
    p.mount(b"hostfs", b"/m", 0, b"data")
    name = SockaddrUn(b"/m/dir/s")
    server = p.socket(AF_LOCAL, SOCK_STREAM)
    p.umask(0o022)
    p.bind(server, name)
    p.listen(server, 1)
    assert S_ISSOCK(p.stat(b"/m/dir/s").st_mode)
    assert (outside / "dir" / "s").stat().st_mode & 0o777 == 0o755
    client = p.socket(AF_LOCAL, SOCK_STREAM)
    p.connect(client, name)
    p.write(client, b"hi")
    accepted, _ = p.accept(server)
    assert p.read(accepted, 8) == b"hi"
    refused(Errno.EADDRINUSE, p.bind, p.socket(AF_LOCAL, SOCK_STREAM), name)
    p.close(server)
    refused(Errno.ECONNREFUSED, p.connect, p.socket(AF_LOCAL, SOCK_STREAM), name)
    p.unlink(b"/m/dir/s")
    assert not os.listdir(outside / "dir")
    p.mount(b"hostfs", b"/n", MNT_RDONLY, b"rodata")
    refused(Errno.EROFS, p.bind, p.socket(AF_LOCAL, SOCK_STREAM), SockaddrUn(b"/n/s"))


@pytest.mark.parametrize("kind", ["fifo", "directory", "file"])
def test_removed_while_open(p, kind):
    """What has lost its name can still be told of."""
    p.mount(b"hostfs", b"/m", 0, b"data")
    if kind == "fifo":
        p.mkfifo(b"/m/x", 0o640)
    elif kind == "directory":
        p.mkdir(b"/m/x", 0o750)
    else:
        p.close(p.open(b"/m/x", O_CREAT | O_WRONLY, 0o640))
    fd = p.open(b"/m/x", O_RDONLY if kind == "directory" else O_RDWR)
    before = p.fstat(fd)
    (p.rmdir if kind == "directory" else p.unlink)(b"/m/x")
    after = p.fstat(fd)
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    assert after.st_nlink == 0
    p.close(fd)


def test_attributes_of_a_removed_file(p):
    """Mode, owner and times can be set through a descriptor that outlived the name."""
    p.mount(b"hostfs", b"/m", 0, b"data")
    fd = p.open(b"/m/file", O_RDWR)
    p.unlink(b"/m/file")
    p.fchmod(fd, 0o600)
    p.futimes(fd, None)
    p.fchown(fd, 0xFFFFFFFF, 0xFFFFFFFF)
    assert p.fstat(fd).st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only the host's root gives files away")
def test_whose_a_new_file_is(k, p, outside):
    """The maker's, and of the directory's group; its mode has all the bits that were asked for."""
    os.chown(outside / "dir", 1000, 7)
    p.mount(b"hostfs", b"/m", 0, b"data")
    user = k.process(1000, 100)
    user.umask(0)
    user.close(user.open(b"/m/dir/f", O_CREAT | O_WRONLY, 0o6755))
    user.mkdir(b"/m/dir/d", 0o751)
    user.mkfifo(b"/m/dir/p", 0o642)
    user.symlink(b"x", b"/m/dir/l")
    for name, mode in (("f", 0o6755), ("d", 0o751), ("p", 0o642)):
        st = (outside / "dir" / name).lstat()
        assert (st.st_uid, st.st_gid, st.st_mode & 0o7777) == (1000, 7, mode), name
    assert (outside / "dir" / "l").lstat().st_gid == 7


def test_set_id_bits(k, p, outside):
    """They go when another than root writes."""
    p.mount(b"hostfs", b"/m", 0, b"data")
    p.chmod(b"/m/file", 0o6777)
    p.write(p.open(b"/m/file", O_WRONLY), b"root")
    assert p.stat(b"/m/file").st_mode & 0o7777 == 0o6777
    user = k.process(1000, 100)
    user.write(user.open(b"/m/file", O_WRONLY), b"user")
    assert (outside / "file").stat().st_mode & 0o7777 == 0o777


def test_force(p):
    """What is open when it is unmounted with MNT_FORCE is dead, and closed on the host."""
    p.mount(b"hostfs", b"/m", 0, b"data")
    fd = p.open(b"/m/file", O_RDWR)
    refused(Errno.EBUSY, p.unmount, b"/m")
    p.unmount(b"/m", MNT_FORCE)
    refused(Errno.EIO, p.read, fd, 1)
    p.close(fd)


def test_revoke(p, outside):
    """A file of the host is taken away from who has it open, and can be opened anew."""
    p.mount(b"hostfs", b"/m", 0, b"data")
    fd = p.open(b"/m/file", O_RDWR)
    p.revoke(b"/m/file")
    refused(Errno.EIO, p.write, fd, b"x")
    assert p.read(p.open(b"/m/file", O_RDONLY), 10) == b"content"
    assert (outside / "file").read_text() == "content"
    p.revoke(b"/m")
    p.stat(b"/m/file")


def test_bad_arguments(p):
    """No data, too few, or a name that is nowhere."""
    refused(Errno.EINVAL, p.mount, b"hostfs", b"/m", 0, None)
    refused(Errno.EFAULT, p.mount, b"hostfs", b"/m", 0, null_args(0x1000), 8)


def test_no_such_offer(k, tmp_path):
    """What is not there cannot be offered."""
    with pytest.raises(FileNotFoundError):
        k.offer(b"x", tmp_path / "none")
    (tmp_path / "f").write_text("")
    with pytest.raises(NotADirectoryError):
        k.offer(b"x", tmp_path / "f")
