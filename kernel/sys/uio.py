# SPDX-License-Identifier: BSD-2-Clause
"""A description of memory that I/O moves to or from.  NetBSD sys/sys/uio.h."""

from typing import Final

from kernel.sys.dataclasses import dataclass
from kernel.sys.vm import NOWHERE, VmSpace

UIO_READ: Final = 0  # data goes from the object into the memory described
UIO_WRITE: Final = 1  # data goes from the memory described into the object


@dataclass(slots=True)
class Iovec:
    """One stretch of user memory (struct iovec)."""

    iov_base: int  # user address
    iov_len: int  # bytes


@dataclass(slots=True)
class Uio:
    """A transfer in progress; uiomove (kern_subr) moves it on.

    Most are of one piece of memory: user memory of uio_vmspace from uio_base on, or, if that
    is None (UIO_SYSSPACE), kernel memory, uio_buf.  One of several pieces has uio_iov.
    """

    uio_base: int  # where the next byte goes or comes from: user address, or offset in uio_buf
    uio_resid: int  # bytes still to move
    uio_rw: int  # UIO_READ or UIO_WRITE
    uio_vmspace: VmSpace | None = None
    uio_offset: int = 0  # position in the object, bytes
    uio_iov: list[Iovec] | None = None  # what is left of several pieces, of user memory
    uio_buf: memoryview = NOWHERE  # kernel memory

    def lengths(self) -> list[int]:
        """Return how many bytes there are in each piece that is left."""
        if self.uio_iov is None:
            return [self.uio_resid]
        return [iov.iov_len for iov in self.uio_iov]


def uio_sysspace(buf: bytes | bytearray | memoryview, rw: int, offset: int = 0) -> Uio:
    """Describe a kernel buffer: a readable one for UIO_WRITE, writable for UIO_READ."""
    view = memoryview(buf)
    return Uio(0, len(view), rw, None, offset, None, view)
