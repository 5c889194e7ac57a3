# SPDX-License-Identifier: BSD-2-Clause
"""Vnode operations on the host's files.

The guest's permissions are checked as everywhere; the host's own then hold
for the user who runs the kernel, and what it refuses is refused.
"""

import os
from contextlib import suppress
from itertools import islice

from kernel.fs.fifofs.fifo_vnops import fifo_over
from kernel.fs.genfs.genfs_vnops import genfs_mmap, genfs_vnodeops
from kernel.fs.hostfs.hostfs import O_FILE, HostMount, HostNode, host_names
from kernel.fs.hostfs.hostfs_attr import hostfs_access, hostfs_getattr, hostfs_setattr
from kernel.fs.hostfs.hostfs_pages import (
    hostfs_flush,
    hostfs_getpages,
    hostfs_inuse,
    hostfs_putpages,
)
from kernel.fs.hostfs.hostfs_rename import hostfs_remove, hostfs_rename, hostfs_rmdir
from kernel.fs.hostfs.hostfs_subr import (
    host_dirfd,
    host_errors,
    host_fd,
    host_noatime,
    host_stat,
    host_where,
    host_writable,
)
from kernel.kern.kern_subr import uiogather, uiomove
from kernel.kern.vfs_subr import uiodirents
from kernel.sys.dataclasses import replace
from kernel.sys.dirent import IFTODT, Dirent, dirent_reclen
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import FREAD, FWRITE
from kernel.sys.mount import Mount
from kernel.sys.param import KERNEL_NAME_MAX, LINK_MAX, PATH_MAX, PIPE_BUF
from kernel.sys.proc import Lwp
from kernel.sys.stat import ALLPERMS, S_IFSOCK, S_ISGID, S_ISUID
from kernel.sys.ucred import Ucred
from kernel.sys.uio import Uio
from kernel.sys.unistd import (
    _PC_CHOWN_RESTRICTED,
    _PC_FILESIZEBITS,
    _PC_LINK_MAX,
    _PC_NAME_MAX,
    _PC_NO_TRUNC,
    _PC_PATH_MAX,
    _PC_PIPE_BUF,
    _PC_SYNC_IO,
)
from kernel.sys.vnode import (
    IFTOVT,
    IO_APPEND,
    VBLK,
    VCHR,
    VDIR,
    VFIFO,
    VLNK,
    VREG,
    VSOCK,
    VV_ROOT,
    Vattr,
    Vnode,
    VnodeOps,
)

_CHUNK = 1 << 20  # bytes moved to or from the host at a time
_FIRST = 2  # cookie of the first name, after "." and ".."
_SLACK = 64  # removed names that are not worth a new order

_PATHCONF = {
    _PC_LINK_MAX: LINK_MAX,
    _PC_NAME_MAX: KERNEL_NAME_MAX,
    _PC_PATH_MAX: PATH_MAX,
    _PC_PIPE_BUF: PIPE_BUF,
    _PC_CHOWN_RESTRICTED: 1,
    _PC_NO_TRUNC: 1,
    _PC_SYNC_IO: 1,
    _PC_FILESIZEBITS: 64,
}


def hostfs_vget(mp: Mount, st: os.stat_result, dvp: Vnode, name: bytes) -> Vnode:
    """Return the vnode of the host's file st, which is name in dvp."""
    hmp: HostMount = mp.mnt_data
    key = st.st_dev, st.st_ino
    vtype = IFTOVT(st.st_mode)
    vp = hmp.hm_nodes.get(key)
    if vp is None or vp.v_type != vtype:
        vp = Vnode(vtype, mp, _OPS.get(vtype, hostfs_vnodeops), HostNode(dvp, name))
        hmp.hm_nodes[key] = vp
    elif vp is not hmp.hm_root:
        vp.v_data.hn_parent, vp.v_data.hn_name = dvp, name
    return vp


def hostfs_lookup(dvp: Vnode, name: bytes, _cred: Ucred) -> Vnode | None:
    """Find name, without following it if it is a symbolic link."""
    if name == b".":
        return dvp
    if name == b"..":
        parent: Vnode | None = dvp.v_data.hn_parent
        return parent
    if name in _hidden(dvp):
        return None
    with host_errors():
        try:
            st = os.stat(name, dir_fd=host_dirfd(dvp), follow_symlinks=False)
        except FileNotFoundError:
            return None
    return hostfs_vget(dvp.v_mount, st, dvp, name)


def _hidden(dvp: Vnode) -> frozenset[bytes]:
    """Return the names that are in a directory of the host and not in the guest's."""
    hmp: HostMount = dvp.v_mount.mnt_data
    return hmp.hm_hidden if dvp is hmp.hm_root else frozenset()


def hostfs_create(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred) -> Vnode:
    """Make a regular file; or the name of a socket, which nobody of the host listens at.

    Raises:
        KernelError: EOPNOTSUPP, any other type; EROFS; and as the host says.
    """
    if vap.va_type not in {VREG, VSOCK}:
        raise KernelError(Errno.EOPNOTSUPP)
    host_writable(dvp)
    if vap.va_type == VSOCK:
        with host_errors():
            os.mknod(name, S_IFSOCK | 0o600, dir_fd=host_dirfd(dvp))
        return _made(dvp, name, vap, cred)
    with host_errors():
        flags = O_FILE | os.O_RDWR | os.O_CREAT | os.O_EXCL
        fd = os.open(name, flags, 0o600, dir_fd=host_dirfd(dvp))
    try:
        vp = _made(dvp, name, vap, cred)
    except KernelError:
        os.close(fd)
        raise
    vp.v_data.hn_rfd = vp.v_data.hn_wfd = fd
    return vp


def hostfs_mknod(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred) -> Vnode:
    """Make a FIFO; its bytes flow in the guest only.

    Raises:
        KernelError: EOPNOTSUPP, a device; EROFS; and as the host says.
    """
    if vap.va_type != VFIFO:
        raise KernelError(Errno.EOPNOTSUPP)
    host_writable(dvp)
    with host_errors():
        os.mkfifo(name, 0o600, dir_fd=host_dirfd(dvp))
    return _made(dvp, name, vap, cred)


def hostfs_mkdir(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred) -> Vnode:
    """Make a directory.

    Raises:
        KernelError: EROFS; and as the host says.
    """
    host_writable(dvp)
    with host_errors():
        os.mkdir(name, 0o700, dir_fd=host_dirfd(dvp))
    return _made(dvp, name, vap, cred)


def hostfs_symlink(dvp: Vnode, name: bytes, vap: Vattr, target: bytes, cred: Ucred) -> Vnode:
    """Make a symbolic link; the guest follows it in its own file tree.

    Raises:
        KernelError: EROFS; and as the host says.
    """
    host_writable(dvp)
    with host_errors():
        os.symlink(target, name, dir_fd=host_dirfd(dvp))
    return _made(dvp, name, vap, cred)


def _made(dvp: Vnode, name: bytes, vap: Vattr, cred: Ucred) -> Vnode:
    """Return the vnode of a file just made, with its mode.

    As far as the host lets us it is given to cred, and to the directory's group.
    """
    vp = hostfs_lookup(dvp, name, cred)
    if vp is None:
        raise KernelError(Errno.ENOENT)
    with host_errors():
        dirfd, st = host_dirfd(dvp), host_stat(vp)
        uid = dvp.v_mount.mnt_data.swapped(cred.cr_uid, -1)[0]
        gid = host_stat(dvp).st_gid
        if (uid, gid) != (st.st_uid, st.st_gid):
            with suppress(PermissionError):
                owner = uid if os.geteuid() == 0 else -1
                os.chown(name, owner, gid, dir_fd=dirfd, follow_symlinks=False)
        if vp.v_type != VLNK:
            os.chmod(name, vap.va_mode, dir_fd=dirfd)
    return vp


def hostfs_link(dvp: Vnode, vp: Vnode, name: bytes, _cred: Ucred) -> None:
    """Give vp one more name.

    Raises:
        KernelError: EROFS; and as the host says.
    """
    host_writable(dvp)
    with host_errors():
        old, dirfd = host_where(vp)
        os.link(old, name, src_dir_fd=dirfd, dst_dir_fd=host_dirfd(dvp), follow_symlinks=False)


def hostfs_readdir(vp: Vnode, uio: Uio, _cred: Ucred) -> bool:
    """Read entries from the cookie in uio_offset on; a name keeps its cookie.

    Raises:
        KernelError: ENOTDIR; EINVAL, no such cookie; EFAULT; and as the host says.
    """
    if vp.v_type != VDIR:
        raise KernelError(Errno.ENOTDIR)
    node: HostNode = vp.v_data
    with host_errors():
        dirfd = host_dirfd(vp)
        if uio.uio_offset < _FIRST or not node.hn_order:
            _reorder(node, dirfd, host_noatime(vp), _hidden(vp))
        if not 0 <= uio.uio_offset <= _FIRST + len(node.hn_order):
            raise KernelError(Errno.EINVAL)
        hmp: HostMount = vp.v_mount.mnt_data
        entries: list[tuple[Dirent, int]] = []
        for cookie, link in ((0, vp), (1, node.hn_parent or vp)):
            if uio.uio_offset <= cookie:
                st = host_stat(link)
                kind, name = IFTODT(st.st_mode), b"." * (cookie + 1)
                entries.append((Dirent(hmp.fileid(st), kind, name), cookie + 1))
        room = uio.uio_resid
        start = max(uio.uio_offset - _FIRST, 0)
        for at, name in enumerate(islice(node.hn_order, start, None), start):
            if room < 0:
                break
            try:
                st = os.stat(name, dir_fd=dirfd, follow_symlinks=False)
            except FileNotFoundError:
                continue
            room -= dirent_reclen(len(name))
            entry = Dirent(hmp.fileid(st), IFTODT(st.st_mode), name)
            entries.append((entry, _FIRST + at + 1))
    return uiodirents(uio, entries) and room >= 0


def _reorder(node: HostNode, dirfd: int, noatime: bool, hidden: frozenset[bytes]) -> None:
    """Give cookies to the names that have none; sweep when most are of names that have gone.

    Raises:
        OSError: the host's.
    """
    present = [name for name in host_names(dirfd, noatime) if name not in hidden]
    if len(node.hn_order) > 2 * len(present) + _SLACK:
        node.hn_order.clear()
    known = set(node.hn_order)
    node.hn_order += [name for name in present if name not in known]


def hostfs_readlink(vp: Vnode, _cred: Ucred) -> bytes:
    """Return the target of a symbolic link."""
    with host_errors():
        name, dirfd = host_where(vp)
        return os.readlink(name, dir_fd=dirfd)


def hostfs_open(_lwp: Lwp, vp: Vnode, mode: int, _cred: Ucred) -> None:
    """Open the host's file, so that its data stay in reach when its name is gone.

    Raises:
        KernelError: ENXIO, a device of the host; EROFS; and as the host says.
    """
    if vp.v_type in {VCHR, VBLK}:
        raise KernelError(Errno.ENXIO)
    node: HostNode = vp.v_data
    if mode & FWRITE:
        host_writable(vp)
    if vp.v_type == VREG:
        with host_errors():
            for access in (FREAD, FWRITE):
                if mode & access:
                    host_fd(vp, access)
    node.hn_opencnt += 1


def hostfs_close(_lwp: Lwp | None, vp: Vnode, _fflag: int, _cred: Ucred) -> None:
    """Close; with the last one the host's file is closed too."""
    node: HostNode = vp.v_data
    node.hn_opencnt -= 1
    if not hostfs_inuse(vp):
        node.release()


def hostfs_read(_lwp: Lwp | None, vp: Vnode, uio: Uio, _ioflag: int, _cred: Ucred) -> None:
    """Read from uio_offset on.

    Raises:
        KernelError: EISDIR; EINVAL, no regular file or uio_offset < 0; EFAULT;
            and as the host says.
    """
    if vp.v_type == VDIR:
        raise KernelError(Errno.EISDIR)
    if uio.uio_offset < 0 or vp.v_type != VREG:
        raise KernelError(Errno.EINVAL)
    hostfs_flush(vp)
    with host_errors():
        fd = host_fd(vp, FREAD)
        while uio.uio_resid:
            data = os.pread(fd, min(uio.uio_resid, _CHUNK), uio.uio_offset)
            if not data:
                break
            uiomove(data, uio)


def hostfs_write(_lwp: Lwp | None, vp: Vnode, uio: Uio, ioflag: int, cred: Ucred) -> None:
    """Write at uio_offset, or with IO_APPEND at the end; set-id bits go unless root writes.

    Raises:
        KernelError: EROFS; EINVAL, no regular file or uio_offset < 0; EFAULT;
            and as the host says: ENOSPC, EDQUOT, EIO.
    """
    host_writable(vp)
    if uio.uio_offset < 0 or vp.v_type != VREG:
        raise KernelError(Errno.EINVAL)
    hostfs_flush(vp)
    with host_errors():
        fd = host_fd(vp, FWRITE)
        if ioflag & IO_APPEND:
            uio.uio_offset = os.fstat(fd).st_size
        while uio.uio_resid:
            offset = uio.uio_offset
            view = memoryview(uiogather(uio, min(uio.uio_resid, _CHUNK)))
            while view:
                try:
                    done = os.pwrite(fd, view, offset)
                except OSError:
                    uio.uio_resid += len(view)
                    uio.uio_offset -= len(view)
                    raise
                offset += done
                view = view[done:]
        if cred.cr_uid:
            mode = os.fstat(fd).st_mode & ALLPERMS
            if mode & (S_ISUID | S_ISGID):
                os.fchmod(fd, mode & ~(S_ISUID | S_ISGID))


def hostfs_fsync(vp: Vnode, _cred: Ucred, _flags: int, _offlo: int, _offhi: int) -> None:
    """Have the host put the data on its disk."""
    hostfs_flush(vp)
    with host_errors():
        if vp.v_data.hn_wfd >= 0:
            os.fsync(vp.v_data.hn_wfd)


def hostfs_pathconf(_vp: Vnode, name: int) -> int:
    """Return a limit.

    Raises:
        KernelError: EINVAL, no such name.
    """
    value = _PATHCONF.get(name)
    if value is None:
        raise KernelError(Errno.EINVAL)
    return value


def hostfs_inactive(vp: Vnode) -> None:
    """Close the host's file: nobody holds vp any more."""
    vp.v_data.release()


def hostfs_reclaim(vp: Vnode) -> None:
    """Forget vp; its file gets another vnode when it is looked up."""
    mp = vp.v_mount
    hmp: HostMount = mp.mnt_data
    for key, other in list(hmp.hm_nodes.items()):
        if other is vp:
            del hmp.hm_nodes[key]
            if vp is hmp.hm_root:
                root = Vnode(VDIR, mp, hostfs_vnodeops, vp.v_data, v_vflag=VV_ROOT)
                hmp.hm_root = hmp.hm_nodes[key] = root


hostfs_vnodeops = replace(
    genfs_vnodeops,
    vop_lookup=hostfs_lookup,
    vop_create=hostfs_create,
    vop_mknod=hostfs_mknod,
    vop_mkdir=hostfs_mkdir,
    vop_symlink=hostfs_symlink,
    vop_link=hostfs_link,
    vop_remove=hostfs_remove,
    vop_rmdir=hostfs_rmdir,
    vop_rename=hostfs_rename,
    vop_readdir=hostfs_readdir,
    vop_readlink=hostfs_readlink,
    vop_open=hostfs_open,
    vop_close=hostfs_close,
    vop_access=hostfs_access,
    vop_getattr=hostfs_getattr,
    vop_setattr=hostfs_setattr,
    vop_read=hostfs_read,
    vop_write=hostfs_write,
    vop_mmap=genfs_mmap,
    vop_getpages=hostfs_getpages,
    vop_putpages=hostfs_putpages,
    vop_fsync=hostfs_fsync,
    vop_pathconf=hostfs_pathconf,
    vop_inactive=hostfs_inactive,
    vop_reclaim=hostfs_reclaim,
)

_OPS: dict[int, VnodeOps] = {VFIFO: fifo_over(hostfs_vnodeops)}
