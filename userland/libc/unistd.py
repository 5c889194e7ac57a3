# SPDX-License-Identifier: BSD-2-Clause
"""Processes, programs and descriptors as C programs see them.  NetBSD include/unistd.h, sched.h."""

from collections.abc import Callable, Iterable, Mapping
from struct import Struct
from typing import Any, NoReturn, overload

from kernel.sys.errno import Errno
from kernel.sys.fcntl import Flock
from kernel.sys.ioccom import IOC_IN, IOC_INOUT, IOCPARM_LEN
from kernel.sys.param import MAXPATHLEN
from kernel.sys.syscall import sysno
from kernel.sys.vm import VM_PROT_READ
from userland.libc.cerror import cerror
from userland.libc.data import curdata
from userland.libc.machine import curlwp, map_buffer, trap, unmap_buffer
from userland.libc.pthread_int import forked
from userland.libc.stack import (
    Frame,
    Readable,
    StrPath,
    fetch,
    pathbytes,
    pushbytes,
    pushstr,
    reserve,
)
from userland.libc.stdlib import _exit, environ
from userland.libc.syscall import call

__all__ = [
    "clone",
    "execl",
    "execlp",
    "execv",
    "execve",
    "execvp",
    "fcntl",
    "fexecve",
    "fork",
    "getcwd",
    "getgroups",
    "getlogin",
    "ioctl",
    "pipe2",
    "setgroups",
    "setlogin",
    "vfork",
]

_INT = Struct("<i")
_DEFAULT_PATH = "/usr/bin:/bin:/usr/sbin:/sbin"


def fork() -> int:
    """Copy the process; return the child's pid, and 0 in the child.

    The child's program runs again up to here, fed with what its parent got, so
    it must be deterministic between system calls.

    Raises:
        OSError: EAGAIN, a limit on processes.
    """
    pid = call("fork")
    if not pid:
        forked()
    return pid


def vfork() -> int:
    """fork, the parent waiting until the child execs or exits.

    Raises:
        OSError: EAGAIN.
    """
    pid = call("__vfork14")
    if not pid:
        forked()
    return pid


def clone(fn: Callable[[Any], object], flags: int, arg: Any = None) -> int:
    """Run fn(arg) in a new process that shares this one's Python objects; return its pid.

    What fn returns is the child's exit status.  The low byte of flags is the
    signal at its end (SIGCHLD), CLONE_FILES and CLONE_FS share more.

    Raises:
        OSError: EAGAIN, EINVAL.
    """

    def child() -> None:
        try:
            status = fn(arg)
        except BaseException as exc:
            uncaught = curdata().uncaught
            if uncaught is None:
                raise
            status = uncaught(exc)
        _exit(status if isinstance(status, int) else 0)

    data = curdata()
    lwp = curlwp()
    address = data.text_end
    data.text_end += 16
    lwp.l_proc.p_md.md_text[address] = child
    try:
        return call("__clone", flags, address)
    finally:
        lwp.l_proc.p_md.md_text.pop(address, None)


def execve(
    path: StrPath, argv: Iterable[StrPath], envp: Mapping[Any, Any] | None = None
) -> NoReturn:
    """Run the program path with arguments argv and environment envp; returns only to raise.

    Raises:
        OSError: ENOENT, EACCES, ENOEXEC, E2BIG ...
    """
    lwp = curlwp()
    mark = lwp.l_ustack
    env = environ if envp is None else envp
    variables = [pathbytes(k) + b"=" + pathbytes(v) for k, v in env.items()]
    at, tables = vectors(lwp.l_kernel.abi.word, [pathbytes(arg) for arg in argv], variables)
    try:
        error, _ = trap(sysno("execve"), pushstr(lwp, path), *tables)
        cerror(error, path)
    finally:
        lwp.l_ustack = mark
        unmap_buffer(at)


def fexecve(fd: int, argv: Iterable[StrPath], envp: Mapping[Any, Any] | None = None) -> NoReturn:
    """execve of an open file.

    Raises:
        OSError: ENOSYS, this kernel has no fexecve.
    """
    del fd, argv, envp
    cerror(Errno.ENOSYS)


def vectors(word: int, *vectors: list[bytes]) -> tuple[int, list[int]]:
    """Map null-terminated tables of pointers and the strings they point to.

    Args:
        word: bytes of a pointer.
        vectors: the strings of each table.

    Returns:
        (the mapping's address, the tables' addresses).
    """
    pointers = sum(len(vector) + 1 for vector in vectors)
    strings = [string for vector in vectors for string in vector]
    memory = bytearray(word * pointers + sum(len(string) + 1 for string in strings))
    start = map_buffer(memoryview(memory), VM_PROT_READ)
    at, end = 0, word * pointers
    tables: list[int] = []
    for vector in vectors:
        tables.append(start + at)
        for string in vector:
            memory[at : at + word] = (start + end).to_bytes(word, "little")
            memory[end : end + len(string)] = string
            at += word
            end += len(string) + 1
        at += word
    return start, tables


def execv(path: StrPath, argv: Iterable[StrPath]) -> NoReturn:
    """execve with the process's environment.

    Raises:
        OSError: as execve.
    """
    execve(path, argv)


def execl(path: StrPath, *argv: StrPath) -> NoReturn:
    """execv, the arguments one by one.

    Raises:
        OSError: as execve.
    """
    execve(path, argv)


def execvp(file: str, argv: Iterable[StrPath]) -> NoReturn:
    """execv, file looked for in PATH unless it has a slash.

    Raises:
        OSError: as execve; EACCES if one was found that may not be run.
    """
    argv = list(argv)
    if "/" in file:
        execve(file, argv)
    refused = None
    for place in (environ.get("PATH") or _DEFAULT_PATH).split(":"):
        try:
            execve(f"{place}/{file}" if place else file, argv)
        except OSError as exc:
            if exc.errno == Errno.EACCES:
                refused = exc
            elif exc.errno not in (Errno.ENOENT, Errno.ENOTDIR):
                raise
    if refused is not None:
        raise refused
    cerror(Errno.ENOENT, file)


def execlp(file: str, *argv: StrPath) -> NoReturn:
    """execvp, the arguments one by one.

    Raises:
        OSError: as execvp.
    """
    execvp(file, argv)


def getcwd() -> str:
    """Return the path of the current directory, which may be longer than one that is looked up.

    Raises:
        OSError: ENOENT, it was removed; EACCES; ERANGE, 4 * MAXPATHLEN bytes do not hold it.
    """
    size = MAXPATHLEN
    while True:
        with Frame() as lwp:
            at = reserve(lwp, size)
            try:
                value = call("__getcwd", at, size)
            except OSError as exc:
                if exc.errno != Errno.ERANGE or size >= 4 * MAXPATHLEN:
                    raise
            else:
                path = fetch(lwp, at, value).partition(b"\0")[0]
                return path.decode("utf-8", "surrogateescape")
        size *= 2


def pipe2(flags: int) -> tuple[int, int]:
    """pipe with O_CLOEXEC or O_NONBLOCK.

    Raises:
        OSError: EMFILE, ENFILE, EINVAL.
    """
    with Frame() as lwp:
        at = reserve(lwp, 8)
        call("pipe2", at, flags)
        data = fetch(lwp, at, 8)
        return _INT.unpack_from(data)[0], _INT.unpack_from(data, 4)[0]


@overload
def fcntl(fd: int, cmd: int, arg: int = 0) -> int: ...
@overload
def fcntl(fd: int, cmd: int, arg: Flock) -> Flock: ...
@overload
def fcntl(fd: int, cmd: int, arg: bytes) -> bytes: ...


def fcntl(fd: int, cmd: int, arg: int | Flock | bytes = 0) -> int | Flock | bytes:
    """Do cmd (F_DUPFD, F_GETFL, F_SETLKW ...) to a descriptor.

    Args:
        fd: the descriptor.
        cmd: F_*.
        arg: a number, a record lock, or room for what the call stores, as
            MAXPATHLEN bytes for F_GETPATH.

    Returns:
        the register; or arg as the call left it, the lock in the way for F_GETLK.

    Raises:
        OSError: EBADF, EINVAL, EAGAIN ...
    """
    if isinstance(arg, int):
        return call("fcntl", fd, cmd, arg)
    with Frame() as lwp:
        data = arg.pack() if isinstance(arg, Flock) else arg
        at = pushbytes(lwp, data)
        call("fcntl", fd, cmd, at)
        left = fetch(lwp, at, len(data))
    return Flock.unpack(left) if isinstance(arg, Flock) else left


def ioctl(fd: int, com: int, data: Readable = b"") -> bytes:
    """Do com to a device; return the struct it gives, of the size com says.

    Raises:
        OSError: EBADF, ENOTTY ...
    """
    size = IOCPARM_LEN(com) if com & IOC_INOUT else 0
    with Frame() as lwp:
        at = pushbytes(lwp, bytes(data).ljust(size, b"\0")) if com & IOC_IN else reserve(lwp, size)
        call("ioctl", fd, com, at)
        return fetch(lwp, at, size)


def getgroups() -> tuple[int, ...]:
    """Return the supplementary groups.

    Raises:
        OSError: EINVAL.
    """
    with Frame() as lwp:
        at = reserve(lwp, 64)
        value = call("getgroups", 16, at)
        return tuple(word[0] for word in Struct("<I").iter_unpack(fetch(lwp, at, 4 * value)))


def setgroups(groups: Iterable[int]) -> int:
    """Set the supplementary groups; for the super-user.

    Raises:
        OSError: EPERM, EINVAL.
    """
    data = b"".join(Struct("<I").pack(gid) for gid in groups)
    with Frame() as lwp:
        return call("setgroups", len(data) // 4, pushbytes(lwp, data))


def getlogin() -> str:
    """Return the login name of the session.

    Raises:
        OSError: ERANGE.
    """
    with Frame() as lwp:
        at = reserve(lwp, 17)
        call("__getlogin", at, 17)
        return fetch(lwp, at, 17).partition(b"\0")[0].decode()


def setlogin(name: str) -> int:
    """Set the login name of the session; for the super-user.

    Raises:
        OSError: EPERM, EINVAL.
    """
    with Frame() as lwp:
        return call("__setlogin", pushstr(lwp, name))
