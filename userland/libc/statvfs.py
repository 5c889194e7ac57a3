# SPDX-License-Identifier: BSD-2-Clause
"""The state of file systems.  NetBSD include/sys/statvfs.h."""

from kernel.sys.mount import MNT_NOWAIT, MNT_WAIT
from kernel.sys.statvfs import SIZEOF_STATVFS, Statvfs
from kernel.sys.vm import VM_PROT_READ, VM_PROT_WRITE
from userland.libc.machine import map_buffer, unmap_buffer
from userland.libc.stack import StrPath
from userland.libc.sys import fstatvfs1, statvfs1
from userland.libc.syscall import call

__all__ = ["ST_NOWAIT", "ST_WAIT", "Statvfs", "fstatvfs", "getvfsstat", "statvfs"]

ST_WAIT = MNT_WAIT
ST_NOWAIT = MNT_NOWAIT


def statvfs(path: StrPath) -> Statvfs:
    """Return the state of the file system that path is on.

    Raises:
        OSError: ENOENT, EACCES ...
    """
    return statvfs1(path, ST_WAIT)


def fstatvfs(fd: int) -> Statvfs:
    """Return the state of the file system of an open file.

    Raises:
        OSError: EBADF, EINVAL.
    """
    return fstatvfs1(fd, ST_WAIT)


def getvfsstat(count: int | None = None, flags: int = ST_WAIT) -> list[Statvfs]:
    """Return the state of the file systems in the order of mounting.

    Args:
        count: of the first so many; None: of all.
        flags: ST_WAIT or ST_NOWAIT.

    Raises:
        OSError: EFAULT.
    """
    if count is None:
        count = call("__getvfsstat90", 0, 0, flags)
    if count <= 0:
        return []
    buf = memoryview(bytearray(count * SIZEOF_STATVFS))
    at = map_buffer(buf, VM_PROT_READ | VM_PROT_WRITE)
    try:
        found = call("__getvfsstat90", at, len(buf), flags)
    finally:
        unmap_buffer(at)
    whole = range(0, found * SIZEOF_STATVFS, SIZEOF_STATVFS)
    return [Statvfs.unpack(bytes(buf[start : start + SIZEOF_STATVFS])) for start in whole]
