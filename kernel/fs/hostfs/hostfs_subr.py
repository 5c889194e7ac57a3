# SPDX-License-Identifier: BSD-2-Clause
"""The border to the host: its errors, where its files are, their attributes."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from kernel.fs.hostfs.hostfs import O_DIRFD, O_FILE, HostMount, HostNode
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.mount import MNT_RDONLY
from kernel.sys.stat import ALLPERMS
from kernel.sys.types import NODEV, makedev
from kernel.sys.vnode import IFTOVT, VBLK, VCHR, VLNK, Vattr, Vnode


def host_errno(exc: OSError) -> Errno:
    """Return NetBSD's number for the host's error, found by its name; EIO if there is none."""
    name = errno.errorcode.get(exc.errno or 0, "")
    return Errno[name] if name in Errno.__members__ else Errno.EIO


@contextmanager
def host_errors() -> Iterator[None]:
    """Turn the OSError of what runs inside into a KernelError."""
    try:
        yield
    except OSError as exc:
        raise KernelError(host_errno(exc)) from exc


def host_dirfd(vp: Vnode) -> int:
    """Return the host's descriptor of a directory, opened from its parent's.

    Raises:
        OSError: the host's; KernelError: ENOENT, the directory is removed.
    """
    node: HostNode = vp.v_data
    if node.hn_dirfd < 0:
        name, parent = host_where(vp)
        node.hn_dirfd = os.open(name, O_DIRFD, dir_fd=parent)
    return node.hn_dirfd


def host_where(vp: Vnode) -> tuple[bytes, int]:
    """Return a name for vp and the directory descriptor in which it has that name.

    Raises:
        KernelError: ENOENT, it has none any more.
    """
    node: HostNode = vp.v_data
    if node.hn_parent is not None:
        return node.hn_name, host_dirfd(node.hn_parent)
    if node.hn_dirfd >= 0:
        return b".", node.hn_dirfd
    raise KernelError(Errno.ENOENT)


def host_fd(vp: Vnode, mode: int) -> int:
    """Return a host descriptor of a regular file, good for mode: FREAD or FWRITE.

    Raises:
        OSError: the host's; KernelError: ENOENT, it has no name any more.
    """
    node: HostNode = vp.v_data
    fd = node.hn_rfd if mode == FREAD else node.hn_wfd
    if fd < 0:
        name, parent = host_where(vp)
        how = os.O_RDONLY if mode == FREAD else os.O_WRONLY
        fd = os.open(name, O_FILE | how, dir_fd=parent)
        if mode == FREAD:
            node.hn_rfd = fd
        else:
            node.hn_wfd = fd
    return fd


def host_stat(vp: Vnode) -> os.stat_result:
    """Return what the host knows of vp: through an open descriptor, else by name.

    Raises:
        OSError: the host's; KernelError: ENOENT.
    """
    node: HostNode = vp.v_data
    for fd in (node.hn_rfd, node.hn_wfd, node.hn_dirfd):
        if fd >= 0:
            return os.fstat(fd)
    name, parent = host_where(vp)
    return os.stat(name, dir_fd=parent, follow_symlinks=False)


def host_getattr(vp: Vnode, st: os.stat_result) -> Vattr:
    """Return the host's attributes as the guest sees them."""
    hmp: HostMount = vp.v_mount.mnt_data
    uid, gid = hmp.swapped(st.st_uid, st.st_gid)
    vtype = IFTOVT(st.st_mode)
    device = vtype in {VCHR, VBLK}
    return Vattr(
        va_type=vtype,
        va_mode=st.st_mode & ALLPERMS,
        va_nlink=st.st_nlink,
        va_uid=uid,
        va_gid=gid,
        va_fsid=vp.v_mount.mnt_fsid,
        va_fileid=st.st_ino,
        va_size=st.st_size,
        va_blocksize=st.st_blksize,
        va_atime=st.st_atime_ns,
        va_mtime=st.st_mtime_ns,
        va_ctime=st.st_ctime_ns,
        va_birthtime=getattr(st, "st_birthtime_ns", st.st_ctime_ns),
        va_gen=0,
        va_flags=0,
        va_rdev=makedev(os.major(st.st_rdev), os.minor(st.st_rdev)) if device else NODEV,
        va_bytes=st.st_blocks * 512,
    )


def host_writable(vp: Vnode) -> None:
    """Check that vp's file system may be changed.

    Raises:
        KernelError: EROFS.
    """
    if vp.v_mount.mnt_flag & MNT_RDONLY:
        raise KernelError(Errno.EROFS)


def host_chmod(vp: Vnode, mode: int) -> None:
    """Set permissions on the host; those of symbolic links stay as they are.

    Raises:
        OSError: the host's; KernelError: ENOENT.
    """
    node: HostNode = vp.v_data
    for fd in (node.hn_rfd, node.hn_wfd):
        if fd >= 0:
            os.fchmod(fd, mode)
            return
    if vp.v_type != VLNK:
        name, parent = host_where(vp)
        os.chmod(name, mode, dir_fd=parent)


def host_truncate(vp: Vnode, size: int) -> None:
    """Set the size of a regular file on the host, bytes.

    Raises:
        OSError: the host's; KernelError: ENOENT.
    """
    node: HostNode = vp.v_data
    was_open = node.hn_wfd >= 0
    os.ftruncate(host_fd(vp, FWRITE), size)
    if not was_open and not node.hn_opencnt:
        node.release()
