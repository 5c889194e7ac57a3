# SPDX-License-Identifier: BSD-2-Clause
"""Files without a buffer: the descriptor under Python's io.  CPython Modules/_io/fileio.c."""

import io
from collections.abc import Callable
from functools import cache, partial
from operator import index
from os import fspath
from struct import Struct
from sys import version_info
from typing import Any, Final, NoReturn

from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    O_APPEND,
    O_CLOEXEC,
    O_CREAT,
    O_EXCL,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
)
from kernel.sys.ioccom import FIOCLEX
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.stat import S_IFDIR, S_IFMT, SIZEOF_STAT
from kernel.sys.syscall import sysno
from userland.libc import include as libc
from userland.libc.cerror import cerror, oserror
from userland.libc.data import DataSegment, curdata
from userland.libc.machine import curlwp, trap, upcalls
from userland.libc.stack import StrPath, reserve
from userland.libc.sys import close, ftruncate, lseek, read, write
from userland.libc.termios import isatty
from userland.python.gc import own_doing, put_off
from userland.python.iobase import no_pickle, shown_type, type_name
from userland.python.retry import check_signals, retried
from userland.python.warn import resource_warning, warn

_FSTAT, _LSEEK = sysno("__fstat50"), sysno("lseek")
_STATUS: Final = Struct("<8xI100xq8xi")  # st_mode, st_size, st_blksize of a struct stat

_INT_MAX: Final = 0x7FFFFFFF
_BUFSIZ: Final = 8192  # what is asked for of a file whose size is not known
_LARGE: Final = 65536  # from this size on what is read grows by an eighth
_READ_MAX: Final = 0x7FFFFFFF & ~0xFFF  # bytes that one call is asked for

_KINDS: Final = {
    "r": 0,
    "w": O_CREAT | O_TRUNC,
    "a": O_CREAT | O_APPEND,
    "x": O_CREAT | O_EXCL,
}
_NOTHING: Final = memoryview(b"")
_raw_close = io.RawIOBase.close

_NAMES: Final = {"r": "rb", "w": "wb", "a": "ab", "x": "xb"}


class Mode(NamedTuple):
    """What a mode means for a descriptor."""

    flags: int  # of open(2)
    readable: bool
    writable: bool
    appending: bool
    name: str  # as CPython spells it


@cache
def parse(mode: str) -> Mode:
    """Return what mode says.

    Raises:
        ValueError: nothing that makes sense.
    """
    if set(mode) - set("rwaxb+"):
        raise ValueError(f"invalid mode: {mode}")
    kinds = [kind for kind in mode if kind in _KINDS]
    if len(kinds) != 1 or mode.count("+") > 1:
        raise ValueError(
            "Must have exactly one of create/read/write/append mode and at most one plus"
        )
    (kind,) = kinds
    update = "+" in mode
    access = O_RDWR if update else O_RDONLY if kind == "r" else O_WRONLY
    name = _NAMES[kind] + ("+" if update else "")
    if name == "wb+":  # as CPython: what reads and writes is "rb+"
        name = "rb+"
    flags = access | _KINDS[kind] | O_CLOEXEC
    return Mode(flags, kind == "r" or update, kind != "r" or update, kind == "a", name)


class FileIO(io.RawIOBase):
    """An unbuffered file: each read and write is a system call of the process that opened it.

    A process that has ended is taken apart by the host, while another one runs: nothing of
    that may become a call of the other.
    """

    __slots__ = (
        "_blksize", "_closefd", "_fd", "_found", "_mode", "_number", "_owner", "_seekable",
    )  # fmt: skip

    _closefd: bool
    _fd: int
    _found: bool  # whether it, or what writes to it, is closed since nobody can reach it
    name: object
    _finalizing = False  # the interpreter says True before it closes what was left open
    _owner: DataSegment

    def __new__(cls, *_args: Any, **_kwargs: Any) -> "FileIO":
        """Make a file that is closed."""
        self = super().__new__(cls)
        self._fd = -1
        self._closefd = True
        self._found = False
        return self

    def __init__(
        self,
        file: Any,
        mode: str = "r",
        closefd: bool = True,
        opener: Callable[[Any, int], int] | None = None,
    ) -> None:
        if not isinstance(mode, str):
            raise TypeError(f"FileIO() argument 'mode' must be str, not {type_name(mode)}")
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            if self._closefd:
                close(fd)
        self._owner = data = curdata()
        runtime = data.runtime
        self._number = 0 if runtime is None else runtime.files.number()
        self._closefd = bool(closefd)
        self._seekable: bool | None = None  # None: not known yet
        given = None if isinstance(file, (str, bytes)) else _descriptor(file)
        self._mode = how = parse(mode)
        if given is not None and given >= 0:
            fd = given
        elif not closefd:
            raise ValueError("Cannot use closefd=False with file name")
        elif opener is None:
            fd = _open(file if given is None else fspath(file), how.flags)
        else:
            fd = _opened(opener, file, how.flags)
        try:
            kind, _, self._blksize = status(fd)
            if kind & S_IFMT == S_IFDIR:
                raise oserror(Errno.EISDIR, file)
            self._fd = fd
            self.name = file
            if how.appending:
                self._try_end()
            upcalls(curlwp())
        except BaseException:
            self._fd = -1
            if given is None or given < 0:
                close(fd)
            raise

    def _try_end(self) -> None:
        try:
            self.seek(0, io.SEEK_END)
        except OSError as exc:
            if exc.errno != Errno.ESPIPE:
                raise

    def _put_off(self, act: Callable[[], object], writes: bool = False) -> bool:
        return put_off(self._owner, self._number, act, found=self._found, writes=writes)

    def _refuse(self, doing: str = "") -> NoReturn:
        if self._fd < 0:
            raise ValueError("I/O operation on closed file")
        raise io.UnsupportedOperation(f"File not open for {doing}")

    def readable(self) -> bool:
        """Whether it may be read."""
        if self._fd < 0:
            self._refuse()
        return self._mode.readable

    def writable(self) -> bool:
        """Whether it may be written."""
        if self._fd < 0:
            self._refuse()
        return self._mode.writable

    def seekable(self) -> bool:
        """Whether it has an offset."""
        if self._fd < 0:
            self._refuse()
        if self._seekable is None:
            try:
                self.seek(0, io.SEEK_CUR)
            except OSError:
                return False
        return bool(self._seekable)

    def readinto(self, buffer: Any, /) -> int | None:
        """Read into buffer; None if it would wait on a non-blocking file."""
        view = _writable_view(buffer)
        if self._fd < 0 or not self._mode.readable:
            self._refuse("reading")
        data = self._read(len(view))
        if data is None:
            return None
        count = len(data)
        view[:count] = data
        return count

    def _read(self, size: int) -> bytes | None:
        fd = self._fd
        while True:
            try:
                return read(fd, min(size, _READ_MAX))
            except InterruptedError:
                check_signals()
            except BlockingIOError:
                return None

    def read(self, size: int | None = -1, /) -> Any:
        """Read at most size bytes, in one call; all there are if size is negative."""
        size = -1 if size is None else _size(size)
        if self._fd < 0 or not self._mode.readable:
            self._refuse("reading")
        return self._read(size) if size >= 0 else self.readall()

    def readall(self) -> bytes | None:  # type: ignore[override]  # None: nothing yet; typeshed forgets it
        """Read to the end: a whole file in one call, and one that finds nothing more."""
        fd = self._fd
        if fd < 0:
            self._refuse()
        size = _BUFSIZ
        error, at = trap(_LSEEK, fd, 0, io.SEEK_CUR)
        try:
            _, end, _ = status(fd)
        except OSError:
            end = 0
        if end > 0 and not error and at <= end:
            size = end - at + 1
        lwp = curlwp()
        lwp.l_uphold += 1
        try:
            parts = self._parts(size)
        finally:
            lwp.l_uphold -= 1
            if lwp.l_upcalls:
                lwp.l_astpending = True
        upcalls(lwp)
        if parts is None:
            return None
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _parts(self, size: int) -> list[bytes] | None:
        """Read to the end, size bytes at first; None if there is nothing yet."""
        parts: list[bytes] = []
        done = 0
        while True:
            try:
                data = read(self._fd, min(size - done, _READ_MAX))
            except InterruptedError:
                check_signals()
                continue
            except BlockingIOError:
                return parts or None
            if not data:
                return parts
            parts.append(data)
            done += len(data)
            if done >= size:
                more = done >> 3 if done > _LARGE else 256 + done
                size = done + max(more, _BUFSIZ)

    def write(self, data: Any, /) -> int | None:
        """Write once; return the count, None if it would wait on a non-blocking file."""
        fd = self._fd
        if fd < 0 or not self._mode.writable:
            self._refuse("writing")
        if self._found or not own_doing(self._owner):
            copy = bytes(data)
            if self._put_off(partial(retried(write), fd, copy), writes=True):
                return len(copy)
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        if curlwp().l_upcalls:  # of a write before, of the same buffer
            check_signals()
        while True:
            try:
                return write(fd, data)
            except InterruptedError:
                check_signals()
            except BlockingIOError:
                return None

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move the offset; return it."""
        fd = self._fd
        if fd < 0:
            self._refuse()
        if (self._found or not own_doing(self._owner)) and self._put_off(
            partial(lseek, fd, offset, whence), writes=True
        ):
            return 0  # a buffer that is collected goes back to what was read of it
        if type(offset) is not int:
            offset = index(offset)
        at: int
        error, at = trap(_LSEEK, fd, offset, whence)
        if error:
            if self._seekable is None:
                self._seekable = False
            cerror(error)
        self._seekable = True
        return at

    def tell(self, /) -> int:
        """Return the offset."""
        return self.seek(0, io.SEEK_CUR)

    def truncate(self, size: int | None = None, /) -> int:
        """Set the length, by default to the offset; return it."""
        if self._fd < 0 or not self._mode.writable:
            self._refuse("writing")
        length = self.tell() if size is None else index(size)
        retried(ftruncate)(self._fd, length)
        return length

    def close(self) -> None:
        """Close it, and with closefd its descriptor."""
        fd = self._fd
        if fd < 0 or not self._closefd:
            self._fd = -1
            _raw_close(self)
            return
        try:
            _raw_close(self)
        finally:
            if self._finalizing:
                self._dealloc_warn(self)
            self._fd = -1
            if not self._put_off(partial(close, fd)):
                close(fd)

    def _dealloc_warn(self, source: object, /) -> None:
        """Say that source, which was left open, has to be closed."""
        self._found = True
        if self._fd < 0 or not self._closefd:
            return
        said = f"unclosed file {source!r}"
        if not self._put_off(partial(resource_warning, said, None)):
            resource_warning(said, source)

    def fileno(self) -> int:
        """Return the descriptor."""
        if self._fd < 0:
            self._refuse()
        return self._fd

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        if self._fd < 0:
            self._refuse()
        return isatty(self._fd)

    @property
    def closefd(self) -> bool:
        """Whether closing it closes the descriptor."""
        return self._closefd

    @property
    def mode(self) -> str:
        """The mode as CPython spells it."""
        return self._mode.name

    def __repr__(self) -> str:
        kind = shown_type(self, FileIO, always=False)
        if self._fd < 0:
            return f"<{kind} [closed]>"
        try:
            name = f"name={self.name!r}"
        except AttributeError:
            name = f"fd={self._fd}"
        return f"<{kind} {name} mode={self.mode!r} closefd={self._closefd!r}>"

    __getstate__ = __reduce__ = __reduce_ex__ = no_pickle


def status(fd: int) -> tuple[int, int, int]:
    """Return st_mode, st_size and st_blksize of an open file: fstat(2) for little.

    Raises:
        OSError: EBADF.
    """
    lwp = curlwp()
    mark = lwp.l_ustack
    try:
        at = reserve(lwp, SIZEOF_STAT)
        error, _ = trap(_FSTAT, fd, at)
        if error:
            cerror(error)
        stack = lwp.l_stack
        found: tuple[int, int, int] = _STATUS.unpack_from(stack.mem, at - stack.start)
    finally:
        lwp.l_ustack = mark
    return found


def read_all(path: StrPath) -> bytes:
    """Return the contents of a file.

    Raises:
        OSError: it cannot be read.
    """
    fd = libc.open(path, O_RDONLY | O_CLOEXEC)
    try:
        data = b""
        while block := read(fd, _BUFSIZ):
            data += block
        return data
    finally:
        close(fd)


def _writable_view(buffer: Any) -> memoryview:
    """Return the bytes of buffer, to be written to.

    Raises:
        TypeError: they cannot be.
    """
    try:
        view = buffer if type(buffer) is memoryview else memoryview(buffer)
    except TypeError:
        view = _NOTHING
    if view.readonly:
        which = "argument 1" if version_info >= (3, 12) else "argument"
        raise TypeError(
            f"readinto() {which} must be read-write bytes-like object, not {type_name(buffer)}"
        )
    return view if view.format == "B" and view.ndim == 1 else view.cast("B")


def _size(size: Any) -> int:
    try:
        return index(size)
    except TypeError:
        text = f"argument should be integer or None, not {type(size).__name__!r}"
        raise TypeError(text) from None


def _descriptor(file: Any) -> int:
    """Return the descriptor that file is, -1 if it is none.

    Raises:
        ValueError: it is below 0.
    """
    try:
        fd = index(file)
    except TypeError:
        return -1
    if isinstance(file, bool) and version_info >= (3, 13):
        warn("bool is used as a file descriptor", RuntimeWarning)
    if not -_INT_MAX <= fd <= _INT_MAX:
        return -1
    if fd < 0:
        raise ValueError("negative file descriptor")
    return fd


def _open(path: str | bytes, flags: int) -> int:
    """Return a descriptor; handlers that are to run when it is open wait."""
    lwp = curlwp()
    held = lwp.l_uphold
    while True:
        lwp.l_uphold = held + 1
        try:
            return libc.open(path, flags, 0o666)
        except InterruptedError:
            pass
        finally:
            lwp.l_uphold = held
        check_signals()


def _opened(opener: Callable[[Any, int], int], file: Any, flags: int) -> int:
    """Return the descriptor that opener gives, close-on-exec.

    Raises:
        TypeError, ValueError: it gives none.
    """
    fd = opener(file, flags)
    if not isinstance(fd, int):
        raise TypeError("expected integer from opener")
    if fd < 0:
        raise ValueError(f"opener returned {fd}")
    libc.ioctl(fd, FIOCLEX)
    return fd
