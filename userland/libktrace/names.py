# SPDX-License-Identifier: BSD-2-Clause
"""The tables kdump names things by; those of the kernel's headers are read from there."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from kernel.sys.errno import Errno
from kernel.sys.signal import NSIG, sys_signame
from kernel.sys.syscall import SYSCALLS

_TABLES: Final = Path(__file__).parent / "tables"
_LAST_SYSCALL_2003: Final = 345  # kevent
_SYSV_1_0: Final = {  # where a word has 32 bits
    169: "compat_10_osemsys",
    170: "compat_10_omsgsys",
    171: "compat_10_oshmsys",
}
_EXCLUDED_10: Final = {  # whose name is not the one the table leaves out
    301: "compat_50_____semctl13",
    302: "compat_50___msgctl13",
    303: "compat_50___shmctl13",
    443: "__shmctl50",
    444: "__msgctl50",
    448: "__ntp_gettime50",
}
_SEMCTL14: Final = {220: "compat_14___semctl"}
_UNKNOWN_TO_USERLAND: Final = "sys__ksem_"
_ERRNO_TEXT: Final = {int(error): error.text for error in Errno}


def _rows(name: str) -> list[list[str]]:
    """Read a table of tab-separated columns; lines that start with "# " are comments."""
    text = (_TABLES / name).read_text(encoding="ascii")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("# ")]


def _word(word: int) -> str:
    return "lp64" if word == 8 else "ilp32"


@cache
def ioctl_names(era: str, word: int) -> Mapping[int, str]:
    """Return the ioctl names of an era ("2003", "10") by request, for words of 4 or 8 bytes."""
    return {int(value, 0): name for value, name in _rows(f"ioctl_{era}_{_word(word)}.tsv")}


def _shown(display: str) -> str:
    """Return the name kdump has for a call; it knows some that a kernel leaves out."""
    _, excluded, name = display.partition(" (excluded ")
    if not excluded or name.startswith(_UNKNOWN_TO_USERLAND):
        return display
    return name.rstrip(")")


def syscall_names(era: str, word: int) -> tuple[str, ...]:
    """Return the native system calls of an era ("2003", "10") by number."""
    return _syscall_names(era, word, len(SYSCALLS))


@cache
def _syscall_names(era: str, word: int, _number: int) -> tuple[str, ...]:
    """Return those of a table of that many rows: a module may have brought some."""
    displays = {number: row.display for number, row in SYSCALLS.items()}
    if era == "2003":
        displays |= {int(number): name for number, name in _rows("syscalls_2003.tsv")}
    names = {number: _shown(display) for number, display in displays.items()} | _SEMCTL14
    names |= {n: displays[n] if word == 8 else name for n, name in _SYSV_1_0.items()}
    if era == "10":
        names |= _EXCLUDED_10
    last = _LAST_SYSCALL_2003 if era == "2003" else max(displays)
    return tuple(names[number] for number in range(last + 1))


@cache
def linux_syscall_names(era: str, word: int) -> tuple[str, ...]:
    """Return the names of the Linux emulation, i386's or amd64's, by number."""
    return tuple(name for _, name in _rows(f"syscalls_linux_{era}_{_word(word)}.tsv"))


@cache
def errno_linux() -> dict[int, int]:
    """Return NetBSD's errno by what a Linux process sees, which is negative; the first one wins."""
    found: dict[int, int] = {}
    for native, linux in _rows("errno_linux.tsv"):
        found.setdefault(-int(linux), int(native))
    return found


@cache
def mach_names() -> tuple[str, ...]:
    """Return the names of Mach's traps by number."""
    known = {int(number): name for number, name in _rows("syscalls_mach.tsv")}
    return tuple(known.get(n, f"#{n} (unimplemented)") for n in range(max(known) + 1))


def strerror(error: int) -> str:
    """Return the text of an error number; NetBSD prints unknown ones unsigned."""
    if error <= 0 or error not in _ERRNO_TEXT:
        return f"Unknown error: {error & 0xFFFFFFFF}"
    return _ERRNO_TEXT[error]


def signame(signal: int, emulated: tuple[int, ...] | None = None) -> str:
    """Return the name of a signal without SIG, through an emulation's map if there is one."""
    if signal == 0:
        return " 0"
    if not 0 < signal < NSIG:
        return f"*unknown {signal}*"
    return sys_signame[emulated[signal] if emulated else signal]
