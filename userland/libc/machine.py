# SPDX-License-Identifier: BSD-2-Clause
"""The machine as a program meets it: the trap instruction, memory, who runs.

The one module of userland that imports the machine (kernel.arch.python.trap and
clockintr and access); everything else in libc goes through these sixteen names.
"""

from kernel.arch.python.access import atomic, load, store
from kernel.arch.python.clockintr import program_begins, spin, statement
from kernel.arch.python.trap import (
    collect,
    collecting,
    cpu_setframes,
    curlwp,
    forgo_fork,
    grow_stack,
    map_buffer,
    nobody,
    trap,
    unmap_buffer,
)

__all__ = [
    "atomic", "collect", "collecting", "cpu_setframes", "curlwp", "forgo_fork", "grow_stack",
    "load", "map_buffer", "nobody", "program_begins", "spin", "statement", "store", "trap",
    "unmap_buffer",
]  # fmt: skip
