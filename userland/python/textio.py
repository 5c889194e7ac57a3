# SPDX-License-Identifier: BSD-2-Clause
"""Files of text: C's, in the encoding of the process instead of the host's.

CPython Modules/_io/textio.c, Modules/_io/_iomodule.c.
"""

import codecs
import io
from typing import Any, Final

from userland.libc.data import curdata
from userland.python.bufferedio import BufferedRandom, BufferedReader
from userland.python.iobase import keep, no_pickle, shown_type
from userland.python.warn import warn

CODESET: Final = "UTF-8"  # of every locale here

_start = io.TextIOWrapper.__init__


class TextIOWrapper(io.TextIOWrapper):
    """A file of text."""

    __slots__ = ()

    def __init__(
        self,
        buffer: Any,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        line_buffering: bool = False,
        write_through: bool = False,
    ) -> None:
        if encoding is None:
            encoding = default_encoding()
        elif encoding == "locale":
            encoding = CODESET
        check_errors(errors)
        _start(self, buffer, encoding, errors, newline, line_buffering, write_through)
        if isinstance(buffer, (BufferedReader, BufferedRandom)):
            buffer._text = True
        if buffer.writable():
            keep(self)

    def reconfigure(self, *, encoding: str | None = None, **changes: Any) -> None:
        """Change how it is encoded or buffered."""
        super().reconfigure(encoding=CODESET if encoding == "locale" else encoding, **changes)

    def __repr__(self) -> str:
        text = super().__repr__()
        shown = shown_type(self, TextIOWrapper, always=False)
        return f"<{shown} {text.partition(' ')[2]}" if " " in text else text

    __reduce__ = __reduce_ex__ = no_pickle


TextIOWrapper.__module__ = "_io"
TextIOWrapper.__doc__ = io.TextIOWrapper.__doc__


def default_encoding(stacklevel: int = 1) -> str:
    """Return the encoding that a file has for which none is named.

    With -X warn_default_encoding the line that does not name it is told: 1 is the one that
    runs, 2 the one that has called it.
    """
    flags = curdata().runtime.sys.flags
    if flags.warn_default_encoding:
        warn("'encoding' argument not specified", EncodingWarning, stacklevel)
    return "utf-8" if flags.utf8_mode else CODESET


def check_errors(errors: object) -> None:
    """In development mode: refuse a way to handle errors that does not exist.

    Raises:
        LookupError: there is none of that name.
    """
    runtime = curdata().runtime
    if isinstance(errors, str) and runtime is not None and runtime.sys.flags.dev_mode:
        codecs.lookup_error(errors)


def text_encoding(encoding: Any, stacklevel: int = 2, /) -> Any:
    """io.text_encoding(): the encoding that None stands for."""
    if encoding is not None:
        return encoding
    return "utf-8" if default_encoding(stacklevel) == "utf-8" else "locale"


text_encoding.__module__ = "_io"
