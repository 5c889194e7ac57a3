# SPDX-License-Identifier: BSD-2-Clause
"""The model's calls on our kernel, through its API; and what a sequence must have given back."""

from typing import Any

from kernel import api
from kernel.arch.python.clock import nanotime
from kernel.sys.dirent import dirents
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    AT_FDCWD,
    AT_REMOVEDIR,
    AT_SYMLINK_FOLLOW,
    AT_SYMLINK_NOFOLLOW,
    O_DIRECTORY,
    O_NONBLOCK,
)
from kernel.sys.signal import SIG_IGN, SIGPIPE
from kernel.sys.stat import S_IFDIR, S_IFMT, Stat
from kernel.sys.time import Timespec
from kernel.sys.unistd import SEEK_SET
from tests.vfsmodel.attributes import Times
from tests.vfsmodel.model import Answer
from tests.vfsmodel.namei import DEPTH, JAIL
from tests.vfsmodel.node import Person

TOP = b"/t"
BUFFER = 4096


class Ours:
    """Driven processes on a kernel, all in the base below TOP; used for many sequences."""

    def __init__(self, people: list[Person]) -> None:
        self.system = api.boot()
        self.kernel = self.system.kernel
        self.root = self.system.root()
        self.people = people
        self.processes = []
        for who in people:
            process = self.system.process(who.uid, who.gid, who.groups)
            process.chdir(b"/")
            process.signal(SIGPIPE, SIG_IGN)
            self.processes.append(process)
        self.base = b"/".join([TOP, *[JAIL] * DEPTH])
        self.opened: list[set[int]] = [set() for _ in people]
        self.started: list[int] = []  # when each call began, ns
        self.free = self.counts()

    def begin(self) -> None:
        """Make an empty base, and everybody go there."""
        path = TOP
        self.started = [nanotime(self.kernel)]
        self.root.umask(0)
        for name in [JAIL] * DEPTH:
            self._own_dir(path, 0o755)
            path += b"/" + name
        self._own_dir(path, 0o777)
        for process in self.processes:
            process.chdir(self.base)
            process.umask(0o022)

    def _own_dir(self, path: bytes, mode: int) -> None:
        self.root.mkdir(path, mode)
        owner = self.people[0]
        if owner.uid:
            self.root.chown(path, owner.uid, owner.gid)

    def end(self) -> tuple[int, ...]:
        """Close and remove all; return what is used more than before, which must be nothing."""
        for process, opened in zip(self.processes, self.opened, strict=True):
            for fd in opened:
                process.close(fd)
            opened.clear()
            process.chdir(b"/")
        self._remove(TOP)
        self.root.rmdir(TOP)
        return tuple(now - then for now, then in zip(self.counts(), self.free, strict=True))

    def counts(self) -> tuple[int, int, int]:
        """Nodes, bytes and references that the root's file system uses."""
        root = self.kernel.rootvnode
        assert root is not None
        tmp = root.v_mount.mnt_data
        return tmp.tm_nodes_cnt, tmp.tm_mem_used, root.v_usecount

    def _remove(self, path: bytes) -> None:
        root = self.root
        root.lchflags(path, 0)
        for name in self._names(root, root.open(path, O_DIRECTORY)):
            below = path + b"/" + name
            root.lchflags(below, 0)
            if root.lstat(below).st_mode & S_IFMT == S_IFDIR:
                self._remove(below)
                root.rmdir(below)
            else:
                root.unlink(below)

    @staticmethod
    def _names(process: api.Process, fd: int) -> list[bytes]:
        """Read a directory to its end, and close it."""
        try:
            return _entries(process, fd)
        finally:
            process.close(fd)

    def call(self, person: int, name: str, *args: Any) -> Answer:
        """Make a call."""
        self.started.append(nanotime(self.kernel))
        try:
            return "ok", getattr(self, name)(self.processes[person], *args)
        except OSError as exc:
            return Errno(exc.errno).name, None
        finally:
            self.kernel.clock.now += 1  # so that no two calls begin at the same time

    def span(self, call: int) -> tuple[int, int]:
        """When a call began, and the first moment after it."""
        after = self.started[call + 1] if call + 1 < len(self.started) else nanotime(self.kernel)
        return self.started[call], after

    def tree(self) -> dict[bytes, Stat]:
        """All files by their path from the top; a call, in which directories are read."""
        self.started.append(nanotime(self.kernel))
        found: dict[bytes, Stat] = {}
        self._walk(TOP, b".", found)
        self.kernel.clock.now += 1
        return found

    def _walk(self, path: bytes, name: bytes, found: dict[bytes, Stat]) -> None:
        found[name] = stat = self.root.lstat(path)
        if stat.st_mode & S_IFMT == S_IFDIR:
            for child in self._names(self.root, self.root.open(path, O_DIRECTORY)):
                self._walk(path + b"/" + child, name + b"/" + child, found)

    def open(self, p: Any, at: int | None, path: bytes, flags: int, mode: int) -> int:
        flags |= O_NONBLOCK
        if at is None:
            fd = p.open(path, flags, mode)
        else:
            fd = p.openat(at, path, flags, mode)
        return self._opened(p, fd)

    def _opened(self, p: Any, fd: int) -> int:
        self.opened[self.processes.index(p)].add(fd)
        return fd

    def close(self, p: Any, fd: int) -> None:
        p.close(fd)
        self.opened[self.processes.index(p)].remove(fd)

    def dup(self, p: Any, fd: int) -> int:
        return self._opened(p, p.dup(fd))

    def dup2(self, p: Any, fd: int, to: int) -> int:
        return self._opened(p, p.dup2(fd, to))

    def listdir(self, p: Any, at: int | None, path: bytes) -> list[bytes]:
        flags = O_DIRECTORY | O_NONBLOCK
        fd = p.open(path, flags) if at is None else p.openat(at, path, flags)
        return self._names(p, fd)

    def entries(self, p: Any, fd: int) -> list[bytes]:
        if p.fstat(fd).st_mode & S_IFMT == S_IFDIR:
            p.lseek(fd, 0, SEEK_SET)
        return _entries(p, fd)

    def mkdir(self, p: Any, at: int | None, path: bytes, mode: int) -> None:
        p.mkdir(path, mode) if at is None else p.mkdirat(at, path, mode)

    def mkfifo(self, p: Any, at: int | None, path: bytes, mode: int) -> None:
        p.mkfifo(path, mode) if at is None else p.mkfifoat(at, path, mode)

    def mknod(self, p: Any, at: int | None, path: bytes, mode: int, dev: int) -> None:
        p.mknod(path, mode, dev) if at is None else p.mknodat(at, path, mode, dev)

    def symlink(self, p: Any, target: bytes, at: int | None, path: bytes) -> None:
        p.symlink(target, path) if at is None else p.symlinkat(target, at, path)

    def readlink(self, p: Any, at: int | None, path: bytes) -> bytes:
        return p.readlink(path, BUFFER) if at is None else p.readlinkat(at, path, BUFFER)

    def link(
        self, p: Any, at: int | None, old: bytes, at2: int | None, new: bytes, follow: bool
    ) -> None:
        if at is None and at2 is None and follow:
            p.link(old, new)
        else:
            p.linkat(_dir(at), old, _dir(at2), new, AT_SYMLINK_FOLLOW if follow else 0)

    def unlink(self, p: Any, at: int | None, path: bytes, removedir: bool) -> None:
        if at is None:
            p.rmdir(path) if removedir else p.unlink(path)
        else:
            p.unlinkat(at, path, AT_REMOVEDIR if removedir else 0)

    def rename(self, p: Any, at: int | None, old: bytes, at2: int | None, new: bytes) -> None:
        if at is None and at2 is None:
            p.rename(old, new)
        else:
            p.renameat(_dir(at), old, _dir(at2), new)

    def chmod(self, p: Any, at: int | None, path: bytes, mode: int, follow: bool) -> None:
        if at is None:
            p.chmod(path, mode) if follow else p.lchmod(path, mode)
        else:
            p.fchmodat(at, path, mode, _follow(follow))

    def chown(self, p: Any, at: int | None, path: bytes, uid: int, gid: int, follow: bool) -> None:
        if at is None:
            p.chown(path, uid, gid) if follow else p.lchown(path, uid, gid)
        else:
            p.fchownat(at, path, uid, gid, _follow(follow))

    def chflags(self, p: Any, path: bytes, flags: int, follow: bool) -> None:
        p.chflags(path, flags) if follow else p.lchflags(path, flags)

    def utimens(
        self, p: Any, at: int | None, path: bytes, times: Times | None, follow: bool
    ) -> None:
        p.utimensat(_dir(at), path, _times(times), _follow(follow))

    def futimens(self, p: Any, fd: int, times: Times | None) -> None:
        p.futimens(fd, _times(times))

    def stat(self, p: Any, at: int | None, path: bytes, follow: bool) -> Stat:
        if at is None:
            return p.stat(path) if follow else p.lstat(path)
        return p.fstatat(at, path, _follow(follow))

    def access(self, p: Any, at: int | None, path: bytes, mode: int) -> None:
        p.access(path, mode) if at is None else p.faccessat(at, path, mode, 0)

    def __getattr__(self, name: str) -> Any:
        """A call that libc has with the model's arguments; None for its 0."""
        quiet = name not in {"read", "pread", "write", "pwrite", "lseek", "umask", "fstat"}

        def make(p: Any, *args: Any) -> Any:
            value = p.call(name, *args)
            return None if quiet and value == 0 else value

        return make


def _entries(p: api.Process, fd: int) -> list[bytes]:
    names = []
    while data := p.getdents(fd, BUFFER):
        names += [entry.d_name for entry in dirents(data)]
    return sorted(name for name in names if name not in {b".", b".."})


def _dir(at: int | None) -> int:
    return AT_FDCWD if at is None else at


def _follow(follow: bool) -> int:
    return 0 if follow else AT_SYMLINK_NOFOLLOW


def _times(times: Times | None) -> tuple[Timespec, Timespec] | None:
    return None if times is None else (Timespec(*times[0]), Timespec(*times[1]))
