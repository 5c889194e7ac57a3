# SPDX-License-Identifier: BSD-2-Clause
"""The system call switch: rows of the table bound to handlers.  NetBSD sys/kern/init_sysent.c.

A handler is a function sys_NAME of one of the modules below; its parameters
are the row's, by name and in order, or the import fails.
"""

from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any, Final, NoReturn

from kernel.kern import (
    kern_acct,
    kern_exec,
    kern_exit,
    kern_fork,
    kern_ktrace_vfs,
    kern_ntptime,
    kern_prot,
    kern_reboot,
    kern_resource,
    kern_spawn,
    kern_sysctl,
    kern_time,
    kern_uuid,
    sys_descrip,
    sys_event,
    sys_eventfd,
    sys_futex,
    sys_generic,
    sys_getrandom,
    sys_ktrace,
    sys_lwp,
    sys_mqueue,
    sys_pipe,
    sys_ptrace,
    sys_sched,
    sys_select,
    sys_sig,
    sys_timerfd,
    sysv_msg,
    sysv_sem,
    sysv_shm,
    uipc_sem,
    uipc_syscalls,
    uipc_syscalls_msg,
    vfs_cwd,
    vfs_getcwd,
    vfs_syscalls,
    vfs_syscalls_attr,
    vfs_syscalls_mount,
    vfs_syscalls_names,
)
from kernel.kern.kern_sig import psignal
from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import Lwp
from kernel.sys.signal import SIGSYS
from kernel.sys.syscall import SYSCALLS, Syscall, SyscallArg, is_quad
from kernel.sys.systm import SY_PAD, SY_QUAD, SY_WORD, Sysent
from kernel.uvm import uvm_mmap, uvm_mremap, uvm_unix

SYS_NSYSENT: Final = 512  # entries, a power of two: a number is taken modulo that

_MODULES: Final[tuple[ModuleType, ...]] = (
    kern_acct,
    kern_exec,
    kern_exit,
    kern_fork,
    kern_ktrace_vfs,
    kern_ntptime,
    kern_prot,
    kern_reboot,
    kern_resource,
    kern_spawn,
    kern_sysctl,
    kern_time,
    kern_uuid,
    sys_descrip,
    sys_event,
    sys_eventfd,
    sys_futex,
    sys_generic,
    sys_getrandom,
    sys_ktrace,
    sys_lwp,
    sys_pipe,
    sys_ptrace,
    sys_sched,
    sys_select,
    sys_sig,
    sys_mqueue,
    sysv_msg,
    sysv_sem,
    sysv_shm,
    uipc_sem,
    uipc_syscalls,
    uipc_syscalls_msg,
    sys_timerfd,
    vfs_cwd,
    vfs_getcwd,
    vfs_syscalls,
    vfs_syscalls_attr,
    vfs_syscalls_mount,
    vfs_syscalls_names,
    uvm_mmap,
    uvm_mremap,
    uvm_unix,
)

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


def _handlers() -> dict[str, Callable[..., Any]]:
    """Collect the handlers.

    Raises:
        TypeError: two modules have one of the same name.
    """
    found: dict[str, Callable[..., Any]] = {}
    for module in _MODULES:
        for name, value in vars(module).items():
            if not name.startswith("sys_") or not isinstance(value, FunctionType):
                continue
            if found.setdefault(name, value) is not value:
                raise TypeError(f"two handlers called {name}")
    return found


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


def _bind(row: Syscall, handler: Callable[..., Any] | None) -> Sysent:
    """Make the entry of a row.

    Raises:
        TypeError: the handler's parameters are not the row's.
    """
    if row.type == "INDIR":
        handler = sys_syscall
    elif handler is not None:
        code = handler.__code__
        params = code.co_varnames[1 : code.co_argcount]
        if params != row.params:
            raise TypeError(f"{row.func}{params}: syscalls.master has {row.params}")
    return Sysent(
        row.narg,
        row.argsize,
        handler or sys_nosys,
        tuple(_kind(arg) for arg in row.args),
        tuple(_sign(arg) for arg in row.args if not arg.is_pad),
        row.name,
        any(arg.is_pad for arg in row.args),
        tuple((1 << _sign(arg)[0]) - 1 for arg in row.args),
    )


def make_sysent() -> tuple[Sysent, ...]:
    """Bind the whole table.

    Raises:
        TypeError: a handler has no row, or not its parameters.
    """
    handlers = _handlers()
    none = Sysent(0, 0, sys_nosys)
    table = [
        _bind(row, handlers.pop(row.func, None)) if row.name else none for row in SYSCALLS.values()
    ]
    if handlers:
        raise TypeError(f"no row in syscalls.master for {', '.join(sorted(handlers))}")
    return (*table, *(none,) * (SYS_NSYSENT - len(table)))


sysent: Final = make_sysent()
