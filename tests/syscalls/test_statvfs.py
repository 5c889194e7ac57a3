# SPDX-License-Identifier: BSD-2-Clause
"""statvfs1(2), fstatvfs1 and getvfsstat: what a file system has left, and what it is called."""

import pytest

from kernel.fs.tmpfs.tmpfs import SIZEOF_TMPFS_DIRENT, SIZEOF_TMPFS_NODE
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDONLY, O_RDWR
from kernel.sys.mount import MNT_NOWAIT, MNT_WAIT
from kernel.sys.param import KERNEL_NAME_MAX, MAXSYMLINKS, PAGE_SIZE, PATH_MAX
from kernel.sys.statvfs import SIZEOF_STATVFS, Statvfs
from tests.syscalls.errnos import errnos
from userland.libc.machine import map_buffer, unmap_buffer
from userland.libc.stack import Frame, pushstr
from userland.libc.syscall import call as trap

BAD = 0x1000  # an address where there is nothing

BY_PATH = {"statvfs1": lambda path: ("statvfs1", path, MNT_WAIT)}


def of_path(path, buf):
    """statvfs1 with any buffer."""
    with Frame() as lwp:
        return trap("__statvfs190", pushstr(lwp, path), buf, MNT_WAIT)


def raw(count, size):
    """getvfsstat into room for count, with a size of its own; return (value, names stored)."""
    block = bytearray(count * SIZEOF_STATVFS)
    at = map_buffer(memoryview(block), 3)
    try:
        value = trap("__getvfsstat90", at, size, MNT_WAIT)
    finally:
        unmap_buffer(at)
    whole = range(0, len(block), SIZEOF_STATVFS)
    states = [Statvfs.unpack(bytes(block[start : start + SIZEOF_STATVFS])) for start in whole]
    return value, [state.f_mntonname for state in states if state.f_mntonname]


@errnos(Errno.ENOENT, BY_PATH)
def test_no_such_file(fails, root, call):
    """The file, or a directory on the way, does not exist; the path is empty."""
    root.symlink(b"nowhere", b"dangling")
    for path in (b"missing", b"missing/f", b"", b"dangling"):
        fails(root, *call(path))


@errnos(Errno.ENOTDIR, BY_PATH)
def test_file_in_the_way(fails, root, call):
    """A component of the path that is not the last is no directory."""
    root.close(root.open(b"f", O_CREAT | O_RDWR, 0o644))
    fails(root, *call(b"f/g"))


@errnos(Errno.EACCES, BY_PATH)
def test_no_way_in(fails, root, user, call):
    """A directory on the way may not be searched; the file itself need not be readable."""
    root.mkdir(b"d", 0o700)
    root.close(root.open(b"d/f", O_CREAT | O_RDWR, 0o000))
    fails(user, *call(b"d/f"))
    root.chmod(b"d", 0o711)
    assert user.call(*call(b"d/f")).f_mntonname == b"/"


@errnos(Errno.ENAMETOOLONG, BY_PATH)
def test_too_long(fails, root, call):
    """A component is longer than 255 bytes, or the path than 1023."""
    fails(root, *call(b"n" * (KERNEL_NAME_MAX + 1)))
    fails(root, *call(b"/" * PATH_MAX))
    assert root.call(*call(b"/" * (PATH_MAX - 1))).f_mntonname == b"/"


@errnos(Errno.ELOOP, BY_PATH)
def test_loop(fails, root, call):
    """More than 32 symbolic links are on the way."""
    root.symlink(b"loop", b"loop")
    fails(root, *call(b"loop"))
    root.mkdir(b"0", 0o755)
    for n in range(MAXSYMLINKS + 1):
        root.symlink(b"%d" % n, b"%d" % (n + 1))
    fails(root, *call(b"%d" % (MAXSYMLINKS + 1)))
    assert root.call(*call(b"%d" % MAXSYMLINKS)).f_mntonname == b"/"


@errnos(
    Errno.EFAULT,
    {
        "statvfs1": lambda _fd: (of_path, b"/", BAD),
        "statvfs1+path": lambda _fd: (trap, "__statvfs190", BAD, BAD, MNT_WAIT),
        "fstatvfs1": lambda fd: (trap, "__fstatvfs190", fd, BAD, MNT_WAIT),
        "getvfsstat": lambda _fd: (trap, "__getvfsstat90", BAD, SIZEOF_STATVFS, MNT_WAIT),
    },
)
def test_nowhere(fails, root, call):
    """The path, or where the answer should go, is not in the caller's memory."""
    fails(root, *call(root.open(b"/", O_RDONLY)))


@pytest.mark.errno("fstatvfs1", Errno.EBADF)
def test_not_open(fails, root):
    """There is no such descriptor."""
    for fd in (99, -1):
        fails(root, "fstatvfs1", fd, MNT_WAIT)


@pytest.mark.errno("fstatvfs1", Errno.EINVAL)
def test_no_file(fails, root):
    """The descriptor is a pipe."""
    for fd in root.pipe():
        fails(root, "fstatvfs1", fd, MNT_WAIT)


def test_sizes(root, tmpfs):
    """Pages and inodes as NetBSD counts them: a page for what is written, memory for an inode."""
    tmpfs(b"m", 1 << 20, 100)
    empty = root.statvfs(b"m")
    assert empty.f_bsize == empty.f_frsize == empty.f_iosize == PAGE_SIZE
    assert (empty.f_blocks, empty.f_bresvd, empty.f_fresvd) == (256, 0, 0)
    assert empty.f_bfree == empty.f_bavail == ((1 << 20) - SIZEOF_TMPFS_NODE) // PAGE_SIZE
    assert (empty.f_files, empty.f_ffree, empty.f_favail) == (100, 99, 99)
    assert (empty.f_namemax, empty.f_fstypename) == (KERNEL_NAME_MAX, b"tmpfs")
    assert (empty.f_mntonname, empty.f_mntfromname) == (b"/t/m", b"tmpfs")
    fd = root.open(b"m/f", O_CREAT | O_RDWR, 0o644)
    root.write(fd, b"x" * (10 * PAGE_SIZE + 1))
    state = root.fstatvfs(fd)
    used = 2 * SIZEOF_TMPFS_NODE + SIZEOF_TMPFS_DIRENT + 32 + 11 * PAGE_SIZE
    assert state.f_bfree == ((1 << 20) - used) // PAGE_SIZE
    assert (state.f_files, state.f_ffree) == (100, 98)
    root.unlink(b"m/f")
    assert root.statvfs(b"m").f_ffree == 98  # it is still open
    root.close(fd)
    assert root.statvfs(b"m") == empty


def test_inodes_that_there_is_memory_for(root, tmpfs):
    """Inodes are free only while there is memory for them."""
    tmpfs(b"m", 64 * 1024, 100_000)
    state = root.statvfs(b"m")
    assert state.f_ffree == state.f_bfree * PAGE_SIZE // SIZEOF_TMPFS_NODE
    assert state.f_files == state.f_ffree + 1


def test_what_it_is_of(root, tmpfs):
    """The file system of the file: what is mounted on a directory, not what that is in."""
    tmpfs(b"m")
    root.symlink(b"m", b"link")
    root.mkfifo(b"m/p", 0o644)
    assert root.statvfs(b"m").f_mntonname == root.statvfs(b"link").f_mntonname == b"/t/m"
    assert root.statvfs(b"m/p").f_fsid == root.statvfs(b"m").f_fsid != root.statvfs(b".").f_fsid
    assert root.statvfs(b"m/..").f_mntonname == b"/"
    assert root.statvfs(b"/dev/null").f_fstypename == b"devfs"
    assert root.stat(b"m").st_dev != root.stat(b".").st_dev


def test_waiting_or_not(root):
    """What is told is always the present state."""
    before = root.statvfs1(b"/t", MNT_NOWAIT)
    assert before == root.statvfs1(b"/t", MNT_WAIT)
    root.mkdir(b"d", 0o755)
    assert root.statvfs1(b"/t", MNT_NOWAIT).f_ffree == before.f_ffree - 1


def test_all_of_them(root, tmpfs):
    """getvfsstat tells of each, in the order of mounting, the same as statvfs."""
    tmpfs(b"m")
    states = root.getvfsstat()
    assert [state.f_mntonname for state in states][:2] == [b"/", b"/dev"]
    assert states[-1].f_mntonname == b"/t/m"
    room = {"f_bfree": 0, "f_bavail": 0, "f_ffree": 0, "f_favail": 0}
    for state in states:
        asked = root.statvfs(state.f_mntonname)
        if state.f_fstypename == b"hostfs":  # others on the host use its room meanwhile
            state, asked = state._replace(**room), asked._replace(**room)
        assert asked == state


def test_as_many_as_there_is_room_for(root):
    """Without a buffer it counts; a smaller one gets whole ones, one past the end nothing."""
    names = [state.f_mntonname for state in root.getvfsstat()]
    count = len(names)
    assert root.call(trap, "__getvfsstat90", 0, 0, MNT_WAIT) == count
    assert root.call(trap, "__getvfsstat90", 0, 1 << 20, MNT_WAIT) == count
    assert root.call(raw, 1, SIZEOF_STATVFS) == (1, names[:1])
    assert root.call(raw, 2, 2 * SIZEOF_STATVFS - 1) == (1, names[:1])
    assert root.call(raw, 1, 0) == (0, [])
    assert root.call(raw, count + 2, (count + 2) * SIZEOF_STATVFS) == (count, names)
