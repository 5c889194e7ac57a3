# SPDX-License-Identifier: BSD-2-Clause
"""uuidgen(2).  NetBSD sys/kern/kern_uuid.c."""

from typing import Final
from uuid import UUID

from kernel.arch.python.copy import copyout
from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import Lwp

_MAX: Final = 2048  # identifiers in one call
_SIZE: Final = 16  # bytes of a struct uuid


def sys_uuidgen(lwp: Lwp, store: int, count: int) -> int:
    """uuidgen(2): store count identifiers that nobody else has: random ones (version 4).

    Raises:
        KernelError: EINVAL, less than one or more than 2048. EFAULT.
    """
    if not 1 <= count <= _MAX:
        raise KernelError(Errno.EINVAL)
    rng = lwp.l_kernel.rng
    made = [UUID(bytes=rng.randbytes(_SIZE), version=4) for _ in range(count)]
    copyout(lwp.l_proc.p_vmspace, b"".join(uuid.bytes_le for uuid in made), store)
    return 0
