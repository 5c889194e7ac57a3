# SPDX-License-Identifier: BSD-2-Clause
"""Traces that go to a file of the host."""

import io
from errno import ENOSPC, EPIPE

import pytest

from kernel.dev.tracesink import tracesink
from kernel.sys.errno import Errno, KernelError


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
    fp = tracesink(sink)
    fp.f_ops.fo_append(k.root().lwp, fp, b"one")
    fp.f_ops.fo_append(k.root().lwp, fp, memoryview(b"two"))
    assert sink.getvalue() == b"onetwo"


@pytest.mark.parametrize(("host", "errno"), [(ENOSPC, Errno.ENOSPC), (EPIPE, Errno.EIO)])
def test_the_hosts_errors_are_the_kernels(k, host, errno):
    """Translated at the border; what has no name here is EIO."""
    fp = tracesink(Full(host))
    with pytest.raises(KernelError) as caught:
        fp.f_ops.fo_append(k.root().lwp, fp, b"x")
    assert caught.value.errno is errno


def test_a_full_disk_ends_the_trace_and_not_the_program(k):
    """The traced process goes on untraced."""
    p = k.process()
    k.ktrace(p, Full(ENOSPC))
    assert p.getpid() == p.pid
    assert (p.proc.p_tracep, p.proc.p_traceflag) == (None, 0)
