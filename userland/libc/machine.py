# SPDX-License-Identifier: BSD-2-Clause
"""The machine as a program meets it: the trap instruction, memory, who runs.

The one module of userland that imports the machine (kernel.arch.python.trap,
clockintr, access, locore and upcall); everything else in libc goes through these nineteen names.
"""

from kernel.arch.python.access import atomic, load, store
from kernel.arch.python.clockintr import program_begins, spin, statement
from kernel.arch.python.locore import stub, trap
from kernel.arch.python.trap import (
    collect,
    collecting,
    cpu_setframes,
    curlwp,
    forgo_fork,
    grow_stack,
    map_buffer,
    nobody,
    unmap_buffer,
)
from kernel.arch.python.trap import trap as trap_asleep
from kernel.arch.python.upcall import upcalls

__all__ = [
    "atomic", "collect", "collecting", "cpu_setframes", "curlwp", "forgo_fork", "grow_stack",
    "load", "map_buffer", "nobody", "program_begins", "spin", "statement", "store", "stub", "trap",
    "trap_asleep", "unmap_buffer", "upcalls",
]  # fmt: skip
