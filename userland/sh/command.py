# SPDX-License-Identifier: BSD-2-Clause
"""Simple commands: builtins, functions, programs.  NetBSD bin/sh/eval.c (evalcommand)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

from kernel.sys.namedtuple import NamedTuple
from userland.sh.error import ExecError, FunctionReturn, ShellError
from userland.sh.exec import find_command, shellexec
from userland.sh.expand import expandargs, expandstr, expandword
from userland.sh.jobs import Fork, forkshell, makejob, waitforjob
from userland.sh.nodes import Arg, Cmd, Node, Redir
from userland.sh.options import optschanged
from userland.sh.output import out2
from userland.sh.parser import split_assignment
from userland.sh.redir import redirect_all, redirected
from userland.sh.shell import Builtin, Scope, Shell
from userland.sh.show import redirtext
from userland.sh.toplevel import complain, run
from userland.sh.var import DEFAULT_PATH, lookupvar, mark, mklocal, poplocals, quoted, setvar

_MAX_RECURSION: Final = 1000  # functions in functions

Assigns = tuple[tuple[str, Arg], ...]


class _Lookup(NamedTuple):
    """What `command` asks for: no functions, perhaps the standard path."""

    argv: list[str]
    plain: bool  # the command builtin was used
    path: str | None


def evalcommand(sh: Shell, node: Cmd, last: bool) -> int:
    """Evaluate a simple command; return its status.

    Raises:
        ShellError: an expansion, or a special builtin in a script, failed.
    """
    sh.lineno = node.lineno
    sh.backstatus = -1
    argv = _arguments(sh, node.args)
    if not argv:
        return _assignments_only(sh, node)
    found = _skip_command(argv)
    builtin = sh.builtins.get(found.argv[0])
    if builtin is not None and builtin.special and not found.plain:
        return _special(sh, builtin, argv, node)
    if not node.assigns:
        return _run(sh, builtin, found, node, last, argv)
    with _scope(sh):
        _assign(sh, node.assigns, local=True)
        return _run(sh, builtin, found, node, last, argv)


def _run(
    sh: Shell, builtin: Builtin | None, found: _Lookup, node: Cmd, last: bool, words: list[str]
) -> int:
    """Run a command that is no special builtin, its assignments done."""
    _xtrace(sh, node, words)
    argv, name = found.argv, found.argv[0]
    if name in sh.functions and not found.plain:
        return _function(sh, sh.functions[name], argv, node)
    if builtin is None and name.startswith("%") and sh.jobs:
        builtin = sh.builtins["fg"]
    if builtin is not None:
        return _builtin(sh, builtin, argv, node)
    return _program(sh, argv, node, found.path, last)


def _arguments(sh: Shell, args: tuple[Arg, ...]) -> list[str]:
    """Expand the words; those of export and its like keep assignments whole."""
    name = args[0].literal() if args else None
    builtin = sh.builtins.get(name) if name is not None else None
    if builtin is None or not builtin.declares:
        return expandargs(sh, args)
    argv: list[str] = []
    for arg in args:
        if assignment := split_assignment(arg):
            argv.append(f"{assignment[0]}={expandword(sh, assignment[1], assignment=True)}")
        else:
            argv += expandargs(sh, (arg,))
    return argv


def _xtrace(sh: Shell, node: Cmd, argv: list[str]) -> None:
    """Show a command before it runs, its assignments done (set -x)."""
    if "x" not in sh.options:
        return
    words = [f"{name}={quoted(lookupvar(sh, name) or '')}" for name, _ in node.assigns]
    words += map(quoted, argv)
    words += map(redirtext, node.redirs)
    out2(f"{expandstr(sh, lookupvar(sh, 'PS4') or '')}{' '.join(words)}\n")


def _assign(sh: Shell, assigns: Assigns, local: bool = False) -> None:
    """Make assignments, one after the other; local: exported, until the scope ends."""
    for name, arg in assigns:
        value = expandword(sh, arg, assignment=True)
        if local:
            mklocal(sh, name)
        setvar(sh, name, value)
        if local:
            mark(sh, name, exported=True)


def _assignments_only(sh: Shell, node: Cmd) -> int:
    with redirected(sh, node.redirs) as error:
        if error is not None:
            complain(sh, error)
            return error.status
        _assign(sh, node.assigns)
        _xtrace(sh, node, [])
    return max(sh.backstatus, 0)


def _skip_command(argv: list[str]) -> _Lookup:
    """Take `command [-p]` off the front, but not `command -v` or a bare one."""
    path, plain = None, False
    while argv[0] == "command" and len(argv) > 1:
        rest = argv[1:]
        standard = False
        while rest and rest[0] in {"-p", "--"}:
            standard = standard or rest[0] == "-p"
            del rest[0]
        if not rest or rest[0].startswith("-"):
            break
        argv, plain = rest, True
        path = DEFAULT_PATH if standard else path
    return _Lookup(argv, plain, path)


@contextmanager
def _scope(sh: Shell) -> Iterator[None]:
    """Have variables, and perhaps options, that are made local in a block be restored after it."""
    sh.scopes.append(Scope())
    try:
        yield
    finally:
        options = poplocals(sh)
        if options is not None:
            was, sh.options = frozenset(sh.options), set(options)
            optschanged(sh, was)


@contextmanager
def _named(sh: Shell, name: str) -> Iterator[None]:
    """Have error messages come from a builtin for the time of a block."""
    saved, sh.commandname = sh.commandname, name
    try:
        yield
    finally:
        sh.commandname = saved


def _special(sh: Shell, builtin: Builtin, argv: list[str], node: Cmd) -> int:
    """Run a special builtin: assignments stay, errors end a script."""
    _assign(sh, node.assigns)
    _xtrace(sh, node, argv)
    if argv[0] == "exec":
        return _execcmd(sh, argv, node)
    with redirected(sh, node.redirs) as error:
        try:
            if error is not None:
                raise error
            name = sh.commandname if argv[0] in {"eval", "."} else argv[0]
            saved, sh.commandname = sh.commandname, name
            try:
                return builtin.function(sh, argv)
            except ShellError as exc:
                complain(sh, exc)
                exc.message = None
                raise
            finally:
                sh.commandname = saved
        except OSError as exc:
            complain(sh, ShellError(f"{argv[0]}: {exc.strerror}"))
            return 1
        except ShellError as exc:
            if not sh.interactive:
                raise
            complain(sh, exc)
            return exc.status


def _builtin(sh: Shell, builtin: Builtin, argv: list[str], node: Cmd) -> int:
    with redirected(sh, node.redirs) as error, _named(sh, argv[0]):
        try:
            if error is not None:
                raise error
            return builtin.function(sh, argv)
        except ShellError as exc:
            complain(sh, exc)
            return exc.status
        except OSError as exc:
            complain(sh, ShellError(exc.strerror))
            return 1


def _function(sh: Shell, body: Node, argv: list[str], node: Cmd) -> int:
    if sh.functions_deep >= _MAX_RECURSION:
        raise ShellError(f"Maximum function recursion depth ({_MAX_RECURSION}) reached")
    saved = sh.params, sh.loops, sh.optoff
    with redirected(sh, node.redirs) as error:
        if error is not None:
            complain(sh, error)
            return error.status
        with _scope(sh):
            sh.params, sh.loops, sh.optoff = argv[1:], 0, -1
            sh.functions_deep += 1
            try:
                return sh.evaltree(sh, body, False)
            except FunctionReturn as exc:
                return exc.status
            finally:
                sh.params, sh.loops, sh.optoff = saved
                sh.functions_deep -= 1


def _execcmd(sh: Shell, argv: list[str], node: Cmd) -> int:
    """exec [command]: keep the redirections; become the command."""
    redirect_all(sh, node.redirs)
    if argv[1:2] == ["--"]:
        del argv[1]
    if len(argv) > 1:
        for name, _ in node.assigns:
            mark(sh, name, exported=True)
        shellexec(sh, argv[1:])
    return 0


def _become(sh: Shell, argv: list[str], redirs: tuple[Redir, ...], path: str | None) -> NoReturn:
    redirect_all(sh, redirs)
    shellexec(sh, argv, path)


def _program(sh: Shell, argv: list[str], node: Cmd, path: str | None, last: bool) -> int:
    """Execute a program, in a child unless the process has nothing else to do."""
    if last and not sh.caught():
        _become(sh, argv, node.redirs, path)
    with redirected(sh, node.redirs if _to_stderr(node.redirs) else ()):
        try:
            find_command(sh, argv[0], path)
        except ExecError as exc:
            complain(sh, exc)
            return exc.status
    job = makejob(sh)
    forkshell(
        sh,
        lambda sh: run(sh, lambda sh: _become(sh, argv, node.redirs, path)),
        job,
        node,
        Fork.FG,
    )
    return waitforjob(sh, job)


def _to_stderr(redirs: tuple[Redir, ...]) -> bool:
    """Tell whether redirections move the shell's own messages."""
    return any(redir.fd == 2 for redir in redirs)
