# SPDX-License-Identifier: BSD-2-Clause
"""What our kernel and the host's tell of a file against what the model knows of it."""

from typing import Any

from kernel.sys.stat import S_IFBLK, S_IFCHR, S_IFLNK, S_IFMT, S_ISLNK, Stat
from tests.vfsmodel.node import Node
from tests.vfsmodel.ours import Ours

TIMES = {"a": "st_atim", "m": "st_mtim", "c": "st_ctim", "b": "st_birthtim"}


def differences(node: Node, stat: Stat, ours: Ours) -> dict[str, Any]:
    """Return what of stat is not node's, by name: (the model's, ours)."""
    size = stat.st_size if node.size is not None else None
    rdev = stat.st_rdev if stat.st_mode & S_IFMT in {S_IFCHR, S_IFBLK} else 0
    told = (
        stat.st_mode, stat.st_nlink, stat.st_uid, stat.st_gid, stat.st_flags, size, rdev,
    )  # fmt: skip
    names = ("mode", "nlink", "uid", "gid", "flags", "size", "rdev")
    wrong: dict[str, Any] = {
        name: (model, our)
        for name, model, our in zip(names, node.told(), told, strict=True)
        if model != our
    }
    for letter, field in TIMES.items():
        if node.is_fifo and letter != "b":
            continue  # what goes through a FIFO moves its times when the file system likes
        when, actual = node.times[letter], getattr(stat, field)
        if isinstance(when, tuple):
            right = actual == when[1]
        else:
            begin, end = ours.span(when)
            right = begin <= actual < end
        if not right:
            wrong[field] = (when, _call(ours, actual))
    return wrong


def _call(ours: Ours, when: int) -> str:
    """Say during which call a time was."""
    for call in range(len(ours.started)):
        begin, end = ours.span(call)
        if begin <= when < end:
            return f"call {call}"
    return f"{when} ns"


# What of a file is not compared with Linux at all, because the calls that change it differ:
#   times, and flags: Linux has other rules for the ones and not the others;
#   the mode of links: there is none;
#   the set-id bits: Linux clears them when a file is cut, too, and the group's only from what
#     the group may run; NetBSD's chown(2) clears them from directories, too;
#   the group of new files, which NetBSD takes from the directory, and their set-id bits: the
#     host's files are given NetBSD's when they have been made (open(2), mkdir(2)).


def told(node: Node) -> tuple[Any, ...]:
    """What the host tells of a file: mode, links, owner, group, size."""
    mode, nlink, uid, gid, _flags, size, _rdev = node.told()
    return mode, nlink, uid, gid, size


def contents(node: Node) -> bytes:
    """The bytes of a file or of a link's text."""
    return bytes(node.data) if node.size is not None else b""


def comparable(attributes: tuple[Any, ...]) -> tuple[Any, ...]:
    """Those of a file's attributes that must be the same on both."""
    mode, *rest = attributes
    return (S_IFLNK if S_ISLNK(mode) else mode & ~0o6000, *rest)
