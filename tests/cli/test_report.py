# SPDX-License-Identifier: BSD-2-Clause
"""Laws of `report`: a page of a whole trace, of a torn one, and one line of what is wrong."""

from pathlib import Path

import pytest

from kernel.cli import report

TRACE = Path(__file__).parents[1] / "data" / "golden" / "10-amd64-0.ktrace"


def test_a_page_is_written(tmp_path, capsys):
    """-o names it; nothing is said."""
    page = tmp_path / "report.html"
    assert report.main(["-o", str(page), str(TRACE)]) == 0
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert capsys.readouterr() == ("", "")


def test_standard_output(capsys):
    """-o - prints it."""
    assert report.main(["-o", "-", str(TRACE)]) == 0
    assert capsys.readouterr().out.endswith("</html>\n")


def test_a_torn_trace_is_written_up_to_the_tear(tmp_path, capsys):
    """The page is there, the status is 1, and one line says where it tore."""
    torn, page = tmp_path / "torn", tmp_path / "report.html"
    torn.write_bytes(TRACE.read_bytes()[:-3])
    assert report.main(["-o", str(page), str(torn)]) == 1
    assert page.exists()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"report: {torn}: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["/nonexistent"], "report: /nonexistent: No such file or directory\n"),
        (["-o", "/nonexistent/x", str(TRACE)], "report: /nonexistent/x: No such file"),
    ],
)
def test_errors_are_one_line(args, says, capsys):
    """Nothing ends in a traceback."""
    assert report.main(args) == 1
    assert capsys.readouterr().err.startswith(says)
