# SPDX-License-Identifier: BSD-2-Clause
"""Tokens into commands: the shell's grammar.  NetBSD bin/sh/parser.c."""

import re
from collections.abc import Mapping
from typing import Final

from userland.sh.error import BadSyntax
from userland.sh.input import Input, StringInput
from userland.sh.lexer import (
    EOF,
    NEWLINE,
    OPERATOR,
    REDIR,
    RESERVED,
    WORD,
    HereDoc,
    Reader,
    Token,
    delimiter_of,
    operator,
    read_heredoc,
    skip_blanks,
)
from userland.sh.nodes import (
    And,
    Arg,
    Background,
    Case,
    Clause,
    Cmd,
    Defun,
    For,
    Group,
    If,
    Lit,
    Node,
    Not,
    Or,
    Pipe,
    Redir,
    Redirected,
    Semi,
    Subshell,
    While,
)
from userland.sh.word import WordParser

_ENDS_LIST: Final = frozenset("do done elif else esac fi then }".split())
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ASSIGNMENT: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_NO_ALIASES: Final[Mapping[str, str]] = {}


class Parser:
    """Reads commands from an input, one line's worth at a time.

    aliases is looked at live; what an alias is replaced by is not looked up
    for the same alias again.
    """

    def __init__(
        self, source: Input, aliases: Mapping[str, str] = _NO_ALIASES, lineno: int = 1
    ) -> None:
        self.reader = Reader(source, lineno)
        self._aliases = aliases
        self._words = WordParser(self.reader, self._substituted)
        self._token: Token | None = None
        self._heredocs: list[HereDoc] = []
        self._expanding: list[tuple[str, int]] = []  # alias, length of the text after it
        self._alias_next = False  # an alias that ends in a blank: look at the next word too

    def parsecmd(self) -> Node | None:
        """Return the next complete command; None for an empty line.

        Raises:
            EOFError: the input has ended.
            BadSyntax: it is not a command; the rest of its line is dropped.
        """
        self.reader.drop_parsed()
        self.reader.prompt = "PS1"
        self.reader.eof = False
        self._token = None
        token = self._peek()
        if token.kind == EOF:
            raise EOFError
        if token.kind == NEWLINE:
            self._next()
            return None
        node = self._list(one_line=True)
        token = self._next()
        if token.kind not in {NEWLINE, EOF}:
            raise self._unexpected(token)
        if token.kind == EOF:
            self._read_heredocs()
        return node

    def at_eof(self) -> bool:
        """Tell whether nothing but blank space is left of a text."""
        reader = self.reader
        while reader.peek() in {" ", "\t", "\n"}:
            reader.get()
        return reader.peek() == ""

    def drop_line(self) -> None:
        """Forget what has been read: after an error in an interactive shell."""
        self.reader.text = ""
        self.reader.pos = 0
        self._heredocs.clear()

    # Tokens.

    def _next(self) -> Token:
        token = self._peek()
        self._token = None
        return token

    def _peek(self) -> Token:
        if self._token is None:
            self._token = self._read_token()
            if self._token.kind == NEWLINE:
                self._read_heredocs()
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

    def _read_heredocs(self) -> None:
        docs, self._heredocs = self._heredocs, []
        for doc in docs:
            lineno = self.reader.lineno
            body = read_heredoc(self.reader, doc)
            if doc.quoted:
                doc.redir.word = Arg((Lit(body, True),))
            else:
                reader = Reader(StringInput(body), lineno)
                doc.redir.word = WordParser(reader, self._substituted).dquoted()

    def _substituted(self, reader: Reader, in_parens: bool) -> Node | None:
        """Parse the commands of a substitution (CommandParser)."""
        inner = Parser(reader.source, self._aliases)
        inner.reader = reader
        inner._words = WordParser(reader, inner._substituted)
        prompt, reader.prompt = reader.prompt, "PS2"
        node = inner._compound_list()
        token = inner._next()
        if in_parens and (token.kind, token.text) != (OPERATOR, ")"):
            raise inner._unexpected(token, ")")
        if not in_parens and token.kind != EOF:
            raise inner._unexpected(token)
        reader.prompt = prompt
        self._heredocs += inner._heredocs
        return node

    def _is(self, kind: str, text: str) -> bool:
        token = self._peek()
        return token.kind == kind and token.text == text

    def _reserved(self) -> str:
        """Return the reserved word that comes next, in command position, else ""."""
        token = self._peek()
        if token.kind != WORD:
            return ""
        text = token.word.literal()
        return text if text in RESERVED and text is not None else ""

    def _expect(self, kind: str, text: str) -> None:
        if not self._is(kind, text):
            raise self._unexpected(self._peek(), text)
        self._next()

    def _skip_newlines(self) -> None:
        while self._peek().kind == NEWLINE:
            self._next()

    def _unexpected(self, token: Token, expected: str = "") -> BadSyntax:
        wanted = f' (expecting "{expected}")' if expected else ""
        return BadSyntax(f"{token.shown()} unexpected{wanted}")

    def _expand_alias(self) -> bool:
        """Replace the word that comes next if it is an alias; tell if it was."""
        token = self._peek()
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
        self._alias_next = value[-1:] in {" ", "\t"}
        self._token = None
        return True

    # Lists and pipelines.

    def _list(self, one_line: bool) -> Node:
        """Parse and-or lists joined by ; & and, unless one_line, newlines."""
        nodes: list[Node] = []
        while True:
            node = self._and_or()
            if self._is(OPERATOR, "&"):
                self._next()
                nodes.append(Background(node))
            else:
                nodes.append(node)
                if self._is(OPERATOR, ";"):
                    self._next()
                elif self._peek().kind != NEWLINE or one_line:
                    break
            if self._ends_list(one_line):
                break
        return nodes[0] if len(nodes) == 1 else Semi(tuple(nodes))

    def _ends_list(self, one_line: bool) -> bool:
        if one_line and self._peek().kind == NEWLINE:
            return True
        if not one_line:
            self._skip_newlines()
        token = self._peek()
        if token.kind == EOF or (token.kind == OPERATOR and token.text in {")", ";;", ";&"}):
            return True
        return self._reserved() in _ENDS_LIST

    def _compound_list(self) -> Node | None:
        """Parse a list; None if there is nothing before what ends it."""
        return None if self._ends_list(one_line=False) else self._list(one_line=False)

    def _body(self, closer: str) -> Node:
        """Parse a list that must not be empty; closer is what ends it."""
        self._skip_newlines()
        token = self._peek()
        if token.kind == EOF:
            raise self._unexpected(token, closer)
        return self._list(one_line=False)

    def _and_or(self) -> Node:
        node = self._pipeline()
        while True:
            if self._is(OPERATOR, "&&"):
                self._next()
                self._skip_newlines()
                node = And(node, self._pipeline())
            elif self._is(OPERATOR, "||"):
                self._next()
                self._skip_newlines()
                node = Or(node, self._pipeline())
            else:
                return node

    def _pipeline(self) -> Node:
        while self._expand_alias():
            pass
        negated = False
        while self._reserved() == "!":
            self._next()
            negated = not negated
        commands = [self._command()]
        while self._is(OPERATOR, "|"):
            self._next()
            self._skip_newlines()
            commands.append(self._command())
        node = commands[0] if len(commands) == 1 else Pipe(tuple(commands))
        return Not(node) if negated else node

    # Commands.

    def _command(self) -> Node:
        while self._expand_alias():
            pass
        word = self._reserved()
        if word in _COMPOUND:
            self._next()
            return self._redirected(_COMPOUND[word](self))
        if word:
            raise self._unexpected(self._peek())
        if self._is(OPERATOR, "("):
            self._next()
            body = self._body(")")
            self._expect(OPERATOR, ")")
            return self._redirected(Subshell(body))
        return self._simple()

    def _redirected(self, node: Node) -> Node:
        redirs: list[Redir] = []
        while self._peek().kind == REDIR:
            redirs.append(self._redirection())
        return Redirected(node, tuple(redirs)) if redirs else node

    def _redirection(self) -> Redir:
        token = self._next()
        target = self._peek()
        if target.kind != WORD:
            raise self._unexpected(target)
        self._next()
        op = "<<" if token.text == "<<-" else token.text
        redir = Redir(token.fd, op, target.word)
        if op == "<<":
            delimiter, quoted = delimiter_of(target.word)
            self._heredocs.append(HereDoc(redir, delimiter, token.text == "<<-", quoted))
            redir.word = Arg(())
        return redir

    def _simple(self) -> Node:
        lineno = self.reader.lineno
        assigns: list[tuple[str, Arg]] = []
        args: list[Arg] = []
        redirs: list[Redir] = []
        while True:
            token = self._peek()
            if token.kind == REDIR:
                redirs.append(self._redirection())
                continue
            if self._is(OPERATOR, "(") and len(args) == 1 and not assigns and not redirs:
                return self._defun(args[0])
            if token.kind != WORD:
                break
            if not args or self._alias_next:
                if args:
                    self._alias_next = False
                if self._expand_alias():
                    continue
            self._next()
            assignment = None if args else split_assignment(token.word)
            if assignment:
                assigns.append(assignment)
            else:
                args.append(token.word)
        if not (assigns or args or redirs):
            raise self._unexpected(token)
        return Cmd(tuple(assigns), tuple(args), tuple(redirs), lineno)

    def _defun(self, word: Arg) -> Node:
        self._next()
        self._expect(OPERATOR, ")")
        name = word.literal()
        if name is None or not _NAME.fullmatch(name):
            raise BadSyntax("Bad function name")
        self._skip_newlines()
        return Defun(name, self._command())

    def _if(self) -> Node:
        test = self._body("then")
        self._expect(WORD, "then")
        body = self._body("fi")
        word = self._reserved()
        if word == "elif":
            self._next()
            return If(test, body, self._if())
        orelse = None
        if word == "else":
            self._next()
            orelse = self._body("fi")
        self._expect(WORD, "fi")
        return If(test, body, orelse)

    def _do_group(self) -> Node:
        self._expect(WORD, "do")
        body = self._body("done")
        self._expect(WORD, "done")
        return body

    def _while(self) -> Node:
        test = self._body("do")
        return While(test, self._do_group(), until=False)

    def _until(self) -> Node:
        test = self._body("do")
        return While(test, self._do_group(), until=True)

    def _for(self) -> Node:
        token = self._next()
        name = token.word.literal() if token.kind == WORD else None
        if name is None or not _NAME.fullmatch(name):
            raise BadSyntax("Bad for loop variable")
        if self._is(OPERATOR, ";"):
            self._next()
        self._skip_newlines()
        args: list[Arg] | None = None
        if self._is(WORD, "in"):
            self._next()
            args = []
            while self._peek().kind == WORD:
                args.append(self._next().word)
            if self._peek().kind != NEWLINE:
                self._expect(OPERATOR, ";")
            self._skip_newlines()
        return For(name, None if args is None else tuple(args), self._do_group(), token.lineno)

    def _case(self) -> Node:
        token = self._next()
        if token.kind != WORD:
            raise self._unexpected(token)
        self._skip_newlines()
        self._expect(WORD, "in")
        clauses: list[Clause] = []
        self._skip_newlines()
        while self._reserved() != "esac":
            clauses.append(self._clause())
            self._skip_newlines()
        self._next()
        return Case(token.word, tuple(clauses), token.lineno)

    def _clause(self) -> Clause:
        if self._is(OPERATOR, "("):
            self._next()
        patterns: list[Arg] = []
        while True:
            token = self._next()
            if token.kind != WORD:
                raise self._unexpected(token)
            patterns.append(token.word)
            if not self._is(OPERATOR, "|"):
                break
            self._next()
        self._expect(OPERATOR, ")")
        body = self._compound_list()
        falls = self._is(OPERATOR, ";&")
        if falls or self._is(OPERATOR, ";;"):
            self._next()
        elif self._reserved() != "esac":
            raise self._unexpected(self._peek(), ";;")
        return Clause(tuple(patterns), body, falls)

    def _group(self) -> Node:
        body = self._body("}")
        self._expect(WORD, "}")
        return Group(body)


_COMPOUND: Final = {
    "if": Parser._if,
    "while": Parser._while,
    "until": Parser._until,
    "for": Parser._for,
    "case": Parser._case,
    "{": Parser._group,
}


def split_assignment(word: Arg) -> tuple[str, Arg] | None:
    """Return (name, value) if word reads name=value, else None."""
    first = word.parts[0] if word.parts else None
    if not isinstance(first, Lit) or first.quoted:
        return None
    match = _ASSIGNMENT.match(first.text)
    if match is None:
        return None
    rest = first.text[match.end() :]
    head = (Lit(rest),) if rest else ()
    return match[1], Arg((*head, *word.parts[1:]))
