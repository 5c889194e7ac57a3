# SPDX-License-Identifier: BSD-2-Clause
"""Values for registers: of the kind that a call asks for, or of any other."""

from random import Random
from typing import Final

from kernel.kern.init_sysent import sys_nosys, sysent
from kernel.sys import ioccom
from kernel.sys.syscall import SYSCALLS, Syscall, SyscallArg
from kernel.sys.systm import SYS_NSYSENT

ROOM: Final = 65536  # bytes of memory that a process may use as it likes
TEXTS: Final = 8192  # of them are names, from the start
_WORDS: Final = (
    b"a b c d d/e d/f e ../fuzz . .. / l l/a p s x/y f/ /fuzz/a /dev/null /dev/zero /dev/tty"
    b" /dev/ptmx /dev/fd/4 /proc/curproc/mem /proc/curproc/status /proc/1/map /bin/echo /bin/sh"
    b" tmpfs null procfs netbsd user.attr EVFILT_READ eth0"
)
NAMES: Final = [*_WORDS.split(), b"", b"n" * 255, b"n" * 300, b"d/" * 600]
SLOT: Final = 128  # bytes of a short name; long ones take several

_EDGES: Final = tuple(
    (1 << bits) + delta
    for bits in (7, 8, 15, 16, 31, 32, 47, 62, 63, 64)
    for delta in (-2, -1, 0, 1)
)
_IOCTLS: Final = tuple(
    value
    for name, value in sorted(vars(ioccom).items())
    if isinstance(value, int) and name.startswith(("FIO", "TIOC", "SIOC"))
)
_FD: Final = frozenset(("fd", "fildes", "s", "filedes", "from", "to", "kq", "fdout", "mqdes"))
_SKIPPED: Final = frozenset(("reboot", "exit"))  # that ends the run, and is no news
_NUMBERS: Final = tuple(
    row.number
    for row in SYSCALLS.values()
    if sysent[row.number].sy_call is not sys_nosys and row.name not in _SKIPPED
)


class Place:
    """What a process's registers may lead to."""

    def __init__(self, base: int, readonly: int, stack: int) -> None:
        self.base = base  # of ROOM bytes, the first TEXTS of them names
        self.readonly = readonly  # a page that cannot be written
        self.stack = stack
        self.pids: list[int] = []


def texts() -> bytes:
    """The names, each at a multiple of SLOT, ended by NUL."""
    return b"".join((name + b"\0").ljust(SLOT, b"\0") for name in NAMES[:-3]).ljust(
        TEXTS - 2048
    ) + (b"\0".join(NAMES[-3:]) + b"\0").ljust(2048, b"\0")


def pick(rng: Random) -> tuple[int, Syscall | None]:
    """Return a call's number, mostly one that exists, and its row."""
    if rng.random() < 0.02:
        return rng.randrange(-3, SYS_NSYSENT + 3), None
    number = rng.choice(_NUMBERS)
    return number, SYSCALLS[number]


def registers(rng: Random, row: Syscall | None, place: Place) -> tuple[int, ...]:
    """Return values for the arguments of row, or for any call."""
    if row is None or row.type == "INDIR" or rng.random() < 0.05:
        return tuple(_any(rng, place) for _ in range(rng.randrange(9)))
    args = [arg for arg in row.args if not arg.is_pad]
    return tuple(_value(rng, arg, place) for arg in args)


def _value(rng: Random, arg: SyscallArg, place: Place) -> int:
    if rng.random() < 0.12:
        return _any(rng, place)
    if "*" in arg.ctype:
        return _pointer(rng, arg, place)
    if arg.param in _FD or arg.name.startswith("fd"):
        return rng.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -100, rng.randrange(-2, 40)))
    if arg.ctype in ("pid_t", "lwpid_t", "id_t"):
        return rng.choice((0, -1, *place.pids[-8:], -place.pids[-1]))
    if arg.ctype in ("size_t", "u_int", "socklen_t", "unsigned int"):
        return rng.choice((0, 1, 2, 3, 8, 16, 40, 100, 4096, 8192, rng.randrange(70_000)))
    if arg.name == "com":
        return rng.choice(_IOCTLS)
    return rng.choice((0, 1, 2, 3, 4, 5, 8, 9, 15, 30, 0o644, 1 << rng.randrange(32), -1))


def _pointer(rng: Random, arg: SyscallArg, place: Place) -> int:
    chance = rng.random()
    if chance < 0.1:
        return rng.choice((0, 16, place.readonly, place.base + ROOM - rng.randrange(64)))
    if "char *" in arg.ctype and chance < 0.8:
        return place.base + SLOT * rng.randrange(len(NAMES) + 8)
    return place.base + TEXTS + 8 * rng.randrange((ROOM - TEXTS) // 16)


def _any(rng: Random, place: Place) -> int:
    kind = rng.randrange(6)
    if kind == 0:
        return rng.choice(_EDGES) * rng.choice((1, -1))
    if kind == 1:
        return rng.getrandbits(64)
    if kind == 2:
        return rng.choice((place.base, place.stack, place.readonly)) + rng.randrange(-8, ROOM)
    return rng.randrange(-4, 64)


def words(rng: Random, place: Place) -> bytes:
    """New contents of the memory after the names: small numbers, addresses, noise."""
    found = []
    for _ in range((ROOM - TEXTS) // 64):
        kind = rng.randrange(4)
        if kind == 0:
            row = [rng.randrange(-2, 12) % (1 << 64) for _ in range(8)]
        elif kind == 1:
            row = [rng.randrange(12) | rng.randrange(12) << 32 for _ in range(8)]
        elif kind == 2:
            row = [place.base + SLOT * rng.randrange(len(NAMES)), rng.randrange(200)] * 4
        else:
            row = [rng.getrandbits(64) for _ in range(8)]
        found += [word.to_bytes(8, "little") for word in row]
    return b"".join(found)
