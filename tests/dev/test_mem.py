# SPDX-License-Identifier: BSD-2-Clause
import pytest

from kernel.sys.fcntl import O_RDWR, O_WRONLY


@pytest.fixture
def p(booted):
    return booted.system.process()


def test_null(p):
    """null is at its end and takes everything."""
    fd = p.open(b"/dev/null", O_RDWR)
    assert p.read(fd, 10) == b""
    assert p.write(fd, bytes(100_000)) == 100_000


def test_zero(p):
    """zero has as many zeroes as are asked for and takes everything."""
    fd = p.open(b"/dev/zero", O_RDWR)
    assert p.read(fd, 100_000) == bytes(100_000)
    assert p.write(fd, b"x") == 1


def test_full(p):
    """full never has room."""
    fd = p.open(b"/dev/full", O_RDWR)
    assert p.read(fd, 10) == bytes(10)
    with pytest.raises(OSError, match="No space left"):
        p.write(fd, b"x")
    assert p.write(fd, b"") == 0


def test_truncating_a_device_does_nothing(p):
    """`> /dev/null` opens with O_TRUNC."""
    from kernel.sys.fcntl import O_CREAT, O_TRUNC

    assert p.open(b"/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o666) >= 0
