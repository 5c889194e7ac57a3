# SPDX-License-Identifier: BSD-2-Clause
"""What a test of a lab may use, inside and of the host, and the meter that ends it."""

import sys
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from kernel.grade.outcome import ProgramStopped
from kernel.sys.inject import Injection
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.syscall import SYSCALLS, c_name
from kernel.terminal import Buffers
from userland.libktrace.callset import callset
from userland.python.frames import guest_name, own_frame

HOME: Final = "/home/user"  # of the user who runs programs
_TREE: Final = f"{Path(__file__).parents[2]}/"  # on the host: /bin's programs are in it
_CROWD: Final = 10  # processes from which on a message counts them


@dataclass(frozen=True)
class Bounds:
    """The limits of one test; lab.toml and the test may say others."""

    seconds: int = 3600  # of virtual time
    calls: int = 200_000  # system calls, of all processes together
    processes: int = 40  # of the program's user, at once
    disk: int = 16 << 20  # bytes of the file system
    output: int = 1 << 20  # bytes printed
    cpu_seconds: int = 20  # of the host
    memory: int = 512 << 20  # bytes of the host


class Meter:
    """Counts what a system uses, and stops the machine when that is too much."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.calls = 0
        self.seconds = 0.0  # of the systems before this one
        self.stopped: ProgramStopped | None = None
        self._kernel: Kernel | None = None
        self._injection = Injection(frozenset())

    def watch(self, kernel: Kernel) -> None:
        """Measure this kernel from now on."""
        self.seconds += self._elapsed()
        self._kernel = kernel
        self._injection = Injection(callset("all"), in_crash=True, in_match=self._over)
        self.first()

    def first(self) -> None:
        """Have the meter see each call before anything else that is injected does."""
        assert self._kernel is not None
        injections = self._kernel.injections
        if self._injection in injections:
            injections.remove(self._injection)
        injections.append(self._injection)

    @property
    def used(self) -> float:
        """Virtual seconds of all systems together."""
        return self.seconds + self._elapsed()

    def _elapsed(self) -> float:
        kernel = self._kernel
        return 0.0 if kernel is None else (kernel.clock.now - kernel.clock.boot) / 1e9

    def _over(self, lwp: Lwp, code: int, _args: tuple[int, ...]) -> bool:
        """Count a call; say whether the machine is to stop before it."""
        self.calls += 1
        bounds = self._bounds
        why = ""
        if self.calls > bounds.calls:
            name = c_name(SYSCALLS[code].name) if code in SYSCALLS else str(code)
            why = f"made more than {bounds.calls} system calls, the last of them {name}"
        elif self.used > bounds.seconds:
            why = f"ran for more than {bounds.seconds} seconds (of virtual time)"
        elif _printed(lwp.l_kernel) > bounds.output:
            why = f"printed more than {bounds.output} bytes"
        if why:
            place = place_of(sys._getframe())
            where = f", in {place}" if place else ""
            self.stopped = ProgramStopped(why + where + crowd(lwp.l_kernel))
        return bool(why)


def _printed(kernel: Kernel) -> int:
    console = kernel.console
    return len(console.stdout) + len(console.stderr) if isinstance(console, Buffers) else 0


def place_of(frame: FrameType | None) -> str:
    """Return the place in a program that frame, or who called it, is at; "" if there is none."""
    found, _ = own_frame(frame)
    if found is None:
        return ""
    name = guest_name(found.f_code.co_filename).removeprefix(f"{HOME}/").removeprefix(_TREE)
    return f"{name}, line {found.f_lineno}"


def crowd(kernel: Kernel) -> str:
    """Return how many processes there are, if that is worth telling."""
    count = len(kernel.allproc) - 1
    return f"; there were {count} processes" if count >= _CROWD else ""
