# SPDX-License-Identifier: BSD-2-Clause
"""What is done to files: each row a function that runs on the host, here and under pyfakefs.

Each is called in an empty directory of its user's, with umask 022, and returns its answer.
"""

import errno
import os
import stat
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
