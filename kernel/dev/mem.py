# SPDX-License-Identifier: BSD-2-Clause
"""/dev/null, /dev/zero and /dev/full.  NetBSD sys/dev/mm.c."""

from typing import Final

from kernel.kern.kern_subr import uiomove
from kernel.sys.conf import MEM_MAJOR, Cdevsw
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ioccom import FIOASYNC, FIONBIO
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.types import minor
from kernel.sys.uio import Uio
from kernel.sys.vnode import VCHR

DEV_NULL: Final = 2  # minor numbers, NetBSD sys/dev/mm.h
DEV_FULL: Final = 11
DEV_ZERO: Final = 12
_ZEROES: Final = bytes(65536)


def mmattach(kernel: Kernel) -> None:
    """Give kernel its memory devices."""
    kernel.devsw[VCHR, MEM_MAJOR] = Cdevsw(
        d_name="mem", d_open=mmopen, d_read=mmread, d_write=mmwrite, d_ioctl=mmioctl
    )


def mmopen(_lwp: Lwp, dev: int, _flag: int) -> None:
    """Open.

    Raises:
        KernelError: ENXIO, no such minor device.
    """
    if minor(dev) not in {DEV_NULL, DEV_FULL, DEV_ZERO}:
        raise KernelError(Errno.ENXIO)


def mmread(_lwp: Lwp | None, dev: int, uio: Uio, _ioflag: int) -> None:
    """Read: null is at its end, the others are full of zeroes.

    Raises:
        KernelError: EFAULT.
    """
    if minor(dev) == DEV_NULL:
        return
    while uio.uio_resid:
        uiomove(memoryview(_ZEROES)[: uio.uio_resid], uio)


def mmwrite(_lwp: Lwp | None, dev: int, uio: Uio, _ioflag: int) -> None:
    """Write: null and zero take all without looking at it.

    Raises:
        KernelError: ENOSPC, to full.
    """
    if minor(dev) == DEV_FULL and uio.uio_resid:
        raise KernelError(Errno.ENOSPC)
    uio.uio_offset += uio.uio_resid
    uio.uio_resid = 0


def mmioctl(_lwp: Lwp, _dev: int, com: int, _data: bytes, _flag: int) -> bytes:
    """Accept the settings that every file accepts.

    Raises:
        KernelError: EPASSTHROUGH, com is something else.
    """
    if com in {FIONBIO, FIOASYNC}:
        return b""
    raise KernelError(Errno.EPASSTHROUGH)
