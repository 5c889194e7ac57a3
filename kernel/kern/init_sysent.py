# SPDX-License-Identifier: BSD-2-Clause
"""The system call switch: rows of the table bound to handlers.  NetBSD sys/kern/init_sysent.c.

A handler is a function sys_NAME of a module of handlers.py, which makesyscalls makes.  A row
is bound, and the module loaded, when its call is first made or asked about.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, NoReturn

from kernel.kern.handlers import HANDLERS
from kernel.kern.kern_sig import psignal
from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import Lwp
from kernel.sys.signal import SIGSYS
from kernel.sys.syscall import SYSCALLS, Syscall, SyscallArg, is_quad
from kernel.sys.systm import SY_PAD, SY_QUAD, SY_WORD, SYS_NSYSENT, Sysent

# C types by what a register holds of them: 64 bits; or 32 without a sign.  The rest is int.
_UNSIGNED32: Final = frozenset(
    ("u_int", "mode_t", "uid_t", "gid_t", "uint32_t", "unsigned int", "socklen_t")
)
_SIGNED64: Final = frozenset(("key_t", "long", "ssize_t", "intptr_t", "off_t", "quad_t", "int64_t"))
_UNSIGNED64: Final = frozenset(("size_t", "u_long", "unsigned long", "dev_t", "uint64_t"))


def sys_nosys(lwp: Lwp, *_args: int) -> NoReturn:
    """Refuse a call that is not there: SIGSYS, and ENOSYS for who survives it."""
    psignal(lwp.l_proc, SIGSYS)
    raise KernelError(Errno.ENOSYS)


def sys_syscall(lwp: Lwp, code: int, *args: int) -> Any:
    """syscall(2), __syscall(2): make call code; registers are taken for what its types say."""
    entry = sysent[code % SYS_NSYSENT]
    if entry.sy_call is sys_syscall:
        sys_nosys(lwp)
    return entry.sy_call(lwp, *sy_arguments(entry, args))


def sy_arguments(entry: Sysent, registers: tuple[int, ...]) -> list[int]:
    """Return what entry's handler gets when the registers hold any integers."""
    padded = (*registers, *(0,) * len(entry.sy_signs))
    return [
        _convert(value, bits, signed)
        for value, (bits, signed) in zip(padded, entry.sy_signs, strict=False)
    ]


def _convert(value: int, bits: int, signed: bool) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if signed and value >> bits - 1 else value


def _sign(arg: SyscallArg) -> tuple[int, bool]:
    if "*" in arg.ctype or arg.ctype in _UNSIGNED64:
        return 64, False
    if arg.ctype in _SIGNED64:
        return 64, True
    return 32, arg.ctype not in _UNSIGNED32


def _kind(arg: SyscallArg) -> int:
    if arg.is_pad:
        return SY_PAD
    return SY_QUAD if is_quad(arg.ctype) else SY_WORD


def _bind(row: Syscall) -> Sysent:
    """Make the entry of a row of the table that is built in."""
    handler: Callable[..., Any] = sys_nosys
    if row.type == "INDIR":
        handler = sys_syscall
    elif row.func in _WHERE:
        handler = getattr(import_module(_WHERE[row.func]), row.func)
    return sy_entry(row, handler)


def sy_entry(row: Syscall, handler: Callable[..., Any]) -> Sysent:
    """Make the entry of a row."""
    return Sysent(
        row.narg,
        row.argsize,
        handler,
        tuple(_kind(arg) for arg in row.args),
        tuple(_sign(arg) for arg in row.args if not arg.is_pad),
        row.name,
        any(arg.is_pad for arg in row.args),
        tuple((1 << _sign(arg)[0]) - 1 for arg in row.args),
    )


class Switch(dict[int, Sysent]):
    """The entries by number, 0 to SYS_NSYSENT - 1, each made when it is first asked for."""

    def __missing__(self, code: int) -> Sysent:
        if not 0 <= code < SYS_NSYSENT:
            raise IndexError(code)
        row = SYSCALLS.get(code)
        entry = self[code] = _bind(row) if row is not None and row.name else _NONE
        return entry


_WHERE: Final = {
    f"sys_{name}": module for module, names in HANDLERS.items() for name in names.split()
}
_NONE: Final = Sysent(0, 0, sys_nosys)

sysent: Final = Switch()
