# SPDX-License-Identifier: BSD-2-Clause
"""The variables NetBSD keeps global, one object a kernel.  NetBSD sys/sys/kernel.h.

State only: behaviour stays in kern/.  Two kernels in one interpreter never meet.
"""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from kernel.sys.cdefs import LP64, Abi
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.module import autoload
from kernel.sys.pidtable import PidTable
from kernel.sys.sched import RUNQUE_NQS
from kernel.sys.socketvar import Netstate
from kernel.sys.time import NEVER

if TYPE_CHECKING:
    import random

    from kernel.sys.event import Klist
    from kernel.sys.exec import ExecImage
    from kernel.sys.inject import Injection
    from kernel.sys.ksem import Ksem
    from kernel.sys.mount import Mount, VfsOps
    from kernel.sys.mqueue import Mqueue
    from kernel.sys.msg import Msqueue
    from kernel.sys.proc import Lwp, Pgrp, Proc
    from kernel.sys.sem import Semset
    from kernel.sys.shm import Shmseg
    from kernel.sys.termios import Termios
    from kernel.sys.vnode import Vnode
else:
    random = autoload("random")

BOOT_TIME = 1_060_274_705 * 10**9  # 2003-08-07 16:45:05 UTC, in ns: when a kernel's clock starts


class ConsoleDevice(Protocol):
    """What the console is wired to: the host's terminal, or buffers of a test."""

    def read_ready(self, block: bool) -> bool:
        """Return whether read() would not wait; with block, wait for that first."""

    def read(self, size: int) -> bytes:
        """Return up to size bytes; b"" at end of input."""

    def write(self, data: bytes | memoryview, minor: int) -> int:
        """Write data, return the count; minor 1 is stdout, 2 is stderr."""

    def isatty(self, minor: int) -> bool:
        """Tell whether a person is there: minor 2 is stderr, 0 both stdin and stdout."""

    def winsize(self) -> tuple[int, int]:
        """Return (rows, columns)."""

    def setmodes(self, modes: "Termios") -> None:
        """A program has set other modes: whoever edits lines is to follow them."""


@dataclass(slots=True, eq=False)
class Clock:
    """Time, moved by arch/python/clock; callouts are due on now, which only goes forward.

    The time of day is now + offset, ns since the epoch.
    """

    now: int = BOOT_TIME
    boot: int = BOOT_TIME  # now at boot
    offset: int = 0  # what settimeofday changed, ns
    event: int = NEVER  # when the next callout or the end of the time slice is due
    real: bool = False  # --clock real: now follows the host's clock


@dataclass(slots=True, eq=False)
class Limits:
    """What boot sets and the kernel holds."""

    maxproc: int = 1044
    maxfiles: int = 3404
    fs_size: int = 64 << 20  # bytes of the root tmpfs
    fs_nodes: int = 65536  # inodes of the root tmpfs
    nofile: tuple[int, int] = (128, 3404)  # RLIMIT_NOFILE
    nproc: tuple[int, int] = (160, 1044)  # RLIMIT_NPROC


@dataclass(slots=True, eq=False, repr=False)
class Kernel:
    """One booted kernel."""

    limits: Limits
    console: ConsoleDevice
    start_image: "Callable[[ExecImage], None]"  # runs a program: userland's, handed in at boot
    md_child: "Callable[[Lwp], None]"  # what a forked child's context runs: the machine's replay
    abi: Abi = LP64  # of the records of ktrace and of user addresses
    clock: Clock = field(default_factory=Clock)
    seed: int | None = None  # None: strict round robin
    installation: Any = None  # what programs have besides the standard library: userland's to know
    preempt: int = 0  # programs' own code is preempted each so many statements; 0: at calls only
    # processes
    allproc: PidTable = field(default_factory=PidTable)  # zombies included
    pgrps: "dict[int, Pgrp]" = field(default_factory=dict)
    lastpid: int = 0
    ptraced: "dict[Proc, None]" = field(default_factory=dict)  # who is traced, zombies included
    lwps: "dict[int, Lwp]" = field(default_factory=dict)  # by lid, but those whose lid is their pid
    initproc: "Proc | None" = None
    # scheduling
    runqs: "list[deque[Lwp]]" = field(
        default_factory=lambda: [deque() for _ in range(RUNQUE_NQS)]
    )  # who can run, by priority
    whichqs: int = 0  # bit n: runqs[n] is not empty
    nrunnable: int = 0  # LWPs on them
    loadtime: int = BOOT_TIME  # of the last look at how many there are
    deadlwp: "Lwp | None" = None  # what a context that lost its LWP runs as
    curlwp: "Lwp | None" = None  # on the CPU; None in the idle loop and on the host's stack
    sleepq: "dict[object, list[Lwp]]" = field(default_factory=dict)  # wait channel: sleepers
    callouts: "dict[tuple[int, int], Any]" = field(default_factory=dict)  # by (ns, sequence)
    calloutq: list[tuple[int, int]] = field(default_factory=list)  # their keys and old ones, a heap
    calloutseq: int = 0
    shouldyield: bool = False  # SPCF_SHOULDYIELD
    slice_end: int = NEVER
    switchtime: int = 0  # uptime up to which the LWP on the CPU has been charged, ns
    starting: Any = None  # a context that the idle loop is to start
    idle: Any = None  # the idle loop's context
    hostdone: "Callable[[], bool] | None" = None  # whether what the host waits for has happened
    inputs: "dict[object, Callable[[bool], bool]]" = field(default_factory=dict)
    behind: "dict[object, Callable[[], None]]" = field(default_factory=dict)  # flush to the host
    injections: "list[Injection]" = field(default_factory=list)  # into system calls
    # Told, if asked for, of each call that is traced, and of what it has stored in memory.
    noteline: "Callable[[Lwp], None] | None" = None
    notestored: "Callable[[Lwp, tuple[int, ...]], None] | None" = None
    ui_proccnt: dict[int, int] = field(default_factory=dict)  # processes by real user
    # files
    nfiles: int = 0
    ui_lockcnt: dict[int, int] = field(default_factory=dict)  # advisory locks by user
    rootvnode: "Vnode | None" = None
    mountlist: "list[Mount]" = field(default_factory=list)
    dead_rootmount: "Mount | None" = None  # where vnodes go that lost their file system (deadfs)
    vfs_list: "dict[str, VfsOps]" = field(default_factory=dict)  # types of file system by name
    mntid: int = 0  # of the last file system mounted
    nc_dirs: "dict[Vnode, None]" = field(default_factory=dict)  # in the name cache (vfs_cache)
    forkfsleep: int = 0  # kern.forkfsleep: ticks that a fork sleeps which a limit refuses
    usermount: bool = False  # vfs.generic.usermount: others than the superuser may mount
    hostdirs: "dict[bytes, Any]" = field(default_factory=dict)  # what hostfs may mount, by name
    fs_klist: "Klist" = field(default_factory=dict)  # notes of EVFILT_FS
    kq_ncallouts: int = 0  # timers of kqueues
    ptys: "dict[int, Any]" = field(default_factory=dict)  # pseudo-terminals by number (tty_pty)
    ptm: Any = None  # how their files are named and found (tty_ptm)
    clock_steps: "dict[object, Callable[[], None]]" = field(default_factory=dict)  # when it is set
    devsw: "dict[tuple[int, int], Any]" = field(default_factory=dict)  # (type, major): ops
    net: Netstate = field(default_factory=Netstate)  # sockets
    # System V IPC: what there is, by index
    shmsegs: "dict[int, Shmseg]" = field(default_factory=dict)
    semsets: "dict[int, Semset]" = field(default_factory=dict)
    msqueues: "dict[int, Msqueue]" = field(default_factory=dict)
    semundo: "dict[Proc, dict[tuple[int, int], int]]" = field(default_factory=dict)
    ipc_seqs: "dict[tuple[str, int], int]" = field(default_factory=dict)  # sequence numbers given
    mqueues: "dict[bytes, Mqueue]" = field(default_factory=dict)  # POSIX's, by name
    ksems: "dict[bytes, Ksem]" = field(default_factory=dict)  # semaphores that have a name
    nksems: int = 0  # semaphores
    # the rest
    msgbuf: list[str] = field(default_factory=list)
    panicstr: str | None = None
    hostname: bytes = b"sysent"
    securelevel: int = -1  # kern.securelevel, as of a kernel with options INSECURE
    sysctl_data: "dict[str, Any]" = field(default_factory=dict)  # what root has set, by node
    acct_vp: "Vnode | None" = None  # where acct(2) has records go
    time_adjtime: int = 0  # us by which adjtime(2) still moves the clock
    howto: int | None = None  # how reboot(2) has ended the run, RB_*
    curtain: bool = False  # security.curtain: users do not see others' processes
    averunnable: list[int] = field(default_factory=lambda: [0, 0, 0])  # load averages, in 1/FSCALE
    signals: "deque[int]" = field(default_factory=deque)  # of the host's keyboard, not yet posted
    stopping: int = 0  # the host's signal that is to end the run
    stopped: int = 0  # the last one that has
    foreground: int = 0  # process group that the host's Ctrl-C goes to
    _rng: "random.Random | None" = None

    @property
    def rng(self) -> "random.Random":
        """What a schedule with a seed, /dev/random and their like draw from: few programs do."""
        if self._rng is None:
            self._rng = random.Random(self.seed or 0)
        return self._rng
