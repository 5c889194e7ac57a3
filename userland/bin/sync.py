# SPDX-License-Identifier: BSD-2-Clause
"""sync: write what waits to be written.  NetBSD bin/sync/sync.c."""

import sys

from userland.libc import sync


def main(argv: list[str]) -> int:
    """Run sync(8)."""
    del argv
    sync()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
