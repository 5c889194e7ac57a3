# SPDX-License-Identifier: BSD-2-Clause
"""System call entries: plain, and fancy for processes that are traced.

NetBSD sys/arch/amd64/amd64/syscall.c, sys/kern/kern_syscall.c (trace_enter, trace_exit).
"""

import struct
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import CodeType
from typing import Any, Final

from kernel.arch.python.clock import SYSCALL_COST, clock_uptime
from kernel.arch.python.copy import copyin, copyout
from kernel.arch.python.history import history_turn
from kernel.kern.init_sysent import sy_arguments, sys_nosys, sys_syscall, sysent
from kernel.kern.kern_ktrace import ktrsyscall, ktrsysret
from kernel.kern.kern_reboot import kern_reboot
from kernel.kern.kern_sig import proc_stoptrace, psignal
from kernel.kern.kern_synch import PWAIT, tsleep
from kernel.kern.subr_log import log, panic
from kernel.sys.errno import KernelError
from kernel.sys.inject import Injection
from kernel.sys.kernel import Clock, Kernel
from kernel.sys.ktrace import KTRFAC_SYSCALL, KTRFAC_SYSRET
from kernel.sys.proc import Lwp, MdProc, Proc
from kernel.sys.ptrace import TracedCall
from kernel.sys.reboot import RB_HALT, RB_NOSYNC
from kernel.sys.signal import TRAP_SCE, TRAP_SCX
from kernel.sys.syscall import sysno
from kernel.sys.systm import SYS_NSYSENT, Sysent
from native import locore

_Entry = Callable[[Lwp, int, tuple[int, ...]], tuple[int, Any]]


def _first(code: int) -> Callable[..., Any]:
    """Return what stands for a call's handler until the first call; for one of no name always."""

    def sy_call(lwp: Lwp, *args: int) -> Any:
        entry = sysent[code]
        if entry.sy_name:  # a module may bring what is not there yet
            _calls[code] = entry.sy_call
        return entry.sy_call(lwp, *args)

    return sy_call


# So many registers are passed one by one: *args is slower, and one more frame of C on the stack of
# whoever sleeps in the call.
_TWO: Final = 2
_THREE: Final = 3

_calls = [_first(code) for code in range(SYS_NSYSENT)]


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
        call = _calls[code]
        if not args:
            retval = call(lwp)
        elif (count := len(args)) == _THREE:
            one, two, three = args
            retval = call(lwp, one, two, three)
        elif count == 1:
            retval = call(lwp, args[0])
        elif count == _TWO:
            retval = call(lwp, args[0], args[1])
        else:
            retval = call(lwp, *args)
        error = 0
    except KernelError as exc:
        error, retval = exc.errno, -1
    except Exception as exc:  # noqa: BLE001 - any other is a panic
        return _held(lwp, code, args, exc)
    # As _ended, without its frame: each call passes here.
    clock = lwp.l_kernel.clock
    now = clock.now = clock.now + SYSCALL_COST
    if now >= clock.event:
        lwp.l_astpending = True
    if error >= 0:
        history = lwp.l_proc.p_md.md_history
        if history is not None:
            history += (code, args, error, retval)
    return error, retval


def _held(lwp: Lwp, code: int, args: tuple[int, ...], exc: Exception) -> tuple[int, Any]:
    """The handler has raised what is no error of a call: make the call with what registers hold.

    The history has it as the program made it, which makes it so again in a replay.
    """
    check_registers(args)
    entry = sysent[code % SYS_NSYSENT]
    held = tuple(sy_arguments(entry, args))
    if code >= SYS_NSYSENT or _miscounted(entry, args) or held != args[: len(held)]:
        result = syscall_plain(lwp, code % SYS_NSYSENT, held)
        history = lwp.l_proc.p_md.md_history
        if result[0] >= 0 and history is not None:
            history[-4:-2] = code, args
        return result
    panic(lwp.l_kernel, f"{entry.sy_name or code}{args}: {type(exc).__name__}: {exc}")


def check_registers(args: tuple[object, ...]) -> None:
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


def syscall_failed(lwp: Lwp, code: int, args: tuple[int, ...], exc: Exception) -> tuple[int, Any]:
    """Finish a call for syscall_quick, whose handler has raised exc: as syscall_plain does."""
    if isinstance(exc, KernelError):
        return _ended(lwp, code, args, exc.errno, -1)
    try:
        raise exc
    except Exception as bug:  # noqa: BLE001 - any other is a panic
        return _held(lwp, code, args, bug)


def _ended(lwp: Lwp, code: int, args: tuple[int, ...], error: int, retval: Any) -> tuple[int, Any]:
    """Let a call take its time, and put its result into the history."""
    clock = lwp.l_kernel.clock
    clock.now += SYSCALL_COST
    if clock.now >= clock.event:
        lwp.l_astpending = True
    if error >= 0:
        history = lwp.l_proc.p_md.md_history
        if history is not None:
            history += (code, args, error, retval)
    return error, retval


# syscall_plain for who does not mind a frame of C: the helper's, if there is one.
syscall_quick: Final = locore.plain(
    syscall_plain,
    _calls,
    SYSCALL_COST,
    syscall_failed,
    (
        (Lwp, "l_kernel"),
        (Kernel, "clock"),
        (Clock, "now"),
        (Clock, "event"),
        (Lwp, "l_proc"),
        (Proc, "p_md"),
        (MdProc, "md_history"),
        (Lwp, "l_astpending"),
    ),
)

_INDIRECT: Final = frozenset((0, 198))  # syscall(2) and __syscall(2)


def syscall_fancy(
    lwp: Lwp, code: int, args: tuple[int, ...], make: _Entry = syscall_quick
) -> tuple[int, Any]:
    """Run system call code between the records that tell of it.

    ktrpoint is spelled out here, where each call of a traced process passes twice.
    """
    code %= SYS_NSYSENT
    inner, args_seen = code, args
    if args and code in _INDIRECT:
        inner, args_seen = _direct(args)
    p = lwp.l_proc
    if p.p_traceflag & KTRFAC_SYSCALL and not lwp.l_ktractive:
        try:
            ktrsyscall(lwp, inner, args_seen)
        except Exception:
            check_registers(args)
            raise
    if p.p_ptrace is not None and p.p_ptrace.pt_syscall:
        proc_stoptrace(lwp, TRAP_SCE, TracedCall(inner, args_seen))
    result = error, retval = make(lwp, code, args)
    if p.p_traceflag & KTRFAC_SYSRET and not lwp.l_ktractive:
        ktrsysret(lwp, inner, error, None if error else retval)
    if p.p_ptrace is not None and p.p_ptrace.pt_syscall:
        values = retval if isinstance(retval, tuple) else (retval, 0)
        proc_stoptrace(lwp, TRAP_SCX, TracedCall(inner, args_seen, error, values))
    return result


def _direct(args: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """Return the call that syscall(2) makes, and its registers."""
    inner = args[0] % SYS_NSYSENT
    return inner, tuple(sy_arguments(sysent[inner], args[1:]))


def syscall_injected(lwp: Lwp, code: int, args: tuple[int, ...]) -> tuple[int, Any]:
    """Run system call code with what is injected into it, or what is injected in its place.

    The history has the result as the program sees it, for fork's replay.
    """
    code %= SYS_NSYSENT
    inner, args_seen = code, args
    if args and code in _INDIRECT:
        inner, args_seen = _direct(args)
    found = _injection(lwp, inner, args_seen)
    if found is None:
        return syscall_plain(lwp, code, args)
    if found.in_crash:
        log(lwp.l_kernel, f"power failed before {sysent[inner].sy_name} of pid {lwp.l_proc.p_pid}")
        kern_reboot(lwp.l_kernel, RB_HALT | RB_NOSYNC)
    _delay(lwp, found.in_enter)
    _poke(lwp, args_seen, found.in_poke)
    if found.in_signo:
        psignal(lwp.l_proc, found.in_signo)
    if found.in_error:
        result = _instead(lwp, code, args, inner, found.in_error, -1)
    elif found.in_retval is not None:
        result = _instead(lwp, code, args, inner, 0, found.in_retval)
    else:
        result = syscall_plain(lwp, code, args)
    if found.in_poke_exit and result[0] >= 0:
        _poke_result(lwp, args_seen, found.in_poke_exit)
    _delay(lwp, found.in_exit)
    return result


def _injection(lwp: Lwp, code: int, args: tuple[int, ...]) -> Injection | None:
    """Return what happens to a call: the injection given last counts it that it is for."""
    counts = lwp.l_proc.p_md.md_injected
    if counts is None:
        return None
    for injection in reversed(lwp.l_kernel.injections):
        if code in injection.in_codes and (
            injection.in_match is None or injection.in_match(lwp, code, args)
        ):
            if injection.in_seen is None:
                counted = injection, code, lwp.l_lid
                count = counts[counted] = counts.get(counted, 0) + 1
            else:
                count = injection.in_seen = injection.in_seen + 1
            if not injection.fires(count):
                return None
            injection.in_hits += 1
            return injection
    return None


def _instead(
    lwp: Lwp, code: int, args: tuple[int, ...], inner: int, error: int, value: int
) -> tuple[int, Any]:
    """Give a result without a call: it takes its time, and is in the history."""
    pair = sysent[inner].sy_call.__annotations__.get("return") == tuple[int, int]
    retval = (value, value if error else 0) if pair else value
    return _ended(lwp, code, args, error, retval)


def _poke(lwp: Lwp, args: tuple[int, ...], pokes: tuple[tuple[int, bytes], ...]) -> None:
    """Store what is to be where registers point to; what cannot be stored is not."""
    for register, data in pokes:
        if register < len(args):
            with suppress(KernelError):
                copyout(lwp.l_proc.p_vmspace, data, args[register])


def _poke_result(lwp: Lwp, args: tuple[int, ...], pokes: tuple[tuple[int, bytes], ...]) -> None:
    """Store it after a call, which has its four entries in the history already: they stay last."""
    history = lwp.l_proc.p_md.md_history
    if history is None:
        _poke(lwp, args, pokes)
        return
    made = history[-4:]
    del history[-4:]
    _poke(lwp, args, pokes)
    history += made


def _delay(lwp: Lwp, length: int) -> None:
    """Let length ns pass, whatever signals come."""
    kernel = lwp.l_kernel
    until = clock_uptime(kernel) + length
    while (left := until - clock_uptime(kernel)) > 0:
        with suppress(KernelError):  # EWOULDBLOCK: the time is up
            tsleep(lwp, (lwp, "inject"), PWAIT, "inject", left)


# Calls whose result is in memory, where no record tells it: its argument, and how many ints.
_STORED: Final = {sysno("pipe2"): (0, 2), sysno("socketpair"): (3, 2), sysno("posix_spawn"): (0, 1)}


def syscall_noted(lwp: Lwp, code: int, args: tuple[int, ...]) -> tuple[int, Any]:
    """Run system call code, and have noted which line it comes from and what no record tells.

    There is one note for each CALL.
    """
    kernel, p = lwp.l_kernel, lwp.l_proc
    make = syscall_quick if p.p_md.md_injected is None else syscall_injected
    if not p.p_traceflag & KTRFAC_SYSCALL or lwp.l_ktractive or kernel.noteline is None:
        return make(lwp, code, args)
    kernel.noteline(lwp)
    error, retval = make(lwp, code, args)
    if error == 0 == retval and code in _STORED and kernel.notestored is not None:
        register, count = _STORED[code]
        with suppress(KernelError):  # posix_spawn(2) may have nowhere to store
            data = copyin(p.p_vmspace, args[register], 4 * count)
            kernel.notestored(lwp, struct.unpack(f"<{count}i", data))
    return error, retval


_injected_fancy: Final = partial(syscall_fancy, make=syscall_injected)
_noted_fancy: Final = partial(syscall_fancy, make=syscall_noted)


def syscall_intern(p: Proc) -> None:
    """Let p's traps take the entry its trace and injections ask for: e_syscall_intern.

    A replay is left alone; it calls this when it is over.
    """
    md = p.p_md
    if p.p_kernel.injections and md.md_injected is None:
        md.md_injected = {}
    if md.md_syscall in _ENTRIES:
        md.md_syscall = _entry(p) if md.md_streams is None else syscall_lwps


def _entry(p: Proc) -> _Entry:
    """Return the entry that p's trace and injections ask for."""
    traced = p.p_traceflag & (KTRFAC_SYSCALL | KTRFAC_SYSRET)
    stops = p.p_ptrace is not None and p.p_ptrace.pt_syscall
    if traced and p.p_kernel.noteline is not None:
        return _noted_fancy
    if p.p_md.md_injected is not None:
        return _injected_fancy if traced or stops else syscall_injected
    return syscall_fancy if traced or stops else syscall_plain


def syscall_lwps(lwp: Lwp, code: int, args: tuple[int, ...]) -> tuple[int, Any]:
    """Run a system call of a process that has several histories, for a fork to come."""
    history_turn(lwp)
    result = _entry(lwp.l_proc)(lwp, code, args)
    md = lwp.l_proc.p_md
    if md.md_turn == lwp.l_stream:
        md.md_inside = False
    return result


def syscall_codes() -> set[CodeType | None]:
    """Return the code of the functions that may be first in the kernel when a call is made."""
    first = (syscall_plain, syscall_failed, syscall_fancy, syscall_injected, syscall_noted)
    return {getattr(each, "__code__", None) for each in (*first, syscall_lwps, *_calls)}


_ENTRIES: Final = (
    *(syscall_plain, syscall_fancy, syscall_injected, _injected_fancy, _noted_fancy),
    syscall_lwps,
)
