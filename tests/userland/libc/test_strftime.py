# SPDX-License-Identifier: BSD-2-Clause
"""strftime(3) against the host's, in UTC and the C locale."""

import time

from hypothesis import given
from hypothesis import strategies as st

from userland.libc.strftime import strftime

DIRECTIVES = "AaBbCdeGgHIjkMmnpRrSTtUuVWwYyDFX%"


@given(st.integers(0, 4_102_444_799), st.sampled_from(DIRECTIVES))
def test_same_as_the_host(seconds, letter):
    """Each directive gives what C's strftime gives."""
    assert strftime(f"<%{letter}>", seconds) == time.strftime(f"<%{letter}>", time.gmtime(seconds))


def test_the_zone_is_utc():
    """%Z, %z and what is unknown."""
    assert strftime("%Z %z %Q 100%", 0) == "UTC +0000 %Q 100%"
