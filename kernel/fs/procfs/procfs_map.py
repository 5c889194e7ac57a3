# SPDX-License-Identifier: BSD-2-Clause
"""map and maps: the address space, a line a segment.  NetBSD sys/miscfs/procfs/procfs_map.c."""

from typing import Final

from kernel.fs.procfs.procfs import Pfskey, PFSmaps
from kernel.sys.param import PAGE_MASK
from kernel.sys.proc import Lwp, Proc
from kernel.sys.vm import VM_PROT_EXECUTE, VM_PROT_READ, VM_PROT_WRITE

_PROT: Final = ((VM_PROT_READ, "r"), (VM_PROT_WRITE, "w"), (VM_PROT_EXECUTE, "x"))
_MAP_INHERIT_COPY: Final = 1  # a forked child gets a copy


def procfs_domap(lwp: Lwp, p: Proc, pfs: Pfskey) -> bytes:
    """Return p's segments, lowest first.

    A segment is memory of the process's own: copied when it forks, of no file,
    never wired, and may be given any protection.  Lines tell of whole pages.
    """
    width = 2 * lwp.l_kernel.abi.word
    lines = []
    for segment in p.p_vmspace.vm_map.values():
        start, end = segment.start & ~PAGE_MASK, segment.end + PAGE_MASK & ~PAGE_MASK
        prot = "".join(letter if segment.prot & bit else "-" for bit, letter in _PROT)
        if pfs.pfs_type == PFSmaps:
            lines.append(
                f"{start:0{width}x}-{end:0{width}x} {prot}p {0:0{width}x} 00:00 {0:<8d} {'':25s} \n"
            )
        else:
            lines.append(f"{start:#x} {end:#x} {prot} rwx COW NNC {_MAP_INHERIT_COPY} 0 0\n")
    return "".join(lines).encode()
