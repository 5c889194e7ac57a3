# SPDX-License-Identifier: BSD-2-Clause
"""getdents(2): entries, their layout, and cookies that last while the directory changes."""

from itertools import pairwise
from struct import Struct

import pytest

from kernel.sys.dirent import (
    DT_BLK,
    DT_CHR,
    DT_DIR,
    DT_FIFO,
    DT_LNK,
    DT_REG,
    Dirent,
    dirents,
)
from kernel.sys.errno import Errno
from kernel.sys.fcntl import O_CREAT, O_DIRECTORY, O_RDONLY, O_RDWR
from kernel.sys.stat import S_IFBLK, S_IFCHR
from kernel.sys.types import makedev
from kernel.sys.unistd import SEEK_CUR, SEEK_SET
from tests.syscalls.errnos import errnos
from userland.libc.machine import map_buffer, unmap_buffer
from userland.libc.syscall import call as trap

BAD = 0x1000  # an address where there is nothing
HEAD = Struct("<QHHB")  # d_fileno, d_reclen, d_namlen, d_type
SMALL = 48  # bytes: room for one or two entries


@pytest.fixture
def d(root):
    """A descriptor of the empty directory d."""
    root.mkdir(b"d", 0o755)
    return root.open(b"d", O_RDONLY | O_DIRECTORY)


def touch(p, *names):
    for name in names:
        p.close(p.open(b"d/" + name, O_CREAT | O_RDWR, 0o644))


def names_left(p, fd, size=SMALL):
    """The names that are still to come."""
    names = []
    while data := p.getdents(fd, size):
        names += [entry.d_name for entry in dirents(data)]
    return names


def raw(fd, size):
    """getdents into size bytes that are all ones; return (count, bytes)."""
    block = bytearray(b"\xff" * size)
    at = map_buffer(memoryview(block), 3)
    try:
        return trap("__getdents30", fd, at, size), bytes(block)
    finally:
        unmap_buffer(at)


@errnos(Errno.EBADF, {"getdents": lambda fd: ("getdents", fd, 4096)})
def test_not_open_for_reading(fails, root, call):
    """There is no such descriptor, or it is a file that is open for writing only."""
    touched = root.open(b"f", O_CREAT | 1, 0o644)
    for fd in (99, -1, touched):
        fails(root, *call(fd))


@errnos(Errno.EINVAL, {"getdents": lambda fd: ("getdents", fd, 4096)})
def test_no_directory(fails, root, call):
    """The descriptor is no directory: a file, a pipe, a device."""
    root.mkfifo(b"p", 0o644)
    file = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    for fd in (file, *root.pipe(), root.open(b"p", O_RDWR), root.open(b"/dev/null", O_RDWR)):
        fails(root, *call(fd))


@errnos(Errno.EINVAL, {"getdents": lambda fd: ("getdents", fd, 4096)})
def test_no_cookie(fails, root, d, call):
    """The offset is none that lseek has told; the access time is set all the same."""
    touch(root, b"a", b"b")
    before = root.fstat(d).st_atim
    for offset in (5, 100, 1 << 40, (1 << 63) - 1):
        root.lseek(d, offset, SEEK_SET)
        fails(root, *call(d))
        assert root.lseek(d, 0, SEEK_CUR) == offset
    assert root.fstat(d).st_atim > before


@errnos(Errno.EFAULT, {"getdents": lambda fd: (trap, "__getdents30", fd, BAD, 4096)})
def test_nowhere_to_store(fails, root, d, call):
    """The buffer is not in the caller's memory: nothing is skipped."""
    fails(root, *call(d))
    assert names_left(root, d) == [b".", b".."]


def test_empty_directory(root, d):
    """The two that every directory has: itself and its parent; then nothing."""
    entries = list(dirents(root.getdents(d, 4096)))
    itself, parent = root.stat(b"d").st_ino, root.stat(b".").st_ino
    assert entries == [Dirent(itself, DT_DIR, b"."), Dirent(parent, DT_DIR, b"..")]
    assert root.getdents(d, 4096) == b""
    top = root.open(b"/", O_RDONLY)
    first, second = list(dirents(root.getdents(top, 4096)))[:2]
    assert first.d_fileno == second.d_fileno == root.stat(b"/").st_ino


def test_kinds_and_numbers(root, d):
    """Each entry has the file's number and its type, in the order they were made."""
    touch(root, b"file")
    root.mkdir(b"d/dir", 0o755)
    root.symlink(b"nowhere", b"d/link")
    root.mkfifo(b"d/fifo", 0o644)
    root.mknod(b"d/char", S_IFCHR | 0o644, makedev(2, 2))
    root.mknod(b"d/block", S_IFBLK | 0o644, makedev(2, 2))
    root.link(b"d/file", b"d/hard")
    entries = list(dirents(root.getdents(d, 4096)))[2:]
    kinds = {
        b"file": DT_REG,
        b"dir": DT_DIR,
        b"link": DT_LNK,
        b"fifo": DT_FIFO,
        b"char": DT_CHR,
        b"block": DT_BLK,
        b"hard": DT_REG,
    }
    assert [(entry.d_name, entry.d_type) for entry in entries] == list(kinds.items())
    for entry in entries:
        assert entry.d_fileno == root.lstat(b"d/" + entry.d_name).st_ino


@pytest.mark.parametrize("length", [1, 2, 3, 9, 10, 11, 12, 254, 255])
def test_layout(root, d, length):
    """A record has its length, rounded to 8, the name's length, the name and its NUL, and zeros."""
    name = b"n" * length
    touch(root, name)
    count, block = root.call(raw, d, 1024)
    assert count == 16 + 16 + (13 + length + 1 + 7) // 8 * 8
    assert block[count:] == b"\xff" * (1024 - count)  # nothing behind it is touched
    at = 32
    fileno, reclen, namlen, kind = HEAD.unpack_from(block, at)
    assert (fileno, kind) == (root.stat(b"d/" + name).st_ino, DT_REG)
    assert (reclen, namlen) == (count - at, length)
    assert block[at + HEAD.size : count] == name + bytes(reclen - HEAD.size - length)


def test_only_whole_entries(root, d):
    """A buffer with room for less than the next entry gets nothing, and nothing is skipped."""
    touch(root, b"n" * 100)
    for size in (0, 1, 15):
        assert root.getdents(d, size) == b""
    assert root.lseek(d, 0, SEEK_CUR) == 0
    assert len(root.getdents(d, 16)) == 16
    assert len(root.getdents(d, 31)) == 16
    assert root.getdents(d, 119) == b""
    assert len(root.getdents(d, 120)) == 120
    assert root.getdents(d, 120) == b""


def test_at_most_64k_at_once(root, d):
    """However large the buffer is, no more than MAXBSIZE bytes come."""
    touch(root, *(b"%0200d" % n for n in range(400)))
    data = root.getdents(d, 1 << 20)
    assert 65536 - 216 < len(data) <= 65536
    assert len(list(dirents(data))) + len(names_left(root, d, 1 << 20)) == 402


def test_cookies(root, d):
    """What lseek tells leads back to the entry that was next then, in any order."""
    touch(root, *(b"%d" % n for n in range(20)))
    seen = {}
    while True:
        cookie = root.lseek(d, 0, SEEK_CUR)
        entries = list(dirents(root.getdents(d, 16)))
        if not entries:
            break
        seen[cookie] = entries[0].d_name
    assert list(seen.values()) == [b".", b"..", *(b"%d" % n for n in range(20))]
    for cookie, name in reversed(seen.items()):
        root.lseek(d, cookie, SEEK_SET)
        assert next(dirents(root.getdents(d, 16))).d_name == name
    root.lseek(d, 0, SEEK_SET)
    assert names_left(root, d) == list(seen.values())
    assert len(set(seen)) == 22
    assert all(before < after for before, after in pairwise(list(seen)[3:]))


def test_others_come_and_go(root, d):
    """Between two calls entries are removed and made: each that stays is seen once."""
    touch(root, *(b"%d" % n for n in range(10)))
    names = [entry.d_name for entry in dirents(root.getdents(d, 16 * 5))]
    assert names == [b".", b"..", b"0", b"1", b"2"]
    for gone in (b"1", b"3", b"4", b"9"):  # behind, next, next but one, last
        root.unlink(b"d/" + gone)
    touch(root, b"new")
    root.rename(b"d/6", b"d/six")
    assert names_left(root, d) == [b"5", b"six", b"7", b"8", b"new"]
    touch(root, b"late")
    assert names_left(root, d) == []  # the end was told
    root.lseek(d, 0, SEEK_SET)
    assert names_left(root, d)[-2:] == [b"new", b"late"]


def test_all_that_was_next_is_gone(root, d):
    """When nothing follows any more, that is the end."""
    touch(root, *(b"%d" % n for n in range(5)))
    root.getdents(d, 16 * 4)
    for n in range(5):
        root.unlink(b"d/%d" % n)
    assert names_left(root, d) == []


def test_emptied_while_it_is_read(root, d):
    """Removing what was read, block by block, gets them all: as rm -r does."""
    touch(root, *(b"%d" % n for n in range(500)))
    removed = []
    while data := root.getdents(d, 512):
        for entry in dirents(data):
            if entry.d_name not in (b".", b".."):
                root.unlink(b"d/" + entry.d_name)
                removed.append(entry.d_name)
    assert removed == [b"%d" % n for n in range(500)]
    root.rmdir(b"d")


def test_removed_directory(root, d):
    """A directory that is removed has no entries, not even "."; its access time stays."""
    root.rmdir(b"d")
    before = root.fstat(d)
    assert root.getdents(d, 4096) == b""
    assert root.fstat(d) == before


def test_times(root, d):
    """Reading sets the access time, at the end too, and no other."""
    before = root.fstat(d)
    root.getdents(d, 4096)
    first = root.fstat(d)
    assert first.st_atim > before.st_atim
    assert (first.st_mtim, first.st_ctim) == (before.st_mtim, before.st_ctim)
    root.getdents(d, 4096)
    assert root.fstat(d).st_atim > first.st_atim


def test_size(root, d):
    """A directory's size is 48 bytes an entry, "." and ".." not counted."""
    assert root.fstat(d).st_size == 0
    touch(root, b"a", b"n" * 255)
    root.mkdir(b"d/e", 0o755)
    assert root.fstat(d).st_size == 3 * 48
    root.rename(b"d/a", b"d/b")
    root.rename(b"d/b", b"c")
    root.rmdir(b"d/e")
    assert root.fstat(d).st_size == 48
    assert root.fstat(d).st_blocks == 8


def test_lower_32_bits_of_the_size(root, d):
    """NetBSD takes the size as an unsigned int: 4 GiB are no room at all."""
    assert root.call(trap, "__getdents30", d, BAD, 1 << 32) == 0
