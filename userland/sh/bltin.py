# SPDX-License-Identifier: BSD-2-Clause
"""The builtin commands that steer the shell, and the table of all.  NetBSD bin/sh/builtins.def."""

from typing import Final

from userland.bin import printf
from userland.bin import test as test_
from userland.sh.cd import cdcmd, pwdcmd
from userland.sh.error import (
    E_OPEN,
    ExecError,
    FunctionReturn,
    LoopExit,
    ShellError,
    ShellExit,
    errmsg,
)
from userland.sh.exec import candidates, find_command, path_of
from userland.sh.jobcmd import bgcmd, fgcmd, jobidcmd, jobscmd, waitcmd
from userland.sh.jobs import stoppedjobs
from userland.sh.lexer import RESERVED
from userland.sh.miscbltin import aliascmd, killcmd, readcmd, timescmd, umaskcmd, unaliascmd
from userland.sh.options import getoptscmd, number, setcmd, shiftcmd
from userland.sh.output import out1, out2
from userland.sh.parser import Parser
from userland.sh.shell import Builtin, Shell
from userland.sh.toplevel import evalinput, evalstring, openinput
from userland.sh.trap import trapcmd
from userland.sh.ulimit import ulimitcmd
from userland.sh.var import DEFAULT_PATH, exportcmd, localcmd, quoted, setvarcmd, unsetcmd


def truecmd(sh: Shell, argv: list[str]) -> int:
    """: and true."""
    return 0


def falsecmd(sh: Shell, argv: list[str]) -> int:
    """false."""
    return 1


def evalcmd(sh: Shell, argv: list[str]) -> int:
    """eval [arg ...]: evaluate the arguments as a command."""
    args = argv[2:] if argv[1:2] == ["--"] else argv[1:]
    return evalstring(sh, " ".join(args))


def dotcmd(sh: Shell, argv: list[str]) -> int:
    """. file: evaluate the commands of a file in this shell."""
    if len(argv) < 2:
        raise ShellError("nothing to dot")
    name = argv[1]
    source = None
    for path in (name,) if "/" in name else (*candidates(path_of(sh), name), name):
        try:
            source = openinput(sh, path)
            break
        except OSError as exc:
            error = exc
    if source is None:
        raise ShellError(f"cannot open {name}: {errmsg(error, E_OPEN)}")
    sh.functions_deep += 1
    saved, sh.loops = sh.loops, 0
    try:
        return evalinput(sh, Parser(source, sh.aliases))
    except FunctionReturn as exc:
        return exc.status
    finally:
        sh.functions_deep -= 1
        sh.loops = saved
        source.close()


def exitcmd(sh: Shell, argv: list[str]) -> int:
    """exit [status]: end the shell; stopped jobs are warned of first."""
    if stoppedjobs(sh):
        return 0
    raise ShellExit(number(argv[1]) & 0xFF if len(argv) > 1 else sh.status)


def returncmd(sh: Shell, argv: list[str]) -> int:
    """return [status]: leave a function or a dot script."""
    raise FunctionReturn(number(argv[1]) & 0xFF if len(argv) > 1 else sh.status)


def breakcmd(sh: Shell, argv: list[str]) -> int:
    """break and continue [n]: leave loops, or go on with the n'th one around."""
    count = number(argv[1]) if len(argv) > 1 else 1
    if count < 1:
        raise ShellError(f"Illegal number: {argv[1]}")
    if sh.loops:
        raise LoopExit(min(count, sh.loops), again=argv[0] == "continue")
    return 0


def execcmd(sh: Shell, argv: list[str]) -> int:
    """exec, called through `command`, which makes it do nothing."""
    return 0


def commandcmd(sh: Shell, argv: list[str]) -> int:
    """command [-p] -v | -V name ...: tell what a command is."""
    args, flags = argv[1:], ""
    while args and args[0].startswith("-") and args[0] != "--":
        flags += args.pop(0)[1:]
    path = DEFAULT_PATH if "p" in flags else None
    status = 0
    for name in args:
        status |= _describe(sh, name, path, brief="v" in flags)
    return status


def typecmd(sh: Shell, argv: list[str]) -> int:
    """type name ...: tell what each command is."""
    status = 0
    for name in argv[1:]:
        status |= _describe(sh, name, None, brief=False)
    return status


def _describe(sh: Shell, name: str, path: str | None, brief: bool) -> int:
    """Write what a command is; return 127 if it is nothing."""
    if name in RESERVED:
        out1(f"{name}\n" if brief else f"{name} is a shell keyword\n")
    elif name in sh.aliases:
        value = sh.aliases[name]
        out1(f"alias {name}={quoted(value)}\n" if brief else f"{name} is an alias for {value}\n")
    elif name in sh.functions:
        out1(f"{name}\n" if brief else f"{name} is a shell function\n")
    elif name in sh.builtins:
        kind = "special shell" if sh.builtins[name].special else "shell"
        out1(f"{name}\n" if brief else f"{name} is a {kind} builtin\n")
    else:
        try:
            file = find_command(sh, name, path)
        except ExecError as exc:
            if not brief:
                out2(f"{exc.message}\n")
            return 127
        out1(f"{file}\n" if brief else f"{name} is {file}\n")
    return 0


def hashcmd(sh: Shell, argv: list[str]) -> int:
    """hash [-r] [name ...]: the remembered places of commands."""
    if argv[1:2] == ["-r"]:
        sh.hashed.clear()
        return 0
    if len(argv) == 1:
        for file in sh.hashed.values():
            out1(f"{file}\n")
    for name in argv[1:]:
        if name not in sh.builtins and name not in sh.functions:
            find_command(sh, name)
    return 0


def echocmd(sh: Shell, argv: list[str]) -> int:
    """echo [-ne] [arg ...]."""
    args, newline, escapes = argv[1:], True, False
    while args and args[0] in {"-n", "-e", "-ne", "-en"}:
        option = args.pop(0)
        newline = newline and "n" not in option
        escapes = escapes or "e" in option
    text = " ".join(args)
    if escapes:
        text, stopped = printf.unescape(text, echo=True)
        newline = newline and not stopped
    out1(text + "\n" * newline)
    return 0


def printfcmd(sh: Shell, argv: list[str]) -> int:
    """printf format [arg ...]."""
    return printf.run(argv)


def testcmd(sh: Shell, argv: list[str]) -> int:
    """test expression, or [ expression ]."""
    try:
        return test_.run(argv)
    except test_.BadExpression as exc:
        raise ShellError(str(exc)) from None


BUILTINS: Final = {
    ":": Builtin(truecmd, special=True),
    ".": Builtin(dotcmd, special=True),
    "break": Builtin(breakcmd, special=True),
    "continue": Builtin(breakcmd, special=True),
    "eval": Builtin(evalcmd, special=True),
    "exec": Builtin(execcmd, special=True),
    "exit": Builtin(exitcmd, special=True),
    "export": Builtin(exportcmd, special=True, declares=True),
    "readonly": Builtin(exportcmd, special=True, declares=True),
    "return": Builtin(returncmd, special=True),
    "set": Builtin(setcmd, special=True),
    "shift": Builtin(shiftcmd, special=True),
    "times": Builtin(timescmd, special=True),
    "trap": Builtin(trapcmd, special=True),
    "unset": Builtin(unsetcmd, special=True),
    "[": Builtin(testcmd),
    "alias": Builtin(aliascmd),
    "bg": Builtin(bgcmd),
    "cd": Builtin(cdcmd),
    "chdir": Builtin(cdcmd),
    "command": Builtin(commandcmd),
    "echo": Builtin(echocmd),
    "false": Builtin(falsecmd),
    "fg": Builtin(fgcmd),
    "getopts": Builtin(getoptscmd),
    "hash": Builtin(hashcmd),
    "jobid": Builtin(jobidcmd),
    "jobs": Builtin(jobscmd),
    "kill": Builtin(killcmd),
    "local": Builtin(localcmd, declares=True),
    "printf": Builtin(printfcmd),
    "pwd": Builtin(pwdcmd),
    "read": Builtin(readcmd),
    "setvar": Builtin(setvarcmd),
    "test": Builtin(testcmd),
    "true": Builtin(truecmd),
    "type": Builtin(typecmd),
    "ulimit": Builtin(ulimitcmd),
    "umask": Builtin(umaskcmd),
    "unalias": Builtin(unaliascmd),
    "wait": Builtin(waitcmd),
}
