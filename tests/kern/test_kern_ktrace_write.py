# SPDX-License-Identifier: BSD-2-Clause
"""ktrwrite: whole records or none, three tries, and who loses a trace that fails."""

import pytest

from kernel.arch.python.locore import trap
from kernel.kern.kern_ktrace import ktrwrite
from kernel.sys.dataclasses import replace
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Limits
from kernel.sys.ktrace import (
    KTR_GENIO,
    KTR_SYSRET,
    KTRFAC_EMUL,
    KTRFAC_GENIO,
    KTRFAC_SYSCALL,
    KTRFAC_SYSRET,
    KTRFAC_USER,
)
from kernel.sys.syscall import sysno
from tests.kern.conftest import Traced

BOTH = KTRFAC_SYSCALL | KTRFAC_SYSRET


@pytest.fixture
def p(ktraced):
    return ktraced.p


@pytest.fixture
def tracer(ktraced):
    return ktraced.tracer


@pytest.fixture
def pipe(tracer):
    """(read end, write end), of the tracer."""
    return tracer.trap(sysno("pipe"))[1]


def drain(tracer, rfd):
    """What is in the pipe now."""
    buf = bytearray(1 << 16)
    return bytes(buf[: tracer("read", rfd, buf, len(buf))])


def fill(tracer, wfd, leave):
    """Fill the pipe up to `leave` bytes."""
    tracer("fcntl", wfd, 4, 4)
    tracer("write", wfd, bytearray(16384 - leave), 16384 - leave)


def refuse(p, errno):
    """Let writes to p's trace fail; return the list of sizes that were tried."""
    tried = []

    def fo_append(_lwp, _fp, record):
        tried.append(len(record))
        raise KernelError(errno)

    fp = p.proc.p_tracep
    fp.f_ops = replace(fp.f_ops, fo_append=fo_append)
    return tried


def count(p):
    """Return a list that the size of each write to p's trace is appended to."""
    fp = p.proc.p_tracep
    append, sizes = fp.f_ops.fo_append, []

    def fo_append(lwp, fp, record):
        sizes.append(len(record))
        append(lwp, fp, record)

    fp.f_ops = replace(fp.f_ops, fo_append=fo_append)
    return sizes


def test_without_a_trace_file_nothing_happens(p):
    assert ktrwrite(p.lwp, b"record") == 0


def test_header_and_payload_are_one_write(ktraced, p):
    ktraced.start(KTRFAC_SYSCALL)
    sizes = count(p)
    p.error("close", 77)

    assert sizes == [len(ktraced.data())]


def test_a_full_pipe_is_tried_three_times(ktraced, p, tracer, pipe):
    """Ported: then the trace ends, and the log says so."""
    ktraced.fktrace(pipe[1], BOTH)
    fill(tracer, pipe[1], 0)
    tried = count(p)
    p("getpid")

    assert len(tried) == 3
    assert (p.proc.p_tracep, p.proc.p_traceflag) == (None, 0)
    assert ktraced.kernel.msgbuf[-1] == (
        f"ktrace write failed, errno {int(Errno.EWOULDBLOCK)}, tracing stopped"
    )


def test_between_tries_the_reader_may_make_room(ktraced, p, tracer, pipe):
    ktraced.fktrace(pipe[1], KTRFAC_SYSCALL)
    fill(tracer, pipe[1], 0)
    address = tracer.map(bytearray(16384))

    def getpid():
        tracer.process.begin(trap, sysno("read"), pipe[0], address, 16384, run=False)
        return trap(sysno("getpid"))

    p.process.call(getpid)
    tracer.process.finish()

    assert p.proc.p_tracep is not None
    assert len(ktraced.records(data=drain(tracer, pipe[0]))) == 1


@pytest.mark.parametrize("leave", [1, 56, 63, 64, 100])
def test_a_short_write_never_shears_the_stream(ktraced, p, tracer, pipe, leave):
    """Mended: a record that does not fit counts as EWOULDBLOCK; the stream ends at a boundary."""
    ktraced.fktrace(pipe[1], BOTH)
    fill(tracer, pipe[1], leave)
    p("getpid")
    data = drain(tracer, pipe[0])[16384 - leave :]
    records = ktraced.records(data=data)

    assert p.proc.p_tracep is None
    assert len(records) == (leave >= 64)


def test_a_failure_ends_the_trace_for_all_who_share_the_file(ktraced, p, tracer):
    other, elsewhere = ktraced.booted.process(), ktraced.booted.process()
    ktraced.start(BOTH)
    ktraced.set(BOTH, other)
    ktraced.start(BOTH, elsewhere, b"/other")
    refuse(p, Errno.EIO)
    p("getpid")

    assert (p.proc.p_tracep, other.proc.p_tracep) == (None, None)
    assert elsewhere.proc.p_tracep is not None
    assert ktraced.kernel.msgbuf[-1] == (
        f"ktrace write failed, errno {int(Errno.EIO)}, tracing stopped"
    )


def test_another_error_is_not_tried_again(ktraced, p):
    ktraced.start(BOTH)
    tried = refuse(p, Errno.EIO)
    p("getpid")

    assert len(tried) == 1


def test_epipe_is_silent(ktraced, p, tracer, pipe):
    """Ported: ktruss has gone; nobody wants to know."""
    ktraced.fktrace(pipe[1], BOTH)
    tracer("close", pipe[0])
    lines = len(ktraced.kernel.msgbuf)
    p("getpid")

    assert p.proc.p_tracep is None
    assert len(ktraced.kernel.msgbuf) == lines
    assert not p.proc.p_sigpend.sp_set


def test_the_call_itself_does_not_fail(ktraced, p):
    ktraced.start(BOTH | KTRFAC_GENIO)
    fd = p("open", b"/file", 0x202, 0o600)
    refuse(p, Errno.EIO)

    assert p("write", fd, bytearray(9000), 9000) == 9000


def test_after_a_failure_nothing_more_is_tried(ktraced, p):
    ktraced.start(BOTH)
    tried = refuse(p, Errno.EIO)
    for _ in range(3):
        p("getpid")

    assert (len(tried), p.proc.p_traceflag) == (1, 0)


def test_a_disk_that_is_full_stops_the_trace_at_a_record(boot):
    ktraced = Traced(boot(limits=Limits(fs_size=4 << 20)))
    p, tracer = ktraced.p, ktraced.tracer
    fd = tracer("open", b"/ballast", 0x202, 0o600)
    chunk = bytearray(4096)
    ktraced.start(BOTH | KTRFAC_GENIO)
    p.error("getpid")
    while not tracer.error("write", fd, chunk, len(chunk)):
        pass
    out = p("open", b"/dev/null", 1, 0)
    while p.proc.p_tracep is not None:
        p("write", out, bytearray(500), 500)
    records = ktraced.records()

    assert records
    assert f"errno {int(Errno.ENOSPC)}" in ktraced.kernel.msgbuf[-1]
    assert p("getpid") == p.pid


def test_a_large_transfer_to_a_disk_nearly_full_leaves_what_fits(boot):
    ktraced = Traced(boot(limits=Limits(fs_size=4 << 20)))
    p, tracer = ktraced.p, ktraced.tracer
    fd = tracer("open", b"/ballast", 0x202, 0o600)
    out = p("open", b"/dev/null", 1, 0)
    ktraced.start(KTRFAC_GENIO)
    while not tracer.error("write", fd, bytearray(4096), 4096):
        pass
    tracer("ftruncate", fd, 0)
    while tracer("write", fd, bytearray(4096), 4096) and room(tracer) > 3:
        pass
    p("write", out, bytearray(100_000), 100_000)
    records = ktraced.records()

    assert 1 <= len(records) <= 3
    assert all(r.type == KTR_GENIO for r in records)
    assert p.proc.p_tracep is None


def room(tracer):
    """Pages left on the root."""
    node = tracer.lwp.l_kernel.rootvnode.v_mount.mnt_data
    return (node.tm_mem_limit - node.tm_mem_used) // 4096


def test_a_killed_tracer_does_not_harm_the_traced(ktraced, p, tracer, pipe):
    ktraced.fktrace(pipe[1], BOTH)
    tracer.trap(sysno("kill"), tracer.pid, 9)
    assert not tracer.process.alive
    assert p("getpid") == p.pid

    assert p.proc.p_tracep is None


def test_records_of_a_process_that_does_not_run_go_through_a_full_pipe(ktraced, tracer, pipe):
    """ktrops writes EMUL for its target while the caller is on the CPU."""
    other = ktraced.booted.process()
    fill(tracer, pipe[1], 0)
    ktraced.fktrace(pipe[1], KTRFAC_EMUL | KTRFAC_USER, target=other)

    assert other.proc.p_tracep is None
    assert tracer("getpid") == tracer.pid


def test_a_record_is_whole_though_its_process_was_preempted(ktraced, p):
    """Records of two busy processes do not mix within one."""
    other = ktraced.booted.process()
    ktraced.start(BOTH | KTRFAC_GENIO)
    ktraced.set(BOTH | KTRFAC_GENIO, other)
    for each in (p, other):
        fd = each("open", b"/dev/null", 1, 0)
        each.process.begin(lambda each=each, fd=fd: busy(ktraced, each, fd), run=False)
    p.process.finish()
    other.process.finish()
    records = ktraced.records()

    assert {r.pid for r in records} == {p.pid, other.pid}
    assert records[-1].type == KTR_SYSRET


def busy(ktraced, each, fd):
    address = each.map(bytearray(20000))
    for _ in range(5):
        ktraced.kernel.shouldyield = True
        trap(sysno("write"), fd, address, 20000)
