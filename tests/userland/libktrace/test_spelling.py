# SPDX-License-Identifier: BSD-2-Clause
"""What names nothing, but nearly something, is asked back about, wherever it was said."""

import pytest

from kernel.inject import parse
from kernel.sys.signal import SIGTERM
from userland.libktrace.callset import callset
from userland.libktrace.spelling import did_you_mean


def test_the_nearest_is_asked_about():
    """One word, or nothing."""
    assert did_you_mean("opne", ["close", "open"]) == ": did you mean 'open'?"
    assert did_you_mean("zzz", ["close", "open"]) == ""


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: callset("opne"), "no system call 'opne': did you mean 'open'?"),
        (lambda: callset("%flie"), "no class of system calls '%flie': did you mean '%file'?"),
        (lambda: callset("zzzzzz"), "no system call 'zzzzzz'"),
        (lambda: parse("wriet:error=EIO"), "no system call 'wriet': did you mean 'write'?"),
        (lambda: parse("write:error=ENOSPCE"), "bad error 'ENOSPCE': did you mean 'ENOSPC'?"),
        (lambda: parse("write:signal=SIGTREM"), "bad signal 'SIGTREM': did you mean 'SIGTERM'?"),
        (lambda: parse("write:eror=EIO"), "unknown option 'eror=EIO': did you mean 'error'?"),
    ],
)
def test_where_it_is_said(wrong, told):
    """In sets of calls, and what is injected."""
    with pytest.raises(ValueError, match=r"no |bad |unknown ") as caught:
        wrong()
    assert str(caught.value) == told


def test_right_ones_stay_right():
    """What is injected by name or number."""
    assert parse("write:error=enospc").in_error == parse("write:error=28").in_error == 28
    assert parse("write:signal=TERM").in_signo == SIGTERM
