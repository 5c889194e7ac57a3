# SPDX-License-Identifier: BSD-2-Clause
"""Error numbers against NetBSD's own."""

from pathlib import Path

import pytest

from kernel.sys.errno import ELAST, Errno, KernelError, strerror

TABLE = Path(__file__).parent.parent / "data" / "tables" / "errno_netbsd.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text().splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(("number", "name", "text"), ROWS, ids=[row[1] for row in ROWS])
def test_each_error_is_netbsds(number: str, name: str, text: str) -> None:
    """Number, name and text are those of NetBSD's errno.h and strerror(3)."""
    assert Errno[name] == int(number)
    assert Errno[name].text == text
    if int(number) > 0:
        assert strerror(int(number)) == text


def test_no_error_is_invented() -> None:
    """Errors run from 1 to ELAST without a gap; EWOULDBLOCK is EAGAIN."""
    assert sorted(e for e in Errno if e > 0) == list(range(1, ELAST + 1))
    assert Errno["EWOULDBLOCK"] is Errno.EAGAIN


def test_strerror_of_no_error() -> None:
    """Numbers without a text say so, and which they are."""
    assert strerror(0) == "Undefined error: 0"
    assert strerror(200) == "Unknown error: 200"
    assert strerror(-3) == "Unknown error: 4294967293"


def test_a_kernel_error_knows_its_number() -> None:
    """Whoever catches it reads errno."""
    with pytest.raises(KernelError) as caught:
        raise KernelError(Errno.EBADF)
    assert caught.value.errno is Errno.EBADF
