# SPDX-License-Identifier: BSD-2-Clause
"""Arithmetic expansion against C's rules."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userland.sh.arith import Evaluator, wrap
from userland.sh.error import ShellError


def evaluate(text, variables=None):
    variables = {} if variables is None else variables
    return Evaluator(text, variables.get, variables.__setitem__).value()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", 0),
        ("1+2*3", 7),
        ("-7/2", -3),
        ("-7%3", -1),
        ("1<<4|1", 17),
        ("2>1 && 1<=1", 1),
        ("0 && 1/0", 0),
        ("1 || 1/0", 1),
        ("1?2:3", 2),
        ("0x1f+010", 39),
        ("(1,2)", 2),
        ("9223372036854775807+1", -(1 << 63)),
    ],
)
def test_value(text, value):
    """Operators have C's precedence, integers intmax_t's range."""
    assert evaluate(text) == value


def test_assignments_reach_the_variables():
    """Each assignment operator stores; an operand that is skipped does not."""
    variables = {"x": "5"}
    assert evaluate("x+=2, y=x*2, 0 && (z=1), x++", variables) == 7
    assert variables == {"x": "8", "y": "14"}


@pytest.mark.parametrize("text", ["1/0", "1+", "(1", "1 2", "08", "@"])
def test_what_is_no_expression_is_an_error(text):
    """A bad expression raises ShellError, nothing else."""
    with pytest.raises(ShellError):
        evaluate(text)


@given(st.integers(-(1 << 70), 1 << 70))
def test_wrap_keeps_64_bits(value):
    """Wrap is the identity modulo 2**64, into the range of intmax_t."""
    assert -(1 << 63) <= wrap(value) < 1 << 63
    assert (wrap(value) - value) % (1 << 64) == 0


@given(st.text("0123456789+-*/%()<>=!&|^~?:, xy", max_size=30))
def test_any_text_is_a_value_or_an_error(text):
    """No input does anything but give a value or a ShellError."""
    with suppress(ShellError):
        assert isinstance(evaluate(text, {"x": "3"}), int)
