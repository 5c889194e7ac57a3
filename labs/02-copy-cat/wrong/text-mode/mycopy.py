# SPDX-License-Identifier: BSD-2-Clause
"""Copy a file as if it were text."""

import sys

try:
    with open(sys.argv[1], encoding="utf-8") as source:
        text = source.read()
    with open(sys.argv[2], "w", encoding="utf-8") as target:
        target.write(text)
except OSError as exc:
    sys.exit(f"mycopy: {exc.filename}: {exc.strerror}")
