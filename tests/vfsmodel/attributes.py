# SPDX-License-Identifier: BSD-2-Clause
"""The model's calls on what stat(2) tells.  NetBSD vfs_syscalls.c, tmpfs_subr.c."""

from typing import Any

from kernel.sys.errno import Errno
from kernel.sys.stat import UTIME_NOW, UTIME_OMIT
from tests.vfsmodel.namei import Process, World
from tests.vfsmodel.node import (
    Node,
    check_access,
    check_chflags,
    check_chmod,
    check_chown,
    check_utimens,
    fail_if,
)

Times = tuple[tuple[int, int], tuple[int, int]]  # access and modification: seconds, ns


def _chmod(w: World, p: Process, node: Node, mode: int) -> None:
    check_chmod(p.who, node, mode)
    node.mode = mode & 0o7777
    node.stamp(w.now, "c")


def chmod(w: World, p: Process, at: int | None, path: bytes, mode: int, follow: bool) -> None:
    """chmod(2), lchmod(2), fchmodat(2)."""
    _chmod(w, p, w.lookup(p, path, follow=follow, at=at, simple=True).file, mode)


def fchmod(w: World, p: Process, fd: int, mode: int) -> None:
    """fchmod(2)."""
    _chmod(w, p, p.file(fd).node, mode)


def _chown(w: World, p: Process, node: Node, uid: int, gid: int) -> None:
    """A new owner costs the set-user-id bit, a new group the other, whoever asks."""
    lost = (0o4000 if uid != -1 else 0) | (0o2000 if gid != -1 else 0)
    mode = node.mode & ~lost
    if uid == gid == -1:
        return
    uid = node.uid if uid == -1 else uid
    gid = node.gid if gid == -1 else gid
    check_chown(p.who, node, uid, gid)
    node.uid, node.gid = uid, gid
    node.stamp(w.now, "c")
    if mode != node.mode:
        _chmod(w, p, node, mode)


def chown(
    w: World, p: Process, at: int | None, path: bytes, uid: int, gid: int, follow: bool
) -> None:
    """chown(2), lchown(2), fchownat(2)."""
    _chown(w, p, w.lookup(p, path, follow=follow, at=at, simple=True).file, uid, gid)


def fchown(w: World, p: Process, fd: int, uid: int, gid: int) -> None:
    """fchown(2)."""
    _chown(w, p, p.file(fd).node, uid, gid)


def _chflags(w: World, p: Process, node: Node, flags: int) -> None:
    check_chflags(p.who, node, flags)
    if (flags ^ node.flags) & 0xFFFF0000:
        node.flags = flags
    else:
        node.flags = node.flags & 0xFFFF0000 | flags & 0xFFFF
    node.stamp(w.now, "c")


def chflags(w: World, p: Process, path: bytes, flags: int, follow: bool) -> None:
    """chflags(2), lchflags(2)."""
    _chflags(w, p, w.lookup(p, path, follow=follow).file, flags)


def fchflags(w: World, p: Process, fd: int, flags: int) -> None:
    """fchflags(2)."""
    _chflags(w, p, p.file(fd).node, flags)


def _utimens(w: World, p: Process, node: Node, times: Times | None) -> None:
    """Set the times that are given; a modification before its birth makes a file older."""
    access, modification = times or ((0, UTIME_NOW), (0, UTIME_NOW))
    if access[1] == modification[1] == UTIME_OMIT:
        return
    check_utimens(p.who, node, access[1] == modification[1] == UTIME_NOW)
    if access[1] != UTIME_OMIT:
        node.times["a"] = _time(w, access)
    if modification[1] != UTIME_OMIT:
        node.times["m"] = _time(w, modification)
        if older(node.times["m"], node.times["b"]):
            node.times["b"] = node.times["m"]


def _time(w: World, given: tuple[int, int]) -> Any:
    return w.now if given[1] == UTIME_NOW else ("=", given[0] * 10**9 + given[1])


def older(one: Any, other: Any) -> bool:
    """Whether time one is before other; the given ones are all long before the calls."""
    if isinstance(one, int) or isinstance(other, int):
        return isinstance(one, tuple) and isinstance(other, int)
    return bool(one[1] < other[1])


def utimens(
    w: World, p: Process, at: int | None, path: bytes, times: Times | None, follow: bool
) -> None:
    """utimensat(2)."""
    _utimens(w, p, w.lookup(p, path, follow=follow, at=at, simple=True).file, times)


def futimens(w: World, p: Process, fd: int, times: Times | None) -> None:
    """futimens(2)."""
    _utimens(w, p, p.file(fd).node, times)


def stat(w: World, p: Process, at: int | None, path: bytes, follow: bool) -> Node:
    """stat(2), lstat(2), fstatat(2): the file itself; whoever asks compares what it tells."""
    return w.lookup(p, path, follow=follow, at=at).file


def fstat(w: World, p: Process, fd: int) -> Node:
    """fstat(2)."""
    del w
    return p.file(fd).node


def access(w: World, p: Process, at: int | None, path: bytes, mode: int) -> None:
    """access(2), faccessat(2): by the real ids, which are the effective ones here."""
    fail_if(mode & ~7, Errno.EINVAL)
    check_access(p.who, w.lookup(p, path, follow=True, at=at).file, mode)


def readlink(w: World, p: Process, at: int | None, path: bytes) -> bytes:
    """readlink(2)."""
    node = w.lookup(p, path, at=at).file
    fail_if(not node.is_link, Errno.EINVAL)
    node.stamp(w.now, "a")
    return bytes(node.data)


CALLS = {
    call.__name__: call
    for call in (
        chmod, fchmod, chown, fchown, chflags, fchflags, utimens, futimens, stat, fstat, access,
        readlink,
    )
}  # fmt: skip
