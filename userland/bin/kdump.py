# SPDX-License-Identifier: BSD-2-Clause
"""kdump: print a trace.  NetBSD usr.bin/kdump/kdump.c."""

import struct
import sys

from userland.libc import O_RDONLY, TIOCGWINSZ, Writer, close, err, ioctl, open, read, sleep
from userland.libktrace import kdump


class Trace:
    """A file of the emulated system, as the reader of traces wants it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.fd = 0 if name == "-" else open(name, O_RDONLY)

    def read(self, size: int) -> bytes:
        try:
            return read(self.fd, size)
        except OSError:
            err(1, self.name)

    def wait(self) -> None:
        sleep(1)

    def close(self) -> None:
        if self.fd > 0:
            close(self.fd)


def columns() -> int | None:
    """Return the width of the terminal that standard error is."""
    try:
        _, ws_col, _, _ = struct.unpack("4H", ioctl(2, TIOCGWINSZ))
    except OSError:
        return None
    return int(ws_col)


def main(argv: list[str]) -> int:
    """Run kdump(1); "-" is standard input."""
    with Writer(1) as out, Writer(2) as errors:
        return kdump.main(
            argv,
            Trace,
            out,
            errors,
            columns=columns(),
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv))
