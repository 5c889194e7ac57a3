# SPDX-License-Identifier: BSD-2-Clause
"""sh: the shell.  NetBSD bin/sh; the program is the package userland.sh."""

import sys

from userland.sh.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
