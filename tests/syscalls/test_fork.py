# SPDX-License-Identifier: BSD-2-Clause
"""fork(2), vfork(2) and __clone(2): how they fail, and what parent and child leave in a trace."""

import io

import pytest

from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_CSW, KTR_SYSCALL, KTR_SYSRET
from kernel.sys.resource import RLIMIT_NPROC, Rlimit
from kernel.sys.sched import CLONE_SIGHAND
from kernel.sys.signal import NSIG, SIGCHLD
from kernel.sys.syscall import SYSCALLS, sysno
from tests.syscalls.errnos import errnos
from tests.syscalls.files import contents
from userland import libktrace
from userland.libc.syscall import call as trap

BAD = 16  # an address where there is no function

MAKING = {
    "fork": lambda: (trap, "fork"),
    "vfork": lambda: (trap, "__vfork14"),
    "clone": lambda: ("clone", lambda _: 0, SIGCHLD),
}


@errnos(Errno.EAGAIN, MAKING)
def test_users_limit(fails, user, call):
    """The user has as many processes as RLIMIT_NPROC allows; the super-user may exceed it."""
    user.setrlimit(RLIMIT_NPROC, Rlimit(1, 1))
    fails(user, *call())


@errnos(Errno.EAGAIN, MAKING)
def test_systems_limit(fails, k, root, user, call):
    """The system has as many processes as it can have; the last five are kept for the super-user."""
    k.kernel.limits.maxproc = len(k.kernel.allproc) + 5
    fails(user, *call())
    k.kernel.limits.maxproc = len(k.kernel.allproc)
    fails(root, *call())


@pytest.mark.errno("clone", Errno.EINVAL)
def test_impossible_flags(fails, root):
    """The signal is none; or handlers are to be shared, but not the memory that they are in."""
    fails(root, "clone", lambda _: 0, NSIG)
    fails(root, "clone", lambda _: 0, SIGCHLD | CLONE_SIGHAND)


@pytest.mark.errno("clone", Errno.EFAULT)
def test_no_function(fails, root):
    """At the address is nothing to run."""
    fails(root, trap, "__clone", SIGCHLD, BAD)


@errnos(Errno.ENOTSUP, {"fork": lambda: "fork", "vfork": lambda: "vfork"})
def test_cloned_caller(run, call):
    """The caller runs a function of another program (__clone), which cannot be run again."""
    result = run(
        "from userland.libc import *\n"
        "def child(_):\n"
        f"    try:\n        {call()}()\n"
        "    except OSError as error:\n        return error.errno\n"
        "_, status = waitpid(clone(child, SIGCHLD))\n"
        "print(WEXITSTATUS(status))\n"
    )
    assert result.stdout == b"%d\n" % Errno.ENOTSUP


MAKE = {
    "fork": "fork() or _exit(0)",
    "vfork": "vfork() or _exit(0)",
    "clone": "clone(lambda _: _exit(0), SIGCHLD)",
}


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(
            call,
            marks=pytest.mark.trace(call, "CALL CSW CSW RET" if call == "vfork" else "CALL RET"),
        )
        for call in MAKE
    ],
)
def test_trace(k, run, call):
    """The parent's return has the child's id; the child's first record returns 0 from fork.

    A parent in vfork sleeps between the two.
    """
    result = run(
        "from userland.libc import *\n"
        "points = KTRFAC_SYSCALL | KTRFAC_SYSRET | KTRFAC_CSW | KTRFAC_INHERIT | KTRFACv2\n"
        "close(open('/tmp/trace', O_CREAT | O_RDWR))\n"
        "ktrace('/tmp/trace', KTROP_SET, points, getpid())\n"
        f"{MAKE[call]}\n"
        "wait()\n"
    )
    assert result.status == 0, result.stderr
    trace = io.BytesIO(contents(k.root(), b"/tmp/trace"))
    numbers = {"fork": sysno("fork"), "vfork": sysno("__vfork14"), "clone": sysno("__clone")}
    records = list(libktrace.open(trace))
    parent = records[0].pid
    mine = [r for r in records if r.pid == parent]
    start = next(
        at
        for at, record in enumerate(mine)
        if record.type == KTR_SYSCALL and record.body().ktr_code == numbers[call]
    )
    end = next(at for at in range(start, len(mine)) if mine[at].type == KTR_SYSRET)
    between = [KTR_CSW, KTR_CSW] if call == "vfork" else []
    assert [r.type for r in mine[start + 1 : end]] == between
    ret = mine[end].body()
    assert (ret.ktr_code, ret.ktr_error) == (numbers[call], 0)
    theirs = [r for r in records if r.pid == ret.ktr_retval]
    assert [r.type for r in theirs] == [KTR_SYSRET, KTR_SYSCALL]
    assert theirs[0].body()[:4] == (sysno("fork"), 0, 0, 0)
    assert SYSCALLS[theirs[1].body().ktr_code].name == "exit"
