# SPDX-License-Identifier: BSD-2-Clause
"""Turn a path into a vnode.  NetBSD sys/kern/vfs_lookup.c."""

from typing import Final

from kernel.arch.python.copy import copyinstr
from kernel.kern.kern_descrip import fd_getvnode
from kernel.kern.kern_ktrace import ktrnamei, ktrpoint
from kernel.kern.vfs_cache import cache_enter
from kernel.kern.vfs_getcwd import vn_isunder
from kernel.kern.vfs_subr import vfs_covered, vn_rootdir
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import AT_FDCWD
from kernel.sys.ktrace import KTR_NAMEI, KTRFAC_NAMEI
from kernel.sys.mount import IMNT_NCLOOKUP, MNT_RDONLY, MNT_SYMPERM, Mount
from kernel.sys.namei import (
    CREATE,
    CREATEDIR,
    DELETE,
    FOLLOW,
    LOOKUP,
    NOCHROOT,
    NOCROSSMOUNT,
    NONEXCLHACK,
    RENAME,
    Nameidata,
)
from kernel.sys.param import KERNEL_NAME_MAX, MAXPATHLEN, MAXSYMLINKS
from kernel.sys.proc import Lwp
from kernel.sys.stat import S_ISTXT, S_IXGRP, S_IXOTH, S_IXUSR
from kernel.sys.ucred import Ucred
from kernel.sys.vnode import VDIR, VEXEC, VLNK, VV_FIXEDNAMES, VV_ROOT, VWRITE, Vnode

_SLASH: Final = ord("/")
_NO_ENTRIES: Final = frozenset({b"", b".", b".."})  # what is no name of an entry
_SEARCH: Final = S_IXUSR | S_IXGRP | S_IXOTH  # of a directory that everybody may search


def pathbuf_copyin(lwp: Lwp, path: int) -> bytes:
    """Return the path at a user address.

    Raises:
        KernelError: EFAULT; ENAMETOOLONG, PATH_MAX bytes or more.
    """
    return copyinstr(lwp.l_proc.p_vmspace, path, MAXPATHLEN)


def namei(lwp: Lwp, nd: Nameidata) -> None:
    """Look nd.ni_path up; ni_vp, ni_dvp, ni_name tell what was found (see Nameidata).

    Args:
        lwp: the caller, whose current and root directory and rights count.
        nd: what to look up and what for.

    Raises:
        KernelError: ENOENT; ENOTDIR; EACCES; ENAMETOOLONG, a component of more
            than 255 bytes; ELOOP, more than 32 symbolic links; EROFS; EEXIST
            (CREATE) and EBUSY (DELETE, RENAME), a path without a directory
            entry of its own; EPERM, a sticky directory; EISDIR, EINVAL,
            RENAME of "." and "..".

    Source: namei_oneroot, lookup_once and tmpfs_lookup, NetBSD 10.
    """
    if nd.ni_path and ktrpoint(lwp, KTR_NAMEI):
        ktrnamei(lwp, nd.ni_path)
    _namei(lwp, nd)


def _namei(lwp: Lwp, nd: Nameidata) -> None:
    """Do what namei does, of which the trace has been told."""
    path = nd.ni_path
    if not path:
        raise KernelError(Errno.ENOENT)
    p = lwp.l_proc
    cwdi = p.p_cwdi
    rootdir = cwdi.cwdi_rdir
    flags = nd.ni_flags
    if rootdir is None or flags & NOCHROOT:
        rootdir = _rootvnode(lwp)
    if path[0] == _SLASH:
        dvp = rootdir
    else:
        dvp = nd.ni_atdir or cwdi.cwdi_cdir
        if dvp.v_type != VDIR:
            raise KernelError(Errno.ENOTDIR)
    if dvp.v_mount is lwp.l_kernel.dead_rootmount:
        raise KernelError(Errno.ENOENT)
    cred = nd.ni_cred or p.p_cred
    uid = cred.cr_uid
    loopcnt = 0
    while True:
        parts = path.split(b"/")
        last = len(parts) - 1
        while last >= 0 and not parts[last]:
            last -= 1
        if last < 0:  # "/", or a link to it
            _found(nd, None, dvp, b"")
            return
        link = None
        index = 0
        for name in parts[:last]:
            index += 1
            found = dvp.v_nc_names.get(name)  # as in lookup_fastforward
            if found is not None and not (
                flags & NOCROSSMOUNT or (uid and dvp.v_nc_mode & _SEARCH != _SEARCH)
            ):
                vp = found
            elif name:
                vp, dvp = _lookup_once(lwp, dvp, rootdir, name, cred, flags)
            else:
                continue
            if vp.v_type == VDIR:
                dvp = vp
            elif vp.v_type == VLNK:
                link = vp
                break
            else:
                raise KernelError(Errno.ENOTDIR)
        else:
            index = last + 1
            requiredir = index < len(parts)
            vp_or_none, dvp = _lookup_last(lwp, nd, dvp, rootdir, parts[last], requiredir, cred)
            if vp_or_none is None:
                nd.ni_vp, nd.ni_dvp, nd.ni_name = None, dvp, parts[last]
                return
            if vp_or_none.v_type != VLNK or not (flags & FOLLOW or requiredir):
                if requiredir and vp_or_none.v_type != VDIR:
                    raise KernelError(Errno.ENOTDIR)
                _found(nd, dvp, vp_or_none, parts[last])
                return
            link = vp_or_none
        if loopcnt == MAXSYMLINKS:
            raise KernelError(Errno.ELOOP)
        loopcnt += 1
        rest = path[sum(map(len, parts[:index])) + index - 1 :]
        path = _follow(link, rest, cred)
        if path[0] == _SLASH:
            dvp = rootdir


def lookup_fastforward(lwp: Lwp, path: bytes, atdir: Vnode | None, cred: Ucred) -> Vnode | None:
    """Return what path leads to, if the name cache knows or can learn each of its names.

    None: something is in the way, as a directory that not everybody may search, or the path
    is an odd one ("..", "//"): then namei has to go.  A symbolic link is not followed.

    Raises:
        KernelError: ENOENT.

    Source: lookup_fastforward, NetBSD sys/kern/vfs_lookup.c; cache_lookup_linked.
    """
    names = path.split(b"/")
    cwdi = lwp.l_proc.p_cwdi
    if names[0]:
        dvp: Vnode | None = atdir or cwdi.cwdi_cdir
    else:
        del names[0]
        dvp = cwdi.cwdi_rdir or lwp.l_kernel.rootvnode
    if dvp is None:
        return None
    uid = cred.cr_uid
    vp = None
    for name in names:
        if uid and dvp.v_nc_mode & _SEARCH != _SEARCH:
            return None
        vp = dvp.v_nc_names.get(name)
        if vp is None:
            vp = _cache_fill(dvp, name, cred)
            if vp is None:
                return None
        dvp = vp
    return vp


def _cache_fill(dvp: Vnode, name: bytes, cred: Ucred) -> Vnode | None:
    """Ask the file system for an ordinary name, which the cache does not have; None: it is not one.

    Raises:
        KernelError: ENOENT.
    """
    if (
        not dvp.v_mount.mnt_iflag & IMNT_NCLOOKUP
        or dvp.v_type != VDIR
        or name in _NO_ENTRIES
        or len(name) > KERNEL_NAME_MAX
    ):
        return None
    vp = dvp.v_op.vop_lookup(dvp, name, cred)
    if vp is None:
        raise KernelError(Errno.ENOENT)
    if vp.v_mountedhere is not None:
        return None
    cache_enter(dvp, name, vp)
    return vp


def namei_simple(lwp: Lwp, path: int, flags: int = FOLLOW) -> Vnode:
    """Return the file that the path at a user address leads to.

    Args:
        lwp: the caller.
        path: user address.
        flags: FOLLOW or NOFOLLOW.

    Raises:
        KernelError: as pathbuf_copyin and namei.

    Source: namei_simple_user, NetBSD sys/kern/vfs_lookup.c.
    """
    return namei_at(lwp, AT_FDCWD, path, flags)


def namei_at(lwp: Lwp, fdat: int, path: int, flags: int) -> Vnode:
    """Return the file that a path leads to, for the calls that take a directory.

    Args:
        lwp: the caller.
        fdat: where a relative path starts: a descriptor or AT_FDCWD.
        path: user address.
        flags: FOLLOW or NOFOLLOW.

    Raises:
        KernelError: as fd_atdir, pathbuf_copyin and namei.

    Source: fd_nameiat_simple_user, NetBSD sys/kern/vfs_syscalls.c.
    """
    atdir = fd_atdir(lwp, fdat)
    return nameiat_simple(lwp, atdir, pathbuf_copyin(lwp, path), flags)


def nameiat_simple(
    lwp: Lwp, atdir: Vnode | None, path: bytes, flags: int, cred: Ucred | None = None
) -> Vnode:
    """Return the file that path leads to, from atdir on if it is relative.

    Args:
        lwp: the caller.
        atdir: None: the current directory.
        path: as the caller gave it.
        flags: FOLLOW or NOFOLLOW.
        cred: whose rights count; None: the caller's.

    Raises:
        KernelError: as namei.

    Source: nameiat_simple_kernel, NetBSD sys/kern/vfs_lookup.c.
    """
    p = lwp.l_proc
    if p.p_traceflag & KTRFAC_NAMEI and path and not lwp.l_ktractive:
        ktrnamei(lwp, path)
    vp = lookup_fastforward(lwp, path, atdir, cred or p.p_cred)
    if vp is not None and (vp.v_type != VLNK or not flags & FOLLOW):
        return vp
    nd = Nameidata(LOOKUP, flags, path, atdir, cred)
    _namei(lwp, nd)
    assert nd.ni_vp is not None  # LOOKUP
    return nd.ni_vp


def fd_atdir(lwp: Lwp, fdat: int) -> Vnode | None:
    """Return the file open at fdat, None for AT_FDCWD; namei checks that it is a directory.

    Raises:
        KernelError: EBADF; EINVAL, a pipe or a socket.
    """
    if fdat == AT_FDCWD:
        return None
    vp: Vnode = fd_getvnode(lwp.l_proc, fdat).f_data
    return vp


def _rootvnode(lwp: Lwp) -> Vnode:
    rootvnode = lwp.l_kernel.rootvnode
    if rootvnode is None:
        raise KernelError(Errno.ENOENT)
    return rootvnode


def _lookup_once(
    lwp: Lwp, dvp: Vnode, rootdir: Vnode, name: bytes, cred: Ucred, flags: int
) -> tuple[Vnode, Vnode]:
    """Find a component that must exist; return it, and its directory."""
    if len(name) > KERNEL_NAME_MAX:
        raise KernelError(Errno.ENAMETOOLONG)
    if name == b"..":
        dvp, held = _dotdot(lwp, dvp, rootdir, flags)
        if held:
            return dvp, dvp
    if cred.cr_uid:
        dvp.v_op.vop_access(dvp, VEXEC, cred)
    vp = dvp.v_op.vop_lookup(dvp, name, cred)
    if vp is None:
        raise KernelError(Errno.ENOENT)
    if vp.v_mountedhere is not None:
        if flags & NOCROSSMOUNT:
            return vp, dvp
        vp = vn_rootdir(vp)
    if dvp.v_mount.mnt_iflag & IMNT_NCLOOKUP and name not in _NO_ENTRIES:
        cache_enter(dvp, name, vp)
    return vp, dvp


def _lookup_last(
    lwp: Lwp,
    nd: Nameidata,
    dvp: Vnode,
    rootdir: Vnode,
    name: bytes,
    requiredir: bool,
    cred: Ucred,
) -> tuple[Vnode | None, Vnode]:
    """Find the last component; None: there is none, and ni_op allows that."""
    op = nd.ni_op
    if op == LOOKUP:
        return _lookup_once(lwp, dvp, rootdir, name, cred, nd.ni_flags)
    if len(name) > KERNEL_NAME_MAX:
        raise KernelError(Errno.ENAMETOOLONG)
    if name == b"..":
        dvp, held = _dotdot(lwp, dvp, rootdir, nd.ni_flags)
        if held:
            return dvp, dvp
    if cred.cr_uid:
        dvp.v_op.vop_access(dvp, VEXEC, cred)
    fixed = dvp.v_vflag & VV_FIXEDNAMES
    if op != CREATE and (fixed or _is_rdonly(dvp.v_mount)):
        raise KernelError(Errno.EROFS)
    vp = dvp.v_op.vop_lookup(dvp, name, cred)
    if vp is None:
        if op == DELETE or name in {b".", b".."}:
            raise KernelError(Errno.ENOENT)
        if fixed:
            raise KernelError(Errno.EROFS)
        dvp.v_op.vop_access(dvp, VWRITE, cred)
        if requiredir and not nd.ni_flags & CREATEDIR:
            raise KernelError(Errno.ENOENT)
    elif name in {b".", b".."}:
        if op == RENAME:
            raise KernelError(Errno.EISDIR if name == b"." else Errno.EINVAL)
    else:
        if op != CREATE:
            dvp.v_op.vop_access(dvp, VWRITE, cred)
            _check_sticky(dvp, vp, cred)
        if vp.v_mountedhere is not None and not nd.ni_flags & NOCROSSMOUNT:
            vp = vn_rootdir(vp)
    return vp, dvp


def _dotdot(lwp: Lwp, dvp: Vnode, rootdir: Vnode, flags: int) -> tuple[Vnode, bool]:
    """Return where to look ".." up instead of dvp; True: it is its own parent."""
    rootvnode = _rootvnode(lwp)
    while True:
        if dvp is rootdir or dvp is rootvnode:
            return dvp, True
        if rootdir is not rootvnode and not vn_isunder(dvp, rootdir, rootvnode):
            return rootdir, True  # out of its chroot: put it back
        if not dvp.v_vflag & VV_ROOT or flags & NOCROSSMOUNT:
            return dvp, False
        dvp = vfs_covered(dvp)


def _is_rdonly(mp: Mount | None) -> bool:
    """Return whether mp is a read-only file system, or a layer over one."""
    while mp is not None:
        if mp.mnt_flag & MNT_RDONLY:
            return True
        mp = mp.mnt_lower
    return False


def _check_sticky(dvp: Vnode, vp: Vnode, cred: Ucred) -> None:
    """Refuse to take vp's name from a sticky directory that is another's, as is vp."""
    if not cred.cr_uid:
        return
    directory = dvp.v_op.vop_getattr(dvp, cred)
    if not directory.va_mode & S_ISTXT or directory.va_uid == cred.cr_uid:
        return
    if vp.v_op.vop_getattr(vp, cred).va_uid != cred.cr_uid:
        raise KernelError(Errno.EPERM)


def _follow(link: Vnode, rest: bytes, cred: Ucred) -> bytes:
    """Return the path that remains when link is replaced by its target."""
    if link.v_mount.mnt_flag & MNT_SYMPERM:
        link.v_op.vop_access(link, VEXEC, cred)
    target = link.v_op.vop_readlink(link, cred)
    if not target:
        raise KernelError(Errno.ENOENT)
    if len(target) + len(rest) + 1 >= MAXPATHLEN:
        raise KernelError(Errno.ENAMETOOLONG)
    return target + rest


def _found(nd: Nameidata, dvp: Vnode | None, vp: Vnode, name: bytes) -> None:
    """Answer with vp; without an entry of its own it cannot be made or removed."""
    if (
        nd.ni_op != LOOKUP
        and (dvp is None or dvp.v_mount is not vp.v_mount)
        and not nd.ni_flags & NONEXCLHACK
    ):
        raise KernelError(Errno.EEXIST if nd.ni_op == CREATE else Errno.EBUSY)
    nd.ni_vp, nd.ni_dvp, nd.ni_name = vp, dvp, name
