# SPDX-License-Identifier: BSD-2-Clause
"""The model's calls that make, remove and rename.  NetBSD vfs_syscalls.c, genfs_rename.c."""

from kernel.sys.errno import Errno
from kernel.sys.param import MAXPATHLEN
from kernel.sys.stat import S_IFBLK, S_IFCHR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG
from tests.vfsmodel.namei import Process, World
from tests.vfsmodel.node import (
    APPEND,
    IMMUTABLE,
    WRITE,
    Node,
    check_access,
    fail_if,
)


def create(w: World, p: Process, directory: Node, name: bytes, filetype: int, mode: int) -> Node:
    """Make a file that is no directory: the caller's, of the directory's group."""
    node = Node(filetype, mode, p.who.uid, directory.gid, dict.fromkeys("amcb", w.now))
    w.attach(directory, name, node)
    directory.stamp(w.now, "mc")
    return node


def mkdir(w: World, p: Process, at: int | None, path: bytes, mode: int) -> None:
    """mkdir(2): of the mode only the permissions count."""
    found = w.lookup(p, path, "create", at=at, newdir=True)
    fail_if(found.node, Errno.EEXIST)
    node = w.new_dir(p.who, mode & 0o777 & ~p.umask, found.directory.gid)
    w.attach(found.directory, found.name, node)
    found.directory.stamp(w.now, "mc")


def mkfifo(w: World, p: Process, at: int | None, path: bytes, mode: int) -> None:
    """mkfifo(2)."""
    found = w.lookup(p, path, "create", at=at)
    fail_if(found.node, Errno.EEXIST)
    create(w, p, found.directory, found.name, S_IFIFO, mode & 0o7777 & ~p.umask)


def mknod(w: World, p: Process, at: int | None, path: bytes, mode: int, dev: int) -> None:
    """mknod(2): a FIFO is anybody's, all else the super-user's."""
    if mode & S_IFIFO and dev == 0:
        mkfifo(w, p, at, path, mode)
        return
    fail_if(p.who.uid, Errno.EPERM)
    found = w.lookup(p, path, "create", at=at)
    fail_if(found.node, Errno.EEXIST)
    fail_if(mode & S_IFMT not in {S_IFREG, S_IFCHR, S_IFBLK}, Errno.EINVAL)
    node = create(w, p, found.directory, found.name, mode & S_IFMT, mode & 0o7777 & ~p.umask)
    node.rdev = 0 if node.type == S_IFREG else dev


def symlink(w: World, p: Process, target: bytes, at: int | None, path: bytes) -> None:
    """symlink(2): the target may be anything, and empty."""
    fail_if(len(target) >= MAXPATHLEN, Errno.ENAMETOOLONG)
    found = w.lookup(p, path, "create", at=at)
    fail_if(found.node, Errno.EEXIST)
    node = create(w, p, found.directory, found.name, S_IFLNK, 0o777 & ~p.umask)
    node.data += target


def link(
    w: World, p: Process, at: int | None, old: bytes, at2: int | None, new: bytes, follow: bool
) -> None:
    """link(2), which follows links; linkat(2), which need not."""
    node = w.lookup(p, old, follow=follow, at=at, simple=True).file
    found = w.lookup(p, new, "create", at=at2)
    fail_if(found.node, Errno.EEXIST)
    fail_if(node.is_dir or node.flags & (IMMUTABLE | APPEND), Errno.EPERM)
    w.attach(found.directory, found.name, node)
    node.nlink += 1
    found.directory.stamp(w.now, "mc")
    node.stamp(w.now, "c")


def unlink(w: World, p: Process, at: int | None, path: bytes, removedir: bool) -> None:
    """unlink(2), rmdir(2), unlinkat(2)."""
    found = w.lookup(p, path, "delete", at=at)
    directory, node = found.directory, found.file
    fail_if(node is directory, Errno.EINVAL)
    if not node.is_dir:
        fail_if(removedir, Errno.ENOTDIR)
        fail_if((node.flags & (IMMUTABLE | APPEND)) or directory.flags & APPEND, Errno.EPERM)
        w.detach(directory, found.name).nlink -= 1
        if node.nlink:
            node.stamp(w.now, "c")
    else:
        fail_if(not removedir, Errno.EPERM)
        fail_if(node.entries, Errno.ENOTEMPTY)
        fail_if((node.flags & (IMMUTABLE | APPEND)) or directory.flags & APPEND, Errno.EPERM)
        w.detach(directory, found.name)
        node.nlink -= 1
    directory.stamp(w.now, "mc")


def rename(w: World, p: Process, at: int | None, old: bytes, at2: int | None, new: bytes) -> None:
    """rename(2), as Berkeley has it: of two links to one file the old one goes."""
    fail_if(len(old) >= MAXPATHLEN or len(new) >= MAXPATHLEN, Errno.ENAMETOOLONG)
    source = w.lookup(p, old, "delete", at=at)
    node = source.file
    fail_if(source.name in {b".", b".."}, Errno.EINVAL)
    target = w.lookup(p, new, "rename", at=at2, newdir=node.is_dir)
    victim = target.node
    if victim is not None:
        fail_if(node.is_dir and not victim.is_dir, Errno.ENOTDIR)
        fail_if(victim.is_dir and not node.is_dir, Errno.EISDIR)
    fail_if(node is target.directory, Errno.EINVAL)
    same_directory = source.directory is target.directory
    if victim is node and same_directory and source.name == target.name:
        return
    if not same_directory:
        below = under(source.directory, target.directory)
        fail_if(victim is not None and victim is source.directory, Errno.ENOTEMPTY)
        fail_if(below is node, Errno.EINVAL)
    if victim is node:
        _check_flags(source.directory, node, Errno.EPERM)
        w.detach(source.directory, source.name).nlink -= 1
        source.directory.stamp(w.now, "mc")
        return
    if victim is not None:
        fail_if(victim.is_dir and victim.entries, Errno.ENOTEMPTY)
    _check_flags(source.directory, node, Errno.EPERM)
    fail_if(target.directory.flags & IMMUTABLE, Errno.EPERM)
    if victim is not None:
        _check_flags(target.directory, victim, Errno.EPERM)
    if node.is_dir and not same_directory:
        check_access(p.who, node, WRITE)
    w.detach(source.directory, source.name)
    if victim is not None:
        w.detach(target.directory, target.name).nlink -= 1
        if victim.nlink:
            victim.stamp(w.now, "c")  # as POSIX has it; NetBSD's tmpfs leaves the time
    w.attach(target.directory, target.name, node)
    source.directory.stamp(w.now, "mc")
    target.directory.stamp(w.now, "mc")
    node.stamp(w.now, "c")


def under(above: Node, directory: Node) -> Node | None:
    """Which entry of above, if any, is directory or leads down to it."""
    child: Node | None = directory
    while child is not None and child.parent is not above:
        child = child.parent
    return child


def _check_flags(directory: Node, node: Node, errno: Errno) -> None:
    """A name cannot go when it, or its directory, is immutable or may only grow."""
    fail_if((directory.flags | node.flags) & (IMMUTABLE | APPEND), errno)


CALLS = {call.__name__: call for call in (mkdir, mkfifo, mknod, symlink, link, unlink, rename)}
