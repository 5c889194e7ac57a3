# SPDX-License-Identifier: BSD-2-Clause
"""Each host command has its manual page, and a page tells all options of its command."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from kernel.__main__ import COMMANDS

MANUAL = Path(__file__).parents[2] / "docs" / "man"


@pytest.mark.parametrize("name", COMMANDS)
def test_command_has_its_page(name):
    """A page is there, is named where sysent(1) and the table of pages name it."""
    assert (MANUAL / f"sysent-{name}.md").is_file()
    assert f"(sysent-{name}.md)" in (MANUAL / "sysent.md").read_text()
    assert f'"sysent-{name}"' in (MANUAL.parent / "conf.py").read_text()


@pytest.mark.parametrize("name", ["kdump", "ktrace", "ktruss"])
def test_page_tells_the_flags_of_the_usage(name):
    """Pages that are not made from a parser have the flags that the command's usage has."""
    page = (MANUAL / f"sysent-{name}.md").read_text()
    module = import_module(f"kernel.cli.{name}" if name != "kdump" else "userland.libktrace.kdump")
    bundles = re.findall(r"\[-(\w+)\]|\[-(\w) ", module.USAGE)
    flags = {flag for bundle in bundles for flag in "".join(bundle)}
    unknown = set("CcgnpdE") if name != "kdump" else set()  # nothing outside for them to find
    told = set(re.findall(r"^`-(\w)|`, `-(\w)", page, re.MULTILINE))
    assert flags - unknown <= {"".join(flag) for flag in told}
