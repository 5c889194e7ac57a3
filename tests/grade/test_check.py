# SPDX-License-Identifier: BSD-2-Clause
"""Wrong solutions stand as diffs against the solution."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.grade.check import patched

LINES = st.lists(st.sampled_from(["a\n", "b\n", "\n", "- c\n", "@@ d\n"]), max_size=12)


@given(LINES, LINES, st.integers(0, 3))
def test_a_diff_makes_of_one_file_the_other(old, new, context):
    """Whatever the two are, and however much is shown around a change."""
    diff = "".join(difflib.unified_diff(old, new, "solution/f", "wrong/f", n=context))
    if diff:
        made = patched({"f": "".join(old).encode(), "g": b"as it was"}, diff)
        assert made == {"f": "".join(new).encode(), "g": b"as it was"}


@pytest.mark.parametrize("diff", ["", "what?\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-b\n+c\n"])
def test_what_does_not_fit_is_refused(diff):
    """No diff at all, or one that expects other lines."""
    with pytest.raises(ValueError, match=r"no unified diff|does not fit f, line 1"):
        patched({"f": b"a\n"}, diff)
