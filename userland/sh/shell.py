# SPDX-License-Identifier: BSD-2-Clause
"""The state of one shell.  NetBSD bin/sh/shell.h, and what its files keep static.

A child made by clone(2) shares the parent's heap, so it works on a copy().
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from userland.sh.nodes import Node

OPTIONS = {  # NetBSD bin/sh/options.c
    "e": "errexit",
    "f": "noglob",
    "I": "ignoreeof",
    "i": "interactive",
    "m": "monitor",
    "n": "noexec",
    "s": "stdin",
    "x": "xtrace",
    "v": "verbose",
    "V": "vi",
    "E": "emacs",
    "C": "noclobber",
    "a": "allexport",
    "b": "notify",
    "u": "nounset",
    "q": "quietprofile",
}


class Var(NamedTuple):
    """A variable; value None: named by export, readonly or local, but unset."""

    value: str | None
    exported: bool = False
    readonly: bool = False


class Builtin(NamedTuple):
    """A command of the shell's own; a special one's errors end a script."""

    function: Callable[[Shell, list[str]], int]
    special: bool = False
    declares: bool = False  # its name=value arguments are assignments


@dataclass(slots=True, eq=False)
class Job:
    """A pipeline that was started; statuses[pid] is None while that process runs."""

    number: int
    node: Node | None
    statuses: dict[int, int | None]
    last: int  # the process whose status is the job's
    background: bool = False
    reported: bool = False

    def running(self) -> bool:
        """Tell whether any process of it is still alive."""
        return None in self.statuses.values()


@dataclass(slots=True, eq=False)
class Shell:
    """Everything a shell knows.

    evaltree evaluates a command and returns its status (with True, the process
    ends after it, so it may exec); it and the builtins are handed in by main.
    """

    arg0: str
    pid: int  # $$: of the root shell
    builtins: Mapping[str, Builtin]
    evaltree: Callable[[Shell, Node, bool], int]
    variables: dict[str, Var] = field(default_factory=dict)
    functions: dict[str, Node] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    params: list[str] = field(default_factory=list)
    options: set[str] = field(default_factory=set)
    status: int = 0  # $?
    backstatus: int = -1  # of the last command substitution in a command; -1: none
    backpid: int | None = None  # $!
    jobs: list[Job] = field(default_factory=list)
    traps: dict[int, str] = field(default_factory=dict)  # signal (0: EXIT): action
    ignored: frozenset[int] = (
        frozenset()
    )  # signals ignored when a shell that is not interactive began
    pending: list[int] = field(default_factory=list)  # signals that came, not yet acted on
    scopes: list[dict[str, Var | None]] = field(default_factory=list)  # of local, innermost last
    hashed: dict[str, str] = field(default_factory=dict)  # command: path
    cwd: str | None = None  # what pwd says; None: ask the kernel
    lineno: int = 1
    commandname: str | None = None  # in error messages
    loops: int = 0  # how many loops the command is in
    functions_deep: int = 0  # how many functions and dot scripts
    tested: int = 0  # above 0: a failure does not end the shell in spite of -e
    optoff: int = -1  # getopts: where in the word it is
    subshell: bool = False
    in_trap: bool = False

    def copy(self) -> Shell:
        """Return what a forked child starts with: the same, sharing nothing that changes."""
        return replace(
            self,
            variables=dict(self.variables),
            functions=dict(self.functions),
            aliases=dict(self.aliases),
            params=list(self.params),
            options=set(self.options),
            jobs=[],
            traps=dict(self.traps),
            pending=[],
            scopes=[dict(scope) for scope in self.scopes],
            hashed=dict(self.hashed),
            subshell=True,
        )
