# SPDX-License-Identifier: BSD-2-Clause
"""readlink(2) and readlinkat(2): what of a link comes back."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.fcntl import AT_FDCWD, O_CREAT, O_RDONLY
from kernel.sys.mount import MNT_NOATIME, MNT_SYMPERM
from kernel.sys.stat import S_IFCHR
from kernel.sys.types import makedev
from tests.syscalls.errnos import errnos
from userland.libc.machine import curlwp
from userland.libc.stack import fetch, pushstr, reserve
from userland.libc.syscall import call as trap

READLINKS = {
    "readlink": lambda path: ("readlink", path, 100),
    "readlinkat": lambda path: ("readlinkat", AT_FDCWD, path, 100),
}
BAD = 0x1000  # an address where there is nothing


@errnos(Errno.EINVAL, READLINKS)
def test_no_link(fails, root, call):
    """The file is no symbolic link: a link to a directory, with a slash after it, is the directory."""
    root.close(root.open(b"f", O_CREAT | O_RDONLY, 0o644))
    root.mkdir(b"d", 0o755)
    root.mkfifo(b"p", 0o644)
    root.mknod(b"c", S_IFCHR | 0o644, makedev(2, 2))
    root.symlink(b"d", b"l")
    for path in (b"f", b"d", b"p", b"c", b"l/", b"l/.", b".", b"..", b"/", b"/dev/null"):
        fails(root, *call(path))


@errnos(Errno.EACCES, READLINKS)
def test_mode_counts_where_it_is_said_to(fails, root, user, tmpfs, call):
    """The link may not be read, on a file system mounted so that its mode counts."""
    mp = tmpfs(b"m")
    root.symlink(b"x", b"m/l")
    root.lchmod(b"m/l", 0o711)
    assert user.readlink(b"m/l", 10) == b"x"
    mp.mnt_flag |= MNT_SYMPERM
    fails(user, *call(b"m/l"))
    assert root.readlink(b"m/l", 10) == b"x"


def _readlink_at(path, address, count):
    return trap("readlink", pushstr(curlwp(), path), address, count)


@pytest.mark.errno("readlink", Errno.EFAULT)
def test_nowhere_to_store(fails, root):
    """The buffer is not in the caller's memory."""
    root.symlink(b"x", b"l")
    fails(root, _readlink_at, b"l", BAD, 10)
    fails(root, _readlink_at, b"l", 0, 10)


@pytest.mark.errno("readlinkat", Errno.EFAULT)
def test_nowhere_to_store_at(fails, root):
    """The buffer is not in the caller's memory."""
    root.symlink(b"x", b"l")

    def readlinkat():
        trap("readlinkat", AT_FDCWD, pushstr(curlwp(), b"l"), BAD, 10)

    fails(root, readlinkat)


def test_nothing_to_store(root):
    """A buffer of no bytes, and one for a link that says nothing, may be anywhere."""
    root.symlink(b"x", b"l")
    root.symlink(b"", b"empty")
    assert root.call(_readlink_at, b"l", BAD, 0) == 0
    assert root.call(_readlink_at, b"empty", BAD, 10) == 0


@pytest.mark.parametrize("size", [0, 1, 5, 6, 7, 100, 1 << 20, (1 << 63) - 1, 1 << 63, -1])
def test_count(root, size):
    """As many bytes as there are or fit; what is behind them stays: no NUL is put there."""
    root.symlink(b"target", b"l")

    def read():
        lwp = curlwp()
        at = reserve(lwp, 32)
        before = fetch(lwp, at, 32)
        got = _readlink_at(b"l", at, size)
        return got, before, fetch(lwp, at, 32)

    got, before, after = root.call(read)
    assert got == (min(size, 6) if size >= 0 else 6)
    assert after == b"target"[:got] + before[got:]


def test_times(root, k):
    """The link's access time, and no other; following it is reading it."""
    root.mkdir(b"d", 0o755)
    root.close(root.open(b"d/f", O_CREAT | O_RDONLY, 0o644))
    root.symlink(b"f", b"d/l")
    for read in (lambda: root.readlink(b"d/l", 9), lambda: root.stat(b"d/l")):
        before = root.lstat(b"d/l"), root.stat(b"d"), root.lstat(b"d/f")
        k.advance(1)
        read()
        link, *rest = root.lstat(b"d/l"), root.stat(b"d"), root.lstat(b"d/f")
        assert link.st_atim > before[0].st_atim
        assert link._replace(st_atim=before[0].st_atim) == before[0]
        assert rest == [*before[1:]]


def test_noatime(root, k, tmpfs):
    """On a file system mounted so, reading a link leaves no trace."""
    mp = tmpfs(b"m")
    root.symlink(b"x", b"m/l")
    mp.mnt_flag |= MNT_NOATIME
    before = root.lstat(b"m/l")
    k.advance(1)
    root.readlink(b"m/l", 9)
    assert root.lstat(b"m/l") == before
