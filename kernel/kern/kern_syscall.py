# SPDX-License-Identifier: BSD-2-Clause
"""Calls that come with a module: syscall_establish(9).  NetBSD sys/kern/kern_syscall.c."""

from types import FunctionType
from typing import Any

from kernel.kern.init_sysent import sy_entry, sysent
from kernel.sys.syscall import SYSCALLS, Syscall
from kernel.sys.systm import SYS_NSYSENT


def check_handler(row: Syscall, handler: Any) -> FunctionType:
    """Return handler, if it is a function called as the row says.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(handler, FunctionType):
        raise TypeError(f"{row.func} is no function")
    code = handler.__code__
    params = code.co_varnames[1 : code.co_argcount]
    if params != row.params:
        raise TypeError(f"{row.func}{params}: its row has {row.params}")
    return handler


def syscall_establish(text: str, handlers: dict[str, Any]) -> Syscall:
    """Put a call behind the table's last, for all kernels of this interpreter; return its row.

    NetBSD gives a module one of the rows that are kept for it; here it brings its own.

    Args:
        text: the row, in the grammar of syscalls.master.
        handlers: has the handler by its name, sys_NAME.

    Raises:
        ValueError: the row is malformed or not the next, or the table is full.
        TypeError: the handler is not there, or not called as the row says.
    """
    if len(SYSCALLS) == SYS_NSYSENT:
        raise ValueError(f"the table is full: {SYS_NSYSENT} calls")
    row = SYSCALLS.parse(text)
    handler = check_handler(row, handlers.get(row.func))
    SYSCALLS.add(text)
    sysent[row.number] = sy_entry(row, handler)
    return row
