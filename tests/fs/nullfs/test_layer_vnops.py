# SPDX-License-Identifier: BSD-2-Clause
"""One file through two mounts."""

import pytest

from kernel.sys.dirent import dirents
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_SETLK,
    F_WRLCK,
    LOCK_EX,
    LOCK_NB,
    LOCK_SH,
    LOCK_UN,
    O_APPEND,
    O_CREAT,
    O_RDONLY,
    O_RDWR,
    O_WRONLY,
    Flock,
)
from kernel.sys.ktrace import KTRFAC_SYSCALL, KTROP_CLEARFILE, KTROP_SET
from kernel.sys.mount import MNT_FORCE, MNT_NODEV, MNT_RDONLY
from kernel.sys.stat import S_IFCHR
from kernel.sys.types import makedev
from kernel.sys.unistd import _PC_NAME_MAX, SEEK_SET
from userland.libc import tmpfs_args
from userland.libc.stack import Frame, pushbytes
from userland.libc.syscall import call as trap


@pytest.fixture
def p(k):
    """The super-user in /: /a is a directory, /n shows it."""
    p = k.root()
    p.chdir(b"/")
    for name in (b"a", b"n", b"m"):
        p.mkdir(name, 0o755)
    p.mount(b"null", b"/n", 0, b"/a")
    return p


def write(p, name, data=b""):
    fd = p.open(name, O_CREAT | O_WRONLY, 0o644)
    p.write(fd, data)
    p.close(fd)


def contents(p, name):
    fd = p.open(name, O_RDONLY)
    data = p.read(fd, 4096)
    p.close(fd)
    return data


def names(p, name):
    fd = p.open(name, O_RDONLY)
    found = [entry.d_name for entry in dirents(p.getdents(fd, 4096))]
    p.close(fd)
    return found


def test_both_ways(p):
    """What is made on one side is there on the other, and gone when it goes."""
    write(p, b"a/below", b"1")
    write(p, b"n/above", b"2")
    p.mkdir(b"n/d", 0o700)
    p.symlink(b"above", b"n/l")
    p.mkfifo(b"n/p", 0o600)
    assert contents(p, b"n/below") == b"1"
    assert contents(p, b"a/l") == contents(p, b"n/l") == b"2"
    assert names(p, b"a") == names(p, b"n") == [b".", b"..", b"below", b"above", b"d", b"l", b"p"]
    p.unlink(b"a/above")
    p.rmdir(b"a/d")
    for name in (b"n/above", b"n/d"):
        with pytest.raises(FileNotFoundError):
            p.stat(name)


def test_attributes(p):
    """All but the file system are the same, whichever side changes them."""
    write(p, b"a/f", b"abc")
    p.chmod(b"n/f", 0o640)
    p.chown(b"n/f", 5, 6)
    p.link(b"n/f", b"n/g")
    below, above = p.stat(b"a/f"), p.stat(b"n/f")
    assert (below.st_mode & 0o777, below.st_uid, below.st_gid, below.st_nlink) == (0o640, 5, 6, 2)
    assert above._replace(st_dev=below.st_dev) == below
    assert above.st_dev != below.st_dev
    assert above.st_dev == p.stat(b"n").st_dev
    assert p.pathconf(b"n/f", _PC_NAME_MAX) == 255


def test_names_across(p):
    """The two sides are two file systems: no link and no rename leads from one to the other."""
    write(p, b"a/f")
    for call in (p.link, p.rename):
        with pytest.raises(OSError) as caught:  # noqa: PT011
            call(b"a/f", b"n/g")
        assert caught.value.errno == Errno.EXDEV


def test_rename(p):
    """Within the layer names change as below it."""
    write(p, b"n/f", b"f")
    write(p, b"n/g", b"g")
    p.mkdir(b"n/d", 0o755)
    p.rename(b"n/f", b"n/g")
    p.rename(b"n/g", b"n/d/h")
    assert contents(p, b"a/d/h") == b"f"
    with pytest.raises(OSError, match="Invalid"):
        p.rename(b"n/d", b"n/d/e")


def test_two_descriptors_one_file(p):
    """Data, offsets at the end and size are shared."""
    below = p.open(b"a/f", O_CREAT | O_RDWR, 0o644)
    above = p.open(b"n/f", O_RDWR | O_APPEND)
    p.write(below, b"abc")
    p.write(above, b"def")
    assert p.pread(below, 10, 0) == b"abcdef"
    p.ftruncate(above, 2)
    assert p.fstat(below).st_size == 2


def test_locks(k, p):
    """A lock that is taken on one side is in the way on the other."""
    below = p.open(b"a/f", O_CREAT | O_RDWR, 0o644)
    above = p.open(b"n/f", O_RDWR)
    p.flock(below, LOCK_EX)
    with pytest.raises(BlockingIOError):
        p.flock(above, LOCK_SH | LOCK_NB)
    p.flock(below, LOCK_UN)
    p.flock(above, LOCK_EX)
    p.close(above)
    p.flock(below, LOCK_EX | LOCK_NB)


def setlk(fd, kind):
    """Take a record lock of the whole file, without waiting."""

    def act():
        with Frame() as lwp:
            lock = Flock(0, 0, 0, kind, SEEK_SET)
            return trap("fcntl", fd, F_SETLK, pushbytes(lwp, lock.pack()))

    return act


def test_record_locks(k, p):
    """A process's record locks go with any of its descriptors, on either side."""
    q = k.process()
    for first, second in ((b"/a/f", b"/n/f"), (b"/n/f", b"/a/f")):
        locked, other = (p.open(name, O_CREAT | O_RDWR, 0o644) for name in (first, second))
        theirs = q.open(second, O_RDWR)
        p.call(setlk(locked, F_WRLCK))
        with pytest.raises(BlockingIOError):
            q.call(setlk(theirs, F_WRLCK))
        p.close(other)
        q.call(setlk(theirs, F_WRLCK))
        q.close(theirs)
        p.close(locked)


def test_lock_of_what_knows_none(p):
    """A FIFO that refuses a lock is closed as any other."""
    p.mkfifo(b"a/p", 0o644)
    for name in (b"a/p", b"n/p"):
        fd = p.open(name, O_RDWR)
        with pytest.raises(OSError, match="Invalid"):
            p.flock(fd, LOCK_EX)
        assert p.close(fd) == 0


def test_fifo(k, p):
    """Who writes on one side is read on the other."""
    p.mkfifo(b"a/p", 0o644)
    q = k.process()
    q.begin("open", b"/n/p", O_RDONLY)
    writer = p.open(b"a/p", O_WRONLY)
    reader = q.finish()
    p.write(writer, b"through")
    assert q.read(reader, 10) == b"through"


def test_device(p):
    """A device works through the layer, unless that is mounted MNT_NODEV."""
    p.mknod(b"a/zero", S_IFCHR | 0o666, makedev(2, 12))
    assert p.read(p.open(b"n/zero", O_RDONLY), 2) == bytes(2)
    p.mount(b"null", b"/m", MNT_NODEV, b"/a")
    with pytest.raises(OSError) as caught:  # noqa: PT011
        p.open(b"m/zero", O_RDONLY)
    assert caught.value.errno == Errno.ENXIO


def test_open_above_removed_below(p):
    """A file that is open through the layer lives on without a name, and is freed after that."""
    p.mount(b"tmpfs", b"/m", 0, tmpfs_args(ta_size_max=1 << 20))
    p.unmount(b"/n")
    p.mount(b"null", b"/n", 0, b"/m")
    before = p.statvfs(b"/m")
    write(p, b"m/f", bytes(50_000))
    fd = p.open(b"n/f", O_RDWR)
    p.unlink(b"m/f")
    assert p.fstat(fd).st_nlink == 0
    assert len(p.read(fd, 100_000)) == 50_000
    p.close(fd)
    after = p.statvfs(b"/m")
    assert (after.f_bfree, after.f_ffree) == (before.f_bfree, before.f_ffree)


def test_removed_directory(k, p):
    """The current directory is removed below: it is as any that is removed."""
    p.mkdir(b"a/d", 0o755)
    q = k.process()
    q.chdir(b"/n/d")
    p.rmdir(b"a/d")
    with pytest.raises(FileNotFoundError):
        q.open(b"f", O_CREAT | O_WRONLY, 0o644)
    q.chdir(b"/")


def test_mounts_below_are_not_seen(p):
    """What is mounted below is not part of what is shown, nor can its directory go."""
    p.mkdir(b"a/d", 0o755)
    p.mount(b"tmpfs", b"/a/d", 0, tmpfs_args())
    write(p, b"a/d/f")
    assert names(p, b"n/d") == [b".", b".."]
    with pytest.raises(OSError, match="busy"):
        p.rmdir(b"n/d")
    with pytest.raises(OSError, match="busy"):
        p.rename(b"n/d", b"n/e")


def test_the_way_up(p):
    """.. of what is shown is the mount point's directory, not the shown one's."""
    p.mkdir(b"a/d", 0o755)
    p.mkdir(b"m/deep", 0o755)
    p.mount(b"null", b"/m/deep", 0, b"/a/d")
    p.chdir(b"/m/deep")
    assert p.getcwd() == "/m/deep"
    p.chdir(b"..")
    assert p.getcwd() == "/m"


def test_layer_over_layer(p):
    """A layer shows another, and itself from within."""
    p.mkdir(b"a/d", 0o755)
    p.mount(b"null", b"/m", MNT_RDONLY, b"/n")
    write(p, b"n/f", b"deep")
    assert contents(p, b"m/f") == b"deep"
    with pytest.raises(OSError, match="Read-only"):
        write(p, b"m/g")
    with pytest.raises(OSError, match="busy"):
        p.unmount(b"/n")
    p.mount(b"null", b"/a/d", 0, b"/")
    assert contents(p, b"a/d/a/f") == b"deep"
    assert names(p, b"a/d/a/d") == [b".", b".."]


def test_over_itself(p):
    """A directory shown over itself hides nothing."""
    write(p, b"a/f", b"same")
    p.mount(b"null", b"/a", 0, b"/a")
    assert contents(p, b"a/f") == b"same"
    assert p.getvfsstat()[-1].f_mntfromname == b"/a"
    p.unmount(b"/a")


def test_permissions(k, p):
    """The modes below hold above."""
    write(p, b"a/f")
    p.chmod(b"a/f", 0o600)
    user = k.process(1000)
    with pytest.raises(PermissionError):
        user.open(b"/n/f", O_RDONLY)
    with pytest.raises(PermissionError):
        user.chmod(b"/n/f", 0o666)


def test_program(k, p):
    """A program is run through the layer."""
    whole = b""
    fd = p.open(b"/bin/echo", O_RDONLY)
    while piece := p.read(fd, 65536):
        whole += piece
    write(p, b"a/prog", whole)
    p.chmod(b"a/prog", 0o755)
    assert k.run(b"/n/prog", ["hello"]).stdout == b"hello\n"


def test_trace(p):
    """A trace is kept in a file that is named through the layer."""
    write(p, b"n/t")
    p.ktrace(b"/n/t", KTROP_SET, KTRFAC_SYSCALL, p.pid)
    p.getpid()
    p.ktrace(b"/a/t", KTROP_CLEARFILE, 0, 0)
    assert p.stat(b"a/t").st_size > 0


def test_force(p):
    """What is open through a layer that goes is dead; what is below lives."""
    write(p, b"a/f", b"alive")
    below, above = p.open(b"a/f", O_RDONLY), p.open(b"n/f", O_RDONLY)
    p.chdir(b"/n")
    p.unmount(b"/n", MNT_FORCE)
    assert p.read(below, 10) == b"alive"
    with pytest.raises(OSError, match="Input/output"):
        p.read(above, 10)
    p.close(above)
    with pytest.raises(FileNotFoundError):
        p.stat(b"f")


def test_force_with_a_device(p):
    """A device that is open through a layer that goes is dead as any file."""
    p.mknod(b"a/zero", S_IFCHR | 0o666, makedev(2, 12))
    above = p.open(b"n/zero", O_RDONLY)
    below = p.open(b"a/zero", O_RDONLY)
    p.unmount(b"/n", MNT_FORCE)
    with pytest.raises(OSError, match="Input/output"):
        p.read(above, 1)
    p.close(above)
    assert p.read(below, 1) == b"\0"


def test_revoke(p):
    """Revoked on one side, a file is so on both."""
    write(p, b"a/f", b"kept")
    fds = [p.open(name, O_RDWR) for name in (b"a/f", b"n/f")]
    p.revoke(b"n/f")
    for fd in fds:
        with pytest.raises(OSError, match="Input/output"):
            p.read(fd, 1)
    assert contents(p, b"n/f") == b"kept"


def test_nothing_is_left(k, p):
    """Files that were used through a layer leave nothing behind."""
    for number in range(50):
        write(p, b"n/%d" % number)
        p.unlink(b"n/%d" % number)
    layer = k.kernel.mountlist[-1].mnt_data
    p.unmount(b"/n")
    p.rmdir(b"a")
    assert len(layer.layerm_nodes) <= 1
