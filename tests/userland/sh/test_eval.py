# SPDX-License-Identifier: BSD-2-Clause
"""Commands of any size: long lists, deep nests."""

import pytest


@pytest.fixture
def sh(k):
    return lambda script: k.run(b"/bin/sh", stdin=script.encode())


@pytest.mark.parametrize(
    ("command", "status", "out"),
    [
        (": && " * 20_000 + "echo end", 0, b"end\n"),
        ("false || " * 20_000 + "echo end", 0, b"end\n"),
        (": || echo no && " * 10_000 + "false", 1, b""),
        ("set -e; false && " + ": && " * 10_000 + ": || false || echo end; exit 3", 3, b"end\n"),
    ],
)
def test_long_lists(sh, command, status, out):
    """A list of && and || may have any length; what each does hangs on all before it."""
    result = sh(command + "\n")
    assert (result.status, result.stdout, result.stderr) == (status, out, b"")


@pytest.mark.parametrize(("begin", "end"), [("(", ")"), ("if :; then ", "; fi"), ("{ ", "; }")])
def test_deep_nests(sh, begin, end):
    """What is nested too deeply is refused in one line."""
    result = sh(begin * 20_000 + ":" + end * 20_000 + "\n")
    assert result.status == 2
    assert result.stderr == b"sh: Commands are nested too deeply\n"
