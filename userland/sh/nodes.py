# SPDX-License-Identifier: BSD-2-Clause
"""The parse tree: words and commands.  NetBSD bin/sh/nodetypes.

Trees are immutable once parsed (a here-document's body is filled in when the
line that asks for it has ended), so parent and child shells share them.
"""

from kernel.sys.dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lit:
    """Text of the word itself; quoted text is never split nor a pattern."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Param:
    """`$name` or `${name op word}`.

    op is "" (plain), "len" (`${#name}`), one of - = ? + (colon tells `:-` from
    `-`), or one of # ## % %%.  op "bad" holds a substitution that is an error
    only when it is expanded.
    """

    name: str
    op: str = ""
    colon: bool = False
    word: "Arg | None" = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class CmdSub:
    """`$(commands)` or backquotes."""

    body: "Node | None"
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Arith:
    """`$((expression))`; the expression is expanded, then evaluated."""

    word: "Arg"
    quoted: bool = False


Part = Lit | Param | CmdSub | Arith


@dataclass(frozen=True, slots=True)
class Arg:
    """A word (NARG)."""

    parts: tuple[Part, ...]

    def literal(self) -> str | None:
        """Return the text of a word without quotes or expansions, else None."""
        if len(self.parts) == 1:
            part = self.parts[0]
            if isinstance(part, Lit) and not part.quoted:
                return part.text
        return None


@dataclass(slots=True)
class Redir:
    """A redirection: op is < > >> <> >| <& >& or << (NHERE, NXHERE).

    For << word is the body, once it has been read.
    """

    fd: int
    op: str
    word: Arg


@dataclass(frozen=True, slots=True)
class Cmd:
    """A simple command (NCMD)."""

    assigns: tuple[tuple[str, Arg], ...]
    args: tuple[Arg, ...]
    redirs: tuple[Redir, ...]
    lineno: int


@dataclass(frozen=True, slots=True)
class Pipe:
    """`a | b | c` (NPIPE)."""

    commands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`! command` (NNOT)."""

    command: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """`a && b` (NAND)."""

    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Or:
    """`a || b` (NOR)."""

    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Semi:
    """Commands in sequence (NSEMI)."""

    commands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Background:
    """`command &` (NBACKGND)."""

    command: "Node"


@dataclass(frozen=True, slots=True)
class Subshell:
    """`( commands )` (NSUBSHELL)."""

    body: "Node"


@dataclass(frozen=True, slots=True)
class Redirected:
    """A compound command with redirections (NREDIR)."""

    body: "Node"
    redirs: tuple[Redir, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`{ commands; }`."""

    body: "Node"


@dataclass(frozen=True, slots=True)
class If:
    """`if test; then ...; else ...; fi` (NIF); elif is an If in orelse."""

    test: "Node"
    body: "Node"
    orelse: "Node | None"


@dataclass(frozen=True, slots=True)
class While:
    """`while` or, with until, `until` (NWHILE, NUNTIL)."""

    test: "Node"
    body: "Node"
    until: bool


@dataclass(frozen=True, slots=True)
class For:
    """`for var in args` (NFOR); args None stands for "$@"."""

    var: str
    args: tuple[Arg, ...] | None
    body: "Node"
    lineno: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One branch of a case (NCLIST); falls: it ends in ;&."""

    patterns: tuple[Arg, ...]
    body: "Node | None"
    falls: bool


@dataclass(frozen=True, slots=True)
class Case:
    """`case word in ... esac` (NCASE)."""

    word: Arg
    clauses: tuple[Clause, ...]
    lineno: int


@dataclass(frozen=True, slots=True)
class Defun:
    """`name() body` (NDEFUN)."""

    name: str
    body: "Node"


Node = (
    Cmd
    | Pipe
    | Not
    | And
    | Or
    | Semi
    | Background
    | Subshell
    | Redirected
    | Group
    | If
    | While
    | For
    | Case
    | Defun
)
