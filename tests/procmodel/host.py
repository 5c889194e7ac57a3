# SPDX-License-Identifier: BSD-2-Clause
"""The same calls on the host's kernel: a family of processes, driven over FIFOs."""

import ctypes
import marshal
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, BinaryIO

from tests.procmodel.model import INIT, Answer

_PATIENCE = 5.0  # seconds until what is expected must have come
_PIDS = ("getpgid", "getsid", "getppid", "setsid")  # calls that answer a pid
_STATES = {"T": "stopped", "Z": "zombie", "X": "gone"}
_PR_SET_CHILD_SUBREAPER = 36


class Host:
    """Processes of the host, of one sequence; orphans are this process's."""

    def __init__(self) -> None:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.place = Path(mkdtemp(prefix="sysent-family-"))
        self.pids: list[int] = []
        self.channels: list[tuple[BinaryIO, BinaryIO]] = []
        self.told: list[set[str]] = []
        self.owed: set[int] = set()  # who has not answered its last call
        self._fifos(0)
        program = Path(__file__).with_name("host_program.py")
        self.first = subprocess.Popen([sys.executable, "-S", "-E", program, str(self.place)])
        self._join(0)

    def _fifos(self, number: int) -> None:
        for end in ("in", "out"):
            os.mkfifo(self.place / f"{number}.{end}")

    def _join(self, number: int) -> None:
        """Meet a new process."""
        into = (self.place / f"{number}.in").open("wb")
        self.channels.append((into, (self.place / f"{number}.out").open("rb")))
        self.pids.append(self._answer(number)[1])  # type: ignore[arg-type]
        self.told.append(set())

    def shutdown(self) -> None:
        """End all, and leave nothing."""
        for pid in self.pids:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        for into, out in self.channels:
            with suppress(OSError):
                into.close()
            out.close()
        self.first.wait()
        for pid in self.pids[1:]:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
        shutil.rmtree(self.place)

    def _answer(self, number: int) -> Answer:
        answer: Answer = marshal.load(self.channels[number][1])
        return answer

    def _ask(self, number: int, name: str, *args: Any) -> Answer:
        if number in self.owed:
            self.owed.discard(number)
            self._answer(number)
        self._tell(number, name, *args)
        return self._answer(number)

    def _tell(self, number: int, name: str, *args: Any) -> None:
        into = self.channels[number][0]
        marshal.dump((name, args), into)
        into.flush()

    def number(self, pid: object) -> int:
        return self.pids.index(pid) if pid in self.pids else INIT

    def call(self, caller: int, name: str, *args: Any, comes_back: bool) -> Answer:
        """Make a call; who ends or stops in it does not come back from it."""
        if name == "fork":
            number = len(self.pids)
            self._fifos(number)
            self._tell(caller, name, number)
            self._join(number)
            error, _ = self._answer(caller)
            return error, number
        args = self._pids(name, args)
        if not comes_back:
            if caller in self.owed:
                self.owed.discard(caller)
                self._answer(caller)
            self._tell(caller, name, *args)
            self.owed.add(caller)
            return "", None
        error, value = self._ask(caller, name, *args)
        if error == "ok" and name in _PIDS:
            value = self.number(value)
        elif isinstance(value, tuple) and name == "wait":
            value = self.number(value[0]), *value[1:]
        return error, value

    def _pids(self, name: str, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """Numbers of processes as pids."""
        if name == "kill":
            who, signo = args
            return (self.pids[who] if who >= 0 else -self._pid(-who - 1)), signo
        if name in ("setpgid", "getpgid", "getsid"):
            return tuple(self.pids[number] for number in args)
        if name == "wait":
            return args[0], self.pids[args[1]], sorted(args[2])
        return tuple(sorted(arg) if isinstance(arg, frozenset) else arg for arg in args)

    def _pid(self, number: int) -> int:
        return self.pids[number] if number < len(self.pids) else 1 << 22

    def state(self, number: int, expected: str) -> str:
        """What a process does, once it does what is expected; who is nobody's is collected."""
        deadline = time.monotonic() + _PATIENCE
        while (state := self._state(number)) != expected and time.monotonic() < deadline:
            if expected == "gone":
                with suppress(ChildProcessError):
                    os.waitpid(self.pids[number], os.WNOHANG)
            time.sleep(0.0002)
        return state

    def _state(self, number: int) -> str:
        try:
            text = Path(f"/proc/{self.pids[number]}/stat").read_text()
        except OSError:
            return "gone"
        return _STATES.get(text.rpartition(")")[2].split()[0], "alive")

    def seen(self, number: int, expected: set[str]) -> set[str]:
        """Which handlers have run, once it is those that are expected."""
        deadline = time.monotonic() + _PATIENCE
        told: set[str] = set()
        while True:
            told |= set(self._ask(number, "told")[1])  # type: ignore[call-overload]
            if told == expected or time.monotonic() > deadline:
                return told
            time.sleep(0.0005)
