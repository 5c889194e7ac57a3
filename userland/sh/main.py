# SPDX-License-Identifier: BSD-2-Clause
"""Starting a shell: its arguments, its variables, its input.  NetBSD bin/sh/main.c."""

from userland import libc
from userland.sh.bltin import BUILTINS
from userland.sh.error import E_OPEN, Interrupted, ShellError, ShellExit, errmsg
from userland.sh.eval import evaltree
from userland.sh.expand import expandword
from userland.sh.input import FileInput, StringInput
from userland.sh.jobs import report
from userland.sh.lexer import Reader
from userland.sh.options import parse_options
from userland.sh.output import out2
from userland.sh.parser import Parser
from userland.sh.shell import Shell, Var
from userland.sh.toplevel import complain, dotrap, evalinput, evalstring, openinput, run
from userland.sh.trap import check_interrupt, set_interactive
from userland.sh.var import DEFAULT_IFS, is_name, lookupvar
from userland.sh.word import WordParser


def main(argv: list[str]) -> int:
    """Run sh(1); return its exit status."""
    sh = Shell(argv[0], libc.getpid(), BUILTINS, evaltree)
    _import(sh)
    args = argv[1:]
    try:
        command = parse_options(sh, args, command_line=True)
    except ShellError as exc:
        complain(sh, exc)
        return exc.status
    return run(sh, lambda sh: _start(sh, command, args, login=argv[0].startswith("-")))


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
    if command is not None:
        if args:
            sh.arg0 = args.pop(0)
        sh.params = args
        if "i" in sh.options:
            set_interactive(sh)
        evalstring(sh, command, last="s" not in sh.options)
        if "s" not in sh.options:
            return
    elif args and "s" not in sh.options:
        sh.arg0 = args.pop(0)
        sh.params = args
        evalinput(sh, Parser(_script(sh), sh.aliases))
        return
    else:
        sh.params = args
    if login:
        _profile(sh, "/etc/profile")
        _profile(sh, f"{lookupvar(sh, 'HOME') or ''}/.profile")
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
    """Read commands from standard input; a terminal makes the shell interactive."""
    if "i" not in sh.options and not (libc.isatty(0) and libc.isatty(2)):
        sh.options.add("s")
        evalinput(sh, Parser(_stdin(sh), sh.aliases))
        return
    sh.options |= {"i", "s"}
    set_interactive(sh)
    env = lookupvar(sh, "ENV")
    if env:
        _profile(sh, _expand(sh, env))
    _interact(sh)


def _stdin(sh: Shell) -> FileInput:
    return FileInput(0, seen=lambda line: out2(line) if "v" in sh.options else None)


def _expand(sh: Shell, text: str) -> str:
    """Expand a string as if in double quotes."""
    reader = Reader(StringInput(text))
    return expandword(sh, WordParser(reader, lambda reader, in_parens: None).dquoted())


def _interact(sh: Shell) -> None:
    """Read commands from a terminal until its end, whatever goes wrong with one of them."""

    def show(prompt: str) -> None:
        if prompt == "PS1":
            report(sh)
        out2(_expand(sh, lookupvar(sh, prompt) or ""))

    def interrupted() -> None:
        dotrap(sh)
        check_interrupt(sh)

    source = FileInput(0, show, interrupted)
    ends = 0  # ends of file ignored in a row
    while True:
        parser = Parser(source, sh.aliases)
        try:
            evalinput(sh, parser)
        except ShellExit:
            raise
        except ShellError as exc:
            complain(sh, exc)
            sh.status = exc.status
        except Interrupted:
            sh.status = 128 + libc.SIGINT
            out2("\n")
        else:
            ends += 1
            if "I" not in sh.options or ends > 50:
                out2("\n")
                return
            out2('\nUse "exit" to leave shell.\n')
        sh.loops = sh.tested = sh.functions_deep = 0
        sh.commandname = None
