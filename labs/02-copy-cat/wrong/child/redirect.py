# SPDX-License-Identifier: BSD-2-Clause
"""Run a command with files for input and output: redirect.py IN OUT COMMAND [ARG ...]."""

import os
import subprocess
import sys

try:
    source = os.open(sys.argv[1], os.O_RDONLY)
    target = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    sys.exit(subprocess.call(sys.argv[3:], stdin=source, stdout=target))
except OSError as exc:
    sys.exit(f"redirect: {exc.filename}: {exc.strerror}")
