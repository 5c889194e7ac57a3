# SPDX-License-Identifier: BSD-2-Clause
"""Signals: numbers, names, what each does by default.  NetBSD sys/sys/signal.h, signalvar.h.

A set of signals is an int, bit n - 1 for signal n.
"""

from collections.abc import Iterator
from struct import Struct
from typing import Final

NSIG: Final = 64  # one more than the largest signal

SIGHUP: Final = 1
SIGINT: Final = 2
SIGQUIT: Final = 3
SIGILL: Final = 4
SIGTRAP: Final = 5
SIGABRT: Final = 6
SIGIOT: Final = SIGABRT
SIGEMT: Final = 7
SIGFPE: Final = 8
SIGKILL: Final = 9
SIGBUS: Final = 10
SIGSEGV: Final = 11
SIGSYS: Final = 12
SIGPIPE: Final = 13
SIGALRM: Final = 14
SIGTERM: Final = 15
SIGURG: Final = 16
SIGSTOP: Final = 17
SIGTSTP: Final = 18
SIGCONT: Final = 19
SIGCHLD: Final = 20
SIGTTIN: Final = 21
SIGTTOU: Final = 22
SIGIO: Final = 23
SIGXCPU: Final = 24
SIGXFSZ: Final = 25
SIGVTALRM: Final = 26
SIGPROF: Final = 27
SIGWINCH: Final = 28
SIGINFO: Final = 29
SIGUSR1: Final = 30
SIGUSR2: Final = 31
SIGPWR: Final = 32
SIGRTMIN: Final = 33
SIGRTMAX: Final = 63

# sa_handler
SIG_DFL: Final = 0
SIG_IGN: Final = 1
SIG_ERR: Final = -1
SIG_HOLD: Final = 3

# sa_flags
SA_ONSTACK: Final = 0x0001
SA_RESTART: Final = 0x0002  # interrupted calls start again
SA_RESETHAND: Final = 0x0004  # back to SIG_DFL when delivered
SA_NOCLDSTOP: Final = 0x0008  # no SIGCHLD when a child stops
SA_NODEFER: Final = 0x0010  # the signal is not masked in its handler
SA_NOCLDWAIT: Final = 0x0020  # children leave no zombies
SA_SIGINFO: Final = 0x0040  # the handler takes a siginfo_t
SA_NOKERNINFO: Final = 0x0080
SA_ALLBITS: Final = 0x00FF

# sigaltstack(2): ss_flags
SS_ONSTACK: Final = 0x0001  # a handler runs on it
SS_DISABLE: Final = 0x0004  # there is none
SS_ALLBITS: Final = SS_ONSTACK | SS_DISABLE
MINSIGSTKSZ: Final = 8192  # bytes
SIGSTKSZ: Final = MINSIGSTKSZ + 32768

# sigev_notify
SIGEV_NONE: Final = 0
SIGEV_SIGNAL: Final = 1
SIGEV_THREAD: Final = 2

# sigprocmask(2)
SIG_BLOCK: Final = 1
SIG_UNBLOCK: Final = 2
SIG_SETMASK: Final = 3

# si_code, any signal
SI_USER: Final = 0  # kill(2)
SI_QUEUE: Final = -1
SI_TIMER: Final = -2
SI_ASYNCIO: Final = -3
SI_MESGQ: Final = -4
SI_LWP: Final = -5  # _lwp_kill(2)
SI_NOINFO: Final = 32767
# si_code by signal
ILL_ILLOPC, ILL_ILLOPN, ILL_ILLADR, ILL_ILLTRP, ILL_PRVOPC, ILL_PRVREG = range(1, 7)
ILL_COPROC, ILL_BADSTK = 7, 8
FPE_INTDIV, FPE_INTOVF, FPE_FLTDIV, FPE_FLTOVF, FPE_FLTUND, FPE_FLTRES = range(1, 7)
FPE_FLTINV, FPE_FLTSUB = 7, 8
SEGV_MAPERR, SEGV_ACCERR = 1, 2
BUS_ADRALN, BUS_ADRERR, BUS_OBJERR = 1, 2, 3
TRAP_BRKPT, TRAP_TRACE, TRAP_EXEC, TRAP_CHLD = 1, 2, 3, 4
TRAP_LWP, TRAP_DBREG, TRAP_SCE, TRAP_SCX = 5, 6, 7, 8
CLD_EXITED, CLD_KILLED, CLD_DUMPED, CLD_TRAPPED, CLD_STOPPED, CLD_CONTINUED = range(1, 7)
POLL_IN, POLL_OUT, POLL_MSG, POLL_ERR, POLL_PRI, POLL_HUP = range(1, 7)

# What a signal does by default: bits of sigprop.
SA_KILL: Final = 0x01  # ends the process
SA_CORE: Final = 0x02  # and leaves a core file
SA_STOP: Final = 0x04  # stops the process
SA_TTYSTOP: Final = 0x08  # as a terminal does: orphaned groups are spared
SA_IGNORE: Final = 0x10  # nothing
SA_CONT: Final = 0x20  # continues a stopped process
SA_CANTMASK: Final = 0x40  # cannot be blocked, caught or ignored
SA_NORESET: Final = 0x80  # not reset by SA_RESETHAND
SA_TOALL: Final = 0x100  # acts on the whole process, whichever LWP it is sent to

_SIGNALS: Final = (
    ("HUP", "Hangup", SA_KILL),
    ("INT", "Interrupt", SA_KILL),
    ("QUIT", "Quit", SA_KILL | SA_CORE),
    ("ILL", "Illegal instruction", SA_KILL | SA_CORE | SA_NORESET),
    ("TRAP", "Trace/BPT trap", SA_KILL | SA_CORE | SA_NORESET),
    ("ABRT", "Abort trap", SA_KILL | SA_CORE),
    ("EMT", "EMT trap", SA_KILL | SA_CORE),
    ("FPE", "Floating point exception", SA_KILL | SA_CORE),
    ("KILL", "Killed", SA_KILL | SA_CANTMASK | SA_TOALL),
    ("BUS", "Bus error", SA_KILL | SA_CORE),
    ("SEGV", "Segmentation fault", SA_KILL | SA_CORE),
    ("SYS", "Bad system call", SA_KILL | SA_CORE),
    ("PIPE", "Broken pipe", SA_KILL),
    ("ALRM", "Alarm clock", SA_KILL),
    ("TERM", "Terminated", SA_KILL),
    ("URG", "Urgent I/O condition", SA_IGNORE),
    ("STOP", "Suspended (signal)", SA_STOP | SA_CANTMASK | SA_TOALL),
    ("TSTP", "Suspended", SA_STOP | SA_TTYSTOP | SA_TOALL),
    ("CONT", "Continued", SA_IGNORE | SA_CONT | SA_TOALL),
    ("CHLD", "Child exited", SA_IGNORE),
    ("TTIN", "Stopped (tty input)", SA_STOP | SA_TTYSTOP | SA_TOALL),
    ("TTOU", "Stopped (tty output)", SA_STOP | SA_TTYSTOP | SA_TOALL),
    ("IO", "I/O possible", SA_IGNORE),
    ("XCPU", "Cputime limit exceeded", SA_KILL),
    ("XFSZ", "Filesize limit exceeded", SA_KILL),
    ("VTALRM", "Virtual timer expired", SA_KILL),
    ("PROF", "Profiling timer expired", SA_KILL),
    ("WINCH", "Window size changed", SA_IGNORE),
    ("INFO", "Information request", SA_IGNORE),
    ("USR1", "User defined signal 1", SA_KILL),
    ("USR2", "User defined signal 2", SA_KILL),
    ("PWR", "Power fail/restart", SA_IGNORE | SA_NORESET),
    *((f"RT{n}", f"Real time signal {n}", SA_KILL) for n in range(SIGRTMAX - SIGRTMIN + 1)),
)

# Indexed by signal number; 0 is no signal.
sys_signame: Final = ("Signal 0", *(name for name, _, _ in _SIGNALS))  # without SIG
sys_siglist: Final = ("Signal 0", *(text for _, text, _ in _SIGNALS))
sigprop: Final = (0, *(prop for _, _, prop in _SIGNALS))


def sigmask(signo: int) -> int:
    """Return the set that holds only signo."""
    return 1 << signo - 1


def sigset(*signos: int) -> int:
    """Return the set of signos."""
    mask = 0
    for signo in signos:
        mask |= sigmask(signo)
    return mask


def sigismember(mask: int, signo: int) -> bool:
    """Whether signo is in mask."""
    return bool(mask >> signo - 1 & 1)


def sigfirst(mask: int) -> int:
    """Return the lowest signal in mask, 0 if it is empty."""
    return (mask & -mask).bit_length()


def sigmembers(mask: int) -> Iterator[int]:
    """Yield the signals in mask, the lowest first."""
    while mask:
        yield sigfirst(mask)
        mask &= mask - 1


def _having(prop: int) -> int:
    return sigset(*(signo for signo in range(1, NSIG) if sigprop[signo] & prop))


SIGSET_FULL: Final = (1 << NSIG - 1) - 1
sigcantmask: Final = _having(SA_CANTMASK)
stopsigmask: Final = _having(SA_STOP)
contsigmask: Final = _having(SA_CONT)
ignoresigmask: Final = _having(SA_IGNORE) & ~contsigmask  # ignored by default
vforksigmask: Final = stopsigmask & ~sigcantmask  # held back while the parent waits in vfork

# In user memory (LP64): sigset_t is 128 bits; struct sigaction a pointer, a set, an int.
SIZEOF_SIGSET: Final = 16  # bytes
_SIGACTION: Final = Struct("<Q16si4x")
SIZEOF_SIGACTION: Final = _SIGACTION.size


def pack_sigset(mask: int) -> bytes:
    """Return mask as the bytes of a sigset_t."""
    return mask.to_bytes(SIZEOF_SIGSET, "little")


def unpack_sigset(data: bytes) -> int:
    """Return the signals that exist of the sigset_t in data."""
    return int.from_bytes(data, "little") & SIGSET_FULL


def pack_sigaction(handler: int, mask: int, flags: int) -> bytes:
    """Return the bytes of a struct sigaction."""
    return _SIGACTION.pack(handler, pack_sigset(mask), flags)


def unpack_sigaction(data: bytes) -> tuple[int, int, int]:
    """Return (handler, mask, flags) of the struct sigaction in data."""
    handler, mask, flags = _SIGACTION.unpack(data)
    return handler, unpack_sigset(mask), flags
