# SPDX-License-Identifier: BSD-2-Clause
"""One file of the host as a vnode that is in no file tree: where `run --ktrace` writes."""

import os
from dataclasses import replace
from typing import Final
from weakref import WeakValueDictionary

from kernel.fs.genfs.genfs_vnops import genfs_nullop, genfs_vnodeops
from kernel.fs.hostfs.hostfs import HostMount, HostNode
from kernel.fs.hostfs.hostfs_subr import host_errors, host_getattr
from kernel.fs.hostfs.hostfs_vfsops import hostfs_vfsops
from kernel.kern.kern_subr import uiogather
from kernel.sys.kernel import Kernel
from kernel.sys.mount import Mount
from kernel.sys.proc import Lwp
from kernel.sys.ucred import Ucred
from kernel.sys.uio import Uio
from kernel.sys.vnode import VREG, Vattr, Vnode

_MODE: Final = 0o600  # of a file that is made: a trace tells what a program read


def hostfile_vnode(kernel: Kernel, path: str) -> Vnode:
    """Create or empty the host's file at path; return a vnode that writes at its end.

    The file may be a FIFO or a device of the host too.  It is closed when the
    vnode is released for the last time (vrele).

    Raises:
        KernelError: as the host says: ENOENT, EACCES, EISDIR.
    """
    with host_errors():
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _MODE)
    node = HostNode(None, os.fsencode(path), hn_wfd=fd)
    mp = Mount(kernel, hostfs_vfsops, 0)
    vp = Vnode(VREG, mp, hostfile_vnodeops, node)
    uid, gid = os.geteuid(), os.getegid()
    mp.mnt_data = HostMount(vp, (uid, uid), (gid, gid), WeakValueDictionary())
    return vp


def hostfile_write(_lwp: Lwp | None, vp: Vnode, uio: Uio, _ioflag: int, _cred: Ucred) -> None:
    """Write all of uio at the end.

    Raises:
        KernelError: as the host says: ENOSPC, EPIPE.
    """
    fd = vp.v_data.hn_wfd
    while uio.uio_resid:
        view = memoryview(uiogather(uio, uio.uio_resid))
        with host_errors():
            while view:
                view = view[os.write(fd, view) :]


def hostfile_getattr(vp: Vnode, _cred: Ucred) -> Vattr:
    """Return the host's attributes."""
    with host_errors():
        return host_getattr(vp, os.fstat(vp.v_data.hn_wfd))


def hostfile_inactive(vp: Vnode) -> None:
    """Close the host's file."""
    vp.v_data.release()


hostfile_vnodeops = replace(
    genfs_vnodeops,
    vop_access=genfs_nullop,
    vop_getattr=hostfile_getattr,
    vop_write=hostfile_write,
    vop_inactive=hostfile_inactive,
)
