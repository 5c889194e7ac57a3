# SPDX-License-Identifier: BSD-2-Clause
"""What is in tmpfs's regular files: read, written, mapped.  NetBSD sys/fs/tmpfs/tmpfs_vnops.c.

A file's memory is charged by the pages that it has, not by its size: holes are free.
"""

from typing import Final

from kernel.arch.python.clock import nanotime
from kernel.fs.tmpfs.tmpfs import (
    TMPFS_SIZE_MAX,
    TMPFS_UPDATE_ATIME,
    TMPFS_UPDATE_CTIME,
    TMPFS_UPDATE_MTIME,
    TmpfsNode,
)
from kernel.fs.tmpfs.tmpfs_aobj import (
    aobj_append,
    aobj_missing,
    aobj_page,
    aobj_read,
    aobj_write,
    round_page,
)
from kernel.fs.tmpfs.tmpfs_dir import tmpfs_mem_incr
from kernel.fs.tmpfs.tmpfs_subr import tmpfs_update
from kernel.kern.kern_subr import uiogather
from kernel.sys.errno import Errno, KernelError
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.param import PAGE_SIZE
from kernel.sys.proc import Lwp
from kernel.sys.stat import S_ISGID, S_ISUID
from kernel.sys.ucred import Ucred
from kernel.sys.uio import UIO_WRITE, Uio, uio_sysspace
from kernel.sys.vnode import IO_APPEND, IO_UNIT, VDIR, VREG, Vnode

_HOLE: Final = memoryview(bytes(PAGE_SIZE))  # what a page that is not there reads as


def tmpfs_read(_lwp: Lwp | None, vp: Vnode, uio: Uio, _ioflag: int, _cred: Ucred) -> None:
    """Read from uio_offset on; reading nothing leaves the access time.

    Raises:
        KernelError: EISDIR; EINVAL, no regular file or uio_offset < 0; EFAULT.
    """
    if vp.v_type == VDIR:
        raise KernelError(Errno.EISDIR)
    if uio.uio_offset < 0 or vp.v_type != VREG:
        raise KernelError(Errno.EINVAL)
    if not uio.uio_resid:
        return
    node: TmpfsNode = vp.v_data
    try:
        aobj_read(node.tn_aobj, uio, node.tn_size)
    finally:
        tmpfs_update(vp, TMPFS_UPDATE_ATIME)


def tmpfs_write(_lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, cred: Ucred) -> None:
    """Write all of uio at uio_offset, or with IO_APPEND at the end.

    With EFAULT the buffers before the one at fault are written, as far as the
    file reaches already; any other error leaves the file as it was.

    Raises:
        KernelError: EROFS; EINVAL, no regular file or uio_offset < 0; ENOSPC;
            EFBIG, past TMPFS_SIZE_MAX; EFAULT.
    """
    node: TmpfsNode = vp.v_data
    mp = vp.v_mount
    if mp.mnt_flag & MNT_RDONLY:
        raise KernelError(Errno.EROFS)
    offset = uio.uio_offset
    if offset < 0 or vp.v_type != VREG:
        raise KernelError(Errno.EINVAL)
    size = uio.uio_resid
    if not size:
        return
    if ioflag & IO_APPEND:
        uio.uio_offset = offset = node.tn_size
    end = offset + size
    ao = node.tn_aobj
    try:
        if offset == ao.ao_end and end <= ao.ao_room:
            data = uiogather(uio, size)
            try:
                ao.ao_tail += data
            except BufferError:  # the data are pages of this very file
                data = bytes(data)
                ao.ao_tail += data
            ao.ao_end = end
        else:
            _write(node, offset, size, uio)
    except KernelError as exc:
        if exc.errno is Errno.EFAULT:
            _overwrite(node, uio)
            tmpfs_update(vp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME)
        raise
    if end > node.tn_size:  # noqa: PLR1730  # max() would cost as much as all else
        node.tn_size = end
    if cred.cr_uid:
        node.tn_mode &= ~(S_ISUID | S_ISGID)
    node.tn_mtime = node.tn_ctime = nanotime(mp.mnt_kernel)


def tmpfs_append(lwp: Lwp, vp: Vnode, data: bytes | bytearray | memoryview, cred: Ucred) -> None:
    """Write a record at the end: the short way, if the last extent ends there.

    Raises:
        KernelError: as tmpfs_write.
    """
    node: TmpfsNode = vp.v_data
    ao = node.tn_aobj
    size = node.tn_size
    end = size + len(data)
    if size != ao.ao_end or end > ao.ao_room or vp.v_mount.mnt_flag & MNT_RDONLY:
        _append_page(lwp, vp, data, cred)
        return
    ao.ao_tail += data
    ao.ao_end = node.tn_size = end
    clock = lwp.l_kernel.clock
    node.tn_mtime = node.tn_ctime = clock.now + clock.offset


def _append_page(lwp: Lwp, vp: Vnode, data: bytes | bytearray | memoryview, cred: Ucred) -> None:
    """Append what the last page has no room for: to the last extent, if the file ends there."""
    node: TmpfsNode = vp.v_data
    ao = node.tn_aobj
    end = node.tn_size + len(data)
    if node.tn_size != ao.ao_end or not ao.ao_tail or vp.v_mount.mnt_flag & MNT_RDONLY:
        tmpfs_write(lwp, vp, uio_sysspace(data, UIO_WRITE), IO_UNIT | IO_APPEND, cred)
        return
    tmpfs_mem_incr(node.tn_mount, round_page(end) - ao.ao_room)
    aobj_append(ao, data)
    node.tn_size = end
    node.tn_mtime = node.tn_ctime = nanotime(lwp.l_kernel)


def _write(node: TmpfsNode, offset: int, size: int, uio: Uio) -> None:
    """Store size bytes of uio at offset, with the pages that it takes."""
    if offset + size > TMPFS_SIZE_MAX:
        raise KernelError(Errno.EFBIG)
    missing = aobj_missing(node.tn_aobj, offset, offset + size) * PAGE_SIZE
    tmpfs_mem_incr(node.tn_mount, missing)
    try:
        data = uiogather(uio, size)
    except KernelError:
        node.tn_mount.tm_mem_used -= missing
        raise
    if node.tn_vnode.v_uobj is not None:  # they may be pages of this very file
        data = bytes(data)
    aobj_write(node.tn_aobj, offset, data)


def _overwrite(node: TmpfsNode, uio: Uio) -> None:
    """Take the buffers of uio that can be read; store what is within the file's size."""
    for size in uio.lengths():
        offset = uio.uio_offset
        try:
            data = bytes(uiogather(uio, size))
        except KernelError:
            return
        end = min(offset + size, node.tn_size)
        if offset < end:
            tmpfs_mem_incr(node.tn_mount, aobj_missing(node.tn_aobj, offset, end) * PAGE_SIZE)
            aobj_write(node.tn_aobj, offset, data[: end - offset])


def tmpfs_getpages(vp: Vnode, offset: int, write: bool) -> memoryview | None:
    """Return the page at offset; None behind the end.

    Raises:
        KernelError: ENOSPC, a hole is written to.
    """
    node: TmpfsNode = vp.v_data
    if offset >= node.tn_size:
        return None
    if write:
        missing = aobj_missing(node.tn_aobj, offset, offset + PAGE_SIZE) * PAGE_SIZE
        if missing:
            tmpfs_mem_incr(node.tn_mount, missing)
        tmpfs_update(vp, TMPFS_UPDATE_MTIME | TMPFS_UPDATE_CTIME)
    else:
        tmpfs_update(vp, TMPFS_UPDATE_ATIME)
    page = aobj_page(node.tn_aobj, offset, write)
    return _HOLE if page is None else page
