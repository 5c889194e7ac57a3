# SPDX-License-Identifier: BSD-2-Clause
"""Entries of a tmpfs directory.  NetBSD sys/fs/tmpfs/tmpfs_subr.c.

Names are found in a dict; the order and the cookies of readdir are those of
a list that removal only marks, until half of it is marks.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from operator import attrgetter

from kernel.fs.tmpfs.tmpfs import (
    SIZEOF_TMPFS_DIRENT,
    TMPFS_DIRSEQ_DOT,
    TMPFS_DIRSEQ_DOTDOT,
    TMPFS_DIRSEQ_EOF,
    TMPFS_DIRSEQ_START,
    TMPFS_NAME_QUANTUM,
    TmpfsDir,
    TmpfsDirent,
    TmpfsMount,
    TmpfsNode,
)
from kernel.fs.tmpfs.tmpfs_window import tmpfs_settle_all
from kernel.kern.vfs_cache import cache_purge, cache_purge1
from kernel.sys.dirent import DT_DIR, IFTODT, Dirent
from kernel.sys.errno import Errno, KernelError
from kernel.sys.vnode import VDIR, vttoif_tab

_DTYPES = tuple(IFTODT(mode) for mode in vttoif_tab)
_SLACK = 32  # removed entries that are not worth a sweep
_seq_of = attrgetter("td_seq")


def tmpfs_mem_incr(tmp: TmpfsMount, size: int) -> None:
    """Take size bytes of the file system's memory; the very last byte is never given.

    Raises:
        KernelError: ENOSPC.
    """
    if tmp.tm_mem_used + tmp.tm_held + size >= tmp.tm_mem_limit:
        tmpfs_settle_all(tmp)
    if tmp.tm_mem_used + size >= tmp.tm_mem_limit:
        raise KernelError(Errno.ENOSPC)
    tmp.tm_mem_used += size


def tmpfs_strsize(name: bytes) -> int:
    """Return the bytes that storing a name takes."""
    return -(-len(name) // TMPFS_NAME_QUANTUM) * TMPFS_NAME_QUANTUM


def tmpfs_alloc_dirent(tmp: TmpfsMount, name: bytes) -> None:
    """Take the memory of an entry called name, before anything is changed.

    Raises:
        KernelError: ENOSPC.
    """
    tmpfs_mem_incr(tmp, SIZEOF_TMPFS_DIRENT + tmpfs_strsize(name))


def tmpfs_dir_attach(dnode: TmpfsNode, name: bytes, node: TmpfsNode) -> None:
    """Enter node as name, for which tmpfs_alloc_dirent has paid; adds to the link counts."""
    where = dnode.tn_dir
    entry = TmpfsDirent(name, node, where.tn_next_seq)
    where.tn_next_seq += 1
    where.tn_names[name] = entry
    where.tn_order.append(entry)
    dnode.tn_size += SIZEOF_TMPFS_DIRENT
    node.tn_links += 1
    if node.tn_type == VDIR:
        node.tn_dir.tn_parent = dnode
        dnode.tn_links += 1


def tmpfs_dir_detach(dnode: TmpfsNode, name: bytes) -> TmpfsNode:
    """Take the entry called name away; return what it led to."""
    where = dnode.tn_dir
    entry = where.tn_names.pop(name)
    cache_purge1(dnode.tn_vnode, name)
    node, entry.td_node = entry.td_node, None
    assert node is not None
    if len(where.tn_order) > 2 * len(where.tn_names) + _SLACK:
        where.tn_order = [kept for kept in where.tn_order if kept.td_node is not None]
    dnode.tn_size -= SIZEOF_TMPFS_DIRENT
    dnode.tn_mount.tm_mem_used -= SIZEOF_TMPFS_DIRENT + tmpfs_strsize(name)
    node.tn_links -= 1
    if node.tn_type == VDIR:
        cache_purge(node.tn_vnode)
        node.tn_dir.tn_parent = None
        dnode.tn_links -= 1
    return node


def tmpfs_dir_rename(dnode: TmpfsNode, name: bytes, newname: bytes) -> None:
    """Call an entry newname, whose letters are paid for; it keeps its place and its cookie."""
    names = dnode.tn_dir.tn_names
    entry = names.pop(name)
    cache_purge1(dnode.tn_vnode, name)
    entry.td_name = newname
    names[newname] = entry
    dnode.tn_mount.tm_mem_used -= tmpfs_strsize(name)


def tmpfs_dir_move(fdnode: TmpfsNode, name: bytes, tdnode: TmpfsNode, newname: bytes) -> None:
    """Move an entry to the end of another directory as newname, whose letters are paid for."""
    node = tmpfs_dir_detach(fdnode, name)
    tdnode.tn_mount.tm_mem_used += SIZEOF_TMPFS_DIRENT
    tmpfs_dir_attach(tdnode, newname, node)


def tmpfs_dir_entries(node: TmpfsNode, cookie: int) -> Iterator[tuple[Dirent, int]]:
    """Return the entries from cookie on, each with the cookie that follows it.

    An entry that was removed since its cookie was given is passed over.

    Raises:
        KernelError: EINVAL, no entry ever had that cookie.
    """
    where = node.tn_dir
    if cookie > TMPFS_DIRSEQ_EOF and cookie >= where.tn_next_seq:
        raise KernelError(Errno.EINVAL)
    return _entries(node, where, cookie)


def _entries(node: TmpfsNode, where: TmpfsDir, cookie: int) -> Iterator[tuple[Dirent, int]]:
    if cookie == TMPFS_DIRSEQ_DOT:
        yield Dirent(node.tn_id, DT_DIR, b"."), TMPFS_DIRSEQ_DOTDOT
        cookie = TMPFS_DIRSEQ_DOTDOT
    if cookie == TMPFS_DIRSEQ_DOTDOT:
        assert where.tn_parent is not None
        yield Dirent(where.tn_parent.tn_id, DT_DIR, b".."), _next(where, 0)
        cookie = TMPFS_DIRSEQ_START
    if cookie == TMPFS_DIRSEQ_EOF:
        return
    order = where.tn_order
    pending: Dirent | None = None
    for index in range(bisect_left(order, cookie, key=_seq_of), len(order)):
        entry = order[index]  # islice() would walk to the first
        child = entry.td_node
        if child is None:
            continue
        if pending is not None:
            yield pending, entry.td_seq
        pending = tuple.__new__(Dirent, (child.tn_id, _DTYPES[child.tn_type], entry.td_name))
    if pending is not None:
        yield pending, TMPFS_DIRSEQ_EOF


def _next(where: TmpfsDir, index: int) -> int:
    """Return the cookie of the first entry from index on."""
    for entry in islice(where.tn_order, index, None):
        if entry.td_node is not None:
            return entry.td_seq
    return TMPFS_DIRSEQ_EOF
