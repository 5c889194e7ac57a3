# SPDX-License-Identifier: BSD-2-Clause
import io
import struct

import pytest

from kernel.dev.tracesink import tracesink
from kernel.kern.kern_ktrace import ktrderef
from kernel.kern.kern_ktrace_form import ktr_forms
from kernel.kern.sys_descrip import sys_close, sys_fcntl
from kernel.kern.sys_generic import (
    sys_ioctl,
    sys_pread,
    sys_preadv,
    sys_pwrite,
    sys_pwritev,
    sys_read,
    sys_readv,
    sys_write,
    sys_writev,
)
from kernel.kern.sys_pipe import PIPE_SIZE, sys_pipe, sys_pipe2
from kernel.kern.vfs_syscalls import sys_lseek, sys_open
from kernel.sys.cdefs import LP64
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_GETFD,
    F_GETFL,
    FD_CLOEXEC,
    O_CREAT,
    O_NONBLOCK,
    O_NOSIGPIPE,
    O_RDWR,
    O_WRONLY,
)
from kernel.sys.ioccom import (
    FIOASYNC,
    FIOCLEX,
    FIOGETOWN,
    FIONBIO,
    FIONCLEX,
    FIONREAD,
    FIOSETOWN,
    TIOCGETA,
)
from kernel.sys.ktrace import KTR_GENIO, KTRFAC_GENIO
from kernel.sys.param import IOV_MAX, SSIZE_MAX
from kernel.sys.signal import SIGPIPE, SIGSET_FULL, sigismember
from kernel.sys.uio import UIO_READ, UIO_WRITE
from kernel.sys.vm import VM_PROT_READ
from userland import libktrace

NOWHERE = 16  # an address that is not mapped


def iovecs(caller, *pairs):
    return caller.map(b"".join(struct.pack("<QQ", base, size) for base, size in pairs))


class Traced:
    """Trace a caller's generic I/O into memory."""

    def __init__(self, caller):
        self.caller = caller
        caller.p.p_ktrforms = ktr_forms(LP64, 0)
        self.sink = io.BytesIO()
        caller.p.p_tracep = tracesink(caller.p.p_kernel, self.sink)
        caller.p.p_tracep.f_count = 1
        caller.p.p_traceflag = KTRFAC_GENIO

    def genios(self):
        """Stop; return (fd, direction, data) of each record."""
        ktrderef(self.caller.p)
        found = []
        for record in libktrace.open(io.BytesIO(self.sink.getvalue())):
            assert record.type == KTR_GENIO
            found.append((*struct.unpack_from("<ii", record.payload), record.payload[8:]))
        return found


@pytest.fixture
def file(root):
    """A descriptor of an empty file, open for both."""
    return root(sys_open, b"/f", O_RDWR | O_CREAT, 0o600)


def test_write_then_read(root, file):
    """What was written is read; the offset is the file's."""
    data = root.map(b"hello world")
    there = root.map(bytes(20))

    assert root(sys_write, file, data, 11) == 11
    assert root(sys_read, file, there, 20) == 0
    root(sys_lseek, file, 6, 0)
    assert root(sys_read, file, there, 20) == 5
    assert root.peek(there, 20) == b"world" + bytes(15)


def test_at_an_offset(root, file):
    """pread and pwrite leave the file's own offset alone."""
    data, there = root.map(b"abcdef"), root.map(bytes(8))

    assert root(sys_pwrite, file, data, 6, 4) == 6
    assert root(sys_lseek, file, 0, 1) == 0
    assert root(sys_pread, file, there, 4, 2) == 4
    assert root.peek(there, 4) == b"\0\0ab"
    assert root(sys_pread, file, there, 4, 100) == 0


def test_vectors(root, file):
    """A vector is one transfer; empty pieces are fine anywhere."""
    a, b = root.map(b"one"), root.map(b"twothree")
    vector = iovecs(root, (0, 0), (a, 3), (NOWHERE, 0), (b, 3), (b + 3, 5), (0, 0))

    assert root(sys_writev, file, vector, 6) == 11
    root(sys_lseek, file, 0, 0)
    x, y = root.map(bytes(4)), root.map(bytes(100))
    assert root(sys_readv, file, iovecs(root, (x, 4), (y, 100)), 2) == 11
    assert root.peek(x, 4) + root.peek(y, 7) == b"onetwothree"
    assert root(sys_preadv, file, iovecs(root, (x, 2), (y, 2)), 2, 3) == 4
    assert root.peek(x, 2) + root.peek(y, 2) == b"twot"
    assert root(sys_pwritev, file, iovecs(root, (a, 1), (b, 1)), 2, 20) == 2


@pytest.mark.parametrize("call", [sys_read, sys_write])
def test_ebadf_comes_before_einval(root, file, call):
    """A bad descriptor is told before a bad length; both before a bad address."""
    assert root.error(call, 9, NOWHERE, SSIZE_MAX + 1) is Errno.EBADF
    assert root.error(call, file, NOWHERE, SSIZE_MAX + 1) is Errno.EINVAL
    assert root.error(call, file, NOWHERE, -1) is Errno.EINVAL
    assert root.error(call, file, NOWHERE, 0) is None


def test_wrong_direction_is_ebadf(root):
    """Reading the write end and writing the read end are EBADF."""
    rfd, wfd = root(sys_pipe)
    for call, fd in ((sys_read, wfd), (sys_write, rfd)):
        assert root.error(call, fd, NOWHERE, 1) is Errno.EBADF
    one = iovecs(root, (NOWHERE, 1))
    for call, fd in ((sys_readv, wfd), (sys_writev, rfd)):
        assert root.error(call, fd, one, 1) is Errno.EBADF


def test_efault(root, file):
    """Memory that is not there, and memory that cannot be written, are EFAULT."""
    root(sys_write, file, root.map(b"data"), 4)

    assert root.error(sys_write, file, NOWHERE, 1) is Errno.EFAULT
    assert root.error(sys_pread, file, NOWHERE, 1, 0) is Errno.EFAULT
    readonly = root.map(bytes(4), VM_PROT_READ)
    assert root.error(sys_pread, file, readonly, 4, 0) is Errno.EFAULT


@pytest.mark.parametrize("call", [sys_readv, sys_writev])
def test_vector_errors_in_netbsd_s_order(root, file, call):
    """No pieces is EINVAL before EBADF; then EBADF, too many, EFAULT, too long."""
    one = iovecs(root, (NOWHERE, 1))
    long = iovecs(root, (NOWHERE, SSIZE_MAX), (NOWHERE, 1))

    assert root.error(call, 9, one, 0) is Errno.EINVAL
    assert root.error(call, 9, one, 1) is Errno.EBADF
    assert root.error(call, file, NOWHERE, IOV_MAX + 1) is Errno.EINVAL
    assert root.error(call, file, NOWHERE, -1) is Errno.EINVAL
    assert root.error(call, file, NOWHERE, IOV_MAX) is Errno.EFAULT
    assert root.error(call, file, long, 2) is Errno.EINVAL
    assert root.error(call, file, long, 1) is not Errno.EINVAL


def test_offset_errors(root, file):
    """A pipe has no offset, whatever else is wrong; a negative one is EINVAL."""
    rfd, wfd = root(sys_pipe)
    one = iovecs(root, (NOWHERE, 1))

    assert root.error(sys_pread, wfd, NOWHERE, 1, 0) is Errno.EBADF
    assert root.error(sys_pread, rfd, NOWHERE, -1, -1) is Errno.ESPIPE
    assert root.error(sys_pwrite, wfd, NOWHERE, 1, 0) is Errno.ESPIPE
    assert root.error(sys_preadv, rfd, one, 1, 0) is Errno.ESPIPE
    assert root.error(sys_pread, file, NOWHERE, 1, -1) is Errno.EINVAL
    assert root.error(sys_pwritev, file, one, 1, -1) is Errno.EINVAL


def test_broken_pipe(root):
    """Writing to a pipe nobody reads is EPIPE, and SIGPIPE unless O_NOSIGPIPE."""
    rfd, wfd = root(sys_pipe)
    root(sys_close, rfd)
    data = root.map(b"x")

    assert root.error(sys_write, wfd, data, 1) is Errno.EPIPE
    assert sigismember(root.p.p_sigpend.sp_set, SIGPIPE)
    root.p.p_sigpend.clear(SIGSET_FULL)
    root(sys_pipe2, root.map(bytes(8)), O_NOSIGPIPE)
    root(sys_close, 0)
    assert root.error(sys_write, 2, data, 1) is Errno.EPIPE
    assert not sigismember(root.p.p_sigpend.sp_set, SIGPIPE)


def test_partial_write_counts_as_success(root):
    """A transfer that stops after some bytes tells how many; only a void one fails."""
    root(sys_pipe2, root.map(bytes(8)), O_NONBLOCK)
    data = root.map(bytes(100_000))

    assert root(sys_write, 1, data, PIPE_SIZE) == PIPE_SIZE
    assert root.error(sys_write, 1, data, 1) is Errno.EAGAIN
    there = root.map(bytes(PIPE_SIZE))
    assert root(sys_read, 0, there, 1000) == 1000
    assert root(sys_write, 1, data, 5000) == 1000


def test_trace_of_a_write(root, file):
    """GENIO has what moved: fd, direction, bytes; nothing for an error or for 0 bytes."""
    data, there = root.map(b"hello"), root.map(bytes(8))
    trace = Traced(root)
    root(sys_write, file, data, 5)
    root(sys_write, file, data, 0)
    root.error(sys_write, 9, data, 5)
    root.error(sys_write, file, NOWHERE, 5)
    root(sys_pread, file, there, 8, 1)
    root(sys_read, file, there, 8)

    assert trace.genios() == [(file, UIO_WRITE, b"hello"), (file, UIO_READ, b"ello")]


def test_trace_of_a_partial_write(root):
    """Of a write cut short the trace has what went."""
    root(sys_pipe2, root.map(bytes(8)), O_NONBLOCK)
    root(sys_write, 1, root.map(bytes(PIPE_SIZE - 100)), PIPE_SIZE - 100)
    trace = Traced(root)
    root(sys_write, 1, root.map(b"x" * 1000), 1000)

    assert trace.genios() == [(1, UIO_WRITE, b"x" * 100)]


def test_trace_of_a_vector(root, file):
    """Records do not span pieces, and the vector is the caller's, not what the file left of it."""
    a, b = root.map(b"one"), root.map(b"three")
    x, y = root.map(bytes(4)), root.map(bytes(8))
    trace = Traced(root)
    root(sys_writev, file, iovecs(root, (a, 3), (0, 0), (b, 5)), 3)
    root(sys_preadv, file, iovecs(root, (x, 4), (y, 8)), 2, 0)

    assert trace.genios() == [
        (file, UIO_WRITE, b"one"),
        (file, UIO_WRITE, b""),
        (file, UIO_WRITE, b"three"),
        (file, UIO_READ, b"onet"),
        (file, UIO_READ, b"hree"),
    ]


def test_ioctl_in_and_out(root):
    """What goes in is traced before the file sees it, what comes out once it is copied."""
    root(sys_pipe)
    root(sys_write, 1, root.map(b"12345"), 5)
    number = root.map(struct.pack("<i", 1))
    trace = Traced(root)
    root(sys_ioctl, 0, FIOASYNC, number)
    root(sys_ioctl, 0, FIOSETOWN, number)
    root(sys_ioctl, 0, FIONREAD, number)
    root(sys_ioctl, 0, FIOCLEX, number)
    root(sys_ioctl, 0, FIONCLEX, 0)
    root.error(sys_ioctl, 0, TIOCGETA, number)
    root.error(sys_ioctl, 0, FIONREAD, NOWHERE)

    one, five = struct.pack("<i", 1), struct.pack("<i", 5)
    assert trace.genios() == [(0, UIO_WRITE, one), (0, UIO_WRITE, one), (0, UIO_READ, five)]


def test_fionbio_is_kept_in_the_file(root):
    """FIONBIO is O_NONBLOCK by another name."""
    root(sys_pipe)
    root(sys_ioctl, 0, FIONBIO, root.map(struct.pack("<i", 1)))
    assert root(sys_fcntl, 0, F_GETFL, 0) & O_NONBLOCK
    root(sys_ioctl, 0, FIONBIO, root.map(bytes(4)))
    assert not root(sys_fcntl, 0, F_GETFL, 0) & O_NONBLOCK


def test_fioclex(root):
    """FIOCLEX and FIONCLEX are close-on-exec of the descriptor."""
    root(sys_pipe)
    root(sys_ioctl, 0, FIOCLEX, 0)
    assert root(sys_fcntl, 0, F_GETFD, 0) == FD_CLOEXEC
    root(sys_ioctl, 0, FIONCLEX, 0)
    assert root(sys_fcntl, 0, F_GETFD, 0) == 0


def test_ioctl_errors(root, file):
    """EBADF; EFAULT before the file is asked; ENOTTY for what it does not know."""
    assert root.error(sys_ioctl, 9, FIONREAD, NOWHERE) is Errno.EBADF
    assert root.error(sys_ioctl, file, FIONBIO, NOWHERE) is Errno.EFAULT
    assert root.error(sys_ioctl, file, TIOCGETA, NOWHERE) is Errno.ENOTTY
    assert root.error(sys_ioctl, file, FIOGETOWN, NOWHERE) is Errno.ENOTTY
    assert root.error(sys_ioctl, file, 0x5FFF6601, NOWHERE) is Errno.ENOTTY, "argument too large"
    only = root(sys_open, b"/g", O_WRONLY | O_CREAT, 0o600)
    assert root.error(sys_ioctl, only, FIONBIO, root.map(bytes(4))) is None
