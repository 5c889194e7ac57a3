# SPDX-License-Identifier: BSD-2-Clause
"""write(2), writev, pwrite, pwritev: where bytes go, what a failure leaves, and how they fail."""

from struct import Struct

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_GETFL,
    F_SETFL,
    O_APPEND,
    O_CREAT,
    O_NONBLOCK,
    O_RDONLY,
    O_RDWR,
    O_WRONLY,
)
from kernel.sys.param import IOV_MAX, PAGE_SIZE, SSIZE_MAX
from kernel.sys.resource import RLIM_INFINITY, RLIMIT_FSIZE, Rlimit
from kernel.sys.signal import SIG_IGN, SIGPIPE, SIGUSR1, SIGXFSZ
from kernel.sys.stat import ALLPERMS
from kernel.sys.unistd import SEEK_CUR, SEEK_END, SEEK_SET
from kernel.sys.vm import VM_PROT_READ
from kernel.sys.wait import WIFSIGNALED, WTERMSIG
from tests.syscalls.errnos import errnos
from tests.syscalls.files import contents
from userland.libc.machine import map_buffer, unmap_buffer
from userland.libc.signal import Sigaction
from userland.libc.stack import Frame, pushbytes
from userland.libc.syscall import call as trap

BAD = 0x1000  # an address where there is nothing
IOVEC = Struct("<QQ")
SIZE_MAX = (1 << 63) - PAGE_SIZE  # bytes of the largest file

WRITES = {
    "write": lambda fd, data: ("write", fd, data),
    "writev": lambda fd, data: ("writev", fd, [data]),
    "pwrite": lambda fd, data: ("pwrite", fd, data, 0),
    "pwritev": lambda fd, data: ("pwritev", fd, [data], 0),
}
NO_OFFSET = {name: WRITES[name] for name in ("write", "writev")}
AT_OFFSET = {
    "pwrite": lambda fd, offset: ("pwrite", fd, b"x", offset),
    "pwritev": lambda fd, offset: ("pwritev", fd, [b"x"], offset),
}


def vector(name, fd, pairs, *offset, count=None):
    """Make a vectored call by its name: (address, length) pairs; count: what iovcnt says."""
    table = b"".join(IOVEC.pack(*pair) for pair in pairs)
    at = map_buffer(memoryview(table), VM_PROT_READ)
    try:
        return trap(name, fd, at, len(pairs) if count is None else count, *offset)
    finally:
        unmap_buffer(at)


def then_bad(name, fd, data, *offset):
    """Write data, and after it a buffer that is nowhere."""
    with Frame() as lwp:
        return vector(name, fd, [(pushbytes(lwp, data), len(data)), (BAD, 4)], *offset)


def errno_of(p, function, *args):
    """The error of a call that must fail."""
    with pytest.raises(OSError, match="Errno") as info:
        p.call(function, *args)
    return info.value.errno


def make(p, data=b"0123456789"):
    fd = p.open(b"f", O_CREAT | O_RDWR, 0o644)
    p.pwrite(fd, data, 0)
    return fd


def cramped(k, room):
    """Leave the root file system room bytes."""
    tmp = k.kernel.rootvnode.v_mount.mnt_data
    tmp.tm_mem_limit = tmp.tm_mem_used + room + 1
    return tmp


@errnos(Errno.EBADF, WRITES)
def test_not_open(fails, root, call):
    """There is no such descriptor, or it is closed."""
    fd = make(root)
    root.close(fd)
    for bad in (fd, -1, 1 << 30):
        fails(root, *call(bad, b"x"))


@errnos(Errno.EBADF, WRITES)
def test_not_open_for_writing(fails, root, call):
    """The descriptor is open for reading only: a file, a directory, the reader's end of a pipe."""
    make(root)
    for fd in (root.open(b"f", O_RDONLY), root.open(b"/t", O_RDONLY), root.pipe()[0]):
        fails(root, *call(fd, b"x"))
    assert contents(root) == b"0123456789"


@errnos(Errno.EIO, WRITES)
def test_revoked(fails, root, call):
    """The file was revoked since it was opened; it keeps what it has."""
    fd = make(root)
    root.revoke(b"f")
    fails(root, *call(fd, b"x"))
    assert contents(root) == b"0123456789"


@errnos(Errno.ESPIPE, AT_OFFSET)
def test_no_offset(fails, root, call):
    """The file is a pipe or a FIFO, which has no offsets; so it is even below 0."""
    root.mkfifo(b"p", 0o644)
    for fd in (root.open(b"p", O_RDWR), root.pipe()[1]):
        fails(root, *call(fd, 0))
        fails(root, *call(fd, -1))


@errnos(Errno.EINVAL, AT_OFFSET)
def test_negative_offset(fails, root, call):
    """The offset is negative."""
    fd = make(root)
    fails(root, *call(fd, -1))
    fails(root, *call(fd, -(1 << 63)))


@errnos(
    Errno.EINVAL,
    {
        "write": lambda fd: (trap, "write", fd, 0, SSIZE_MAX + 1),
        "pwrite": lambda fd: (trap, "pwrite", fd, 0, SSIZE_MAX + 1, 0),
    },
)
def test_too_many_bytes(fails, root, call):
    """More bytes are given than can be told, SSIZE_MAX."""
    fails(root, *call(make(root)))


@errnos(Errno.EINVAL, {"writev": lambda: ("writev",), "pwritev": lambda: ("pwritev", 0)})
def test_vectors(fails, root, call):
    """There is no buffer, or more than IOV_MAX; the lengths are, or add up to, too many bytes."""
    name, *offset = call()
    fd = make(root)
    buffers = [(0, 0)]
    fails(root, vector, name, fd, [], *offset)
    fails(root, vector, name, fd, buffers, *offset, count=-1)
    fails(root, vector, name, fd, buffers * (IOV_MAX + 1), *offset)
    fails(root, vector, name, fd, [(0, SSIZE_MAX + 1)], *offset)
    fails(root, vector, name, fd, [(0, SSIZE_MAX), (0, 1)], *offset)
    fails(root, vector, name, -1, [], *offset)  # over EBADF
    fails(root, name, fd, [b"x"] * (IOV_MAX + 1), *offset)
    assert contents(root) == b"0123456789"
    assert root.call(name, fd, [b"x"] * IOV_MAX, *offset) == IOV_MAX
    assert contents(root) == b"x" * IOV_MAX


@errnos(
    Errno.EFAULT,
    {
        "write": lambda fd: (trap, "write", fd, BAD, 10),
        "pwrite": lambda fd: (trap, "pwrite", fd, BAD, 10, 0),
        "writev": lambda fd: (vector, "writev", fd, [(BAD, 10)]),
        "pwritev": lambda fd: (vector, "pwritev", fd, [(BAD, 10)], 0),
        "writev+table": lambda fd: (trap, "writev", fd, BAD, 1),
        "pwritev+table": lambda fd: (trap, "pwritev", fd, BAD, 1, 0),
    },
)
def test_nothing_to_take(fails, root, k, call):
    """The bytes, or the vector, are not in the caller's memory: no page is taken for them."""
    fd = make(root)
    tmp = k.kernel.rootvnode.v_mount.mnt_data
    used = tmp.tm_mem_used
    fails(root, *call(fd))
    root.lseek(fd, 1 << 20, SEEK_SET)
    fails(root, *call(fd))
    assert (tmp.tm_mem_used, contents(root)) == (used, b"0123456789")


@errnos(Errno.EFBIG, WRITES)
def test_limit_of_the_process(fails, root, user, call):
    """The file would become larger than RLIMIT_FSIZE: SIGXFSZ besides, and no byte is written."""
    fd = make(root)
    root.setrlimit(RLIMIT_FSIZE, Rlimit(12, RLIM_INFINITY))
    root.signal(SIGXFSZ, SIG_IGN)
    fails(root, *call(fd, b"x" * 13))
    assert root.fstat(fd).st_size == 10
    assert root.lseek(fd, 0, SEEK_CUR) == 0
    assert root.call(*call(fd, b"x" * 12)) == 12


@errnos(
    Errno.EFBIG,
    {
        "write": lambda fd, offset: ("write", fd, b"xy"),
        "writev": lambda fd, offset: ("writev", fd, [b"x", b"y"]),
        "pwrite": lambda fd, offset: ("pwrite", fd, b"xy", offset),
        "pwritev": lambda fd, offset: ("pwritev", fd, [b"x", b"y"], offset),
    },
)
def test_largest_file(fails, root, call):
    """The file would become larger than a file can be: 8 EiB less a page; over ENOSPC."""
    fd = make(root)
    for offset in (SIZE_MAX - 1, SIZE_MAX, (1 << 63) - 1):
        root.lseek(fd, offset, SEEK_SET)
        fails(root, *call(fd, offset))
    assert root.fstat(fd).st_size == 10
    root.lseek(fd, SIZE_MAX - 2, SEEK_SET)
    assert root.call(*call(fd, SIZE_MAX - 2)) == 2
    assert root.fstat(fd).st_size == SIZE_MAX
    assert root.pread(fd, 10, SIZE_MAX - 3) == b"\0xy"


@errnos(Errno.ENOSPC, WRITES)
def test_no_space(fails, root, k, call):
    """The file system has no room for all of it: none of it is written, and nothing is lost."""
    fd = make(root)
    tmp = cramped(k, 2 * PAGE_SIZE)
    used = tmp.tm_mem_used
    fails(root, *call(fd, b"x" * 4 * PAGE_SIZE))
    assert (tmp.tm_mem_used, contents(root)) == (used, b"0123456789")
    assert root.call(*call(fd, b"x" * 3 * PAGE_SIZE)) == 3 * PAGE_SIZE
    assert root.pwrite(fd, b"z" * 10, 0) == 10  # over what is there already


@errnos(Errno.EPIPE, NO_OFFSET)
def test_nobody_reads(fails, root, call):
    """The other end of the pipe is closed: SIGPIPE besides."""
    rfd, wfd = root.pipe()
    root.close(rfd)
    root.signal(SIGPIPE, SIG_IGN)
    fails(root, *call(wfd, b"x"))


@errnos(Errno.EAGAIN, NO_OFFSET)
def test_no_room_yet(fails, root, call):
    """A pipe has no room, and the descriptor does not wait."""
    _rfd, wfd = root.pipe()
    root.fcntl(wfd, F_SETFL, root.fcntl(wfd, F_GETFL, 0) | O_NONBLOCK)
    assert root.write(wfd, b"x" * 200_000) < 200_000
    fails(root, *call(wfd, b"x" * 512))


@errnos(Errno.EINTR, NO_OFFSET)
def test_interrupted(begins, root, person, call):
    """A signal is caught while a full pipe has taken no byte."""
    _rfd, wfd = root.pipe()
    root.fcntl(wfd, F_SETFL, O_NONBLOCK)
    assert root.write(wfd, b"x" * 200_000) < 200_000
    root.fcntl(wfd, F_SETFL, 0)
    root.sigaction(SIGUSR1, Sigaction(lambda *_: None))
    finish = begins(root, *call(wfd, b"x" * 512))
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()


@pytest.mark.parametrize(("signal", "act"), [(SIGPIPE, "pipe"), (SIGXFSZ, "file")])
def test_signals_that_kill(root, signal, act):
    """SIGPIPE and SIGXFSZ end who does not expect them."""
    child = root.fork()
    if act == "pipe":
        rfd, wfd = child.pipe()
        child.close(rfd)
    else:
        wfd = child.open(b"f", O_CREAT | O_WRONLY, 0o644)
        child.setrlimit(RLIMIT_FSIZE, Rlimit(0, 0))
    child.write(wfd, b"x")
    _pid, status = root.waitpid(child.pid, 0)
    assert WIFSIGNALED(status)
    assert WTERMSIG(status) == signal


def test_where_it_goes(root):
    """At the offset, which moves by it; past the end after a hole; over what is there."""
    fd = make(root)
    assert root.write(fd, b"ab") == 2
    root.lseek(fd, 2, SEEK_END)
    assert root.write(fd, b"cd") == 2
    assert contents(root) == b"ab23456789\0\0cd"
    assert root.lseek(fd, 0, SEEK_CUR) == 14


def test_at_an_offset(root):
    """pwrite and pwritev leave the file's own offset alone."""
    fd = make(root)
    assert root.pwrite(fd, b"ab", 3) == 2
    assert root.pwritev(fd, [b"c", b"", b"de"], 9) == 3
    assert contents(root) == b"012ab5678cde"
    assert root.lseek(fd, 0, SEEK_CUR) == 0


def test_append(root):
    """With O_APPEND everything goes to the end, pwrite too; the offset follows."""
    fd, other = make(root), root.open(b"f", O_WRONLY | O_APPEND)
    root.lseek(other, 3, SEEK_SET)
    assert root.write(other, b"") == 0
    assert root.lseek(other, 0, SEEK_CUR) == 3  # nothing was written
    root.write(other, b"ab")
    assert root.lseek(other, 0, SEEK_CUR) == 12
    root.pwrite(other, b"cd", 0)
    assert root.lseek(other, 0, SEEK_CUR) == 12
    root.pwrite(fd, b"XY", 0)
    root.writev(other, [b"e", b"f"])
    assert contents(root) == b"XY23456789abcdef"


def test_append_on_and_off(root):
    """F_SETFL turns O_APPEND on and off again."""
    fd = make(root)
    root.fcntl(fd, F_SETFL, O_APPEND)
    root.write(fd, b"a")
    root.fcntl(fd, F_SETFL, 0)
    root.lseek(fd, 0, SEEK_SET)
    root.write(fd, b"b")
    assert contents(root) == b"b123456789a"


def test_append_beyond_the_limit(root):
    """The limit counts from the end, wherever the offset is; a write within it is fine."""
    fd = make(root)
    root.signal(SIGXFSZ, SIG_IGN)
    root.setrlimit(RLIMIT_FSIZE, Rlimit(11, RLIM_INFINITY))
    root.pwrite(fd, b"ok", 5)
    root.fcntl(fd, F_SETFL, O_APPEND)
    assert errno_of(root, "write", fd, b"xy") == Errno.EFBIG
    assert root.write(fd, b"x") == 1
    root.fcntl(fd, F_SETFL, 0)
    root.lseek(fd, 12, SEEK_SET)
    assert errno_of(root, "write", fd, b"") == Errno.EFBIG  # even of no bytes
    root.setrlimit(RLIMIT_FSIZE, Rlimit(RLIM_INFINITY, RLIM_INFINITY))
    assert root.write(fd, b"") == 0


def test_times(root):
    """Writing sets modification and change time; writing no bytes, or none that fit, does not."""
    fd = make(root)
    before = root.fstat(fd)
    root.write(fd, b"")
    root.writev(fd, [b"", b""])
    root.signal(SIGXFSZ, SIG_IGN)
    root.setrlimit(RLIMIT_FSIZE, Rlimit(10, RLIM_INFINITY))
    assert errno_of(root, "pwrite", fd, b"x", 10) == Errno.EFBIG
    assert root.fstat(fd) == before
    root.pwrite(fd, b"x", 0)
    after = root.fstat(fd)
    assert after.st_mtim == after.st_ctim > before.st_mtim
    assert (after.st_atim, after.st_birthtim) == (before.st_atim, before.st_birthtim)


def test_what_comes_before_a_fault(root):
    """Buffers before the one that is nowhere are written as far as the file reaches; times are set."""
    fd = make(root)
    before = root.fstat(fd)
    assert errno_of(root, then_bad, "writev", fd, b"abc") == Errno.EFAULT
    assert contents(root) == b"abc3456789"
    assert root.lseek(fd, 0, SEEK_CUR) == 3
    assert root.fstat(fd).st_mtim > before.st_mtim
    assert errno_of(root, then_bad, "pwritev", fd, b"xyz", 8) == Errno.EFAULT
    assert contents(root) == b"abc34567xy"
    assert root.fstat(fd).st_size == 10
    root.fcntl(fd, F_SETFL, O_APPEND)
    assert errno_of(root, then_bad, "writev", fd, b"abc") == Errno.EFAULT
    assert root.fstat(fd).st_size == 10


def test_set_id_bits(root, user):
    """Written by a user, a file loses its set-id bits; by the super-user it keeps them."""
    fd = make(root)
    root.chmod(b"f", 0o6777)
    root.write(fd, b"x")
    assert root.fstat(fd).st_mode & ALLPERMS == 0o6777
    theirs = user.open(b"f", O_WRONLY)
    user.write(theirs, b"")
    assert root.fstat(fd).st_mode & ALLPERMS == 0o6777
    user.write(theirs, b"x")
    assert root.fstat(fd).st_mode & ALLPERMS == 0o777


def test_space_comes_back(root, k):
    """What a cut, an unlink and the last close give up can be written again."""
    tmp = cramped(k, 8 * PAGE_SIZE)
    before = tmp.tm_mem_used, tmp.tm_nodes_cnt
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.write(fd, b"x" * 7 * PAGE_SIZE)
    assert errno_of(root, "write", fd, b"x" * PAGE_SIZE) == Errno.ENOSPC
    root.ftruncate(fd, 3 * PAGE_SIZE)
    assert root.pwrite(fd, b"y" * 4 * PAGE_SIZE, 3 * PAGE_SIZE) == 4 * PAGE_SIZE
    root.unlink(b"f")
    assert tmp.tm_mem_used > before[0] + 7 * PAGE_SIZE
    root.close(fd)
    assert (tmp.tm_mem_used, tmp.tm_nodes_cnt) == before


def test_devices(root):
    """/dev/null takes everything, at any offset; nobody hears of the limits of files."""
    fd = root.open(b"/dev/null", O_WRONLY)
    root.setrlimit(RLIMIT_FSIZE, Rlimit(0, 0))
    assert root.pwrite(fd, b"xyz", -1) == 3
    assert root.write(fd, b"x" * 100_000) == 100_000
