# SPDX-License-Identifier: BSD-2-Clause
"""What the kernel tells of itself: sysctl(3).  NetBSD lib/libc/gen/sysctl.c."""

from collections.abc import Sequence
from struct import Struct

from kernel.sys.syscall import sysno
from userland.libc.cerror import cerror
from userland.libc.machine import curlwp, map_buffer, trap, unmap_buffer
from userland.libc.stack import fetch, pushbytes, reserve

_INT = Struct("<i")
_SIZE = Struct("<Q")
_READ_WRITE = 3  # VM_PROT_READ | VM_PROT_WRITE


def sysctl(name: Sequence[int], new: bytes | None = None) -> bytes:
    """Return the value of a node; give it a new one too, if there is one.

    Args:
        name: the node's numbers, CTL_KERN and so on.
        new: the bytes of the new value.

    Raises:
        OSError: ENOENT, no such node; EISDIR, not a leaf; EPERM ...
    """
    lwp = curlwp()
    mark = lwp.l_ustack
    code = sysno("__sysctl")
    try:
        at = pushbytes(lwp, b"".join(_INT.pack(number) for number in name))
        newp, newlen = (0, 0) if new is None else (pushbytes(lwp, new), len(new))
        oldlenp = reserve(lwp, _SIZE.size)
        error, _ = trap(code, at, len(name), 0, oldlenp, 0, 0)
        if error:
            cerror(error)
        size = _SIZE.unpack(fetch(lwp, oldlenp, _SIZE.size))[0]
        memory = bytearray(max(size, 1))
        old = map_buffer(memoryview(memory), _READ_WRITE)
        try:
            pushed = pushbytes(lwp, _SIZE.pack(size))
            error, _ = trap(code, at, len(name), old, pushed, newp, newlen)
            if error:
                cerror(error)
            length = _SIZE.unpack(fetch(lwp, pushed, _SIZE.size))[0]
            return bytes(memory[:length])
        finally:
            unmap_buffer(old)
    finally:
        lwp.l_ustack = mark
