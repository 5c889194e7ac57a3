# SPDX-License-Identifier: BSD-2-Clause
"""The system call entries: what becomes a register, what becomes a panic."""

import io

import pytest

from kernel import api
from kernel.arch.python.locore import trap
from kernel.arch.python.syscall import syscall_fancy, syscall_plain
from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_PSIG, KTR_SYSCALL, KTR_SYSRET, KtrSyscall, KtrSysret
from kernel.sys.signal import SIGSYS
from kernel.sys.syscall import sysno
from userland import libktrace
from userland.libc import O_RDONLY, WIFSIGNALED, WTERMSIG

SYS_getpid, SYS_close, SYS_dup2 = sysno("getpid"), sysno("close"), sysno("dup2")


def records(system: api.System, process: api.Process, *calls: tuple[int, ...]) -> list:
    """Make calls traced; return the records of calls, returns and signals."""
    sink = io.BytesIO()
    system.ktrace(process, sink, points="cs")
    for call in calls:
        process.call(trap, *call)
    return list(libktrace.open(io.BytesIO(sink.getvalue())))


def test_an_error_is_a_register(k):
    """A KernelError is the first of the pair, and -1 stands where the value would."""
    p = k.root()
    assert p.call(trap, SYS_close, 99) == (Errno.EBADF, -1)
    assert p.call(trap, SYS_getpid) == (0, (p.pid, p.proc.p_pptr.p_pid))


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ((SYS_close,), 0),  # close(0)
        ((SYS_close, 99, 1, 2, 3, 4, 5, 6, 7, 8), Errno.EBADF),
        ((SYS_dup2, 99), Errno.EBADF),
        ((SYS_getpid, 1, 2), 0),
        ((sysno("lfs_bmapv"),), Errno.ENOSYS),
    ],
)
@pytest.mark.parametrize("traced", [False, True])
def test_missing_registers_are_0_and_more_are_ignored(k, call, error, traced):
    """A machine has its registers whether a program fills them or not: no panic."""
    p = k.process()
    p.signal(SIGSYS, lambda signo: None)
    if traced:
        k.ktrace(p, io.BytesIO())
    assert p.call(trap, *call)[0] == error
    assert k.kernel.panicstr is None


@pytest.mark.parametrize("name", ["syscall", "__syscall"])
def test_an_indirect_call_is_made_and_recorded_as_the_inner_one(k, name):
    """syscall(2) leaves no record of its own."""
    p = k.root()
    call, ret = records(k, p, (sysno(name), SYS_close, 99))
    assert (call.type, ret.type) == (KTR_SYSCALL, KTR_SYSRET)
    assert (call.body(KtrSyscall).ktr_code, call.args) == (SYS_close, (99,))
    assert ret.body(KtrSysret).ktr_code == SYS_close
    assert ret.body(KtrSysret).ktr_error == Errno.EBADF


def test_an_indirect_call_takes_registers_for_what_their_types_say(k):
    """An int is the low half of a register: 2**32 + 99 is descriptor 99, 2**32 - 1 is -1."""
    p = k.root()
    assert p.call(trap, 0, SYS_close, 2**32 + 99) == (Errno.EBADF, -1)
    (call, _) = records(k, p, (0, SYS_close, -1))
    assert call.args == (2**32 - 1,)


@pytest.mark.parametrize("code", [0, 198])
def test_an_indirect_indirect_call_is_none(k, code):
    """syscall(SYS_syscall, ...) is ENOSYS."""
    p = k.root()
    p.signal(SIGSYS, lambda signo: None)
    assert p.call(trap, 0, code, SYS_getpid)[0] == Errno.ENOSYS
    assert p.call(trap, 0)[0] == Errno.ENOSYS


@pytest.mark.parametrize("code", [511, 512 + 511, -1, 8])
def test_an_unknown_call_is_enosys_and_sigsys(k, code):
    """SIGSYS kills who does not catch it; who does gets ENOSYS."""
    p = k.process()
    seen: list[int] = []
    p.signal(SIGSYS, seen.append)
    assert p.call(trap, code, 1, 2) == (Errno.ENOSYS, -1)
    assert seen == [SIGSYS]
    victim = k.process()
    victim.call(trap, code)
    assert not victim.alive
    assert (WIFSIGNALED(victim.status), WTERMSIG(victim.status)) == (True, SIGSYS)


def test_a_number_past_the_table_is_taken_modulo_its_size(k):
    """The table has 512 entries; the record has the number that was called."""
    p = k.root()
    call, ret = records(k, p, (512 + SYS_getpid,))
    assert call.body(KtrSyscall).ktr_code == ret.body(KtrSysret).ktr_code == SYS_getpid
    assert p.call(trap, 512 + SYS_getpid)[0] == 0


def test_sigsys_is_on_the_trace_after_its_call(k):
    """CALL, RET -1 errno 78, PSIG."""
    p = k.process()
    p.signal(SIGSYS, lambda signo: None)
    types = [r.type for r in records(k, p, (511,))]
    assert types[:3] == [KTR_SYSCALL, KTR_SYSRET, KTR_PSIG]


def test_a_bug_in_a_handler_is_a_panic(k):
    """What is no KernelError stops the kernel; the text names call, bug and processes."""
    p = k.root()
    p.proc.p_fd = None
    with pytest.raises(api.Panic) as caught:
        p.call(trap, SYS_close, 3)
    first, *states = str(caught.value).splitlines()
    assert first.startswith("panic: close(3,): AttributeError: ")
    assert f"pid {p.pid} ACTIVE host [{p.lwp.l_lid}: running]" in states
    assert k.kernel.panicstr == first.removeprefix("panic: ")
    assert k.dmesg()[-1] == first


def test_the_entry_follows_the_trace(k):
    """Untraced processes take the plain entry; only the points of calls ask for the fancy one."""
    p = k.process()
    assert p.proc.p_md.md_syscall is syscall_plain
    k.ktrace(p, io.BytesIO(), points="n")
    assert p.proc.p_md.md_syscall is syscall_plain
    k.ktrace(p, io.BytesIO(), points="c")
    assert p.proc.p_md.md_syscall is syscall_fancy
    with pytest.raises(FileNotFoundError):
        p.open("/nowhere", O_RDONLY)


def test_registers_are_integers(k):
    """libc's syscall() refuses what no register holds, and the kernel goes on."""
    p = k.root()
    with pytest.raises(TypeError):
        p.syscall(SYS_close, "3")
    assert p.syscall(SYS_getpid) == p.pid


@pytest.mark.parametrize("traced", [False, True])
def test_what_no_register_holds_is_the_programs_error(k, traced):
    """A string for a number is a TypeError in the program, traced or not, and no panic."""
    p = k.root()
    if traced:
        k.ktrace(p, io.BytesIO())
    for junk in ("0", b"0", None, 1.5, [0]):
        with pytest.raises(TypeError, match="takes integers"):
            p.chown(b"/tmp", junk, 0)
    assert p.getpid() == p.pid
