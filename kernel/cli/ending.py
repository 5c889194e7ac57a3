# SPDX-License-Identifier: BSD-2-Clause
"""How commands end when something is wrong: in one line, with a status, without a kernel."""

import errno
import os
import sys

SIGNALLED = 128  # and a signal's number: as a shell shows its end by the signal
INTERRUPTED = SIGNALLED + 2  # SIGINT
_OF_WRITING = frozenset((errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.ENOSPC, errno.EPIPE))
_BROKEN_PIPE = SIGNALLED + 13  # SIGPIPE


def fail(command: str, text: object, status: int = 1) -> int:
    """Say in one line what is wrong; return the exit status."""
    sys.stderr.write(f"{command}: {text}\n")
    return status


def reader_left() -> int:
    """Nobody reads what is printed any more: let the rest go nowhere; return the exit status."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _BROKEN_PIPE


def is_unwritten(exc: OSError) -> bool:
    """Whether an error is one of writing to standard output: no file has it by its name."""
    return exc.filename is None and exc.errno in _OF_WRITING


def unwritten(command: str, exc: OSError) -> int:
    """Standard output takes no more, for whatever reason; return the exit status."""
    status = reader_left()
    if isinstance(exc, BrokenPipeError):
        return status
    return fail(command, told(exc, "stdout"))


def closed_output() -> None:
    """Where there is no standard output, have one that says so to who writes."""
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")


def told(exc: OSError, name: str = "") -> str:
    """Say what an error of the system's is, and which file's: its own, or name's."""
    path = exc.filename
    if isinstance(path, bytes | str):
        name = os.fsdecode(path)
    what = exc.strerror or str(exc)
    return f"{name}: {what}" if name else what
