# SPDX-License-Identifier: BSD-2-Clause
"""From the words of a command to its arguments.  NetBSD bin/sh/expand.c."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from kernel.sys.namedtuple import NamedTuple
from userland.libc import include as libc
from userland.libc.fnmatch import compiled
from userland.libc.glob import glob, hasmagic
from userland.sh.arith import Evaluator
from userland.sh.error import ShellError
from userland.sh.nodes import Arg, Arith, CmdSub, Lit, Param, Part
from userland.sh.parser import parsestring
from userland.sh.shell import Shell
from userland.sh.toplevel import evalbackcmd
from userland.sh.var import ifs, lookupvar, setvar, special

_EXPANDS: Final = frozenset("$`\\")
_MAGIC: Final = re.compile(r"([][*?\\!^-])")


class Piece(NamedTuple):
    """A stretch of expanded text: quoted or a pattern, and whether to split it into fields."""

    text: str
    quoted: bool
    split: bool


_BREAK: Final = Piece("", False, False)  # between the fields of "$@"; known by identity


class _Context(NamedTuple):
    """What surrounds a part: are fields made, are literals split, do colons start a tilde."""

    fields: bool
    inner: bool = False  # in the word of ${x-word}
    assignment: bool = False


def expandargs(sh: Shell, args: Iterable[Arg]) -> list[str]:
    """Expand words into arguments: all expansions, field splitting, file names.

    Raises:
        ShellError: an expansion failed.
    """
    result: list[str] = []
    for arg in args:
        literal = arg.literal()
        if literal is not None and not literal.startswith("~") and not hasmagic(literal):
            result.append(literal)
            continue
        pieces = _pieces(sh, arg.parts, _Context(fields=True))
        for field in _fields(pieces, ifs(sh)):
            result += _filenames(sh, field)
    return result


def expandword(sh: Shell, arg: Arg, assignment: bool = False) -> str:
    """Expand a word into one string: no splitting, no file names."""
    literal = arg.literal()
    if literal is not None and "~" not in literal:
        return literal
    context = _Context(fields=False, assignment=assignment)
    return "".join(piece.text for piece in _pieces(sh, arg.parts, context))


def expandstr(sh: Shell, text: str) -> str:
    """Expand a prompt as if in double quotes; commands in it are run with -o promptcmds only."""
    if not _EXPANDS & set(text):
        return text
    word = parsestring(text)
    if "promptcmds" not in sh.options:
        word = Arg(tuple(part for part in word.parts if not isinstance(part, CmdSub)))
    status = sh.status
    try:
        return expandword(sh, word)
    finally:
        sh.status = status


def expandpattern(sh: Shell, arg: Arg) -> str:
    """Expand a word into a pattern in which what was quoted stands for itself."""
    return _pattern(_pieces(sh, arg.parts, _Context(fields=False)))


def _pattern(pieces: Iterable[Piece]) -> str:
    return "".join(
        _MAGIC.sub(r"\\\1", piece.text) if piece.quoted else piece.text for piece in pieces
    )


def _filenames(sh: Shell, field: list[Piece]) -> list[str]:
    text = "".join(piece.text for piece in field)
    if "f" in sh.options or all(piece.quoted for piece in field):
        return [text]
    pattern = _pattern(field)
    return (glob(pattern) if hasmagic(pattern) else []) or [text]


def _fields(pieces: Iterable[Piece], separators: str) -> list[list[Piece]]:
    """Split at the separators: blanks among them in runs, others each for itself."""
    fields: list[list[Piece]] = []
    field: list[Piece] = []
    after_blank = False  # the field before ended in a blank: a separator may still follow
    for piece in pieces:
        if piece is _BREAK:
            if field:
                fields.append(field)
            field, after_blank = [], False
            continue
        if not piece.split:
            field.append(piece)
            after_blank = False
            continue
        start = 0
        for at, c in enumerate(piece.text):
            if c not in separators:
                continue
            if at > start:
                field.append(Piece(piece.text[start:at], False, False))
            start = at + 1
            blank = c in " \t\n"
            if field:
                fields.append(field)
                field = []
            elif not blank and not after_blank:
                fields.append([])
            after_blank = blank and (after_blank or bool(fields))
        if start < len(piece.text):
            field.append(Piece(piece.text[start:], False, False))
            after_blank = False
    if field:
        fields.append(field)
    return fields


def _pieces(sh: Shell, parts: tuple[Part, ...], context: _Context) -> list[Piece]:
    out: list[Piece] = []
    for index, part in enumerate(parts):
        if isinstance(part, Lit):
            text = part.text
            if not part.quoted and "~" in text:
                text, home = _tildes(sh, text, index == 0, index + 1 == len(parts), context)
                if home:
                    out.append(Piece(home, True, False))
            if text or part.quoted:
                out.append(Piece(text, part.quoted, context.inner and not part.quoted))
        elif isinstance(part, Param):
            out += _parameter(sh, part, context)
        elif isinstance(part, CmdSub):
            text = evalbackcmd(sh, part.body).rstrip("\n") if part.body else ""
            out.append(Piece(text, part.quoted, not part.quoted))
        else:
            text = str(_arithmetic(sh, part))
            out.append(Piece(text, part.quoted, not part.quoted))
    return out


def _arithmetic(sh: Shell, part: Arith) -> int:
    def lookup(name: str) -> str | None:
        value = lookupvar(sh, name)
        if value is None and "u" in sh.options:
            raise ShellError(f"{name}: parameter not set")
        return value

    text = expandword(sh, part.word)
    return Evaluator(text, lookup, lambda name, value: setvar(sh, name, value)).value()


def _tildes(sh: Shell, text: str, first: bool, last: bool, context: _Context) -> tuple[str, str]:
    """Expand tildes of unquoted text; return the text and the home directory before it."""
    home = ""
    if first and text.startswith("~"):
        home, text = _tilde(sh, text, last, context.assignment)
    if context.assignment and ":~" in text:
        head, *tails = text.split(":~")
        for number, tail in enumerate(tails):
            directory, rest = _tilde(sh, "~" + tail, last or number + 1 < len(tails), True)
            head += ":" + directory + rest
        text = head
    return text, home


def _tilde(sh: Shell, text: str, last: bool, assignment: bool) -> tuple[str, str]:
    """Return (home directory, what is after the ~user prefix); ("", text) if there is none."""
    match = re.match(r"~([^/:]*)" if assignment else r"~([^/]*)", text)
    if match is None or (match.end() == len(text) and not last):
        return "", text
    user = match[1]
    home = _home(user) if user else lookupvar(sh, "HOME")
    return (home, text[match.end() :]) if home else ("", text)


def _home(user: str) -> str | None:
    entry = libc.getpwnam(user)
    return None if entry is None else entry.pw_dir


def _parameter(sh: Shell, part: Param, context: _Context) -> list[Piece]:
    if part.op == "bad":
        raise ShellError("Bad substitution")
    many = part.name in {"@", "*"}
    value = _value(sh, part.name)
    if part.op == "len":
        return [
            Piece(
                str(len(sh.params) if many else len(_known(sh, part, value))),
                part.quoted,
                not part.quoted,
            )
        ]
    is_set = value is not None and not (part.colon and value == "")
    if part.op == "+":
        return _word(sh, part, context) if is_set else _nothing(part)
    if part.op in _WHEN_UNSET and not is_set:
        return _WHEN_UNSET[part.op](sh, part, context)
    if value is None:  # the word of # and % is not even expanded
        known = _known(sh, part, value)
        return [] if part.name == "@" else [Piece(known, part.quoted, not part.quoted)]
    change = _trimmer(sh, part)
    if many:
        return _list(sh, part, change, context)
    return [Piece(change(value), part.quoted, not part.quoted)]


def _value(sh: Shell, name: str) -> str | None:
    """Return a parameter's value; of $@ and $* whatever tells set from null."""
    if name in {"@", "*"}:
        return "".join(sh.params) if sh.params else None
    if name[0].isalpha() or name[0] == "_":
        return lookupvar(sh, name)
    return special(sh, name)


def _known(sh: Shell, part: Param, value: str | None) -> str:
    """Return value, "" if it is unset; with set -u that is an error."""
    if value is None and "u" in sh.options and part.name not in {"@", "*"}:
        raise ShellError(f"{part.name}: parameter not set")
    return value or ""


def _list(sh: Shell, part: Param, change: Callable[[str], str], context: _Context) -> list[Piece]:
    """Expand $@ or $*; # and % cut the beginning or end of the whole list."""
    values = list(sh.params)
    if (part.quoted and part.name == "*") or (not context.fields):
        joint = ifs(sh)[:1]
        return [Piece(change(joint.join(values)), part.quoted, not part.quoted)]
    if values and part.op[:1] in {"#", "%"}:
        at = 0 if part.op[0] == "#" else -1
        values[at] = change(values[at])
    out: list[Piece] = []
    for value in values:
        if out:
            out.append(_BREAK)
        out.append(Piece(value, part.quoted, not part.quoted))
    return out


def _nothing(part: Param) -> list[Piece]:
    return [] if part.name == "@" else [Piece("", part.quoted, not part.quoted)]


def _word(sh: Shell, part: Param, context: _Context) -> list[Piece]:
    """Expand the word of ${x-word} in place."""
    parts = part.word.parts if part.word else ()
    return _pieces(sh, parts, context._replace(inner=True)) or _nothing(part)


def _assign(sh: Shell, part: Param, context: _Context) -> list[Piece]:
    value = expandword(sh, part.word) if part.word else ""
    setvar(sh, part.name, value)
    return [Piece(value, part.quoted, not part.quoted)]


def _complain(sh: Shell, part: Param, context: _Context) -> list[Piece]:
    message = expandword(sh, part.word) if part.word else ""
    if not message:
        message = f"parameter {'null or ' if part.colon else ''}not set"
    raise ShellError(f"{part.name}: {message}")


_WHEN_UNSET: Final = {"-": _word, "=": _assign, "?": _complain}


def _trimmer(sh: Shell, part: Param) -> Callable[[str], str]:
    """Return what # ## % %% do to a value."""
    if part.op not in {"#", "##", "%", "%%"}:
        return lambda value: value
    matches = compiled(expandpattern(sh, part.word) if part.word else "").fullmatch
    longest = len(part.op) == 2

    def trim(value: str) -> str:
        ends = range(len(value) + 1)
        if part.op[0] == "#":
            for end in reversed(ends) if longest else ends:
                if matches(value, 0, end):
                    return value[end:]
        else:
            for start in ends if longest else reversed(ends):
                if matches(value, start):
                    return value[:start]
        return value

    return trim
