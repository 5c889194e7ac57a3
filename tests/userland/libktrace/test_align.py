# SPDX-License-Identifier: BSD-2-Clause
"""userland.libktrace.align: where two lists of lines differ."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userland.libktrace.align import stretches

LINES = st.lists(st.sampled_from("abcdefgh"), max_size=40)


def patched(first, second):
    """What second is, made of first and the differences."""
    made, at = [], 0
    for a, a_end, b, b_end in stretches(first, second):
        assert a >= at
        made += first[at:a]
        made += second[b:b_end]
        at = a_end
    return made + first[at:]


@given(LINES, LINES)
def test_differences_lead_from_one_to_the_other(first, second):
    """Whatever the lines: and nothing differs that is not said to."""
    assert patched(first, second) == second


@given(LINES)
def test_the_same_has_no_difference(lines):
    assert list(stretches(lines, lines)) == []


def test_a_change_is_where_it_is():
    """One line changed, one left out, one put in: three stretches."""
    first = list("abcdefghij")
    second = list("abXdefhijY")
    assert list(stretches(first, second)) == [(2, 3, 2, 3), (6, 7, 6, 6), (10, 10, 9, 10)]


def test_lines_that_come_again_and_again():
    """No line is the only one of its kind: the fewest edits are found."""
    first = ["read", "write"] * 500
    second = [*first[:300], "poll", *first[300:700], "poll", *first[702:]]
    assert sum(s.a_end - s.a + s.b_end - s.b for s in stretches(first, second)) == 4


@pytest.mark.parametrize(
    "second",
    [
        [f"call {n}" for n in range(10_000) if n % 10],
        [f"other {n}" for n in range(10_000)],
        [f"call {n}" for n in range(10_000, 0, -1)],
        ["call"] * 10_000,
        [f"call {n % 7}" for n in range(10_000)],
    ],
)
def test_ten_thousand_lines_are_soon_told(second):
    """Few differences, nothing in common, all turned round, all the same."""
    begun = time.process_time()
    first = [f"call {n}" for n in range(10_000)]
    repeated = [f"call {n % 5}" for n in range(10_000)]
    assert patched(first, second) == second
    assert patched(repeated, second) == second
    assert time.process_time() - begun < 5
