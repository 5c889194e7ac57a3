# SPDX-License-Identifier: BSD-2-Clause
"""A Sphinx directive: a command's manual page from its argparse parser.

    ```{grammar} run
    ```

is the synopsis, description and options of kernel.cli.run.parser().
"""

import argparse
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Grammar(SphinxDirective):
    """Sections of what kernel.cli.NAME.parser() returns."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        name = self.arguments[0]
        parser = import_module(f"kernel.cli.{name}").parser()
        parser.prog = f"sysent {name}"
        usage = parser.format_usage().removeprefix("usage: ").rstrip()
        groups = [group for group in parser._action_groups if group._group_actions]
        titles = {"options": "Options", "positional arguments": "Arguments"}
        return [
            self.section("Synopsis", nodes.literal_block(usage, usage, language="none")),
            self.section("Description", *self.paragraphs(parser.description, parser.epilog)),
            *(
                self.section(
                    titles.get(group.title, f"Options: {group.title}"), self.arguments_of(group)
                )
                for group in groups
            ),
        ]

    def section(self, title: str, *content: nodes.Node) -> nodes.section:
        """Return a section that can be linked to."""
        section = nodes.section("", nodes.title(title, title), *content)
        section["names"].append(nodes.fully_normalize_name(title))
        self.state.document.note_implicit_target(section, section)
        return section

    def paragraphs(self, *texts: str | None) -> Iterator[nodes.paragraph]:
        """Yield a paragraph for each text that there is."""
        for text in texts:
            if text:
                yield nodes.paragraph("", "", *self.words(text))

    def words(self, text: str) -> list[nodes.Node]:
        """Return text with what stands in `backquotes` as code."""
        pieces = text.replace("%%", "%").split("`")
        return [
            nodes.literal(piece, piece) if number % 2 else nodes.Text(piece)
            for number, piece in enumerate(pieces)
        ]

    def arguments_of(self, group: argparse._ArgumentGroup) -> nodes.definition_list:
        """Return the options of a group, each with what it does."""
        items = []
        for action in group._group_actions:
            value = self.value(action)
            flags = [f"{flag} {value}".rstrip() for flag in action.option_strings] or [value]
            term = nodes.term("", "")
            for number, flag in enumerate(flags):
                term += [nodes.Text(", ")] if number else []
                term += nodes.literal(flag, flag)
            text = nodes.paragraph("", "", *self.words(action.help or ""))
            items.append(nodes.definition_list_item("", term, nodes.definition("", text)))
        return nodes.definition_list("", *items)

    def value(self, action: argparse.Action) -> str:
        """Return how the value of an argument is written; nothing if it takes none."""
        if action.nargs == 0:
            return ""
        if isinstance(action.metavar, str):
            return action.metavar
        if action.choices:
            return f"{{{','.join(map(str, action.choices))}}}"
        name = action.dest.upper() if action.option_strings else action.dest
        return f"{name} ..." if action.nargs in ("*", "+", "...") else name


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("grammar", Grammar)
    return {"parallel_read_safe": True}
