# SPDX-License-Identifier: BSD-2-Clause
"""How commands end when something is wrong: in one line, with a status, without a kernel."""

import os
import sys

SIGNALLED = 128  # and a signal's number: as a shell shows its end by the signal
INTERRUPTED = SIGNALLED + 2  # SIGINT
_BROKEN_PIPE = SIGNALLED + 13  # SIGPIPE


def fail(command: str, text: object, status: int = 1) -> int:
    """Say in one line what is wrong; return the exit status."""
    sys.stderr.write(f"{command}: {text}\n")
    return status


def reader_left() -> int:
    """Nobody reads what is printed any more: let the rest go nowhere; return the exit status."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _BROKEN_PIPE


def told(exc: OSError, name: str = "") -> str:
    """Say what an error of the system's is, and which file's: its own, or name's."""
    path = exc.filename
    if isinstance(path, bytes | str):
        name = os.fsdecode(path)
    what = exc.strerror or str(exc)
    return f"{name}: {what}" if name else what
