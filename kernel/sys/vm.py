# SPDX-License-Identifier: BSD-2-Clause
"""The address space of a process: sorted segments.  NetBSD sys/uvm/uvm_extern.h, uvm_map.h."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sortedcontainers import SortedDict

VM_PROT_NONE: Final = 0
VM_PROT_READ: Final = 1
VM_PROT_WRITE: Final = 2
VM_PROT_EXECUTE: Final = 4

TEXT_BASE: Final = 0x40_0000  # where functions have their addresses


class VmLayout(NamedTuple):
    """Where things are in an address space; amd64 for LP64, i386 for ILP32."""

    mmap_top: int  # mappings grow down from here
    usrstack: int  # the end of the stack


VM_LAYOUT: Final = {
    8: VmLayout(0x7F7F_F000_0000, 0x7F7F_FFFF_F000),
    4: VmLayout(0xBB00_0000, 0xBFBF_F000),
}


@dataclass(slots=True, eq=False)
class Segment:
    """A run of mapped memory: [start, start + len(mem))."""

    start: int
    mem: memoryview  # writable only if prot has VM_PROT_WRITE
    prot: int = VM_PROT_READ | VM_PROT_WRITE

    @property
    def end(self) -> int:
        """The first address past the segment."""
        return self.start + len(self.mem)


NO_STACK: Final = Segment(0, memoryview(b""), VM_PROT_NONE)


@dataclass(slots=True, eq=False)
class VmSpace:
    """A process's vm_map, keyed by start address; segments do not overlap.

    vm_stack is the segment most arguments are in, looked at before the map.
    vm_log, when a list, receives (address, bytes) for each copyout: what a
    fork's replay has to put back (kern_fork).
    """

    vm_layout: VmLayout
    vm_map: SortedDict = field(default_factory=SortedDict)
    vm_stack: Segment = field(default_factory=lambda: Segment(0, memoryview(b"")))
    vm_log: list[object] | None = None
    vm_refcnt: int = 1
