# SPDX-License-Identifier: BSD-2-Clause
"""How user mode enters the kernel, in C where the helper is built.

NetBSD sys/arch/amd64/amd64/locore.S.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any, Final

from kernel.arch.python import trap as twin
from kernel.arch.python.replay import syscall_replay
from kernel.arch.python.switch import Context, cpu_current
from kernel.arch.python.syscall import syscall_codes, syscall_quick
from kernel.arch.python.trap import dead_syscall, trap_again, userret
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp, MdProc, Proc
from native import locore

# Makes a system call, as trap.trap does; of an LWP that sleeps in it the host keeps 0.9 KiB more.
trap: Final = locore.trap(
    twin.trap,
    cpu_current,
    syscall_quick,
    syscall_replay,
    trap_again,
    userret,
    (
        (Context, "lwp"),
        (Lwp, "l_proc"),
        (Proc, "p_md"),
        (MdProc, "md_syscall"),
        (MdProc, "md_history"),
        (MdProc, "md_replay"),
        (Lwp, "l_astpending"),
    ),
)


def stub(
    code: int, cerror: Callable[[int], Any] | None
) -> Callable[[locore.Function], locore.Function]:
    """Let a function of libc that only makes call code do so from C, where the helper is built.

    Args:
        code: the call's number; the function's arguments are its registers.
        cerror: raises an error; None: there is none, and of two registers the first is returned.
    """
    return lambda twin: locore.stub(trap, code, twin, cerror)


def interrupt(kernel: Kernel, frame: FrameType | None) -> None:
    """The host's Ctrl-C has come while frame ran: act on it now if that is a program's own code.

    In the kernel the next return to user mode will do, in a replay its end.
    """
    lwp = kernel.curlwp
    if lwp is None:
        return
    lwp.l_astpending = True
    first = (twin.trap, trap_again, userret, syscall_replay, dead_syscall)
    codes = syscall_codes().union(each.__code__ for each in first)
    while frame is not None:
        if frame.f_code in codes:
            return
        frame = frame.f_back
    if lwp.l_proc.p_vmspace.vm_forked is None:
        userret(lwp)
