# SPDX-License-Identifier: BSD-2-Clause
"""What each call on files leaves in a trace when it succeeds: paths looked up, bytes moved."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

import pytest

from kernel import api
from kernel.api import Process
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    AT_FDCWD,
    F_GETFL,
    LOCK_SH,
    O_CREAT,
    O_DIRECTORY,
    O_RDONLY,
    O_RDWR,
)
from kernel.sys.file import POLLIN, POLLOUT
from kernel.sys.ioccom import FIONREAD
from kernel.sys.ktrace import (
    KTR_GENIO,
    KTR_NAMEI,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KTRUSER_SYMLINK_TARGET,
    KtrGenio,
    KtrUser,
)
from kernel.sys.stat import S_IFCHR, UF_NODUMP
from kernel.sys.time import Timespec, Timeval
from kernel.sys.types import makedev
from kernel.sys.uio import UIO_READ, UIO_WRITE
from kernel.sys.unistd import _PC_NAME_MAX, FFILESYNC, SEEK_END
from tests.syscalls.errnos import CALLS, Traced
from userland.libktrace import Record


class Place(NamedTuple):
    """A process at work, with descriptors open."""

    p: Process
    file: int  # of "f", which holds "hello"
    directory: int  # of "d", which has the file "g"
    rfd: int  # of a pipe that holds "pipe"
    wfd: int


class Namei(NamedTuple):
    """A path that is looked up."""

    path: bytes


class User(NamedTuple):
    """What the kernel itself says, under a label."""

    label: bytes
    data: bytes


class Genio(NamedTuple):
    """Bytes that move through a descriptor; None: any."""

    rw: int
    data: bytes | None


def read(data: bytes | None) -> Genio:
    return Genio(UIO_READ, data)


def wrote(data: bytes) -> Genio:
    return Genio(UIO_WRITE, data)


NOW = (Timeval(1, 0), Timeval(2, 0))
THEN = (Timespec(1, 0), Timespec(2, 0))
NOTHING: tuple[Any, ...] = ()
F, D, G, L, N = (Namei(name) for name in (b"f", b"d", b"g", b"l", b"new"))
TARGET = User(KTRUSER_SYMLINK_TARGET, b"f")
NULL = makedev(2, 2)

Act = Callable[[Place], object]
Expected: TypeAlias = Namei | User | Genio

# What is done, and what lies between CALL and RET of its last call.
TRACES: dict[str, tuple[Act, tuple[Expected, ...]]] = {
    "access": (lambda w: w.p.access(b"f", 4), (F,)),
    "chdir": (lambda w: w.p.chdir(b"d"), (D,)),
    "chflags": (lambda w: w.p.chflags(b"f", UF_NODUMP), (F,)),
    "chmod": (lambda w: w.p.chmod(b"f", 0o600), (F,)),
    "chown": (lambda w: w.p.chown(b"f", 1, 1), (F,)),
    "chroot": (lambda w: w.p.chroot(b"d"), (D,)),
    "close": (lambda w: w.p.close(w.file), NOTHING),
    "dup": (lambda w: w.p.dup(w.file), NOTHING),
    "dup2": (lambda w: w.p.dup2(w.file, 20), NOTHING),
    "dup3": (lambda w: w.p.dup3(w.file, 20, 0), NOTHING),
    "faccessat": (lambda w: w.p.faccessat(w.directory, b"g", 4, 0), (G,)),
    "fchdir": (lambda w: w.p.fchdir(w.directory), NOTHING),
    "fchflags": (lambda w: w.p.fchflags(w.file, UF_NODUMP), NOTHING),
    "fchmod": (lambda w: w.p.fchmod(w.file, 0o600), NOTHING),
    "fchmodat": (lambda w: w.p.fchmodat(w.directory, b"g", 0o600, 0), (G,)),
    "fchown": (lambda w: w.p.fchown(w.file, 1, 1), NOTHING),
    "fchownat": (lambda w: w.p.fchownat(w.directory, b"g", 1, 1, 0), (G,)),
    "fchroot": (lambda w: w.p.fchroot(w.directory), NOTHING),
    "fcntl": (lambda w: w.p.fcntl(w.file, F_GETFL), NOTHING),
    "fdatasync": (lambda w: w.p.fdatasync(w.file), NOTHING),
    "flock": (lambda w: w.p.flock(w.file, LOCK_SH), NOTHING),
    "fpathconf": (lambda w: w.p.fpathconf(w.file, _PC_NAME_MAX), NOTHING),
    "fstat": (lambda w: w.p.fstat(w.file), NOTHING),
    "fstatat": (lambda w: w.p.fstatat(w.directory, b"g", 0), (G,)),
    "fstatvfs1": (lambda w: w.p.fstatvfs(w.file), NOTHING),
    "fsync": (lambda w: w.p.fsync(w.file), NOTHING),
    "fsync_range": (lambda w: w.p.fsync_range(w.file, FFILESYNC, 0, 0), NOTHING),
    "ftruncate": (lambda w: w.p.ftruncate(w.file, 2), NOTHING),
    "futimens": (lambda w: w.p.futimens(w.file, THEN), NOTHING),
    "futimes": (lambda w: w.p.futimes(w.file, NOW), NOTHING),
    "getcwd": (lambda w: w.p.getcwd(), NOTHING),
    "getdents": (lambda w: w.p.getdents(w.directory, 512), (read(None),)),
    "getvfsstat": (lambda w: w.p.getvfsstat(1), NOTHING),
    "ioctl": (lambda w: w.p.ioctl(w.rfd, FIONREAD), (read(None),)),
    "lchflags": (lambda w: w.p.lchflags(b"l", UF_NODUMP), (L,)),
    "lchmod": (lambda w: w.p.lchmod(b"l", 0o700), (L,)),
    "lchown": (lambda w: w.p.lchown(b"l", 1, 1), (L,)),
    "link": (lambda w: w.p.link(b"f", b"new"), (F, N)),
    "linkat": (lambda w: w.p.linkat(w.directory, b"g", AT_FDCWD, b"new", 0), (G, N)),
    "lpathconf": (lambda w: w.p.lpathconf(b"l", _PC_NAME_MAX), (L,)),
    "lseek": (lambda w: w.p.lseek(w.file, 0, SEEK_END), NOTHING),
    "lstat": (lambda w: w.p.lstat(b"l"), (L,)),
    "lutimes": (lambda w: w.p.lutimes(b"l", NOW), (L,)),
    "mkdir": (lambda w: w.p.mkdir(b"new", 0o700), (N,)),
    "mkdirat": (lambda w: w.p.mkdirat(w.directory, b"new", 0o700), (N,)),
    "mkfifo": (lambda w: w.p.mkfifo(b"new", 0o600), (N,)),
    "mkfifoat": (lambda w: w.p.mkfifoat(w.directory, b"new", 0o600), (N,)),
    "mknod": (lambda w: w.p.mknod(b"new", S_IFCHR | 0o600, NULL), (N,)),
    "mknodat": (lambda w: w.p.mknodat(w.directory, b"new", S_IFCHR | 0o600, NULL), (N,)),
    "open": (lambda w: w.p.open(b"new", O_CREAT | O_RDWR, 0o600), (N,)),
    "openat": (lambda w: w.p.openat(w.directory, b"g", O_RDONLY), (G,)),
    "pathconf": (lambda w: w.p.pathconf(b"f", _PC_NAME_MAX), (F,)),
    "pipe": (lambda w: w.p.pipe(), NOTHING),
    "pipe2": (lambda w: w.p.pipe2(0), NOTHING),
    "poll": (lambda w: w.p.poll([(w.wfd, POLLOUT)]), NOTHING),
    "pollts": (lambda w: w.p.pollts([(w.rfd, POLLIN)]), NOTHING),
    "posix_chown": (lambda w: w.p.__getattr__("__posix_chown")(b"f", 1, 1), (F,)),
    "posix_fadvise": (lambda w: w.p.posix_fadvise(w.file, 0, 0, 0), NOTHING),
    "posix_fallocate": (lambda w: w.p.posix_fallocate(w.file, 0, 99), NOTHING),
    "posix_fchown": (lambda w: w.p.__getattr__("__posix_fchown")(w.file, 1, 1), NOTHING),
    "posix_lchown": (lambda w: w.p.__getattr__("__posix_lchown")(b"l", 1, 1), (L,)),
    "posix_rename": (lambda w: w.p.__getattr__("__posix_rename")(b"f", b"new"), (F, N)),
    "pread": (lambda w: w.p.pread(w.file, 9, 1), (read(b"ello"),)),
    "preadv": (
        lambda w: w.p.preadv(w.file, [bytearray(2), bytearray(9)], 1),
        (read(b"el"), read(b"lo")),
    ),
    "pselect": (lambda w: w.p.pselect([w.rfd]), NOTHING),
    "pwrite": (lambda w: w.p.pwrite(w.file, b"abc", 1), (wrote(b"abc"),)),
    "pwritev": (lambda w: w.p.pwritev(w.file, [b"ab", b"c"], 1), (wrote(b"ab"), wrote(b"c"))),
    "read": (lambda w: w.p.read(w.rfd, 100), (read(b"pipe"),)),
    "readlink": (lambda w: w.p.readlink(b"l", 100), (L,)),
    "readlinkat": (lambda w: w.p.readlinkat(AT_FDCWD, b"l", 100), (L,)),
    "readv": (
        lambda w: w.p.readv(w.file, [bytearray(2), bytearray(9)]),
        (read(b"he"), read(b"llo")),
    ),
    "rename": (lambda w: w.p.rename(b"f", b"new"), (F, N)),
    "renameat": (lambda w: w.p.renameat(w.directory, b"g", AT_FDCWD, b"new"), (G, N)),
    "rmdir": (lambda w: w.p.rmdir(b"e"), (Namei(b"e"),)),
    "select": (lambda w: w.p.select([w.rfd]), NOTHING),
    "stat": (lambda w: w.p.stat(b"l"), (L,)),
    "statvfs1": (lambda w: w.p.statvfs(b"f"), (F,)),
    "symlink": (lambda w: w.p.symlink(b"f", b"new"), (TARGET, N)),
    "symlinkat": (lambda w: w.p.symlinkat(b"f", w.directory, b"new"), (TARGET, N)),
    "sync": (lambda w: w.p.sync(), NOTHING),
    "truncate": (lambda w: w.p.truncate(b"f", 2), (F,)),
    "umask": (lambda w: w.p.umask(0), NOTHING),
    "unlink": (lambda w: w.p.unlink(b"f"), (F,)),
    "unlinkat": (lambda w: w.p.unlinkat(w.directory, b"g", 0), (G,)),
    "utimensat": (lambda w: w.p.utimensat(w.directory, b"g", THEN), (G,)),
    "utimes": (lambda w: w.p.utimes(b"f", NOW), (F,)),
    "write": (lambda w: w.p.write(w.wfd, b"more"), (wrote(b"more"),)),
    "writev": (lambda w: w.p.writev(w.file, [b"ab", b"c"]), (wrote(b"ab"), wrote(b"c"))),
}


WORDS: Final = {Namei: "NAMI", User: "USER", Genio: "GIO"}


def kinds(middle: tuple[Expected, ...]) -> str:
    """The records of a call in kdump's words."""
    return " ".join(["CALL", *(WORDS[type(record)] for record in middle), "RET"])


@pytest.fixture
def place(root: Process) -> Place:
    fd = root.open(b"f", O_CREAT | O_RDWR, 0o644)
    root.write(fd, b"hello")
    root.lseek(fd, 0, 0)
    for name in (b"d", b"e"):
        root.mkdir(name, 0o755)
    root.close(root.open(b"d/g", O_CREAT | O_RDWR, 0o644))
    root.symlink(b"f", b"l")
    directory = root.open(b"d", O_RDONLY | O_DIRECTORY)
    rfd, wfd = root.pipe()
    root.write(wfd, b"pipe")
    return Place(root, fd, directory, rfd, wfd)


def matches(record: Record, expected: Expected) -> bool:
    """Whether a record is the one that was expected."""
    if isinstance(expected, Namei):
        return record.type == KTR_NAMEI and record.payload == expected.path
    if isinstance(expected, User):
        said = record.type == KTR_USER and record.body(KtrUser).ktr_id.rstrip(b"\0")
        return said == expected.label and record.data == expected.data
    if record.type != KTR_GENIO or record.body(KtrGenio).ktr_rw != expected.rw:
        return False
    return expected.data is None or record.data == expected.data


@pytest.mark.parametrize(
    ("call", "act", "middle"),
    [
        pytest.param(call, act, middle, id=call, marks=pytest.mark.trace(call, kinds(middle)))
        for call, (act, middle) in TRACES.items()
    ],
)
def test_records(k: api.System, place: Place, call, act, middle):
    """Between CALL and RET: each path that is looked up, then the bytes that moved."""
    trace = Traced(k, place.p)
    act(place)
    records = trace.records()
    begin = [at for at, r in enumerate(records) if r.type == KTR_SYSCALL][-1]
    last = records[begin:]
    assert last[0].body().ktr_code == CALLS[call].number
    assert last[-1].type == KTR_SYSRET
    assert last[-1].body().ktr_error == 0
    assert len(last) == len(middle) + 2, last
    for record, expected in zip(last[1:-1], middle, strict=True):
        assert matches(record, expected), record


@pytest.mark.trace("fdiscard", "CALL RET")
def test_records_of_what_tmpfs_cannot(k: api.System, place: Place):
    """A refusal is recorded as any return is."""
    trace = Traced(k, place.p)
    with pytest.raises(OSError, match="not supported"):
        place.p.fdiscard(place.file, 0, 2)
    call, ret = trace.records()[-2:]
    assert (call.type, ret.type) == (KTR_SYSCALL, KTR_SYSRET)
    assert call.body().ktr_code == CALLS["fdiscard"].number
    assert ret.body().ktr_error == Errno.EOPNOTSUPP
