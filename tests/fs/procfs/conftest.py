# SPDX-License-Identifier: BSD-2-Clause
"""A booted kernel with /proc, and processes of three users."""

import pytest

from kernel import api
from kernel.sys.dirent import dirents
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_DIRECTORY, O_RDONLY


@pytest.fixture
def k():
    with api.boot(seed=1) as system:
        yield system


@pytest.fixture
def root(k):
    return k.root()


@pytest.fixture
def user(k):
    return k.process(1000, 100)


@pytest.fixture
def other(k):
    return k.process(1001, 101)


@pytest.fixture
def cat():
    """Read a file to its end, as a process."""

    def read(p, path, size=512):
        fd = p.open(path, O_RDONLY)
        pieces = []
        while piece := p.read(fd, size):
            pieces.append(piece)
        p.close(fd)
        return b"".join(pieces)

    return read


@pytest.fixture
def ls():
    """The entries of a directory, read in pieces of size bytes."""

    def entries(p, path, size=512):
        fd = p.open(path, O_RDONLY | O_DIRECTORY)
        pieces = []
        while piece := p.getdents(fd, size):
            pieces.append(piece)
        p.close(fd)
        return list(dirents(b"".join(pieces)))

    return entries


@pytest.fixture
def fails():
    """Make a call that must fail; return its error."""

    def error(p, call, *args):
        with pytest.raises(OSError) as caught:  # noqa: PT011
            p.call(call, *args)
        return Errno(caught.value.errno)

    return error


@pytest.fixture
def sleeper(k):
    """Start a program that sleeps for long; return its process."""

    def start(uid=1000, env=None):
        p = k.process(uid)
        k.start(p, b"/bin/sleep", ["1000"], env)
        k.settle()
        return p

    return start
