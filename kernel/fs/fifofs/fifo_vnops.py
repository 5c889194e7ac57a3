# SPDX-License-Identifier: BSD-2-Clause
"""FIFOs: a name in the file tree, the bytes in a pipe.  NetBSD sys/miscfs/fifofs/fifo_vnops.c.

NetBSD has two sockets under a FIFO; here it is the buffer of a pipe.  At the
end of file every read returns 0 until a writer comes, as POSIX has it.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from kernel.fs.genfs.genfs_vnops import genfs_pathconf
from kernel.kern.kern_synch import PCATCH, PSOCK, tsleep, wakeup
from kernel.kern.sys_pipe import (
    Pipebuf,
    pipe_append,
    pipe_control,
    pipe_detach,
    pipe_receive,
    pipe_revents,
    pipe_send,
)
from kernel.kern.sys_select import selrecord
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FNONBLOCK, FREAD, FWRITE
from kernel.sys.file import POLLHUP, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM
from kernel.sys.param import LINK_MAX, PIPE_BUF
from kernel.sys.proc import Lwp
from kernel.sys.ucred import Ucred
from kernel.sys.uio import Uio
from kernel.sys.unistd import _PC_CHOWN_RESTRICTED, _PC_LINK_MAX, _PC_PIPE_BUF
from kernel.sys.vnode import IO_NDELAY, Vnode, VnodeOps

_PATHCONF: Final = {_PC_LINK_MAX: LINK_MAX, _PC_PIPE_BUF: PIPE_BUF, _PC_CHOWN_RESTRICTED: 1}


@dataclass(slots=True, eq=False)
class Fifoinfo:
    """An open FIFO (struct fifoinfo)."""

    fi_pipe: Pipebuf = field(default_factory=lambda: Pipebuf(readers=0, writers=0))
    fi_hangup: bool = False  # the last writer has gone; until the next one comes


def fifo_over(ops: VnodeOps) -> VnodeOps:
    """Return ops with what concerns data replaced by a FIFO's: for VFIFO."""

    def reclaim(vp: Vnode) -> None:
        _fifo_revoke(vp)
        ops.vop_reclaim(vp)

    return replace(
        ops,
        vop_open=fifo_open,
        vop_close=fifo_close,
        vop_read=fifo_read,
        vop_write=fifo_write,
        vop_append=fifo_append,
        vop_ioctl=fifo_ioctl,
        vop_poll=fifo_poll,
        vop_pathconf=fifo_pathconf,
        vop_reclaim=reclaim,
    )


def fifo_open(lwp: Lwp, vp: Vnode, mode: int, cred: Ucred) -> None:
    """Open one side, or both; wait until the other side is open too.

    With FNONBLOCK a reader does not wait, and a writer without a reader fails.

    Raises:
        KernelError: ENXIO, FNONBLOCK and nobody reads. EINTR, ERESTART.

    Source: fifo_open, NetBSD sys/miscfs/fifofs/fifo_vnops.c.
    """
    if vp.v_fifoinfo is None:
        vp.v_fifoinfo = Fifoinfo()
    fip: Fifoinfo = vp.v_fifoinfo
    pipe = fip.fi_pipe
    if mode & FREAD:
        pipe.readers += 1
        if pipe.readers == 1:
            wakeup(lwp.l_kernel, (fip, FWRITE))
    if mode & FWRITE:
        pipe.writers += 1
        if pipe.writers == 1:
            fip.fi_hangup = False
            wakeup(lwp.l_kernel, (fip, FREAD))
    try:
        if mode & FREAD and not mode & FNONBLOCK:
            while not (pipe.cnt or pipe.writers or fip.fi_hangup):
                tsleep(lwp, (fip, FREAD), PSOCK | PCATCH, "fifor")
                if vp.v_fifoinfo is not fip:  # revoked
                    raise KernelError(Errno.ENXIO)
        if mode & FWRITE:
            if mode & FNONBLOCK and not pipe.readers:
                raise KernelError(Errno.ENXIO)
            while not pipe.readers:
                tsleep(lwp, (fip, FWRITE), PSOCK | PCATCH, "fifow")
                if vp.v_fifoinfo is not fip:
                    raise KernelError(Errno.ENXIO)
    except KernelError:
        if vp.v_fifoinfo is fip:
            fifo_close(lwp, vp, mode, cred)
        raise


def _fifo_revoke(vp: Vnode) -> None:
    """Close both sides for everybody, and wake those who wait."""
    fip: Fifoinfo | None = vp.v_fifoinfo
    if fip is None:
        return
    vp.v_fifoinfo = None
    kernel = vp.v_mount.mnt_kernel
    for _ in range(fip.fi_pipe.readers):
        pipe_detach(kernel, fip.fi_pipe, FREAD)
    for _ in range(fip.fi_pipe.writers):
        pipe_detach(kernel, fip.fi_pipe, FWRITE)
    wakeup(kernel, (fip, FREAD))
    wakeup(kernel, (fip, FWRITE))


def fifo_close(_lwp: Lwp | None, vp: Vnode, fflag: int, _cred: Ucred) -> None:
    """Close one side, or both; what nobody can read any more is gone."""
    kernel = vp.v_mount.mnt_kernel
    fip: Fifoinfo = vp.v_fifoinfo
    pipe_detach(kernel, fip.fi_pipe, fflag)
    if fflag & FWRITE and not fip.fi_pipe.writers:
        fip.fi_hangup = True
        wakeup(kernel, (fip, FREAD))
    if not (fip.fi_pipe.readers or fip.fi_pipe.writers):
        vp.v_fifoinfo = None


def fifo_read(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, _cred: Ucred) -> None:
    """Read as from a pipe.

    Raises:
        KernelError: as pipe_receive.
    """
    nonblock = bool(ioflag & IO_NDELAY)
    pipe_receive(lwp, vp.v_mount.mnt_kernel, vp.v_fifoinfo.fi_pipe, uio, nonblock)


def fifo_write(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, _cred: Ucred) -> None:
    """Write as to a pipe.

    Raises:
        KernelError: as pipe_send.
    """
    nonblock = bool(ioflag & IO_NDELAY)
    pipe_send(lwp, vp.v_mount.mnt_kernel, vp.v_fifoinfo.fi_pipe, uio, nonblock)


def fifo_append(lwp: Lwp, vp: Vnode, data: bytes | memoryview, _cred: Ucred) -> None:
    """Write a trace's record, whole or not yet.

    Raises:
        KernelError: as pipe_append.
    """
    pipe_append(lwp, vp.v_mount.mnt_kernel, vp.v_fifoinfo.fi_pipe, data)


def fifo_ioctl(_lwp: Lwp, vp: Vnode, com: int, _data: bytes, _fflag: int, _cred: Ucred) -> bytes:
    """Tell how full the FIFO is.

    Raises:
        KernelError: EPASSTHROUGH, com asks something else.
    """
    return pipe_control(vp.v_fifoinfo.fi_pipe, com)


def fifo_poll(lwp: Lwp, vp: Vnode, events: int) -> int:
    """Return which of events are so; the writers that never came are no hangup."""
    fip: Fifoinfo = vp.v_fifoinfo
    revents = 0
    if events & (POLLIN | POLLRDNORM):
        if fip.fi_hangup or fip.fi_pipe.cnt or fip.fi_pipe.writers:
            revents |= pipe_revents(lwp, fip.fi_pipe, events & ~(POLLOUT | POLLWRNORM), FREAD)
        else:
            selrecord(lwp, fip.fi_pipe.selinfo)
    if events & (POLLOUT | POLLWRNORM):
        revents |= pipe_revents(lwp, fip.fi_pipe, events & ~(POLLIN | POLLRDNORM), FWRITE)
    return revents & (events | POLLHUP)


def fifo_pathconf(vp: Vnode, name: int) -> int:
    """Return a limit of FIFOs.

    Raises:
        KernelError: EINVAL, it is none of theirs.
    """
    value = _PATHCONF.get(name)
    return genfs_pathconf(vp, name) if value is None else value
