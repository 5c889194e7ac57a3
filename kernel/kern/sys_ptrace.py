# SPDX-License-Identifier: BSD-2-Clause
"""ptrace(2): see and steer another process.  NetBSD sys/kern/sys_ptrace.c, sys_ptrace_common.c.

A Python program has no instructions and registers: there is no PT_STEP, no
PT_SETREGS, and PT_GETREGS tells of a system call only.
"""

from collections.abc import Callable
from typing import Final

from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_proc import proc_find, proc_reparent
from kernel.kern.kern_sig import kpsignal, proc_unstop
from kernel.sys.cdefs import LP64
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ktrace import SIGINFO_SIZE
from kernel.sys.proc import (
    P_PPWAIT,
    P_SUGID,
    P_WAITED,
    SSTOP,
    Lwp,
    Proc,
)
from kernel.sys.ptrace import (
    PIOD_READ_AUXV,
    PIOD_READ_D,
    PIOD_READ_I,
    PIOD_WRITE_D,
    PIOD_WRITE_I,
    PL_EVENT_NONE,
    PL_EVENT_SIGNAL,
    PT_ATTACH,
    PT_CONTINUE,
    PT_DETACH,
    PT_DUMPCORE,
    PT_GET_EVENT_MASK,
    PT_GET_PROCESS_STATE,
    PT_GET_SIGINFO,
    PT_GETREGS,
    PT_IO,
    PT_KILL,
    PT_LWPINFO,
    PT_READ_D,
    PT_READ_I,
    PT_RESUME,
    PT_SET_EVENT_MASK,
    PT_SET_SIGINFO,
    PT_STEP,
    PT_STOP,
    PT_SUSPEND,
    PT_SYSCALL,
    PT_SYSCALLEMU,
    PT_TRACE_ME,
    PT_WRITE_D,
    PT_WRITE_I,
    PTRACE_EVENTS,
    REG,
    REG_ARGS,
    REG_CARRY,
    REG_RAX,
    REG_RFLAGS,
    REG_RSP,
    SIGINFO_REASON,
    SIZEOF_PTRACE_EVENT,
    SIZEOF_PTRACE_IO_DESC,
    SIZEOF_PTRACE_LWPINFO,
    SIZEOF_PTRACE_SIGINFO,
    SIZEOF_PTRACE_STATE,
    Ptrace,
    PtraceIoDesc,
    PtraceLwpinfo,
    PtraceState,
)
from kernel.sys.siginfo import siginfo_pack, siginfo_unpack
from kernel.sys.signal import (
    NSIG,
    SIGKILL,
    SIGSTOP,
    SIGTRAP,
    TRAP_CHLD,
    TRAP_LWP,
    TRAP_SCE,
    TRAP_SCX,
)
from kernel.sys.signalvar import Ksiginfo

_ON: Final = 1  # addr of PT_CONTINUE: go on where it stopped
_WORD: Final = 4  # bytes that PT_READ_D and PT_WRITE_D move
_IO_MAX: Final = 1 << 24  # bytes that PT_IO moves at most

# (lwp, the traced process, its Ptrace, addr, data): the register
Request = Callable[[Lwp, Proc, Ptrace, int, int], int]


def sys_ptrace(lwp: Lwp, req: int, pid: int, addr: int, data: int) -> int:
    """ptrace(2): trace a process; what addr and data are, and the result, is the request's.

    PT_TRACE_ME has the parent trace the caller, PT_ATTACH the caller trace pid.
    A traced process stops at each signal and at each exec, after PT_SYSCALL at
    each system call's begin and end, and at the events of its mask; its tracer
    waits for that by wait(2) and then asks.

    Raises:
        KernelError: ESRCH, no such process. EINVAL, no such request, or addr or data
            are none of it. EPERM, not traced; or somebody else's, or changed ids.
            EBUSY, traced already, by another, or not stopped and waited for. EAGAIN,
            its parent waits in vfork. ENOTSUP, there are no instructions here to step
            through. EFAULT.

    Source: do_ptrace.
    """
    p = lwp.l_proc
    if req == PT_TRACE_ME:
        if p.p_ptrace is not None:
            raise KernelError(Errno.EBUSY)
        _trace(p, None)
        return 0
    target = proc_find(lwp.l_kernel, pid)
    if target is None:
        raise KernelError(Errno.ESRCH)
    if req == PT_ATTACH:
        _attach(p, target)
        return 0
    if req in _UNSUPPORTED:
        raise KernelError(Errno.ENOTSUP)
    request = _REQUESTS.get(req)
    if request is None:
        raise KernelError(Errno.EINVAL)
    pt = target.p_ptrace
    if pt is None:
        raise KernelError(Errno.EPERM)
    stopped = target.p_stat == SSTOP and target.p_flag & P_WAITED
    if target.p_pptr is not p or not (stopped or req in {PT_KILL, PT_STOP}):
        raise KernelError(Errno.EBUSY)
    return request(lwp, target, pt, addr, data)


def _trace(p: Proc, opptr: Proc | None) -> None:
    p.p_ptrace = Ptrace(opptr)
    p.p_kernel.ptraced[p] = None


def _attach(p: Proc, target: Proc) -> None:
    """Have p trace target, which stops.

    Raises:
        KernelError: EINVAL, itself. EPERM, EBUSY, EAGAIN.
    """
    if target is p:
        raise KernelError(Errno.EINVAL)
    cred = p.p_cred
    allowed = cred.cr_ruid == target.p_cred.cr_ruid and not target.p_flag & P_SUGID
    if target is p.p_kernel.initproc or (cred.cr_uid and not allowed):
        raise KernelError(Errno.EPERM)
    if target.p_ptrace is not None:
        raise KernelError(Errno.EBUSY)
    if target.p_flag & P_PPWAIT:
        raise KernelError(Errno.EAGAIN)
    _trace(target, None if target.p_pptr is p else target.p_pptr)
    if target.p_pptr is not p:
        proc_reparent(target, p)
    kpsignal(target, Ksiginfo(SIGSTOP))


def _continue(_lwp: Lwp, t: Proc, pt: Ptrace, addr: int, data: int) -> int:
    """Let the process go on, with signal data or, 0, without the one it stopped for."""
    _go(t, pt, addr, data, syscall=False)
    return 0


def _syscall(_lwp: Lwp, t: Proc, pt: Ptrace, addr: int, data: int) -> int:
    """As PT_CONTINUE, up to the next begin or end of a system call."""
    _go(t, pt, addr, data, syscall=True)
    return 0


def _go(t: Proc, pt: Ptrace, addr: int, data: int, *, syscall: bool) -> None:
    if not 0 <= data < NSIG or addr != _ON:
        raise KernelError(Errno.EINVAL)
    pt.pt_syscall = syscall
    t.p_emul.e_syscall_intern(t)
    proc_unstop(t, data)


def _detach(lwp: Lwp, t: Proc, pt: Ptrace, addr: int, data: int) -> int:
    """Trace it no more; its own parent has it back."""
    if not 0 <= data < NSIG or addr != _ON:
        raise KernelError(Errno.EINVAL)
    t.p_ptrace = None
    del t.p_kernel.ptraced[t]
    t.p_emul.e_syscall_intern(t)
    if pt.pt_opptr is not None and pt.pt_opptr is not lwp.l_proc:
        proc_reparent(t, pt.pt_opptr)
    proc_unstop(t, data)
    return 0


def _kill(_lwp: Lwp, t: Proc, _pt: Ptrace, _addr: int, _data: int) -> int:
    kpsignal(t, Ksiginfo(SIGKILL))
    return 0


def _stop(_lwp: Lwp, t: Proc, _pt: Ptrace, _addr: int, _data: int) -> int:
    kpsignal(t, Ksiginfo(SIGSTOP))
    return 0


def _read(_lwp: Lwp, t: Proc, _pt: Ptrace, addr: int, _data: int) -> int:
    return int.from_bytes(copyin(t.p_vmspace, addr, _WORD), "little", signed=True)


def _write(_lwp: Lwp, t: Proc, _pt: Ptrace, addr: int, data: int) -> int:
    copyout(t.p_vmspace, (data % (1 << 32)).to_bytes(_WORD, "little"), addr)
    return 0


def _io(lwp: Lwp, t: Proc, _pt: Ptrace, addr: int, _data: int) -> int:
    """Move memory between the two processes; the length stored tells how much."""
    vm = lwp.l_proc.p_vmspace
    desc = PtraceIoDesc.unpack(copyin(vm, addr, SIZEOF_PTRACE_IO_DESC))
    size = min(desc.piod_len, _IO_MAX)
    if desc.piod_op in {PIOD_READ_D, PIOD_READ_I}:
        copyout(vm, copyin(t.p_vmspace, desc.piod_offs, size), desc.piod_addr)
    elif desc.piod_op in {PIOD_WRITE_D, PIOD_WRITE_I}:
        copyout(t.p_vmspace, copyin(vm, desc.piod_addr, size), desc.piod_offs)
    elif desc.piod_op == PIOD_READ_AUXV:
        size = 0  # these programs have none
    else:
        raise KernelError(Errno.EINVAL)
    copyout(vm, desc._replace(piod_len=size).pack(), addr)
    return 0


def _lwpinfo(lwp: Lwp, t: Proc, pt: Ptrace, addr: int, data: int) -> int:
    """Tell of the LWP after the one named; 0 names, and ends, the list."""
    if data != SIZEOF_PTRACE_LWPINFO:
        raise KernelError(Errno.EINVAL)
    vm = lwp.l_proc.p_vmspace
    after = PtraceLwpinfo.unpack(copyin(vm, addr, data)).pl_lwpid
    lids = [each.l_lid for each in t.p_lwps]
    at = lids.index(after) + 1 if after in lids else 0
    if after and after not in lids:
        raise KernelError(Errno.ESRCH)
    info = PtraceLwpinfo(0)
    if at < len(lids):
        info = PtraceLwpinfo(lids[at], PL_EVENT_SIGNAL if lids[at] == pt.pt_lid else PL_EVENT_NONE)
    copyout(vm, info.pack(), addr)
    return 0


def _set_event_mask(lwp: Lwp, _t: Proc, pt: Ptrace, addr: int, data: int) -> int:
    if data != SIZEOF_PTRACE_EVENT:
        raise KernelError(Errno.EINVAL)
    events = int.from_bytes(copyin(lwp.l_proc.p_vmspace, addr, data), "little")
    if events & ~PTRACE_EVENTS:
        raise KernelError(Errno.ENOTSUP)
    pt.pt_events = events
    return 0


def _get_event_mask(lwp: Lwp, _t: Proc, pt: Ptrace, addr: int, data: int) -> int:
    if data != SIZEOF_PTRACE_EVENT:
        raise KernelError(Errno.EINVAL)
    copyout(lwp.l_proc.p_vmspace, pt.pt_events.to_bytes(data, "little"), addr)
    return 0


def _get_process_state(lwp: Lwp, _t: Proc, pt: Ptrace, addr: int, data: int) -> int:
    if data != SIZEOF_PTRACE_STATE:
        raise KernelError(Errno.EINVAL)
    copyout(lwp.l_proc.p_vmspace, PtraceState(*pt.pt_report).pack(), addr)
    return 0


def _get_siginfo(lwp: Lwp, _t: Proc, pt: Ptrace, addr: int, data: int) -> int:
    """Tell what it has stopped for: a signal, a call (TRAP_SCE, TRAP_SCX), an event."""
    if data != SIZEOF_PTRACE_SIGINFO:
        raise KernelError(Errno.EINVAL)
    info = pt.pt_info or Ksiginfo(0)
    told = siginfo_pack(info, LP64)
    if info.ksi_signo == SIGTRAP:
        reason = b""
        if info.ksi_code in {TRAP_SCE, TRAP_SCX} and pt.pt_call is not None:
            reason = pt.pt_call.pack()
        elif info.ksi_code in {TRAP_CHLD, TRAP_LWP}:
            reason = PtraceState(*pt.pt_report).pack()
        told = told[:SIGINFO_REASON] + reason + told[SIGINFO_REASON + len(reason) :]
    copyout(lwp.l_proc.p_vmspace, told + pt.pt_lid.to_bytes(8, "little"), addr)
    return 0


def _set_siginfo(lwp: Lwp, t: Proc, pt: Ptrace, addr: int, data: int) -> int:
    """Change what is known of the signal it has stopped for, and which it is."""
    if data != SIZEOF_PTRACE_SIGINFO:
        raise KernelError(Errno.EINVAL)
    raw = copyin(lwp.l_proc.p_vmspace, addr, data)
    info = siginfo_unpack(raw)
    lid = int.from_bytes(raw[SIGINFO_SIZE : SIGINFO_SIZE + 4], "little", signed=True)
    if not 0 <= info.ksi_signo < NSIG or (lid and lid not in {each.l_lid for each in t.p_lwps}):
        raise KernelError(Errno.EINVAL)
    pt.pt_info, pt.pt_lid = info, lid
    return 0


def _getregs(lwp: Lwp, t: Proc, pt: Ptrace, addr: int, _data: int) -> int:
    """Tell the registers of a system call: its number or result, its arguments, the stack."""
    words = [0] * 26
    stopped = next((each for each in t.p_lwps if each.l_lid == pt.pt_lid), t.p_lwps[0])
    words[REG_RSP] = stopped.l_ustack or 0
    call, info = pt.pt_call, pt.pt_info
    if call is not None and info is not None and info.ksi_code in {TRAP_SCE, TRAP_SCX}:
        for place, arg in zip(REG_ARGS, call.args, strict=False):
            words[place] = arg % (1 << 64)
        words[REG_RAX] = call.code
        if info.ksi_code == TRAP_SCX:
            words[REG_RAX] = (call.error or call.retval[0]) % (1 << 64)
            words[REG_RFLAGS] = REG_CARRY if call.error else 0
    copyout(lwp.l_proc.p_vmspace, REG.pack(*words), addr)
    return 0


_UNSUPPORTED: Final = frozenset((PT_STEP, PT_SYSCALLEMU, PT_DUMPCORE, PT_RESUME, PT_SUSPEND))
_REQUESTS: Final[dict[int, Request]] = {
    PT_READ_I: _read,
    PT_READ_D: _read,
    PT_WRITE_I: _write,
    PT_WRITE_D: _write,
    PT_CONTINUE: _continue,
    PT_KILL: _kill,
    PT_DETACH: _detach,
    PT_IO: _io,
    PT_LWPINFO: _lwpinfo,
    PT_SYSCALL: _syscall,
    PT_SET_EVENT_MASK: _set_event_mask,
    PT_GET_EVENT_MASK: _get_event_mask,
    PT_GET_PROCESS_STATE: _get_process_state,
    PT_SET_SIGINFO: _set_siginfo,
    PT_GET_SIGINFO: _get_siginfo,
    PT_STOP: _stop,
    PT_GETREGS: _getregs,
}
