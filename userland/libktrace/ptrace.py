# SPDX-License-Identifier: BSD-2-Clause
"""Names of ptrace(2)'s requests.  NetBSD sys/sys/ptrace.h, sys/arch/*/include/ptrace.h."""

from typing import Final

PT_FIRSTMACH: Final = 32  # requests from here on are the machine's

PTRACE_2003: Final = (
    *("PT_TRACE_ME", "PT_READ_I", "PT_READ_D", "PT_READ_U"),
    *("PT_WRITE_I", "PT_WRITE_D", "PT_WRITE_U", "PT_CONTINUE"),
    *("PT_KILL", "PT_ATTACH", "PT_DETACH"),
)
PTRACE_10: Final = (
    *("PT_TRACE_ME", "PT_READ_I", "PT_READ_D", "*PT_INVALID_3*"),
    *("PT_WRITE_I", "PT_WRITE_D", "*PT_INVALID_6*", "PT_CONTINUE"),
    *("PT_KILL", "PT_ATTACH", "PT_DETACH", "PT_IO", "PT_DUMPCORE", "PT_LWPINFO"),
    *("PT_SYSCALL", "PT_SYSCALLEMU", "PT_SET_EVENT_MASK", "PT_GET_EVENT_MASK"),
    *("PT_GET_PROCESS_STATE", "PT_SET_SIGINFO", "PT_GET_SIGINFO", "PT_RESUME"),
    *("PT_SUSPEND", "PT_STOP", "PT_LWPSTATUS", "PT_LWPNEXT"),
    *("PT_SET_SIGPASS", "PT_GET_SIGPASS"),
)
_REGISTERS: Final = ("PT_STEP", "PT_GETREGS", "PT_SETREGS", "PT_GETFPREGS", "PT_SETFPREGS")
_XMM: Final = ("PT_GETXMMREGS", "PT_SETXMMREGS")
_DEBUG: Final = ("PT_GETDBREGS", "PT_SETDBREGS", "PT_SETSTEP", "PT_CLEARSTEP")
_XSTATE: Final = ("PT_GETXSTATE", "PT_SETXSTATE")

# The machine is taken for the one of its word size that most traces come from.
MACHINE_I386: Final = (*_REGISTERS, *_XMM, *_DEBUG, *_XSTATE)
MACHINE_AMD64: Final = (*_REGISTERS, *_DEBUG, *_XSTATE, *_XMM)

# printf shows the holes of the table as it shows a null pointer.
_HOLE: Final = "(null)"
_LINUX: Final = (
    "PTRACE_TRACEME",
    *("PTRACE_PEEKTEXT", "PTRACE_PEEKDATA", "PTRACE_PEEKUSER"),
    *("PTRACE_POKETEXT", "PTRACE_POKEDATA", "PTRACE_POKEUSER"),
    *("PTRACE_CONT", "PTRACE_KILL", "PTRACE_SINGLESTEP", _HOLE, _HOLE),
    *("PTRACE_GETREGS", "PTRACE_SETREGS", "PTRACE_GETFPREGS"),
    *("PTRACE_SETFPREGS", "PTRACE_ATTACH", "PTRACE_DETACH"),
)
LINUX_PTRACE_2003: Final = (*_LINUX, "PTRACE_SYSCALL")
LINUX_PTRACE_10: Final = (*_LINUX, *[_HOLE] * 6, "PTRACE_SYSCALL")


def request_name(table: tuple[str, ...], request: int) -> str | None:
    """Return the name of a request in a table, None if it is not there."""
    return table[request] if 0 <= request < len(table) else None
