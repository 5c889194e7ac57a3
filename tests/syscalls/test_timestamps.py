# SPDX-License-Identifier: BSD-2-Clause
"""Which times each call changes, of the file and of its directory: one table for all calls.

NetBSD's tmpfs: tmpfs_update's callers in sys/fs/tmpfs.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from kernel.api import Process, System
from kernel.cli.syscalls import implemented
from kernel.kern.init_sysent import sysent
from kernel.sys.fcntl import (
    AT_FDCWD,
    AT_REMOVEDIR,
    AT_SYMLINK_NOFOLLOW,
    F_GETFL,
    LOCK_SH,
    O_APPEND,
    O_CREAT,
    O_NONBLOCK,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
)
from kernel.sys.file import POLLIN
from kernel.sys.ioccom import FIONREAD
from kernel.sys.mount_args import tmpfs_args
from kernel.sys.stat import S_IFCHR, UF_IMMUTABLE, UF_NODUMP, UTIME_NOW, UTIME_OMIT
from kernel.sys.syscall import SYSCALLS
from kernel.sys.time import Timespec, Timeval
from kernel.sys.types import makedev
from kernel.sys.unistd import _PC_NAME_MAX, FFILESYNC, SEEK_END
from tests.syscalls.errnos import manual_name
from userland.libc.syscall import call as trap

BAD = 0x1000  # an address where there is nothing
NULL = makedev(2, 2)
PAST = (Timeval(1, 0), Timeval(2, 0))
FUTURE = (Timespec(1 << 32, 0), Timespec(1 << 33, 0))
OMIT = Timespec(0, UTIME_OMIT)
NOW = Timespec(0, UTIME_NOW)


class World(NamedTuple):
    """Files of all types in two directories, open; d/l, a symbolic link to f, is looked up."""

    p: Process
    t: int  # the current directory
    d: int
    e: int
    f: int  # d/f, "hello"; e/g2 is the same
    s: int  # d/s, an empty directory
    q: int  # d/p, a FIFO with a byte in it
    n: int  # d/n, a /dev/null
    g: int  # e/g, an empty file with one name


def refused(act: Callable[[], object]) -> None:
    """Do what fails."""
    with pytest.raises(OSError):  # noqa: PT011
        act()


# A call, after a colon how; what is done; whose times change: a(ccess), m(odification),
# c(hange), b(irth).  "new" is a file that the call makes: its times are all those of the call.
TABLE: dict[str, tuple[Callable[[World], object], dict[str, str]]] = {
    "access": (lambda w: w.p.access(b"d/f", 4), {}),
    "access: through a link": (lambda w: w.p.access(b"d/l", 4), {"l": "a"}),
    "chdir": (lambda w: w.p.chdir(b"d"), {}),
    "chflags": (lambda w: w.p.chflags(b"d/f", UF_NODUMP), {"f": "c"}),
    "chflags: the same": (lambda w: w.p.chflags(b"d/f", 0), {"f": "c"}),
    "chflags: all ones": (lambda w: w.p.chflags(b"d/f", -1), {}),
    "chmod": (lambda w: w.p.chmod(b"d/f", 0o600), {"f": "c"}),
    "chmod: the same": (lambda w: w.p.chmod(b"d/f", 0o644), {"f": "c"}),
    "chmod: a directory": (lambda w: w.p.chmod(b"d", 0o700), {"d": "c"}),
    "chmod: through a link": (lambda w: w.p.chmod(b"d/l", 0o600), {"f": "c", "l": "a"}),
    "chown": (lambda w: w.p.chown(b"d/f", 1, 2), {"f": "c"}),
    "chown: the same": (lambda w: w.p.chown(b"d/f", 0, 0), {"f": "c"}),
    "chown: -1, -1": (lambda w: w.p.chown(b"d/f", -1, -1), {}),
    "chroot": (lambda w: w.p.chroot(b"d"), {}),
    "close": (lambda w: w.p.close(w.p.dup(w.f)), {}),
    "dup": (lambda w: w.p.dup(w.f), {}),
    "dup2": (lambda w: w.p.dup2(w.f, 50), {}),
    "dup3": (lambda w: w.p.dup3(w.f, 50, 0), {}),
    "faccessat": (lambda w: w.p.faccessat(w.d, b"f", 4), {}),
    "fchdir": (lambda w: w.p.fchdir(w.d), {}),
    "fchflags": (lambda w: w.p.fchflags(w.f, UF_NODUMP), {"f": "c"}),
    "fchmod": (lambda w: w.p.fchmod(w.f, 0o600), {"f": "c"}),
    "fchmodat": (lambda w: w.p.fchmodat(w.d, b"f", 0o600), {"f": "c"}),
    "fchmodat: a link": (lambda w: w.p.fchmodat(w.d, b"l", 0, AT_SYMLINK_NOFOLLOW), {"l": "c"}),
    "fchown": (lambda w: w.p.fchown(w.f, 1, 2), {"f": "c"}),
    "fchownat": (lambda w: w.p.fchownat(w.d, b"f", 1, 2), {"f": "c"}),
    "fchroot": (lambda w: w.p.fchroot(w.d), {}),
    "fcntl": (lambda w: w.p.fcntl(w.f, F_GETFL), {}),
    "fdatasync": (lambda w: w.p.fdatasync(w.f), {}),
    "fdiscard": (lambda w: refused(lambda: w.p.fdiscard(w.f, 0, 2)), {}),
    "flock": (lambda w: w.p.flock(w.f, LOCK_SH), {}),
    "fpathconf": (lambda w: w.p.fpathconf(w.f, _PC_NAME_MAX), {}),
    "fstat": (lambda w: w.p.fstat(w.f), {}),
    "fstatat": (lambda w: w.p.fstatat(w.d, b"f"), {}),
    "fstatvfs1": (lambda w: w.p.fstatvfs(w.f), {}),
    "fsync": (lambda w: w.p.fsync(w.f), {}),
    "fsync_range": (lambda w: w.p.fsync_range(w.f, FFILESYNC, 0, 0), {}),
    "ftruncate": (lambda w: w.p.ftruncate(w.f, 2), {"f": "mc"}),
    "ftruncate: to the same size": (lambda w: w.p.ftruncate(w.f, 5), {"f": "mc"}),
    "ftruncate: a FIFO": (lambda w: w.p.ftruncate(w.q, 2), {}),
    "futimens": (lambda w: w.p.futimens(w.f, FUTURE), {"f": "am"}),
    "futimens: omitted": (lambda w: w.p.futimens(w.f, (OMIT, OMIT)), {}),
    "futimens: one now": (lambda w: w.p.futimens(w.f, (OMIT, NOW)), {"f": "m"}),
    "futimes": (lambda w: w.p.futimes(w.f), {"f": "am"}),
    "getdents": (lambda w: w.p.getdents(w.d, 512), {"d": "a"}),
    "getdents: at the end": (
        lambda w: (w.p.getdents(w.d, 512), w.p.getdents(w.d, 512)),
        {"d": "a"},
    ),
    "getdents: an empty one": (lambda w: w.p.getdents(w.s, 512), {"s": "a"}),
    "getvfsstat": (lambda w: w.p.getvfsstat(), {}),
    "ioctl": (lambda w: w.p.ioctl(w.f, FIONREAD), {}),
    "lchflags": (lambda w: w.p.lchflags(b"d/l", UF_NODUMP), {"l": "c"}),
    "lchmod": (lambda w: w.p.lchmod(b"d/l", 0o700), {"l": "c"}),
    "lchown": (lambda w: w.p.lchown(b"d/l", 1, 2), {"l": "c"}),
    "link": (lambda w: w.p.link(b"d/f", b"d/new2"), {"f": "c", "d": "mc"}),
    "link: elsewhere": (lambda w: w.p.link(b"d/f", b"e/new2"), {"f": "c", "e": "mc"}),
    "linkat": (lambda w: w.p.linkat(w.d, b"l", w.e, b"new2"), {"l": "c", "e": "mc"}),
    "lpathconf": (lambda w: w.p.lpathconf(b"d/l", _PC_NAME_MAX), {}),
    "lseek": (lambda w: w.p.lseek(w.f, 0, SEEK_END), {}),
    "lstat": (lambda w: w.p.lstat(b"d/l"), {}),
    "lutimes": (lambda w: w.p.lutimes(b"d/l", PAST), {"l": "amb"}),
    "mkdir": (lambda w: w.p.mkdir(b"d/new", 0o755), {"d": "mc", "new": "amcb"}),
    "mkdirat": (lambda w: w.p.mkdirat(w.d, b"new", 0o755), {"d": "mc", "new": "amcb"}),
    "mkfifo": (lambda w: w.p.mkfifo(b"d/new", 0o644), {"d": "mc", "new": "amcb"}),
    "mkfifoat": (lambda w: w.p.mkfifoat(w.d, b"new", 0o644), {"d": "mc", "new": "amcb"}),
    "mknod": (lambda w: w.p.mknod(b"d/new", S_IFCHR, NULL), {"d": "mc", "new": "amcb"}),
    "mknodat": (lambda w: w.p.mknodat(w.d, b"new", S_IFCHR, NULL), {"d": "mc", "new": "amcb"}),
    "mount": (lambda w: w.p.mount(b"tmpfs", b"d/s", 0, tmpfs_args()), {}),
    "open": (lambda w: w.p.open(b"d/f", O_RDWR), {}),
    "open: a new file": (
        lambda w: w.p.open(b"d/new", O_CREAT | O_RDWR),
        {"d": "mc", "new": "amcb"},
    ),
    "open: one that is there": (lambda w: w.p.open(b"d/f", O_CREAT | O_RDWR), {}),
    "open: cut": (lambda w: w.p.open(b"d/f", O_WRONLY | O_TRUNC), {"f": "mc"}),
    "open: cut an empty file": (lambda w: w.p.open(b"e/g", O_WRONLY | O_TRUNC), {"g": "mc"}),
    "open: to append": (lambda w: w.p.open(b"d/f", O_WRONLY | O_APPEND), {}),
    "open: a directory": (lambda w: w.p.open(b"d", O_RDONLY), {}),
    "open: a FIFO": (lambda w: w.p.open(b"d/p", O_RDONLY | O_NONBLOCK), {}),
    "openat": (lambda w: w.p.openat(w.d, b"new", O_CREAT | O_RDWR), {"d": "mc", "new": "amcb"}),
    "pathconf": (lambda w: w.p.pathconf(b"d/f", _PC_NAME_MAX), {}),
    "pipe": (lambda w: w.p.pipe(), {}),
    "pipe2": (lambda w: w.p.pipe2(0), {}),
    "poll": (lambda w: w.p.poll([(w.q, POLLIN), (w.f, POLLIN)]), {}),
    "pollts": (lambda w: w.p.pollts([(w.q, POLLIN), (w.f, POLLIN)]), {}),
    "posix_chown": (lambda w: w.p.call("__posix_chown", b"d/f", 1, 2), {"f": "c"}),
    "posix_fadvise": (lambda w: w.p.posix_fadvise(w.f, 0, 0, 0), {}),
    "posix_fallocate": (lambda w: w.p.posix_fallocate(w.f, 0, 99), {}),
    "posix_fchown": (lambda w: w.p.call("__posix_fchown", w.f, 1, 2), {"f": "c"}),
    "posix_lchown": (lambda w: w.p.call("__posix_lchown", b"d/l", 1, 2), {"l": "c"}),
    "posix_rename": (
        lambda w: w.p.call("__posix_rename", b"d/f", b"d/new2"),
        {"f": "c", "d": "mc"},
    ),
    "posix_rename: two names": (lambda w: w.p.call("__posix_rename", b"d/f", b"e/g2"), {}),
    "pread": (lambda w: w.p.pread(w.f, 2, 1), {"f": "a"}),
    "preadv": (lambda w: w.p.preadv(w.f, [bytearray(2)], 1), {"f": "a"}),
    "pselect": (lambda w: w.p.pselect([w.q, w.f]), {}),
    "pwrite": (lambda w: w.p.pwrite(w.f, b"x", 1), {"f": "mc"}),
    "pwritev": (lambda w: w.p.pwritev(w.f, [b"x"], 1), {"f": "mc"}),
    "read": (lambda w: w.p.read(w.f, 2), {"f": "a"}),
    "read: at the end": (lambda w: w.p.read(w.g, 2), {"g": "a"}),
    "read: nothing": (lambda w: w.p.read(w.f, 0), {}),
    "read: into nowhere": (
        lambda w: refused(lambda: w.p.call(trap, "read", w.f, BAD, 2)),
        {"f": "a"},
    ),
    "read: a directory": (lambda w: refused(lambda: w.p.read(w.d, 100)), {}),
    "read: a FIFO": (lambda w: w.p.read(w.q, 1), {"q": "a"}),
    "read: a device": (lambda w: w.p.read(w.n, 1), {"n": "a"}),
    "readlink": (lambda w: w.p.readlink(b"d/l", 9), {"l": "a"}),
    "readlinkat": (lambda w: w.p.readlinkat(w.d, b"l", 9), {"l": "a"}),
    "readv": (lambda w: w.p.readv(w.f, [bytearray(2)]), {"f": "a"}),
    "rename": (lambda w: w.p.rename(b"d/f", b"d/new2"), {"f": "c", "d": "mc"}),
    "rename: elsewhere": (
        lambda w: w.p.rename(b"d/f", b"e/new2"),
        {"f": "c", "d": "mc", "e": "mc"},
    ),
    "rename: a directory": (
        lambda w: w.p.rename(b"d/s", b"e/s"),
        {"s": "c", "d": "mc", "e": "mc"},
    ),
    "rename: over the last name": (
        lambda w: w.p.rename(b"d/l", b"e/g"),
        {"d": "mc", "e": "mc"},
    ),
    "rename: over one of two names": (
        lambda w: w.p.rename(b"e/g", b"d/f"),
        {"f": "c", "g": "c", "d": "mc", "e": "mc"},
    ),
    "rename: to itself": (lambda w: w.p.rename(b"d/f", b"d/f"), {}),
    "renameat": (lambda w: w.p.renameat(w.d, b"f", w.d, b"new2"), {"f": "c", "d": "mc"}),
    "revoke": (lambda w: w.p.revoke(b"/dev/constty"), {}),
    "rmdir": (lambda w: w.p.rmdir(b"d/s"), {"d": "mc"}),
    "select": (lambda w: w.p.select([w.q, w.f]), {}),
    "stat": (lambda w: w.p.stat(b"d/f"), {}),
    "stat: through a link": (lambda w: w.p.stat(b"d/l"), {"l": "a"}),
    "statvfs1": (lambda w: w.p.statvfs(b"d/f"), {}),
    "symlink": (lambda w: w.p.symlink(b"f", b"d/new"), {"d": "mc", "new": "amcb"}),
    "symlinkat": (lambda w: w.p.symlinkat(b"f", w.d, b"new"), {"d": "mc", "new": "amcb"}),
    "sync": (lambda w: w.p.sync(), {}),
    "truncate": (lambda w: w.p.truncate(b"d/f", 2), {"f": "mc"}),
    "truncate: by a hole": (lambda w: w.p.truncate(b"d/f", 1 << 40), {"f": "mc"}),
    "truncate: to the same size": (lambda w: w.p.truncate(b"d/f", 5), {"f": "mc"}),
    "truncate: an empty file": (lambda w: w.p.truncate(b"e/g", 0), {"g": "mc"}),
    "truncate: a FIFO": (lambda w: w.p.truncate(b"d/p", 2), {}),
    "umask": (lambda w: w.p.umask(0), {}),
    "undelete": (lambda w: refused(lambda: w.p.undelete(b"d/gone")), {}),
    "unlink": (lambda w: w.p.unlink(b"d/f"), {"f": "c", "d": "mc"}),
    "unlink: the last name": (lambda w: w.p.unlink(b"e/g"), {"e": "mc"}),
    "unlinkat": (lambda w: w.p.unlinkat(w.d, b"f"), {"f": "c", "d": "mc"}),
    "unlinkat: a directory": (lambda w: w.p.unlinkat(w.d, b"s", AT_REMOVEDIR), {"d": "mc"}),
    "unmount": (lambda w: (TABLE["mount"][0](w), w.p.unmount(b"d/s")), {}),
    "utimensat": (lambda w: w.p.utimensat(w.d, b"f", FUTURE), {"f": "am"}),
    "utimensat: through a link": (
        lambda w: w.p.utimensat(AT_FDCWD, b"d/l", FUTURE),
        {"f": "am", "l": "a"},
    ),
    "utimes": (lambda w: w.p.utimes(b"d/f", PAST), {"f": "amb"}),
    "utimes: now": (lambda w: w.p.utimes(b"d/f"), {"f": "am"}),
    "write": (lambda w: w.p.write(w.f, b"x"), {"f": "mc"}),
    "write: nothing": (lambda w: w.p.write(w.f, b""), {}),
    "write: from nowhere": (
        lambda w: refused(lambda: w.p.call(trap, "write", w.f, BAD, 2)),
        {"f": "mc"},
    ),
    "write: a FIFO": (lambda w: w.p.write(w.q, b"x"), {"q": "m"}),
    "write: a device": (lambda w: w.p.write(w.n, b"x"), {"n": "m"}),
    "writev": (lambda w: w.p.writev(w.f, [b"x", b"y"]), {"f": "mc"}),
}

# What fails, and so changes nothing.
FAILING: dict[str, Callable[[World], object]] = {
    "chmod": lambda w: w.p.chmod(b"d/f", 0o600),
    "chown": lambda w: w.p.chown(b"d/f", 1, 1),
    "utimes": lambda w: w.p.utimes(b"d/f", PAST),
    "truncate": lambda w: w.p.truncate(b"d/f", 0),
    "open": lambda w: w.p.open(b"d/f", O_RDWR | O_TRUNC),
    "unlink": lambda w: w.p.unlink(b"d/f"),
    "link": lambda w: w.p.link(b"d/f", b"e/new2"),
    "rename": lambda w: w.p.rename(b"d/f", b"e/new2"),
    "rename over it": lambda w: w.p.rename(b"e/g", b"d/f"),
    "mkdir": lambda w: w.p.mkdir(b"d/f", 0o755),
    "symlink": lambda w: w.p.symlink(b"x", b"d/f"),
    "rmdir": lambda w: w.p.rmdir(b"d"),
}


@pytest.fixture
def world(k: System, root: Process) -> World:
    p = root
    for path in (b"d", b"d/s", b"e"):
        p.mkdir(path, 0o755)
    f = p.open(b"d/f", O_CREAT | O_RDWR, 0o644)
    p.write(f, b"hello")
    p.lseek(f, 0, 0)
    p.symlink(b"f", b"d/l")
    p.link(b"d/f", b"e/g2")
    p.mkfifo(b"d/p", 0o644)
    p.mknod(b"d/n", S_IFCHR | 0o666, NULL)
    q = p.open(b"d/p", O_RDWR)
    p.write(q, b"x")
    g = p.open(b"e/g", O_CREAT | O_RDWR, 0o644)
    n = p.open(b"d/n", O_RDWR)
    t, d, e, s = (p.open(path, O_RDONLY) for path in (b".", b"d", b"e", b"d/s"))
    k.advance(1)
    return World(p, t, d, e, f, s, q, n, g)


def stats(w: World):
    """Stat everything, by descriptor: who has no name any more has times still."""
    told = {name: w.p.fstat(getattr(w, name)) for name in "tdefsqng"}
    for name, path in (("l", b"l"), ("new", b"new")):
        try:
            told[name] = w.p.fstatat(w.d, path, AT_SYMLINK_NOFOLLOW)
        except FileNotFoundError:
            continue
    return told


def changed(before, after):
    """Whose times are others now, and which."""
    fields = {"a": "st_atim", "m": "st_mtim", "c": "st_ctim", "b": "st_birthtim"}
    letters = {
        name: "".join(
            letter
            for letter, field in fields.items()
            if name not in before or getattr(before[name], field) != getattr(st, field)
        )
        for name, st in after.items()
    }
    return {name: which for name, which in letters.items() if which}


@pytest.mark.parametrize("call", TABLE)
def test_times(world: World, call: str):
    """Exactly these times change, and those that are set to the present are set to one time."""
    act, expected = TABLE[call]
    before = stats(world)
    act(world)
    after = stats(world)
    assert changed(before, after) == expected
    for name, letters in expected.items():
        st = after[name]
        if letters in {"mc", "amcb"}:
            assert st.st_mtim == st.st_ctim
        if letters == "amcb":
            assert st.st_atim == st.st_mtim == st.st_birthtim


@pytest.mark.parametrize("what", FAILING)
def test_failures_leave_the_times(world: World, what: str):
    """A change that a flag refuses leaves the times of all that had to do with it."""
    world.p.chflags(b"d/f", UF_IMMUTABLE)
    before = stats(world)
    refused(lambda: FAILING[what](world))
    assert changed(before, stats(world)) == {}


def test_execve_reads_the_program(k: System, root: Process):
    """Running a program is an access to it."""
    k.install(b"/t/p.py", b"")
    before = root.stat(b"p.py")
    p = k.process()
    p.call("execve", b"/t/p.py", ["p.py"], {})
    after = root.stat(b"p.py")
    assert after._replace(st_atim=0) == before._replace(st_atim=0)
    assert after.st_atim > before.st_atim


def test_each_call_on_files_is_in_the_table():
    """No call that has to do with files is left out."""
    side = ("sys_descrip", "sys_generic", "sys_pipe", "sys_select", "vfs_syscalls")
    calls = {
        manual_name(row)
        for row in SYSCALLS.values()
        if implemented(row)
        and sysent[row.number].sy_call.__module__.rpartition(".")[2].startswith(side)
    }
    assert calls - {call.partition(":")[0] for call in TABLE} == set()
