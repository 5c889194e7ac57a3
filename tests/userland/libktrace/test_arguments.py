# SPDX-License-Identifier: BSD-2-Clause
"""Laws of calls and returns: names, arguments, values, errors."""

from collections.abc import Callable

import pytest

from kernel.sys.cdefs import pack
from kernel.sys.ktrace import KTR_SYSRET, KtrSysret
from userland.libktrace import encode
from userland.libktrace.make import call, ret

Text = Callable[..., str]


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (call(20), "getpid"),
        (call(4, 0, 9, 10, -1), "write(0,9,0xa,0xffffffffffffffff)"),
        (call(600, 1), "[600](1)"),
        (call(-7), "[-7]"),
        (call(11), "#11 (obsolete execv)"),
        (call(54, 1), "ioctl(1)"),
        (call(54, 1, 0x4008747E00, 2), "ioctl(1,0x4008747e00,2)"),
        (call(54, 1, 0x20007F02, 2), "ioctl(1,_IO(0x7f,0x2),2)"),
        (call(54, 1, 0xC1234567, 2, 12), "ioctl(1,_IOWR('E',0x67,0x123),2,0xc)"),
        (call(92, 3, 12, 4), "fcntl(3,F_DUPFD_CLOEXEC,4)"),
        (call(92, 3, 77), "fcntl(3,0x4d)"),
        (call(105, 4, 0xFFFF, 0x1009, 5, 6), "setsockopt(4,SOL_SOCKET,SO_OVERFLOWED,5,6)"),
        (call(118, 4, 0, 27, 5, 6), "getsockopt(4,IPPROTO_IP,IP_BINDANY,5,6)"),
        (call(105, 4, 41, 27, 5, 6), "setsockopt(4,IPPROTO_IPV6,0x1b,5,6)"),
        (call(105, 4, 99, 1), "setsockopt(40x63,1)"),
        (call(166, 5, 0x181, 1), "__futex(0x5,FUTEX_WAKE_PRIVATEFUTEX_CLOCK_REALTIME,1)"),
        (call(166, 5, 77, 1), "__futex(0x5,0x4d,1)"),
        (call(166, 5, 0), "__futex(5,0)"),
        (call(340, 2, 1), "__sigaction_sigtramp(SIGINT,1)"),
        (call(340, 64), "__sigaction_sigtramp(SIG*unknown 64*)"),
        (call(37, -5, 0), "kill(0xfffffffffffffffb, SIG 0)"),
        (call(37, 5), "kill(5)"),
        (call(74, 1, 2, 0), "mprotect(1,2,PROT_NONE)"),
        (call(74, 1, 2, 0x1F), "mprotect(1,2,PROT_READ|PROT_WRITE|PROT_EXEC|0x18)"),
        (call(197, 0, 1, 3, 0, 0, 0), "mmap(0,1,PROT_READ|PROT_WRITE,0<FILE,ALIGN=NONE>,0,0)"),
        (
            call(197, 0, 1, 1, 0x15003012, 0, 0),
            "mmap(0,1,PROT_READ,0x15003012<PRIVATE,FIXED,ANONYMOUS,STACK,ALIGN=2MB>,0,0)",
        ),
        (
            call(197, 0, 1, 1, 0x3D000001, 0, 0),
            "mmap(0,1,PROT_READ,0x3d000001<SHARED,FILE,ALIGN=2^61>,0,0)",
        ),
        (call(26, 0, 1), "ptrace(PT_TRACE_ME,1)"),
        (call(26, 33, 1), "ptrace(PT_GETREGS,1)"),
        (call(26, 31), "ptrace(0x1f)"),
        (call(26, -1), "ptrace(0xffffffffffffffff)"),
        (call(221, 1), "semget(1)"),
    ],
)
def test_calls_today(text: Text, record: bytes, shown: str) -> None:
    """Arguments are decoded by the name of the call; too few of them are plain numbers."""
    assert text(trace=record) == f"CALL  {shown}\n"


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (call(4, 0, 9, 10, -1, version=0), "write(0,0x9,0xa,0xffffffffffffffff)"),
        (call(54, 1, 0x20007F02, version=0), "ioctl(0x1,_IO('\x7f',0x2))"),
        (call(54, 1, 0xC1234567, 2, version=0), "ioctl(0x1,_IOWR('E',0x67,0x23),0x2)"),
        (call(26, 10, 1, version=0), "ptrace(PT_DETACH,0x1)"),
        (call(26, 77, 1, version=0), "ptrace(77,0x1)"),
        (call(37, 5, 15, version=0), "kill(0x5, SIGTERM)"),
        (call(-26, version=0), "reply_port"),
        (call(0x7FF2, 1, version=0), "#2 (unimplemented)(0x1)"),
        (call(0x6000, version=0), "#0 (unimplemented)"),
        (call(346, version=0), "[346]"),
        (call(7, version=0), "wait4"),
    ],
)
def test_calls_of_2003(text: Text, record: bytes, shown: str) -> None:
    """Arguments are hexadecimal; three calls are decoded by number, traps of Mach are known."""
    assert text(trace=record) == f"CALL  {shown}\n"


def test_decimal_and_plain(text: Text) -> None:
    """-d makes numbers signed decimal, -n leaves names out, -nn and -N the calls' names too."""
    trace = call(37, -5, 9) + ret(37, value=-1) + ret(37, error=3) + ret(37, value=3)

    assert text("-d", trace=trace).splitlines()[0] == "CALL  kill(-5, SIGKILL)"
    assert text("-n", trace=trace) == (
        "CALL  kill(0xfffffffffffffffb,9)\nRET   kill 0xffffffffffffffff\n"
        "RET   kill -1 errno 3\nRET   kill 3\n"
    )
    assert text("-nnd", trace=trace) == (
        "CALL  kill(-5,9)\nRET   [37] -1\nRET   [37] -1 errno 3\nRET   [37] 3\n"
    )
    assert text("-N", trace=trace) == (
        "CALL  [37](0xfffffffffffffffb,9)\nRET   [37] -1/0xffffffffffffffff\n"
        "RET   [37] -1 errno 3 No such process\nRET   [37] 3\n"
    )


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (ret(42, value=3, second=4), "pipe 3, 4"),
        (ret(42, value=0, second=10), "pipe 0, 10/0xa"),
        (ret(3, error=-3), "read RESTART"),
        (ret(59, error=-2), "execve JUSTRETURN"),
        (ret(3, error=97), "read -1 errno 97 Unknown error: 97"),
        (ret(3, error=-9), "read -1 errno -9 Unknown error: 4294967287"),
        (ret(-1), "[-1] 0"),
    ],
)
def test_returns(text: Text, record: bytes, shown: str) -> None:
    """Values are decimal and hexadecimal; errors have their text."""
    assert text(trace=record) == f"RET   {shown}\n"


def test_a_return_of_netbsd_1_5_has_one_value(text: Text) -> None:
    """A record too short for a second value has none."""
    short = encode(KTR_SYSRET, pack(KtrSysret(42, 0, 0, 3, 4))[:16], version=0)
    assert text(trace=ret(42, value=3, second=4, version=0) + short).endswith("RET   pipe 3\n")
