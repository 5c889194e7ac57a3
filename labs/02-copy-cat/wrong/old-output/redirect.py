# SPDX-License-Identifier: BSD-2-Clause
"""Run a command with files for input and output: redirect.py IN OUT COMMAND [ARG ...]."""

import os
import sys

try:
    source = os.open(sys.argv[1], os.O_RDONLY)
    target = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT, 0o644)
    os.dup2(source, 0)
    os.dup2(target, 1)
    os.execv(sys.argv[3], sys.argv[3:])
except OSError as exc:
    sys.exit(f"redirect: {exc.filename}: {exc.strerror}")
