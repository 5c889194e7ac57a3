# SPDX-License-Identifier: BSD-2-Clause
"""Reading and writing several buffers at once; utrace.  NetBSD include/sys/uio.h."""

from collections.abc import Sequence
from struct import Struct

from kernel.sys.vm import VM_PROT_READ, VM_PROT_WRITE
from userland.libc.machine import curlwp, map_buffer, unmap_buffer
from userland.libc.stack import SMALL, Frame, Readable, StrPath, bytesof, pushbytes, pushstr
from userland.libc.syscall import call

__all__ = ["preadv", "pwritev", "readv", "utrace", "writev"]

_IOVEC = Struct("<QQ")


def readv(fd: int, buffers: Sequence[bytearray | memoryview]) -> int:
    """Read into the buffers, one after the other; return the count.

    Raises:
        OSError: as read.
    """
    return _vector("readv", fd, buffers, VM_PROT_READ | VM_PROT_WRITE)


def writev(fd: int, buffers: Sequence[Readable]) -> int:
    """Write the buffers, one after the other; return the count.

    Raises:
        OSError: as write.
    """
    return _vector("writev", fd, buffers, VM_PROT_READ)


def preadv(fd: int, buffers: Sequence[bytearray | memoryview], offset: int) -> int:
    """readv at offset.

    Raises:
        OSError: as pread.
    """
    return _vector("preadv", fd, buffers, VM_PROT_READ | VM_PROT_WRITE, offset)


def pwritev(fd: int, buffers: Sequence[Readable], offset: int) -> int:
    """writev at offset.

    Raises:
        OSError: as pwrite.
    """
    return _vector("pwritev", fd, buffers, VM_PROT_READ, offset)


def _vector(name: str, fd: int, buffers: Sequence[Readable], prot: int, *offset: int) -> int:
    """Map each buffer, push the iovecs, make the call."""
    lwp = curlwp()
    mark = lwp.l_ustack
    mapped: list[int] = []
    try:
        table = b""
        for buffer in buffers:
            view = memoryview(bytesof(buffer))
            if view:
                mapped.append(map_buffer(view, prot))
            table += _IOVEC.pack(mapped[-1] if view else 0, len(view))
        if len(table) > SMALL:
            mapped.append(map_buffer(memoryview(table), VM_PROT_READ))
            at = mapped[-1]
        else:
            at = pushbytes(lwp, table)
        return call(name, fd, at, len(buffers), *offset)
    finally:
        lwp.l_ustack = mark
        for address in mapped:
            unmap_buffer(address)


def utrace(label: StrPath, data: Readable = b"") -> int:
    """Put a record of one's own into the trace: a label of up to 19 bytes, 2048 bytes of data.

    Raises:
        OSError: EINVAL, more data (if the process is traced).
    """
    with Frame() as lwp:
        at = pushbytes(lwp, data)
        return call("utrace", pushstr(lwp, label), at, len(data))
