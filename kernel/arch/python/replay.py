# SPDX-License-Identifier: BSD-2-Clause
"""The other return of fork(2): a child's program runs anew, fed with its parent's results.

Nothing is traced and nothing happens twice: until the fork, traps are answered
from the history the parent kept since exec (syscall_plain, copyout, sendsig).
"""

from typing import Any

from kernel.arch.python.copy import copyout
from kernel.arch.python.sendsig import Delivery, run_handler
from kernel.arch.python.syscall import syscall_intern, syscall_plain
from kernel.arch.python.trap import RESTARTED, userret
from kernel.kern.init_sysent import SYS_NSYSENT, sysent
from kernel.kern.kern_descrip import fd_getfile
from kernel.kern.kern_exec import exec_vmspace
from kernel.kern.kern_exit import exit1
from kernel.kern.kern_fork import child_return
from kernel.kern.subr_log import log, panic
from kernel.sys.errno import KernelError
from kernel.sys.fcntl import FWRITE
from kernel.sys.file import FOF_UPDATE_OFFSET
from kernel.sys.proc import Lwp
from kernel.sys.signal import SIGKILL
from kernel.sys.syscall import sysno
from kernel.sys.uio import UIO_WRITE, uio_sysspace

SYS_fork = sysno("fork")
_FORKS = frozenset((SYS_fork, sysno("vfork"), sysno("__vfork14")))


def child_start(lwp: Lwp) -> None:
    """What the context of a forked child runs: its program, from its start."""
    p = lwp.l_proc
    image = p.p_md.md_image
    if image is None:
        panic(lwp.l_kernel, f"fork: pid {p.p_pid} has no program to replay")
    p.p_md.md_syscall = syscall_replay
    p.p_md.md_replay = 0
    exec_vmspace(lwp, image)
    lwp.l_kernel.start_image(image)


def syscall_replay(lwp: Lwp, code: int, args: tuple[int, ...]) -> tuple[int, Any]:
    """Answer a trap from the history; past its end is the fork, which returns 0."""
    md = lwp.l_proc.p_md
    history = md.md_history
    if history is None:
        panic(lwp.l_kernel, "replay without a history")
    while md.md_replay < len(history):
        at = md.md_replay
        entry = history[at]
        if isinstance(entry, int):
            if entry != code and (entry - code) % SYS_NSYSENT:
                _diverged(lwp, entry, code)
            md.md_replay = at + 3
            _deliver(lwp, history)
            return history[at + 1], history[at + 2]
        md.md_replay = at + 1
        if entry is RESTARTED:
            _deliver(lwp, history)
        else:
            copyout(lwp.l_proc.p_vmspace, entry[1], entry[0])
    if code not in _FORKS:
        _diverged(lwp, SYS_fork, code)
    return replay_done(lwp, code)


def _deliver(lwp: Lwp, history: list[Any]) -> None:
    """Run the handlers that ran here."""
    md = lwp.l_proc.p_md
    while md.md_replay < len(history) and isinstance(history[md.md_replay], Delivery):
        md.md_replay += 1
        run_handler(lwp, history[md.md_replay - 1])


def replay_done(lwp: Lwp, code: int) -> tuple[int, Any]:
    """The child is where its parent was: go live.  Its first record is `RET fork 0`."""
    p = lwp.l_proc
    p.p_md.md_syscall = syscall_plain
    syscall_intern(p)
    if p.p_md.md_history is not None:
        p.p_md.md_history += (code, 0, (0, 1))
        p.p_vmspace.vm_log = p.p_md.md_history
    lwp.l_astpending = True
    userret(lwp)
    child_return(lwp)
    return 0, (0, 1)


def _diverged(lwp: Lwp, expected: int, made: int) -> None:
    """Kill a child whose program did not do again what it did before."""
    names = tuple(sysent[code % SYS_NSYSENT].sy_name or f"#{code}" for code in (expected, made))
    text = (
        f"fork: replay of pid {lwp.l_proc.p_pid} diverged: expected {names[0]}, "
        f"the program made {names[1]}; programs must be deterministic between system calls"
    )
    log(lwp.l_kernel, text)
    try:
        fp = fd_getfile(lwp.l_proc, 2, FWRITE)
        fp.f_ops.fo_write(
            lwp, fp, uio_sysspace(text.encode() + b"\n", UIO_WRITE), FOF_UPDATE_OFFSET
        )
    except KernelError:
        pass  # nowhere to say it but the log
    exit1(lwp, 0, SIGKILL)
