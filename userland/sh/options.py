# SPDX-License-Identifier: BSD-2-Clause
"""Options and positional parameters: set, shift, getopts.  NetBSD bin/sh/options.c."""

from collections.abc import Set
from typing import Final

from userland.libc import include as libc
from userland.sh.error import ShellError
from userland.sh.jobs import setjobctl
from userland.sh.output import out1, warn
from userland.sh.shell import OPTIONS, Shell
from userland.sh.trap import set_interactive
from userland.sh.var import lookupvar, setvar, show_all, unsetvar

_NAMES: Final = {name: letter for letter, name in OPTIONS.items()}
_EITHER: Final = {"E", "V"}  # only one of them can be on
_HEAVY: Final = {"i", "m"}  # options that do more than be set


def set_option(sh: Shell, letter: str, on: bool) -> None:
    """Turn an option on or off.

    Raises:
        ShellError: there is no such option.
    """
    if letter not in OPTIONS:
        raise ShellError(f"Illegal option {'-' if on else '+'}{letter}")
    if on:
        sh.options -= _EITHER if letter in _EITHER else set()
        sh.options.add(letter)
    else:
        sh.options.discard(letter)


def optschanged(sh: Shell, was: Set[str] = frozenset()) -> None:
    """Do what options need done that have been set or cleared since they were as in was."""
    if sh.options & _HEAVY == was & _HEAVY:
        return
    set_interactive(sh)
    setjobctl(sh, "m" in sh.options)


def _set_named(sh: Shell, name: str, on: bool) -> str:
    """Turn an option on or off; return its letter."""
    if name not in _NAMES:
        raise ShellError(f"Illegal option {'-' if on else '+'}o {name}")
    set_option(sh, _NAMES[name], on)
    return _NAMES[name]


def _show(sh: Shell, as_commands: bool) -> None:
    if as_commands:
        flags = [f"{'-' if k in sh.options else '+'}o {name}" for k, name in OPTIONS.items()]
        out1(f"set {' '.join(flags)}\n")
        return
    out1("Current option settings\n")
    for letter, name in OPTIONS.items():
        out1(f"{name:<19} {'on' if letter in sh.options else 'off'}\n")


def parse_options(sh: Shell, args: list[str], given: set[str] | None = None) -> str | None:
    """Take the options off the front of args and set them.

    Args:
        sh: whose options.
        args: the words.
        given: for a command line: gets the letters that were there.

    Returns:
        The operand of -c, for a command line that has it.

    Raises:
        ShellError: an option is not known, or -c has no operand.
    """
    command = False
    command_line = given is not None
    noted = set() if given is None else given
    while args and args[0][:1] in {"-", "+"} and args[0] not in {"-", "+"}:
        word = args.pop(0)
        if word == "--":
            break
        on = word[0] == "-"
        for letter in word[1:]:
            noted.add(letter)
            if letter == "c" and command_line:
                command = True
            elif letter == "l" and command_line:
                continue
            elif letter == "o":
                if args:
                    noted.add(_set_named(sh, args.pop(0), on))
                else:
                    _show(sh, as_commands=not on)
            else:
                set_option(sh, letter, on)
    if command_line and args[:1] == ["-"]:
        del args[0]
    if not command:
        return None
    if not args:
        raise ShellError("-c requires an argument")
    return args.pop(0)


def setcmd(sh: Shell, argv: list[str]) -> int:
    """set [-/+options] [--] [arg ...]."""
    if len(argv) == 1:
        show_all(sh)
        return 0
    args = argv[1:]
    if args[0] == "-":
        sh.options -= {"x", "v"}
        args = args[1:]
        replaces = bool(args)
    else:
        before = len(args)
        was = frozenset(sh.options)
        parse_options(sh, args)
        optschanged(sh, was)
        replaces = bool(args) or argv[before - len(args)] == "--"
    if replaces:
        sh.params = args
        sh.optoff = -1
    return 0


def shiftcmd(sh: Shell, argv: list[str]) -> int:
    """shift [n]: drop the first positional parameters."""
    count = number(argv[1]) if len(argv) > 1 else 1
    if count > len(sh.params):
        raise ShellError("can't shift that many")
    sh.params = sh.params[count:]
    sh.optoff = -1
    return 0


def number(text: str) -> int:
    """Return a non-negative decimal number.

    Raises:
        ShellError: text is none.
    """
    if not text.isdecimal():
        raise ShellError(f"Illegal number: {text}")
    return libc.strtol(text)[0]


def getoptscmd(sh: Shell, argv: list[str]) -> int:
    """getopts optstring var [arg ...]: the next option of the parameters."""
    if len(argv) < 3:
        raise ShellError("usage: getopts optstring var [arg]")
    optstring, var = argv[1:3]
    args = argv[3:] or sh.params
    silent = optstring.startswith(":")
    text = lookupvar(sh, "OPTIND") or "1"
    index = max(libc.atoi(text) - 1, 0)
    offset = max(0, sh.optoff)
    word = args[index] if index < len(args) else ""
    if not offset:
        if len(word) < 2 or word[0] != "-" or word == "--":
            return _finish(sh, var, index + (word == "--" and index < len(args)))
        offset = 1
    letter = word[offset]
    offset += 1
    at = optstring.find(letter) if letter != ":" else -1
    value: str | None = None
    if at < 0:
        found = "?"
        if silent:
            value = letter
        else:
            warn(sh, f"Illegal option -{letter}")
    elif optstring[at + 1 : at + 2] == ":":
        index += 1
        value, found = word[offset:], letter
        if not value and index < len(args):
            value = args[index]
            index += 1
        elif not value:
            found, value = (":", letter) if silent else ("?", None)
            if not silent:
                warn(sh, f"No arg for -{letter} option")
        offset = 0
    else:
        found = letter
    if offset >= len(word):
        index, offset = index + 1, 0
    setvar(sh, "OPTIND", str(index + 1))
    sh.optoff = offset
    setvar(sh, "OPTARG", value or "")
    setvar(sh, var, found)
    return 0


def _finish(sh: Shell, var: str, index: int) -> int:
    unsetvar(sh, "OPTARG")
    setvar(sh, "OPTIND", str(index + 1))
    setvar(sh, var, "?")
    return 1
