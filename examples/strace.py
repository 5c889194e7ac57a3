# SPDX-License-Identifier: BSD-2-Clause
"""A tracer of system calls made of ptrace(2), as gdb and strace are: see what ktrace sees, and how.

The traced process stops twice a call, and its parent looks at it each time:
what costs ktrace one record is here four calls and four context switches.

    python -m kernel run --ktrace ktrace.out examples/strace.py echo hello
    python -m kernel kdump

In its trace, in this order:

    CALL  ptrace(PT_TRACE_ME,0,0,0)    the child asks to be traced ...
    CALL  ptrace(PT_SYSCALL,           ... and goes on, to the next call
    CALL  __wait450(3,
    CALL  write(1,                     its own call: first the record, then the stop
    CALL  ptrace(PT_GET_SIGINFO,       where is it?
    GIO   fd 1 wrote 6 bytes           it went on
    RET   write 6                      and stops again, after this record
    CALL  exit(0)
"""

import sys

from kernel.sys.syscall import SYSCALLS
from userland.libc import *

ON = 1  # go on where it stopped


def strings(pid, address):
    """The string at address in the traced process, as far as it can be read."""
    data = b""
    while len(data) < 32 and b"\0" not in data:
        try:
            data += ptrace_peek(pid, address + len(data), 1)
        except OSError:
            return None
    return data.split(b"\0")[0]


def show(pid, begin, end):
    """One line for a call: its name, its first arguments, its result."""
    name = SYSCALLS[begin.si_sysnum].name
    first = begin.si_args[0]
    text = strings(pid, first) if name in ("open", "execve", "access", "stat") else None
    shown = repr(text.decode()) if text is not None else hex(first)
    arguments = ", ".join([shown, *map(hex, begin.si_args[1:3])])
    result = f"-1 errno {end.si_error}" if end.si_error else end.si_retval[0]
    print(f"{name}({arguments}) = {result}", flush=True)


command = sys.argv[1:] or ["echo", "hello"]
child = fork()
if child == 0:
    ptrace(PT_TRACE_ME, 0, 0, 0)
    execvp(command[0], command)
waitpid(child)  # it has stopped in its exec
calls = 0
begin = None
while True:
    ptrace(PT_SYSCALL, child, ON, 0)
    pid, status = waitpid(child)
    if not WIFSTOPPED(status):
        break
    where = ptrace_siginfo(child)
    if where.psi_siginfo.si_code == TRAP_SCE:
        begin = where
        calls += 1
    elif where.psi_siginfo.si_code == TRAP_SCX:
        show(child, begin, where)
print(f"{calls} calls, then exit {WEXITSTATUS(status)}")
