# SPDX-License-Identifier: BSD-2-Clause
"""The other return of fork(2): a child's program runs anew, fed with its parent's results.

Nothing is traced and nothing happens twice: until the fork, traps are answered
from the history the parent kept since exec (syscall_plain, copyout, sendsig).
Several LWPs run in the order their traps had (history.py); all but the one
that forked are left behind.
"""

from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from kernel.arch.python.collector import collector_hold
from kernel.arch.python.copy import copyout, useracc
from kernel.arch.python.history import FAULTED, Interrupted, Loaded, LwpMade, LwpTurn, history_whole
from kernel.arch.python.lwp_trampoline import enter
from kernel.arch.python.sendsig import Delivery, run_handler
from kernel.arch.python.switch import cpu_abandon, cpu_context
from kernel.arch.python.syscall import check_registers, syscall_intern, syscall_plain
from kernel.arch.python.trap import RESTARTED, UPCALL, upcall, userret
from kernel.kern.init_sysent import sysent
from kernel.kern.kern_descrip import fd_getfile
from kernel.kern.kern_exec import exec_vmspace
from kernel.kern.kern_exit import exit1
from kernel.kern.kern_lwp import lwp_abandon
from kernel.kern.kern_runq import mi_switch, setrunqueue
from kernel.kern.sched_4bsd import sched_lwp_fork
from kernel.kern.subr_log import log, panic
from kernel.sys.errno import KernelError
from kernel.sys.exec import ExecImage
from kernel.sys.fcntl import FWRITE
from kernel.sys.file import FOF_UPDATE_OFFSET
from kernel.sys.module import autoload
from kernel.sys.param import PAGE_SIZE
from kernel.sys.proc import LSIDL, Lwp, MdProc
from kernel.sys.signal import SIGKILL, sigmask
from kernel.sys.syscall import sysno
from kernel.sys.systm import SYS_NSYSENT
from kernel.sys.uio import UIO_WRITE, uio_sysspace
from kernel.sys.vm import VM_PROT_WRITE, VmSpace
from kernel.uvm.uvm_map import uvm_map_object, uvmspace_adopt

if TYPE_CHECKING:
    from kernel.kern import kern_fork
else:
    kern_fork = autoload("kernel.kern.kern_fork")

SYS_fork = sysno("fork")
SYS__lwp_exit = sysno("_lwp_exit")
_AFTER_USER_MODE = (int, tuple)  # entries of calls and their copyouts: nothing comes before them
_FORKS = frozenset((SYS_fork, sysno("vfork"), sysno("__vfork14")))


def child_start(lwp: Lwp) -> None:
    """What the context of a forked child runs: its program, from its start."""
    p = lwp.l_proc
    md = p.p_md
    if md.md_image is None:
        panic(lwp.l_kernel, f"fork: pid {p.p_pid} has no program to replay")
    if p.p_sigpend.sp_set & sigmask(SIGKILL):  # it never sees user mode: no need to bring it there
        lwp.l_astpending = True
        userret(lwp)
    md.md_syscall = syscall_replay
    md.md_replay = 0
    md.md_private, lwp.l_private = lwp.l_private, 0
    if md.md_streams is not None:
        md.md_players = [lwp]
    elif md.md_history is not None:
        md.md_history = history_whole(md)
    replay_vmspace(lwp, md.md_image)
    collector_hold(True)
    lwp.l_kernel.start_image(md.md_image)


def replay_vmspace(lwp: Lwp, image: ExecImage) -> None:
    """Give a forked child a new address space; what fork(2) has set aside waits for the end."""
    p = lwp.l_proc
    forked = p.p_vmspace
    exec_vmspace(lwp, image)
    p.p_vmspace.vm_forked = forked


def store_again(vm: VmSpace, uaddr: int, data: bytes | bytearray | memoryview) -> None:
    """Store data, but for what is in memory that others can change.

    Raises:
        KernelError: EFAULT.
    """
    if not vm.vm_objects:
        copyout(vm, data, uaddr)
        return
    view = memoryview(data)
    while view:
        if uvm_map_object(vm, uaddr, 1):
            done = min(len(view), PAGE_SIZE - uaddr % PAGE_SIZE)
        else:
            piece = useracc(vm, uaddr, len(view), VM_PROT_WRITE)
            done = len(piece)
            piece[:] = view[:done]
        uaddr += done
        view = view[done:]


def syscall_replay(lwp: Lwp, code: int, args: tuple[int, ...]) -> tuple[int, Any]:
    """Answer a trap from the history; past its end is the fork, which returns 0.

    The call that is expected comes first: that is what all of a replay's time is spent in.
    """
    md = lwp.l_proc.p_md
    history = md.md_history or ()
    at = md.md_replay
    size = len(history)
    while at + 4 < size:
        entry = history[at]
        if entry == code and history[at + 1] == args:
            md.md_replay = following = at + 4
            if type(history[following]) in _AFTER_USER_MODE or deliver_again(lwp):
                lwp.l_astpending = False  # what has come meanwhile is for the end of the replay
            return history[at + 2], history[at + 3]
        if type(entry) is not tuple:
            break
        store_again(lwp.l_proc.p_vmspace, *entry)
        md.md_replay = at = at + 1
    return _replay(lwp, md, code, args)


def _replay(lwp: Lwp, md: MdProc, code: int, args: tuple[int, ...]) -> tuple[int, Any]:
    """Do again what happened before and in a call; answer it."""
    history = md.md_history
    if history is None:
        panic(lwp.l_kernel, "replay without a history")
    check_registers(args)
    while md.md_replay < len(history):
        at = md.md_replay
        entry = history[at]
        if isinstance(entry, int):
            if history[at + 1] != args or (entry != code and (entry - code) % SYS_NSYSENT):
                diverged(lwp, call_text(entry, history[at + 1]), call_text(code, args))
            md.md_replay = at + 4
            if deliver_again(lwp):
                lwp.l_astpending = False
            return history[at + 2], history[at + 3]
        if isinstance(entry, LwpTurn) and code == SYS__lwp_exit:
            _leave(lwp, entry)
        md.md_replay = at + 1
        if entry is RESTARTED:
            if not deliver_again(lwp):
                return lwp.l_proc.p_md.md_syscall(lwp, code, args)
        elif isinstance(entry, LwpTurn):
            _pass(lwp, entry)
        elif isinstance(entry, LwpMade):
            _make(lwp, entry)
        elif isinstance(entry, Loaded):
            diverged(lwp, "a load of shared memory", call_text(code, args))
        elif entry is FAULTED:
            diverged(lwp, "a page fault", call_text(code, args))
        elif isinstance(entry, Interrupted):
            diverged(lwp, f"the end of statement {entry.statements}", call_text(code, args))
        elif isinstance(entry, tuple):
            store_again(lwp.l_proc.p_vmspace, *entry)
        else:
            entry(lwp.l_proc.p_vmspace)
    if code not in _FORKS:
        diverged(lwp, "fork()", call_text(code, args))
    lwp.l_private = md.md_private
    lwp.l_interrupt = 0
    return replay_done(lwp, code, args)


def deliver_again(lwp: Lwp) -> bool:
    """Run the handlers that ran here, and other LWPs whose turn came before user mode.

    Returns:
        whether the replay goes on; else the fork was in one of these handlers, and what
        comes after it is live.
    """
    md = lwp.l_proc.p_md
    vm = lwp.l_proc.p_vmspace
    while vm.vm_forked is not None:
        history = md.md_history
        if history is None or md.md_replay >= len(history):
            break
        entry = history[md.md_replay]
        if isinstance(entry, Delivery):
            md.md_replay += 1
            run_handler(lwp, entry)
        elif entry is UPCALL and not lwp.l_uphold:
            md.md_replay += 1
            upcall(lwp)
        elif isinstance(entry, LwpTurn) and not entry.inside:
            md.md_replay += 1
            _pass(lwp, entry)
        else:
            break
    return vm.vm_forked is not None


def _players(md: MdProc) -> list[Lwp]:
    return md.md_players if md.md_players is not None else []


def _make(lwp: Lwp, made: LwpMade) -> None:
    """Make an LWP that the parent made; it runs when it is its turn."""
    p = lwp.l_proc
    players = _players(p.p_md)
    new = Lwp(p, p.p_pid, lwp.l_kernel, l_stream=len(players))
    players.append(new)
    p.p_lwps.append(new)
    new.l_pcb = cpu_context(partial(_begin, made=made), new, lwp.l_kernel.idle)


def _begin(lwp: Lwp, made: LwpMade) -> None:
    _resume(lwp, 0)
    enter(lwp, made.context, deliver_again)


def _resume(lwp: Lwp, at: int) -> None:
    """It is lwp's turn: answer its traps from its own history, from there on."""
    md = lwp.l_proc.p_md
    if md.md_streams is not None:
        md.md_history = md.md_streams[lwp.l_stream]
    md.md_replay = at


def _pass(lwp: Lwp, turn: LwpTurn) -> None:
    """Let another LWP run until it makes its next trap; return when it is lwp's turn again."""
    md = lwp.l_proc.p_md
    at = md.md_replay
    setrunqueue(_players(md)[turn.stream])
    lwp.l_stat = LSIDL
    mi_switch(lwp)
    _resume(lwp, at)


def _leave(lwp: Lwp, turn: LwpTurn) -> NoReturn:
    """End an LWP that ended in the parent.

    Raises:
        ProcessExit: always.
    """
    p = lwp.l_proc
    p.p_lwps.remove(lwp)
    setrunqueue(_players(p.p_md)[turn.stream])
    lwp_abandon(lwp)


def _leave_behind(lwp: Lwp) -> None:
    """A fork copies one LWP: the others stay where they are for ever, on stacks of nobody."""
    p = lwp.l_proc
    md = p.p_md
    if md.md_players is None or lwp.l_kernel.deadlwp is None:
        return
    first = md.md_players[0]
    lwp.l_lid, lwp.l_sigmask, lwp.l_sigstk = p.p_pid, first.l_sigmask, first.l_sigstk
    sched_lwp_fork(first, lwp)
    for other in p.p_lwps:
        if other is not lwp:
            cpu_abandon(other.l_pcb, lwp.l_kernel.deadlwp)
            md.md_ghosts.append(other.l_pcb)
    p.p_lwps[:] = [lwp]
    md.md_players = None


def replay_done(lwp: Lwp, code: int, args: tuple[int, ...]) -> tuple[int, Any]:
    """The child is where its parent was: go live.  Its first record is `RET fork 0`."""
    p = lwp.l_proc
    md = p.p_md
    _leave_behind(lwp)
    collector_hold(False)
    md.md_syscall = syscall_plain
    uvmspace_adopt(p.p_vmspace)
    syscall_intern(p)
    if md.md_history is not None:
        if md.md_streams is None:
            md.md_history = []
        md.md_history += (code, args, 0, (0, 1))
        p.p_vmspace.vm_log = md.md_history
        if md.md_streams is not None:
            lwp.l_history = md.md_history
            md.md_turn = lwp.l_stream
    lwp.l_astpending = True
    userret(lwp)
    kern_fork.child_return(lwp)
    return 0, (0, 1)


def call_text(code: int, args: tuple[int, ...]) -> str:
    """Return a call as a trace shows it: name(1,0x7f7fffffefa0)."""
    name = sysent[code % SYS_NSYSENT].sy_name or f"#{code}"
    return f"{name}({','.join(str(arg) if abs(arg) < PAGE_SIZE else hex(arg) for arg in args)})"


def diverged(lwp: Lwp, expected: str, made: str) -> NoReturn:
    """Kill a child whose program did not do again what it did before.

    Raises:
        ProcessExit: always.
    """
    where = lwp.l_proc.p_md.md_where
    text = (
        f"fork: replay of pid {lwp.l_proc.p_pid} diverged: expected {expected}, "
        f"the program made {made}{f' at {where()}' if where is not None else ''}; "
        "programs must be deterministic between system calls: see docs/fork.md"
    )
    log(lwp.l_kernel, text)
    _leave_behind(lwp)
    collector_hold(False)
    try:
        fp = fd_getfile(lwp.l_proc, 2, FWRITE)
        fp.f_ops.fo_write(
            lwp, fp, uio_sysspace(text.encode() + b"\n", UIO_WRITE), FOF_UPDATE_OFFSET
        )
    except KernelError:
        pass  # nowhere to say it but the log
    exit1(lwp, 0, SIGKILL)
