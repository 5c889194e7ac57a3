# SPDX-License-Identifier: BSD-2-Clause
"""map and maps: the address space, a line a segment.  NetBSD sys/miscfs/procfs/procfs_map.c."""

from typing import Final

from kernel.fs.procfs.procfs import Pfskey, PFSmaps
from kernel.sys.errno import KernelError
from kernel.sys.param import PAGE_MASK
from kernel.sys.proc import Lwp, Proc
from kernel.sys.types import major, minor
from kernel.sys.vm import VM_PROT_EXECUTE, VM_PROT_READ, VM_PROT_WRITE, Segment
from kernel.uvm.uvm_fault import uvm_grow

_PROT: Final = ((VM_PROT_READ, "r"), (VM_PROT_WRITE, "w"), (VM_PROT_EXECUTE, "x"))


def _letters(prot: int) -> str:
    return "".join(letter if prot & bit else "-" for bit, letter in _PROT)


def procfs_domap(lwp: Lwp, p: Proc, pfs: Pfskey) -> bytes:
    """Return p's segments, lowest first; lines tell of whole pages.

    A file is told by device and inode number, and by its path from the root on
    if it is the program itself, whose path is known.
    """
    width = 2 * lwp.l_kernel.abi.word
    lines = []
    uvm_grow(p.p_vmspace, p.p_vmspace.vm_maxsaddr)
    for segment in p.p_vmspace.vm_map.values():
        start, end = segment.start & ~PAGE_MASK, segment.end + PAGE_MASK & ~PAGE_MASK
        prot = _letters(segment.prot)
        shared = bool(segment.size) and segment.amap is None
        if pfs.pfs_type == PFSmaps:
            dev, fileid, path = _file(p, segment)
            lines.append(
                f"{start:0{width}x}-{end:0{width}x} {prot}{'s' if shared else 'p'}"
                f" {segment.offset if fileid else 0:0{width}x}"
                f" {major(dev):02x}:{minor(dev):02x} {fileid:<8d} {path:25s} \n"
            )
        else:
            lines.append(
                f"{start:#x} {end:#x} {prot} {_letters(segment.max_protection)}"
                f" {'NCOW' if shared else 'COW'} NNC {segment.inheritance}"
                f" {int(segment.wired)} {segment.advice}\n"
            )
    return "".join(lines).encode("utf-8", "surrogateescape")


def _file(p: Proc, segment: Segment) -> tuple[int, int, str]:
    """Return device, inode number and path of the file in segment, zeroes if there is none."""
    vp = None if segment.object is None else segment.object.uo_vnode
    if vp is None:
        return 0, 0, ""
    try:
        va = vp.v_op.vop_getattr(vp, p.p_cred)
    except KernelError:
        return 0, 0, ""
    path = p.p_path.decode("utf-8", "surrogateescape") if vp is p.p_textvp else ""
    return va.va_fsid, va.va_fileid, path
