# SPDX-License-Identifier: BSD-2-Clause
"""A parse tree as text again, for job lists.  NetBSD bin/sh/show.c, commandtext in jobs.c."""

import re
from collections.abc import Callable
from typing import Any, Final

from userland.sh.nodes import (
    And,
    Arg,
    Arith,
    Background,
    Case,
    Cmd,
    CmdSub,
    Defun,
    For,
    Group,
    If,
    Lit,
    Node,
    Not,
    Or,
    Part,
    Pipe,
    Redir,
    Redirected,
    Semi,
    Subshell,
    While,
)

_LONG: Final = 200  # characters of a command that a person is shown
_SHORT: Final = 50


def commandtext(node: Node | None, long: bool = True) -> str:
    """Return the text of a command, on one line, cut where it gets too long."""
    text = "" if node is None else _SHOW[type(node)](node)
    limit = _LONG if long else _SHORT
    return text if len(text) < limit else f"{text[: limit - 4]}..."


def _show(node: Node | None) -> str:
    return "" if node is None else _SHOW[type(node)](node)


def _part(part: Part) -> str:
    if isinstance(part, Lit):
        return _ESCAPED.sub(r"\\\1", part.text) if part.quoted else part.text
    if isinstance(part, CmdSub):
        return "$(...)"
    if isinstance(part, Arith):
        return f"$(({_inner(part.word)}))"
    if part.op == "len":
        return f"${{#{part.name}}}"
    colon = ":" if part.colon else ""
    return f"${{{part.name}{colon}{part.op}{_inner(part.word) if part.word else ''}}}"


def _inner(word: Arg) -> str:
    """Return the text of a word in a construct that is in quotes, or not, as a whole."""
    return "".join(_part(part) for part in word.parts)


def argtext(arg: Arg) -> str:
    """Return the text of a word."""
    text = ""
    quoted = False
    for part in arg.parts:
        if part.quoted is not quoted:
            text += '"'
            quoted = part.quoted
        text += _part(part)
    return text + '"' * quoted


def redirtext(redir: Redir) -> str:
    """Return the text of a redirection."""
    default = 0 if redir.op[0] == "<" else 1
    fd = "" if redir.fd == default else str(redir.fd)
    return f"{fd}{redir.op}{'...' if redir.op == '<<' else argtext(redir.word)}"


def _cmd(node: Cmd) -> str:
    words = [f"{name}={argtext(value)}" for name, value in node.assigns]
    words += [argtext(arg) for arg in node.args]
    return " ".join([*words, *(redirtext(redir) for redir in node.redirs)])


def _if(node: If) -> str:
    orelse = f"; else {_show(node.orelse)}" if node.orelse else ""
    return f"if {_show(node.test)}; then {_show(node.body)}{orelse}; fi"


def _while(node: While) -> str:
    word = "until" if node.until else "while"
    return f"{word} {_show(node.test)}; do {_show(node.body)}; done"


def _for(node: For) -> str:
    args = "" if node.args is None else " in " + " ".join(argtext(arg) for arg in node.args)
    return f"for {node.var}{args}; do {_show(node.body)}; done"


def _case(node: Case) -> str:
    clauses = "".join(
        f"{'|'.join(map(argtext, clause.patterns))}) {_show(clause.body)}"
        f"{';&' if clause.falls else ';;'} "
        for clause in node.clauses
    )
    return f"case {argtext(node.word)} in {clauses}esac"


_ESCAPED: Final = re.compile(r"([\\\"'$])")
_SHOW: Final[dict[type, Callable[[Any], str]]] = {
    Cmd: _cmd,
    Pipe: lambda n: " | ".join(_show(c) for c in n.commands),
    Not: lambda n: f"! {_show(n.command)}",
    And: lambda n: f"{_show(n.left)} && {_show(n.right)}",
    Or: lambda n: f"{_show(n.left)} || {_show(n.right)}",
    Semi: lambda n: "; ".join(_show(c) for c in n.commands),
    Background: lambda n: f"{_show(n.command)} &",
    Subshell: lambda n: f"({_show(n.body)})",
    Group: lambda n: f"{{ {_show(n.body)}; }}",
    Redirected: lambda n: " ".join([_show(n.body), *(redirtext(r) for r in n.redirs)]),
    If: _if,
    While: _while,
    For: _for,
    Case: _case,
    Defun: lambda n: f"{n.name}() {{ ... }}",
}
