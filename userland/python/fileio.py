# SPDX-License-Identifier: BSD-2-Clause
"""Files of a program: Python's io over libc's descriptors.  CPython Lib/_pyio.py."""

import io
from collections.abc import Callable
from contextlib import suppress
from os import PathLike, fspath
from typing import Any, cast

from userland import libc
from userland.libc.cerror import oserror
from userland.libc.data import curdata
from userland.libc.stack import StrPath
from userland.python.bufferedio import BufferedRandom, BufferedReader, BufferedWriter
from userland.python.gc import collecting
from userland.python.retry import retried


class FileIO(io.RawIOBase):
    """An unbuffered file: each read and write is a system call of the process that opened it.

    Buffers of a dead process may be thrown away while another one runs: what
    they still hold is nobody's, and must not go to a descriptor of the other.
    """

    name: object

    def __init__(
        self,
        file: StrPath | int,
        mode: str = "r",
        closefd: bool = True,
        opener: Callable[[Any, int], int] | None = None,
    ) -> None:
        self._owner = curdata()
        self._fd = -1
        self._seekable: bool | None = None  # None: not known yet
        kinds = [kind for kind in mode if kind in "rwax"]
        if len(kinds) != 1 or set(mode) - set("rwaxb+"):
            raise ValueError(f"invalid mode: {mode!r}")
        (kind,) = kinds
        update = "+" in mode
        self._readable = kind == "r" or update
        self._writable = kind != "r" or update
        self._appending = kind == "a"
        self._closefd = closefd
        self.name = file
        if isinstance(file, int):
            if file < 0:
                raise ValueError("negative file descriptor")
            libc.fstat(file)
            self._fd = file
        else:
            if not closefd:
                raise ValueError("Cannot use closefd=False with file name")
            flags = self._flags(kind)
            path = fspath(file) if isinstance(file, PathLike) else file
            self._fd = opener(path, flags) if opener else retried(libc.open)(path, flags, 0o666)
            if libc.S_ISDIR(libc.fstat(self._fd).st_mode):
                libc.close(self._fd)
                self._fd = -1
                raise oserror(libc.EISDIR, file)
        if self._appending:
            self._try_end()

    def _flags(self, kind: str) -> int:
        access = 2 if self._readable and self._writable else int(self._writable)
        extra = {
            "r": 0,
            "w": libc.O_CREAT | libc.O_TRUNC,
            "a": libc.O_CREAT | libc.O_APPEND,
            "x": libc.O_CREAT | libc.O_EXCL,
        }[kind]
        return access | extra | libc.O_CLOEXEC

    def _try_end(self) -> None:
        with suppress(OSError):  # a pipe, a terminal
            self.seek(0, io.SEEK_END)

    def _mine(self) -> bool:
        """Whether the process whose file this is runs, and not the garbage collector in it."""
        try:
            return curdata() is self._owner and not collecting()
        except RuntimeError:
            return False

    def _check(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file")

    def readable(self) -> bool:
        """Whether it may be read."""
        self._check()
        return self._readable

    def writable(self) -> bool:
        """Whether it may be written."""
        self._check()
        return self._writable

    def seekable(self) -> bool:
        """Whether it has an offset."""
        self._check()
        if self._seekable is None:
            with suppress(OSError):
                self.tell()
        return bool(self._seekable)

    def readinto(self, buffer: Any) -> int | None:
        """Read into buffer; None if it would wait on a non-blocking file."""
        self._check()
        if not self._readable:
            raise io.UnsupportedOperation("File not open for reading")
        view = memoryview(buffer).cast("B")
        try:
            data = libc.read(self._fd, len(view))
        except InterruptedError:
            return self.readinto(buffer)
        except BlockingIOError:
            return None
        view[: len(data)] = data
        return len(data)

    def readall(self) -> bytes | None:  # type: ignore[override]  # None is RawIOBase's, too
        """Read to the end, a whole file in one call and one that finds nothing more."""
        self._check()
        if not self._readable:
            raise io.UnsupportedOperation("File not open for reading")
        size = io.DEFAULT_BUFFER_SIZE
        with suppress(OSError):
            size = max(libc.fstat(self._fd).st_size - self.tell() + 1, size)
        parts: list[bytes] = []
        try:
            while data := retried(libc.read)(self._fd, size):
                parts.append(data)
                size = max(size - len(data), io.DEFAULT_BUFFER_SIZE)
        except BlockingIOError:
            if not parts:
                return None
        return b"".join(parts)

    def write(self, data: Any) -> int | None:
        """Write once; return the count, None if it would wait on a non-blocking file."""
        if not self._mine():
            return memoryview(data).nbytes
        self._check()
        if not self._writable:
            raise io.UnsupportedOperation("File not open for writing")
        try:
            return libc.write(self._fd, data)
        except InterruptedError:
            return self.write(data)
        except BlockingIOError:
            return None

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the offset; return it."""
        if not self._mine():  # a buffer that is collected goes back to what was read of it
            return 0
        self._check()
        try:
            offset = libc.lseek(self._fd, offset, whence)
        except OSError:
            if self._seekable is None:
                self._seekable = False
            raise
        self._seekable = True
        return offset

    def tell(self) -> int:
        """Return the offset."""
        return self.seek(0, io.SEEK_CUR)

    def truncate(self, size: int | None = None) -> int:
        """Set the length, by default to the offset; return it."""
        self._check()
        if not self._writable:
            raise io.UnsupportedOperation("File not open for writing")
        length = self.tell() if size is None else size
        libc.ftruncate(self._fd, length)
        return length

    def close(self) -> None:
        """Close it, and with closefd its descriptor."""
        if self.closed:
            return
        try:
            super().close()
        finally:
            if self._mine():
                fd, self._fd = self._fd, -1
                if self._closefd and fd >= 0:
                    libc.close(fd)

    def fileno(self) -> int:
        """Return the descriptor."""
        self._check()
        return self._fd

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        self._check()
        return libc.isatty(self._fd)

    @property
    def closefd(self) -> bool:
        """Whether closing it closes the descriptor."""
        return self._closefd

    @property
    def mode(self) -> str:
        """The mode as CPython spells it."""
        if self._appending:
            return "ab+" if self._readable else "ab"
        if self._readable:
            return "rb+" if self._writable else "rb"
        return "wb"

    def __repr__(self) -> str:
        if self.closed:
            return "<_io.FileIO [closed]>"
        return f"<_io.FileIO name={self.name!r} mode={self.mode!r} closefd={self._closefd!r}>"


def open_file(
    file: StrPath | int,
    mode: str = "r",
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool = True,
    opener: Callable[[Any, int], int] | None = None,
) -> Any:
    """open(): as Python's own, on the process's files; the default encoding is UTF-8.

    Raises:
        OSError: the file cannot be opened. ValueError: the mode makes no sense.
    """
    binary = _check_mode(mode, buffering, encoding, errors, newline)
    raw = FileIO(file, mode.replace("t", "").replace("b", ""), closefd, opener)
    try:
        if buffering == 0:
            return raw
        line_buffering = not binary and (buffering == 1 or (buffering < 0 and raw.isatty()))
        size = buffering if buffering > 1 else io.DEFAULT_BUFFER_SIZE
        buffer: Any
        if raw.readable() and raw.writable():
            buffer = BufferedRandom(raw, size)
        elif raw.writable():
            buffer = BufferedWriter(raw, size)
        else:
            buffer = BufferedReader(raw, size)
        if binary:
            return _kept(raw, buffer)
        encoding = "utf-8" if encoding in (None, "locale") else encoding
        text = io.TextIOWrapper(buffer, encoding, errors, newline, line_buffering)
    except BaseException:
        raw.close()
        raise
    cast("Any", text).mode = mode
    return _kept(raw, text)


def _kept(raw: FileIO, file: Any) -> Any:
    """Have a file that is written to flushed at the end of the program; return it."""
    runtime = curdata().runtime
    if raw.writable() and runtime is not None:
        runtime.files.add(file)
    return file


def read_all(path: StrPath) -> bytes:
    """Return the contents of a file.

    Raises:
        OSError: it cannot be read.
    """
    fd = libc.open(path, libc.O_RDONLY | libc.O_CLOEXEC)
    try:
        data = b""
        while block := libc.read(fd, io.DEFAULT_BUFFER_SIZE):
            data += block
        return data
    finally:
        libc.close(fd)


def open_code(path: str) -> Any:
    """io.open_code(): open a file of code to read it."""
    return open_file(path, "rb")


# What a program sees of them.
for _name, _thing in (("FileIO", FileIO), ("open", open_file), ("open_code", open_code)):
    _thing.__module__ = "_io"
    _thing.__name__ = _thing.__qualname__ = _name


def _check_mode(
    mode: str, buffering: int, encoding: str | None, errors: str | None, newline: str | None
) -> bool:
    """Refuse what open() refuses; return whether the file is binary."""
    if not isinstance(mode, str):
        raise TypeError(f"open() argument 'mode' must be str, not {type(mode).__name__}")
    if set(mode) - set("axrwb+t") or len(mode) > len(set(mode)):
        raise ValueError(f"invalid mode: {mode!r}")
    if "t" in mode and "b" in mode:
        raise ValueError("can't have text and binary mode at once")
    if not set(mode) & set("axrw"):
        raise ValueError(
            "Must have exactly one of create/read/write/append mode and at most one plus"
        )
    if sum(kind in mode for kind in "axrw") != 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    binary = "b" in mode
    if binary:
        for name, value in (("encoding", encoding), ("errors", errors), ("newline", newline)):
            if value is not None:
                raise ValueError(f"binary mode doesn't take an {name} argument")
    elif buffering == 0:
        raise ValueError("can't have unbuffered text I/O")
    return binary
