# SPDX-License-Identifier: BSD-2-Clause
"""ktrgenio: which bytes are recorded, in how many records, and when not."""

import struct

import pytest

from kernel.arch.python.locore import trap
from kernel.kern.kern_ktrace import ktrgenio
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_RDWR
from kernel.sys.ioccom import FIONBIO, FIONREAD
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_GENIO,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTRFAC_CSW,
    KTRFAC_GENIO,
    KTRFAC_SYSCALL,
    KTRFAC_SYSRET,
)
from kernel.sys.syscall import sysno
from kernel.sys.uio import UIO_READ, UIO_WRITE, Iovec
from kernel.sys.vm import VM_PROT_WRITE

FULL = 4096 - 8  # bytes of data in a full record


@pytest.fixture
def p(ktraced):
    return ktraced.p


@pytest.fixture
def fd(p):
    return p("open", b"/file", O_RDWR | O_CREAT, 0o600)


def iovec(p, *buffers):
    """Map buffers; return a struct iovec array and how many."""
    pairs = [(p.map(buf) if buf else 0, len(buf)) for buf in buffers]
    return bytearray(b"".join(struct.pack("<QQ", *pair) for pair in pairs)), len(pairs)


def sizes(ktraced):
    return [len(r.data) for r in ktraced.records() if r.type == KTR_GENIO]


def test_a_write_is_recorded_with_descriptor_direction_and_data(ktraced, p, fd):
    ktraced.start(KTRFAC_GENIO)
    p("write", fd, bytearray(b"hello"), 5)
    (record,) = ktraced.records()

    assert (record.type, record.body(), record.data) == (KTR_GENIO, (fd, UIO_WRITE), b"hello")


def test_genio_comes_between_call_and_return(ktraced, p, fd):
    ktraced.start(KTRFAC_GENIO | KTRFAC_SYSCALL | KTRFAC_SYSRET)
    p("write", fd, bytearray(b"hello"), 5)

    assert [r.type for r in ktraced.records()] == [KTR_SYSCALL, KTR_GENIO, KTR_SYSRET]


def test_only_the_bytes_that_moved_are_recorded(ktraced, p, fd):
    p("pwrite", fd, bytearray(b"abc"), 3, 0)
    ktraced.start(KTRFAC_GENIO)
    p("pread", fd, bytearray(b"-" * 100), 100, 0)
    (record,) = ktraced.records()

    assert (record.body().ktr_rw, record.data) == (UIO_READ, b"abc")


def test_nothing_moved_is_nothing_recorded(ktraced, p, fd):
    ktraced.start(KTRFAC_GENIO)
    p("read", fd, bytearray(9), 9)
    p("write", fd, bytearray(1), 0)

    assert ktraced.records() == []


def test_a_failed_call_leaves_no_genio(ktraced, p):
    ktraced.start(KTRFAC_GENIO | KTRFAC_SYSCALL | KTRFAC_SYSRET)
    assert p.error("write", 77, bytearray(b"hi"), 2) == Errno.EBADF

    assert [r.type for r in ktraced.records()] == [KTR_SYSCALL, KTR_SYSRET]


def test_an_error_given_to_ktrgenio_is_no_record(ktraced, p):
    ktraced.start(KTRFAC_GENIO)
    ktrgenio(p.lwp, 1, UIO_WRITE, [Iovec(p.map(b"abc"), 3)], 3, Errno.EIO)

    assert ktraced.records() == []


def test_4096_bytes_are_records_of_4088_and_8(ktraced, p, fd):
    data = bytearray(i % 251 for i in range(4096))
    ktraced.start(KTRFAC_GENIO)
    p("write", fd, data, 4096)
    records = ktraced.records()

    assert sizes(ktraced) == [FULL, 8]
    assert b"".join(r.data for r in records) == data


def test_a_split_genio_has_one_timestamp(ktraced, p, fd):
    """Ported."""
    ktraced.start(KTRFAC_GENIO)
    p("write", fd, bytearray(20000), 20000)
    records = ktraced.records()

    assert len(records) == 5
    assert len({r.time for r in records}) == 1


@pytest.mark.parametrize("size", [1, FULL - 1, FULL, FULL + 1, 2 * FULL])
def test_no_record_has_more_than_a_page(ktraced, p, fd, size):
    ktraced.start(KTRFAC_GENIO)
    p("write", fd, bytearray(size), size)

    assert sizes(ktraced) == [FULL] * (size // FULL) + [size % FULL] * (size % FULL > 0)


def test_records_never_span_two_iovecs(ktraced, p, fd):
    ktraced.start(KTRFAC_GENIO)
    p("writev", fd, *iovec(p, b"ab", b"cde", b"f"))

    assert [r.data for r in ktraced.records()] == [b"ab", b"cde", b"f"]


def test_an_empty_iovec_in_front_of_data_is_an_empty_record(ktraced, p, fd):
    """Ported."""
    ktraced.start(KTRFAC_GENIO)
    p("writev", fd, *iovec(p, b"", b"ab", b"", b"c"))

    assert [r.data for r in ktraced.records()] == [b"", b"ab", b"", b"c"]


def test_an_empty_iovec_after_the_data_is_no_record(ktraced, p, fd):
    ktraced.start(KTRFAC_GENIO)
    p("writev", fd, *iovec(p, b"ab", b"", b""))

    assert [r.data for r in ktraced.records()] == [b"ab"]


def test_the_room_of_a_record_is_that_of_the_whole_transfer(ktraced, p, fd):
    """A short transfer has short records, each iovec in one."""
    ktraced.start(KTRFAC_GENIO)
    p("writev", fd, *iovec(p, b"x" * 5000, b"y" * 10))

    assert sizes(ktraced) == [FULL, 5000 - FULL, 10]


def test_readv_is_recorded_as_far_as_it_came(ktraced, p, fd):
    p("pwrite", fd, bytearray(b"abcde"), 5, 0)
    ktraced.start(KTRFAC_GENIO)
    p("preadv", fd, *iovec(p, b"---", b"----", b"--"), 0)

    assert [r.data for r in ktraced.records()] == [b"abc", b"de"]


def test_a_huge_iovec_is_recorded_as_far_as_it_was_filled(ktraced, p, fd):
    """Mended: no endless empty records for lengths that are multiples of 4 GiB."""
    p("pwrite", fd, bytearray(b"abc"), 3, 0)
    ktraced.start(KTRFAC_GENIO)
    vector = bytearray(struct.pack("<QQ", p.map(b"-" * 64), 1 << 32))
    p("preadv", fd, vector, 1, 0)

    assert [r.data for r in ktraced.records()] == [b"abc"]


def test_memory_that_cannot_be_read_ends_the_records_silently(ktraced, p):
    ktraced.start(KTRFAC_GENIO)
    good, bad = p.map(b"good"), p.map(b"bad!", VM_PROT_WRITE)
    vector = [Iovec(good, 4), Iovec(bad, 4), Iovec(good, 4)]
    ktrgenio(p.lwp, 1, UIO_WRITE, vector, 12)

    assert [r.data for r in ktraced.records()] == [b"good"]
    assert p.proc.p_tracep is not None


def test_memory_that_ends_in_the_middle_is_recorded_in_full_records(ktraced, p):
    ktraced.start(KTRFAC_GENIO)
    ktrgenio(p.lwp, 1, UIO_WRITE, [Iovec(p.map(b"x" * 10000), 20000)], 20000)

    assert sizes(ktraced) == [FULL, FULL]


def test_data_is_read_after_the_transfer(ktraced, p):
    """What is recorded is what is in memory then, as NetBSD reads it again."""
    buf = bytearray(b"before")
    rfd, wfd = p.trap(sysno("pipe"))[1]
    child = p.fork()
    ktraced.start(KTRFAC_GENIO)
    p.begin("read", rfd, buf, 6)
    child("write", wfd, bytearray(b"AFTER!"), 6)
    p.finish()

    assert [r.data for r in ktraced.records()] == [b"AFTER!"]


def test_a_call_that_slept_while_its_trace_began_is_recorded(ktraced, p):
    """Mended: no uninitialised iovec; the caller's is there either way."""
    rfd, wfd = p.trap(sysno("pipe"))[1]
    child = p.fork()
    p.begin("readv", rfd, *iovec(p, b"--", b"----"))
    ktraced.start(KTRFAC_GENIO)
    child("write", wfd, bytearray(b"late!"), 5)
    p.finish()

    assert [r.data for r in ktraced.records()] == [b"la", b"te!"]


def test_a_sleeping_read_has_its_switches_before_its_data(ktraced, p):
    rfd, wfd = p.trap(sysno("pipe"))[1]
    child = p.fork()
    ktraced.start(KTRFAC_GENIO | KTRFAC_CSW | KTRFAC_SYSCALL | KTRFAC_SYSRET)
    p.begin("read", rfd, bytearray(4), 4)
    child("write", wfd, bytearray(b"data"), 4)
    p.finish()

    assert [r.type for r in ktraced.records()] == [
        KTR_SYSCALL,
        KTR_CSW,
        KTR_CSW,
        KTR_GENIO,
        KTR_SYSRET,
    ]


def test_a_partial_transfer_that_would_block_is_recorded(ktraced, p):
    """What moved before EAGAIN counts as success."""
    _, wfd = p.trap(sysno("pipe"))[1]
    p("fcntl", wfd, 4, 4)
    p("write", wfd, bytearray(b"q" * 10000), 10000)
    ktraced.start(KTRFAC_GENIO)
    moved = p("write", wfd, bytearray(b"x" * 10000), 10000)

    assert moved < 10000
    assert sum(sizes(ktraced)) == moved


def test_between_records_others_run_if_the_scheduler_asks(ktraced, p, fd):
    """Records of several processes interleave in one file."""
    other = ktraced.booted.process()
    ktraced.start(KTRFAC_GENIO)
    ktraced.set(KTRFAC_SYSCALL, other)

    def write():
        ktraced.kernel.shouldyield = True
        return trap(sysno("write"), fd, p.map(b"x" * 9000), 9000)

    other.process.begin(lambda: other_call(other), run=False)
    p.process.begin(write, run=False)
    p.process.finish()
    order = [r.pid for r in ktraced.records()]

    assert sorted(order) == [p.pid] * 3 + [other.pid]
    assert order != sorted(order)


def other_call(other):
    return trap(sysno("getpid"))


def test_getdents_is_recorded_as_read(ktraced, p):
    fd = p("open", b"/", 0, 0)
    ktraced.start(KTRFAC_GENIO)
    count = p("__getdents30", fd, bytearray(4096), 4096)
    (record,) = ktraced.records()

    assert record.body() == (fd, UIO_READ)
    assert len(record.data) == count


def test_ioctl_records_what_goes_in_and_what_comes_out(ktraced, p):
    rfd, wfd = p.trap(sysno("pipe"))[1]
    p("write", wfd, bytearray(b"abc"), 3)
    ktraced.start(KTRFAC_GENIO)
    p("ioctl", rfd, FIONREAD, bytearray(4))
    p("ioctl", rfd, FIONBIO, bytearray(b"\1\0\0\0"))

    assert [(r.body().ktr_rw, r.data) for r in ktraced.records()] == [
        (UIO_READ, b"\3\0\0\0"),
        (UIO_WRITE, b"\1\0\0\0"),
    ]
