# SPDX-License-Identifier: BSD-2-Clause
"""Into the kernel and back: restarts, just-returns, faults, the dead."""

import pytest

from kernel.arch.python.locore import trap
from kernel.sys.ktrace import KTR_PSIG, KTR_SYSCALL, KTR_SYSRET, KtrSysret
from kernel.sys.syscall import sysno

LAB = "from userland.libc import *\n"


def test_a_restarted_call_is_on_the_trace_twice(run):
    """CALL, RET RESTART, PSIG, CALL, RET: the program sees one call."""
    result = run(
        LAB
        + "r, w = pipe()\n"
        + "sigaction(SIGALRM, Sigaction(lambda s: write(w, b'data'), 0, SA_RESTART))\n"
        + "alarm(1)\nassert read(r, 9) == b'data'\n",
        ktrace=True,
    )
    assert result.status == 0, result.stderr
    reads = [
        r
        for r in result.records()
        if r.type in (KTR_SYSCALL, KTR_SYSRET) and r.body().ktr_code == sysno("read")
    ]
    psig = next(at for at, r in enumerate(result.records()) if r.type == KTR_PSIG)
    at = [at for at, r in enumerate(result.records()) if r in reads]
    last = reads[-4:]
    assert [r.type for r in last] == [KTR_SYSCALL, KTR_SYSRET] * 2
    assert [r.body(KtrSysret).ktr_error for r in last[1::2]] == [-3, 0]
    assert at[-3] < psig < at[-2]


def test_a_return_from_a_handler_is_just_a_return(run):
    """setcontext ends in EJUSTRETURN (-2): no value, no errno, the program goes on."""
    result = run(LAB + "signal(SIGUSR1, lambda s: None)\nraise_(SIGUSR1)\n", ktrace=True)
    assert result.status == 0, result.stderr
    returns = [
        r.body(KtrSysret)
        for r in result.records()
        if r.type == KTR_SYSRET and r.body().ktr_code == sysno("setcontext")
    ]
    assert [r.ktr_error for r in returns] == [-2]


def test_execve_that_works_does_not_return(run):
    """EJUSTRETURN is on the trace, and the old program's next line never runs."""
    result = run(
        LAB + "try:\n    execv('/bin/echo', ['echo', 'new'])\nfinally:\n    print('old')\n",
        ktrace=True,
    )
    assert result.stdout == b"new\n", result.stderr
    returns = [
        r.body(KtrSysret).ktr_error
        for r in result.records()
        if r.type == KTR_SYSRET and r.body().ktr_code == sysno("execve")
    ]
    assert returns[-1] == -2


def test_a_dead_program_is_stopped_even_if_it_swallows_everything(run):
    """Its traps do nothing, and after a while its stack is left standing."""
    result = run(
        LAB
        + "pid = fork()\nif pid == 0:\n"
        + "    while True:\n"
        + "        try:\n            kill(getpid(), SIGKILL)\n            write(1, b'ghost')\n"
        + "        except BaseException:\n            pass\n"
        + "print(waitpid(pid)[1])\n"
    )
    assert result.stdout == b"9\n", result.stderr


def test_trap_outside_of_a_process(k):
    """The host is told, in words."""
    del k
    with pytest.raises(RuntimeError, match="no process is running"):
        trap(sysno("getpid"))
