# SPDX-License-Identifier: BSD-2-Clause
"""What a kernel holds, counted: equal before and after work that has ended, or something leaks."""

import gc
from collections import Counter
from typing import Any

from kernel.api import System
from kernel.kern.vfs_cache import cache_purgeall
from kernel.sys.kernel import Kernel

# What the kernel keeps on purpose, or what counts up for ever.
_GROWING = frozenset(
    "calloutq calloutseq clock foreground ipc_seqs lastpid loadtime mntid msgbuf rng slice_end switchtime tm_last_id".split()
)
_KERNEL = ("kernel.dev", "kernel.fs", "kernel.kern", "kernel.net", "kernel.sys", "kernel.uvm")
_TCP_SECONDS = 700  # after which nothing of a connection is left
_UNCOUNTED = frozenset(
    (
        "kernel.sys.cdefs.Layout",  # made for a type and word size once it is needed
        "kernel.fs.tmpfs.tmpfs.TmpfsDirent",  # removed ones stay until they are half of a directory
    )
)


def objects() -> Counter[str]:
    """Count the objects of the kernel's own classes, of all kernels in this interpreter."""
    gc.collect()
    found: Counter[str] = Counter()
    for thing in gc.get_objects():
        name = f"{type(thing).__module__}.{type(thing).__qualname__}"
        if name.startswith(_KERNEL) and name not in _UNCOUNTED:
            found[name] += 1
    return found


def tables(kernel: Kernel) -> Counter[str]:
    """Count the entries of each table of the kernel, and the numbers it keeps."""
    found: Counter[str] = Counter()
    for name in kernel.__match_args__:
        value = getattr(kernel, name)
        if name in _GROWING:
            continue
        if isinstance(value, int) and not isinstance(value, bool):
            found[name] = value
        elif hasattr(value, "__len__"):
            found[name] = len(value)
    return found


def space(kernel: Kernel) -> Counter[str]:
    """Count bytes, nodes and vnodes of each mounted file system."""
    found: Counter[str] = Counter()
    for number, mp in enumerate(kernel.mountlist):
        data: Any = mp.mnt_data
        for name in getattr(data, "__match_args__", ()):
            value = getattr(data, name)
            if name in _GROWING:
                continue
            if isinstance(value, int) and not isinstance(value, bool):
                found[f"mount {number} {name}"] = value
    return found


def census(system: System) -> Counter[str]:
    """Count everything, once all who can run have run, and what is only remembered is forgotten."""
    system.settle()
    kernel = system.kernel
    if kernel.net.sockets:
        system.advance(_TCP_SECONDS)
    cache_purgeall(kernel)
    return objects() + tables(kernel) + space(kernel)


def difference(before: Counter[str], after: Counter[str]) -> dict[str, tuple[int, int]]:
    """Return what is not as it was: name to (before, after)."""
    names = before.keys() | after.keys()
    return {
        name: (before[name], after[name]) for name in sorted(names) if before[name] != after[name]
    }
