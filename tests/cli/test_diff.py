# SPDX-License-Identifier: BSD-2-Clause
"""Laws of `diff`: exit status, what is shown, and what cannot be read."""

from pathlib import Path

import pytest

from kernel.cli import diff
from kernel.sys.cdefs import pack
from kernel.sys.ktrace import KTR_NAMEI, KTR_SYSCALL, KTR_SYSRET, KtrSyscall, KtrSysret
from tests.steps import lines
from userland import libktrace
from userland.libktrace.compare import Difference, Line

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


def test_a_late_difference_is_in_sight(tmp_path, capsys):
    """Of a long call what is alike is left out, not what differs."""
    names = []
    for word in ("one", "two"):
        called = pack(KtrSyscall(5, 24)) + bytes(24)
        ended = pack(KtrSysret(5, 0, 0, 3, 0))
        data = libktrace.encode(KTR_SYSCALL, called)
        data += libktrace.encode(KTR_NAMEI, b"/deep" * 60 + word.encode())
        data += libktrace.encode(KTR_SYSRET, ended)
        names.append(tmp_path / word)
        names[-1].write_bytes(data)
    assert diff.main(list(map(str, names))) == 1
    lines = capsys.readouterr().out.splitlines()
    first, second = (
        next(line for line in lines if line[:1] == mark and line[:3] != mark * 3) for mark in "-+"
    )
    assert "one" in first
    assert "two" in second
    assert len(first) <= 161


def test_very_many_differences():
    """Each line is held against two others, not against all."""

    def shown(count):
        first, second = ([Line(f"{side}{n:0200}", None) for n in range(count)] for side in "ab")
        return lines(diff.show, Difference("1", "sh", (0, 0), [], first, second, []))

    assert shown(400) < 12 * shown(40)


def test_a_context_of_less_than_nothing(capsys):
    """It is refused, in words."""
    with pytest.raises(SystemExit) as ended:
        diff.main(["-U", "-1", FIRST, FIRST])
    assert ended.value.code == 2
    assert "'-1' is no number from 0 on" in capsys.readouterr().err
