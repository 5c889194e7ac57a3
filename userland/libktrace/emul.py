# SPDX-License-Identifier: BSD-2-Clause
"""Emulations: whose calls, errors and signals a process has.  NetBSD usr.bin/kdump/setemul.c.

Names are known for the native calls and Linux.  The other emulations are known
by name, so that the trace is followed through them, but their calls are numbers.
"""

from collections.abc import Callable
from typing import Final

from kernel.sys.namedtuple import NamedTuple
from userland.libktrace.names import errno_linux, linux_syscall_names, mach_names, syscall_names

# Signals of Linux, numbered as on i386 and amd64, by their NetBSD number; 0 is none.
_LINUX_SIGNALS: Final = (
    *(0, 1, 2, 3, 4, 5, 6, 10, 8, 9, 30, 11, 31, 13, 14, 15),
    *(0, 20, 19, 17, 18, 21, 22, 16, 24, 25, 26, 27, 28, 23, 32, 12),
    *range(33, 64),
    0,
)
_WITHOUT_NAMES: Final = {
    "10": ("sunos", "sunos32", "ultrix"),
    "2003": (
        *("freebsd", "hpux", "ibcs2", "irix o32", "irix n32", "darwin", "osf1"),
        *("sunos32", "sunos", "svr4", "svr4_32", "ultrix"),
    ),
}
_MACH_FASTTRAPS: Final = 0x7FF0
_MACH_PPCCALLS: Final = 0x6000
_MACH_MASK: Final = 0xFFF0


class Emulation(NamedTuple):
    """What kdump knows of an emulation."""

    name: str
    syscalls: tuple[str, ...] = ()
    errnos: dict[int, int] | None = None  # the emulation's errno to NetBSD's
    signals: tuple[int, ...] | None = None  # the emulation's signal to NetBSD's
    is_32: bool = False  # words are printed with 32 bits

    @property
    def is_linux(self) -> bool:
        """Whether ptrace and exit are Linux's."""
        return self.name in {"linux", "linux32"}


def _emulations(era: str, word: int) -> dict[str, Emulation]:
    """Return the emulations that the kdump of an era knows, by name."""
    native = syscall_names(era, word)
    known = [
        Emulation("netbsd", native),
        Emulation("netbsd32", syscall_names(era, 4), is_32=True),
        Emulation("linux", linux_syscall_names(era, word), errno_linux(), _LINUX_SIGNALS),
        *(Emulation(name, is_32=name.endswith("32")) for name in _WITHOUT_NAMES[era]),
    ]
    if era == "10":
        names = linux_syscall_names(era, 4)
        known.append(Emulation("linux32", names, errno_linux(), _LINUX_SIGNALS, is_32=True))
    else:
        known += [Emulation("pecoff", native), Emulation("mach", mach_names())]
    return {emulation.name: emulation for emulation in known}


class Emulations:
    """Which emulation each process has while a trace is read.

    Attributes:
        current: that of the process whose record is being printed.
        previous: the one before the last change, of whatever process.
        changed: an EMUL record came, and no RET since.
        uniform: no process has been seen to have another one than the rest.
    """

    def __init__(self, era: str, word: int, warn: Callable[[str], None]) -> None:
        """Start with every process native."""
        self._known = _emulations(era, word)
        self._warn = warn
        self._default = self._known["netbsd"]
        self._of_pid: dict[int, Emulation] = {}
        self.current = self._default
        self.previous = self._default
        self.changed = False
        self.uniform = True

    def start(self, name: str) -> None:
        """Make name the emulation of processes whose EMUL record is not seen (-e)."""
        found = self._find(name)
        if found is not None:
            self._default = self.current = self.previous = found

    def enter(self, pid: int) -> Emulation:
        """Make the process's emulation the current one, and return it."""
        found = self._of_pid.get(pid)
        if found is None:
            found = self._of_pid[pid] = self._default
        self.current = found
        return found

    def change(self, pid: int, name: str) -> None:
        """Act on an EMUL record."""
        found = self._find(name)
        if found is not None:
            self._of_pid[pid] = found
            self.uniform = self.uniform and found is self._default
            self.previous = self.current
            self.current = found
        self.changed = True

    def leave(self, pid: int) -> None:
        """Forget a process that exits."""
        self._of_pid.pop(pid, None)

    def _find(self, name: str) -> Emulation | None:
        found = self._known.get(name)
        if found is None:
            self._warn(f"Emulation `{name}' unknown")
        return found


def mach_name(code: int) -> tuple[int, str] | None:
    """Return number and name of a Mach trap made as a system call; None if it is none.

    In 2003 kdump took every number that the emulation does not have here.
    """
    for first in (_MACH_FASTTRAPS, _MACH_PPCCALLS):
        if code & _MACH_MASK == first:
            return code - first, f"#{code - first} (unimplemented)"
    if code >= 0:
        return None
    names = mach_names()
    return -code, names[-code] if -code < len(names) else f"#{-code} (unimplemented)"
