# SPDX-License-Identifier: BSD-2-Clause
"""The system call table, read from kern/syscalls.master.  NetBSD sys/kern/makesyscalls.sh.

Numbers, names and types only: no handler is known here, so that libc, kdump
and the documentation can read the table without the kernel.
"""

import re
from functools import cache
from keyword import iskeyword
from pathlib import Path
from typing import Final, NamedTuple

SYS_MAXSYSARGS: Final = 8  # registers a call may pass

_MASTER: Final = Path(__file__).parent.parent / "kern" / "syscalls.master"

# Types of which one is passed in two words where a word has 32 bits.
_QUADS: Final = frozenset(
    ("dev_t", "int64_t", "off_t", "quad_t", "rlim_t", "time_t", "u_quad_t", "uint64_t")
)

_ROW: Final = re.compile(
    r"^(?P<number>\d+)\s+(?P<type>\w+)"
    r"(?:[ \t]+MODULAR (?P<module>\w+))?(?:[ \t]+(?P<rump>RUMP))?"
    r"(?:[ \t]+\{ (?P<rtype>[^|]+)\|(?P<prefix>\w*)\|(?P<compat>\d*)\|(?P<base>\w+)"
    r"\((?P<args>[^)]*)\); \}(?: (?P<alias>\w+))?|[ \t]+(?P<comment>[^{\n]+))?$",
    re.MULTILINE,
)
_ARG: Final = re.compile(r"(\.\.\. )?(.*?) ?(\w+)(?:\[\w+\])?$")
_VERSIONED: Final = re.compile(r"__(?:__)?(\w+?)(?:13|14|30|40|50|60|90)")

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


@cache
def _syscall_arg(text: str) -> SyscallArg:
    """Read one argument of a prototype: "const char *path"."""
    found = _ARG.match(text)
    if found is None:
        raise ValueError(f"syscalls.master: not an argument: {text!r}")
    dots, ctype, name = found.groups()
    return SyscallArg(ctype, name, dots is not None)


def _is_complete(row: re.Match[str]) -> bool:
    """Whether the row has a prototype exactly if its type says that there is a call."""
    return (row["base"] is None) == (row["type"] in _ABSENT)


def _syscall(row: re.Match[str]) -> Syscall:
    """Make the Syscall of a row."""
    number, kind, module, rump, rtype, prefix, compat, base, args, alias, comment = row.groups()
    if base is None:
        what = f"{_ABSENT[kind]} {comment or ''}".rstrip()
        return Syscall(int(number), kind, "", f"#{number} ({what})")
    if compat:
        base = f"__{base}{compat}"
    func = f"{prefix}_{base}"
    name = alias or base
    if kind.startswith("COMPAT_"):
        name = f"{kind.lower()}_{name}"
        func = f"{kind.lower()}_{func}"
    parsed = () if args == "void" else tuple(_syscall_arg(arg) for arg in args.split(", "))
    return Syscall(
        int(number), kind, name, name, func, rtype, parsed, module or "", rump is not None
    )


def read_master(text: str) -> dict[int, Syscall]:
    """Read a table in the grammar of syscalls.master.

    Raises:
        ValueError: a row is malformed or out of order.
    """
    table: dict[int, Syscall] = {}
    text = re.sub(r" ?\\\n\s*", " ", text)
    rows = [line for line in text.splitlines() if line and line[0].isdigit()]
    for number, line in enumerate(rows):
        found = _ROW.match(line)
        if found is None or int(found["number"]) != number or not _is_complete(found):
            raise ValueError(f"syscalls.master: bad row where {number} should be: {line!r}")
        table[number] = _syscall(found)
    return table


SYSCALLS: Final = read_master(_MASTER.read_text(encoding="ascii"))
by_name: Final = {call.name: call for call in SYSCALLS.values() if call.name}
SYS_MAXSYSCALL: Final = len(SYSCALLS)  # numbers in use


def sysno(name: str) -> int:
    """Return the number of the call name: sysno("fork") is C's SYS_fork.

    Raises:
        KeyError: there is no such call.
    """
    return by_name[name].number


def is_quad(ctype: str) -> bool:
    """Return whether a C type takes two words where a word has 32 bits."""
    return ctype in _QUADS


def c_name(name: str) -> str:
    """Return what C programs call a system call: `stat` for __stat50."""
    match = _VERSIONED.fullmatch(name)
    return match[1] if match else name
