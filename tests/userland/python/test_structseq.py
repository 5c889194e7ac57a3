# SPDX-License-Identifier: BSD-2-Clause
"""Results that are tuples with names behave as C's do."""

import sys

import pytest

from userland.python.structseq import structseq

pair = structseq("os", "pair", "first second third", shown=2)


def test_hidden_fields_are_no_part_of_the_tuple():
    """A result is as long as what it shows; the others are attributes."""
    made = pair((1, 2), {"third": 3})
    assert (len(made), made.third, made[:], made == (1, 2)) == (2, 3, (1, 2), True)
    assert pair((1, 2, 3)).third == 3
    assert pair((1, 2)).third is None
    assert (pair.n_fields, pair.n_sequence_fields, pair.n_unnamed_fields) == (3, 2, 0)


def test_it_is_as_the_interpreters_own():
    """repr(), what is refused, and what pickle makes of one are as of os.terminal_size."""
    made = pair((1, 2))
    assert repr(made) == "os.pair(first=1, second=2)"
    assert made.__reduce__() == (pair, ((1, 2), {"third": None}))
    assert pair.__match_args__ == ("first", "second")
    for wrong, text in (
        ((1,), "os.pair() takes an at least 2-sequence (1-sequence given)"),
        (range(9), "os.pair() takes an at most 3-sequence (9-sequence given)"),
        (7, "constructor requires a sequence"),
    ):
        with pytest.raises(TypeError) as failure:
            pair(wrong)
        assert str(failure.value) == text
    with pytest.raises(AttributeError, match="readonly attribute"):
        made.first = 3
    with pytest.raises(AttributeError, match="has no attribute 'fourth'"):
        made.fourth = 4


def test_unnamed_ones_stand_for_hidden_ones():
    """The whole seconds of a stat_result are its times, if nothing else is given."""
    kind = structseq("os", "kind", "a b_float c", shown=2, unnamed=1)
    assert kind((1, 2)).b_float == 2
    assert kind((1, 2), {"b_float": 2.5}).b_float == 2.5
    assert kind((1, 2))[1] == 2


def test_replace():
    """copy.replace() makes another; it came with 3.13."""
    made = pair((1, 2), {"third": 3})
    assert hasattr(made, "__replace__") == (sys.version_info >= (3, 13))
    if sys.version_info >= (3, 13):
        again = made.__replace__(first=9, third=4)
        assert (again, again.third) == ((9, 2), 4)


def test_a_stat_result_passes_through_pickle(run):
    """Inside, os.stat's result is os.stat_result, with what BSD adds."""
    result = run(
        "import os, pickle\nst = os.stat('/')\nagain = pickle.loads(pickle.dumps(st))\n"
        "print(again == st, again.st_birthtime == st.st_birthtime, type(again) is os.stat_result)\n"
        "print(st.st_flags, st.st_gen, st.st_birthtime <= st.st_mtime, st.st_mtime_ns // 10**9 == st[8])\n"
    )
    assert result.stdout == b"True True True\n0 0 True True\n"
