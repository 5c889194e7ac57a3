# SPDX-License-Identifier: BSD-2-Clause
"""The documents say what is so: links, line numbers, the table, the README's samples."""

import subprocess
import sys
from pathlib import Path

import pytest

from docs import relink
from kernel.sys.cdefs import LP64, offsetof, sizeof
from kernel.sys.ktrace import KtrHeaderV0, KtrHeaderV1, KtrHeaderV2

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", relink.documents(), ids=lambda path: path.name)
def test_links_lead_to_what_they_name(path):
    """Each link with a line number names what is defined, or called, in that line."""
    text = path.read_text()
    assert relink.relink(text, path.parent) == text, "run make generated"


def test_a_link_to_nothing_is_found_out(tmp_path, monkeypatch):
    """A function that is gone is an error, not a guess; so is a file that is gone."""
    monkeypatch.setattr(relink, "ROOT", tmp_path)
    (tmp_path / "a.py").write_text("def here():\n    there(1)\n")
    fresh = relink.relink("[`here`](a.py#L9) [`here`: `there`](a.py#L9)", tmp_path)
    assert fresh == "[`here`](a.py#L1) [`here`: `there`](a.py#L2)"
    for broken in ("[`gone`](a.py#L1)", "[`here`](b.py#L1)", "[words](a.py#L1)"):
        with pytest.raises(relink.BrokenLink):
            relink.relink(broken, tmp_path)


def test_reference_of_system_calls_is_fresh():
    """docs/syscalls.md is what the table, handlers and tests say; make docs writes it."""
    check = [sys.executable, ROOT / "docs" / "syscalls.py", "--check"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_table_of_headers_is_right():
    """docs/ktrace.out.md has the offset of each field, and the size of each header."""
    text = (ROOT / "docs" / "ktrace.out.md").read_text()
    rows = [
        line.strip("| ").split(" | ")
        for line in text.splitlines()
        if line[:3].strip("| ").isdigit()
    ]
    for column, header in enumerate((KtrHeaderV0, KtrHeaderV1, KtrHeaderV2), 1):
        told = {row[column].strip("`"): int(row[0]) for row in rows if len(row) > column}
        for name in header._fields:
            assert told[name] == offsetof(header, name, LP64)
        assert told["(payload)"] == sizeof(header, LP64)
