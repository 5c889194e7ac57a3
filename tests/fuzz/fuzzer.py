# SPDX-License-Identifier: BSD-2-Clause
"""Processes of several users that make any calls with any registers, on kernels that must stand it.

A call ends in an error, in success, in a sleep, or in the end of the process;
anything else, a panic, an exception of the host, a call that does not come
back, is a bug.  What is left when all have been killed must be what was there.
"""

import gc
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random
from types import FrameType
from typing import Final

from kernel import api
from kernel.arch.python.locore import trap
from kernel.arch.python.trap import map_buffer
from kernel.kern.kern_ktrace import ktrderef
from kernel.kern.kern_ntptime import ntp_update_second
from kernel.kern.kern_sig import kpsignal
from kernel.kern.subr_log import Panic, proc_states
from kernel.process import Process, Reboot
from kernel.sys.errno import KernelError
from kernel.sys.file import File
from kernel.sys.kernel import Kernel
from kernel.sys.proc import LSSLEEP, LSSTOP, LSSUSPENDED, LSZOMB, P_WEXIT, SZOMB
from kernel.sys.signal import SIGKILL
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.time import Timespec
from kernel.sys.vm import VM_PROT_READ, VM_PROT_WRITE
from tests.fuzz.values import ROOM, Place, pick, registers, texts, words
from userland.libc import include as libc
from userland.libc.syscall import call

EPOCH: Final = 4000  # calls of one kernel
CROWD: Final = 6  # processes at a time
PATIENCE: Final = 20  # s of the host's time that a call may take
_AT_REST: Final = (LSSLEEP, LSSTOP, LSSUSPENDED, LSZOMB)  # of an LWP whose call is not over
_USERS: Final = ((0, 0), (1000, 100), (1001, 101))


class Hang(BaseException):
    """A call did not come back."""


class Ruin(Exception):
    """The superuser has taken away what the fuzzer needs, /dev/console say: on with another kernel."""


class Bug(Exception):
    """What must not happen has happened; the text says how to see it again."""


class Guest:
    """One process, and the memory that its registers point to."""

    def __init__(self, process: Process, rng: Random, open_files: bool = False) -> None:
        self.process = process
        self.memory = bytearray(texts().ljust(ROOM, b"\0"))
        writable = VM_PROT_READ | VM_PROT_WRITE
        base = process.call(map_buffer, memoryview(self.memory), writable)
        readonly = process.call(map_buffer, memoryview(bytearray(4096)), VM_PROT_READ)
        self.place = Place(base, readonly, process.lwp.l_ustack)
        self.refresh(rng)
        if open_files:
            process.call(_open_files, rng)

    def refresh(self, rng: Random) -> None:
        """Put other things into the memory."""
        self.memory[: len(texts())] = texts()
        self.memory[len(texts()) :] = words(rng, self.place)

    @property
    def ready(self) -> bool:
        """Whether it can make a call: it is driven, and waits for being told."""
        lwp = self.process.lwp
        return self.process.idle and lwp.l_stat == LSSLEEP and lwp.l_wchan is self.process


def _open_files(rng: Random) -> None:
    """Have descriptors of many kinds, in any order, as far as there is room."""
    openers: list[Callable[[], object]] = [
        lambda: libc.open("a", libc.O_RDWR | libc.O_CREAT, 0o666),
        lambda: libc.open(".", libc.O_RDONLY),
        lambda: libc.open(rng.choice(("/dev/null", "/dev/zero", "/dev/tty")), libc.O_RDWR),
        libc.pipe,
        libc.kqueue,
        lambda: libc.eventfd(rng.randrange(3), rng.choice((0, libc.O_NONBLOCK))),
        lambda: libc.timerfd_create(libc.CLOCK_MONOTONIC, 0),
        lambda: libc.socketpair(libc.AF_UNIX, rng.choice((1, 2, 5)), 0),
        lambda: libc.socket(rng.choice((libc.AF_INET, libc.AF_UNIX)), rng.choice((1, 2)), 0),
        libc.openpty,
    ]
    rng.shuffle(openers)
    for opener in openers[:6]:
        with suppress(OSError):
            opener()


class Fuzzer:
    """A run of so many calls."""

    def __init__(self, seed: int, first: int = 1) -> None:
        self.rng = Random(seed)
        self.seed = seed
        self.calls = 0
        self.kernels = first - 1
        self.outcomes: Counter[str] = Counter()
        self.errors: Counter[int] = Counter()
        self.last: list[str] = []

    def run(self, count: int) -> None:
        """Make count calls.

        Raises:
            Bug: one of them, or what was left after them.
        """
        old = signal.signal(signal.SIGALRM, _hang)
        try:
            while self.calls < count:
                self._epoch(min(EPOCH, count - self.calls))
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, old)

    def _epoch(self, count: int) -> None:
        """Make count calls on a kernel of their own, whose seed it has: no other need come before."""
        self.kernels += 1
        self.rng = Random(f"{self.seed}/{self.kernels}")
        self.last = []
        limits = api.Limits(fs_size=8 << 20, fs_nodes=4000, maxproc=80)
        system = api.boot(limits=limits)
        maker = system.root()
        maker.mkdir(b"/fuzz", 0o777)
        maker.chmod(b"/fuzz", 0o777)
        self._kill_all(system)
        before = self._held(system)
        guests: list[Guest] = []
        try:
            for _ in range(count):
                self._turn(system, guests)
                self.calls += 1
            signal.alarm(4 * PATIENCE)
            self._end(system, before)
        except (Reboot, Ruin):
            self.outcomes["ruin"] += 1
        except (Panic, Hang, Exception) as exc:
            told = "\n".join([*self.last[-8:], f"{type(exc).__name__}: {exc}"])
            raise Bug(
                f"seed {self.seed}, call {self.calls}, kernel {self.kernels}\n{told}"
            ) from exc
        finally:
            signal.alarm(0)

    def _turn(self, system: api.System, guests: list[Guest]) -> None:
        rng = self.rng
        signal.alarm(PATIENCE)
        self._adopt(system, guests)
        ready = [guest for guest in guests if guest.ready]
        if not ready or (len(guests) < CROWD and rng.random() < 0.05):
            if len(guests) >= CROWD:
                victim = rng.choice(guests)
                kpsignal(victim.process.proc, Ksiginfo(SIGKILL))
                system.settle()
                guests.remove(victim)
            uid, gid = rng.choice(_USERS)
            process = _process(system, uid, gid)
            guests.append(Guest(process, rng, open_files=True))
            return
        self._call(system, rng.choice(ready))
        if rng.random() < 0.02:
            self._pass_time(system, guests)

    def _call(self, system: api.System, guest: Guest) -> None:
        rng = self.rng
        if rng.random() < 0.1:
            guest.refresh(rng)
        guest.place.pids = list(system.kernel.allproc)
        number, row = pick(rng)
        args = registers(rng, row, guest.place)
        name = row.name if row is not None else str(number)
        p = guest.process
        self.last.append(f"pid {p.pid} uid {p.proc.p_cred.cr_uid}: {name}{args}")
        del self.last[:-50]
        p.begin(trap, number, *args, run=False)
        p._enter(lambda: p.idle or not p.alive or p.lwp.l_stat in _AT_REST)
        if not p.alive:
            self.outcomes["end"] += 1
        elif not p.idle:
            self.outcomes["sleep"] += 1
        else:
            answer = p.finish()
            error = answer[0]
            self.errors[error] += 1
            self.outcomes["error" if error else "success"] += 1
            if row is not None and row.name == "posix_spawn" and not error:
                self.errors[answer[1]] += 1

    def _adopt(self, system: api.System, guests: list[Guest]) -> None:
        """Take children of driven processes in, and forget who is dead or runs a program."""
        known = {guest.process.proc for guest in guests}
        for p in list(system.kernel.allproc.values()):
            host = p.p_md.md_host
            if not isinstance(host, Process) or p in known or len(guests) >= 2 * CROWD:
                continue
            if host.idle and host.lwp.l_wchan is host:
                guests.append(Guest(host, self.rng))
        guests[:] = [guest for guest in guests if guest.process.alive]

    def _pass_time(self, system: api.System, guests: list[Guest]) -> None:
        """Let a minute pass; kill one of those who sleep."""
        clock = _process(system, 0, 0)
        clock.begin("nanosleep", Timespec(60, 0))
        if not clock.idle and clock.alive:
            clock.finish()
        kpsignal(clock.proc, Ksiginfo(SIGKILL))
        sleepers = [guest for guest in guests if not guest.ready]
        if sleepers:
            kpsignal(self.rng.choice(sleepers).process.proc, Ksiginfo(SIGKILL))
        system.settle()

    def _held(self, system: api.System) -> dict[str, int]:
        """What a kernel holds that is not in a file system."""
        system.settle()
        kernel = system.kernel
        return {
            "files": kernel.nfiles,
            "processes": len(kernel.allproc),
            "groups": len(kernel.pgrps),
            "timers": sum(c.c_func is not ntp_update_second for c in kernel.callouts.values()),
            "sleepers": len(kernel.sleepq),
            "notes": len(kernel.fs_klist) + kernel.kq_ncallouts,
            "sockets": len(kernel.net.sockets),
            "vnodes": sum(len(mp.mnt_vnodelist) for mp in kernel.mountlist[:4]),
        }

    def _kill_all(self, system: api.System) -> None:
        """End everybody but init, and who is made meanwhile."""
        kernel = system.kernel
        for _ in range(20):
            victims = [p for p in kernel.allproc.values() if p is not kernel.initproc]
            for p in victims:
                kpsignal(p, Ksiginfo(SIGKILL))
            system.settle()
            if not victims:
                break
        if kernel.acct_vp is not None:
            accountant = _process(system, 0, 0)
            accountant.begin(call, "acct", 0)
            accountant.finish()
            kpsignal(accountant.proc, Ksiginfo(SIGKILL))
            system.settle()
        if kernel.initproc is not None and kernel.initproc.p_tracep is not None:
            ktrderef(kernel.initproc)

    def _end(self, system: api.System, before: dict[str, int]) -> None:
        """Kill everybody; what is held must be what was held at first."""
        self._kill_all(system)
        after = self._held(system)
        if any(p.p_flag & P_WEXIT and p.p_stat != SZOMB for p in system.kernel.allproc.values()):
            self.outcomes["drains"] += 1  # waits, in its exit, for who reads its terminal's output
        elif after != before:
            kernel = system.kernel
            left = [*kernel.callouts.values(), *kernel.sleepq, *_files(kernel)]
            states = "\n".join(proc_states(kernel))
            raise Bug(f"held before {before}, after {after}: {left}\n{states}")


def _process(system: api.System, uid: int, gid: int) -> Process:
    """A new process in /fuzz.

    Raises:
        Ruin: there can be none.
    """
    try:
        process = system.process(uid, gid)
        process.chdir(b"/fuzz")
    except (OSError, KernelError) as exc:
        raise Ruin from exc
    return process


def _files(kernel: Kernel) -> list[File]:
    """The files that something refers to, for a message."""
    return [f for f in gc.get_objects() if isinstance(f, File) and f.f_table is kernel]


def _hang(_signo: int, _frame: FrameType | None) -> None:
    raise Hang(f"a call took more than {PATIENCE} s")
