# SPDX-License-Identifier: BSD-2-Clause
"""From an error register to the exception a program catches.  NetBSD lib/libc cerror.S."""

import os
from typing import Final, NoReturn

from kernel.sys.errno import Errno, strerror

# Which subclass of OSError Python has for an error, by NetBSD's numbers.
_SUBCLASS: Final[dict[int, type[OSError]]] = {
    Errno.EAGAIN: BlockingIOError,
    Errno.EALREADY: BlockingIOError,
    Errno.EINPROGRESS: BlockingIOError,
    Errno.ECHILD: ChildProcessError,
    Errno.EPIPE: BrokenPipeError,
    Errno.ESHUTDOWN: BrokenPipeError,
    Errno.ECONNABORTED: ConnectionAbortedError,
    Errno.ECONNREFUSED: ConnectionRefusedError,
    Errno.ECONNRESET: ConnectionResetError,
    Errno.EEXIST: FileExistsError,
    Errno.ENOENT: FileNotFoundError,
    Errno.EINTR: InterruptedError,
    Errno.EISDIR: IsADirectoryError,
    Errno.ENOTDIR: NotADirectoryError,
    Errno.EACCES: PermissionError,
    Errno.EPERM: PermissionError,
    Errno.ESRCH: ProcessLookupError,
    Errno.ETIMEDOUT: TimeoutError,
}


def oserror(error: int, *paths: object) -> OSError:
    """Return the OSError of a NetBSD errno, with the files it is about.

    OSError picks a subclass by the host's numbers; here NetBSD's count.
    """
    number = int(error)
    cls = _SUBCLASS.get(number, _Plain)
    names = [os.fspath(path) if isinstance(path, os.PathLike) else path for path in paths]
    if len(names) > 1:
        return cls(number, strerror(number), names[0], None, names[1])
    return cls(number, strerror(number), *names)


class _Plain(OSError):
    """An error that has no subclass; OSError itself would choose one by the host's number."""


_Plain.__name__ = _Plain.__qualname__ = "OSError"
_Plain.__module__ = "builtins"


def cerror(error: int, *paths: object) -> NoReturn:
    """Raise the OSError of an error register.

    Raises:
        OSError: always.
    """
    raise oserror(error, *paths)
