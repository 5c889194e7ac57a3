# SPDX-License-Identifier: BSD-2-Clause
"""Copy a file, as if one read gave all of it."""

import os
import sys

try:
    source = os.open(sys.argv[1], os.O_RDONLY)
    target = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    data = os.read(source, 200_000)
    while data:
        data = data[os.write(target, data) :]
except OSError as exc:
    sys.exit(f"mycopy: {exc.filename}: {exc.strerror}")
