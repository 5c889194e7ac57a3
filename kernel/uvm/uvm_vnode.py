# SPDX-License-Identifier: BSD-2-Clause
"""Files as memory objects.  NetBSD sys/uvm/uvm_vnode.c.

A file has one object, so all who map it meet; the pages are the file system's.
"""

from kernel.kern.vfs_subr import vref, vrele
from kernel.sys.errno import KernelError
from kernel.sys.vm import UvmObject, UvmPagerops
from kernel.sys.vnode import Vnode


def uvn_attach(vp: Vnode) -> UvmObject:
    """Return the object of vp; whoever maps it takes a reference."""
    if vp.v_uobj is None:
        vp.v_uobj = UvmObject(uvm_vnodeops, 0, uo_vnode=vp)
    uobj: UvmObject = vp.v_uobj
    return uobj


def _reference(uobj: UvmObject) -> None:
    uobj.uo_refs += 1
    vref(uobj.uo_vnode)


def _detach(uobj: UvmObject) -> None:
    vp: Vnode = uobj.uo_vnode
    uobj.uo_refs -= 1
    if not uobj.uo_refs:
        _put(uobj, 0, 0)
    vrele(vp)


def _get(uobj: UvmObject, offset: int, write: bool) -> memoryview | None:
    vp: Vnode = uobj.uo_vnode
    try:
        return vp.v_op.vop_getpages(vp, offset, write)
    except KernelError:  # no room, no such disk: a bus error for who touches it
        return None


def _put(uobj: UvmObject, start: int, end: int) -> None:
    vp: Vnode = uobj.uo_vnode
    vp.v_op.vop_putpages(vp, start, end)


def _incore(_uobj: UvmObject, _offset: int) -> bool:
    """What a file system of this kernel has, it has in memory."""
    return True


uvm_vnodeops = UvmPagerops(_reference, _detach, _get, _put, _incore)
