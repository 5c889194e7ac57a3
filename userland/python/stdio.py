# SPDX-License-Identifier: BSD-2-Clause
"""sys.stdin, sys.stdout and sys.stderr.  CPython Python/pylifecycle.c: create_stdio."""

import codecs
from typing import Any, Final

from userland.libc.data import curdata
from userland.libc.termios import isatty
from userland.python.bufferedio import BufferedReader, BufferedWriter
from userland.python.fileio import FileIO
from userland.python.initconfig import Config
from userland.python.textio import TextIOWrapper

STREAMS: Final = ("stdin", "stdout", "stderr")
_STDERR: Final = 2
_LOCALE: Final = (b"LC_ALL", b"LC_CTYPE", b"LANG")  # the first that is set counts
_PLAIN: Final = (b"C", b"POSIX", b"C.UTF-8")


def open_stream(fd: int, config: Config) -> Any:
    """Return the stream of a standard descriptor, None if that is closed."""
    name = STREAMS[fd]
    try:
        raw = FileIO(fd, "r" if fd == 0 else "w", closefd=False)
    except OSError:
        return None
    raw.name = f"<{name}>"
    through = bool(config.unbuffered) and fd != 0
    buffer: Any = raw
    if not through:
        buffer = BufferedReader(raw) if fd == 0 else BufferedWriter(raw)
    errors = config.stdio_errors or ("surrogateescape" if _plain_locale() else "strict")
    stream = TextIOWrapper(
        buffer,
        codecs.lookup(config.stdio_encoding or "utf-8").name,
        "backslashreplace" if fd == _STDERR else errors,
        newline="\n" if fd else None,
        line_buffering=not through and (fd == _STDERR or isatty(fd)),
        write_through=through,
    )
    vars(stream)["mode"] = "r" if fd == 0 else "w"
    return stream


def _plain_locale() -> bool:
    """Whether the locale is C: what does not decode passes through the streams as it is."""
    environ = curdata().environ
    for name in _LOCALE:
        if environ.get(name):
            return environ[name] in _PLAIN
    return True
