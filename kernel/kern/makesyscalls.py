# SPDX-License-Identifier: BSD-2-Clause
"""Which module has the handler of each row: handlers.py.  NetBSD sys/kern/makesyscalls.sh.

A handler is a function sys_NAME of one of the modules below; its parameters are the row's, by
name and in order.  `make generated` writes the file; a test keeps it fresh.
"""

from textwrap import fill
from types import FunctionType, ModuleType
from typing import Final

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
    vfs_getcwd,
    vfs_syscalls,
    vfs_syscalls_attr,
    vfs_syscalls_cwd,
    vfs_syscalls_mount,
    vfs_syscalls_names,
)
from kernel.kern.kern_syscall import check_handler
from kernel.sys.syscall import SYSCALLS
from kernel.uvm import uvm_mmap, uvm_mremap, uvm_unix

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
    vfs_syscalls_cwd,
    vfs_getcwd,
    vfs_syscalls,
    vfs_syscalls_attr,
    vfs_syscalls_mount,
    vfs_syscalls_names,
    uvm_mmap,
    uvm_mremap,
    uvm_unix,
)


def handlers() -> dict[str, FunctionType]:
    """Collect the handlers, each checked against its row.

    Raises:
        TypeError: two modules have one of the same name; a handler has no row, or not its
            parameters.
    """
    rows = {row.func: row for row in SYSCALLS.values() if row.name}
    found: dict[str, FunctionType] = {}
    for module in _MODULES:
        for name, value in vars(module).items():
            if not name.startswith("sys_") or not isinstance(value, FunctionType):
                continue
            if found.setdefault(name, value) is not value:
                raise TypeError(f"two handlers called {name}")
            if name not in rows:
                raise TypeError(f"no row in syscalls.master for {name}")
            check_handler(rows[name], value)
    return found


def source() -> str:
    """Return the text of handlers.py."""
    made: dict[str, list[str]] = {}
    for name, function in handlers().items():
        made.setdefault(function.__module__, []).append(name.removeprefix("sys_"))
    lines = [
        "# SPDX-License-Identifier: BSD-2-Clause",
        '"""The handlers sys_NAME of each module.  Made by makesyscalls, a test keeps it so."""',
        "",
        "from typing import Final",
        "",
        "HANDLERS: Final = {",
    ]
    for module, names in sorted(made.items()):
        text = fill(" ".join(sorted(names)), 88)
        lines.append(f'    "{module}": """')
        lines += [f"        {line}" for line in text.splitlines()]
        lines.append('    """,')
    return "\n".join([*lines, "}", ""])
