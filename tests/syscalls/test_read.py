# SPDX-License-Identifier: BSD-2-Clause
"""read(2), readv, pread, preadv: what comes, from where, and how they fail."""

from struct import Struct

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import F_SETFL, O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.param import IOV_MAX, SSIZE_MAX
from kernel.sys.signal import SIGUSR1
from kernel.sys.unistd import SEEK_CUR, SEEK_SET
from kernel.sys.vm import VM_PROT_READ
from tests.syscalls.errnos import errnos
from userland.libc.machine import map_buffer, unmap_buffer
from userland.libc.signal import Sigaction
from userland.libc.stack import Frame, pushbytes
from userland.libc.syscall import call as trap

BAD = 0x1000  # an address where there is nothing
IOVEC = Struct("<QQ")

BY_DESCRIPTOR = {
    "read": lambda fd: ("read", fd, 10),
    "readv": lambda fd: ("readv", fd, [bytearray(10)]),
    "pread": lambda fd: ("pread", fd, 10, 0),
    "preadv": lambda fd: ("preadv", fd, [bytearray(10)], 0),
}
AT_OFFSET = {
    "pread": lambda fd, offset: ("pread", fd, 10, offset),
    "preadv": lambda fd, offset: ("preadv", fd, [bytearray(10)], offset),
}


def vector(name, fd, pairs, *offset, count=None):
    """Make a vectored call by its name: (address, length) pairs; count: what iovcnt says."""
    table = b"".join(IOVEC.pack(*pair) for pair in pairs)
    at = map_buffer(memoryview(table), VM_PROT_READ)
    try:
        return trap(name, fd, at, len(pairs) if count is None else count, *offset)
    finally:
        unmap_buffer(at)


def into_two(name, fd, size, second, *offset):
    """Read into size bytes of the stack, then into a second buffer."""
    with Frame() as lwp:
        first = pushbytes(lwp, bytes(size))
        return vector(name, fd, [(first, size), second], *offset)


def errno_of(p, function, *args):
    """The error of a call that must fail."""
    with pytest.raises(OSError, match="Errno") as info:
        p.call(function, *args)
    return info.value.errno


def make(p, data=b"0123456789"):
    fd = p.open(b"f", O_CREAT | O_RDWR, 0o644)
    p.pwrite(fd, data, 0)
    return fd


@errnos(Errno.EBADF, BY_DESCRIPTOR)
def test_not_open(fails, root, call):
    """There is no such descriptor, or it is closed."""
    fd = make(root)
    root.close(fd)
    for bad in (fd, -1, 1 << 30):
        fails(root, *call(bad))


@errnos(Errno.EBADF, BY_DESCRIPTOR)
def test_not_open_for_reading(fails, root, call):
    """The descriptor is open for writing only; a pipe's other end is never for reading."""
    make(root)
    fails(root, *call(root.open(b"f", O_WRONLY)))
    fails(root, *call(root.pipe()[1]))


@errnos(Errno.EISDIR, BY_DESCRIPTOR)
def test_directory(fails, root, call):
    """The file is a directory: getdents(2) reads it."""
    root.mkdir(b"d", 0o755)
    fd = root.open(b"d", O_RDONLY)
    fails(root, *call(fd))


@errnos(Errno.EIO, BY_DESCRIPTOR)
def test_revoked(fails, root, call):
    """The file was revoked since it was opened."""
    fd = make(root)
    root.revoke(b"f")
    fails(root, *call(fd))


@errnos(Errno.ESPIPE, AT_OFFSET)
def test_no_offset(fails, root, call):
    """The file is a pipe or a FIFO, which has no offsets; so it is even below 0."""
    root.mkfifo(b"p", 0o644)
    for fd in (root.open(b"p", O_RDWR), root.pipe()[0]):
        fails(root, *call(fd, 0))
        fails(root, *call(fd, -1))


@errnos(Errno.EINVAL, AT_OFFSET)
def test_negative_offset(fails, root, call):
    """The offset is negative; over the EISDIR of a directory."""
    fd = make(root)
    fails(root, *call(fd, -1))
    fails(root, *call(fd, -(1 << 63)))
    fails(root, *call(root.open(b"/t", O_RDONLY), -1))


@errnos(
    Errno.EINVAL,
    {
        "read": lambda fd: (trap, "read", fd, 0, SSIZE_MAX + 1),
        "pread": lambda fd: (trap, "pread", fd, 0, SSIZE_MAX + 1, 0),
    },
)
def test_too_many_bytes(fails, root, call):
    """More bytes are asked for than can be told, SSIZE_MAX; over the EISDIR of a directory."""
    fails(root, *call(make(root)))
    fails(root, *call(root.open(b"/t", O_RDONLY)))


@errnos(Errno.EINVAL, {"readv": lambda: ("readv",), "preadv": lambda: ("preadv", 0)})
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
    fails(root, vector, name, root.open(b"/t", O_RDONLY), buffers, *offset, count=-1)
    assert root.call(vector, name, fd, buffers * IOV_MAX, *offset) == 0


@errnos(Errno.EBADF, {"readv": lambda: ("readv",), "preadv": lambda: ("preadv", 0)})
def test_closed_over_too_many_buffers(fails, root, call):
    """There is no such descriptor: over too many buffers, and over a vector that is nowhere."""
    name, *offset = call()
    fails(root, vector, name, 99, [(0, 0)] * (IOV_MAX + 1), *offset)
    fails(root, trap, name, 99, BAD, 1, *offset)


@errnos(Errno.EFAULT, {
    "read": lambda fd: (trap, "read", fd, BAD, 10),
    "pread": lambda fd: (trap, "pread", fd, BAD, 10, 0),
    "readv": lambda fd: (vector, "readv", fd, [(BAD, 10)]),
    "preadv": lambda fd: (vector, "preadv", fd, [(BAD, 10)], 0),
    "readv+table": lambda fd: (trap, "readv", fd, BAD, 1),
    "preadv+table": lambda fd: (trap, "preadv", fd, BAD, 1, 0),
})  # fmt: skip
def test_nowhere_to_store(fails, root, call):
    """The buffer, or the vector, is not in the caller's memory."""
    fails(root, *call(make(root)))


@errnos(Errno.EAGAIN, {
    "read": lambda fd: ("read", fd, 10),
    "readv": lambda fd: ("readv", fd, [bytearray(10)]),
})  # fmt: skip
def test_nothing_there_yet(fails, root, call):
    """Nothing is there, somebody may yet write, and the descriptor does not wait."""
    rfd, _wfd = root.pipe()
    root.fcntl(rfd, F_SETFL, O_NONBLOCK)
    fails(root, *call(rfd))
    root.mkfifo(b"p", 0o644)
    fails(root, *call(root.open(b"p", O_RDWR | O_NONBLOCK)))


@errnos(Errno.EINTR, {
    "read": lambda fd: ("read", fd, 10),
    "readv": lambda fd: ("readv", fd, [bytearray(10)]),
})  # fmt: skip
def test_interrupted(begins, root, other, person, call):
    """A signal is caught while nothing has come yet."""
    caught = []
    root.sigaction(SIGUSR1, Sigaction(lambda signum, *_: caught.append(signum)))
    finish = begins(root, *call(root.pipe()[0]))
    person(0, 0).kill(root.pid, SIGUSR1)
    finish()
    assert caught == [SIGUSR1]


def test_what_comes(root):
    """As much as there is, from the offset on, which moves by it; 0 at the end."""
    fd = make(root)
    assert root.read(fd, 4) == b"0123"
    assert root.read(fd, 100) == b"456789"
    assert root.read(fd, 100) == b""
    assert root.lseek(fd, 0, SEEK_CUR) == 10
    root.lseek(fd, 1 << 50, SEEK_SET)
    assert root.read(fd, 100) == b""
    assert root.lseek(fd, 0, SEEK_CUR) == 1 << 50


def test_far_more_than_there_is(root):
    """As many bytes may be asked for as can be told, if only so many come; one more is too many."""
    fd = make(root)
    for count in (1 << 31, 1 << 40, SSIZE_MAX):
        assert root.pread(fd, count, 4) == b"456789"
        root.lseek(fd, 8, SEEK_SET)
        assert root.read(fd, count) == b"89"
    for count in (SSIZE_MAX + 1, (1 << 64) - 1, -1):
        assert errno_of(root, "read", fd, count) == Errno.EINVAL


def test_at_an_offset(root):
    """pread and preadv leave the file's own offset alone, and nothing is past the end."""
    fd = make(root)
    first, second = bytearray(3), bytearray(9)
    assert root.pread(fd, 3, 5) == b"567"
    assert root.pread(fd, 3, 10) == root.pread(fd, 3, 1 << 62) == b""
    assert root.preadv(fd, [first, second], 2) == 8
    assert (bytes(first), bytes(second)) == (b"234", b"56789\0\0\0\0")
    assert root.lseek(fd, 0, SEEK_CUR) == 0


def test_vector_is_filled_in_order(root):
    """Each buffer is filled before the next is begun; empty ones are passed over."""
    fd = make(root)
    buffers = [bytearray(b"xx"), bytearray(), bytearray(b"xxx"), bytearray(b"xxxxxxxxx")]
    assert root.readv(fd, buffers) == 10
    assert buffers == [b"01", b"", b"234", b"56789xxxx"]


def test_buffers_before_the_fault_are_filled(root):
    """A vector with one buffer that is nowhere: EFAULT, and the offset is past what came."""
    fd = make(root)
    assert errno_of(root, into_two, "readv", fd, 4, (BAD, 4)) == Errno.EFAULT
    assert root.lseek(fd, 0, SEEK_CUR) == 4
    assert root.call(into_two, "readv", fd, 6, (BAD, 4)) == 6  # the second is never reached


def test_access_time(root):
    """Reading sets it, at the end of the file too; reading no bytes does not."""
    fd = make(root)
    before = root.fstat(fd)
    root.read(fd, 0)
    root.pread(fd, 0, 3)
    assert root.fstat(fd) == before
    root.lseek(fd, 0, SEEK_SET)
    root.read(fd, 10)
    first = root.fstat(fd)
    assert first.st_atim > before.st_atim
    assert (first.st_mtim, first.st_ctim) == (before.st_mtim, before.st_ctim)
    assert root.read(fd, 10) == b""
    assert root.fstat(fd).st_atim > first.st_atim


def test_holes_are_zeros(root):
    """What was never written within the size reads as zeros."""
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.pwrite(fd, b"end", 100_000)
    assert root.pread(fd, 8, 0) == bytes(8)
    assert root.pread(fd, 10, 99_998) == b"\0\0end"
    root.ftruncate(fd, 200_000)
    assert root.pread(fd, 200_000, 100_003) == bytes(99_997)


def test_unlinked_and_cut_while_open(root):
    """A file without a name is read to its end, wherever that has come to be."""
    fd, second = make(root), root.open(b"f", O_RDONLY)
    root.unlink(b"f")
    root.read(second, 6)
    root.ftruncate(fd, 4)
    assert root.read(second, 10) == b""
    root.ftruncate(fd, 8)
    assert root.read(second, 10) == b"\0\0"


def test_shared_offset(root):
    """dup shares the offset; a second open has its own."""
    fd = make(root)
    twin, own = root.dup(fd), root.open(b"f", O_RDONLY)
    root.read(fd, 3)
    assert root.read(twin, 3) == b"345"
    assert root.read(own, 3) == b"012"


def test_devices_know_their_offsets(root):
    """A device takes any offset: /dev/zero is endless in both directions."""
    fd = root.open(b"/dev/zero", O_RDONLY)
    assert root.pread(fd, 3, -5) == bytes(3)
    assert root.lseek(fd, -5, SEEK_SET) == -5
