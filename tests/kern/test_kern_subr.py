# SPDX-License-Identifier: BSD-2-Clause
"""uiomove and uiogather: any vectors, both directions, faults."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.arch.python.copy import copyin, uvm_map
from kernel.kern.kern_subr import uiogather, uiomove
from kernel.sys.errno import Errno, KernelError
from kernel.sys.uio import UIO_READ, UIO_WRITE, Iovec, Uio, uio_sysspace
from kernel.sys.vm import VM_LAYOUT, VM_PROT_READ, VM_PROT_WRITE, VmSpace

BASE = 0x10000


def space(size: int = 64) -> VmSpace:
    """One segment of the alphabet, over and over."""
    vm = VmSpace(VM_LAYOUT[8])
    data = bytes(97 + at % 26 for at in range(size))
    uvm_map(vm, BASE, memoryview(bytearray(data)), VM_PROT_READ | VM_PROT_WRITE)
    return vm


def vectors(vm: VmSpace, lengths: list[int], rw: int) -> Uio:
    """User iovecs of these lengths, one after the other from BASE."""
    iov, at = [], BASE
    for length in lengths:
        iov.append(Iovec(at, length))
        at += length
    return Uio(0, sum(lengths), rw, vm, 0, iov)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=7), st.data())
def test_pieces_of_any_size_move_all_bytes_once(lengths: list[int], data: st.DataObject) -> None:
    """Both directions; resid and offset tell how far it came."""
    total = sum(lengths)
    vm = space()
    out, back = vectors(vm, lengths, UIO_WRITE), vectors(vm, lengths, UIO_READ)
    expected = copyin(vm, BASE, total)
    whole = b""
    while out.uio_resid:
        size = data.draw(st.integers(1, out.uio_resid))
        whole += bytes(uiogather(out, size))
        assert out.uio_offset == len(whole)
    assert whole == expected
    new = bytes(reversed(expected))
    done = 0
    while back.uio_resid:
        size = data.draw(st.integers(1, back.uio_resid))
        uiomove(new[done : done + size], back)
        done += size
    assert copyin(vm, BASE, total) == new


def test_uiomove_fills_a_kernel_buffer_from_user_memory():
    """UIO_WRITE: from the memory described into buf."""
    uio = vectors(space(), [2, 0, 3], UIO_WRITE)
    buf = bytearray(5)
    uiomove(buf, uio)
    assert (bytes(buf), uio.uio_resid) == (b"abcde", 0)


@pytest.mark.parametrize("rw", [UIO_READ, UIO_WRITE])
def test_kernel_buffers_move_too(rw):
    """UIO_SYSSPACE, in pieces."""
    memory = bytearray(b"012345")
    uio = uio_sysspace(memory, rw, offset=10)
    if rw == UIO_READ:
        uiomove(b"ab", uio)
        uiomove(b"cd", uio)
        assert memory == b"abcd45"
    else:
        assert bytes(uiogather(uio, 2)) == b"01"
        assert bytes(uiogather(uio, 2)) == b"23"
    assert (uio.uio_resid, uio.uio_offset) == (2, 14)


def test_a_fault_tells_how_far_it_came():
    """What was moved before the hole is moved, and taken off resid."""
    vm = space(4)
    uio = Uio(0, 8, UIO_READ, vm, 0, [Iovec(BASE, 4), Iovec(BASE + 4096, 4)])
    with pytest.raises(KernelError) as caught:
        uiomove(b"12345678", uio)
    assert caught.value.errno is Errno.EFAULT
    assert (copyin(vm, BASE, 4), uio.uio_resid) == (b"1234", 4)


def test_gathering_that_faults_takes_nothing():
    """All or nothing."""
    uio = Uio(0, 8, UIO_WRITE, space(4), 0, [Iovec(BASE, 4), Iovec(BASE + 4096, 4)])
    with pytest.raises(KernelError):
        uiogather(uio, 8)
    assert (uio.uio_resid, uio.uio_offset, uio.lengths()) == (8, 0, [4, 4])
