# SPDX-License-Identifier: BSD-2-Clause
"""vis(3) and unvis(3)."""

import pytest

from userland.libc.vis import (
    VIS_CSTYLE,
    VIS_HTTPSTYLE,
    VIS_MIMESTYLE,
    VIS_NOSLASH,
    VIS_OCTAL,
    VIS_SAFE,
    VIS_WHITE,
    Undecodable,
    unvis,
    vis,
)


@pytest.mark.parametrize("flags", [0, VIS_CSTYLE, VIS_OCTAL, VIS_WHITE, VIS_CSTYLE | VIS_WHITE])
def test_unvis_undoes_vis(flags):
    """Whatever byte follows."""
    for byte in range(256):
        for following in (0, 0x30, 0x39, 0x61):
            code = vis(byte, flags, following) + vis(following, flags)
            assert unvis(code) == bytes((byte, following))


def test_codes():
    """What each flag makes of a byte."""
    assert vis(7, 0) == b"\\^G"
    assert vis(7, VIS_CSTYLE) == b"\\a"
    assert vis(7, VIS_OCTAL) == b"\\007"
    assert vis(7, VIS_SAFE) == b"\a"
    assert vis(0x87, 0) == b"\\M^G"
    assert vis(0xC1, VIS_NOSLASH) == b"M-A"
    assert vis(0x20, VIS_CSTYLE | VIS_WHITE) == b"\\s"
    assert vis(0xA0, 0) == b"\\240"
    assert vis(0x5C, 0) == b"\\134"
    assert vis(0, VIS_CSTYLE, 0x37) == b"\\000"
    assert vis(0x2F, VIS_HTTPSTYLE) == b"%2f"
    assert vis(0x3D, VIS_MIMESTYLE) == b"=3D"
    assert vis(0x62, 0, extra=b"b") == b"\\142"


def test_what_vis_does_not_write():
    """unvis says where it is."""
    with pytest.raises(Undecodable) as caught:
        unvis(b"ab\\q")
    assert caught.value.at == 3


def test_hidden_newlines():
    """A line that was folded, or marked at its end, is whole again."""
    assert unvis(b"ab\\\ncd\\$\n") == b"abcd\n"
