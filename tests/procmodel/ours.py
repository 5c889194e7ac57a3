# SPDX-License-Identifier: BSD-2-Clause
"""The same calls on our kernel: a driven process for each of the model's."""

from typing import Any

from kernel import api
from kernel.api import Process
from kernel.sys import signal, wait
from kernel.sys.errno import Errno
from kernel.sys.fcntl import F_DUPFD, O_NONBLOCK
from kernel.sys.proc import SSTOP, SZOMB
from kernel.sys.time import Timespec
from tests.procmodel.model import INIT, Answer
from userland.libc import include as libc

_FIRST = 10  # descriptor of slot 0
_KINDS = {
    signal.CLD_EXITED: "exited",
    signal.CLD_KILLED: "killed",
    signal.CLD_STOPPED: "stopped",
    signal.CLD_CONTINUED: "continued",
}
_OPTIONS = {"stopped": wait.WSTOPPED, "continued": wait.WCONTINUED, "nowait": wait.WNOWAIT}
_HOW = {"block": signal.SIG_BLOCK, "unblock": signal.SIG_UNBLOCK, "set": signal.SIG_SETMASK}
_NUMBERS = {f"SIG{name}": number for number, name in enumerate(signal.sys_signame) if number}
_NAMES = {number: name for name, number in _NUMBERS.items()}
_NOBODY = 29_999


def _mask(signos: frozenset[str]) -> int:
    return signal.sigset(*(_NUMBERS[signo] for signo in signos))


def _names(mask: int) -> list[str]:
    return sorted(_NAMES[n] for n in range(1, signal.NSIG) if signal.sigismember(mask, n))


class Ours:
    """One booted kernel, and the processes of one sequence."""

    def __init__(self) -> None:
        self.system = api.boot()
        self.system.root()
        self.processes: list[Process] = []
        self.seen: list[list[str]] = []

    def begin(self) -> None:
        """Make the first process, which leads its session."""
        self.processes = []
        self.seen = []
        self._add(self.system.process())

    def _add(self, process: Process) -> None:
        self.processes.append(process)
        self.seen.append([])

    def end(self) -> int:
        """End all; return how many processes are left that should not be."""
        for process in reversed(self.processes):
            if process.alive:
                self.system.root().kill(process.pid, signal.SIGKILL)
                self.system.settle()
        return len(self.system.kernel.allproc)

    def pid(self, number: int) -> int:
        return self.processes[number].pid if number < len(self.processes) else _NOBODY

    def number(self, pid: int) -> int:
        for number, process in enumerate(self.processes):
            if process.pid == pid:
                return number
        return INIT

    def call(self, caller: int, name: str, *args: Any) -> Answer:
        """Make a call; ("", None) if the caller does not come back from it."""
        process = self.processes[caller]
        if name == "fork":
            child = process.fork()
            md, parent = child.proc.p_md, process.proc.p_md
            md.md_text, md.md_data = parent.md_text, parent.md_data  # a program would have them
            self._add(child)
            return "ok", len(self.processes) - 1
        function = getattr(self, name)
        process.begin(lambda: self._answer(function, caller, args))
        self.system.settle()
        if not process.idle:
            return "", None
        answer: Answer = process.finish()
        return answer

    def _answer(self, function: Any, caller: int, args: tuple[Any, ...]) -> Answer:
        try:
            return "ok", function(caller, *args)
        except OSError as exc:
            return Errno(exc.errno).name, None

    def state(self, number: int) -> str:
        proc = self.processes[number].proc
        if self.system.kernel.allproc.get(proc.p_pid) is not proc:
            return "gone"
        return {SZOMB: "zombie", SSTOP: "stopped"}.get(proc.p_stat, "alive")

    def look(self, number: int) -> tuple[list[str], int, int, bool]:
        """What the kernel keeps of a process: pending signals, group, session, an orphaned group."""
        p = self.processes[number].proc
        group = p.p_pgrp
        session = group.pg_session.s_sid
        pending = _names(p.p_sigpend.sp_set)
        return pending, self.number(group.pg_id), self.number(session), not group.pg_jobc

    def exit(self, _caller: int, code: int) -> None:
        libc._exit(code)

    def kill(self, _caller: int, who: int, signo: str) -> None:
        pid = self.pid(who) if who >= 0 else -self.pid(-who - 1)
        libc.kill(pid, _NUMBERS.get(signo, 0))

    def sigaction(self, _caller: int, signo: str, action: str) -> str:
        handler = {"": signal.SIG_DFL, "ign": signal.SIG_IGN}.get(
            action, lambda n: self.seen[self.number(libc.getpid())].append(_NAMES[n])
        )
        flags = signal.SA_RESTART
        old = libc.sigaction(_NUMBERS[signo], libc.Sigaction(handler, 0, flags)).sa_handler
        if isinstance(old, int):
            return {signal.SIG_DFL: "", signal.SIG_IGN: "ign"}.get(old, "handler")
        return "handler"

    def sigprocmask(self, _caller: int, how: str, signos: frozenset[str]) -> list[str]:
        return _names(libc.sigprocmask(_HOW[how], _mask(signos)))

    def sigpending(self, _caller: int) -> list[str]:
        return _names(libc.sigpending())

    def sigtimedwait(self, _caller: int, signos: frozenset[str]) -> str:
        return _NAMES[libc.sigtimedwait(_mask(signos), Timespec(0, 0)).si_signo]

    def setpgid(self, _caller: int, who: int, group: int) -> None:
        libc.setpgid(self.pid(who), self.pid(group))

    def setsid(self, _caller: int) -> int:
        return self.number(libc.setsid())

    def getpgid(self, _caller: int, who: int) -> int:
        return self.number(libc.getpgid(self.pid(who)))

    def getsid(self, _caller: int, who: int) -> int:
        return self.number(libc.getsid(self.pid(who)))

    def getppid(self, _caller: int) -> int:
        return self.number(libc.getppid())

    def wait(self, _caller: int, kind: str, whose: int, options: frozenset[str]) -> object:
        idtype = {"pid": wait.P_PID, "all": wait.P_ALL}.get(kind, wait.P_PGID)
        pid = 0 if kind == "mine" else self.pid(whose)
        flags = wait.WEXITED | wait.WNOHANG | sum(_OPTIONS[name] for name in options)
        info = libc.waitid(idtype, pid, flags)
        if not info.si_pid:
            return None
        exited = info.si_code == signal.CLD_EXITED
        status = info.si_status if exited else _NAMES[info.si_status]
        return self.number(info.si_pid), _KINDS[info.si_code], status

    def pipe(self, _caller: int) -> tuple[int, ...]:
        slots = []
        for fd in libc.pipe2(O_NONBLOCK):
            slots.append(libc.fcntl(fd, F_DUPFD, _FIRST) - _FIRST)
            libc.close(fd)
        return tuple(slots)

    def read(self, _caller: int, slot: int) -> bytes:
        return libc.read(_FIRST + slot, 64)

    def write(self, _caller: int, slot: int, data: bytes) -> int:
        return libc.write(_FIRST + slot, data)

    def close(self, _caller: int, slot: int) -> None:
        libc.close(_FIRST + slot)
