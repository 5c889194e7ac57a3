# SPDX-License-Identifier: BSD-2-Clause
"""The one path of a file.  NetBSD lib/libc/stdlib/realpath.c."""

from kernel.sys.errno import Errno
from kernel.sys.param import MAXSYMLINKS
from kernel.sys.stat import S_ISLNK
from userland.libc.cerror import cerror
from userland.libc.sys import lstat, readlink
from userland.libc.unistd import getcwd

_PATH_MAX = 1024


def realpath(path: str) -> str:
    """Return the absolute path without symbolic links, "." and "..", that leads where path leads.

    Raises:
        OSError: ENOENT, ENOTDIR, EACCES, ELOOP.
    """
    if not path:
        cerror(Errno.ENOENT, path)
    left = [part for part in path.split("/") if part]
    done: list[str] = []
    if not path.startswith("/"):
        done = [part for part in getcwd().split("/") if part]
    links = 0
    while left:
        part = left.pop(0)
        if part == ".":
            continue
        if part == "..":
            del done[-1:]
            continue
        here = "/" + "/".join([*done, part])
        if not S_ISLNK(lstat(here).st_mode):
            if left:
                lstat(here + "/.")
            done.append(part)
            continue
        links += 1
        if links > MAXSYMLINKS:
            cerror(Errno.ELOOP, path)
        target = readlink(here, _PATH_MAX).decode("utf-8", "surrogateescape")
        if target.startswith("/"):
            done = []
        left = [name for name in target.split("/") if name] + left
    return "/" + "/".join(done)
