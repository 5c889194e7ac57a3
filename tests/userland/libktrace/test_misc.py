# SPDX-License-Identifier: BSD-2-Clause
"""Laws of MISC and the rarer records."""

import struct
from collections.abc import Callable

import pytest

from kernel.sys.ktrace import KTR_CSW, KTR_NAMEI
from userland.libktrace import encode
from userland.libktrace.make import call, ret, user

Run = Callable[..., tuple[int, str, str]]
Text = Callable[..., str]
SECOND = 1_000_000_000
NOW = 1_060_270_305 * SECOND


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (user("label", b"\1\2\xfe"), "MISC  label: 3, 0102fe"),
        (user("label", b"\1\2\xfe", version=0), 'USER  "label: 23, 0102fe"'),
        (user("malloc", struct.pack("<QQQ", 0, 16, 0x10)), "MISC  malloc: 0x10 = malloc(16)"),
        (user("mbsoname", b"\x10\x02\0\x50\x7f\0\0\1"), "MISC  mbsoname: [127.0.0.1]"),
        (user("mbsoname", b"\x10\x01/tmp/s\0x"), "MISC  mbsoname: [/tmp/s]"),
        (user("mbsoname", b"\x1c\x18" + bytes(21) + b"\1"), "MISC  mbsoname: [::1]"),
        (
            user("mbcontrol", struct.pack("<Iii", 20, 65535, 1)),
            "MISC  mbcontrol: [len=20, level=65535, type=1]",
        ),
        (
            user("msghdr", struct.pack("<QI4xQi4xQIi", 1, 2, 3, 4, 5, 6, 7)),
            "MISC  msghdr: [name=0x1, namelen=2, iov=0x3, iovlen=4, control=0x5,"
            " controllen=6, flags=7]",
        ),
        (user("xattr-list", b"\1a\0\2bc"), "MISC  xattr-list: a  bc"),
        (encode(14, struct.pack("<3i", 1, -2, 3)), "MIB   1.-2.3"),
        (encode(15, struct.pack("<ii", 4, 10)), "FD    timerfd 4"),
        (encode(15, struct.pack("<ii", 4, 0)), "FD    0 4"),
        (encode(KTR_CSW, struct.pack("<ii", 1, 1)), "CSW   stop user"),
        (encode(KTR_NAMEI, b"a\n\xff\0b"), 'NAMI  "a\n\xff"'),
        (encode(99, b"", version=0), "UNKNOWN(99)  "),
    ],
)
def test_other_records(text: Text, record: bytes, shown: str) -> None:
    """Labels that are known decide the form of MISC; paths are not escaped."""
    assert text(trace=record) == f"{shown}\n"


def test_misc_of_a_wrong_size(run: Run) -> None:
    """It is warned of, and what is missing counts as 0."""
    status, out, err = run(trace=user("malloc", b"\1"))
    assert (status, err) == (0, "kdump: malloc: len 1 != 24\n")
    assert out.endswith("MISC  malloc: free(0x1)\n")


@pytest.mark.parametrize("version", [0, 2])
@pytest.mark.parametrize("kind", range(1, 24))
def test_a_payload_that_is_too_short(run: Run, kind: int, version: int) -> None:
    """Whatever the type, bytes that are missing count as 0, and the next record is printed."""
    good = ret(4, version=version) + call(20, version=version)
    for payload in (b"", b"\1", b"\1\0\0\0\1"):
        status, out, _ = run(trace=good + encode(kind, payload, version=version) + good)
        assert status == 0
        assert out.endswith("CALL  getpid\n")


def test_a_long_name_pushes_the_line(run: Run) -> None:
    """Names are padded to 8, and cut at 16."""
    for comm, shown in ((b"a" * 16, "a" * 16), (b"b" * 9, "b" * 9), (b"c", "c       ")):
        out = run(trace=encode(KTR_NAMEI, b"", comm=comm, pid=1234567))[1]
        assert out == f'1234567      1 {shown} NAMI  ""\n'
