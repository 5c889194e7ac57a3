# SPDX-License-Identifier: BSD-2-Clause
"""The border to the host: its errors, where its files are, their attributes."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from kernel.fs.hostfs.hostfs import O_DIRFD, O_FILE, O_NAMELESS, HostMount, HostNode, host_open
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.mount import MNT_NOATIME, MNT_RDONLY
from kernel.sys.stat import ALLPERMS
from kernel.sys.types import NODEV, makedev
from kernel.sys.vnode import IFTOVT, VBLK, VCHR, VDIR, VLNK, Vattr, Vnode


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
    if node.hn_dirfd >= 0 and vp.v_type == VDIR:
        return b".", node.hn_dirfd
    raise KernelError(Errno.ENOENT)


def host_noatime(vp: Vnode) -> bool:
    """Return whether reading vp is to leave no mark."""
    return bool(vp.v_mount.mnt_flag & (MNT_RDONLY | MNT_NOATIME))


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
        fd = host_open(name, O_FILE | how, parent, host_noatime(vp))
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
        va_fileid=hmp.fileid(st),
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
    if vp.v_mount.mnt_flag & MNT_RDONLY or vp.v_mount.mnt_data.hm_sealed:
        raise KernelError(Errno.EROFS)


def host_keep(vp: Vnode) -> None:
    """Keep hold of vp, which is in use and about to lose its name, to tell its attributes.

    A host without O_PATH keeps only what is open: of the rest nothing can be told any more.

    Raises:
        OSError: the host's; KernelError: ENOENT.
    """
    node: HostNode = vp.v_data
    if not vp.v_usecount or max(node.hn_rfd, node.hn_wfd, node.hn_dirfd) >= 0:
        return
    if vp.v_type == VDIR:
        host_dirfd(vp)
    elif hasattr(os, "O_PATH"):
        name, parent = host_where(vp)
        node.hn_dirfd = os.open(name, O_NAMELESS, dir_fd=parent)


def _open_fd(node: HostNode) -> int:
    """Return a descriptor through which the file's attributes can be set, -1 if none is open."""
    return max(node.hn_rfd, node.hn_wfd)


def host_chmod(vp: Vnode, mode: int) -> None:
    """Set permissions on the host; those of symbolic links stay as they are.

    Raises:
        OSError: the host's; KernelError: ENOENT.
    """
    fd = _open_fd(vp.v_data)
    if fd >= 0:
        os.fchmod(fd, mode)
    elif vp.v_type != VLNK:
        name, parent = host_where(vp)
        os.chmod(name, mode, dir_fd=parent)


def host_chown(vp: Vnode, uid: int, gid: int) -> None:
    """Give a file of the host to the guest's uid and gid.

    Raises:
        OSError: the host's; KernelError: ENOENT.
    """
    hmp: HostMount = vp.v_mount.mnt_data
    owner = hmp.swapped(uid, gid)
    fd = _open_fd(vp.v_data)
    if fd >= 0:
        os.fchown(fd, *owner)
    else:
        name, parent = host_where(vp)
        os.chown(name, *owner, dir_fd=parent, follow_symlinks=False)


def host_utime(vp: Vnode, atime: int, mtime: int) -> None:
    """Set the times of a file on the host, ns since the epoch.

    Raises:
        OSError: the host's; KernelError: ENOENT.
    """
    fd = _open_fd(vp.v_data)
    if fd >= 0:
        os.utime(fd, ns=(atime, mtime))
    else:
        name, parent = host_where(vp)
        os.utime(name, ns=(atime, mtime), dir_fd=parent, follow_symlinks=False)


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
