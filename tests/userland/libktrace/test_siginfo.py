# SPDX-License-Identifier: BSD-2-Clause
"""Laws of signals: what is told of them."""

from collections.abc import Callable

import pytest

from kernel.sys.cdefs import pack
from kernel.sys.ktrace import (
    KTR_PSIG,
    KtrPsig,
    KtrSiginfo,
    KtrSiginfoChild,
    KtrSiginfoFault,
    KtrSiginfoPoll,
    KtrSiginfoRt,
)
from userland.libktrace import encode
from userland.libktrace.make import call, psig

Run = Callable[..., tuple[int, str, str]]
Text = Callable[..., str]


def siginfo(signal: int, code: int, union: bytes = b"", errno: int = 0) -> bytes:
    """Return an LP64 siginfo."""
    return pack(KtrSiginfo(signal, code, errno)).ljust(16, b"\0") + union


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (psig(15), "SIGTERM SIG_DFL"),
        (psig(33), "SIGRT0 SIG_DFL"),
        (psig(64), "SIG*unknown 64* SIG_DFL"),
        (psig(-1), "SIG*unknown -1* SIG_DFL"),
        (psig(9, code=-1), "SIGKILL SIG_DFL code=0xffffffff"),
        (
            psig(20, info=siginfo(20, 6, pack(KtrSiginfoChild(7, 8, -1, 2, 3)))),
            "SIGCHLD SIG_DFL: code=CLD_CONTINUED child pid=7, uid=8, "
            " status=4294967295, utime=2, stime=3)",
        ),
        (
            psig(8, 2, info=siginfo(8, 8, pack(KtrSiginfoFault(0, 5)))),
            "SIGFPE caught handler=0x2 mask=(): code=FPE_FLTSUB, addr=0x0, trap=5)",
        ),
        (
            psig(11, info=siginfo(11, 9, pack(KtrSiginfoFault(1, 5)))),
            "SIGSEGV SIG_DFL: code=[9], addr=0x1, trap=5)",
        ),
        (
            psig(23, info=siginfo(23, 2, pack(KtrSiginfoPoll(255, 4)))),
            "SIGIO SIG_DFL: code=[2], fd=4, band=ff)",
        ),
        (psig(1, info=siginfo(1, 2, errno=5)), "SIGHUP SIG_DFL: code=[2], errno=5)"),
        (
            psig(1, info=siginfo(1, -3, pack(KtrSiginfoRt(1, 2, 3)))),
            "SIGHUP SIG_DFL: code=SI_ASYNCIO with sigval 0x3)",
        ),
        (
            psig(1, info=siginfo(1, -5, pack(KtrSiginfoRt(1, 2, 3)))),
            "SIGHUP SIG_DFL: code=SI_LWP sent by pid=1, uid=2)",
        ),
        (psig(1, info=siginfo(1, -9)), "SIGHUP SIG_DFL: code=-9 unimplemented)"),
        (psig(1, info=siginfo(1, -4), version=0), "SIGHUP SIG_DFL: code=SI_MESGQ unimplemented)"),
        (psig(1, info=siginfo(1, -5), version=0), "SIGHUP SIG_DFL: code=-5 unimplemented)"),
    ],
)
def test_signals(text: Text, record: bytes, shown: str) -> None:
    """What is known of a signal is told, in NetBSD's words and with its stray parenthesis."""
    assert text(trace=record) == f"PSIG  {shown}\n"


def test_a_signal_of_an_odd_size(run: Run) -> None:
    """It is warned of, and its line has no end."""
    for version, blank in ((0, "\n"), (2, "")):
        trace = encode(KTR_PSIG, pack(KtrPsig(15, 0, (0,) * 4, 0)) + b"xx", version=version)
        status, out, err = run(trace=trace + call(20, version=version), columns=None)
        assert (status, err) == (0, f"kdump: Unhandled size 42 for ktrpsig\n{blank}")
        assert "SIGTERM SIG_DFL     1 " in out
