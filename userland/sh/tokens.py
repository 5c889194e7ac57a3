# SPDX-License-Identifier: BSD-2-Clause
"""The stream of tokens that the grammar reads.  NetBSD bin/sh/parser.c (readtoken)."""

from collections.abc import Mapping

from userland.sh.error import BadSyntax
from userland.sh.input import StringInput
from userland.sh.lexer import (
    NEWLINE,
    RESERVED,
    WORD,
    HereDoc,
    Reader,
    Token,
    operator,
    read_heredoc,
    skip_blanks,
)
from userland.sh.nodes import Arg, Lit
from userland.sh.word import CommandParser, WordParser


class Tokens:
    """Tokens of a reader's text, aliases replaced where the grammar asks for it.

    aliases is looked at live; what an alias is replaced by is not looked up
    for the same alias again.  commands parses the commands of substitutions.
    """

    def __init__(self, reader: Reader, aliases: Mapping[str, str], commands: CommandParser) -> None:
        self.reader = reader
        self.heredocs: list[HereDoc] = []  # whose bodies begin after this line
        self.alias_next = False  # an alias that ends in a blank: look at the next word too
        self._aliases = aliases
        self._commands = commands
        self._words = WordParser(reader, commands)
        self._token: Token | None = None
        self._expanding: list[tuple[str, int]] = []  # alias, length of the text after it

    def restart(self) -> None:
        """Begin a new command: nothing was looked at."""
        self._token = None

    def next(self) -> Token:
        """Take the next token."""
        token = self.peek()
        self._token = None
        return token

    def peek(self) -> Token:
        """Return the next token without taking it."""
        if self._token is None:
            self._token = self._read_token()
            if self._token.kind == NEWLINE:
                self.read_heredocs()
        return self._token

    def _read_token(self) -> Token:
        reader = self.reader
        skip_blanks(reader)
        if token := operator(reader):
            return token
        lineno, start = reader.lineno, reader.pos
        word = self._words.word()
        if reader.pos < start:
            start = 0
        text = word.literal()
        shown = text if text is not None else reader.text[start : reader.pos]
        return Token(WORD, shown, lineno, word)

    def read_heredocs(self) -> None:
        """Take the bodies that the line before asked for."""
        docs, self.heredocs = self.heredocs, []
        for doc in docs:
            lineno = self.reader.lineno
            body = read_heredoc(self.reader, doc)
            if doc.quoted:
                doc.redir.word = Arg((Lit(body, True),))
            else:
                reader = Reader(StringInput(body), lineno)
                doc.redir.word = WordParser(reader, self._commands).dquoted()

    def matches(self, kind: str, text: str) -> bool:
        """Tell whether the next token is this one."""
        token = self.peek()
        return token.kind == kind and token.text == text

    def reserved(self) -> str:
        """Return the reserved word that comes next, in command position, else ""."""
        token = self.peek()
        if token.kind != WORD:
            return ""
        text = token.word.literal()
        return text if text in RESERVED and text is not None else ""

    def expect(self, kind: str, text: str) -> None:
        """Take a token that must be this one."""
        if not self.matches(kind, text):
            raise self.unexpected(self.peek(), text)
        self.next()

    def skip_newlines(self) -> None:
        """Take newlines, if there are any."""
        while self.peek().kind == NEWLINE:
            self.next()

    def unexpected(self, token: Token, expected: str = "") -> BadSyntax:
        """Return the error that token is."""
        wanted = f' (expecting "{expected}")' if expected else ""
        return BadSyntax(f"{token.shown()} unexpected{wanted}")

    def expand_alias(self) -> bool:
        """Replace the word that comes next if it is an alias; tell if it was."""
        token = self.peek()
        reader = self.reader
        left = reader.left()
        self._expanding = [(name, after) for name, after in self._expanding if left > after]
        name = token.word.literal() if token.kind == WORD else None
        if name is None or name not in self._aliases:
            return False
        if any(name == busy for busy, _ in self._expanding):
            return False
        value = self._aliases[name]
        self._expanding.append((name, left))
        reader.push_back(value)
        self.alias_next = value[-1:] in {" ", "\t"}
        self._token = None
        return True
