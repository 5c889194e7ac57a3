# SPDX-License-Identifier: BSD-2-Clause
"""[: evaluate an expression, the other name of test(1).  NetBSD bin/test."""

import sys

from userland.bin.test import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
