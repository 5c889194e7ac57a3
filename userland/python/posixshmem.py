# SPDX-License-Identifier: BSD-2-Clause
"""The _posixshmem module of a program: shared memory with a name.

CPython Modules/_multiprocessing/posixshmem.c.
"""

from userland.libc import include as _libc
from userland.python.retry import retried as _retried

__all__ = ["shm_open", "shm_unlink"]


@_retried
def shm_open(path: str, flags: int, mode: int = 0o777) -> int:
    """Open a shared memory object; return its descriptor."""
    return _libc.shm_open(path, flags, mode)


@_retried
def shm_unlink(path: str) -> None:
    """Take the name of a shared memory object away."""
    _libc.shm_unlink(path)
