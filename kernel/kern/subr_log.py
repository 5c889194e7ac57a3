# SPDX-License-Identifier: BSD-2-Clause
"""The message buffer and panic.  NetBSD sys/kern/subr_log.c, subr_prf.c."""

from typing import Any, NoReturn

from kernel.arch.python.history import history_whole
from kernel.sys.errno import Errno
from kernel.sys.kernel import Kernel
from kernel.sys.param import MSGBUFSIZE
from kernel.sys.proc import SACTIVE, SIDL, SSTOP, SZOMB, Proc
from kernel.sys.syscall import SYSCALLS

_LAST_CALLS = 5  # of each process, in a panic
_STATES = {SIDL: "IDL", SACTIVE: "ACTIVE", SSTOP: "STOP", SZOMB: "ZOMB"}


class Panic(BaseException):
    """A kernel invariant broke; the text names it and the state of the processes."""


def log(kernel: Kernel, text: str) -> None:
    """Add one line to the message buffer (log(9), read by dmesg)."""
    kernel.msgbuf.append(text)
    while len(kernel.msgbuf) > 1 and sum(len(line) + 1 for line in kernel.msgbuf) > MSGBUFSIZE:
        del kernel.msgbuf[0]


def msgbuf_text(kernel: Kernel) -> bytes:
    """Return the message buffer's bytes, oldest line first."""
    return "".join(line + "\n" for line in kernel.msgbuf).encode("utf-8", "surrogateescape")


def panic(kernel: Kernel, text: str) -> NoReturn:
    """Stop the kernel: panic(9).

    Raises:
        Panic: always.
    """
    kernel.panicstr = kernel.panicstr or text
    log(kernel, f"panic: {text}")
    raise Panic("\n".join([f"panic: {text}", *proc_states(kernel)]))


def proc_states(kernel: Kernel) -> list[str]:
    """Return one line a process: pid, state, name, what it waits for, and its last calls."""
    return [_describe(p) for p in kernel.allproc.values()]


def _describe(p: Proc) -> str:
    waits = ", ".join(f"{lwp.l_lid}: {lwp.l_wmesg or 'running'}" for lwp in p.p_lwps)
    comm = bytes(p.p_comm).split(b"\0", 1)[0].decode(errors="replace")
    calls = ", ".join(_last_calls(history_whole(p.p_md)))
    made = f" after {calls}" if calls else ""
    return f"pid {p.p_pid} {_STATES.get(p.p_stat, '?')} {comm} [{waits}]{made}"


def _last_calls(history: list[Any]) -> list[str]:
    """Return the last calls of a program, oldest first, and the errors of those that failed.

    They are read backwards: a call is (code, args, error, result), before it may be its
    copyouts, (address, bytes), and handlers that ran.
    """
    found: list[str] = []
    at = len(history) - 1
    while at >= 3 and len(found) < _LAST_CALLS:
        code, args, error = history[at - 3 : at]
        if isinstance(code, int) and isinstance(args, tuple) and isinstance(error, int):
            row = SYSCALLS.get(code)
            name = row.name if row is not None and row.name else f"#{code}"
            reason = next((each.name for each in Errno if each == error), "")
            found.insert(0, f"{name} ({reason})" if error else name)
            at -= 4
        else:
            at -= 1
    return found
