# SPDX-License-Identifier: BSD-2-Clause
"""Descriptions of transfers."""

from kernel.sys.uio import UIO_READ, UIO_WRITE, uio_sysspace


def test_a_kernel_buffer_is_one_piece_without_an_address_space():
    """All of it is to be moved."""
    uio = uio_sysspace(b"abc", UIO_WRITE, 7)
    assert (uio.uio_resid, uio.uio_vmspace, uio.uio_offset, uio.uio_rw) == (3, None, 7, UIO_WRITE)
    assert (uio.uio_base, uio.lengths(), bytes(uio.uio_buf)) == (0, [3], b"abc")


def test_it_is_described_not_copied():
    """What is stored through it is seen."""
    buf = bytearray(2)
    view = uio_sysspace(buf, UIO_READ).uio_buf
    view[:] = b"ok"
    assert buf == b"ok"
