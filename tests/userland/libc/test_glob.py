# SPDX-License-Identifier: BSD-2-Clause
"""glob(3): what is a pattern, and what a look at directories costs."""

import pytest

from kernel import api
from kernel.sys.ktrace import KTR_NAMEI
from userland.libc.glob import hasmagic, unescape


@pytest.mark.parametrize("pattern", ["*", "a?", "[ab]", "x[!a]", r"\\*", "a/*/b", "[]]"])
def test_magic(pattern):
    """`*`, `?` and a closed bracket are special."""
    assert hasmagic(pattern)


@pytest.mark.parametrize(
    "pattern", ["", "a", "[", "]", "[a", r"\*", r"\[a]", r"a\?b", "][", r"\\\*"]
)
def test_no_magic(pattern):
    """What is quoted, and a bracket that nothing closes, is text."""
    assert not hasmagic(pattern)


def test_unescape():
    """One level of backslashes goes."""
    assert unescape(r"a\*b\\c") == r"a*b\c"


def test_the_shell_looks_at_no_directory_for_text():
    """`[ a = b ]` and quoted patterns need no look-up of a file."""
    with api.boot() as k:
        result = k.run(b"/bin/sh", ["-c", "[ a = b ]; echo '*' \\? ["], ktrace=True)
    assert result.stdout == b"* ? [\n"
    names = [bytes(r.data) for r in result.records() if r.type == KTR_NAMEI]
    assert names == [b"/bin/sh"]
