# SPDX-License-Identifier: BSD-2-Clause
"""The bare step of an operating system model whose programs are generators.

A program yields what it wants; a loop finds the handler and sends the result back.
This is what such a model cannot do without: no scheduler, no history, no errors.
"""

from collections.abc import Generator
from typing import Any

_Call = tuple[str, tuple[Any, ...]]


class Model:
    """One process and its calls."""

    def __init__(self) -> None:
        self.pid = 1
        self.handlers = {"getpid": self.sys_getpid}

    def sys_getpid(self) -> int:
        return self.pid

    def run(self, program: Generator[_Call, Any, None]) -> None:
        """Run program to its end."""
        result = None
        try:
            while True:
                name, arguments = program.send(result)
                result = self.handlers[name](*arguments)
        except StopIteration:
            pass


def calls(count: int) -> Generator[_Call, Any, None]:
    """Make so many calls."""
    for _ in range(count):
        yield "getpid", ()
