# SPDX-License-Identifier: BSD-2-Clause
"""The model's files and people, and who may do what.  NetBSD genfs_vnops.c, secmodel_suser(9).

Written from NetBSD's manual pages and source, not from our kernel: a rule that both
have misread would have to be misread twice.
"""

from dataclasses import dataclass, field
from typing import Any

from kernel.sys.errno import Errno
from kernel.sys.stat import (
    S_IFDIR,
    S_IFIFO,
    S_IFLNK,
    S_IFMT,
    S_IFREG,
    SF_APPEND,
    SF_IMMUTABLE,
    UF_APPEND,
    UF_IMMUTABLE,
)

IMMUTABLE = UF_IMMUTABLE | SF_IMMUTABLE
APPEND = UF_APPEND | SF_APPEND
READ, WRITE, EXEC = 4, 2, 1


class Failure(Exception):
    """A call fails."""

    def __init__(self, errno: Errno) -> None:
        super().__init__(errno.name)
        self.errno = errno


class Skip(Exception):
    """What this call does is not modelled; nothing has changed."""


def fail_if(condition: object, errno: Errno) -> None:
    """Fail with errno if condition holds."""
    if condition:
        raise Failure(errno)


@dataclass(frozen=True)
class Person:
    """Whose call it is: user, group, further groups."""

    uid: int
    gid: int
    groups: tuple[int, ...] = ()

    def member(self, gid: int) -> bool:
        """Whether gid is among the groups."""
        return gid == self.gid or gid in self.groups


@dataclass(eq=False)
class Node:
    """A file of any type.

    A time is the number of the call that set it, or ("=", ns) for one that was given.
    """

    type: int
    mode: int
    uid: int
    gid: int
    times: dict[str, Any]
    flags: int = 0
    nlink: int = 1
    data: bytearray = field(default_factory=bytearray)  # contents, a link's target, a FIFO's bytes
    entries: dict[bytes, "Node"] = field(default_factory=dict)
    parent: "Node | None" = None
    rdev: int = 0
    readers: int = 0
    writers: int = 0

    @property
    def is_dir(self) -> bool:
        """Whether it is a directory."""
        return self.type == S_IFDIR

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return self.type == S_IFLNK

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return self.type == S_IFREG

    @property
    def is_fifo(self) -> bool:
        """Whether it is a FIFO."""
        return self.type == S_IFIFO

    @property
    def size(self) -> int | None:
        """Bytes, where that is a fact about the file and not about the file system."""
        return len(self.data) if self.is_file or self.is_link else None

    def stamp(self, now: int, which: str) -> None:
        """Call number now sets the times whose letters (a, m, c) are in which."""
        for letter in which:
            self.times[letter] = now

    def told(self) -> tuple[int, int, int, int, int, int | None, int]:
        """What stat(2) tells of it, times aside."""
        mode = self.type | self.mode
        return mode, self.nlink, self.uid, self.gid, self.flags, self.size, self.rdev


def granted(who: Person, node: Node) -> int:
    """The bits of READ, WRITE, EXEC that the permissions give: the first class that fits counts."""
    if who.uid == node.uid:
        return node.mode >> 6 & 7
    if who.member(node.gid):
        return node.mode >> 3 & 7
    return node.mode & 7


def check_access(who: Person, node: Node, wanted: int) -> None:
    """May who do wanted (bits of READ, WRITE, EXEC) to node?"""
    fail_if(wanted & WRITE and node.flags & IMMUTABLE, Errno.EPERM)
    if who.uid == 0 and not (wanted & EXEC and not node.is_dir and not node.mode & 0o111):
        return
    fail_if(wanted & ~granted(who, node), Errno.EACCES)


def check_sticky(who: Person, directory: Node, node: Node) -> None:
    """May who remove or rename node, in a directory that may be sticky?"""
    sticky = directory.mode & 0o1000 and who.uid not in {0, directory.uid, node.uid}
    fail_if(sticky, Errno.EPERM)


def check_chmod(who: Person, node: Node, mode: int) -> None:
    """May who give node this mode?"""
    fail_if(node.flags & (IMMUTABLE | APPEND), Errno.EPERM)
    if who.uid == 0:
        return
    fail_if(who.uid != node.uid, Errno.EPERM)
    fail_if(mode & 0o1000 and not node.is_dir, Errno.EFTYPE)
    fail_if(mode & 0o2000 and not who.member(node.gid), Errno.EPERM)


def check_chown(who: Person, node: Node, uid: int, gid: int) -> None:
    """May who give node this owner and group?"""
    fail_if(node.flags & (IMMUTABLE | APPEND), Errno.EPERM)
    if who.uid == 0:
        return
    fail_if(who.uid != node.uid or uid != node.uid, Errno.EPERM)
    fail_if(gid != node.gid and not who.member(gid), Errno.EPERM)


def check_utimens(who: Person, node: Node, now: bool) -> None:
    """May who set node's times, both to the present if now?"""
    fail_if(node.flags & (IMMUTABLE | APPEND), Errno.EPERM)
    if who.uid in {0, node.uid}:
        return
    fail_if(not now, Errno.EPERM)
    check_access(who, node, WRITE)


def check_chflags(who: Person, node: Node, flags: int) -> None:
    """May who give node these flags?"""
    if who.uid == 0:
        return
    fail_if(who.uid != node.uid, Errno.EPERM)
    fail_if((flags ^ node.flags) & 0xFFFF0000, Errno.EPERM)
    fail_if(node.type & S_IFMT not in {S_IFREG, S_IFDIR, S_IFLNK, S_IFIFO}, Errno.EPERM)
