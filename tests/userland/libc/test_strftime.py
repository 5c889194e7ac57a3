# SPDX-License-Identifier: BSD-2-Clause
"""strftime(3) against the host's, in UTC and the C locale."""

import time

from hypothesis import given
from hypothesis import strategies as st

from userland.libc.strftime import strftime_tm
from userland.libc.timegm import Tm, gmtime

DIRECTIVES = "AaBbCdeGgHIjkMmnpRrSTtUuVWwYyDFX%"


@given(st.integers(0, 4_102_444_799), st.sampled_from(DIRECTIVES))
def test_same_as_the_host(seconds, letter):
    """Each directive gives what C's strftime gives."""
    assert strftime_tm(f"<%{letter}>", gmtime(seconds)) == time.strftime(
        f"<%{letter}>", time.gmtime(seconds)
    )


def test_what_is_unknown():
    """The zone that came with the date; of what is unknown the letter stays, as in NetBSD's."""
    form = "%Z %z %Q 100%"
    assert strftime_tm(form, gmtime(0)) == "UTC +0000 Q 100%"
    assert strftime_tm("%Z %z", gmtime(0, -5400, 1, "XYZ")) == "XYZ -0130"


def test_years_have_four_digits():
    """A year is a century and two digits, each with its sign, as in NetBSD's _yconv."""
    years = [strftime_tm("%Y", Tm(year, 1, 1)) for year in (5, 123, -1, -123, 123456)]

    assert years == ["0005", "0123", "-001", "-123", "123456"]
