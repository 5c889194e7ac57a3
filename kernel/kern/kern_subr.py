# SPDX-License-Identifier: BSD-2-Clause
"""Moving data between the kernel and what a Uio describes.  NetBSD sys/kern/subr_copy.c."""

from kernel.arch.python.copy import copyin, copyout, useracc
from kernel.sys.errno import Errno, KernelError
from kernel.sys.uio import UIO_READ, Iovec, Uio
from kernel.sys.vm import VM_PROT_READ


def uiomove(buf: bytes | bytearray | memoryview, uio: Uio) -> None:
    """Move all of buf: into the memory uio describes (UIO_READ), or from it into buf.

    Preconditions: len(buf) <= uio.uio_resid.

    Raises:
        KernelError: EFAULT; uio tells how far it came.
    """
    vm = uio.uio_vmspace
    size = len(buf)
    if vm is not None and uio.uio_rw == UIO_READ and uio.uio_iov[0].iov_len >= size:
        copyout(vm, buf, uio.uio_iov[0].iov_base)  # the common case, in one piece
        _advance(uio, uio.uio_iov[0], size)
        return
    view = memoryview(buf)
    while view:
        iov = _front(uio)
        count = min(iov.iov_len, len(view))
        _move(view[:count], iov, uio)
        _advance(uio, iov, count)
        view = view[count:]


def uiogather(uio: Uio, size: int) -> bytes | bytearray | memoryview:
    """Take the next size bytes of a UIO_WRITE, in place where they are in one piece.

    Raises:
        KernelError: EFAULT; nothing is taken.
    """
    iov = uio.uio_iov[0]
    if iov.iov_len >= size:
        buf = iov.iov_buf
        if buf is not None and len(buf) == size:  # of the kernel, taken at once
            iov.iov_base = size
            iov.iov_len = 0
            uio.uio_resid -= size
            uio.uio_offset += size
            return buf
        piece = _peek(iov, size, uio)
        if len(piece) == size:
            _advance(uio, iov, size)
            return piece
    whole = bytearray()
    taken: list[tuple[Iovec, int]] = []
    for iov in uio.uio_iov:
        count = min(iov.iov_len, size - len(whole))
        if uio.uio_vmspace is None:
            whole += _peek(iov, count, uio)
        else:
            whole += copyin(uio.uio_vmspace, iov.iov_base, count)
        taken.append((iov, count))
        if len(whole) == size:
            break
    for iov, count in taken:
        _advance(uio, iov, count)
    return whole


def _peek(iov: Iovec, size: int, uio: Uio) -> memoryview:
    if uio.uio_vmspace is not None:
        return useracc(uio.uio_vmspace, iov.iov_base, size, VM_PROT_READ)
    if iov.iov_buf is None:
        raise KernelError(Errno.EFAULT)
    return iov.iov_buf[iov.iov_base : iov.iov_base + size]


def _front(uio: Uio) -> Iovec:
    """Drop the iovecs that are used up; return the first with room."""
    while not uio.uio_iov[0].iov_len:
        uio.uio_iov.pop(0)
    return uio.uio_iov[0]


def _move(view: memoryview, iov: Iovec, uio: Uio) -> None:
    if uio.uio_vmspace is None:
        there = _peek(iov, len(view), uio)
        if uio.uio_rw == UIO_READ:
            there[:] = view
        else:
            view[:] = there
    elif uio.uio_rw == UIO_READ:
        copyout(uio.uio_vmspace, view, iov.iov_base)
    else:
        view[:] = copyin(uio.uio_vmspace, iov.iov_base, len(view))


def _advance(uio: Uio, iov: Iovec, count: int) -> None:
    iov.iov_base += count
    iov.iov_len -= count
    uio.uio_resid -= count
    uio.uio_offset += count
