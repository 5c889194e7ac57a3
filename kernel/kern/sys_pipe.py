# SPDX-License-Identifier: BSD-2-Clause
"""Pipes: a bounded stream of bytes between descriptors.  NetBSD sys/kern/sys_pipe.c.

FIFOs (fs/fifofs) move their bytes with the same pipe_receive and pipe_send.
"""

from collections import deque
from typing import Final

from kernel.arch.python.clock import nanotime
from kernel.arch.python.copy import copyout
from kernel.kern.kern_descrip import (
    falloc,
    fd_abort,
    fd_affix,
    fgetown,
    fnullop_fcntl,
    fsetown,
)
from kernel.kern.kern_event import selrecord_knote
from kernel.kern.kern_subr import uiogather, uiomove
from kernel.kern.kern_synch import PCATCH, PSOCK, tsleep, wakeup
from kernel.kern.sys_select import selrecord, selwakeup
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import EV_EOF, EVFILT_READ, EVFILT_WRITE, FilterOps, Knote
from kernel.sys.fcntl import FNONBLOCK, FNOSIGPIPE, FREAD, FWRITE, O_CLOEXEC
from kernel.sys.file import (
    DTYPE_PIPE,
    POLLHUP,
    POLLIN,
    POLLOUT,
    POLLRDNORM,
    POLLWRNORM,
    File,
    FileOps,
)
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
from kernel.sys.kernel import Kernel
from kernel.sys.param import PIPE_BUF
from kernel.sys.proc import Lwp
from kernel.sys.selinfo import Selinfo
from kernel.sys.stat import S_IFIFO, S_IRUSR, S_IWUSR, Stat
from kernel.sys.uio import UIO_WRITE, Uio, uio_sysspace

PIPE_SIZE: Final = 16384  # bytes a pipe holds
BIG_PIPE_SIZE: Final = 65536  # bytes it grows to when a write finds it empty and too small


@dataclass(slots=True, eq=False)
class Pipebuf:
    """The bytes under way, and who is at either side (struct pipebuf)."""

    chunks: deque[bytes | memoryview] = field(default_factory=deque)
    cnt: int = 0  # bytes
    size: int = PIPE_SIZE  # bytes it may hold
    readers: int = 1  # open ends that may read; 0: writing is EPIPE
    writers: int = 1  # open ends that may write
    eof: bool = False  # the last writer has gone: reading meets the end
    lowat: int = 0  # bytes of room that a write waits for, if it needs as much
    rcv: object = field(default_factory=object)  # what who waits for bytes sleeps on (pipe_rcv)
    wcv: object = field(default_factory=object)  # what who waits for room sleeps on (pipe_wcv)
    selinfo: Selinfo = field(default_factory=Selinfo)


@dataclass(slots=True, eq=False)
class Pipe:
    """One end of a pipe (struct pipe)."""

    pipe_kernel: Kernel
    pipe_buffer: Pipebuf
    pipe_btime: int  # ns since the epoch, as the two below
    pipe_atime: int
    pipe_mtime: int
    pipe_pgid: int = 0  # F_SETOWN
    pipe_peer: "Pipe | None" = None  # the other end


def sys_pipe(lwp: Lwp) -> tuple[int, int]:
    """pipe(2): make a pipe; return its descriptors, to read from and to write to.

    Raises:
        KernelError: EMFILE, ENFILE: then none is left open.
    """
    return pipe1(lwp, 0)


def sys_pipe2(lwp: Lwp, fildes: int, flags: int) -> int:
    """pipe2(2): make a pipe, its descriptors stored at fildes as two ints.

    Raises:
        KernelError: EINVAL, flags other than O_CLOEXEC, O_NONBLOCK, O_NOSIGPIPE.
            EMFILE, ENFILE. EFAULT: the descriptors stay open, as on NetBSD.
    """
    ends = pipe1(lwp, flags)
    copyout(lwp.l_proc.p_vmspace, b"".join(fd.to_bytes(4, "little") for fd in ends), fildes)
    return 0


def pipe1(lwp: Lwp, flags: int) -> tuple[int, int]:
    """Make a pipe; return the descriptors of its read and its write end.

    Raises:
        KernelError: EINVAL, EMFILE, ENFILE.

    Source: pipe1, NetBSD sys/kern/sys_pipe.c.
    """
    if flags & ~(O_CLOEXEC | FNONBLOCK | FNOSIGPIPE):
        raise KernelError(Errno.EINVAL)
    p = lwp.l_proc
    rf, rfd = falloc(lwp)
    try:
        wf, wfd = falloc(lwp)
    except KernelError:
        fd_abort(p, rf, rfd)
        raise
    now = nanotime(lwp.l_kernel)
    buf = Pipebuf()
    rpipe, wpipe = (Pipe(lwp.l_kernel, buf, now, now, now) for _ in range(2))
    rpipe.pipe_peer, wpipe.pipe_peer = wpipe, rpipe
    for fp, fd, mode, pipe in ((rf, rfd, FREAD, rpipe), (wf, wfd, FWRITE, wpipe)):
        fp.f_type, fp.f_ops, fp.f_data = DTYPE_PIPE, pipeops, pipe
        fp.f_flag = mode | flags & (FNONBLOCK | FNOSIGPIPE)
        fd_affix(p, fp, fd, flags)
    return rfd, wfd


def pipe_receive(lwp: Lwp | None, kernel: Kernel, buf: Pipebuf, uio: Uio, nonblock: bool) -> None:
    """Move what is there into uio, waiting for the first byte; at the end, move nothing.

    Arguments as pipe_send's.

    Raises:
        KernelError: EAGAIN, nonblock and nothing is there. EFAULT. EINTR, ERESTART.

    Source: pipe_read, NetBSD sys/kern/sys_pipe.c.
    """
    if not uio.uio_resid:
        return
    while not buf.cnt:
        if buf.eof:
            return
        if nonblock or lwp is None:
            raise KernelError(Errno.EAGAIN)
        tsleep(lwp, buf.rcv, PSOCK | PCATCH, "piperd")
    had = buf.cnt
    try:
        while (resid := uio.uio_resid) and buf.cnt:
            chunk = buf.chunks[0]
            size = len(chunk)
            if size <= resid:
                uiomove(chunk, uio)
                buf.chunks.popleft()
            else:
                size = resid
                uiomove(chunk[:size], uio)
                buf.chunks[0] = memoryview(chunk)[size:]
            buf.cnt -= size
    finally:
        left = buf.cnt
        if left != had:
            wakeup(kernel, buf.wcv)
            watched = buf.selinfo.sel_lwps or buf.selinfo.sel_klist
            if watched and buf.size - left >= max(PIPE_BUF, buf.lowat):
                selwakeup(kernel, buf.selinfo)


def pipe_send(lwp: Lwp | None, kernel: Kernel, buf: Pipebuf, uio: Uio, nonblock: bool) -> None:
    """Move all of uio into the pipe, waiting for room; up to PIPE_BUF bytes go as one.

    Args:
        lwp: who waits; None never waits.
        kernel: whose sleepers are woken.
        buf: where to.
        uio: what; uio_resid tells how much did not go.
        nonblock: do not wait: what finds no room stays in uio.

    Raises:
        KernelError: EPIPE, nobody can read. EAGAIN, nonblock and the rest finds
            no room. EFAULT. EINTR, ERESTART.

    Source: pipe_write, NetBSD sys/kern/sys_pipe.c.
    """
    if not buf.readers:
        raise KernelError(Errno.EPIPE)
    if uio.uio_resid > PIPE_SIZE == buf.size and not buf.cnt:
        buf.size = BIG_PIPE_SIZE
    while uio.uio_resid:
        space = buf.size - buf.cnt
        if space < uio.uio_resid and (uio.uio_resid <= PIPE_BUF or space < buf.lowat):
            space = 0
        if space > 0:
            data = bytes(uiogather(uio, min(space, uio.uio_resid)))
            buf.chunks.append(data)
            buf.cnt += len(data)
            wakeup(kernel, buf.rcv)
            if buf.selinfo.sel_lwps or buf.selinfo.sel_klist:
                selwakeup(kernel, buf.selinfo)
            continue
        if nonblock or lwp is None:
            raise KernelError(Errno.EAGAIN)
        tsleep(lwp, buf.wcv, PSOCK | PCATCH, "pipewr")
        if not buf.readers:
            raise KernelError(Errno.EPIPE)


def pipe_append(
    lwp: Lwp, kernel: Kernel, buf: Pipebuf, data: bytes | bytearray | memoryview
) -> None:
    """Put a trace's record into buf: whole, or not yet.

    Raises:
        KernelError: EAGAIN, there is no room for all of it; EPIPE.
    """
    if buf.readers and len(data) > buf.size - buf.cnt:
        raise KernelError(Errno.EAGAIN)
    pipe_send(lwp, kernel, buf, uio_sysspace(data, UIO_WRITE), nonblock=True)


def pipe_detach(kernel: Kernel, buf: Pipebuf, mode: int) -> None:
    """Take one reader (FREAD) or writer (FWRITE), or both, away; wake those at the other side."""
    if mode & FREAD:
        buf.readers -= 1
        if not buf.readers:
            wakeup(kernel, buf.wcv)
    if mode & FWRITE:
        buf.writers -= 1
        if not buf.writers:
            buf.eof = True
            wakeup(kernel, buf.rcv)
    selwakeup(kernel, buf.selinfo)


def pipe_revents(lwp: Lwp, buf: Pipebuf, events: int, mode: int) -> int:
    """Return which of events are so for an end open for mode; if none, have lwp woken.

    Source: pipe_poll, NetBSD sys/kern/sys_pipe.c.
    """
    lost = (mode & FREAD and not buf.writers) or (mode & FWRITE and not buf.readers)
    revents = POLLHUP if lost else 0
    if lost or (mode & FREAD and buf.cnt):
        revents |= events & (POLLIN | POLLRDNORM)
    if lost or (mode & FWRITE and buf.size - buf.cnt >= PIPE_BUF):
        revents |= events & (POLLOUT | POLLWRNORM)
    if not revents:
        selrecord(lwp, buf.selinfo)
    return revents


def _read(lwp: Lwp, fp: File, uio: Uio, _flags: int) -> None:
    pipe: Pipe = fp.f_data
    nonblock = bool(fp.f_flag & FNONBLOCK)
    pipe_receive(lwp, pipe.pipe_kernel, pipe.pipe_buffer, uio, nonblock)
    pipe.pipe_atime = nanotime(pipe.pipe_kernel)


def _write(lwp: Lwp | None, fp: File, uio: Uio, _flags: int) -> None:
    pipe: Pipe = fp.f_data
    nonblock = bool(fp.f_flag & FNONBLOCK)
    pipe_send(lwp, pipe.pipe_kernel, pipe.pipe_buffer, uio, nonblock)
    if pipe.pipe_peer is not None:  # the end that has the bytes
        pipe.pipe_peer.pipe_mtime = nanotime(pipe.pipe_kernel)


def _append(lwp: Lwp, fp: File, data: bytes | bytearray | memoryview) -> None:
    pipe: Pipe = fp.f_data
    pipe_append(lwp, pipe.pipe_kernel, pipe.pipe_buffer, data)


def _ioctl(lwp: Lwp, fp: File, com: int, data: bytes) -> bytes:
    """What is in a pipe is at its read end, the room for more seen from its write end."""
    pipe: Pipe = fp.f_data
    buf = pipe.pipe_buffer
    if com in (FIONBIO, FIOASYNC):
        return b""
    if com == FIONREAD:
        return (buf.cnt if fp.f_flag & FREAD else 0).to_bytes(4, "little")
    if com in (FIONWRITE, FIONSPACE):
        full, size = (buf.cnt, buf.size) if fp.f_flag & FWRITE and buf.readers else (0, 0)
        return (full if com == FIONWRITE else size - full).to_bytes(4, "little")
    if com in (FIOSETOWN, TIOCSPGRP):
        pipe.pipe_pgid = fsetown(lwp, com, data)
        return b""
    if com in (FIOGETOWN, TIOCGPGRP):
        return fgetown(pipe.pipe_pgid, com)
    raise KernelError(Errno.EPASSTHROUGH)


def _poll(lwp: Lwp, fp: File, events: int) -> int:
    return pipe_revents(lwp, fp.f_data.pipe_buffer, events, fp.f_flag)


def _stat(_lwp: Lwp, fp: File) -> Stat:
    pipe: Pipe = fp.f_data
    buf = pipe.pipe_buffer
    size = buf.cnt if fp.f_flag & FREAD else 0
    return Stat(
        st_mode=S_IFIFO | S_IRUSR | S_IWUSR,
        st_uid=fp.f_cred.cr_uid,
        st_gid=fp.f_cred.cr_gid,
        st_atim=pipe.pipe_atime,
        st_mtim=pipe.pipe_mtime,
        st_ctim=pipe.pipe_btime,
        st_birthtim=pipe.pipe_btime,
        st_size=size,
        st_blocks=int(size > 0),
        st_blksize=buf.size if buf.readers else 0,
    )


def _close(_lwp: Lwp | None, fp: File) -> None:
    pipe: Pipe = fp.f_data
    if pipe.pipe_peer is not None:
        pipe.pipe_peer.pipe_peer = None
    pipe_detach(pipe.pipe_kernel, pipe.pipe_buffer, fp.f_flag)


def _kqfilter(fp: File, kn: Knote) -> None:
    """Watch for bytes, or for room; the end that is not for that has none, but tells the end.

    Raises:
        KernelError: EINVAL, another filter; EBADF, room, and the other end is closed.

    Source: pipe_kqfilter, NetBSD sys/kern/sys_pipe.c.
    """
    if kn.kn_filter not in _FILTOPS:
        raise KernelError(Errno.EINVAL)
    if kn.kn_filter == EVFILT_WRITE and _lost(fp):
        raise KernelError(Errno.EBADF)
    kn.kn_fop = _FILTOPS[kn.kn_filter]
    selrecord_knote(fp.f_data.pipe_buffer.selinfo, kn)


def _lost(fp: File) -> bool:
    """Whether nobody is at the other end."""
    buf: Pipebuf = fp.f_data.pipe_buffer
    return not (buf.writers if fp.f_flag & FREAD else buf.readers)


def _filt_piperead(kn: Knote, _hint: int) -> bool:
    fp: File = kn.kn_obj
    kn.kn_data = fp.f_data.pipe_buffer.cnt if fp.f_flag & FREAD else 0
    lost = _lost(fp)
    if lost:
        kn.kn_flags |= EV_EOF
    return kn.kn_data > 0 or lost


def _filt_pipewrite(kn: Knote, _hint: int) -> bool:
    fp: File = kn.kn_obj
    buf: Pipebuf = fp.f_data.pipe_buffer
    lost = _lost(fp)
    kn.kn_data = buf.size - buf.cnt if fp.f_flag & FWRITE and not lost else 0
    if lost:
        kn.kn_flags |= EV_EOF
    return kn.kn_data >= PIPE_BUF or lost


_FILTOPS: Final = {
    EVFILT_READ: FilterOps(_filt_piperead),
    EVFILT_WRITE: FilterOps(_filt_pipewrite),
}

pipeops = FileOps(
    fo_name="pipe",
    fo_read=_read,
    fo_write=_write,
    fo_append=_append,
    fo_ioctl=_ioctl,
    fo_fcntl=fnullop_fcntl,
    fo_poll=_poll,
    fo_stat=_stat,
    fo_close=_close,
    fo_kqfilter=_kqfilter,
)
