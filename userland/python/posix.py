# SPDX-License-Identifier: BSD-2-Clause
"""The posix module of a program: os, on this system's calls.  CPython Modules/posixmodule.c."""

import posix as _host
from collections.abc import Callable, Iterator, Mapping, Sequence
from os import PathLike
from types import TracebackType
from typing import Any, NoReturn, Self

from kernel.sys import fcntl as _fcntl
from kernel.sys import unistd as _unistd
from kernel.sys import wait as _wait
from kernel.sys.errno import Errno as _Errno
from kernel.sys.param import PATH_MAX as _PATH_MAX
from kernel.sys.stat import (
    S_ISDIR as _S_ISDIR,
)
from kernel.sys.stat import (
    S_ISLNK as _S_ISLNK,
)
from kernel.sys.stat import (
    S_ISREG as _S_ISREG,
)
from kernel.sys.stat import (
    Stat as _Stat,
)
from kernel.sys.time import Timespec as _Timespec
from userland import libc as _libc
from userland.libc import sys as _sys
from userland.libc.cerror import oserror as _oserror
from userland.libc.data import curdata as _curdata
from userland.libc.dirent import scandir as _readdir

Path = str | bytes | PathLike[str] | PathLike[bytes]

error = OSError
stat_result = _host.stat_result
terminal_size = _host.terminal_size
times_result = _host.times_result
uname_result = _host.uname_result
fspath = _host.fspath
environ: dict[bytes, bytes] = {}  # each process has its own
if hasattr(_host, "_path_normpath"):
    _path_normpath = _host._path_normpath

_have_functions = [
    "HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWN",
    "HAVE_FCHOWNAT", "HAVE_FSTATAT", "HAVE_FUTIMENS", "HAVE_LCHMOD", "HAVE_LCHOWN", "HAVE_LINKAT",
    "HAVE_LSTAT", "HAVE_MKDIRAT", "HAVE_MKFIFOAT", "HAVE_OPENAT", "HAVE_READLINKAT",
    "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT",
]  # fmt: skip

for _module, _prefixes in (
    (_fcntl, ("O_", "AT_")),
    (_unistd, ("F_OK", "R_OK", "W_OK", "X_OK", "SEEK_")),
    (_wait, ("W",)),
):
    globals().update({n: v for n, v in vars(_module).items() if n.startswith(_prefixes)})

F_OK, X_OK, W_OK, R_OK = 0, 1, 2, 4
EX_OK = 0
NGROUPS_MAX = 16
P_ALL, P_PID, P_PGID = 0, 1, 2
_NS = 1_000_000_000
_AT = _fcntl.AT_FDCWD


def _at(dir_fd: int | None) -> int:
    return _AT if dir_fd is None else dir_fd


def _like(path: Path, name: bytes) -> Any:
    """Return name as str, unless path is bytes."""
    return name if isinstance(fspath(path), bytes) else name.decode("utf-8", "surrogateescape")


def _result(st: _Stat) -> stat_result:
    seconds = tuple(t / _NS for t in (st.st_atim, st.st_mtim, st.st_ctim))
    whole = tuple(t // _NS for t in (st.st_atim, st.st_mtim, st.st_ctim))
    named = {
        "st_atime": seconds[0], "st_mtime": seconds[1], "st_ctime": seconds[2],
        "st_atime_ns": st.st_atim, "st_mtime_ns": st.st_mtim, "st_ctime_ns": st.st_ctim,
        "st_blksize": st.st_blksize, "st_blocks": st.st_blocks, "st_rdev": st.st_rdev,
    }  # fmt: skip
    head = (st.st_mode, st.st_ino, st.st_dev, st.st_nlink, st.st_uid, st.st_gid, st.st_size)
    return stat_result((*head, *whole), named)


# Descriptors.


def open(path: Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
    """Open a file, close-on-exec; return the descriptor."""
    flags |= _fcntl.O_CLOEXEC
    if dir_fd is None:
        return _sys.open(path, flags, mode)
    return _sys.openat(dir_fd, path, flags, mode)


close = _libc.close
read = _libc.read
write = _libc.write
lseek = _libc.lseek
fsync = _sys.fsync
fdatasync = _sys.fdatasync
sync = _sys.sync
isatty = _libc.isatty
pread = _sys.pread


def pwrite(fd: int, data: Any, offset: int, /) -> int:
    """Write at offset."""
    return _sys.pwrite(fd, data, offset)


def readv(fd: int, buffers: Sequence[Any], /) -> int:
    """Read into buffers."""
    return _libc.readv(fd, buffers)


def writev(fd: int, buffers: Sequence[Any], /) -> int:
    """Write buffers."""
    return _libc.writev(fd, buffers)


def preadv(fd: int, buffers: Sequence[Any], offset: int, flags: int = 0, /) -> int:
    """Read into buffers at offset."""
    del flags
    return _libc.preadv(fd, buffers, offset)


def pwritev(fd: int, buffers: Sequence[Any], offset: int, flags: int = 0, /) -> int:
    """Write buffers at offset."""
    del flags
    return _libc.pwritev(fd, buffers, offset)


def pipe() -> tuple[int, int]:
    """Make a pipe, close-on-exec."""
    return _libc.pipe2(_fcntl.O_CLOEXEC)


def pipe2(flags: int, /) -> tuple[int, int]:
    """Make a pipe."""
    return _libc.pipe2(flags)


def dup(fd: int, /) -> int:
    """Duplicate a descriptor, close-on-exec."""
    return _libc.fcntl(fd, _fcntl.F_DUPFD_CLOEXEC, 0)


def dup2(fd: int, fd2: int, inheritable: bool = True) -> int:
    """Make fd2 refer to what fd does."""
    if inheritable:
        return _sys.dup2(fd, fd2)
    return _sys.dup3(fd, fd2, _fcntl.O_CLOEXEC)


def get_inheritable(fd: int, /) -> bool:
    """Whether fd stays open over exec."""
    return not _libc.fcntl(fd, _fcntl.F_GETFD) & _fcntl.FD_CLOEXEC


def set_inheritable(fd: int, inheritable: int, /) -> None:
    """Say whether fd stays open over exec."""
    _libc.fcntl(fd, _fcntl.F_SETFD, 0 if inheritable else _fcntl.FD_CLOEXEC)


def get_blocking(fd: int, /) -> bool:
    """Whether I/O on fd waits."""
    return not _libc.fcntl(fd, _fcntl.F_GETFL) & _fcntl.O_NONBLOCK


def set_blocking(fd: int, blocking: bool, /) -> None:
    """Say whether I/O on fd waits."""
    flags = _libc.fcntl(fd, _fcntl.F_GETFL) & ~_fcntl.O_NONBLOCK
    _libc.fcntl(fd, _fcntl.F_SETFL, flags | (0 if blocking else _fcntl.O_NONBLOCK))


def closerange(low: int, high: int, /) -> None:
    """Close descriptors, open or not."""
    for fd in range(low, high):
        try:
            close(fd)
        except OSError:
            continue


# Attributes.


def stat(
    path: Path | int, *, dir_fd: int | None = None, follow_symlinks: bool = True
) -> stat_result:
    """Return a file's attributes."""
    if isinstance(path, int):
        return fstat(path)
    if dir_fd is not None:
        flag = 0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
        return _result(_sys.fstatat(dir_fd, path, flag))
    return _result(_sys.stat(path) if follow_symlinks else _sys.lstat(path))


def lstat(path: Path, *, dir_fd: int | None = None) -> stat_result:
    """Return the attributes of a file, of a symbolic link itself."""
    return stat(path, dir_fd=dir_fd, follow_symlinks=False)


def fstat(fd: int) -> stat_result:
    """Return the attributes of an open file."""
    return _result(_sys.fstat(fd))


def access(
    path: Path,
    mode: int,
    *,
    dir_fd: int | None = None,
    effective_ids: bool = False,
    follow_symlinks: bool = True,
) -> bool:
    """Whether the process may do mode to a file."""
    flag = (_fcntl.AT_EACCESS if effective_ids else 0) | (
        0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
    )
    try:
        if dir_fd is None and not flag:
            _sys.access(path, mode)
        else:
            _sys.faccessat(_at(dir_fd), path, mode, flag)
    except OSError:
        return False
    return True


def chmod(
    path: Path | int, mode: int, *, dir_fd: int | None = None, follow_symlinks: bool = True
) -> None:
    """Set the permissions of a file."""
    if isinstance(path, int):
        _sys.fchmod(path, mode)
    elif dir_fd is not None:
        flag = 0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
        _sys.fchmodat(dir_fd, path, mode, flag)
    else:
        (_sys.chmod if follow_symlinks else _sys.lchmod)(path, mode)


def fchmod(fd: int, mode: int) -> None:
    """Set the permissions of an open file."""
    _sys.fchmod(fd, mode)


def lchmod(path: Path, mode: int) -> None:
    """Set the permissions of a symbolic link itself."""
    _sys.lchmod(path, mode)


def chown(
    path: Path | int, uid: int, gid: int, *, dir_fd: int | None = None, follow_symlinks: bool = True
) -> None:
    """Set owner and group of a file."""
    if isinstance(path, int):
        _sys.fchown(path, uid, gid)
    elif dir_fd is not None:
        flag = 0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
        _sys.fchownat(dir_fd, path, uid, gid, flag)
    else:
        (_sys.chown if follow_symlinks else _sys.lchown)(path, uid, gid)


def fchown(fd: int, uid: int, gid: int) -> None:
    """Set owner and group of an open file."""
    _sys.fchown(fd, uid, gid)


def lchown(path: Path, uid: int, gid: int) -> None:
    """Set owner and group of a symbolic link itself."""
    _sys.lchown(path, uid, gid)


def chflags(path: Path, flags: int, follow_symlinks: bool = True) -> None:
    """Set the flags of a file."""
    (_sys.chflags if follow_symlinks else _sys.lchflags)(path, flags)


def utime(
    path: Path | int,
    times: tuple[float, float] | None = None,
    *,
    ns: tuple[int, int] | None = None,
    dir_fd: int | None = None,
    follow_symlinks: bool = True,
) -> None:
    """Set the times of a file, by default to now."""
    if times is not None and ns is not None:
        raise ValueError("utime: you may specify either 'times' or 'ns' but not both")
    if times is not None:
        ns = (round(times[0] * _NS), round(times[1] * _NS))
    pair = None if ns is None else (_Timespec.from_ns(ns[0]), _Timespec.from_ns(ns[1]))
    if isinstance(path, int):
        _libc.futimens(path, pair)
    else:
        flag = 0 if follow_symlinks else _fcntl.AT_SYMLINK_NOFOLLOW
        _libc.utimensat(_at(dir_fd), path, pair, flag)


def truncate(path: Path | int, length: int) -> None:
    """Set the length of a file."""
    if isinstance(path, int):
        _sys.ftruncate(path, length)
    else:
        _sys.truncate(path, length)


def ftruncate(fd: int, length: int, /) -> None:
    """Set the length of an open file."""
    _sys.ftruncate(fd, length)


def pathconf(path: Path | int, name: int) -> int:
    """Return a limit of a file."""
    return _sys.fpathconf(path, name) if isinstance(path, int) else _sys.pathconf(path, name)


# Names.


def mkdir(path: Path, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
    """Make a directory."""
    if dir_fd is None:
        _sys.mkdir(path, mode)
    else:
        _sys.mkdirat(dir_fd, path, mode)


def rmdir(path: Path, *, dir_fd: int | None = None) -> None:
    """Remove a directory."""
    if dir_fd is None:
        _sys.rmdir(path)
    else:
        _sys.unlinkat(dir_fd, path, _fcntl.AT_REMOVEDIR)


def unlink(path: Path, *, dir_fd: int | None = None) -> None:
    """Remove a name."""
    if dir_fd is None:
        _sys.unlink(path)
    else:
        _sys.unlinkat(dir_fd, path, 0)


remove = unlink


def rename(
    src: Path, dst: Path, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None
) -> None:
    """Give a file another name."""
    if src_dir_fd is None and dst_dir_fd is None:
        _sys.rename(src, dst)
    else:
        _sys.renameat(_at(src_dir_fd), src, _at(dst_dir_fd), dst)


replace = rename


def link(
    src: Path,
    dst: Path,
    *,
    src_dir_fd: int | None = None,
    dst_dir_fd: int | None = None,
    follow_symlinks: bool = True,
) -> None:
    """Give a file one more name."""
    if src_dir_fd is None and dst_dir_fd is None and follow_symlinks:
        _sys.link(src, dst)
    else:
        flag = _fcntl.AT_SYMLINK_FOLLOW if follow_symlinks else 0
        _sys.linkat(_at(src_dir_fd), src, _at(dst_dir_fd), dst, flag)


def symlink(
    src: Path, dst: Path, target_is_directory: bool = False, *, dir_fd: int | None = None
) -> None:
    """Make a symbolic link."""
    del target_is_directory
    if dir_fd is None:
        _sys.symlink(src, dst)
    else:
        _sys.symlinkat(src, dir_fd, dst)


def readlink(path: Path, *, dir_fd: int | None = None) -> Any:
    """Return where a symbolic link points."""
    if dir_fd is None:
        return _like(path, _sys.readlink(path, _PATH_MAX))
    return _like(path, _sys.readlinkat(dir_fd, path, _PATH_MAX))


def mkfifo(path: Path, mode: int = 0o666, *, dir_fd: int | None = None) -> None:
    """Make a FIFO."""
    if dir_fd is None:
        _sys.mkfifo(path, mode)
    else:
        _sys.mkfifoat(dir_fd, path, mode)


def mknod(path: Path, mode: int = 0o600, device: int = 0, *, dir_fd: int | None = None) -> None:
    """Make a device, a FIFO or a file."""
    if dir_fd is None:
        _sys.mknod(path, mode, device)
    else:
        _sys.mknodat(dir_fd, path, mode, device)


class DirEntry:
    """What scandir() gives."""

    def __init__(self, directory: Path, name: bytes, inode: int) -> None:
        where = fspath(directory)
        self.name = _like(directory, name)
        slash = "/" if isinstance(where, str) else b"/"
        self.path: Any = where + (slash if where and not where.endswith(slash) else where[:0])  # type: ignore[arg-type, operator]
        self.path += self.name
        self._inode = inode

    def inode(self) -> int:
        """Return the inode's number."""
        return self._inode

    def stat(self, *, follow_symlinks: bool = True) -> stat_result:
        """Return the attributes."""
        return stat(self.path, follow_symlinks=follow_symlinks)

    def _is(self, kind: Callable[[int], bool], follow_symlinks: bool) -> bool:
        try:
            return kind(self.stat(follow_symlinks=follow_symlinks).st_mode)
        except FileNotFoundError:
            return False

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Whether it is a directory."""
        return self._is(_S_ISDIR, follow_symlinks)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """Whether it is a regular file."""
        return self._is(_S_ISREG, follow_symlinks)

    def is_symlink(self) -> bool:
        """Whether it is a symbolic link."""
        return self._is(_S_ISLNK, follow_symlinks=False)

    def is_junction(self) -> bool:
        """No file here is a junction."""
        return False

    def __fspath__(self) -> Any:
        return self.path

    def __repr__(self) -> str:
        return f"<DirEntry {self.name!r}>"


class _Scan:
    """The iterator of scandir(), a context manager too."""

    def __init__(self, entries: Iterator[DirEntry]) -> None:
        self._entries = entries

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> DirEntry:
        return next(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the directory back."""
        self._entries = iter(())


def _entries(path: Path) -> list[tuple[bytes, int]]:
    return [
        (entry.d_name, entry.d_fileno)
        for entry in _readdir(path)
        if entry.d_name not in (b".", b"..")
    ]


def scandir(path: Path | None = None) -> _Scan:
    """Yield the entries of a directory."""
    where = "." if path is None else path
    found = _entries(where)
    return _Scan(DirEntry(where, name, inode) for name, inode in found)


def listdir(path: Path | None = None) -> list[Any]:
    """Return the names in a directory."""
    where = "." if path is None else path
    return [_like(where, name) for name, _ in _entries(where)]


def getcwd() -> str:
    """Return the current directory."""
    return _libc.getcwd()


def getcwdb() -> bytes:
    """Return the current directory as bytes."""
    return _libc.getcwd().encode("utf-8", "surrogateescape")


def chdir(path: Path | int) -> None:
    """Set the current directory."""
    if isinstance(path, int):
        _sys.fchdir(path)
    else:
        _sys.chdir(path)


def fchdir(fd: int) -> None:
    """Set the current directory to an open one."""
    _sys.fchdir(fd)


def chroot(path: Path) -> None:
    """Set the root directory."""
    _sys.chroot(path)


umask = _sys.umask

# Processes.

fork = _libc.fork
getpid = _libc.getpid
getuid, getgid = _libc.getuid, _libc.getgid
getgroups = _libc.getgroups
setgroups = _libc.setgroups
getlogin = _libc.getlogin
geteuid, getegid, getppid = _sys.geteuid, _sys.getegid, _sys.getppid
setuid, seteuid, setgid, setegid = _sys.setuid, _sys.seteuid, _sys.setgid, _sys.setegid
setreuid, setregid = _sys.setreuid, _sys.setregid
getpgrp, getpgid, getsid = _sys.getpgrp, _sys.getpgid, _sys.getsid
getpriority, setpriority = _sys.getpriority, _sys.setpriority
sched_yield = _sys.sched_yield
abort = _libc.abort
_exit = _libc._exit


def kill(pid: int, signum: int, /) -> None:
    """Send a signal."""
    _sys.kill(pid, signum)


def killpg(pgid: int, signum: int, /) -> None:
    """Send a signal to a process group."""
    _libc.killpg(pgid, signum)


def setsid() -> None:
    """Start a session."""
    _sys.setsid()


def setpgid(pid: int, pgid: int, /) -> None:
    """Put a process into a group."""
    _sys.setpgid(pid, pgid)


def setpgrp() -> None:
    """Start a process group."""
    _sys.setpgid(0, 0)


def execv(path: Path, argv: Sequence[Path], /) -> NoReturn:
    """Run another program with the environment libc has."""
    _libc.execve(path, _arguments("execv", argv), _curdata().environ)


def execve(path: Path, argv: Sequence[Path], env: Mapping[Any, Any]) -> NoReturn:
    """Run another program."""
    _libc.execve(path, _arguments("execve", argv), env)


def _arguments(name: str, argv: Sequence[Path]) -> list[Path]:
    if not isinstance(argv, (tuple, list)):
        raise TypeError(f"{name}() arg 2 must be a tuple or list")
    if not argv or not fspath(argv[0]):
        raise ValueError(f"{name}() arg 2 must not be empty")
    return list(argv)


def waitpid(pid: int, options: int, /) -> tuple[int, int]:
    """Wait for a child, on after signals whose handlers return."""
    while True:
        try:
            return _libc.waitpid(pid, options)
        except InterruptedError:
            continue


def wait() -> tuple[int, int]:
    """Wait for any child."""
    return waitpid(-1, 0)


def wait4(pid: int, options: int) -> tuple[int, int, Any]:
    """Wait for a child; return what it used, too."""
    return _libc.wait4(pid, options)


def wait3(options: int) -> tuple[int, int, Any]:
    """Wait for any child; return what it used, too."""
    return _libc.wait4(-1, options)


def waitstatus_to_exitcode(status: int) -> int:
    """Return the exit code of a wait status, minus the signal if one killed it."""
    if _wait.WIFEXITED(status):
        return _wait.WEXITSTATUS(status)
    if _wait.WIFSIGNALED(status):
        return -_wait.WTERMSIG(status)
    raise ValueError(f"process stopped by delivery of signal {_wait.WSTOPSIG(status)}")


def register_at_fork(
    *,
    before: Callable[[], object] | None = None,
    after_in_child: Callable[[], object] | None = None,
    after_in_parent: Callable[[], object] | None = None,
) -> None:
    """Nothing has to be mended after a fork: the child's program runs anew up to it."""
    del before, after_in_child, after_in_parent


def nice(increment: int, /) -> int:
    """Add to the nice value; return it."""
    value = _sys.getpriority(0, 0) + increment
    _sys.setpriority(0, 0, max(-20, min(20, value)))
    return _sys.getpriority(0, 0)


# The system.


def urandom(size: int, /) -> bytes:
    """Return bytes of the kernel's seeded random device."""
    fd = _sys.open("/dev/urandom", _fcntl.O_RDONLY | _fcntl.O_CLOEXEC)
    try:
        return _sys.read(fd, size)
    finally:
        _sys.close(fd)


def uname() -> uname_result:
    """Return what this system is."""
    return uname_result(("NetBSD", "sysent", "10.0", "NetBSD 10.0 (SYSENT)", "amd64"))


def times() -> times_result:
    """Return the time since boot as the elapsed time; the rest is not accounted."""
    return times_result((0.0, 0.0, 0.0, 0.0, _sys.clock_gettime(3).ns / _NS))


def cpu_count() -> int:
    """Return 1."""
    return 1


def get_terminal_size(fd: int = 1, /) -> terminal_size:
    """Return (columns, lines) of a terminal."""
    rows, columns = _libc.tcgetwinsize(fd)
    return terminal_size((columns, rows))


def tcgetpgrp(fd: int, /) -> int:
    """Return the foreground process group of a terminal."""
    return _libc.tcgetpgrp(fd)


def tcsetpgrp(fd: int, pgid: int, /) -> None:
    """Set the foreground process group of a terminal."""
    _libc.tcsetpgrp(fd, pgid)


def strerror(code: int, /) -> str:
    """Return what an errno means."""
    return _libc.strerror(code)


def putenv(name: bytes, value: bytes, /) -> None:
    """Set a variable of libc's environment."""
    _curdata().environ[_bytes(name)] = _bytes(value)


def unsetenv(name: bytes, /) -> None:
    """Remove a variable from libc's environment."""
    _curdata().environ.pop(_bytes(name), None)


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text


def ctermid() -> str:
    """Return the path of the controlling terminal."""
    return "/dev/tty"


def ttyname(fd: int, /) -> str:
    """Return the path of a terminal."""
    if not isatty(fd):
        raise _oserror(_Errno.ENOTTY)
    return "/dev/console"
