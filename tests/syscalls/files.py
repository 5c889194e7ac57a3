# SPDX-License-Identifier: BSD-2-Clause
"""Files that tests of calls need before they begin."""

from kernel.api import Process
from kernel.sys.fcntl import O_CREAT, O_RDONLY, O_RDWR
from kernel.sys.stat import S_IFBLK, S_IFCHR
from kernel.sys.types import makedev

SLEEPER = b"import time\ntime.sleep(1000)\n"


def touch(p: Process, path: bytes, mode: int = 0o644) -> None:
    """Make an empty file, or open and close the one that is there."""
    p.close(p.open(path, O_CREAT | O_RDONLY, mode))


def contents(p: Process, path: bytes = b"f") -> bytes:
    """What is in a file."""
    fd = p.open(path, O_RDONLY)
    data: bytes = p.read(fd, 1 << 20)
    p.close(fd)
    return data


def create(p: Process, path: bytes = b"f", mode: int = 0o644) -> int:
    """Make an empty file; return it open for reading and writing."""
    fd: int = p.open(path, O_CREAT | O_RDWR, mode)
    return fd


def make_kind(p: Process, kind: str, path: bytes = b"f") -> None:
    """Make a file of any type; a symbolic link leads to "target"."""
    if kind == "regular":
        touch(p, path)
    elif kind == "directory":
        p.mkdir(path, 0o755)
    elif kind == "fifo":
        p.mkfifo(path, 0o644)
    elif kind == "symlink":
        p.symlink(b"target", path)
    else:
        p.mknod(path, (S_IFBLK if kind == "block" else S_IFCHR) | 0o644, makedev(1, 2))
