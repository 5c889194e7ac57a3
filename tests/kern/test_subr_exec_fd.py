# SPDX-License-Identifier: BSD-2-Clause
"""Descriptors as a new program finds them: in the trace, and for a set-id program never closed."""

import io

from kernel.sys.fcntl import F_SETFD, FD_CLOEXEC
from kernel.sys.file import DTYPE_PIPE, DTYPE_VNODE
from kernel.sys.ktrace import (
    KTR_EMUL,
    KTR_EXEC_ARG,
    KTR_EXEC_ENV,
    KTR_EXEC_FD,
    KTR_NAMEI,
    KTR_SYSCALL,
    KTR_SYSRET,
)
from userland import libktrace


def test_exec_records_arguments_then_environment_then_descriptors(k):
    """One FD record for each descriptor that stays open; those closed by exec are not there."""
    k.install(b"/p.py", b"")
    p = k.process()
    p.close(1)
    rfd, wfd = p.pipe()
    assert (rfd, wfd) == (1, 3)
    p.fcntl(wfd, F_SETFD, FD_CLOEXEC)
    sink = io.BytesIO()
    k.ktrace(p, sink, "caenvf")
    p.call("execve", b"/p.py", ["p.py", "x"], {"A": "1"})
    records = list(libktrace.open(io.BytesIO(sink.getvalue())))
    kinds = [record.type for record in records]
    start = kinds.index(KTR_NAMEI) - 1
    assert kinds[start : start + 10] == [
        KTR_SYSCALL, KTR_NAMEI, KTR_EXEC_ARG, KTR_EXEC_ARG, KTR_EXEC_ENV,
        KTR_EXEC_FD, KTR_EXEC_FD, KTR_EXEC_FD, KTR_EMUL, KTR_SYSRET,
    ]  # fmt: skip
    found = [record.body() for record in records if record.type == KTR_EXEC_FD]
    assert [(each.ktr_fd, each.ktr_dtype) for each in found] == [
        (0, DTYPE_VNODE), (1, DTYPE_PIPE), (2, DTYPE_VNODE),
    ]  # fmt: skip


def test_set_id_program_finds_the_first_three_open(k):
    """/dev/null stands in for each of 0 to 2 that is closed, and the log says who did that."""
    k.install(b"/suid.py", b"import os\nos._exit(len(os.listdir('/proc/self/fd')))\n")
    k.root().chmod(b"/suid.py", 0o4755)
    p = k.process(1000)
    for fd in (0, 2):
        p.close(fd)
    p.begin("execve", b"/suid.py", ["suid.py"], {})
    p.finish()
    assert p.status >> 8 >= 3
    assert k.dmesg()[-1] == (
        f"set{{u,g}}id pid {p.pid} (suid.py) was invoked by uid 1000 ppid 1 (init) with fd 0,2 closed"
    )


def test_an_ordinary_program_finds_what_there_is(k):
    """Without set-id bits nothing is opened for it."""
    k.install(b"/p.py", b"import os\nos._exit(os.fstat(0) is not None)\n")
    p = k.process(1000)
    p.close(0)
    p.begin("execve", b"/p.py", ["p.py"], {})
    p.finish()
    assert k.dmesg() == []
    assert p.status != 0
