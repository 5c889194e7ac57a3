# SPDX-License-Identifier: BSD-2-Clause
"""`kdump`: print a trace that is a file of the host, with kdump(1)'s flags."""

import os
import sys
import time

from kernel.cli.ending import INTERRUPTED, reader_left
from userland.libktrace import kdump
from userland.libktrace.reader import BinarySource


def main(argv: list[str]) -> int:
    """Run kdump; return its exit status."""
    try:
        return kdump.main(
            ["kdump", *argv],
            _open,
            sys.stdout.buffer,
            sys.stderr.buffer,
            columns=_columns(),
            sleep=lambda: time.sleep(1),
        )
    except BrokenPipeError:
        return reader_left()
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as exc:
        sys.stderr.write(f"kdump: {exc.strerror}\n")
        return 1


def _open(name: str) -> BinarySource:
    """Open a file of the host; "-" is standard input."""
    return sys.stdin.buffer if name == "-" else open(name, "rb", buffering=0)


def _columns() -> int | None:
    """Return the width of the terminal that standard error is."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        return None
