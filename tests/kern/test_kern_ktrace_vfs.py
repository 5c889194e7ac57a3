# SPDX-License-Identifier: BSD-2-Clause
"""ktrace(2): its path, its temporary descriptor, how it writes to the file."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import FAPPEND, O_CREAT, O_RDONLY, O_RDWR, O_TRUNC
from kernel.sys.ktrace import (
    KTR_SYSCALL,
    KTR_SYSRET,
    KTRFAC_NAMEI,
    KTRFAC_SYSCALL,
    KTRFAC_SYSRET,
    KTROP_CLEAR,
    KTROP_CLEARFILE,
    KTROP_SET,
)
from kernel.sys.resource import RLIMIT_NOFILE, Rlimit

BOTH = KTRFAC_SYSCALL | KTRFAC_SYSRET
OPENING = [KTROP_SET, KTROP_CLEARFILE]


@pytest.fixture
def p(ktraced):
    return ktraced.p


@pytest.fixture
def tracer(ktraced):
    return ktraced.tracer


@pytest.mark.parametrize("ops", OPENING)
@pytest.mark.parametrize(
    ("path", "errno"),
    [
        (b"/none", Errno.ENOENT),
        (b"", Errno.ENOENT),
        (b"/file/x", Errno.ENOTDIR),
        (b"/loop", Errno.ELOOP),
        (b"x" * 1024, Errno.ENAMETOOLONG),
        (0, Errno.EFAULT),
        (b"/tmp", Errno.EISDIR),
        (b"/dev/null", Errno.EACCES),
    ],
)
def test_errors_of_the_path_come_through(ktraced, p, tracer, ops, path, errno):
    ktraced.create(b"/file")
    tracer("symlink", b"/loop", b"/loop")

    assert tracer.error("ktrace", path, ops, BOTH, p.pid) == errno
    assert p.proc.p_tracep is None


@pytest.mark.parametrize("mode", [0o444, 0o222, 0o000])
def test_the_file_must_be_readable_and_writable(ktraced, mode):
    user = ktraced.booted.process(1000)
    ktraced.create()
    ktraced.tracer("chmod", b"/trace", mode)

    assert user.error("ktrace", b"/trace", KTROP_SET, BOTH, user.pid) == Errno.EACCES


def test_a_fifo_is_not_a_regular_file(ktraced, p, tracer):
    tracer("mkfifo", b"/fifo", 0o666)

    assert tracer.error("ktrace", b"/fifo", KTROP_SET, BOTH, p.pid) == Errno.EACCES


def test_clear_takes_no_file(ktraced, p, tracer):
    """A bad path is no error then."""
    for path in (b"/none", 0, b"x" * 2000):
        ktraced.start(BOTH)
        assert tracer.error("ktrace", path, KTROP_CLEAR, BOTH, p.pid) == 0
        assert p.proc.p_tracep is None


def test_the_temporary_descriptor_is_gone_afterwards(ktraced, p, tracer):
    """On every way out."""
    ktraced.create()
    lowest = tracer("open", b"/trace", O_RDONLY, 0)
    tracer("close", lowest)
    used = ktraced.kernel.nfiles
    for path, facs, pid in (
        (b"/trace", BOTH, p.pid),
        (b"/trace", 0, p.pid),
        (b"/trace", BOTH, 29999),
        (b"/dev/null", BOTH, p.pid),
        (b"/none", BOTH, p.pid),
    ):
        tracer.error("ktrace", path, KTROP_SET, facs, pid)
        tracer.error("ktrace", path, KTROP_CLEARFILE, facs, pid)
        fd = tracer("open", b"/trace", O_RDONLY, 0)
        assert fd == lowest
        tracer("close", fd)
    assert ktraced.kernel.nfiles == used


def test_what_was_opened_and_not_used_is_closed(ktraced, tracer):
    ktraced.create()
    vp = ktraced.tracer.proc.p_cwdi.cwdi_cdir.v_mount
    tracer.error("ktrace", b"/trace", KTROP_SET, BOTH, 29999)
    tracer("unlink", b"/trace")

    assert tracer.error("ktrace", b"/trace", KTROP_SET, BOTH, 29999) == Errno.ENOENT
    assert vp is not None


def test_ktrace_needs_a_descriptor(ktraced, p, tracer):
    ktraced.create()
    tracer("setrlimit", RLIMIT_NOFILE, bytearray(Rlimit(3, 100).pack()))

    assert tracer.error("ktrace", b"/trace", KTROP_SET, BOTH, p.pid) == Errno.EMFILE
    assert p.proc.p_tracep is None


def test_a_failed_falloc_does_not_mute_the_caller(ktraced, p):
    """Mended: KTRFAC_ACTIVE does not stay set."""
    ktraced.start(BOTH)
    p("setrlimit", RLIMIT_NOFILE, bytearray(Rlimit(3, 100).pack()))
    assert p.error("ktrace", b"/trace", KTROP_SET, BOTH, p.pid) == Errno.EMFILE
    before = len(ktraced.records())
    p("getpid")

    assert [r.type for r in ktraced.records()[before:]] == [KTR_SYSCALL, KTR_SYSRET]


@pytest.mark.parametrize("path", [b"/none", b"/dev/null", 0])
def test_a_refused_path_does_not_mute_the_caller(ktraced, p, path):
    ktraced.start(BOTH)
    p.error("ktrace", path, KTROP_SET, BOTH, p.pid)

    assert [r.type for r in ktraced.records()] == [KTR_SYSCALL, KTR_SYSRET]
    assert not p.lwp.l_ktractive


def test_the_lookup_of_the_trace_file_is_not_recorded(ktraced, p):
    ktraced.start(KTRFAC_NAMEI)
    p.error("ktrace", b"/none", KTROP_SET, BOTH, p.pid)

    assert ktraced.records() == []


def test_records_are_appended(ktraced, p, tracer):
    fd = tracer("open", b"/trace", O_RDWR | O_CREAT | O_TRUNC, 0o600)
    tracer("write", fd, bytearray(b"junk"), 4)
    ktraced.set(KTRFAC_SYSCALL)
    p("getpid")
    tracer("pwrite", fd, bytearray(b"JUNK"), 4, 0)
    p("getpid")

    assert p.proc.p_tracep.f_flag & FAPPEND
    assert ktraced.data().startswith(b"JUNK")
    assert len(ktraced.records(data=ktraced.data()[4:])) == 2


def test_a_truncated_trace_goes_on_at_its_new_end(ktraced, p, tracer):
    ktraced.start(KTRFAC_SYSCALL)
    p("getpid")
    tracer("truncate", b"/trace", 0)
    p("getpid")

    assert len(ktraced.records()) == 1


def test_two_traces_to_one_file_do_not_overwrite_each_other(ktraced, p):
    other = ktraced.booted.process()
    ktraced.start(KTRFAC_SYSCALL)
    ktraced.set(KTRFAC_SYSCALL, other)
    for each in (p, other, p):
        each("getpid")

    assert [r.pid for r in ktraced.records()] == [p.pid, other.pid, p.pid]


def test_a_trace_survives_the_removal_of_its_name(ktraced, p, tracer):
    fd_path = b"/trace"
    ktraced.start(KTRFAC_SYSCALL)
    fd = tracer("open", fd_path, O_RDONLY, 0)
    tracer("unlink", fd_path)
    p("getpid")
    buf = bytearray(4096)
    count = tracer("read", fd, buf, 4096)

    assert len(ktraced.records(data=bytes(buf[:count]))) == 1


def test_a_trace_through_a_symlink_goes_to_its_target(ktraced, p, tracer):
    ktraced.create(b"/real")
    tracer("symlink", b"/real", b"/link")
    ktraced.set(KTRFAC_SYSCALL, path=b"/link")
    p("getpid")

    assert len(ktraced.records(b"/real")) == 1
