# SPDX-License-Identifier: BSD-2-Clause
"""/dev/fd/N, /dev/stdin, /dev/stdout, /dev/stderr: opening one is dup(2).

The device of minor number N stands for descriptor N; do_open makes the copy.
NetBSD sys/kern/kern_descrip.c, filedesc_cdevsw.
"""

from typing import NoReturn

from kernel.sys.conf import FILEDESC_MAJOR, Cdevsw
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.types import minor
from kernel.sys.uio import Uio
from kernel.sys.vnode import VCHR


def filedescattach(kernel: Kernel) -> None:
    """Give kernel its descriptor devices."""
    kernel.devsw[VCHR, FILEDESC_MAJOR] = Cdevsw(
        d_name="filedesc", d_open=filedescopen, d_read=_never, d_write=_never
    )


def filedescopen(lwp: Lwp, dev: int, _flag: int) -> NoReturn:
    """Say that a descriptor is to be duplicated.

    Raises:
        KernelError: EDUPFD, always; l_dupfd is the descriptor.
    """
    lwp.l_dupfd = minor(dev)
    raise KernelError(Errno.EDUPFD)


def _never(_lwp: Lwp | None, _dev: int, _uio: Uio, _ioflag: int) -> NoReturn:
    """Refuse: this device is never open."""
    raise KernelError(Errno.ENXIO)
