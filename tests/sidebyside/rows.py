# SPDX-License-Identifier: BSD-2-Clause
"""What is done to files: each row a function that runs on the host, here and under pyfakefs.

Each is called in an empty directory of its user's, with umask 022, and returns its answer.
"""

import errno
import fcntl
import os
import select
import shutil
import socket
import stat
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROWS: Final[dict[str, Callable[[], Any]]] = {}


def row(function: Callable[[], Any]) -> Callable[[], Any]:
    """Make function a row of the table."""
    ROWS[str(function.__doc__).rstrip(".")] = function
    return function


def _file(name: str, text: str = "text") -> str:
    with open(name, "w") as file:
        file.write(text)
    return name


def _mode(name: str) -> str:
    return oct(stat.S_IMODE(os.stat(name).st_mode))


def answer(function: Callable[[], Any]) -> str:
    """Return what a row's function answers: its value, or its error's name."""
    try:
        return repr(function())
    except OSError as exc:
        return errno.errorcode.get(exc.errno or 0, str(exc.errno))
    except Exception as exc:  # noqa: BLE001 - a fake may fail in any way
        return type(exc).__name__


@row
def _() -> Any:
    """write a file, read it again."""
    return Path(_file("f")).read_text()


@row
def _() -> Any:
    """open a file that is not there."""
    return open("none").read()


@row
def _() -> Any:
    """list a directory."""
    os.mkdir("d")
    _file("d/a")
    _file("d/b")
    return sorted(os.listdir("d"))


@row
def _() -> Any:
    """a file as a directory of a path: open."""
    return open(_file("f") + "/g").read()


@row
def _() -> Any:
    """a file as a directory of a path: stat, mkdir, unlink."""
    _file("f")
    answers = []
    for call in (os.stat, os.mkdir, os.unlink):
        try:
            call("f/g")
        except OSError as exc:
            answers.append(errno.errorcode[exc.errno or 0])
    return answers


@row
def _() -> Any:
    """mkfifo, and what kind of file it is."""
    os.mkfifo("p")
    return stat.S_ISFIFO(os.stat("p").st_mode)


@row
def _() -> Any:
    """two threads talk through a FIFO."""
    os.mkfifo("p")
    thread = threading.Thread(target=_file, args=("p", "through"))
    thread.start()
    time.sleep(0.1)
    with open("p") as file:
        text = file.read()
    thread.join()
    return text


@row
def _() -> Any:
    """a FIFO without a reader, opened for writing without waiting."""
    os.mkfifo("p")
    return os.open("p", os.O_WRONLY | os.O_NONBLOCK)


@row
def _() -> Any:
    """link counts of files: link, unlink."""
    _file("f")
    os.link("f", "g")
    counts = [os.stat("f").st_nlink]
    os.unlink("f")
    return [*counts, os.stat("g").st_nlink]


@row
def _() -> Any:
    """link counts of directories: one for each below."""
    os.makedirs("d/a")
    os.mkdir("d/b")
    return os.stat("d").st_nlink, os.stat("d/a").st_nlink


@row
def _() -> Any:
    """a hard link to a directory."""
    os.mkdir("d")
    os.link("d", "e")
    return "made"


@row
def _() -> Any:
    """a hard link sees what is written through the other name."""
    _file("f", "one")
    os.link("f", "g")
    _file("f", "two")
    return Path("g").read_text()


@row
def _() -> Any:
    """the sticky bit and the other bits of a mode."""
    os.mkdir("d")
    os.chmod("d", 0o1751)
    return _mode("d")


@row
def _() -> Any:
    """the mode of /tmp."""
    return _mode("/tmp")


@row
def _() -> Any:
    """O_APPEND: each write goes to the end, wherever the offset is."""
    fd = os.open(_file("f", "one"), os.O_RDWR | os.O_APPEND)
    os.lseek(fd, 0, os.SEEK_SET)
    os.write(fd, b"two")
    os.close(fd)
    return Path("f").read_text()


@row
def _() -> Any:
    """two descriptors with O_APPEND do not overwrite each other."""
    one, two = (os.open("f", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644) for _ in range(2))
    os.write(one, b"1")
    os.write(two, b"22")
    os.write(one, b"3")
    return Path("f").read_text()


@row
def _() -> Any:
    """dup shares the offset."""
    fd = os.open(_file("f", "abcdef"), os.O_RDONLY)
    other = os.dup(fd)
    os.read(fd, 2)
    return os.read(other, 2)


@row
def _() -> Any:
    """dup2 closes what was there."""
    fd = os.open(_file("f", "abc"), os.O_RDONLY)
    other = os.open(_file("g", "xyz"), os.O_RDONLY)
    os.dup2(fd, other)
    return os.read(other, 3)


@row
def _() -> Any:
    """the lowest free descriptor is given."""
    one = os.open(_file("f"), os.O_RDONLY)
    two = os.open("f", os.O_RDONLY)
    os.close(one)
    return os.open("f", os.O_RDONLY) == one, two > one


@row
def _() -> Any:
    """an open file that was unlinked can be read and written."""
    with open(_file("f"), "r+") as file:
        os.unlink("f")
        file.write("more")
        file.seek(0)
        return file.read(), os.fstat(file.fileno()).st_nlink, os.path.exists("f")


@row
def _() -> Any:
    """a name made anew is not the file that is still open."""
    with open(_file("f", "old")) as file:
        os.unlink("f")
        _file("f", "new")
        return file.read()


@row
def _() -> Any:
    """rename over an open file: the reader keeps the old one."""
    _file("new", "new")
    with open(_file("f", "old")) as file:
        os.rename("new", "f")
        return file.read(), Path("f").read_text()


@row
def _() -> Any:
    """rename a directory over an empty one."""
    os.mkdir("d")
    _file("d/f")
    os.mkdir("e")
    os.rename("d", "e")
    return sorted(os.listdir(".")), os.listdir("e")


@row
def _() -> Any:
    """rename a directory over one that is not empty."""
    os.mkdir("d")
    os.mkdir("e")
    _file("e/f")
    os.rename("d", "e")
    return "renamed"


@row
def _() -> Any:
    """rename a file over a directory."""
    os.mkdir("d")
    os.rename(_file("f"), "d")
    return "renamed"


@row
def _() -> Any:
    """rename a directory over a file."""
    os.mkdir("d")
    _file("f")
    os.rename("d", "f")
    return "renamed"


@row
def _() -> Any:
    """rename a directory into itself."""
    os.mkdir("d")
    os.rename("d", "d/e")
    return "renamed"


@row
def _() -> Any:
    """rename one name of a file to another: both stay."""
    _file("f")
    os.link("f", "g")
    os.rename("f", "g")
    return sorted(os.listdir("."))


@row
def _() -> Any:
    """a loop of symbolic links: open."""
    os.symlink("a", "b")
    os.symlink("b", "a")
    return open("a").read()


@row
def _() -> Any:
    """a loop of symbolic links: stat, and exists."""
    os.symlink("a", "a")
    exists = os.path.exists("a")
    os.stat("a")
    return exists


@row
def _() -> Any:
    """create with O_EXCL through a dangling link."""
    os.symlink("target", "link")
    os.open("link", os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    return "made"


@row
def _() -> Any:
    """create through a dangling link."""
    os.symlink("target", "link")
    _file("link")
    return os.path.islink("link"), Path("target").read_text()


@row
def _() -> Any:
    """O_NOFOLLOW on a link."""
    os.symlink(_file("f"), "link")
    return os.open("link", os.O_RDONLY | os.O_NOFOLLOW)


@row
def _() -> Any:
    """readlink of what is no link, and of nothing."""
    answers = []
    for name in (_file("f"), "none"):
        try:
            os.readlink(name)
        except OSError as exc:
            answers.append(errno.errorcode[exc.errno or 0])
    return answers


@row
def _() -> Any:
    """no permission to search a directory."""
    os.mkdir("d")
    _file("d/f")
    os.chmod("d", 0o600)
    try:
        return open("d/f").read()
    finally:
        os.chmod("d", 0o700)


@row
def _() -> Any:
    """no permission to list a directory, but to search it."""
    os.mkdir("d")
    _file("d/f")
    os.chmod("d", 0o300)
    try:
        text = Path("d/f").read_text()
        os.listdir("d")
        return text
    except PermissionError:
        return text, "EACCES"
    finally:
        os.chmod("d", 0o700)


@row
def _() -> Any:
    """no permission to write a directory: create, unlink, rename."""
    os.mkdir("d")
    _file("d/f")
    os.chmod("d", 0o500)
    answers = []
    calls = (lambda: _file("d/g"), lambda: os.unlink("d/f"), lambda: os.rename("d/f", "f"))
    for call in calls:
        try:
            call()
        except OSError as exc:
            answers.append(errno.errorcode[exc.errno or 0])
    os.chmod("d", 0o700)
    return answers


@row
def _() -> Any:
    """a file without permission to write it, opened before that."""
    with open(_file("f"), "r+") as file:
        os.chmod("f", 0o400)
        file.write("more")
    return Path("f").read_text()


@row
def _() -> Any:
    """give a file away."""
    os.chown(_file("f"), 0, 0)
    return "given"


@row
def _() -> Any:
    """the umask: open and mkdir."""
    old = os.umask(0o027)
    os.close(os.open("f", os.O_CREAT | os.O_WRONLY, 0o666))
    os.mkdir("d")
    os.umask(old)
    return _mode("f"), _mode("d")


@row
def _() -> Any:
    """the umask: makedirs with a mode."""
    os.makedirs("a/b", 0o777)
    return _mode("a"), _mode("a/b")


@row
def _() -> Any:
    """a trailing slash after a file: stat."""
    os.stat(_file("f") + "/")
    return "found"


@row
def _() -> Any:
    """a trailing slash after a new name: mkdir makes it."""
    os.mkdir("d/")
    return os.listdir(".")


@row
def _() -> Any:
    """a trailing slash after a link to a directory: lstat follows it."""
    os.mkdir("d")
    os.symlink("d", "link")
    return stat.S_ISDIR(os.lstat("link/").st_mode)


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
