# SPDX-License-Identifier: BSD-2-Clause
"""true: succeed.  NetBSD usr.bin/true."""

import sys


def main(argv: list[str]) -> int:
    """Run true(1)."""
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
