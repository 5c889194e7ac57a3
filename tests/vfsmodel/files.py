# SPDX-License-Identifier: BSD-2-Clause
"""The model's calls on open files and directories.  NetBSD vfs_vnops.c, tmpfs_vnops.c."""

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    O_ACCMODE,
    O_APPEND,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_NOFOLLOW,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
)
from kernel.sys.param import MAXPATHLEN
from kernel.sys.stat import S_IFREG
from kernel.sys.unistd import SEEK_CUR, SEEK_END, SEEK_SET
from tests.vfsmodel.namei import OpenFile, Process, World
from tests.vfsmodel.names import create
from tests.vfsmodel.node import (
    APPEND,
    EXEC,
    IMMUTABLE,
    READ,
    WRITE,
    Node,
    Skip,
    check_access,
    fail_if,
)


def open(  # noqa: A001
    w: World, p: Process, at: int | None, path: bytes, flags: int, mode: int
) -> int:
    """open(2), openat(2), never waiting for the other end of a FIFO."""
    fail_if(len(path) >= MAXPATHLEN, Errno.ENAMETOOLONG)
    if at is not None:
        p.file(at)
    how = flags & O_ACCMODE
    fail_if(how == O_ACCMODE, Errno.EINVAL)
    fail_if(flags & O_CREAT and flags & O_DIRECTORY, Errno.EINVAL)
    creating, exclusive = bool(flags & O_CREAT), bool(flags & O_CREAT and flags & O_EXCL)
    follow = not flags & O_NOFOLLOW and not exclusive
    found = w.lookup(p, path, "create" if creating else "lookup", follow=follow, at=at)
    node = found.node
    if node is None:
        mode = mode & ~p.umask & 0o6777
        node = create(w, p, found.directory, found.name, S_IFREG, mode)
    else:
        _check_open(w, p, node, flags, exclusive)
    file = OpenFile(node, how != O_WRONLY, how in {O_WRONLY, O_RDWR}, bool(flags & O_APPEND))
    if node.is_fifo:
        fail_if(how == O_WRONLY and not node.readers, Errno.ENXIO)
        node.readers += file.read
        node.writers += file.write
    return p.install(file)


def _check_open(w: World, p: Process, node: Node, flags: int, exclusive: bool) -> None:
    """Check that a file that is there may be opened; cut it, if that is asked for."""
    writing = flags & O_ACCMODE != 0
    fail_if(exclusive, Errno.EEXIST)
    fail_if(node.is_link, Errno.EFTYPE)
    fail_if(flags & O_DIRECTORY and not node.is_dir, Errno.ENOTDIR)
    fail_if(node.is_dir and (writing or flags & O_TRUNC), Errno.EISDIR)
    wanted = READ if flags & O_ACCMODE != O_WRONLY else 0
    check_access(p.who, node, wanted | (WRITE if writing or flags & O_TRUNC else 0))
    if not (node.is_file or node.is_dir or node.is_fifo):
        raise Skip("a device")
    if flags & O_TRUNC:
        _resize(w, node, 0)
    if node.is_file:  # a FIFO is opened by fifofs, which knows no flags
        fail_if(node.flags & APPEND and writing and not flags & O_APPEND, Errno.EPERM)


def _resize(w: World, node: Node, size: int) -> None:
    """Give a regular file another size; of others, none is kept."""
    if not node.is_file:
        return
    fail_if(node.flags & (IMMUTABLE | APPEND), Errno.EPERM)
    if size > len(node.data):
        node.data.extend(bytes(size - len(node.data)))
    del node.data[size:]
    node.stamp(w.now, "mc")


def close(w: World, p: Process, fd: int) -> None:
    """close(2)."""
    del w
    p.file(fd)
    p.release(fd)


def dup(w: World, p: Process, fd: int) -> int:
    """dup(2)."""
    del w
    file = p.file(fd)
    file.references += 1
    return p.install(file)


def dup2(w: World, p: Process, fd: int, to: int) -> int:
    """dup2(2)."""
    del w
    file = p.file(fd)
    if fd != to:
        file.references += 1
        if to in p.files:
            p.release(to)
        p.install(file, to)
    return to


def _transfer(w: World, p: Process, fd: int, writing: bool, offset: int | None) -> OpenFile:
    """Check a read or write; the offset is pread's and pwrite's."""
    del w
    file = p.file(fd)
    fail_if(not (file.write if writing else file.read), Errno.EBADF)
    if offset is not None:
        fail_if(file.node.is_fifo, Errno.ESPIPE)
        fail_if(offset < 0, Errno.EINVAL)
    fail_if(file.node.is_dir, Errno.EISDIR)
    return file


def _read(w: World, file: OpenFile, count: int, offset: int) -> bytes:
    node = file.node
    if count:
        node.stamp(w.now, "a")
    if node.is_fifo:
        fail_if(count and not node.data and node.writers, Errno.EAGAIN)
        data = bytes(node.data[:count])
        del node.data[:count]
        return data
    return bytes(node.data[offset : offset + count])


def _write(w: World, p: Process, file: OpenFile, data: bytes, offset: int) -> int:
    """Write; return the offset behind.  Written to, a file is no longer set-id for anybody."""
    node = file.node
    if node.is_fifo:
        fail_if(not node.readers, Errno.EPIPE)
        node.data += data
        node.stamp(w.now, "mc")
        return offset
    if not data:
        return offset
    offset = len(node.data) if file.append else offset
    if offset > len(node.data):
        node.data.extend(bytes(offset - len(node.data)))
    node.data[offset : offset + len(data)] = data
    node.stamp(w.now, "mc")
    if p.who.uid:
        node.mode &= ~0o6000
    return offset + len(data)


def read(w: World, p: Process, fd: int, count: int) -> bytes:
    """read(2)."""
    file = _transfer(w, p, fd, False, None)
    data = _read(w, file, count, file.offset)
    file.offset += len(data)
    return data


def pread(w: World, p: Process, fd: int, count: int, offset: int) -> bytes:
    """pread(2)."""
    return _read(w, _transfer(w, p, fd, False, offset), count, offset)


def write(w: World, p: Process, fd: int, data: bytes) -> int:
    """write(2)."""
    file = _transfer(w, p, fd, True, None)
    file.offset = _write(w, p, file, data, file.offset)
    return len(data)


def pwrite(w: World, p: Process, fd: int, data: bytes, offset: int) -> int:
    """pwrite(2): a file that is only appended to is appended to by this, too."""
    _write(w, p, _transfer(w, p, fd, True, offset), data, offset)
    return len(data)


def lseek(w: World, p: Process, fd: int, offset: int, whence: int) -> int:
    """lseek(2); in a directory, to its beginning only."""
    del w
    file = p.file(fd)
    fail_if(file.node.is_fifo, Errno.ESPIPE)
    fail_if(whence not in {SEEK_SET, SEEK_CUR, SEEK_END}, Errno.EINVAL)
    if file.node.is_dir and (whence != SEEK_SET or offset > 0):
        raise Skip("a directory's offsets are its own")
    base = {SEEK_SET: 0, SEEK_CUR: file.offset, SEEK_END: len(file.node.data)}[whence]
    fail_if(base + offset < 0, Errno.EINVAL)
    file.offset = base + offset
    return file.offset


def ftruncate(w: World, p: Process, fd: int, size: int) -> None:
    """ftruncate(2)."""
    fail_if(size < 0, Errno.EINVAL)
    file = p.file(fd)
    fail_if(not file.write, Errno.EINVAL)
    _resize(w, file.node, size)


def truncate(w: World, p: Process, path: bytes, size: int) -> None:
    """truncate(2)."""
    fail_if(size < 0, Errno.EINVAL)
    node = w.lookup(p, path, follow=True).file
    fail_if(node.is_dir, Errno.EISDIR)
    check_access(p.who, node, WRITE)
    if not (node.is_file or node.is_fifo):
        raise Skip("a device")
    _resize(w, node, size)


def entries(w: World, p: Process, fd: int) -> list[bytes]:
    """getdents(2) from the beginning to the end: all names but "." and ".."."""
    file = p.file(fd)
    fail_if(not file.read, Errno.EBADF)
    fail_if(not file.node.is_dir, Errno.EINVAL)
    if file.node.nlink:
        file.node.stamp(w.now, "a")
    return sorted(file.node.entries)


def listdir(w: World, p: Process, at: int | None, path: bytes) -> list[bytes]:
    """open(2), getdents(2), close(2) of a directory."""
    fd = open(w, p, at, path, O_DIRECTORY, 0)
    names = entries(w, p, fd)
    p.release(fd)
    return names


def _chdir(p: Process, node: Node) -> None:
    fail_if(not node.is_dir, Errno.ENOTDIR)
    check_access(p.who, node, EXEC)
    p.cwd = node


def chdir(w: World, p: Process, path: bytes) -> None:
    """chdir(2)."""
    _chdir(p, w.lookup(p, path, follow=True).file)


def fchdir(w: World, p: Process, fd: int) -> None:
    """fchdir(2)."""
    del w
    _chdir(p, p.file(fd).node)


def umask(w: World, p: Process, mask: int) -> int:
    """umask(2)."""
    del w
    before, p.umask = p.umask, mask
    return before


CALLS = {
    call.__name__: call
    for call in (
        open, close, dup, dup2, read, pread, write, pwrite, lseek, ftruncate, truncate, entries,
        listdir, chdir, fchdir, umask,
    )
}  # fmt: skip
