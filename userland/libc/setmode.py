# SPDX-License-Identifier: BSD-2-Clause
"""Symbolic file modes: setmode(3) and getmode(3).  NetBSD lib/libc/gen/setmode.c."""

import re
from errno import EINVAL
from typing import Final

from kernel.sys.namedtuple import NamedTuple
from userland.libc.sys import umask

__all__ = ["Bitcmd", "getmode", "setmode"]

_CLAUSE: Final = re.compile(r"([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)")
_ACTION: Final = re.compile(r"([-+=])([rwxXst]*|[ugo])(?=[-+=]|$)")
_WHO: Final = {"u": 0o4700, "g": 0o2070, "o": 0o0007, "a": 0o7777}
_SHIFT: Final = {"u": 6, "g": 3, "o": 0}
_PERMISSIONS: Final = {"r": 0o444, "w": 0o222, "x": 0o111, "s": 0o6000, "t": 0o1000}
_STICKY: Final = 0o1000
_ALL: Final = 0o7777


class Bitcmd(NamedTuple):
    """One change: op is - + or =, to the bits of mask, by bits, copy or X."""

    op: str
    mask: int  # bits that may change
    bits: int
    copy: str = ""  # u, g or o: take that class's permissions
    if_executable: bool = False  # X


def setmode(text: str) -> tuple[Bitcmd, ...]:
    """Compile a mode, octal or symbolic, for getmode.

    Raises:
        OSError: EINVAL, it is no mode.
    """
    if re.fullmatch(r"[0-7]+", text):
        value = int(text, 8)
        if value > _ALL:
            raise OSError(EINVAL, "Invalid argument")
        return (Bitcmd("=", _ALL, value),)
    changes: list[Bitcmd] = []
    for clause in text.split(","):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            raise OSError(EINVAL, "Invalid argument")
        changes += [_change(match[1], *action.groups()) for action in _ACTION.finditer(match[2])]
    return tuple(changes)


def _change(who: str, op: str, what: str) -> Bitcmd:
    mask = 0
    for letter in who:
        mask |= _WHO[letter]
    if not who:
        previous = umask(0)
        umask(previous)
        mask = _ALL & ~previous
    elif "t" in what:
        mask |= _STICKY
    if what in _SHIFT:
        return Bitcmd(op, mask, 0, copy=what)
    bits = 0
    for letter in what:
        bits |= _PERMISSIONS.get(letter, 0)
    if op == "=" and not who:
        return Bitcmd(op, _ALL, bits & mask, if_executable="X" in what)
    return Bitcmd(op, mask, bits, if_executable="X" in what)


def getmode(changes: tuple[Bitcmd, ...], mode: int) -> int:
    """Return what a compiled mode makes of a file's mode; the file type stays."""
    directory = mode & 0o170000 == 0o040000
    for change in changes:
        bits = change.bits
        if change.copy:
            bits = (mode >> _SHIFT[change.copy] & 7) * 0o111
        if change.if_executable and (directory or mode & 0o111):
            bits |= 0o111
        bits &= change.mask
        if change.op == "-":
            mode &= ~bits
        elif change.op == "+":
            mode |= bits
        else:
            mode = mode & ~change.mask | bits
    return mode
