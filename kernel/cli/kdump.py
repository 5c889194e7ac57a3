# SPDX-License-Identifier: BSD-2-Clause
"""`kdump`: print a trace that is a file of the host, with kdump(1)'s flags."""

import sys

from kernel.cli.ending import INTERRUPTED, is_unwritten, unwritten
from kernel.cli.follow import Trace, columns
from userland.libktrace import kdump


def main(argv: list[str]) -> int:
    """Run kdump; return its exit status."""
    try:
        return kdump.main(
            ["kdump", *argv],
            Trace,
            sys.stdout.buffer,
            sys.stderr.buffer,
            columns=columns(),
        )
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as exc:
        if is_unwritten(exc):
            return unwritten("kdump", exc)
        sys.stderr.write(f"kdump: {exc.strerror}\n")
        return 1
