# SPDX-License-Identifier: BSD-2-Clause
"""Moving data between the kernel and what a Uio describes.  NetBSD sys/kern/subr_copy.c."""

from kernel.arch.python.copy import copyin, copyout, useracc
from kernel.sys.errno import Errno, KernelError
from kernel.sys.uio import UIO_READ, Iovec, Uio
from kernel.sys.vm import VM_PROT_READ, VmSpace


def uiomove(buf: bytes | bytearray | memoryview, uio: Uio) -> None:
    """Move all of buf: into the memory uio describes (UIO_READ), or from it into buf.

    Preconditions: len(buf) <= uio.uio_resid.

    Raises:
        KernelError: EFAULT; uio tells how far it came.
    """
    if uio.uio_iov is not None:
        _move_pieces(memoryview(buf), uio, uio.uio_iov)
        return
    vm, base, size = uio.uio_vmspace, uio.uio_base, len(buf)
    if uio.uio_rw == UIO_READ:
        if vm is not None:
            copyout(vm, buf, base)
        else:
            uio.uio_buf[base : base + size] = buf
    else:
        memoryview(buf)[:] = (
            copyin(vm, base, size) if vm is not None else uio.uio_buf[base : base + size]
        )
    uio.uio_base = base + size
    uio.uio_resid -= size
    uio.uio_offset += size


def uiogather(uio: Uio, size: int) -> bytes | bytearray | memoryview:
    """Take the next size bytes of a UIO_WRITE, in place where they are in one piece.

    Raises:
        KernelError: EFAULT; nothing is taken.
    """
    if uio.uio_iov is not None:
        return _gather_pieces(uio, uio.uio_iov, size)
    vm, base = uio.uio_vmspace, uio.uio_base
    piece: bytes | memoryview
    if vm is None:
        piece = uio.uio_buf if len(uio.uio_buf) == size else uio.uio_buf[base : base + size]
    else:
        piece = useracc(vm, base, size, VM_PROT_READ)
        if len(piece) != size:
            piece = copyin(vm, base, size)
    uio.uio_base = base + size
    uio.uio_resid -= size
    uio.uio_offset += size
    return piece


def _move_pieces(view: memoryview, uio: Uio, iovs: list[Iovec]) -> None:
    """uiomove, of several pieces; those that are used up are dropped."""
    vm = _user(uio)
    while view:
        iov = iovs[0]
        count = min(iov.iov_len, len(view))
        if not count:
            iovs.pop(0)
        elif uio.uio_rw == UIO_READ:
            copyout(vm, view[:count], iov.iov_base)
        else:
            view[:count] = copyin(vm, iov.iov_base, count)
        _advance(uio, iov, count)
        view = view[count:]


def _gather_pieces(uio: Uio, iovs: list[Iovec], size: int) -> bytes | bytearray | memoryview:
    """uiogather, of several pieces."""
    vm = _user(uio)
    first = iovs[0]
    if first.iov_len >= size:
        piece = useracc(vm, first.iov_base, size, VM_PROT_READ)
        if len(piece) == size:
            _advance(uio, first, size)
            return piece
    whole = bytearray()
    taken: list[tuple[Iovec, int]] = []
    for iov in iovs:
        count = min(iov.iov_len, size - len(whole))
        whole += copyin(vm, iov.iov_base, count)
        taken.append((iov, count))
        if len(whole) == size:
            break
    for iov, count in taken:
        _advance(uio, iov, count)
    return whole


def _user(uio: Uio) -> VmSpace:
    """Return where the pieces are: kernel memory is always in one.

    Raises:
        KernelError: EFAULT, nowhere.
    """
    if uio.uio_vmspace is None:
        raise KernelError(Errno.EFAULT)
    return uio.uio_vmspace


def _advance(uio: Uio, iov: Iovec, count: int) -> None:
    iov.iov_base += count
    iov.iov_len -= count
    uio.uio_resid -= count
    uio.uio_offset += count
