# SPDX-License-Identifier: BSD-2-Clause
"""Shell variables.  NetBSD bin/sh/var.c."""

import re
from collections.abc import Callable
from typing import Final, NoReturn

from userland.libc.strto import strtol
from userland.sh.error import ShellError
from userland.sh.nextopt import nextopts
from userland.sh.output import out1, warn
from userland.sh.shell import OPTIONS, Shell, Var

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNSET: Final = Var(None)
_SPECIAL: Final = frozenset("|&;<>()$`\\\"' \t\n*?[]#~=%")  # what must be in quotes somewhere

DEFAULT_IFS: Final = " \t\n"
DEFAULT_PATH: Final = "/usr/bin:/bin:/usr/pkg/bin:/usr/local/bin"


def is_name(text: str) -> bool:
    """Tell whether text can name a variable."""
    return _NAME.fullmatch(text) is not None


def lookupvar(sh: Shell, name: str) -> str | None:
    """Return a variable's value, None if it is unset."""
    return str(sh.lineno) if name == "LINENO" else sh.variables.get(name, _UNSET).value


def setvar(sh: Shell, name: str, value: str) -> None:
    """Give a variable a value.

    Raises:
        ShellError: it is read-only, or its name is none.
    """
    old = sh.variables.get(name, _UNSET)
    if old.readonly:
        raise ShellError(f"{name}: is read only")
    if not is_name(name):
        raise ShellError(f"{name}: bad variable name")
    exported = old.exported or ("a" in sh.options and not old.noexport)
    sh.variables[name] = Var(value, exported, noexport=old.noexport)
    _changed(sh, name)


def unsetvar(sh: Shell, name: str, keep: bool = False) -> bool:
    """Unset a variable; with keep what it was marked as stays.

    Returns:
        False: it is read-only.
    """
    old = sh.variables.get(name)
    if old is None:
        return True
    if old.readonly:
        return False
    if keep:
        sh.variables[name] = old._replace(value=None)
    else:
        del sh.variables[name]
    _changed(sh, name)
    return True


def _changed(sh: Shell, name: str) -> None:
    if name == "PATH":
        sh.hashed.clear()
    elif name == "OPTIND":
        sh.optoff = -1


def mark(sh: Shell, name: str, exported: bool = False, readonly: bool = False) -> None:
    """Add export or readonly to a variable, set or not."""
    if not is_name(name):
        raise ShellError(f"{name}: bad variable name")
    old = sh.variables.get(name, _UNSET)
    sh.variables[name] = old._replace(
        exported=old.exported or exported, readonly=old.readonly or readonly
    )


def mklocal(sh: Shell, name: str) -> None:
    """Have the function that runs give back the variable's present state when it returns."""
    variables = sh.scopes[-1].variables
    if name not in variables:
        variables[name] = sh.variables.get(name)


def poplocals(sh: Shell) -> frozenset[str] | None:
    """Restore the variables that a function made local; return the options that it did, if any."""
    scope = sh.scopes.pop()
    for name, old in scope.variables.items():
        if old is None:
            sh.variables.pop(name, None)
        else:
            sh.variables[name] = old
        _changed(sh, name)
    return scope.options


def environment(sh: Shell) -> dict[str, str]:
    """Return the exported variables."""
    return {
        name: var.value
        for name, var in sh.variables.items()
        if var.exported and var.value is not None
    }


def ifs(sh: Shell) -> str:
    """Return the field separators."""
    value = lookupvar(sh, "IFS")
    return DEFAULT_IFS if value is None else value


def special(sh: Shell, name: str) -> str | None:
    """Return the value of a special or positional parameter, not of @ and *; None if unset."""
    if name.isdigit():
        number, _ = strtol(name)
        if number == 0:
            return sh.arg0
        return sh.params[number - 1] if number <= len(sh.params) else None
    if name == "!":
        return None if sh.backpid is None else str(sh.backpid)
    return {
        "#": str(len(sh.params)),
        "?": str(sh.status),
        "$": str(sh.pid),
        "-": "".join(key for key in OPTIONS if key in sh.options and len(key) == 1),
    }[name]


def quoted(value: str) -> str:
    """Return value as the shell reads it back, in quotes where it has to be (print_quoted)."""
    if not value:
        return "''"
    if not _SPECIAL & set(value):
        return value
    parts = (f"'{part}'" if part else "" for part in value.split("'"))
    return "\\'".join(parts)


def _showvars(sh: Shell, command: str, which: Callable[[Var], bool], values: bool = True) -> int:
    """Write variables as assignments, after command, or only their names."""
    for name in sorted(sh.variables):
        var = sh.variables[name]
        if which(var):
            _showvar(name, var, command, values)
    return 0


def _showvar(name: str, var: Var, command: str, values: bool = True) -> None:
    value = f"={quoted(var.value)}" if values and var.value is not None else ""
    out1(f"{command}{name}{value}\n")


def show_all(sh: Shell) -> None:
    """Write all variables as assignments (set without arguments)."""
    _showvars(sh, "", lambda var: var.value is not None)


def exportcmd(sh: Shell, argv: list[str]) -> int:
    """export and readonly: -p [name ...]: show; -q name ...: ask; [-n | -x] name[=value] ...: mark.

    -n takes the mark of export away, -x sees to it that a variable never gets it.
    """
    flags, args = _exportopts(argv)
    kind = "readonly" if argv[0] == "readonly" else "noexport" if "x" in flags else "exported"
    command = f"{argv[0]} -x " if "x" in flags else f"{argv[0]} "
    if not args:
        if flags & {"n", "q"}:
            _usage(argv[0])
        shows = "p" in flags
        return _showvars(
            sh,
            command if shows else "",
            lambda var: getattr(var, kind) and (shows or var.value is not None),
            values=shows,
        )
    if flags & {"p", "q"}:
        return _ask(sh, args, kind, command if "p" in flags else "")
    return max([_export(sh, arg, kind, remove="n" in flags) for arg in args])


def _exportopts(argv: list[str]) -> tuple[set[str], list[str]]:
    """Return the options and operands of export and readonly."""
    options, args = nextopts(argv, "npqx")
    flags = {letter for letter, _ in options}
    if (
        len(flags & {"n", "p", "q"}) > 1
        or flags >= {"n", "x"}
        or (argv[0] == "readonly" and flags & {"n", "x"})
    ):
        _usage(argv[0])
    return flags, args


def _usage(command: str) -> NoReturn:
    forms = (
        "[-p [var...] | -q var... | var[=val]... ]"
        if command == "readonly"
        else "[ -px [var...] | -q[x] var... | [-n|x] var[=val]... ]"
    )
    raise ShellError(f"Usage: {command} {forms}")


def _ask(sh: Shell, names: list[str], kind: str, command: str) -> int:
    """Show those of some variables that are marked, or only tell whether all are."""
    marked = True
    for name in names:
        if not is_name(name):
            raise ShellError(f"{name}: bad variable name")
        var = sh.variables.get(name, _UNSET)
        if not getattr(var, kind):
            marked = False
        elif command:
            _showvar(name, var, command)
    return 0 if marked or command else 1


def _export(sh: Shell, arg: str, kind: str, remove: bool) -> int:
    name, equals, value = arg.partition("=")
    if equals:
        setvar(sh, name, value)
    elif not is_name(name):
        raise ShellError(f"{name}: bad variable name")
    var = sh.variables.get(name, _UNSET)
    if remove:
        if name in sh.variables:
            sh.variables[name] = var._replace(exported=False)
    elif kind == "exported" and var.noexport:
        warn(sh, f"{name}: not available for export")
        return 1
    elif kind == "noexport":
        sh.variables[name] = var._replace(exported=False, noexport=True)
    else:
        mark(sh, name, exported=kind == "exported", readonly=kind == "readonly")
    return 0


def unsetcmd(sh: Shell, argv: list[str]) -> int:
    """unset [-efvx] name ...: -f functions, -x leave export alone, -e take only that away."""
    options, args = nextopts(argv, "efvx")
    flags = {letter for letter, _ in options}
    status = 0
    for name in args:
        if "f" in flags:
            sh.functions.pop(name, None)
        if "e" in flags and name in sh.variables:
            sh.variables[name] = sh.variables[name]._replace(exported=False)
        elif flags != {"f"} and not unsetvar(sh, name, keep="x" in flags):
            status = 1
    return status


def setvarcmd(sh: Shell, argv: list[str]) -> int:
    """setvar name [value]: assign to a variable whose name is computed."""
    if len(argv) <= 2:
        return unsetcmd(sh, argv)
    if len(argv) > 3:
        raise ShellError("List assignment not implemented")
    setvar(sh, argv[1], argv[2])
    return 0


def localcmd(sh: Shell, argv: list[str]) -> int:
    """local [-INx] [name[=value] | -] ...: variables, or the options, of this function alone.

    A variable has the value of the one outside, with -N none; with -x it is exported.
    """
    if not sh.functions_deep:
        raise ShellError("Not in a function")
    options, args = nextopts(argv, "INx")
    flags = {letter for letter, _ in options}
    for arg in args:
        name, equals, value = arg.partition("=")
        if arg == "-":
            sh.scopes[-1].options = sh.scopes[-1].options or frozenset(sh.options)
            continue
        if not is_name(name):
            raise ShellError(f"{name}: bad variable name")
        mklocal(sh, name)
        if equals:
            setvar(sh, name, value)
        elif "N" in flags:
            unsetvar(sh, name)
        if "x" in flags:
            mark(sh, name, exported=True)
    return 0
