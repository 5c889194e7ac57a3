# SPDX-License-Identifier: BSD-2-Clause
"""System call entries: plain, and fancy for processes that are traced.

NetBSD sys/arch/amd64/amd64/syscall.c, sys/kern/kern_syscall.c (trace_enter, trace_exit).
"""

from collections.abc import Callable
from typing import Any

from kernel.arch.python.clock import SYSCALL_COST
from kernel.arch.python.history import history_turn
from kernel.kern.init_sysent import SYS_NSYSENT, sy_arguments, sys_nosys, sys_syscall, sysent
from kernel.kern.kern_ktrace import ktrsyscall, ktrsysret
from kernel.kern.kern_sig import proc_stoptrace
from kernel.kern.subr_log import panic
from kernel.sys.errno import KernelError
from kernel.sys.ktrace import KTRFAC_SYSCALL, KTRFAC_SYSRET
from kernel.sys.proc import Lwp, Proc
from kernel.sys.ptrace import TracedCall
from kernel.sys.signal import TRAP_SCE, TRAP_SCX
from kernel.sys.systm import Sysent

_calls = tuple(entry.sy_call for entry in sysent)


def syscall_plain(lwp: Lwp, code: int, args: tuple[int, ...]) -> tuple[int, Any]:
    """Run system call code; return (error, retval), error 0 for success.

    A KernelError becomes the error here and nowhere else; any other exception
    is a bug of the kernel.  A program that passes too few registers or too many,
    more than one holds, or a number past the table, is no bug: what is missing is 0,
    what is over is cut.

    Raises:
        TypeError: what the program passes is no integer.
    """
    try:
        retval = _calls[code](lwp, *args) if args else _calls[code](lwp)
        error = 0
    except KernelError as exc:
        error, retval = exc.errno, -1
    except Exception as exc:  # noqa: BLE001
        _check_registers(args)
        entry = sysent[code % SYS_NSYSENT]
        held = tuple(sy_arguments(entry, args))
        if code >= SYS_NSYSENT or _miscounted(entry, args) or held != args[: len(held)]:
            return syscall_plain(lwp, code % SYS_NSYSENT, held)
        panic(lwp.l_kernel, f"{entry.sy_name or code}{args}: {type(exc).__name__}: {exc}")
    clock = lwp.l_kernel.clock
    clock.now += SYSCALL_COST
    if clock.now >= clock.event:
        lwp.l_astpending = True
    if error >= 0:
        history = lwp.l_proc.p_md.md_history
        if history is not None:
            history += (code, error, retval)
    return error, retval


def _check_registers(args: tuple[object, ...]) -> None:
    """Refuse, as a compiler would, what no register can hold.

    Only asked once something has gone wrong: it would cost each call more than
    an assembler's syscall instruction costs.
    """
    for arg in args:
        if not isinstance(arg, int):
            raise TypeError(f"a system call takes integers, not {type(arg).__name__}") from None


def _miscounted(entry: Sysent, args: tuple[int, ...]) -> bool:
    """Return whether entry's handler could not be called with so many registers."""
    if entry.sy_call in (sys_syscall, sys_nosys):
        return not args and entry.sy_call is sys_syscall
    return len(args) != len(entry.sy_signs)


def syscall_fancy(lwp: Lwp, code: int, args: tuple[int, ...]) -> tuple[int, Any]:
    """Run system call code between the records that tell of it.

    ktrpoint is spelled out here, where each call of a traced process passes twice.
    """
    code %= SYS_NSYSENT
    inner, args_seen = code, args
    if args and sysent[code].sy_call is sys_syscall:
        inner = args[0] % SYS_NSYSENT
        args_seen = tuple(sy_arguments(sysent[inner], args[1:]))
    p = lwp.l_proc
    if p.p_traceflag & KTRFAC_SYSCALL and not lwp.l_ktractive:
        try:
            ktrsyscall(lwp, inner, inner, None, args_seen)
        except Exception:
            _check_registers(args)
            raise
    if p.p_ptrace is not None and p.p_ptrace.pt_syscall:
        proc_stoptrace(lwp, TRAP_SCE, TracedCall(inner, args_seen))
    error, retval = syscall_plain(lwp, code, args)
    if p.p_traceflag & KTRFAC_SYSRET and not lwp.l_ktractive:
        ktrsysret(lwp, inner, error, None if error else retval)
    if p.p_ptrace is not None and p.p_ptrace.pt_syscall:
        values = retval if isinstance(retval, tuple) else (retval, 0)
        proc_stoptrace(lwp, TRAP_SCX, TracedCall(inner, args_seen, error, values))
    return error, retval


def syscall_intern(p: Proc) -> None:
    """Let p's traps take the entry its trace asks for: e_syscall_intern.

    A replay is left alone; it calls this when it is over.
    """
    md = p.p_md
    if md.md_syscall in (syscall_plain, syscall_fancy, syscall_lwps):
        md.md_syscall = _entry(p) if md.md_streams is None else syscall_lwps


def _entry(p: Proc) -> Callable[[Lwp, int, tuple[int, ...]], tuple[int, Any]]:
    """Return the entry that p's trace asks for."""
    traced = p.p_traceflag & (KTRFAC_SYSCALL | KTRFAC_SYSRET)
    stops = p.p_ptrace is not None and p.p_ptrace.pt_syscall
    return syscall_fancy if traced or stops else syscall_plain


def syscall_lwps(lwp: Lwp, code: int, args: tuple[int, ...]) -> tuple[int, Any]:
    """Run a system call of a process that has several histories, for a fork to come."""
    history_turn(lwp)
    result = _entry(lwp.l_proc)(lwp, code, args)
    md = lwp.l_proc.p_md
    if md.md_turn == lwp.l_stream:
        md.md_inside = False
    return result
