# SPDX-License-Identifier: BSD-2-Clause
"""`kdump`: print a trace that is a file of the host, with kdump(1)'s flags."""

import sys

from kernel.cli.ending import INTERRUPTED, reader_left
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
    except BrokenPipeError:
        return reader_left()
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as exc:
        sys.stderr.write(f"kdump: {exc.strerror}\n")
        return 1
