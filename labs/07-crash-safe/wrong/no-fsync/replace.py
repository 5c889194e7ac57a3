# SPDX-License-Identifier: BSD-2-Clause
"""Replace a file by the standard input, whatever happens: replace.py FILE."""

import os
import stat
import sys
from contextlib import suppress
from itertools import count


def write_all(fd, data):
    """Write all of data, however much each write takes."""
    while data:
        data = data[os.write(fd, data) :]


def read_all(fd):
    """Return what is left to read."""
    pieces = []
    while piece := os.read(fd, 65536):
        pieces.append(piece)
    return b"".join(pieces)


def sync_directory(path):
    """Have the names in a directory on the disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def mode_of(path):
    """Return the permissions of a file; of one that is not there, what a new one gets."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        return 0o644


def open_new(directory):
    """Make a file that nobody else has; return its descriptor and its name.

    A name that is taken is somebody's file, or was left over from a crash.
    """
    for number in count():
        new = os.path.join(directory, f".replace.{number}")
        with suppress(FileExistsError):
            return os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), new


def replace(path, data):
    """Replace what is in path by data."""
    directory = os.path.dirname(path) or "."  # rename works within one file system only
    fd, new = open_new(directory)
    try:
        try:
            write_all(fd, data)
            os.fchmod(fd, mode_of(path))
        finally:
            os.close(fd)
        os.rename(new, path)
    except OSError:
        os.unlink(new)
        raise
    sync_directory(directory)


try:
    replace(sys.argv[1], read_all(0))
except OSError as error:
    sys.exit(f"replace.py: {sys.argv[1]}: {error.strerror}")
print("saved")
