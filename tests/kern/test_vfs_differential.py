# SPDX-License-Identifier: BSD-2-Clause
"""Random sequences of file calls: what we answer, the host answers, but for a reviewed table.

Each sequence runs in an empty directory here and there, as the superuser and
as somebody else; every call's answer is compared, and at the end the trees.
Paths that NetBSD and Linux take apart differently (a slash after a link that
is to be made or removed, "." and ".." as names to rename) are not among these;
test_vfs_syscalls_names has them.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.kern.kern_descrip import fd_close
from kernel.kern.sys_generic import sys_read, sys_write
from kernel.kern.vfs_cwd import sys_chdir
from kernel.kern.vfs_syscalls import sys___getdents30, sys_open
from kernel.kern.vfs_syscalls_attr import (
    sys___lstat50,
    sys___stat50,
    sys_chmod,
    sys_chown,
    sys_faccessat,
    sys_truncate,
)
from kernel.kern.vfs_syscalls_names import (
    sys___posix_rename,
    sys_link,
    sys_mkdir,
    sys_readlink,
    sys_rmdir,
    sys_symlink,
    sys_unlink,
)
from kernel.sys.dirent import dirents
from kernel.sys.errno import KernelError
from kernel.sys.fcntl import (
    AT_EACCESS,
    AT_FDCWD,
    O_APPEND,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_NOFOLLOW,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
)
from kernel.sys.stat import SIZEOF_STAT, Stat
from kernel.sys.ucred import Ucred

# (call, our answer, the host's) where NetBSD and Linux differ.
DIFFERENCES = {
    ("*", "ENAMETOOLONG", "EACCES"),  # NetBSD counts bytes before it looks at the directory
    ("unlink", "EPERM", "EISDIR"),  # a directory
    ("rename", "EACCES", "ok"),  # a name to itself, in a directory that may not be written
    ("rename", "EACCES", "EINVAL"),  # a directory that may not be written into itself
    ("rename", "ENOTDIR", "EINVAL"),  # a directory onto a file in it
    ("rename", "EISDIR", "ENOTEMPTY"),  # a file onto the directory it is in
    ("open", "EFTYPE", "ELOOP"),  # a link with O_NOFOLLOW
    ("open", "ok", "EISDIR"),  # O_CREAT of a directory to read; below: O_CREAT with a slash
    ("open", "ENOENT", "EISDIR"),
    ("open", "ENOTDIR", "EISDIR"),
    ("open", "EEXIST", "EISDIR"),
    ("open", "ELOOP", "EISDIR"),
    ("open", "EACCES", "EISDIR"),
}
# Of a rename's two paths Linux looks for both directories first, NetBSD for the first file.
_EITHER = ("ENOENT", "ENOTDIR", "ELOOP", "EACCES")
DIFFERENCES |= {("rename", mine, host) for mine in _EITHER for host in _EITHER}

NAMES = [b"a", b"b", b"c", b"a/a", b"a/b", b"b/a", b"a/b/c", b"b/c/a", b"./a", b"a//b", b"a/./b"]
NAMES += [b"a/../b", b"", b"n" * 255, b"n" * 256, b"a/" + b"n" * 256, b"x" * 1023]
SHORT = [name for name in NAMES if len(name) < 255]
WAYS = [*NAMES, b"a/", b"b/", b"a/b/", b"c/", b".", b"a/.", b"a/..", b"b/../.", b"a/b/.."]
TARGETS = [b"a", b"b", b"c", b"a/b", b"a/", b"nowhere", b"./c", b"a/../b"]
FLAGS = [
    (O_RDONLY, os.O_RDONLY),
    (O_RDWR, os.O_RDWR),
    (O_CREAT, os.O_CREAT),
    (O_CREAT | O_RDWR, os.O_CREAT | os.O_RDWR),
    (O_CREAT | O_EXCL, os.O_CREAT | os.O_EXCL),
    (O_RDWR | O_TRUNC, os.O_RDWR | os.O_TRUNC),
    (O_RDWR | O_APPEND, os.O_RDWR | os.O_APPEND),
    (O_DIRECTORY, os.O_DIRECTORY),
    (O_NOFOLLOW, os.O_NOFOLLOW),
]
MODES = [0o644, 0o600, 0o755, 0o777, 0o500, 0o300, 0o000]


def call(name, *choices):
    return st.tuples(st.just(name), *map(st.sampled_from, choices))


CALLS = st.one_of(
    call("mkdir", NAMES, MODES),
    call("open", WAYS, FLAGS),
    call("rename", SHORT, SHORT),
    call("link", WAYS, NAMES),
    call("symlink", TARGETS, NAMES),
    call("unlink", NAMES),
    call("rmdir", NAMES),
    call("chmod", WAYS, MODES),
    call("truncate", WAYS, [0, 3, 10_000]),
    call("access", WAYS, range(8)),
    call("stat", WAYS),
    call("lstat", WAYS),
    call("readlink", WAYS),
    call("list", WAYS),
)


class Ours:
    """The calls on a kernel of ours, in /base."""

    def __init__(self, caller, uid):
        self.caller = caller
        self.caller(sys_mkdir, b"/base", 0o777)
        self.caller(sys_chmod, b"/base", 0o777)
        self.caller(sys_chown, b"/base", uid, uid)
        self.caller(sys_chdir, b"/base")
        self.caller.p.p_cwdi.cwdi_cmask = 0
        self.caller.p.p_cred = Ucred(uid, uid, uid, uid, uid, uid)
        self.buffer = self.caller.map(bytes(65536))

    def __call__(self, name: str, *args: Any) -> tuple[str, Any]:
        """Return the errno's name, or "ok" and what the call told."""
        try:
            return "ok", getattr(self, name)(*args)
        except KernelError as exc:
            return exc.errno.name, None

    def open(self, path, flags):
        caller = self.caller
        fd = caller(sys_open, path, flags[0], 0o666)
        try:
            if not flags[0] & O_RDWR:
                return None
            caller(sys_write, fd, caller.map(b"data"), 4)
            return caller.peek(self.buffer, caller(sys_read, fd, self.buffer, 100))
        finally:
            fd_close(caller.lwp, fd)

    def stat(self, path):
        self.caller(sys___stat50, path, self.buffer)
        return _told(Stat.unpack(self.caller.peek(self.buffer, SIZEOF_STAT)))

    def lstat(self, path):
        self.caller(sys___lstat50, path, self.buffer)
        return _told(Stat.unpack(self.caller.peek(self.buffer, SIZEOF_STAT)))

    def readlink(self, path):
        return self.caller.peek(self.buffer, self.caller(sys_readlink, path, self.buffer, 4096))

    def list(self, path):
        fd = self.caller(sys_open, path, O_DIRECTORY, 0)
        size = self.caller(sys___getdents30, fd, self.buffer, 65536)
        fd_close(self.caller.lwp, fd)
        entries = dirents(self.caller.peek(self.buffer, size))
        return sorted(e.d_name for e in entries if e.d_name not in {b".", b".."})

    def access(self, path, mode):
        self.caller(sys_faccessat, AT_FDCWD, path, mode, AT_EACCESS)

    def mkdir(self, path, mode):
        self.caller(sys_mkdir, path, mode)

    def rmdir(self, path):
        self.caller(sys_rmdir, path)

    def unlink(self, path):
        self.caller(sys_unlink, path)

    def rename(self, old, new):
        self.caller(sys___posix_rename, old, new)

    def link(self, old, new):
        self.caller(sys_link, old, new)

    def symlink(self, target, path):
        self.caller(sys_symlink, target, path)

    def chmod(self, path, mode):
        self.caller(sys_chmod, path, mode)

    def truncate(self, path, size):
        self.caller(sys_truncate, path, size)


class Host:
    """The same calls on the host, in the current directory."""

    def __init__(self, uid):
        self.uid = uid
        self.base = os.open(".", os.O_RDONLY)

    def __call__(self, name: str, *args: Any) -> tuple[str, Any]:
        """Return the errno's name, or "ok" and what the call told."""
        try:
            with _as(self.uid):
                return "ok", getattr(self, name, getattr(os, name, None))(*args)
        except OSError as exc:
            return errno.errorcode[exc.errno], None

    def open(self, path, flags):
        fd = os.open(path, flags[1], 0o666)
        try:
            if not flags[1] & os.O_RDWR:
                return None
            os.write(fd, b"data")
            return os.read(fd, 100)
        finally:
            os.close(fd)

    def stat(self, path):
        return _told(os.stat(path))

    def lstat(self, path):
        return _told(os.lstat(path))

    def list(self, path):
        return sorted(os.listdir(path))

    def link(self, old, new):
        os.link(old, new, src_dir_fd=self.base, follow_symlinks=True)

    def access(self, path, mode):
        if not os.access(path, mode, effective_ids=True):
            raise PermissionError(errno.EACCES, "")


@contextmanager
def _as(uid: int) -> Iterator[None]:
    before = os.geteuid()
    if uid == before:
        yield
        return
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(before)


def _told(st):
    """What of a stat must agree."""
    directory = stat.S_ISDIR(st.st_mode)
    return st.st_mode, None if directory else (st.st_nlink, st.st_size)


def _agree(name, mine, theirs):
    if name == "access":  # the host's os.access tells no errno
        return (mine[0] == "ok") == (theirs[0] == "ok")
    known = {("*", mine[0], theirs[0]), (name, mine[0], theirs[0])} & DIFFERENCES
    return mine == theirs or bool(known)


def _tree(side, path=b"."):
    """All that is below path: names, types, permissions, links, sizes."""
    answer, names = side("list", path)
    if answer != "ok":
        return answer
    return {
        name: (side("lstat", path + b"/" + name), _tree(side, path + b"/" + name)) for name in names
    }


@contextmanager
def _directory(uid: int) -> Iterator[None]:
    """An empty directory of uid as the current one, with umask 0."""
    before, umask = Path.cwd(), os.umask(0)
    with TemporaryDirectory() as parent:
        base = Path(parent, "base")
        base.mkdir(mode=0o777)
        Path(parent).chmod(0o755)
        with suppress(PermissionError):
            os.chown(base, uid, uid)
        os.chdir(base)
        try:
            yield
        finally:
            os.chdir(before)
            os.umask(umask)


UIDS = [0, 12345] if os.geteuid() == 0 else [os.geteuid()]


@pytest.mark.parametrize("uid", UIDS)
@given(sequence=st.lists(CALLS, min_size=1, max_size=25))
@settings(max_examples=300, deadline=None)
def test_as_the_host(fresh_root, uid, sequence):
    """The answers to a sequence of calls, and the tree that it leaves, are the host's."""
    with _directory(uid):
        ours, host = Ours(fresh_root(), uid), Host(uid)
        try:
            for number, (name, *args) in enumerate(sequence):
                mine, theirs = ours(name, *args), host(name, *args)
                assert _agree(name, mine, theirs), (sequence[: number + 1], mine, theirs)
            assert _tree(ours) == _tree(host), sequence
        finally:
            os.close(host.base)
