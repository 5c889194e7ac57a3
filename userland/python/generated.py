# SPDX-License-Identifier: BSD-2-Clause
"""Functions that the library writes as text: dataclasses' methods and namedtuple's __new__.

One text is compiled once for all processes, and for the children of a fork, which make the
same classes anew.  CPython Lib/dataclasses.py, Lib/collections/__init__.py.
"""

from functools import lru_cache
from types import CodeType
from typing import Any

from userland.libc.data import curdata


def share_exec(module: Any) -> None:
    """Let a module of the library run its texts so."""
    module.exec = _exec


def share_eval(module: Any) -> None:
    """Let a module of the library evaluate its texts so."""
    module.eval = _eval


def _exec(text: str, globals: dict[str, Any], locals: dict[str, Any]) -> None:
    exec(_compile(text, "exec"), _with_builtins(globals), locals)


def _eval(text: str, globals: dict[str, Any]) -> object:
    return eval(_compile(text, "eval"), _with_builtins(globals))


def _with_builtins(globals: dict[str, Any]) -> dict[str, Any]:
    """Put in what the interpreter would put in for a caller in the process."""
    globals.setdefault("__builtins__", vars(curdata().runtime.builtins))
    return globals


@lru_cache(maxsize=2048)
def _compile(text: str, mode: str) -> CodeType:
    return compile(text, "<string>", mode, dont_inherit=True)
