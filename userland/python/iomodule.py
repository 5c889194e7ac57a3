# SPDX-License-Identifier: BSD-2-Clause
"""The functions of io: open and its kin.  CPython Modules/_io/_iomodule.c."""

import io
from collections.abc import Callable
from functools import cache
from operator import index
from os import fspath
from sys import version_info
from typing import Any, Final

from kernel.sys.namedtuple import NamedTuple
from userland.libc.termios import isatty
from userland.python.bufferedio import BufferedRandom, BufferedReader, BufferedWriter
from userland.python.fileio import FileIO
from userland.python.iobase import keep, type_name
from userland.python.textio import CODESET, TextIOWrapper, check_errors, default_encoding
from userland.python.warn import warn

_text = io.TextIOWrapper.__init__


class _Opening(NamedTuple):
    """What a mode of open() means."""

    raw: str  # FileIO's mode
    binary: bool
    buffered: Any  # the class of the buffer
    start: Callable[[Any, FileIO, int], None]  # its __init__, of C


@cache
def _parse(mode: str) -> _Opening:
    """Return what mode says.

    Raises:
        ValueError: nothing that makes sense.
    """
    if set(mode) - set("axrwb+t") or len(mode) > len(set(mode)):
        raise ValueError(f"invalid mode: {mode!r}")
    if "t" in mode and "b" in mode:
        raise ValueError("can't have text and binary mode at once")
    if sum(kind in mode for kind in "axrw") > 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    raw = "".join(kind for kind in "xrwa+" if kind in mode)
    cls: Any = BufferedRandom if "+" in mode else BufferedReader if "r" in mode else BufferedWriter
    return _Opening(raw, "b" in mode, cls, cls.__base__.__init__)


def open_file(
    file: Any,
    mode: str = "r",
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool = True,
    opener: Callable[[Any, int], int] | None = None,
) -> Any:
    """open(): as Python's own, on the process's files.

    Raises:
        OSError: the file cannot be opened. ValueError, TypeError: the arguments make no sense.
    """
    if type(file) is not str and not isinstance(file, (bytes, int)) and not _is_number(file):
        file = fspath(file)
    if not isinstance(mode, str):
        raise TypeError(f"open() argument 'mode' must be str, not {type_name(mode)}")
    if type(buffering) is not int:
        buffering = index(buffering)
    if encoding is not None or errors is not None or newline is not None:
        for name, value in (("encoding", encoding), ("errors", errors), ("newline", newline)):
            _check_text(name, value)
    how = _parse(mode)
    if how.binary:
        for name, value in (("encoding", encoding), ("errors", errors), ("newline", newline)):
            if value is not None:
                article = "a" if name == "newline" else "an"
                raise ValueError(f"binary mode doesn't take {article} {name} argument")
        if buffering == 1:
            warn(
                "line buffering (buffering=1) isn't supported in binary mode, "
                "the default buffer size will be used",
                RuntimeWarning,
            )
    raw = FileIO(file, how.raw, closefd, opener)
    result: Any = raw
    try:
        terminal = buffering < 0 and isatty(raw._fd)
        if buffering == 0:
            if not how.binary:
                raise ValueError("can't have unbuffered text I/O")
            return raw
        size = buffering if buffering > 1 else raw._blksize
        result = how.buffered.__new__(how.buffered)
        how.start(result, raw, size)
        if how.binary:
            if how.buffered is not BufferedReader:
                keep(result)
            return result
        if encoding is None:
            encoding = default_encoding()
        elif encoding == "locale":
            encoding = CODESET
        if errors is not None:
            check_errors(errors)
        result._text = True
        text: Any = TextIOWrapper.__new__(TextIOWrapper)
        _text(text, result, encoding, errors, newline, buffering == 1 or terminal)
        result = text
        text.mode = mode
        if how.buffered is not BufferedReader:
            keep(text)
    except BaseException:
        result.close()
        raise
    return text


def _is_number(file: object) -> bool:
    return hasattr(type(file), "__index__") or hasattr(type(file), "__float__")


def _check_text(name: str, value: object) -> None:
    if value is None:
        return
    if not isinstance(value, str):
        raise TypeError(f"open() argument {name!r} must be str or None, not {type(value).__name__}")
    if "\0" in value:
        raise ValueError("embedded null character")


def open_code(path: str) -> Any:
    """io.open_code(): open a file of code to read it."""
    if not isinstance(path, str):
        raise TypeError(f"open_code() argument 'path' must be str, not {type_name(path)}")
    return open_file(path, "rb")


# What a program sees of them.
_MODULE: Final = "_io" if version_info >= (3, 12) else "io"
for _name, _thing, _module in (
    ("FileIO", FileIO, "_io"),
    ("open", open_file, _MODULE),
    ("open_code", open_code, _MODULE),
):
    _thing.__module__ = _module
    _thing.__name__ = _thing.__qualname__ = _name

open_builtin: Final = staticmethod(open_file)  # one object, in io and in builtins
