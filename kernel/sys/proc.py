# SPDX-License-Identifier: BSD-2-Clause
"""Processes, their threads, groups and sessions.  NetBSD sys/sys/proc.h, lwp.h."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.param import MAXCOMLEN
from kernel.sys.signalvar import SS_INIT, Ksiginfo, Sigaction, Sigacts, Sigctx, Sigpend, Sigstk
from kernel.sys.time import NEVER
from kernel.sys.ucred import ROOT_CRED, Ucred
from kernel.sys.vm import NO_STACK, Segment, VmSpace

if TYPE_CHECKING:
    from kernel.sys.errno import Errno
    from kernel.sys.event import Klist
    from kernel.sys.exec import ExecImage
    from kernel.sys.file import File
    from kernel.sys.filedesc import Cwdinfo, Filedesc
    from kernel.sys.inject import Injection
    from kernel.sys.kernel import Kernel
    from kernel.sys.ptrace import Ptrace
    from kernel.sys.timevar import Ptimer
    from kernel.sys.tty import Tty
    from kernel.sys.ucontext import Ucontext
    from kernel.sys.vnode import Vnode

# p_stat
SIDL: Final = 1  # being created by fork
SACTIVE: Final = 2  # alive, its LWPs' l_stat says more
SSTOP: Final = 4  # stopped by a signal
SZOMB: Final = 5  # awaiting collection by its parent
SDEAD: Final = 6  # collected

# l_stat
LSIDL: Final = 1
LSRUN: Final = 2  # on the run queue
LSSLEEP: Final = 3  # sleeping on l_wchan
LSSTOP: Final = 4
LSZOMB: Final = 5
LSONPROC: Final = 7  # on the CPU
LSSUSPENDED: Final = 8  # by _lwp_suspend(2), or created so

# p_flag
P_CONTROLT: Final = 0x0002  # has a controlling terminal
P_PPWAIT: Final = 0x0010  # its parent waits for exec or exit (vfork)
P_SUGID: Final = 0x0100  # changed ids since its last exec
P_EXEC: Final = 0x4000  # has called exec
P_WAITED: Final = 0x8000  # its stop was reported to the parent
P_CONTINUED: Final = 0x10000  # was continued, not yet reported
P_WEXIT: Final = 0x20000  # is exiting
P_STOPPING: Final = 0x80000  # is coming to a halt: not all its LWPs have stopped
P_ORPHANPG: Final = 0x2000_0000  # was stopped when its process group became orphaned
P_CLONED: Final = 0x40000  # no history to replay: runs a function of its parent, or wants none

# l_flag
LW_SINTR: Final = 0x0080  # its sleep may be interrupted by a signal
LW_WSUSPEND: Final = 0x0002_0000  # is to be suspended at its return to user mode
LW_WEXIT: Final = 0x0010_0000  # is to leave: the process ends or execs
LW_CANCELLED: Final = 0x0200_0000  # its next sleep that signals may end fails: _lwp_wakeup(2)
LW_UNPARKED: Final = 0x1000_0000  # was unparked before it parked
LW_USERRET: Final = LW_WSUSPEND | LW_WEXIT  # what its return to user mode looks at

# l_prflag
LPR_DETACHED: Final = 0x0080_0000  # nobody waits for it


@dataclass(slots=True, eq=False, repr=False)
class Session:
    """A session: process groups under one controlling terminal."""

    s_leader: "Proc | None"
    s_sid: int
    s_login: str = "root"
    s_ttyvp: "Vnode | None" = None  # the controlling terminal
    s_ttyp: "Tty | None" = None  # its driver's side; stays when the terminal is gone


@dataclass(slots=True, eq=False, repr=False)
class Pgrp:
    """A process group; pg_members in order of joining."""

    pg_id: int
    pg_session: Session
    pg_members: "dict[Proc, None]" = field(default_factory=dict)
    pg_jobc: int = 0  # members with a parent in another group of the session; 0: orphaned


@dataclass(slots=True, eq=False)
class Rusage:
    """What a process has used (struct rusage); times in ns."""

    ru_utime: int = 0
    ru_stime: int = 0
    ru_maxrss: int = 0  # kilobytes
    ru_inblock: int = 0
    ru_oublock: int = 0
    ru_nsignals: int = 0
    ru_nvcsw: int = 0
    ru_nivcsw: int = 0


@dataclass(slots=True, frozen=True, eq=False, repr=False)
class Emul:
    """A system call environment (struct emul); this kernel has one, "netbsd".

    e_syscall_intern(p) picks the syscall entry after a change of tracing.
    e_sendsig(lwp, ksiginfo, action, oldmask) runs a handler on lwp's stack.
    e_startlwp(lwp, context) is what the machine's context of a new LWP runs.
    e_issignal(lwp) obeys stop signals in a sleep, and tells which other is there.
    """

    e_name: bytes
    e_sysent: "Mapping[int, Any]"
    e_syscall_intern: "Callable[[Proc], None]"
    e_sendsig: "Callable[[Lwp, Ksiginfo, Sigaction, int], None]"
    e_startlwp: "Callable[[Lwp, Ucontext], None]"
    e_issignal: "Callable[[Lwp], int]"


# Frames a stack may hold: a program's own and, at its end, the kernel's.  The
# shell's functions may call each other 1000 deep; the host's 8 MiB of C stack
# hold twice as many.
STACK_FRAMES: Final = 16_000


@dataclass(slots=True, eq=False)
class MdProc:
    """What the machine keeps of a process (struct mdproc)."""

    md_syscall: "Callable[..., tuple[int, Any]]"  # syscall_plain, syscall_fancy or the replay
    md_child: "Callable[[Lwp], None]"  # what the context of a forked child runs
    md_image: "ExecImage | None" = None  # what execve loaded, started anew by a fork's replay
    # What the program got since exec, for fork; None: not kept.  A call is four entries: code,
    # args, error, retval; before them the (address, bytes) of its copyouts; a handler's run is one.
    # What it got before it was forked is in its forebears' lists, which only grow: so much of each.
    md_history: "list[Any] | None" = None
    md_forebears: "tuple[tuple[list[Any], int], ...]" = ()
    md_replay: int = 0  # next entry of md_history while replaying
    md_streams: "list[list[Any]] | None" = None  # the history of each LWP, if there were several
    md_turn: int = 0  # index of the one whose LWP made the last trap
    md_inside: bool = False  # it is in the call
    md_private: int = 0  # l_private of who forked, for the end of the replay
    md_players: "list[Lwp] | None" = None  # whom a replay runs, by that index
    md_ghosts: "list[Any]" = field(default_factory=list)  # contexts of LWPs that fork left behind
    md_host: Any = None  # who drives it from outside (kernel.process), if anybody does
    md_text: "dict[int, Callable[..., Any]]" = field(default_factory=dict)  # functions by address
    # Calls counted for injections, by number and LWP; None: nothing is injected.
    md_injected: "dict[tuple[Injection, int, int], int] | None" = None
    md_frames: int = STACK_FRAMES  # that a stack of it may hold
    md_where: "Callable[[], str] | None" = None  # says where in its program it is
    md_data: Any = None  # the process's own data segment: libc's and Python's state
    md_func: "Callable[[], object] | None" = None  # what __clone's child runs
    md_datarefs: list[int] = field(default_factory=lambda: [1])  # how many have it, in one item


@dataclass(slots=True, eq=False, repr=False)
class Proc:
    """A process (struct proc)."""

    p_pid: int
    p_kernel: "Kernel"
    p_pptr: "Proc | None"
    p_pgrp: Pgrp
    p_emul: Emul
    p_fd: "Filedesc"
    p_cwdi: "Cwdinfo"
    p_vmspace: VmSpace
    p_md: MdProc
    p_limit: dict[int, tuple[int, int]]  # RLIMIT_x: (soft, hard)
    p_cred: Ucred = ROOT_CRED
    p_stat: int = SIDL
    p_flag: int = 0
    p_comm: bytearray = field(default_factory=lambda: bytearray(MAXCOMLEN + 1))
    p_children: "dict[Proc, int]" = field(default_factory=dict)  # numbered, the newest last
    p_stopchildren: "dict[Proc, None]" = field(default_factory=dict)  # that may have to report
    p_lwps: "list[Lwp]" = field(default_factory=list)  # alive
    p_zomblwps: "dict[int, Lwp]" = field(default_factory=dict)  # ended, not waited for, by lid
    p_nlwpwait: int = 0  # LWPs in _lwp_wait(2)
    # tracing (kern_ktrace)
    p_traceflag: int = 0
    p_tracep: "File | None" = None
    p_ktrforms: Any = None  # what its records look like (kern_ktrace_form)
    # signals (kern_sig)
    p_sigacts: Sigacts = field(default_factory=Sigacts)
    p_sigctx: Sigctx = field(default_factory=Sigctx)
    p_sigpend: Sigpend = field(default_factory=Sigpend)  # pending for the process
    p_sigwaiters: "list[Lwp]" = field(default_factory=list)  # in sigtimedwait
    p_xsig: int = 0  # signal that stopped or killed it
    p_xstat: int = 0  # wait status
    p_stats: Rusage = field(default_factory=Rusage)
    p_cru: Rusage = field(default_factory=Rusage)  # of waited-for children
    p_start: int = 0  # ns since the epoch
    p_nice: int = 20  # NZERO
    p_exitsig: int = 20  # sent to the parent at exit: SIGCHLD, or __clone's
    p_args: tuple[bytes, ...] = ()  # argv, for ps and procfs
    p_textvp: "Vnode | None" = None  # the executable
    p_path: bytes = b""  # the executable's path from the root on
    p_cpulimit: int = NEVER  # ns of CPU time: RLIMIT_CPU's soft limit
    p_cputimer: int = NEVER  # when the first of p_timers is due that counts CPU time
    p_cpuevent: int = NEVER  # the earlier of both
    p_corename: bytes | None = None  # the pattern of its core file's name, if it has its own
    p_timers: "dict[int, Ptimer]" = field(default_factory=dict)  # setitimer(2)'s, and POSIX's
    p_ptrace: "Ptrace | None" = None  # another traces it, by ptrace(2)
    p_klist: "Klist" = field(default_factory=dict)  # notes of EVFILT_PROC and EVFILT_SIGNAL


@dataclass(slots=True, eq=False, repr=False)
class Lwp:
    """A thread of control (struct lwp)."""

    l_proc: Proc
    l_lid: int
    l_kernel: "Kernel"
    l_stat: int = LSIDL
    l_flag: int = 0
    l_pcb: Any = None  # the machine's context: a greenlet (arch/python/switch)
    l_sigmask: int = 0
    l_sigoldmask: int | None = None  # restored after a sigsuspend's handler
    l_sigpend: Sigpend = field(default_factory=Sigpend)
    l_sigstk: Sigstk = SS_INIT
    l_sigwaitset: int = 0  # what sigtimedwait waits for
    l_sigwaited: Ksiginfo | None = None  # what came of it
    l_wchan: object | None = None
    l_wmesg: str = ""
    l_wakeup: "Errno | None" = None  # what the sleep failed with
    l_dupfd: int = -1  # what open is to return instead (EDUPFD: a copy; EMOVEFD)
    l_timeout: Any = None  # the callout of a timed sleep
    l_priority: int = 43  # of a time sharer that has used nothing and is not nice
    l_class: int = 0  # SCHED_OTHER, SCHED_FIFO, SCHED_RR
    l_estcpu: int = 0  # what it has used of the CPU lately
    l_esttime: int = 0  # l_rtime that is counted in it, ns
    l_decayed: int = 0  # second of the uptime up to which it has decayed
    l_pritime: int = 0  # uptime from which on the priority is computed anew
    l_qnum: int = 0  # the run queue it is on
    l_affinity: bytes | None = None  # the set of CPUs it was given
    l_ktractive: bool = False  # LP_KTRACTIVE: a record of this LWP is being made
    l_astpending: bool = False  # look at signals and preemption before user mode
    l_ustack: Any = None  # libc's pointer into the user stack
    l_stack: Segment = NO_STACK  # the memory of the user stack
    l_prflag: int = 0
    l_name: bytes | None = None
    l_private: int = 0  # user address of the thread's own data
    l_waiter: int = 0  # lid of the first who waits for this one to end
    l_waitingfor: int = 0  # lid of whose end it waits for
    l_futex_wakesel: int = 0  # bits it waits for on a futex; 0 once woken
    l_robust_head: int = 0  # user address of the list of locks it holds
    l_rtime: int = 0  # ns it has had of the CPU
    l_slpstart: int = 0  # uptime at which it last went to sleep, ns
    l_upcalls: "list[Any]" = field(default_factory=list)  # Upcalls that are to be made
    l_uphold: int = 0  # they wait: for handlers to return, for a call that is started again
    l_history: "list[Any] | None" = None  # its md_history, if its process has several
    l_stream: int = 0  # index of it
    l_statements: int = 0  # of its program that it has run, if the clock may preempt it at any
    l_spins: int = 0  # rounds of a loop that waits, without a call by anybody
    l_spun: int = 0  # uptime of the last one, ns
    l_interrupt: int = 0  # how many it will have run when it does; 0: to be drawn


class NoProcess(RuntimeError):
    """Host code has called what only a program may."""


class ProcessExit(BaseException):
    """Unwinds the user stack of an LWP that will never run user code again.

    Raised by exit1 and by a successful execve; derived from BaseException so
    that `except Exception` in a program lets it pass.  A program that swallows
    it meets it again at its next trap.
    """
