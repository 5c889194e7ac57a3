# SPDX-License-Identifier: BSD-2-Clause
"""The rest of the rows: contents, times, directories, limits of names, and what others see."""

import errno
import fcntl
import os
import select
import shutil
import socket
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.sidebyside.rows import ROWS, _file, answer, row

__all__ = ["ROWS", "answer"]


@row
def _() -> Any:
    """a hole takes no room."""
    with open("f", "wb") as file:
        file.seek(10_000_000)
        file.write(b"end")
    found = os.stat("f")
    return found.st_size, found.st_blocks < 1000


@row
def _() -> Any:
    """ftruncate past the end fills with zeroes."""
    with open(_file("f", "ab"), "r+b") as file:
        os.ftruncate(file.fileno(), 5)
        return file.read()


@row
def _() -> Any:
    """truncate a file that is open for reading only."""
    return os.ftruncate(os.open(_file("f"), os.O_RDONLY), 0)


@row
def _() -> Any:
    """write to a descriptor that is open for reading only."""
    return os.write(os.open(_file("f"), os.O_RDONLY), b"x")


@row
def _() -> Any:
    """read a directory as a file."""
    os.mkdir("d")
    return os.read(os.open("d", os.O_RDONLY), 10)


@row
def _() -> Any:
    """open a directory for writing."""
    os.mkdir("d")
    return os.open("d", os.O_WRONLY)


@row
def _() -> Any:
    """pread and pwrite leave the offset."""
    fd = os.open(_file("f", "abcdef"), os.O_RDWR)
    os.pwrite(fd, b"XY", 2)
    return os.pread(fd, 4, 1), os.read(fd, 2)


@row
def _() -> Any:
    """writing changes the time of modification, reading does not."""
    _file("f")
    os.utime("f", (1, 1))
    Path("f").read_text()
    read = os.stat("f").st_mtime
    with open("f", "a") as file:
        file.write("x")
    return read, os.stat("f").st_mtime > 1


@row
def _() -> Any:
    """a new name changes its directory's time of modification."""
    os.mkdir("d")
    os.utime("d", (1, 1))
    _file("d/f")
    return os.stat("d").st_mtime > 1


@row
def _() -> Any:
    """chmod changes st_ctime and not st_mtime."""
    _file("f")
    os.utime("f", (1, 1))
    before = os.stat("f").st_ctime
    time.sleep(0.02)
    os.chmod("f", 0o600)
    after = os.stat("f")
    return after.st_mtime, after.st_ctime > before


@row
def _() -> Any:
    """utime in nanoseconds."""
    os.utime(_file("f"), ns=(1_000_000_001, 2_000_000_003))
    found = os.stat("f")
    return found.st_atime_ns, found.st_mtime_ns


@row
def _() -> Any:
    """rmdir of a directory that is not empty, and of a file."""
    os.mkdir("d")
    _file("d/f")
    answers = []
    for name in ("d", "d/f"):
        try:
            os.rmdir(name)
        except OSError as exc:
            answers.append(errno.errorcode[exc.errno or 0])
    return answers


@row
def _() -> Any:
    """unlink a directory."""
    os.mkdir("d")
    os.unlink("d")
    return "gone"


@row
def _() -> Any:
    """rmdir of the dot."""
    os.mkdir("d")
    os.rmdir("d/.")
    return "gone"


@row
def _() -> Any:
    """the current directory is removed."""
    os.mkdir("d")
    here = os.getcwd()
    os.chdir("d")
    os.rmdir("../d")
    try:
        return os.getcwd()
    finally:
        os.chdir(here)


@row
def _() -> Any:
    """a name that is too long."""
    return len(_file("x" * 300))


@row
def _() -> Any:
    """a name of 255 bytes, but fewer characters."""
    return len(_file("é" * 127 + "e"))


@row
def _() -> Any:
    """an empty path."""
    return os.stat("")


@row
def _() -> Any:
    """paths below a descriptor: dir_fd."""
    os.mkdir("d")
    fd = os.open("d", os.O_RDONLY)
    os.mkdir("e", dir_fd=fd)
    return os.listdir("d"), os.stat("e", dir_fd=fd).st_nlink


@row
def _() -> Any:
    """a record lock is seen by another process."""
    with open(_file("f"), "r+") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        code = (
            "import fcntl\n"
            "try:\n"
            "    fcntl.lockf(open('f', 'r+'), fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
            "    print('free')\n"
            "except OSError:\n"
            "    print('held')\n"
        )
        done = subprocess.run(["python3", "-c", code], capture_output=True, text=True, check=True)
        return done.stdout


@row
def _() -> Any:
    """flock: another open of the same file waits, a dup does not."""
    with open(_file("f")) as one, open("f") as two:
        fcntl.flock(one, fcntl.LOCK_EX)
        fcntl.flock(os.dup(one.fileno()), fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(two, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return "both"


@row
def _() -> Any:
    """another program sees the files."""
    _file("f", "seen")
    return subprocess.run(["cat", "f"], capture_output=True, check=False).stdout


@row
def _() -> Any:
    """a socket in the file system."""
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("s")
        return stat.S_ISSOCK(os.stat("s").st_mode)


@row
def _() -> Any:
    """wait for two pipes with select."""
    (r, w), (r2, _w2) = os.pipe(), os.pipe()
    os.write(w, b"x")
    ready, _, _ = select.select([r, r2], [], [], 1)
    return ready == [r]


@row
def _() -> Any:
    """a pipe without a reader."""
    r, w = os.pipe()
    os.close(r)
    return os.write(w, b"x")


@row
def _() -> Any:
    """copy a tree with links, and remove it."""
    os.makedirs("d/e")
    _file("d/e/f", "x")
    os.symlink("e/f", "d/link")
    shutil.copytree("d", "c", symlinks=True)
    answered = os.readlink("c/link"), Path("c/link").read_text()
    shutil.rmtree("c")
    return answered, os.listdir(".")


@row
def _() -> Any:
    """the device that has nothing, and the one that has zeroes."""
    _file("/dev/null", "gone")
    with open("/dev/zero", "rb") as file:
        return Path("/dev/null").read_text(), file.read(3)


@row
def _() -> Any:
    """link and unlink change st_ctime."""
    _file("f")
    before = os.stat("f").st_ctime_ns
    time.sleep(0.02)
    os.link("f", "g")
    return os.stat("f").st_ctime_ns > before
