# SPDX-License-Identifier: BSD-2-Clause
"""The machine as a program meets it: the trap instruction, memory, who runs.

The one module of userland that imports the machine (kernel.arch.python.trap and
access); everything else in libc goes through these seven names.
"""

from kernel.arch.python.access import atomic, load, store
from kernel.arch.python.trap import curlwp, map_buffer, trap, unmap_buffer

__all__ = ["atomic", "curlwp", "load", "map_buffer", "store", "trap", "unmap_buffer"]
