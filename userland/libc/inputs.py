# SPDX-License-Identifier: BSD-2-Clause
"""The files that a utility reads: its operands in turn, or standard input."""

from collections.abc import Callable, Iterator

from kernel.sys.fcntl import O_RDONLY
from userland.libc.err import err, warn
from userland.libc.fgetln import fgetln
from userland.libc.sys import close, open


class Inputs:
    """Files by name, "-" being standard input; status is 1 after one could not be read."""

    def __init__(self, names: list[str], stdin: str = "stdin") -> None:
        """Read names, or standard input if there are none; messages call that stdin."""
        self.names = names or ["-"]
        self.stdin = stdin
        self.status = 0

    def each(self, work: Callable[[str, int], object]) -> int:
        """Call work with the name and descriptor of each; tell of errors; return the status."""
        for name in self.names:
            shown = self.stdin if name == "-" else name
            try:
                fd = 0 if name == "-" else open(name, O_RDONLY)
                work(shown, fd)
                if fd:
                    close(fd)
            except OSError:
                warn(shown)
                self.status = 1
        return self.status

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of all, each with its newline but perhaps the last."""
        for name in self.names:
            try:
                fd = 0 if name == "-" else open(name, O_RDONLY)
                yield from fgetln(fd)
                if fd:
                    close(fd)
            except OSError:
                warn(self.stdin if name == "-" else name)
                self.status = 1


def lines_or_die(name: str) -> Iterator[bytes]:
    """Yield the lines of a file, "-" being standard input; what cannot be read ends the program.

    Raises:
        SystemExit: with status 1, after a message.
    """
    try:
        fd = 0 if name == "-" else open(name, O_RDONLY)
        yield from fgetln(fd)
    except OSError:
        err(1, "stdin" if name == "-" else name)
    if fd:
        close(fd)


def slurp(fd: int) -> bytes:
    """Return all that is left to read of a descriptor.

    Raises:
        OSError: a read failed.
    """
    return b"".join(fgetln(fd))
