# SPDX-License-Identifier: BSD-2-Clause
"""The bare step of an operating system model whose programs are generators.

A program yields what it wants; a loop finds the handler and sends the result back.
This is what such a model cannot do without: no scheduler, no history, no errors.
"""

from collections.abc import Callable, Generator
from random import Random
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


class Chooser:
    """A model that is explored: of each call it keeps what might come of it, till one is chosen.

    The step of a model checker's operating system (MOSAIC, USENIX ATC '23): programs yield the
    names of calls; a handler returns what could happen, by name; the choice is drawn, noted for
    a replay, made, and its result sent back.
    """

    def __init__(self, program: Generator[_Call, Any, None], seed: int = 0) -> None:
        self.threads = [program]
        self.current = 0
        self.newborn: set[int] = set()
        self.known = ["sys_fork", "sys_sched", "sys_choose", "sys_write", "sys_getpid"]
        self.taken: list[str] = []
        self.choices: dict[str, Callable[[], Any]] = {"start": lambda: None}
        self.random = Random(seed)

    def sys_getpid(self) -> dict[str, Callable[[], Any]]:
        """One thing can happen: the number of the thread."""
        return {"getpid": lambda: self.current + 1}

    def switch(self, thread: int) -> int | None:
        """Let thread be who runs; one that a fork has just made gets 0."""
        self.current = thread
        if thread in self.newborn:
            self.newborn.remove(thread)
            return 0
        return None

    def step(self, choice: str) -> None:
        """Let what was chosen happen, and the program run up to its next call."""
        self.switch(self.current)
        self.taken.append(choice)
        result = self.choices[choice]()
        name, arguments = self.threads[self.current].send(result)
        assert name in self.known
        self.choices = getattr(self, name)(*arguments)

    def run(self) -> None:
        """Choose, until the program ends."""
        try:
            while True:
                self.step(self.random.choice(sorted(self.choices)))
        except StopIteration:
            pass


def chosen_calls(count: int) -> Generator[_Call, Any, None]:
    """Make so many calls of a Chooser."""
    for _ in range(count):
        yield "sys_getpid", ()
