# SPDX-License-Identifier: BSD-2-Clause
"""The data segment of a process: every variable that libc and the language runtime keep.

C keeps these in .data of the process; modules here are shared by all processes
of the interpreter and therefore hold no state of their own.
"""

from collections.abc import Callable
from typing import Any

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.syslog import LOG_USER
from kernel.sys.vm import TEXT_BASE
from userland.libc.machine import curlwp

_FUNCTION_SIZE = 16  # bytes between two function addresses, as a linker aligns them


@dataclass(slots=True, eq=False)
class DataSegment:
    """libc's variables; children made by __clone share their parent's.

    finish, set by the language runtime, ends the program as exit(3) does and returns the
    exit status; uncaught reports an exception no one caught and returns the exit status.
    """

    argv: tuple[bytes, ...] = ()
    environ: dict[bytes, bytes] = field(default_factory=dict)
    text_end: int = TEXT_BASE  # address the next function gets
    addresses: dict[tuple[Callable[..., Any], str], int] = field(default_factory=dict)
    functions: dict[int, Callable[..., Any]] = field(default_factory=dict)  # by address
    popen: dict[int, int] = field(default_factory=dict)  # pids of popen's commands by descriptor
    atexit: list[Callable[[], object]] = field(default_factory=list)  # run last to first
    finish: Callable[[int], int] | None = None
    siginterrupted: int = 0  # bit n: signal(3) does not restart calls that signal n interrupts
    uncaught: Callable[[BaseException], int] | None = None
    curbrk: int = 0  # end of the data segment, for sbrk(3); 0: as at the start
    syslog_tag: str | None = None  # openlog(3)
    syslog_option: int = 0
    syslog_facility: int = LOG_USER
    syslog_mask: int = 0xFF
    zone: Any = None  # of tzset(3); bytes: a name not looked up yet
    runtime: Any = None  # of userland.python
    threads: Any = None  # of pthread_int


def curdata() -> DataSegment:
    """Return the data segment of the process that runs."""
    md = curlwp().l_proc.p_md
    data: DataSegment | None = md.md_data
    if data is None:
        data = md.md_data = DataSegment()
    return data


def text_address(
    function: Callable[..., Any], entry: Callable[..., Any] | None = None, how: str = ""
) -> int:
    """Return the address of function in the process's text, placing it if it is new.

    Args:
        function: what the program names.
        entry: what a jump to that address runs; function itself when None.
        how: tells apart several entries of one function.
    """
    data = curdata()
    address = data.addresses.get((function, how))
    if address is None:
        address = data.text_end
        data.text_end += _FUNCTION_SIZE
        data.addresses[function, how] = address
        data.functions[address] = function
        curlwp().l_proc.p_md.md_text[address] = entry or function
    return address
