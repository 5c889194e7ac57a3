# SPDX-License-Identifier: BSD-2-Clause
"""Laws of `diff`: exit status, what is shown, and what cannot be read."""

from pathlib import Path

from kernel.cli import diff

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
FIRST, SECOND = str(GOLDEN / "10-amd64-0.ktrace"), str(GOLDEN / "10-amd64-1.ktrace")


def test_a_trace_is_itself(capsys):
    """Nothing is said, and the status is 0."""
    assert diff.main([FIRST, FIRST]) == 0
    assert capsys.readouterr() == ("", "")


def test_the_first_difference_is_shown(capsys):
    """Both names, the place, and lines with - and +; -a shows all, -q nothing."""
    assert diff.main([FIRST, SECOND]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"--- {FIRST}\n+++ {SECOND}\n@@ process 1 (")
    assert any(line.startswith(("-", "+")) for line in out.splitlines()[3:])
    assert diff.main(["-a", FIRST, SECOND]) == 1
    assert len(capsys.readouterr().out) >= len(out) - 40
    assert diff.main(["-q", FIRST, SECOND]) == 1
    assert capsys.readouterr() == ("", "")


def test_what_cannot_be_read_is_trouble(tmp_path, capsys):
    """Status 2 and one line."""
    torn = tmp_path / "torn"
    torn.write_bytes(Path(FIRST).read_bytes()[:-3])
    for name in ("/nonexistent", str(torn)):
        assert diff.main([FIRST, name]) == 2
        assert capsys.readouterr().err.startswith("diff: ")
