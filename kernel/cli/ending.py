# SPDX-License-Identifier: BSD-2-Clause
"""How commands end when something is wrong: in one line, with a status, without a kernel."""

import os
import sys
from typing import Final

INTERRUPTED: Final = 130  # as a shell shows SIGINT
_BROKEN_PIPE: Final = 141  # and SIGPIPE


def fail(command: str, text: object, status: int = 1) -> int:
    """Say in one line what is wrong; return the exit status."""
    sys.stderr.write(f"{command}: {text}\n")
    return status


def reader_left() -> int:
    """Nobody reads what is printed any more: let the rest go nowhere; return the exit status."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _BROKEN_PIPE
