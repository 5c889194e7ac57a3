# SPDX-License-Identifier: BSD-2-Clause
"""Characters into tokens.  NetBSD bin/sh/parser.c (xxreadtoken)."""

from typing import Final

from kernel.sys.dataclasses import dataclass, field
from userland.libc.strto import strtol
from userland.sh.error import BadSyntax
from userland.sh.input import Input
from userland.sh.nodes import Arg, Lit, Redir

WORD: Final = "word"
OPERATOR: Final = "operator"
REDIR: Final = "redirection"
NEWLINE: Final = "newline"
EOF: Final = "end of file"

RESERVED: Final = frozenset(
    "! case do done elif else esac fi for if in then until while { }".split()
)

_OPERATORS: Final = ("&&", "||", ";;", ";&", "&", "|", ";", "(", ")")
_REDIRS: Final = ("<<-", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">")
_ENDS_WORD: Final = frozenset(" \t\n;&|<>()")


@dataclass(slots=True)
class Token:
    """A token; text is what an error message shows."""

    kind: str  # WORD, OPERATOR, REDIR, NEWLINE, EOF
    text: str
    lineno: int
    word: Arg = field(default_factory=lambda: Arg(()))
    fd: int = -1  # REDIR: the descriptor redirected

    def shown(self) -> str:
        """Return the token as a syntax error names it."""
        if self.kind == WORD:
            return f'"{self.text}"' if self.text in RESERVED else "word"
        return f'"{self.text}"' if self.kind == OPERATOR else self.kind


class Reader:
    """The text being parsed: lines come in as they are needed.

    What has been read since the command's start stays in text, so that the
    word parser may go back in it.
    """

    def __init__(self, source: Input, lineno: int = 1) -> None:
        self.source = source
        self.text = ""
        self.pos = 0
        self.lineno = lineno  # of the character at pos
        self.prompt = "PS1"
        self.eof = False

    def more(self) -> bool:
        """Read another line; False at the end of the input."""
        if self.eof:
            return False
        line = self.source.nextline(self.prompt)
        self.prompt = "PS2"
        if not line:
            self.eof = True
            return False
        self.text += line
        return True

    def peek(self, ahead: int = 0) -> str:
        """Return a character without taking it, "" at the end."""
        while self.pos + ahead >= len(self.text):
            if not self.more():
                return ""
        return self.text[self.pos + ahead]

    def get(self) -> str:
        """Take a character, "" at the end."""
        c = self.peek()
        if c:
            self.pos += 1
            if c == "\n":
                self.lineno += 1
        return c

    def join_lines(self) -> None:
        """Skip backslash-newline pairs."""
        while self.peek() == "\\" and self.peek(1) == "\n":
            self.get()
            self.get()

    def looking_at(self, words: tuple[str, ...]) -> str:
        """Return the first of words that the text goes on with, else ""."""
        for word in words:
            if all(self.peek(i) == c for i, c in enumerate(word)):
                return word
        return ""

    def rest_of_line(self) -> str:
        """Take the text up to and with the next newline."""
        if self.pos >= len(self.text) and not self.more():
            return ""
        end = self.text.find("\n", self.pos) + 1 or len(self.text)
        line, self.pos = self.text[self.pos : end], end
        self.lineno += line.count("\n")
        return line

    def drop_parsed(self) -> None:
        """Forget the text before pos: a new command begins."""
        self.text = self.text[self.pos :]
        self.pos = 0

    def push_back(self, text: str) -> None:
        """Put text in front of what is still to be read (an alias)."""
        self.text = text + self.text[self.pos :]
        self.pos = 0

    def left(self) -> int:
        """Return the number of characters read ahead."""
        return len(self.text) - self.pos


@dataclass(slots=True)
class HereDoc:
    """A << whose body is still to come."""

    redir: Redir
    delimiter: str
    strip: bool  # <<-
    quoted: bool  # the body is not expanded


def skip_blanks(reader: Reader) -> None:
    """Skip blanks, joined lines and a comment."""
    while True:
        c = reader.peek()
        if c in {" ", "\t"}:
            reader.pos += 1
        elif c == "\\" and reader.peek(1) == "\n":
            reader.join_lines()
        elif c == "#":
            while reader.peek() not in {"", "\n"}:
                reader.pos += 1
            return
        else:
            return


def operator(reader: Reader) -> Token | None:
    """Take an operator or redirection, with the descriptor before it."""
    lineno = reader.lineno
    c = reader.peek()
    if c == "":
        return Token(EOF, EOF, lineno)
    if c == "\n":
        reader.get()
        return Token(NEWLINE, NEWLINE, lineno)
    digits = ""
    while reader.peek(len(digits)).isdigit():
        digits += reader.peek(len(digits))
    if digits and reader.peek(len(digits)) not in {"<", ">"}:
        return None
    if (after := reader.peek(len(digits))) in {"<", ">"} and after:
        reader.pos += len(digits)
        op = reader.looking_at(_REDIRS)
        reader.pos += len(op)
        default = 0 if op[0] == "<" else 1
        return Token(REDIR, op, lineno, fd=strtol(digits)[0] if digits else default)
    if op := reader.looking_at(_OPERATORS):
        reader.pos += len(op)
        return Token(OPERATOR, op, lineno)
    return None


def ends_word(c: str) -> bool:
    """Tell whether c, unquoted, cannot be in a word."""
    return not c or c in _ENDS_WORD


def read_heredoc(reader: Reader, doc: HereDoc) -> str:
    """Take a here-document's lines up to its delimiter; the end of file also ends it."""
    lines: list[str] = []
    joined = False
    while line := reader.rest_of_line():
        if doc.strip and not joined:
            line = line.lstrip("\t")
        if not joined and line.rstrip("\n") == doc.delimiter:
            break
        lines.append(line)
        body = line.rstrip("\n")
        joined = not doc.quoted and (len(body) - len(body.rstrip("\\"))) % 2 == 1
    return "".join(lines)


def delimiter_of(word: Arg) -> tuple[str, bool]:
    """Return a here-document's delimiter and whether any of it was quoted.

    Raises:
        BadSyntax: the word has an expansion in it.
    """
    text, quoted = "", False
    for part in word.parts:
        if not isinstance(part, Lit):
            raise BadSyntax("Illegal eof marker for << redirection")
        text += part.text
        quoted = quoted or part.quoted
    return text, quoted
