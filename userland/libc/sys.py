# SPDX-License-Identifier: BSD-2-Clause
"""The system call stubs, made from syscalls.master when libc is loaded.  NetBSD lib/libc/sys.

Their types are in sys.pyi.
"""

from kernel.sys.vm import VM_PROT_READ, VM_PROT_WRITE
from userland.libc import makestubs
from userland.libc.cerror import cerror
from userland.libc.machine import curlwp, map_buffer, trap, unmap_buffer
from userland.libc.records import RECORDS
from userland.libc.stack import (
    SMALL,
    bytesof,
    fetch,
    fetchrecord,
    pushbytes,
    pushrecord,
    pushstr,
    reserve,
)

_names = {
    "SMALL": SMALL,
    "VM_PROT_READ": VM_PROT_READ,
    "VM_PROT_WRITE": VM_PROT_WRITE,
    "__name__": __name__,
    "bytesof": bytesof,
    "cerror": cerror,
    "curlwp": curlwp,
    "fetch": fetch,
    "fetchrecord": fetchrecord,
    "map_buffer": map_buffer,
    "pushbytes": pushbytes,
    "pushrecord": pushrecord,
    "pushstr": pushstr,
    "reserve": reserve,
    "trap": trap,
    "unmap_buffer": unmap_buffer,
    **{cls.__name__: cls for cls in RECORDS.values()},
}
_given = set(_names)
exec(compile(makestubs.source(), "<system calls>", "exec"), _names)
STUBS = tuple(name for name in _names if name not in _given and name != "__builtins__")
globals().update({name: _names[name] for name in STUBS})
__all__ = list(STUBS)
