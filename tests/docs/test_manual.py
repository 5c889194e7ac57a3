# SPDX-License-Identifier: BSD-2-Clause
"""Each host command has its manual page, and a page tells all options of its command."""

import re
from pathlib import Path

import pytest

from kernel.__main__ import COMMANDS, main

MANUAL = Path(__file__).parents[2] / "docs" / "man"


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
