# SPDX-License-Identifier: BSD-2-Clause
"""Open files and the operations on them.  NetBSD sys/sys/file.h."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NoReturn

from kernel.sys.dataclasses import dataclass
from kernel.sys.errno import Errno, KernelError
from native.record import CLOSED

if TYPE_CHECKING:
    from kernel.sys.event import Knote
    from kernel.sys.kernel import Kernel
    from kernel.sys.proc import Lwp
    from kernel.sys.stat import Stat
    from kernel.sys.ucred import Ucred
    from kernel.sys.uio import Uio
    from kernel.sys.vm import UvmObject

DTYPE_VNODE: Final = 1  # file
DTYPE_SOCKET: Final = 2  # communications endpoint
DTYPE_PIPE: Final = 3  # pipe
DTYPE_KQUEUE: Final = 4  # event queue
DTYPE_MISC: Final = 5  # misc file descriptor type
DTYPE_MQUEUE: Final = 7  # message queue
DTYPE_SEM: Final = 8  # semaphore
DTYPE_EVENTFD: Final = 9  # counter
DTYPE_TIMERFD: Final = 10  # timer

FOF_UPDATE_OFFSET: Final = 0x0001  # update the file's own offset

# Poll events, NetBSD sys/sys/poll.h.
POLLIN: Final = 0x0001
POLLPRI: Final = 0x0002
POLLOUT: Final = 0x0004
POLLERR: Final = 0x0008
POLLHUP: Final = 0x0010
POLLNVAL: Final = 0x0020
POLLRDNORM: Final = 0x0040
POLLWRNORM: Final = POLLOUT
POLLRDBAND: Final = 0x0080
POLLWRBAND: Final = 0x0100


def fnullop_kqfilter(_fp: "File", _kn: "Knote") -> NoReturn:
    """fo_kqfilter of files that cannot be watched.

    Raises:
        KernelError: EOPNOTSUPP.
    """
    raise KernelError(Errno.EOPNOTSUPP)


@dataclass(slots=True, frozen=True)
class FileOps:
    """What can be done to an open file, whatever it is (struct fileops).

    fo_read(lwp, fp, uio, flags) and fo_write move bytes and lower uio_resid;
    with FOF_UPDATE_OFFSET they use and advance fp.f_offset, else uio_offset.
    fo_ioctl(lwp, fp, com, data) gets the argument copied in and returns what
    is to be copied out.  fo_append(lwp, fp, data) writes kernel memory at the
    end, all of it or nothing, without waiting: a trace; a bytearray is the
    file's to keep.  fo_kqfilter(fp, kn)
    hangs a note where it hears of the event, and gives it its kn_fop: EINVAL
    if the file has no such events.  All raise KernelError.
    """

    fo_name: str
    fo_read: "Callable[[Lwp, File, Uio, int], None]"
    fo_write: "Callable[[Lwp, File, Uio, int], None]"
    fo_append: "Callable[[Lwp, File, bytes | bytearray | memoryview], None]"
    fo_ioctl: "Callable[[Lwp, File, int, bytes], bytes]"
    fo_fcntl: "Callable[[Lwp, File, int, int], int]"
    fo_poll: "Callable[[Lwp, File, int], int]"
    fo_stat: "Callable[[Lwp, File], Stat]"
    fo_close: "Callable[[Lwp | None, File], None]"
    fo_kqfilter: "Callable[[File, Knote], None]" = fnullop_kqfilter
    fo_mmap: "Callable[[Lwp, File, int, int, int, int], tuple[UvmObject | None, int]] | None" = None
    """(lwp, fp, offset, size, prot, flags): what is mapped, None for memory without a name, and
    the protections it may ever have."""


@dataclass(slots=True, eq=False)
class File:
    """An open file: what dup, fork and a trace share (struct file)."""

    f_type: int  # DTYPE_*
    f_ops: FileOps
    f_data: Any  # vnode, pipe or socket; f_ops knows which
    f_flag: int  # FREAD, FWRITE, FAPPEND, FNONBLOCK ... (fcntl.h)
    f_cred: "Ucred"  # of the opener
    f_offset: int = 0  # bytes
    f_count: int = 0  # references: descriptors and traces
    f_msgcount: int = 0  # references that messages between sockets carry
    f_usecount: int = 0  # calls at work on it; the last one closes
    f_table: "Kernel | None" = None  # whose nfiles counts it; None: nobody's
    f_window: Any = CLOSED  # of a trace: its put takes records that need not be written (Window)
