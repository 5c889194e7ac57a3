# SPDX-License-Identifier: BSD-2-Clause
"""FIFOs: a name in the file tree, the bytes in a pipe.  NetBSD sys/miscfs/fifofs/fifo_vnops.c.

NetBSD has a pair of sockets under a FIFO; here it is the buffer of a pipe that
keeps their laws: it holds 4096 bytes, a write that does not fit waits for 2048
bytes of room, and the end of file is told once, to the first read that meets
it: the next one waits for a writer.
"""

from typing import TYPE_CHECKING, Final

from kernel.fs.genfs.genfs_vnops import genfs_pathconf
from kernel.kern.kern_descrip import fgetown, fsetown
from kernel.kern.kern_event import knote_setfilter, selrecord_knote
from kernel.kern.kern_synch import PCATCH, PSOCK, tsleep, wakeup
from kernel.kern.sys_select import selrecord
from kernel.sys.dataclasses import dataclass, field, replace
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import EV_EOF, EVFILT_READ, EVFILT_WRITE, FilterOps, Knote
from kernel.sys.fcntl import FNONBLOCK, FREAD, FWRITE
from kernel.sys.file import POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM
from kernel.sys.ioccom import (
    FIOASYNC,
    FIOGETOWN,
    FIONBIO,
    FIONREAD,
    FIONSPACE,
    FIONWRITE,
    FIOSETOWN,
    TIOCGPGRP,
    TIOCSPGRP,
)
from kernel.sys.module import autoload
from kernel.sys.param import LINK_MAX, PIPE_BUF
from kernel.sys.proc import Lwp
from kernel.sys.ucred import Ucred
from kernel.sys.uio import Uio
from kernel.sys.unistd import _PC_CHOWN_RESTRICTED, _PC_LINK_MAX, _PC_PIPE_BUF
from kernel.sys.vnode import IO_NDELAY, Vnode, VnodeOps

if TYPE_CHECKING:
    from kernel.kern import sys_pipe
else:
    sys_pipe = autoload("kernel.kern.sys_pipe")

PIPSIZ: Final = 4096  # bytes a FIFO holds
SB_LOWAT: Final = 2048  # bytes of room that make a FIFO ready for writing

_PATHCONF: Final = {_PC_LINK_MAX: LINK_MAX, _PC_PIPE_BUF: PIPE_BUF, _PC_CHOWN_RESTRICTED: 1}


@dataclass(slots=True, eq=False)
class Fifoinfo:
    """An open FIFO (struct fifoinfo)."""

    fi_pipe: "sys_pipe.Pipebuf" = field(
        default_factory=lambda: sys_pipe.Pipebuf(size=PIPSIZ, readers=0, writers=0, lowat=SB_LOWAT)
    )
    fi_pgid: int = 0  # F_SETOWN


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
        vop_kqfilter=fifo_kqfilter,
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
            pipe.eof = False
            wakeup(lwp.l_kernel, (fip, FREAD))
    try:
        if mode & FREAD and not mode & FNONBLOCK:
            while not (pipe.cnt or pipe.writers or pipe.eof):
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
        sys_pipe.pipe_detach(kernel, fip.fi_pipe, FREAD)
    for _ in range(fip.fi_pipe.writers):
        sys_pipe.pipe_detach(kernel, fip.fi_pipe, FWRITE)
    wakeup(kernel, (fip, FREAD))
    wakeup(kernel, (fip, FWRITE))


def fifo_close(_lwp: Lwp | None, vp: Vnode, fflag: int, _cred: Ucred) -> None:
    """Close one side, or both; what nobody can read any more is gone."""
    kernel = vp.v_mount.mnt_kernel
    fip: Fifoinfo = vp.v_fifoinfo
    sys_pipe.pipe_detach(kernel, fip.fi_pipe, fflag)
    if fflag & FWRITE and not fip.fi_pipe.writers:
        wakeup(kernel, (fip, FREAD))
    if not (fip.fi_pipe.readers or fip.fi_pipe.writers):
        vp.v_fifoinfo = None


def fifo_read(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, _cred: Ucred) -> None:
    """Read as from a pipe, but that the end is told only once; not waiting, it is without writers.

    Raises:
        KernelError: as pipe_receive.

    Source: fifo_read, NetBSD sys/miscfs/fifofs/fifo_vnops.c.
    """
    if not uio.uio_resid:
        return
    nonblock = bool(ioflag & IO_NDELAY)
    fip: Fifoinfo = vp.v_fifoinfo
    asked = uio.uio_resid
    try:
        sys_pipe.pipe_receive(lwp, vp.v_mount.mnt_kernel, fip.fi_pipe, uio, nonblock)
    except KernelError as exc:
        if nonblock and exc.errno is Errno.EAGAIN and not fip.fi_pipe.writers:
            return
        raise
    if uio.uio_resid == asked and vp.v_fifoinfo is fip:
        fip.fi_pipe.eof = False


def fifo_write(lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, _cred: Ucred) -> None:
    """Write as to a pipe.

    Raises:
        KernelError: as pipe_send.
    """
    nonblock = bool(ioflag & IO_NDELAY)
    sys_pipe.pipe_send(lwp, vp.v_mount.mnt_kernel, vp.v_fifoinfo.fi_pipe, uio, nonblock)


def fifo_append(lwp: Lwp, vp: Vnode, data: bytes | bytearray | memoryview, _cred: Ucred) -> None:
    """Write a trace's record, whole or not yet.

    Raises:
        KernelError: as pipe_append.
    """
    sys_pipe.pipe_append(lwp, vp.v_mount.mnt_kernel, vp.v_fifoinfo.fi_pipe, data)


def fifo_ioctl(lwp: Lwp, vp: Vnode, com: int, data: bytes, fflag: int, _cred: Ucred) -> bytes:
    """Tell how full the FIFO is, as its sockets do: who may write is answered by the sending one.

    Raises:
        KernelError: EOPNOTSUPP, com asks something else; and as fsetown.

    Source: fifo_ioctl, NetBSD sys/miscfs/fifofs/fifo_vnops.c.
    """
    fip: Fifoinfo = vp.v_fifoinfo
    pipe = fip.fi_pipe
    if com in (FIONBIO, FIOASYNC):
        return b""
    if com in (FIOSETOWN, TIOCSPGRP):
        fip.fi_pgid = fsetown(lwp, com, data)
        return b""
    if com in (FIOGETOWN, TIOCGPGRP):
        return fgetown(fip.fi_pgid, com)
    sender = bool(fflag & FWRITE)
    answers = {
        FIONREAD: 0 if sender else pipe.cnt,
        FIONWRITE: 0,  # what is sent is with the receiver at once
        FIONSPACE: pipe.size - pipe.cnt if sender else pipe.size,
    }
    if com not in answers:
        raise KernelError(Errno.EOPNOTSUPP)
    return answers[com].to_bytes(4, "little")


def fifo_poll(lwp: Lwp, vp: Vnode, events: int) -> int:
    """Return which of events are so; FIFOs know no POLLHUP.

    Each socket is asked for all events, and the side it does not have is always
    ready: so whoever polls for reading and writing at once need not wait.

    Source: fifo_poll, NetBSD sys/miscfs/fifofs/fifo_vnops.c.
    """
    fip: Fifoinfo = vp.v_fifoinfo
    pipe = fip.fi_pipe
    reading, writing = events & (POLLIN | POLLRDNORM), events & (POLLOUT | POLLWRNORM)
    revents = 0
    if reading and (writing or pipe.cnt or pipe.eof):
        revents |= reading
    if writing and (reading or not pipe.readers or pipe.size - pipe.cnt >= pipe.lowat):
        revents |= writing
    if not revents:
        selrecord(lwp, pipe.selinfo)
    return revents


def fifo_kqfilter(vp: Vnode, kn: Knote) -> None:
    """Watch for bytes, or for room.

    Raises:
        KernelError: EINVAL, another filter.
    """
    knote_setfilter(kn, _FILTOPS)
    kn.kn_hook = vp.v_fifoinfo.fi_pipe
    selrecord_knote(kn.kn_hook.selinfo, kn)


def _filt_fiforead(kn: Knote, _hint: int) -> bool:
    pipe: sys_pipe.Pipebuf = kn.kn_hook
    kn.kn_data = pipe.cnt
    _set_eof(kn, pipe.eof)
    return pipe.eof or pipe.cnt > 0


def _filt_fifowrite(kn: Knote, _hint: int) -> bool:
    pipe: sys_pipe.Pipebuf = kn.kn_hook
    kn.kn_data = pipe.size - pipe.cnt
    _set_eof(kn, not pipe.readers)
    return not pipe.readers or kn.kn_data >= pipe.lowat


def _set_eof(kn: Knote, eof: bool) -> None:
    kn.kn_flags = kn.kn_flags | EV_EOF if eof else kn.kn_flags & ~EV_EOF


_FILTOPS: Final = {
    EVFILT_READ: FilterOps(_filt_fiforead),
    EVFILT_WRITE: FilterOps(_filt_fifowrite),
}


def fifo_pathconf(vp: Vnode, name: int) -> int:
    """Return a limit of FIFOs.

    Raises:
        KernelError: EINVAL, it is none of theirs.
    """
    value = _PATHCONF.get(name)
    return genfs_pathconf(vp, name) if value is None else value
