# SPDX-License-Identifier: BSD-2-Clause
"""The system call table, read from kern/syscalls.master.  NetBSD sys/kern/makesyscalls.sh.

Numbers, names and types only: no handler is known here, so that libc, kdump
and the documentation can read the table without the kernel.
"""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from keyword import iskeyword
from typing import Final

from kernel.sys.namedtuple import NamedTuple

SYS_MAXSYSARGS: Final = 8  # registers a call may pass

MASTER: Final = os.path.join(os.path.dirname(__file__), "../kern/syscalls.master")

# Types of which one is passed in two words where a word has 32 bits.
_QUADS: Final = frozenset(
    ("dev_t", "int64_t", "off_t", "quad_t", "rlim_t", "time_t", "u_quad_t", "uint64_t")
)

# A row, as it has to be written.
_ROW: Final = (
    r"(?P<number>\d+)\s+(?P<type>\w+)"
    r"(?:[ \t]+MODULAR \w+)?(?:[ \t]+RUMP)?"
    r"(?:[ \t]+\{ [^|]+\|\w*\|\d*\|(?P<base>\w+)"
    r"\((?:void|(?:(?:\.\.\. )?[\w *]+?\w+(?:\[\w+\])?(?:, (?!\)))?)+)\); \}(?: \w+)?"
    r"|[ \t]+[^{\n]+)?"
)
_GOES_ON: Final = r"\\\n\s*"  # a row, in the next line
_VERSIONED: Final = r"__(?:__)?(\w+?)(?:13|14|30|40|50|60|90)"

# How kdump shows a number that is no call.
_ABSENT: Final = {
    "OBSOL": "obsolete",
    "UNIMPL": "unimplemented",
    "EXCL": "excluded",
    "IGNORED": "ignored",
}


class SyscallArg(NamedTuple):
    """One argument of a call."""

    ctype: str  # as in C: "const char *"
    name: str  # as in C; "PAD" is alignment, which programs do not see
    variadic: bool = False  # passed as a variable argument in C

    @property
    def is_pad(self) -> bool:
        """Whether this is alignment only."""
        return self.name == "PAD"

    @property
    def param(self) -> str:
        """The name as a Python parameter: "from" is from_."""
        return f"{self.name}_" if iskeyword(self.name) else self.name


class Syscall(NamedTuple):
    """One row of the table; where there is no call, only type and display say so."""

    number: int
    type: str  # STD, NOERR, INDIR, COMPAT_50, EXTERN, OBSOL, UNIMPL, EXCL, IGNORED
    name: str  # "open", "__stat50", "compat_50_wait4"; "" if there is no call
    display: str  # as kdump shows it: the name, or "#11 (obsolete execv)"
    func: str = ""  # the handler: "sys_open", "sys___stat50", "sys_obreak"
    rtype: str = ""  # as in C
    args: tuple[SyscallArg, ...] = ()  # PAD included
    module: str = ""  # which module has it; "" is the kernel itself
    rump: bool = False

    @property
    def params(self) -> tuple[str, ...]:
        """The handler's parameters after lwp: the arguments without PAD."""
        return tuple(arg.param for arg in self.args if not arg.is_pad)

    @property
    def narg(self) -> int:
        """Registers that the arguments take, PAD included (LP64)."""
        return len(self.args)

    @property
    def argsize(self) -> int:
        """Bytes of the arguments as KTR_SYSCALL counts them, LP64."""
        return 8 * len(self.args)

    @property
    def argsize_ilp32(self) -> int:
        """Bytes of the arguments as KTR_SYSCALL counts them, ILP32."""
        return 4 * sum(2 if arg.ctype in _QUADS else 1 for arg in self.args)


class Table(Mapping[int, Syscall]):
    """The rows by number, each read when it is first asked for."""

    def __init__(self, rows: list[str]) -> None:
        self._rows = rows
        self._read: dict[int, Syscall] = {}
        self.numbers = {name: number for number, row in enumerate(rows) if (name := _name(row))}

    def __getitem__(self, number: int) -> Syscall:
        found = self._read.get(number)
        if found is None:
            if not 0 <= number < len(self._rows):
                raise KeyError(number)
            found = self._read[number] = _syscall(self._rows[number])
        return found

    def parse(self, row: str) -> Syscall:
        """Read a row that could come behind the last.

        Raises:
            ValueError: it is malformed or no call, its number is not the next, its name is taken.
        """
        found = _row(row, len(self._rows))
        if found["base"] is None or _name(row) in self.numbers:
            raise ValueError(f"no new call: {row!r}")
        return _syscall(row)

    def add(self, row: str) -> None:
        """Put a row that parse() has read behind the last."""
        self.numbers[_name(row)] = len(self._rows)
        self._rows.append(row)

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self._rows)))

    def __len__(self) -> int:
        return len(self._rows)


@cache
def _syscall_arg(text: str) -> SyscallArg:
    """Read one argument of a prototype: "const char *path"."""
    ctype = text.removeprefix("... ").partition("[")[0]
    name = ctype.rpartition(" ")[2].rpartition("*")[2]
    return SyscallArg(ctype.removesuffix(name).rstrip(" "), name, text.startswith("... "))


def _prototype(row: str) -> tuple[str, str, str, str, str, str]:
    """Take a prototype apart: return type, prefix, release, name, arguments, alias."""
    text, _, alias = row.partition("{ ")[2].partition("; }")
    rtype, prefix, compat, call = text.split("|")
    base, _, args = call.partition("(")
    return rtype, prefix, compat, base, args[:-1], alias.strip()


def _name(row: str) -> str:
    """Return a row's name, "" if there is no call."""
    if "{" not in row:
        return ""
    _, _, compat, base, _, alias = _prototype(row)
    name = alias or (f"__{base}{compat}" if compat else base)
    kind = row.split(None, 2)[1]
    return f"{kind.lower()}_{name}" if kind.startswith("COMPAT_") else name


def _syscall(row: str) -> Syscall:
    """Make the Syscall of a row."""
    head, brace, _ = row.partition("{")
    number, kind, *words = head.split(None, 2 if not brace else -1)
    if not brace:
        what = " ".join((_ABSENT[kind], *words))
        return Syscall(int(number), kind, "", f"#{number} ({what})")
    rtype, prefix, compat, base, args, _ = _prototype(row)
    func = f"{prefix}___{base}{compat}" if compat else f"{prefix}_{base}"
    if kind.startswith("COMPAT_"):
        func = f"{kind.lower()}_{func}"
    parsed = () if args == "void" else tuple(map(_syscall_arg, args.split(", ")))
    module = words[1] if words[:1] == ["MODULAR"] else ""
    name = _name(row)
    return Syscall(int(number), kind, name, name, func, rtype, parsed, module, "RUMP" in words)


def table_rows(text: str) -> list[str]:
    """Return the rows of a text in the grammar of syscalls.master, each in one line."""
    text = text.replace(" \\\n", "\\\n")  # so that what is looked for begins with one letter
    lines = re.sub(_GOES_ON, " ", text).splitlines()
    return [line for line in lines if line[:1].isdigit()]


def row_lines(text: str) -> list[int]:
    """Return the number, from 1, of the line in which each row of such a text begins."""
    joined = re.sub(_GOES_ON, lambda found: "\0" * found[0].count("\n"), text)
    numbers, number = [], 1
    for line in joined.splitlines():
        if line[:1].isdigit():
            numbers.append(number)
        number += 1 + line.count("\0")
    return numbers


def read_master(text: str) -> Table:
    """Read a table in the grammar of syscalls.master, each row looked at.

    Raises:
        ValueError: a row is malformed or out of order.
    """
    rows = table_rows(text)
    for number, line in enumerate(rows):
        _row(line, number)
    return Table(rows)


def _row(line: str, number: int) -> re.Match[str]:
    """Match a row that has to have that number; ValueError: it is no such row."""
    found = re.fullmatch(_ROW, line)
    if (
        found is None
        or int(found["number"]) != number
        or (found["base"] is None) != (found["type"] in _ABSENT)
    ):
        raise ValueError(f"bad row where {number} should be: {line!r}")
    return found


with open(MASTER, encoding="ascii") as _file:
    SYSCALLS: Final = Table(table_rows(_file.read()))
SYS_MAXSYSCALL: Final = len(SYSCALLS)  # numbers in use


def sysno(name: str) -> int:
    """Return the number of the call name: sysno("fork") is C's SYS_fork.

    Raises:
        KeyError: there is no such call.
    """
    return SYSCALLS.numbers[name]


def is_quad(ctype: str) -> bool:
    """Return whether a C type takes two words where a word has 32 bits."""
    return ctype in _QUADS


@cache
def c_name(name: str) -> str:
    """Return what C programs call a system call: `stat` for __stat50."""
    match = re.fullmatch(_VERSIONED, name)
    return match[1] if match else name
