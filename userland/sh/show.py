# SPDX-License-Identifier: BSD-2-Clause
"""A parse tree as text again, for job lists.  NetBSD bin/sh/show.c, commandtext in jobs.c."""

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


def commandtext(node: Node | None) -> str:
    """Return the text of a command, on one line."""
    return "" if node is None else _SHOW[type(node)](node)


def _part(part: Part) -> str:
    if isinstance(part, Lit):
        return f'"{part.text}"' if part.quoted else part.text
    if isinstance(part, CmdSub):
        return f"$({commandtext(part.body)})"
    if isinstance(part, Arith):
        return f"$(({argtext(part.word)}))"
    if part.op == "len":
        return f"${{#{part.name}}}"
    if not part.op:
        return f"${part.name}"
    colon = ":" if part.colon else ""
    return f"${{{part.name}{colon}{part.op}{argtext(part.word) if part.word else ''}}}"


def argtext(arg: Arg) -> str:
    """Return the text of a word."""
    return "".join(_part(part) for part in arg.parts)


def _redir(redir: Redir) -> str:
    default = 0 if redir.op[0] == "<" else 1
    fd = "" if redir.fd == default else str(redir.fd)
    return f"{fd}{redir.op}{'...' if redir.op == '<<' else argtext(redir.word)}"


def _cmd(node: Cmd) -> str:
    words = [f"{name}={argtext(value)}" for name, value in node.assigns]
    words += [argtext(arg) for arg in node.args]
    return " ".join([*words, *(_redir(redir) for redir in node.redirs)])


def _if(node: If) -> str:
    orelse = f"; else {commandtext(node.orelse)}" if node.orelse else ""
    return f"if {commandtext(node.test)}; then {commandtext(node.body)}{orelse}; fi"


def _while(node: While) -> str:
    word = "until" if node.until else "while"
    return f"{word} {commandtext(node.test)}; do {commandtext(node.body)}; done"


def _for(node: For) -> str:
    args = "" if node.args is None else " in " + " ".join(argtext(arg) for arg in node.args)
    return f"for {node.var}{args}; do {commandtext(node.body)}; done"


_SHOW: Final[dict[type, Callable[[Any], str]]] = {
    Cmd: _cmd,
    Pipe: lambda n: " | ".join(commandtext(c) for c in n.commands),
    Not: lambda n: f"! {commandtext(n.command)}",
    And: lambda n: f"{commandtext(n.left)} && {commandtext(n.right)}",
    Or: lambda n: f"{commandtext(n.left)} || {commandtext(n.right)}",
    Semi: lambda n: "; ".join(commandtext(c) for c in n.commands),
    Background: lambda n: f"{commandtext(n.command)} &",
    Subshell: lambda n: f"( {commandtext(n.body)} )",
    Group: lambda n: f"{{ {commandtext(n.body)}; }}",
    Redirected: lambda n: " ".join([commandtext(n.body), *(_redir(r) for r in n.redirs)]),
    If: _if,
    While: _while,
    For: _for,
    Case: lambda n: f"case {argtext(n.word)} in ... esac",
    Defun: lambda n: f"{n.name}() {commandtext(n.body)}",
}
