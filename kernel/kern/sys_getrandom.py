# SPDX-License-Identifier: BSD-2-Clause
"""getrandom(2).  NetBSD sys/kern/sys_getrandom.c."""

from typing import Final

from kernel.arch.python.copy import copyout
from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import Lwp
from kernel.sys.random import GRND_INSECURE, GRND_NONBLOCK, GRND_RANDOM

_CHUNK: Final = 65536  # bytes made at once
_RANDOM_MAX: Final = 32  # bytes of one call with GRND_RANDOM: what a full pool is worth


def sys_getrandom(lwp: Lwp, buf: int, buflen: int, flags: int) -> int:
    """getrandom(2): fill buf with random bytes; return how many, with GRND_RANDOM at most 32.

    The generator is never short of entropy, so no call waits: its seed is the kernel's.

    Raises:
        KernelError: EINVAL, flags that there are none of, or GRND_RANDOM with GRND_INSECURE.
            EFAULT.
    """
    both = GRND_RANDOM | GRND_INSECURE
    if flags & ~(both | GRND_NONBLOCK) or flags & both == both:
        raise KernelError(Errno.EINVAL)
    wanted = min(buflen, _RANDOM_MAX) if flags & GRND_RANDOM else buflen
    done = 0
    while done < wanted:
        data = lwp.l_kernel.rng.randbytes(min(wanted - done, _CHUNK))
        copyout(lwp.l_proc.p_vmspace, data, buf + done)
        done += len(data)
    return done
