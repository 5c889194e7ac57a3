# SPDX-License-Identifier: BSD-2-Clause
"""Run a command with files, whose descriptors are closed by the exec."""

import os
import sys

try:
    source = os.open(sys.argv[1], os.O_RDONLY)
    os.close(0)
    os.close(source)
    os.open(sys.argv[1], os.O_RDONLY)
    os.close(1)
    os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.execv(sys.argv[3], sys.argv[3:])
except OSError as exc:
    sys.exit(f"redirect: {exc.filename}: {exc.strerror}")
