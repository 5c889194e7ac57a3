# SPDX-License-Identifier: BSD-2-Clause
"""Files that travel in messages, and those that nobody can receive any more.

NetBSD sys/kern/uipc_usrreq.c: unp_internalize, unp_externalize, unp_gc.
"""

from contextlib import suppress
from typing import Final

from kernel.kern.kern_descrip import closef, fd_abort, fd_affix, fd_alloc, fd_getfile
from kernel.kern.kern_timeout import callout_reset
from kernel.kern.uipc_socket2 import sorflush
from kernel.kern.vfs_getcwd import vn_isunder
from kernel.kern.vfs_subr import vn_rootdir
from kernel.sys.errno import Errno, KernelError
from kernel.sys.file import DTYPE_KQUEUE, DTYPE_SOCKET, DTYPE_VNODE, File
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp
from kernel.sys.socket import CMSG_LEN, SCM_RIGHTS, SOL_SOCKET, Cmsghdr
from kernel.sys.socketvar import PR_RIGHTS, Control, Socket
from kernel.sys.vnode import VDIR

_RATIO: Final = 2  # this part of maxfiles may be under way
_GC_DELAY: Final = 10**9  # ns after which the collector runs
_FD: Final = 4  # bytes of a descriptor


def unp_internalize(lwp: Lwp, control: bytes) -> Control:
    """Turn descriptors into the files that they stand for.

    Raises:
        KernelError: EINVAL, it is no single SCM_RIGHTS; EBADF, one is not open, or a kqueue;
            EAGAIN, too many files are under way.
    """
    header = Cmsghdr.unpack(control)
    if (header.cmsg_level, header.cmsg_type) != (SOL_SOCKET, SCM_RIGHTS) or not (
        CMSG_LEN(0) <= header.cmsg_len <= len(control)
    ):
        raise KernelError(Errno.EINVAL)
    net = lwp.l_kernel.net
    count = (header.cmsg_len - CMSG_LEN(0)) // _FD
    room = lwp.l_kernel.limits.maxfiles // _RATIO - sum(net.unp_inflight.values())
    files: list[File] = []
    for index in range(count):
        if index >= room:
            raise KernelError(Errno.EAGAIN)
        at = CMSG_LEN(index * _FD)
        fd = int.from_bytes(control[at : at + _FD], "little", signed=True)
        fp = fd_getfile(lwp.l_proc, fd)
        if fp.f_type == DTYPE_KQUEUE:
            raise KernelError(Errno.EBADF)
        files.append(fp)
    for fp in files:
        fp.f_count += 1
        fp.f_msgcount += 1
        net.unp_inflight[fp] = net.unp_inflight.get(fp, 0) + 1
    return Control(SOL_SOCKET, SCM_RIGHTS, files=files)


def unp_externalize(lwp: Lwp, message: Control, flags: int) -> None:
    """Give the receiver descriptors for the files of message; flags may hold O_CLOEXEC.

    Raises:
        KernelError: EMSGSIZE, it may not have so many; EPERM, a directory from outside of
            its root.  The files are gone then.
    """
    files, message.files = message.files or [], None
    p = lwp.l_proc
    fds: list[int] = []
    rdir, root = p.p_cwdi.cwdi_rdir, lwp.l_kernel.rootvnode
    try:
        for fp in files:
            if rdir is None or root is None or fp.f_type != DTYPE_VNODE:
                continue
            if fp.f_data.v_type == VDIR and not vn_isunder(fp.f_data, rdir, vn_rootdir(root)):
                raise KernelError(Errno.EPERM)
        for _ in files:
            try:
                fds.append(fd_alloc(lwp))
            except KernelError:
                raise KernelError(Errno.EMSGSIZE) from None
    except KernelError:
        for fd in fds:
            fd_abort(p, None, fd)
        for fp in files:
            _discard(lwp.l_kernel, fp)
        raise
    for fp, fd in zip(files, fds, strict=True):
        fd_affix(p, fp, fd, flags)
        _discard(lwp.l_kernel, fp)
    message.data = b"".join(fd.to_bytes(_FD, "little") for fd in fds)


def unp_dispose(kernel: Kernel, messages: list[Control]) -> None:
    """Let go of the files in messages that nobody will receive."""
    for message in messages:
        files, message.files = message.files or [], None
        for fp in files:
            _discard(kernel, fp)


def _discard(kernel: Kernel, fp: File) -> None:
    """Drop one reference that a message holds."""
    fp.f_msgcount -= 1
    inflight = kernel.net.unp_inflight
    inflight[fp] -= 1
    if not inflight[fp]:
        del inflight[fp]
    with suppress(KernelError):  # nobody is there to hear of it
        closef(None, fp)


def unp_thread_kick(kernel: Kernel) -> None:
    """Have the collector run, as long as files are under way."""
    if kernel.net.unp_inflight and not kernel.net.unp_kicked:
        kernel.net.unp_kicked = True
        callout_reset(kernel, _GC_DELAY, _unp_gc, kernel)


def _unp_gc(kernel: Kernel) -> None:
    """Empty the buffers of sockets that only messages in such buffers refer to.

    A socket under way whose every reference is in a message can be reached only
    through the buffer that the message is in; where no chain of buffers leads
    back to a descriptor, nobody will ever receive it.
    """
    kernel.net.unp_kicked = False
    candidates = {
        fp
        for fp, count in kernel.net.unp_inflight.items()
        if fp.f_type == DTYPE_SOCKET and fp.f_count == count
    }
    inside = dict.fromkeys(candidates, 0)
    for fp in candidates:
        for held in _queued(fp):
            if held in inside:
                inside[held] += 1
    reached = [fp for fp in candidates if fp.f_count > inside[fp]]
    alive = set(reached)
    while reached:
        for held in _queued(reached.pop()):
            if held in candidates and held not in alive:
                alive.add(held)
                reached.append(held)
    for fp in [fp for fp in kernel.net.unp_inflight if fp in candidates - alive]:
        fp.f_count += 1
        for so in _sockets(fp):
            sorflush(so)
        with suppress(KernelError):
            closef(None, fp)


def _sockets(fp: File) -> list[Socket]:
    """Return the socket of fp and those that wait to be accepted from it."""
    so: Socket | None = fp.f_data
    if so is None or not so.so_proto.pr_flags & PR_RIGHTS:
        return []
    return [so, *so.so_q0, *so.so_q]


def _queued(fp: File) -> list[File]:
    """Return the files in the receive buffers of fp's sockets, as often as they are there."""
    return [
        held
        for so in _sockets(fp)
        for record in so.so_rcv.sb_records
        for message in record.control
        for held in message.files or ()
    ]
