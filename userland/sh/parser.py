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
    WORD,
    HereDoc,
    Reader,
    delimiter_of,
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
from userland.sh.tokens import Tokens
from userland.sh.word import WordParser

_ENDS_LIST: Final = frozenset("do done elif else esac fi then }".split())
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ASSIGNMENT: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_NO_ALIASES: Final[Mapping[str, str]] = {}


def parsestring(text: str) -> Arg:
    """Return a text as a word, as if in double quotes.

    Raises:
        BadSyntax: a substitution in it does not end.
    """
    parser = Parser(StringInput(text))
    return WordParser(parser.reader, parser.substituted).dquoted()


class Parser:
    """Reads commands from an input, one line's worth at a time."""

    def __init__(
        self,
        source: Input,
        aliases: Mapping[str, str] = _NO_ALIASES,
        lineno: int = 1,
        reader: Reader | None = None,
    ) -> None:
        self.reader = Reader(source, lineno) if reader is None else reader
        self._aliases = aliases
        self._tokens = Tokens(self.reader, aliases, self.substituted)

    def parsecmd(self) -> Node | None:
        """Return the next complete command; None for an empty line.

        Raises:
            EOFError: the input has ended.
            BadSyntax: it is not a command; the rest of its line is dropped.
        """
        self.reader.drop_parsed()
        self.reader.prompt = "PS1"
        self.reader.eof = False
        self._tokens.restart()
        token = self._tokens.peek()
        if token.kind == EOF:
            raise EOFError
        if token.kind == NEWLINE:
            self._tokens.next()
            return None
        node = self._list(one_line=True)
        token = self._tokens.next()
        if token.kind not in {NEWLINE, EOF}:
            raise self._tokens.unexpected(token)
        if token.kind == EOF:
            self._tokens.read_heredocs()
        return node

    def at_eof(self) -> bool:
        """Tell whether nothing but blank space is left of a text."""
        reader = self.reader
        while reader.peek() in {" ", "\t", "\n"}:
            reader.get()
        return reader.peek() == ""

    def substituted(self, reader: Reader, in_parens: bool) -> Node | None:
        """Parse the commands of a substitution (CommandParser)."""
        inner = Parser(reader.source, self._aliases, reader=reader)
        prompt, reader.prompt = reader.prompt, "PS2"
        node = inner._compound_list()
        token = inner._tokens.next()
        if in_parens and (token.kind, token.text) != (OPERATOR, ")"):
            raise inner._tokens.unexpected(token, ")")
        if not in_parens and token.kind != EOF:
            raise inner._tokens.unexpected(token)
        reader.prompt = prompt
        self._tokens.heredocs += inner._tokens.heredocs
        return node

    # Lists and pipelines.

    def _list(self, one_line: bool) -> Node:
        """Parse and-or lists joined by ; & and, unless one_line, newlines."""
        nodes: list[Node] = []
        while True:
            node = self._and_or()
            if self._tokens.matches(OPERATOR, "&"):
                self._tokens.next()
                nodes.append(Background(node))
            else:
                nodes.append(node)
                if self._tokens.matches(OPERATOR, ";"):
                    self._tokens.next()
                elif self._tokens.peek().kind != NEWLINE or one_line:
                    break
            if self._ends_list(one_line):
                break
        return nodes[0] if len(nodes) == 1 else Semi(tuple(nodes))

    def _ends_list(self, one_line: bool) -> bool:
        if one_line and self._tokens.peek().kind == NEWLINE:
            return True
        if not one_line:
            self._tokens.skip_newlines()
        token = self._tokens.peek()
        if token.kind == EOF or (token.kind == OPERATOR and token.text in {")", ";;", ";&"}):
            return True
        return self._tokens.reserved() in _ENDS_LIST

    def _compound_list(self) -> Node | None:
        """Parse a list; None if there is nothing before what ends it."""
        return None if self._ends_list(one_line=False) else self._list(one_line=False)

    def _body(self, closer: str) -> Node:
        """Parse a list that must not be empty; closer is what ends it."""
        self._tokens.skip_newlines()
        token = self._tokens.peek()
        if token.kind == EOF:
            raise self._tokens.unexpected(token, closer)
        return self._list(one_line=False)

    def _and_or(self) -> Node:
        node = self._pipeline()
        while True:
            if self._tokens.matches(OPERATOR, "&&"):
                self._tokens.next()
                self._tokens.skip_newlines()
                node = And(node, self._pipeline())
            elif self._tokens.matches(OPERATOR, "||"):
                self._tokens.next()
                self._tokens.skip_newlines()
                node = Or(node, self._pipeline())
            else:
                return node

    def _pipeline(self) -> Node:
        while self._tokens.expand_alias():
            pass
        negated = False
        while self._tokens.reserved() == "!":
            self._tokens.next()
            negated = not negated
        commands = [self._command()]
        while self._tokens.matches(OPERATOR, "|"):
            self._tokens.next()
            self._tokens.skip_newlines()
            commands.append(self._command())
        node = commands[0] if len(commands) == 1 else Pipe(tuple(commands))
        return Not(node) if negated else node

    # Commands.

    def _command(self) -> Node:
        while self._tokens.expand_alias():
            pass
        word = self._tokens.reserved()
        if word in _COMPOUND:
            self._tokens.next()
            return self._redirected(_COMPOUND[word](self))
        if word:
            raise self._tokens.unexpected(self._tokens.peek())
        if self._tokens.matches(OPERATOR, "("):
            self._tokens.next()
            body = self._body(")")
            self._tokens.expect(OPERATOR, ")")
            return self._redirected(Subshell(body))
        return self._simple()

    def _redirected(self, node: Node) -> Node:
        redirs: list[Redir] = []
        while self._tokens.peek().kind == REDIR:
            redirs.append(self._redirection())
        return Redirected(node, tuple(redirs)) if redirs else node

    def _redirection(self) -> Redir:
        token = self._tokens.next()
        target = self._tokens.peek()
        if target.kind != WORD:
            raise self._tokens.unexpected(target)
        self._tokens.next()
        op = "<<" if token.text == "<<-" else token.text
        redir = Redir(token.fd, op, target.word)
        if op == "<<":
            delimiter, quoted = delimiter_of(target.word)
            self._tokens.heredocs.append(HereDoc(redir, delimiter, token.text == "<<-", quoted))
            redir.word = Arg(())
        return redir

    def _simple(self) -> Node:
        lineno = self.reader.lineno
        assigns: list[tuple[str, Arg]] = []
        args: list[Arg] = []
        redirs: list[Redir] = []
        while True:
            token = self._tokens.peek()
            if token.kind == REDIR:
                redirs.append(self._redirection())
                continue
            if (
                self._tokens.matches(OPERATOR, "(")
                and len(args) == 1
                and not assigns
                and not redirs
            ):
                return self._defun(args[0])
            if token.kind != WORD:
                break
            if not args or self._tokens.alias_next:
                if args:
                    self._tokens.alias_next = False
                if self._tokens.expand_alias():
                    continue
            self._tokens.next()
            assignment = None if args else split_assignment(token.word)
            if assignment:
                assigns.append(assignment)
            else:
                args.append(token.word)
        if not (assigns or args or redirs):
            raise self._tokens.unexpected(token)
        return Cmd(tuple(assigns), tuple(args), tuple(redirs), lineno)

    def _defun(self, word: Arg) -> Node:
        self._tokens.next()
        self._tokens.expect(OPERATOR, ")")
        name = word.literal()
        if name is None or not _NAME.fullmatch(name):
            raise BadSyntax("Bad function name")
        self._tokens.skip_newlines()
        return Defun(name, self._command())

    def _if(self) -> Node:
        test = self._body("then")
        self._tokens.expect(WORD, "then")
        body = self._body("fi")
        word = self._tokens.reserved()
        if word == "elif":
            self._tokens.next()
            return If(test, body, self._if())
        orelse = None
        if word == "else":
            self._tokens.next()
            orelse = self._body("fi")
        self._tokens.expect(WORD, "fi")
        return If(test, body, orelse)

    def _do_group(self) -> Node:
        self._tokens.expect(WORD, "do")
        body = self._body("done")
        self._tokens.expect(WORD, "done")
        return body

    def _while(self) -> Node:
        test = self._body("do")
        return While(test, self._do_group(), until=False)

    def _until(self) -> Node:
        test = self._body("do")
        return While(test, self._do_group(), until=True)

    def _for(self) -> Node:
        token = self._tokens.next()
        name = token.word.literal() if token.kind == WORD else None
        if name is None or not _NAME.fullmatch(name):
            raise BadSyntax("Bad for loop variable")
        if self._tokens.matches(OPERATOR, ";"):
            self._tokens.next()
        self._tokens.skip_newlines()
        args: list[Arg] | None = None
        if self._tokens.matches(WORD, "in"):
            self._tokens.next()
            args = []
            while self._tokens.peek().kind == WORD:
                args.append(self._tokens.next().word)
            if self._tokens.peek().kind != NEWLINE:
                self._tokens.expect(OPERATOR, ";")
            self._tokens.skip_newlines()
        return For(name, None if args is None else tuple(args), self._do_group(), token.lineno)

    def _case(self) -> Node:
        token = self._tokens.next()
        if token.kind != WORD:
            raise self._tokens.unexpected(token)
        self._tokens.skip_newlines()
        self._tokens.expect(WORD, "in")
        clauses: list[Clause] = []
        self._tokens.skip_newlines()
        while self._tokens.reserved() != "esac":
            clauses.append(self._clause())
            self._tokens.skip_newlines()
        self._tokens.next()
        return Case(token.word, tuple(clauses), token.lineno)

    def _clause(self) -> Clause:
        if self._tokens.matches(OPERATOR, "("):
            self._tokens.next()
        patterns: list[Arg] = []
        while True:
            token = self._tokens.next()
            if token.kind != WORD:
                raise self._tokens.unexpected(token)
            patterns.append(token.word)
            if not self._tokens.matches(OPERATOR, "|"):
                break
            self._tokens.next()
        self._tokens.expect(OPERATOR, ")")
        body = self._compound_list()
        falls = self._tokens.matches(OPERATOR, ";&")
        if falls or self._tokens.matches(OPERATOR, ";;"):
            self._tokens.next()
        elif self._tokens.reserved() != "esac":
            raise self._tokens.unexpected(self._tokens.peek(), ";;")
        return Clause(tuple(patterns), body, falls)

    def _group(self) -> Node:
        body = self._body("}")
        self._tokens.expect(WORD, "}")
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
