# SPDX-License-Identifier: BSD-2-Clause
"""The state of one shell.  NetBSD bin/sh/shell.h, and what its files keep static.

A child made by clone(2) shares the parent's heap, so it works on a copy().
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING

from kernel.sys.dataclasses import dataclass, field, replace
from kernel.sys.namedtuple import NamedTuple

if TYPE_CHECKING:
    from userland.sh.nodes import Node

OPTIONS = {  # NetBSD bin/sh/option.list; those without a letter go by their name
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
    "p": "nopriv",
    "h": "trackall",
    "l": "login",
    "cdprint": "cdprint",
    "nolog": "nolog",
    "pipefail": "pipefail",
    "posix": "posix",
    "promptcmds": "promptcmds",
}


class Var(NamedTuple):
    """A variable; value None: named by export, readonly or local, but unset."""

    value: str | None
    exported: bool = False
    readonly: bool = False
    noexport: bool = False


@dataclass(slots=True, eq=False)
class Scope:
    """What a function has made local, as it was before."""

    variables: dict[str, Var | None] = field(default_factory=dict)
    options: frozenset[str] | None = None


class Sigmode(Enum):
    """What the process does at a signal (S_DFL and so on); HARD_IGNORE cannot be changed."""

    DEFAULT = 1
    CATCH = 2
    IGNORE = 3
    HARD_IGNORE = 4


class Builtin(NamedTuple):
    """A command of the shell's own; a special one's errors end a script."""

    function: Callable[[Shell, list[str]], int]
    special: bool = False
    declares: bool = False  # its name=value arguments are assignments


@dataclass(slots=True, eq=False)
class Procstat:
    """A process of a job: status is None while it runs, else a wait status, maybe "stopped"."""

    pid: int
    node: Node | None  # what it was made for, to be shown
    status: int | None = None


class JobState(Enum):
    """Running as long as one of its processes does; stopped as long as one is."""

    RUNNING = 0
    STOPPED = 1
    DONE = 2


@dataclass(slots=True, eq=False)
class Job:
    """A command that was started: one process, or those of a pipeline."""

    number: int
    jobctl: bool  # made under job control: it is a process group
    pipefail: bool = False  # its status is the last one that is no success
    procs: list[Procstat] = field(default_factory=list)
    pgrp: int = 0  # 0: it is in the shell's own
    state: JobState = JobState.RUNNING
    changed: bool = False  # since it was last shown


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
    jobs: dict[int, Job] = field(default_factory=dict)  # by number
    current: list[Job] = field(default_factory=list)  # the last one is %+, the one before %-
    children: dict[int, Job] = field(default_factory=dict)  # by pid, until it is waited for
    jobs_invalid: bool = False  # a child's: its parent's jobs, to be shown only
    jobctl: bool = False
    ttyfd: int = -1  # the terminal that job control gives to process groups
    initialpgrp: int = 0  # who had it before
    job_warning: int = 0  # 2: "You have stopped jobs" was the last answer, 1: the one before
    fd0_redirected: int = 0  # how many redirections of standard input are in force
    traps: dict[int, str] = field(default_factory=dict)  # signal (0: EXIT): action
    traps_invalid: bool = False  # a child's: its parent's traps, to be shown only
    sigmode: dict[int, Sigmode] = field(default_factory=dict)  # what the process does at a signal
    pending: list[int] = field(default_factory=list)  # signals that came, not yet acted on
    scopes: list[Scope] = field(default_factory=list)  # innermost last
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

    @property
    def interactive(self) -> bool:
        """Tell whether a person types at this very shell, not only at its parent."""
        return "i" in self.options and not self.subshell

    def caught(self) -> bool:
        """Tell whether there is anything to do at a signal or at the end (have_traps)."""
        return not self.traps_invalid and any(self.traps.values())

    def copy(self) -> Shell:
        """Return what a forked child starts with: the same, sharing nothing that changes."""
        return replace(
            self,
            variables=dict(self.variables),
            functions=dict(self.functions),
            aliases=dict(self.aliases),
            params=list(self.params),
            options=set(self.options),
            jobs=dict(self.jobs),
            current=list(self.current),
            children={},
            jobs_invalid=True,
            jobctl=False,
            traps=dict(self.traps),
            traps_invalid=True,
            sigmode=dict(self.sigmode),
            pending=[],
            scopes=[replace(scope, variables=dict(scope.variables)) for scope in self.scopes],
            hashed=dict(self.hashed),
            subshell=True,
        )
