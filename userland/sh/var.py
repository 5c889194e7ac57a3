# SPDX-License-Identifier: BSD-2-Clause
"""Shell variables.  NetBSD bin/sh/var.c."""

import re
from typing import Final

from userland.sh.error import ShellError
from userland.sh.output import out1
from userland.sh.shell import OPTIONS, Shell, Var

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNSET: Final = Var(None)

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
    sh.variables[name] = Var(value, old.exported or "a" in sh.options)
    _changed(sh, name)


def unsetvar(sh: Shell, name: str) -> None:
    """Unset a variable.

    Raises:
        ShellError: it is read-only.
    """
    old = sh.variables.get(name)
    if old is None:
        return
    if old.readonly:
        raise ShellError(f"{name}: is read only")
    del sh.variables[name]
    _changed(sh, name)


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
    sh.variables[name] = Var(old.value, old.exported or exported, old.readonly or readonly)


def mklocal(sh: Shell, name: str) -> None:
    """Have the function that runs give back the variable's present state when it returns."""
    scope = sh.scopes[-1]
    if name not in scope:
        scope[name] = sh.variables.get(name)


def poplocals(sh: Shell) -> None:
    """Restore what the innermost function made local."""
    for name, old in sh.scopes.pop().items():
        if old is None:
            sh.variables.pop(name, None)
        else:
            sh.variables[name] = old
        _changed(sh, name)


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
        number = int(name)
        if number == 0:
            return sh.arg0
        return sh.params[number - 1] if number <= len(sh.params) else None
    if name == "!":
        return None if sh.backpid is None else str(sh.backpid)
    return {
        "#": str(len(sh.params)),
        "?": str(sh.status),
        "$": str(sh.pid),
        "-": "".join(letter for letter in OPTIONS if letter in sh.options),
    }[name]


def quoted(value: str) -> str:
    """Return value in single quotes, as the shell reads it back."""
    return "'" + value.replace("'", "'\"'\"'") + "'"


def show_all(sh: Shell) -> None:
    """Write all variables as assignments (set without arguments)."""
    for name in sorted(sh.variables):
        value = sh.variables[name].value
        if value is not None:
            out1(f"{name}={quoted(value)}\n")


def exportcmd(sh: Shell, argv: list[str]) -> int:
    """export and readonly [-p] [name[=value] ...]."""
    exported, readonly = argv[0] == "export", argv[0] == "readonly"
    args = [arg for arg in argv[1:] if arg not in {"-p", "--"}]
    if not args:
        for name in sorted(sh.variables):
            var = sh.variables[name]
            if (exported and var.exported) or (readonly and var.readonly):
                value = "" if var.value is None else f"={quoted(var.value)}"
                out1(f"{argv[0]} {name}{value}\n")
        return 0
    for arg in args:
        name, equals, value = arg.partition("=")
        if equals:
            setvar(sh, name, value)
        mark(sh, name, exported, readonly)
    return 0


def unsetcmd(sh: Shell, argv: list[str]) -> int:
    """unset [-fv] name ..."""
    args = argv[1:]
    functions = False
    while args and args[0] in {"-f", "-v", "--"}:
        functions = args.pop(0) == "-f"
    for name in args:
        if functions:
            sh.functions.pop(name, None)
        else:
            unsetvar(sh, name)
    return 0


def localcmd(sh: Shell, argv: list[str]) -> int:
    """local [name[=value] ...]: variables of this function alone."""
    if not sh.functions_deep:
        raise ShellError("not in a function")
    for arg in argv[1:]:
        name, equals, value = arg.partition("=")
        if not is_name(name):
            raise ShellError(f"{name}: bad variable name")
        mklocal(sh, name)
        if equals:
            setvar(sh, name, value)
    return 0
