# SPDX-License-Identifier: BSD-2-Clause
"""Where command text comes from, a line at a time.  NetBSD bin/sh/input.c."""

from collections.abc import Callable
from errno import EINTR
from typing import Final, Protocol

from userland.libc import include as libc

_BUFSIZ: Final = 1024  # bytes read at once, stdio's BUFSIZ


class Input(Protocol):
    """A source of lines."""

    def nextline(self, prompt: str) -> str:
        """Return the next line with its newline, "" at the end.

        prompt names the variable (PS1 or PS2) an interactive source shows.
        """


class StringInput:
    """Lines of a text: -c, eval, backquotes, traps."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pos = 0

    def nextline(self, prompt: str) -> str:
        """Return the next line."""
        start = self._pos
        end = self._text.find("\n", start) + 1
        self._pos = end or len(self._text)
        return self._text[start : self._pos]


class FileInput:
    """Lines of a descriptor.

    Args:
        fd: read in blocks, so what follows a command may have been read already.
        show: for an interactive shell, writes the prompt.
        interrupted: called when a read was interrupted; may raise.
        seen: told of each line (set -v).
    """

    def __init__(
        self,
        fd: int,
        show: Callable[[str], None] | None = None,
        interrupted: Callable[[], None] | None = None,
        seen: Callable[[str], None] | None = None,
    ) -> None:
        self.fd = fd
        self._show = show
        self._interrupted = interrupted
        self._seen = seen
        self._buffer = b""

    def nextline(self, prompt: str) -> str:
        """Return the next line; the end of file is looked at again next time."""
        if self._show is not None:
            self._show(prompt)
        while (end := self._buffer.find(b"\n") + 1) == 0:
            data = self._read()
            if not data:
                end = len(self._buffer)
                break
            self._buffer += data
        line, self._buffer = self._buffer[:end], self._buffer[end:]
        text = line.decode("utf-8", "surrogateescape").replace("\0", "")
        if self._seen is not None:
            self._seen(text)
        return text

    def _read(self) -> bytes:
        while True:
            try:
                return libc.read(self.fd, _BUFSIZ)
            except OSError as exc:
                if exc.errno != EINTR:
                    raise
                if self._interrupted is not None:
                    self._interrupted()

    def close(self) -> None:
        """Close the descriptor."""
        libc.close(self.fd)
