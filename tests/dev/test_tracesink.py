# SPDX-License-Identifier: BSD-2-Clause
"""Traces that go to a file of the host."""

import io
from errno import ENOSPC, EPIPE

import pytest

from kernel import api
from kernel.dev.tracesink import tracesink
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ktrace import KTR_EMUL, KTR_SYSCALL, KTR_SYSRET
from userland import libktrace


class Full(io.BytesIO):
    """A file whose disk has no room, for one reason or another."""

    def __init__(self, error: int) -> None:
        super().__init__()
        self.error = error

    def write(self, data) -> int:
        raise OSError(self.error, "no")


def test_records_arrive_whole_and_in_order(k):
    """Each append is a write."""
    sink = io.BytesIO()
    fp = tracesink(k.kernel, sink)
    fp.f_ops.fo_append(k.root().lwp, fp, b"one")
    fp.f_ops.fo_append(k.root().lwp, fp, memoryview(b"two"))
    assert sink.getvalue() == b"onetwo"


@pytest.mark.parametrize(("host", "errno"), [(ENOSPC, Errno.ENOSPC), (EPIPE, Errno.EIO)])
def test_the_hosts_errors_are_the_kernels(k, host, errno):
    """Translated at the border; what has no name here is EIO."""
    fp = tracesink(k.kernel, Full(host))
    with pytest.raises(KernelError) as caught:
        fp.f_ops.fo_append(k.root().lwp, fp, b"x")
    assert caught.value.errno is errno


def test_a_full_disk_ends_the_trace_and_not_the_program(k):
    """The traced process goes on untraced."""
    p = k.process()
    k.ktrace(p, Full(ENOSPC))
    assert p.getpid() == p.pid
    assert (p.proc.p_tracep, p.proc.p_traceflag) == (None, 0)


def test_a_disk_that_is_full_for_a_moment(k):
    """What the host refuses once and takes then is there once."""

    class Hesitant(io.BytesIO):
        refusals = 1

        def write(self, data) -> int:
            if self.refusals:
                self.refusals -= 1
                raise OSError(ENOSPC, "no")
            return super().write(data)

    p, sink = k.process(), Hesitant()
    k.ktrace(p, sink)
    assert p.getpid() == p.pid
    sink.seek(0)
    assert [record.type for record in libktrace.open(sink)] == [KTR_EMUL, KTR_SYSCALL, KTR_SYSRET]


class Slow(api.Buffers):
    """A terminal where nothing is typed until somebody waits for it; what is on disk then is seen."""

    def __init__(self, path) -> None:
        super().__init__(b"typed")
        self.path = path
        self.seen = b""

    def read_ready(self, block: bool) -> bool:
        if block:
            self.seen = self.path.read_bytes()
        return bool(self.seen)


def test_who_follows_outside_sees_what_was_before_a_wait(tmp_path):
    """When the machine waits for the host, the host has the records so far, whole."""
    path = tmp_path / "ktrace.out"
    console = Slow(path)
    with api.boot(console=console) as k, path.open("wb") as sink:
        p = k.process()
        k.ktrace(p, sink)
        assert p.read(0, 10) == b"typed"
        k.shutdown()
    last = list(libktrace.open(io.BytesIO(console.seen)))[-1]
    assert last.type == KTR_SYSCALL
    assert len(path.read_bytes()) > len(console.seen)
