# SPDX-License-Identifier: BSD-2-Clause
"""The name cache: what names have been found to lead to.  NetBSD sys/kern/vfs_cache.c.

A file system with IMNT_NCLOOKUP keeps no other account of names behind the
kernel's back: it takes a name that goes away out of the cache, and says who
may search a directory.  A name that is covered leads to what covers it; as
mounts are rare, each empties the cache.
"""

from kernel.sys.kernel import Kernel
from kernel.sys.vnode import NO_NAMES, Vnode


def cache_enter(dvp: Vnode, name: bytes, vp: Vnode) -> None:
    """Note that name in directory dvp leads to vp."""
    names = dvp.v_nc_names
    if not names:
        names = dvp.v_nc_names = {}
        dvp.v_mount.mnt_kernel.nc_dirs[dvp] = None
    names[name] = vp


def cache_enter_id(vp: Vnode, mode: int) -> None:
    """Note the permissions of directory vp: if all may search it, the file system is not asked."""
    vp.v_nc_mode = mode


def cache_purge1(dvp: Vnode, name: bytes) -> None:
    """Forget a name that goes away or gets another file."""
    dvp.v_nc_names.pop(name, None)


def cache_purge(dvp: Vnode) -> None:
    """Forget directory dvp, which is removed."""
    dvp.v_nc_names = NO_NAMES
    dvp.v_mount.mnt_kernel.nc_dirs.pop(dvp, None)


def cache_purgeall(kernel: Kernel) -> None:
    """Forget everything: a mount has come or gone, or a file was taken away from its vnode."""
    for dvp in kernel.nc_dirs:
        dvp.v_nc_names = NO_NAMES
    kernel.nc_dirs.clear()
