# SPDX-License-Identifier: BSD-2-Clause
"""The parts of a path.  NetBSD lib/libc/gen/basename.c, dirname.c."""


def basename(path: str) -> str:
    """Return the last part of a path: "." of none, "/" of the root."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def dirname(path: str) -> str:
    """Return what a path is without its last part."""
    if not path:
        return "."
    path = path.rstrip("/")
    if not path:
        return "/"
    directory, slash, _ = path.rpartition("/")
    return directory.rstrip("/") or slash or "."
