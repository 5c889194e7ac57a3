# SPDX-License-Identifier: BSD-2-Clause
"""Words: quoting and the `$` constructs.  NetBSD bin/sh/parser.c (readtoken1, parsesub)."""

from collections.abc import Callable
from typing import Final

from userland.sh.error import BadSyntax
from userland.sh.input import StringInput
from userland.sh.lexer import Reader, ends_word
from userland.sh.nodes import Arg, Arith, CmdSub, Lit, Node, Param, Part

_SPECIAL: Final = frozenset("@*#?-$!")
_OPS: Final = frozenset("-=?+")

CommandParser = Callable[[Reader, bool], "Node | None"]


class WordParser:
    """Reads one word.

    commands parses the commands of a substitution from a reader: up to `)`
    when its second argument is true, else to the end of the text.
    """

    def __init__(self, reader: Reader, commands: CommandParser) -> None:
        self.reader = reader
        self._commands = commands

    def word(self) -> Arg:
        """Take a word; empty (no parts) if there is none here."""
        return Arg(tuple(self._parts("", False)))

    def dquoted(self, closer: str = "") -> Arg:
        """Take text up to closer (the end if "") as if in double quotes."""
        return Arg(tuple(self._quoted_parts(closer)))

    def _parts(self, closer: str, in_quotes: bool) -> list[Part]:
        """Take the parts of a word that ends before closer, or where words end."""
        reader = self.reader
        parts: list[Part] = []
        plain = ""
        while True:
            c = reader.peek()
            if c == closer or (not closer and ends_word(c)):
                break
            if c == "":
                raise BadSyntax("Missing '}'")
            if c not in "\\'\"$`":
                plain += reader.get()
                continue
            if c == "\\" and reader.peek(1) == "\n":
                reader.join_lines()
                continue
            if plain:
                parts.append(Lit(plain, in_quotes))
                plain = ""
            parts += self._special(c, in_quotes)
        if plain:
            parts.append(Lit(plain, in_quotes))
        return parts

    def _special(self, c: str, in_quotes: bool) -> list[Part]:
        reader = self.reader
        if c in "$`":
            return [self._substitution(in_quotes)]
        reader.get()
        if c == "\\":
            return [Lit(reader.get() or "\\", True)]
        if c == "'":
            return [Lit(self._single(), True)]
        parts = self._quoted_parts('"')
        reader.get()
        return parts or [Lit("", True)]

    def _single(self) -> str:
        text = ""
        while (c := self.reader.get()) != "'":
            if not c:
                raise BadSyntax("Unterminated quoted string")
            text += c
        return text

    def _quoted_parts(self, closer: str) -> list[Part]:
        """Take double-quoted text up to (not with) closer: `"`, `}`, `))` or the end."""
        reader = self.reader
        parts: list[Part] = []
        plain = ""
        depth = 0  # of parentheses, in arithmetic
        while True:
            c = reader.peek()
            if c == "":
                if closer:
                    raise BadSyntax(_UNTERMINATED[closer])
                break
            if closer == "))":
                if c == ")" and depth == 0:
                    break
                depth += (c == "(") - (c == ")")
            elif c == closer:
                break
            if c == "\\" and reader.peek(1) == "\n":
                reader.join_lines()
            elif c == "\\" and reader.peek(1) and reader.peek(1) in _escapable(closer):
                reader.get()
                plain += reader.get()
            elif c == '"' and closer in {"}", "))"}:
                reader.get()
                if closer == "}":  # quotes inside quotes: what they hold is quoted anyway
                    parts += [*([Lit(plain, True)] if plain else []), *self._quoted_parts('"')]
                    plain = ""
                    reader.get()
            elif c in "$`":
                if plain:
                    parts.append(Lit(plain, True))
                    plain = ""
                parts.append(self._substitution(True))
            else:
                plain += reader.get()
        if plain:
            parts.append(Lit(plain, True))
        return parts

    def _substitution(self, quoted: bool) -> Part:
        reader = self.reader
        if reader.get() == "`":
            return CmdSub(self._backquoted(quoted), quoted)
        reader.join_lines()
        c = reader.peek()
        if c == "(":
            reader.get()
            return self._paren(quoted)
        if c == "{":
            reader.get()
            return self._braced(quoted)
        if c and (c in _SPECIAL or c.isdigit()):
            return Param(reader.get(), quoted=quoted)
        if name := self._name():
            return Param(name, quoted=quoted)
        return Lit("$", quoted)

    def _name(self) -> str:
        reader = self.reader
        name = ""
        while (c := reader.peek()) and c.isascii() and (c.isalnum() or c == "_"):
            if not name and c.isdigit():
                break
            name += reader.get()
            reader.join_lines()
        return name

    def _paren(self, quoted: bool) -> Part:
        reader = self.reader
        if reader.peek() == "(":
            start, lineno = reader.pos, reader.lineno
            reader.get()
            try:
                expression = self.dquoted("))")
                if reader.peek(1) == ")":
                    reader.pos += 2
                    return Arith(expression, quoted)
            except BadSyntax:
                if reader.eof:
                    raise
            reader.pos, reader.lineno = start, lineno
        return CmdSub(self._commands(reader, True), quoted)

    def _backquoted(self, quoted: bool) -> "Node | None":
        reader = self.reader
        lineno = reader.lineno
        text = ""
        while (c := reader.get()) != "`":
            if not c:
                raise BadSyntax("EOF in backquote substitution")
            if c == "\\":
                c = reader.get()
                if c == "\n":
                    continue
                if c not in {"`", "$", "\\"} and not (quoted and c == '"'):
                    text += "\\"
            text += c
        return self._commands(Reader(StringInput(text), lineno), False)

    def _braced(self, quoted: bool) -> Param:
        """Take what follows `${`."""
        reader = self.reader
        name = self._parameter()
        if name == "#" and reader.peek() not in {"}", ":", "-", "=", "?", "+", "%", "#", ""}:
            name = self._parameter()
            return self._end(Param(name, "len", quoted=quoted) if name else _bad(quoted))
        if name == "#" and reader.peek() in {"#", "?", "-"} and reader.peek(1) == "}":
            return self._end(Param(reader.get(), "len", quoted=quoted))
        if not name:
            return self._end(_bad(quoted))
        c = reader.peek()
        colon = c == ":"
        if colon:
            reader.get()
            c = reader.peek()
        if c and c in _OPS:
            reader.get()
            word = self.dquoted("}") if quoted else Arg(tuple(self._parts("}", False)))
            return self._end(Param(name, c, colon, word, quoted))
        if c and c in "#%" and not colon:
            op = reader.get()
            if reader.peek() == op:
                op += reader.get()
            return self._end(Param(name, op, False, Arg(tuple(self._parts("}", False))), quoted))
        return self._end(Param(name, quoted=quoted) if c == "}" and not colon else _bad(quoted))

    def _parameter(self) -> str:
        reader = self.reader
        c = reader.peek()
        if c.isdigit():
            name = ""
            while reader.peek().isdigit():
                name += reader.get()
            return name
        if c and c in _SPECIAL:
            return reader.get()
        return self._name()

    def _end(self, param: Param) -> Param:
        """Take the closing brace; a bad substitution is skipped up to it."""
        reader = self.reader
        while (c := reader.get()) != "}":
            if not c:
                raise BadSyntax("Missing '}'")
        return param


_UNTERMINATED: Final = {
    '"': "Unterminated quoted string",
    "}": "Missing '}'",
    "))": "Missing '))'",
}


def _bad(quoted: bool) -> Param:
    return Param("", "bad", quoted=quoted)


def _escapable(closer: str) -> str:
    r"""Return what a backslash quotes inside double quotes; a here-document keeps `\\"`."""
    if closer == '"':
        return '$`"\\'
    return '$`"\\}' if closer == "}" else "$`\\"
