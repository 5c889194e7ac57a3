# SPDX-License-Identifier: BSD-2-Clause
"""The console on the host's descriptors."""

import os
from collections.abc import Iterator

import pytest

from kernel.cli.console import HostConsole


@pytest.fixture
def pipes() -> Iterator[tuple[int, int, int]]:
    """Descriptors 0 to 2 as pipes: (writes to stdin, reads stdout, reads stderr)."""
    kept = [os.dup(fd) for fd in range(3)]
    ends = [os.pipe() for _ in range(3)]
    os.dup2(ends[0][0], 0)
    os.dup2(ends[1][1], 1)
    os.dup2(ends[2][1], 2)
    yield ends[0][1], ends[1][0], ends[2][0]
    for fd, old in enumerate(kept):
        os.dup2(old, fd)
        os.close(old)
    for end in {fd for pair in ends for fd in pair}:
        os.close(end)


def test_each_stream_is_the_hosts(pipes):
    """Input is ready when it is there; minor 2 is stderr; pipes are no terminal."""
    stdin, stdout, stderr = pipes
    console = HostConsole()
    before = console.read_ready(block=False)
    os.write(stdin, b"in")
    after = console.read_ready(block=True)
    data = console.read(10)
    counts = console.write(b"out", 1), console.write(memoryview(b"error"), 2)
    terminal = console.isatty(0), console.isatty(2)
    assert (before, after, data, counts) == (False, True, b"in", (3, 5))
    assert (os.read(stdout, 9), os.read(stderr, 9)) == (b"out", b"error")
    assert terminal == (False, False)
