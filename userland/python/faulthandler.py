# SPDX-License-Identifier: BSD-2-Clause
"""The faulthandler module of a program: tracebacks written to a descriptor.

CPython Modules/faulthandler.c, Python/traceback.c.
"""

from __future__ import annotations

import sys as _host_sys
from typing import TYPE_CHECKING, Any

from kernel.sys.signal import SA_NODEFER as _SA_NODEFER
from kernel.sys.signal import SIG_DFL as _SIG_DFL
from kernel.sys.signal import SIGABRT as _SIGABRT
from kernel.sys.signal import SIGBUS as _SIGBUS
from kernel.sys.signal import SIGFPE as _SIGFPE
from kernel.sys.signal import SIGILL as _SIGILL
from kernel.sys.signal import SIGSEGV as _SIGSEGV
from userland.libc import include as _libc
from userland.libc.data import curdata as _curdata
from userland.python.faults import Faults as _Faults
from userland.python.frames import guest_name as _guest_name
from userland.python.frames import hidden as _hidden
from userland.python.frames import program_frame as _program_frame
from userland.python.thread import allocate_lock as _allocate_lock
from userland.python.thread import get_ident as _get_ident
from userland.python.thread import start_new_thread as _start_new_thread

if TYPE_CHECKING:
    from types import FrameType

__all__ = [
    "cancel_dump_traceback_later", "disable", "dump_traceback", "dump_traceback_later", "enable",
    "is_enabled", "register", "unregister",
]  # fmt: skip

_FATAL = {
    _SIGBUS: "Bus error",
    _SIGILL: "Illegal instruction",
    _SIGFPE: "Floating-point exception",
    _SIGABRT: "Aborted",
    _SIGSEGV: "Segmentation fault",
}
_DEPTH = 100  # frames that are shown of a thread


def _faults() -> _Faults:
    faults: _Faults = _curdata().runtime.faults
    return faults


def _descriptor(file: Any) -> int:
    """Return where to write: a file's descriptor, sys.stderr's if file is None."""
    if file is None:
        file = _curdata().runtime.sys.stderr
        if file is None:
            raise RuntimeError("unable to get sys.stderr")
    if isinstance(file, int):
        if file < 0:
            raise ValueError("file is not a valid file descripter")
        return file
    fd: int = file.fileno()
    file.flush()
    return fd


def _put(fd: int, text: str) -> None:
    data = text.encode("ascii", "backslashreplace")
    while data:
        data = data[_libc.write(fd, data) :]


def _stack(frame: FrameType | None) -> str:
    lines: list[str] = []
    while frame is not None and len(lines) < _DEPTH:
        code = frame.f_code
        if not _hidden(code.co_filename):
            name = _guest_name(code.co_filename)
            lines.append(f'  File "{name}", line {frame.f_lineno} in {code.co_name}\n')
        frame = frame.f_back
    return "".join(lines)


def _dump(fd: int, all_threads: bool, frame: FrameType | None) -> None:
    """Write the stack of the thread that runs, frame its innermost, and of the others first."""
    mine = _get_ident()
    if not all_threads:
        _put(fd, f"Stack (most recent call first):\n{_stack(frame)}")
        return
    frames = _curdata().runtime.sys._current_frames()
    for ident, other in frames.items():
        if ident != mine:
            _put(fd, f"Thread 0x{ident:016x} (most recent call first):\n{_stack(other)}\n")
    _put(fd, f"Current thread 0x{mine:016x} (most recent call first):\n{_stack(frame)}")


def dump_traceback(file: Any = None, all_threads: bool = True) -> None:
    """Write the tracebacks of the threads."""
    _dump(_descriptor(file), all_threads, _program_frame(_host_sys._getframe(1)))


def enable(file: Any = None, all_threads: bool = True, **_options: object) -> None:
    """Have tracebacks written when the program dies of a fault."""
    fd = _descriptor(file)

    def fatal(signum: int) -> None:
        _put(fd, f"Fatal Python error: {_FATAL[signum]}\n\n")
        _dump(fd, all_threads, _program_frame(_host_sys._getframe(1)))
        _libc.signal(signum, _SIG_DFL)
        _libc.raise_(signum)

    for signum in _FATAL:
        _libc.sigaction(signum, _libc.Sigaction(fatal, 0, _SA_NODEFER))
    _faults().enabled = True


def disable() -> bool:
    """Undo enable(); return whether there was something to undo."""
    faults = _faults()
    was, faults.enabled = faults.enabled, False
    if was:
        for signum in _FATAL:
            _libc.signal(signum, _SIG_DFL)
    return was


def is_enabled() -> bool:
    """Whether tracebacks are written at the death of the program."""
    return _faults().enabled


def dump_traceback_later(
    timeout: float, repeat: bool = False, file: Any = None, exit: bool = False
) -> None:
    """Have the tracebacks of all threads written after so many seconds, perhaps each time."""
    if timeout <= 0:
        raise ValueError("timeout must be greater than 0")
    fd = _descriptor(file)
    cancel_dump_traceback_later()
    later = _faults().later = _allocate_lock()
    later.acquire()
    seconds = int(timeout)
    clock = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if timeout != seconds:
        clock += f".{int(timeout % 1 * 1_000_000):06}"

    def watch() -> None:
        while not later.acquire(timeout=timeout):
            _put(fd, f"Timeout ({clock})!\n")
            mine = _get_ident()
            for ident, frame in _curdata().runtime.sys._current_frames().items():
                if ident != mine:
                    _put(fd, f"Thread 0x{ident:016x} (most recent call first):\n{_stack(frame)}")
            if exit:
                _libc._exit(1)
            if not repeat:
                return

    _start_new_thread(watch, ())


def cancel_dump_traceback_later() -> None:
    """Undo dump_traceback_later()."""
    faults = _faults()
    later, faults.later = faults.later, None
    if later is not None and later.locked():
        later.release()


def register(signum: int, file: Any = None, all_threads: bool = True, chain: bool = False) -> None:
    """Have tracebacks written when a signal comes; with chain, then do what it did before."""
    if signum in _FATAL:
        raise RuntimeError(f"signal {signum} cannot be registered, use enable() instead")
    fd = _descriptor(file)
    before = _faults().before
    earlier = before.setdefault(signum, _libc.sigaction(signum))

    def show(signo: int) -> None:
        _dump(fd, all_threads, _program_frame(_host_sys._getframe(1)))
        if chain and callable(earlier.sa_handler):
            earlier.sa_handler(signo)
        elif chain:
            mine = _libc.sigaction(signo, earlier)
            _libc.raise_(signo)
            _libc.sigaction(signo, mine)

    _libc.sigaction(signum, _libc.Sigaction(show, 0, _SA_NODEFER if chain else 0))


def unregister(signum: int, /) -> bool:
    """Undo register(); return whether there was something to undo."""
    before = _faults().before
    if signum not in before:
        return False
    _libc.sigaction(signum, before.pop(signum))
    return True
