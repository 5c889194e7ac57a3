# SPDX-License-Identifier: BSD-2-Clause
"""The shell's grammar: trees, and the messages for what is none."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userland.sh.error import BadSyntax
from userland.sh.input import StringInput
from userland.sh.nodes import And, Background, Cmd, Lit, Param, Pipe, Semi
from userland.sh.parser import Parser
from userland.sh.show import commandtext


def parse(text, aliases=None):
    parser = Parser(StringInput(text), aliases or {})
    nodes = []
    while True:
        try:
            nodes.append(parser.parsecmd())
        except EOFError:
            return [node for node in nodes if node is not None]


def test_quotes_tell_what_is_split():
    """Quoted parts of a word are marked, unquoted ones are not."""
    (command,) = parse("""a"$b"'c'$d""")
    assert command.args[0].parts == (
        Lit("a"),
        Param("b", quoted=True),
        Lit("c", True),
        Param("d"),
    )


def test_operators_nest_as_posix_says():
    """`|` binds closer than `&&`, that closer than `;` and `&`."""
    (node,) = parse("a | b && c & d; e")
    assert isinstance(node, Semi)
    assert isinstance(node.commands[0], Background)
    assert isinstance(node.commands[0].command, And)
    assert isinstance(node.commands[0].command.left, Pipe)
    assert all(isinstance(command, Cmd) for command in node.commands[1:])


def test_a_here_document_is_read_after_its_line():
    """The body ends at the delimiter; what follows is the next command."""
    first, second = parse("cat <<E; echo x\nbody $v\nE\nnext\n")
    assert commandtext(second) == "next"
    assert first.commands[0].redirs[0].word.parts[1] == Param("v", quoted=True)


def test_an_alias_is_not_looked_up_in_itself():
    """`alias ls='ls -l'` ends; an alias ending in a blank lets the next word be one."""
    assert commandtext(parse("ls x", {"ls": "ls -l"})[0]) == "ls -l x"
    assert commandtext(parse("e w", {"e": "echo ", "w": "world"})[0]) == "echo world"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fi", '"fi" unexpected'),
        ("if true; then\n", 'end of file unexpected (expecting "fi")'),
        ("if a; fi", '"fi" unexpected (expecting "then")'),
        ('echo "abc\n', "Unterminated quoted string"),
        ("a | | b", '"|" unexpected'),
        ("a ;; b", '";;" unexpected'),
        ("echo )", '")" unexpected'),
        ("echo ${x", "Missing '}'"),
        ("case x in a b) esac", 'word unexpected (expecting ")")'),
        ("for 1 in a; do b; done", "Bad for loop variable"),
        ("( a", 'end of file unexpected (expecting ")")'),
        ("{ echo a; )", '")" unexpected (expecting "}")'),
        ("while a b c; done", '"done" unexpected (expecting "do")'),
        ("cat <\n", "newline unexpected"),
    ],
)
def test_messages(text, message):
    """A syntax error says what the shell's parser says of it."""
    with pytest.raises(BadSyntax) as caught:
        parse(text)
    assert caught.value.message == message


@given(st.text("ab \t\n\"'`$(){}|&;<>\\#!=*[]-:%01", max_size=40))
def test_any_text_parses_or_is_a_syntax_error(text):
    """No input does anything but give trees or a BadSyntax."""
    with suppress(BadSyntax):
        parse(text)
