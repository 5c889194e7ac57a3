# SPDX-License-Identifier: BSD-2-Clause
"""false: fail.  NetBSD usr.bin/false."""

import sys


def main(argv: list[str]) -> int:
    """Run false(1)."""
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
