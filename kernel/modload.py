# SPDX-License-Identifier: BSD-2-Clause
"""Load a kernel module from the host: rows of the system call table and their handlers.

NetBSD modload(8), module(9).  A module is a folder with *.master, rows in the grammar of
syscalls.master, and *.py, which have the handlers.
"""

import traceback
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from kernel.kern.kern_syscall import syscall_establish
from kernel.sys.syscall import Syscall, row_lines, table_rows


class ModuleError(Exception):
    """A module that cannot be loaded; the text says why, in a line."""


def modload(folder: Path) -> list[Syscall]:
    """Load the module in a folder of the host's; return the calls it brings.

    Raises:
        ModuleError: a file cannot be read; as module_init.
    """
    try:
        paths = sorted([*folder.glob("*.master"), *folder.glob("sys_*.py")])
        return module_init(str(folder), {path.name: path.read_bytes() for path in paths})
    except OSError as exc:
        raise ModuleError(f"{exc.filename}: {exc.strerror}") from exc


def module_init(name: str, files: Mapping[str, bytes]) -> list[Syscall]:
    """Load a module for all kernels of this interpreter; return the calls it brings.

    Args:
        name: what messages call it.
        files: by their names: *.master and sys_*.py.

    Raises:
        ModuleError: there is no row; one is malformed, or its number is not the next; a handler
            is not there, or not called as its row says; the code fails.
    """
    rows = [
        row
        for file, data in files.items()
        if file.endswith(".master")
        for row in _rows(f"{name}/{file}", data)
    ]
    if not rows:
        raise ModuleError(f"{name} has no *.master with a row in it")
    handlers: dict[str, Any] = {}
    for file, data in files.items():
        if file.endswith(".py"):
            handlers |= _handlers(f"{name}/{file}", data)
    return [_established(place, row, handlers) for place, row in rows]


def _rows(path: str, data: bytes) -> list[tuple[str, str]]:
    """Return the rows of a file, each with its place."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise ModuleError(
            f"{path}, line {line}: {data[exc.start : exc.end]!r} is no ASCII"
        ) from exc
    places = [f"{path}, line {number}" for number in row_lines(text)]
    return list(zip(places, table_rows(text), strict=True))


def _established(place: str, row: str, handlers: dict[str, Any]) -> Syscall:
    try:
        return syscall_establish(row, handlers)
    except (TypeError, ValueError) as exc:
        raise ModuleError(f"{place}: {exc}") from exc


def _handlers(path: str, source: bytes) -> dict[str, Any]:
    """Run a file as a module of its own; return its names that begin with sys_."""
    module = ModuleType(path)
    try:
        exec(compile(source, path, "exec"), vars(module))
    except SyntaxError as exc:
        raise ModuleError(f"{path}, line {exc.lineno}: SyntaxError: {exc.msg}") from exc
    except Exception as exc:
        frames = reversed(traceback.extract_tb(exc.__traceback__))
        line = next((frame.lineno for frame in frames if frame.filename == path), None)
        raise ModuleError(f"{path}, line {line}: {type(exc).__name__}: {exc}") from exc
    return {name: value for name, value in vars(module).items() if name.startswith("sys_")}
