# SPDX-License-Identifier: BSD-2-Clause
"""note and notepg: messages that no process takes.  NetBSD sys/miscfs/procfs/procfs_note.c."""

from kernel.fs.procfs.procfs import PROCFS_NOTELEN, Pfskey
from kernel.kern.kern_subr import uiogather
from kernel.sys.errno import Errno, KernelError
from kernel.sys.proc import Lwp, Proc
from kernel.sys.uio import UIO_WRITE, Uio


def procfs_donote(_lwp: Lwp, _p: Proc, _pfs: Pfskey, uio: Uio) -> None:
    """Take a note, and refuse to pass it on: nobody has ever defined how.

    Raises:
        KernelError: EINVAL, a read, or not at offset 0. EMSGSIZE, longer than
            PROCFS_NOTELEN bytes. EFAULT. EOPNOTSUPP, always in the end.

    Source: procfs_donote, vfs_getuserstr.
    """
    if uio.uio_rw != UIO_WRITE or uio.uio_offset:
        raise KernelError(Errno.EINVAL)
    if uio.uio_resid > PROCFS_NOTELEN:
        raise KernelError(Errno.EMSGSIZE)
    uiogather(uio, uio.uio_resid)
    raise KernelError(Errno.EOPNOTSUPP)
