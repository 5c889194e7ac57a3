# SPDX-License-Identifier: BSD-2-Clause
"""What a device driver offers.  NetBSD sys/sys/conf.h."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NoReturn

from kernel.sys.dataclasses import dataclass
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import EVFILT_READ, EVFILT_WRITE, FilterOps
from kernel.sys.file import POLLIN, POLLOUT, POLLRDNORM

if TYPE_CHECKING:
    from kernel.sys.event import Knote
    from kernel.sys.proc import Lwp
    from kernel.sys.uio import Uio

D_OTHER: Final = 0
D_TTY: Final = 3

# Major numbers, those of NetBSD/amd64.
CONS_MAJOR: Final = 0
CTTY_MAJOR: Final = 1
MEM_MAJOR: Final = 2
PTS_MAJOR: Final = 5
PTC_MAJOR: Final = 6
FILEDESC_MAJOR: Final = 22
RND_MAJOR: Final = 46
PTM_MAJOR: Final = 165


def noopen(_lwp: "Lwp", _dev: int, _flag: int) -> None:
    """d_open of a device that needs no opening."""


def noclose(_lwp: "Lwp | None", _dev: int, _flag: int) -> None:
    """d_close of a device that needs no closing."""


def noioctl(*_args: Any) -> NoReturn:
    """d_ioctl of a device that knows none: EPASSTHROUGH."""
    raise KernelError(Errno.EPASSTHROUGH)


def seltrue(_lwp: "Lwp", _dev: int, events: int) -> int:
    """d_poll of a device that is always ready."""
    return events & (POLLIN | POLLOUT | POLLRDNORM)


def seltrue_kqfilter(_dev: int, kn: "Knote") -> None:
    """d_kqfilter of a device that is always ready.

    Raises:
        KernelError: EINVAL, it is not asked whether it can be read or written.
    """
    if kn.kn_filter not in {EVFILT_READ, EVFILT_WRITE}:
        raise KernelError(Errno.EINVAL)
    kn.kn_fop = seltrue_filtops


seltrue_filtops: Final = FilterOps(lambda _kn, _hint: True)


@dataclass(slots=True, frozen=True, eq=False)
class Cdevsw:
    """The entries of a character device (struct cdevsw); all raise KernelError.

    A kernel's own table is Kernel.devsw; drivers bind what they keep for that
    kernel to the functions when they attach.  dev is the device's number, its
    minor part the driver's to read; flag is the f_flag of the open file.
    """

    d_name: str
    d_read: "Callable[[Lwp | None, int, Uio, int], None]"  # (lwp, dev, uio, ioflag)
    d_write: "Callable[[Lwp | None, int, Uio, int], None]"
    d_open: "Callable[[Lwp, int, int], None]" = noopen  # (lwp, dev, flag)
    d_close: "Callable[[Lwp | None, int, int], None]" = noclose  # (lwp, dev, flag): the last open
    d_ioctl: "Callable[[Lwp, int, int, bytes, int], bytes]" = noioctl  # (lwp, dev, com, data, flag)
    d_poll: "Callable[[Lwp, int, int], int]" = seltrue  # (lwp, dev, events)
    d_type: int = D_OTHER
    d_kqfilter: "Callable[[int, Knote], None]" = seltrue_kqfilter  # (dev, kn)
