# SPDX-License-Identifier: BSD-2-Clause
"""Copy a file: mycopy.py SOURCE TARGET."""

import os
import sys


def copy(source: int, target: int) -> None:
    """Copy what is left in one descriptor to another."""
    while data := os.read(source, 4096):
        os.write(target, data)


try:
    source = os.open(sys.argv[1], os.O_RDONLY)
    target = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    copy(source, target)
except OSError as exc:
    sys.exit(f"mycopy: {exc.filename}: {exc.strerror}")
