# SPDX-License-Identifier: BSD-2-Clause
"""uuidgen(2).  NetBSD sys/kern/kern_uuid.c."""

import struct
from random import Random
from typing import Final

from kernel.arch.python.copy import copyout
from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import Lwp

_MAX: Final = 2048  # identifiers in one call
_UUID: Final = struct.Struct("<IHH8s")  # time_low, time_mid, time_hi_and_version, the rest
_VERSION: Final = 0x4000, 0x0FFF  # random, and what it leaves of time_hi
_VARIANT: Final = 0x80, 0x3F  # DCE's, and what it leaves of clock_seq_hi


def sys_uuidgen(lwp: Lwp, store: int, count: int) -> int:
    """uuidgen(2): store count identifiers that nobody else has: random ones (version 4).

    Raises:
        KernelError: EINVAL, less than one or more than 2048. EFAULT.
    """
    if not 1 <= count <= _MAX:
        raise KernelError(Errno.EINVAL)
    rng = lwp.l_kernel.rng
    made = b"".join(_uuid(rng) for _ in range(count))
    copyout(lwp.l_proc.p_vmspace, made, store)
    return 0


def _uuid(rng: Random) -> bytes:
    """Return a struct uuid of version 4."""
    low, mid, high, rest = _UUID.unpack(rng.randbytes(_UUID.size))
    version, others = _VERSION
    variant, kept = _VARIANT
    return _UUID.pack(
        low, mid, high & others | version, bytes([rest[0] & kept | variant]) + rest[1:]
    )
