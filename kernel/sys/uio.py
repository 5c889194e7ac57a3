# SPDX-License-Identifier: BSD-2-Clause
"""A description of memory that I/O moves to or from.  NetBSD sys/sys/uio.h."""

from dataclasses import dataclass
from typing import Final

from kernel.sys.vm import VmSpace

UIO_READ: Final = 0  # data goes from the object into the memory described
UIO_WRITE: Final = 1  # data goes from the memory described into the object


@dataclass(slots=True)
class Iovec:
    """One stretch of memory: a user address, or a kernel buffer at its start."""

    iov_base: int  # user address; for kernel buffers the offset into iov_buf
    iov_len: int  # bytes
    iov_buf: memoryview | None = None  # kernel memory (UIO_SYSSPACE)


@dataclass(slots=True)
class Uio:
    """A transfer in progress; uiomove (kern_subr) moves it on.

    uio_vmspace is the address space user addresses are in; None says that
    every iovec is kernel memory (UIO_SYSSPACE).
    """

    uio_iov: list[Iovec]
    uio_resid: int  # bytes still to move
    uio_rw: int  # UIO_READ or UIO_WRITE
    uio_vmspace: VmSpace | None = None
    uio_offset: int = 0  # position in the object, bytes


def uio_sysspace(buf: bytes | bytearray | memoryview, rw: int, offset: int = 0) -> Uio:
    """Describe a kernel buffer: a readable one for UIO_WRITE, writable for UIO_READ."""
    view = memoryview(buf)
    return Uio([Iovec(0, len(view), view)], len(view), rw, None, offset)
