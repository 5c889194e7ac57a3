# SPDX-License-Identifier: BSD-2-Clause
"""Notes in files: a package for any system; its tests run on an emulated one."""

import errno
import os
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import datetime
from os import rename
from pathlib import Path


def save(path, text):
    """Write text to path so that whoever reads it finds the old text or the new one, whole.

    The text is on the disk before it has the name, and the name is when this returns.
    """
    path = Path(path)
    fd, name = tempfile.mkstemp(dir=path.parent, prefix=".new")
    try:
        with open(fd, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        rename(name, path)
    except OSError:
        os.unlink(name)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def add(path, text):
    """Add a line to the notes in path; return how many there are."""
    with locked(f"{path}.lock"):
        lines = [*load(path).splitlines(), text]
        save(path, "".join(f"{line}\n" for line in lines))
    return len(lines)


def load(path, default=""):
    """Return what is in path, default if there is no such file."""
    try:
        return Path(path).read_text()
    except FileNotFoundError:
        return default


def rotate(path, keep=3):
    """Move path to path.1, path.1 to path.2 ...; keep so many."""
    names = [Path(f"{path}.{number}") for number in range(1, keep + 1)]
    for old, new in reversed(list(zip([Path(path), *names], names, strict=False))):
        if old.exists():
            old.replace(new)


@contextmanager
def locked(path, patience=5.0):
    """Hold the lock file path; TimeoutError if somebody else does for patience seconds."""
    deadline = time.monotonic() + patience
    while True:
        try:
            fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except OSError as exc:
            if exc.errno != errno.EEXIST:
                raise
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path} is held") from None
            time.sleep(0.1)
    try:
        yield
    finally:
        os.close(fd)
        os.unlink(path)


def backup(path):
    """Copy path beside itself with the date in the name, and return the copy's name."""
    copy = f"{path}.{datetime.now():%Y-%m-%d}"
    subprocess.run(["cp", path, copy], check=True, capture_output=True)
    return copy


class Saver(threading.Thread):
    """Saves a text every so many seconds, some times."""

    def __init__(self, path, interval, times):
        super().__init__()
        self.path, self.interval, self.times = path, interval, times

    def run(self):
        for number in range(self.times):
            save(self.path, str(number))
            time.sleep(self.interval)
