# SPDX-License-Identifier: BSD-2-Clause
"""/dev/random and /dev/urandom, fed by the kernel's own generator.  NetBSD sys/dev/random.c.

The generator is seeded at boot, so that the same seed gives the same bytes.
"""

from functools import partial
from typing import Final

from kernel.kern.kern_subr import uiomove
from kernel.sys.conf import RND_MAJOR, Cdevsw
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ioccom import FIOASYNC, FIONBIO
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.types import minor
from kernel.sys.uio import Uio
from kernel.sys.vnode import VCHR

RND_DEV_RANDOM: Final = 0  # minor numbers, NetBSD sys/sys/rnd.h
RND_DEV_URANDOM: Final = 1
_CHUNK: Final = 65536  # bytes


def rndattach(kernel: Kernel) -> None:
    """Give kernel its random devices."""
    kernel.devsw[VCHR, RND_MAJOR] = Cdevsw(
        d_name="rnd",
        d_open=rndopen,
        d_read=partial(rndread, kernel),
        d_write=rndwrite,
        d_ioctl=rndioctl,
    )


def rndopen(_lwp: Lwp, dev: int, _flag: int) -> None:
    """Open.

    Raises:
        KernelError: ENXIO, no such minor device.
    """
    if minor(dev) not in {RND_DEV_RANDOM, RND_DEV_URANDOM}:
        raise KernelError(Errno.ENXIO)


def rndread(kernel: Kernel, _lwp: Lwp | None, _dev: int, uio: Uio, _ioflag: int) -> None:
    """Read as many bytes as are asked for; neither device ever waits.

    Raises:
        KernelError: EFAULT.
    """
    while uio.uio_resid:
        uiomove(kernel.rng.randbytes(min(uio.uio_resid, _CHUNK)), uio)


def rndwrite(_lwp: Lwp | None, _dev: int, uio: Uio, _ioflag: int) -> None:
    """Write: taken, and not used, lest the bytes read depend on it."""
    uio.uio_offset += uio.uio_resid
    uio.uio_resid = 0


def rndioctl(_lwp: Lwp, _dev: int, com: int, _data: bytes, _flag: int) -> bytes:
    """Accept the settings that every file accepts.

    Raises:
        KernelError: EPASSTHROUGH, com is something else.
    """
    if com in {FIONBIO, FIOASYNC}:
        return b""
    raise KernelError(Errno.EPASSTHROUGH)
