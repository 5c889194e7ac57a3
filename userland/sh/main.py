# SPDX-License-Identifier: BSD-2-Clause
"""Starting a shell: its arguments, its variables, its input.  NetBSD bin/sh/main.c."""

from typing import Final

from userland.libc import include as libc
from userland.libc.machine import forgo_fork
from userland.sh.bltin import BUILTINS
from userland.sh.error import E_OPEN, Interrupted, ShellError, ShellExit, errmsg
from userland.sh.eval import evaltree
from userland.sh.expand import expandstr
from userland.sh.input import FileInput
from userland.sh.jobs import Show, showjobs, stoppedjobs
from userland.sh.options import optschanged, parse_options
from userland.sh.output import out2
from userland.sh.parser import Parser
from userland.sh.shell import Shell, Var
from userland.sh.toplevel import (
    complain,
    dotrap,
    evalinput,
    evalstring,
    openinput,
    run,
    trap_interrupt,
)
from userland.sh.var import DEFAULT_IFS, is_name, lookupvar

_MAX_ENDS: Final = 50  # ends of file in a row that an interactive shell can be made to ignore


def main(argv: list[str]) -> int:
    """Run sh(1); return its exit status."""
    forgo_fork()  # it may live long
    sh = Shell(argv[0], libc.getpid(), BUILTINS, evaltree)
    _import(sh)
    args = argv[1:]
    given: set[str] = set()
    try:
        command = parse_options(sh, args, given)
    except ShellError as exc:
        complain(sh, exc)
        return exc.status
    if not args and command is None:
        sh.options.add("s")
    if "i" not in given and "s" in sh.options and libc.isatty(0) and libc.isatty(2):
        sh.options.add("i")
    if "m" not in given and "i" in sh.options:
        sh.options.add("m")
    login = "l" in given or argv[0].startswith("-")
    return run(sh, lambda sh: _start(sh, command, args, login))


def _import(sh: Shell) -> None:
    """Take the environment as exported variables, and set those of the shell's own."""
    for name, value in libc.environ.items():
        if is_name(name):
            sh.variables[name] = Var(value, exported=True)
    own = {
        "IFS": DEFAULT_IFS,
        "OPTIND": "1",
        "PPID": str(libc.getppid()),
        "PS1": "# " if libc.geteuid() == 0 else "$ ",
        "PS2": "> ",
        "PS4": "+ ",
    }
    for name, value in own.items():
        if name not in sh.variables or name in {"IFS", "OPTIND", "PPID"}:
            sh.variables[name] = Var(value)


def _start(sh: Shell, command: str | None, args: list[str], login: bool) -> None:
    """Read commands from where the arguments say."""
    script = None
    if args and (command is not None or "s" not in sh.options):
        sh.arg0 = args.pop(0)
        if command is None:
            script = _script(sh)
    sh.params = args
    optschanged(sh)
    if login:
        _profile(sh, "/etc/profile")
        _profile(sh, f"{lookupvar(sh, 'HOME') or ''}/.profile")
    env = lookupvar(sh, "ENV")
    if env:
        _profile(sh, expandstr(sh, env))
    sh.lineno = 1
    if command is not None:
        evalstring(sh, command, last="s" not in sh.options)
    if script is not None:
        evalinput(sh, Parser(script, sh.aliases))
    elif command is None or "s" in sh.options:
        _from_input(sh)


def _script(sh: Shell) -> FileInput:
    try:
        return openinput(sh, sh.arg0)
    except OSError as exc:
        status = 127 if exc.errno == libc.ENOENT else 126
        message = f"cannot open {sh.arg0}: {errmsg(exc, E_OPEN)}"
        raise ShellError(message, status) from None


def _profile(sh: Shell, path: str) -> None:
    try:
        source = openinput(sh, path)
    except OSError:
        return
    try:
        evalinput(sh, Parser(source, sh.aliases))
    finally:
        source.close()


def _from_input(sh: Shell) -> None:
    """Read commands from standard input."""
    if "i" in sh.options:
        _interact(sh)
    else:
        evalinput(sh, Parser(_stdin(sh), sh.aliases))


def _stdin(sh: Shell) -> FileInput:
    return FileInput(0, seen=lambda line: out2(line) if "v" in sh.options else None)


def _interact(sh: Shell) -> None:
    """Read commands from a terminal until its end, whatever goes wrong with one of them."""

    def show(prompt: str) -> None:
        if prompt == "PS1":
            showjobs(sh, Show.CHANGED, out2)
        out2(expandstr(sh, lookupvar(sh, prompt) or ""))

    source = FileInput(0, show, lambda: dotrap(sh))
    ends = 0  # ends of file ignored in a row
    interrupted = False
    while True:
        parser = Parser(source, sh.aliases)
        try:
            if interrupted:
                interrupted = False
                trap_interrupt(sh)
            evalinput(sh, parser)
        except ShellExit:
            raise
        except ShellError as exc:
            complain(sh, exc)
            sh.status = exc.status
        except Interrupted:
            sh.status = 128 + libc.SIGINT
            interrupted = True
            out2("\n")
        else:
            ends += 1
            if ends > _MAX_ENDS:
                out2("\n")
                return
            if not stoppedjobs(sh):
                if "I" not in sh.options:
                    out2("\n")
                    return
                out2('\nUse "exit" to leave shell.\n')
        sh.loops = sh.tested = sh.functions_deep = 0
        sh.commandname = None
