# SPDX-License-Identifier: BSD-2-Clause
"""Each host command has its manual page, and a page tells all options of its command."""

import re
from pathlib import Path

import pytest

from kernel.__main__ import COMMANDS, main
from kernel.cli import diff, grade, report, run, sh, syscalls, trace

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs" / "man"
PARSED = {module.__name__.rpartition(".")[2]: module for module in
    (diff, grade, report, run, sh, syscalls, trace)
}  # fmt: skip
SHOWN = re.compile(r"(?:python -m kernel|\bsysent) ([a-z]+)\b([^`\n|;]*)")


@pytest.mark.parametrize("name", COMMANDS)
def test_command_has_its_page(name):
    """A page is there, is named where sysent(1) and the table of pages name it."""
    assert (MANUAL / f"sysent-{name}.md").is_file()
    assert f"(sysent-{name}.md)" in (MANUAL / "sysent.md").read_text()
    assert f'"sysent-{name}"' in (MANUAL.parent / "conf.py").read_text()


@pytest.mark.parametrize(
    ("name", "elsewhere"), [("kdump", ""), ("ktrace", "CcgnpE"), ("ktruss", "")]
)
def test_page_tells_the_flags_of_the_usage(name, elsewhere, capsys):
    """Pages that are not made from a parser have the flags of the usage that find something here."""
    assert main([name, "-?"]) == 1
    flags = set("".join(re.findall(r"\[-([A-Za-z]+)", capsys.readouterr().err)))
    page = (MANUAL / f"sysent-{name}.md").read_text()
    assert len(flags) > 3
    assert flags - set(elsewhere) <= set(re.findall(r"`-(\w)[` ]", page))


@pytest.mark.parametrize("name", PARSED)
def test_options_that_are_shown_exist(name):
    """Of each command in a page, a lab's text or an example: it takes the options shown with it."""
    grammar = PARSED[name].parser()
    options = {option for action in grammar._actions for option in action.option_strings}
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("labs/*/README.md")]
    shown = [
        (page.name, option)
        for page in [*pages, *ROOT.glob("examples/*.*")]
        if "_build" not in page.parts
        for command, rest in SHOWN.findall(page.read_text())
        if command == name
        for option in re.findall(r"(?<!\S)--[a-z-]+", rest)
    ]
    assert [each for each in shown if each[1] not in options] == []
