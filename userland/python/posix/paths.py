# SPDX-License-Identifier: BSD-2-Clause
"""What the functions of posix take for a path."""

from collections.abc import Mapping
from os import PathLike, fspath
from typing import Any

from kernel.sys.fcntl import AT_FDCWD

Path = str | bytes | PathLike[str] | PathLike[bytes]


def at(dir_fd: int | None) -> int:
    """Return the descriptor that a path is relative to."""
    return AT_FDCWD if dir_fd is None else dir_fd


def like(path: Path, name: bytes) -> Any:
    """Return name as str, unless path is bytes."""
    return name if isinstance(fspath(path), bytes) else name.decode("utf-8", "surrogateescape")


def number(names: dict[str, int], name: str | int) -> int:
    """Return the number of a limit's name.

    Raises:
        ValueError: there is no such name.
    """
    if isinstance(name, int):
        return name
    if name not in names:
        raise ValueError("unrecognized configuration name")
    return names[name]


def environment(env: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Return the environment a program names: without a name that holds "=", or ValueError."""
    for name in env:
        if (b"=" if isinstance(name, bytes) else "=") in fspath(name)[1:]:
            raise ValueError("illegal environment variable name")
    return env
