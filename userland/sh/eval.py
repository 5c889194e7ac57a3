# SPDX-License-Identifier: BSD-2-Clause
"""Evaluation of the parse tree.  NetBSD bin/sh/eval.c (evaltree)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from userland.libc import include as libc
from userland.libc.fnmatch import fnmatch
from userland.sh.command import evalcommand
from userland.sh.descrip import movefd
from userland.sh.error import LoopExit, ShellExit
from userland.sh.expand import expandargs, expandpattern, expandword
from userland.sh.jobs import Fork, forkshell, makejob, waitforjob
from userland.sh.nodes import (
    And,
    Background,
    Case,
    Cmd,
    Defun,
    For,
    Group,
    If,
    Node,
    Not,
    Or,
    Pipe,
    Redirected,
    Semi,
    Subshell,
    While,
)
from userland.sh.redir import redirect_all, redirected
from userland.sh.shell import Job, Shell
from userland.sh.toplevel import complain, dotrap, run
from userland.sh.var import setvar


def evaltree(sh: Shell, node: Node, last: bool = False) -> int:
    """Evaluate a command; return its status, which is $? then.

    Args:
        last: the process ends after it: a program may take the shell's place.

    Raises:
        ShellExit: the shell is to end, by exit or by set -e.
        LoopExit, FunctionReturn: break, continue, return.
        ShellError: an error that ends a script.
    """
    if "n" in sh.options and "i" not in sh.options:
        return sh.status
    sh.status = _EVAL[type(node)](sh, node, last)
    if sh.pending:
        dotrap(sh)
    if sh.status and "e" in sh.options and not sh.tested and _is_simple(node):
        raise ShellExit(sh.status)
    return sh.status


def _is_simple(node: Node) -> bool:
    """Tell whether a failure of node itself, not of a part of it, counts for set -e."""
    if isinstance(node, Redirected):
        node = node.body
    return isinstance(node, (Cmd, Pipe, Subshell))


@contextmanager
def _tested(sh: Shell) -> Iterator[None]:
    """Evaluate something whose failure is looked at, and so does not end the shell."""
    sh.tested += 1
    try:
        yield
    finally:
        sh.tested -= 1


def _evalsemi(sh: Shell, node: Semi, last: bool) -> int:
    for command in node.commands[:-1]:
        evaltree(sh, command)
    return evaltree(sh, node.commands[-1], last)


def _evallist(sh: Shell, node: And | Or, last: bool) -> int:
    """Evaluate a list of && and || from its first command on, however long it is."""
    chain: list[And | Or] = []
    first: Node = node
    while isinstance(first, (And, Or)):
        chain.append(first)
        first = first.left
    with _tested(sh):
        status = evaltree(sh, first)
    for each in reversed(chain):
        if isinstance(each, And) != (status == 0):
            continue
        if each is node:
            return evaltree(sh, each.right, last)
        with _tested(sh):
            status = evaltree(sh, each.right)
    return status


def _evalnot(sh: Shell, node: Not, last: bool) -> int:
    with _tested(sh):
        return int(evaltree(sh, node.command) == 0)


def _evalgroup(sh: Shell, node: Group, last: bool) -> int:
    return evaltree(sh, node.body, last)


def _evalif(sh: Shell, node: If, last: bool) -> int:
    with _tested(sh):
        status = evaltree(sh, node.test)
    if status == 0:
        return evaltree(sh, node.body, last)
    return evaltree(sh, node.orelse, last) if node.orelse is not None else 0


def _evalloop(sh: Shell, node: While, last: bool) -> int:
    def again() -> bool:
        with _tested(sh):
            return (evaltree(sh, node.test) == 0) != node.until

    return _loop(sh, again, node.body)


def _evalfor(sh: Shell, node: For, last: bool) -> int:
    values = iter(list(sh.params) if node.args is None else expandargs(sh, node.args))

    def again() -> bool:
        sh.lineno = node.lineno
        for value in values:
            setvar(sh, node.var, value)
            return True
        return False

    return _loop(sh, again, node.body)


def _loop(sh: Shell, again: Callable[[], bool], body: Node) -> int:
    """Evaluate body as long as again() says so; break and continue end up here."""
    status = 0
    turns = 0
    sh.loops += 1
    try:
        while True:
            turns += 1
            if turns % _NAP_EVERY == 0:
                _nap(sh)
            try:
                if not again():
                    return status
                status = evaltree(sh, body)
            except LoopExit as exc:
                status = 0
                if exc.count > 1:
                    raise LoopExit(exc.count - 1, exc.again) from None
                if not exc.again:
                    return 0
    finally:
        sh.loops -= 1


def _nap(sh: Shell) -> None:
    """Let time pass for a loop that may be making no system call.

    No clock interrupts a program between its calls, so such a loop would keep
    the processor for ever, and signals out.
    """
    try:
        libc.nanosleep(_NAP)
    except InterruptedError:
        dotrap(sh)


def _evalcase(sh: Shell, node: Case, last: bool) -> int:
    sh.lineno = node.lineno
    word = expandword(sh, node.word)
    status, falling = 0, False
    for clause in node.clauses:
        if not falling and not any(
            fnmatch(expandpattern(sh, pattern), word) == 0 for pattern in clause.patterns
        ):
            continue
        if clause.body is not None:
            status = evaltree(sh, clause.body, last and not clause.falls)
        falling = clause.falls
        if not falling:
            break
    return status


def _evaldefun(sh: Shell, node: Defun, last: bool) -> int:
    sh.functions[node.name] = node.body
    return 0


def _evalredir(sh: Shell, node: Redirected, last: bool) -> int:
    if isinstance(node.body, Subshell):
        return _subshell(sh, node, node.body.body, node.redirs, last)
    with redirected(sh, node.redirs) as error:
        if error is None:
            return evaltree(sh, node.body)
        complain(sh, error)
        if "e" in sh.options and not sh.tested:
            raise ShellExit(error.status)
        return error.status


def _evalsubshell(sh: Shell, node: Subshell, last: bool) -> int:
    return _subshell(sh, node, node.body, (), last)


def _subshell(sh: Shell, node: Node, body: Node, redirs: Any, last: bool) -> int:
    def life(sh: Shell) -> None:
        redirect_all(sh, redirs)
        evaltree(sh, body, True)

    if last and not sh.caught() and not (sh.jobs and not sh.jobs_invalid):
        sh.subshell = True
        life(sh)
        return sh.status
    job = makejob(sh)
    forkshell(sh, lambda sh: run(sh, life), job, node, Fork.FG)
    return waitforjob(sh, job)


def _evalbackground(sh: Shell, node: Background, last: bool) -> int:
    command = node.command
    job = makejob(sh)
    if isinstance(command, Pipe):
        _startpipe(sh, command, job, Fork.BG)
    else:
        shown = node if isinstance(command, Cmd) else command
        forkshell(
            sh, lambda sh: run(sh, lambda sh: evaltree(sh, command, True)), job, shown, Fork.BG
        )
    return 0


def _evalpipe(sh: Shell, node: Pipe, last: bool) -> int:
    job = makejob(sh)
    _startpipe(sh, node, job, Fork.FG)
    return waitforjob(sh, job)


def _startpipe(sh: Shell, node: Pipe, job: Job, mode: Fork) -> None:
    """Start all commands of a pipeline, each a child of this shell."""
    before = -1  # where the next command reads
    for index, command in enumerate(node.commands):
        reader = writer = -1
        if index + 1 < len(node.commands):
            reader, writer = libc.pipe()
        forkshell(sh, _member(command, (before, reader, writer)), job, command, mode)
        for fd in (before, writer):
            if fd >= 0:
                libc.close(fd)
        before = reader


def _member(command: Node, fds: tuple[int, int, int]) -> Callable[[Shell], int]:
    """Return what the child does that runs one command of a pipeline."""
    before, reader, writer = fds

    def life(sh: Shell) -> None:
        if reader >= 0:
            libc.close(reader)
        if before >= 0:
            movefd(before, 0)
        if writer >= 0:
            movefd(writer, 1)
        evaltree(sh, command, True)

    return lambda sh: run(sh, life)


_NAP_EVERY: Final = 1024  # turns of a loop
_NAP: Final = libc.Timespec(0, 10_000_000)  # a clock tick, what so many turns may take
_EVAL: Final[dict[type, Callable[[Shell, Any, bool], int]]] = {
    Cmd: evalcommand,
    Semi: _evalsemi,
    And: _evallist,
    Or: _evallist,
    Not: _evalnot,
    Group: _evalgroup,
    If: _evalif,
    While: _evalloop,
    For: _evalfor,
    Case: _evalcase,
    Defun: _evaldefun,
    Redirected: _evalredir,
    Subshell: _evalsubshell,
    Background: _evalbackground,
    Pipe: _evalpipe,
}
