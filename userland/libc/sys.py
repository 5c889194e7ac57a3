# SPDX-License-Identifier: BSD-2-Clause
"""The system call stubs, made from syscalls.master when libc is loaded.  NetBSD lib/libc/sys.

Their types are in sys.pyi.
"""

from os.path import dirname

from kernel.sys import syscall
from kernel.sys.vm import VM_PROT_READ, VM_PROT_WRITE
from userland.libc.cerror import cerror
from userland.libc.generated import Generated
from userland.libc.machine import curlwp, map_buffer, stub, trap, unmap_buffer
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
    room,
)

_HERE = dirname(__file__)
_SOURCES = (
    *(f"{_HERE}/{name}" for name in ("makestubs.py", "manual.py", "records.py")),
    syscall.MASTER,
)


def _source() -> str:
    from userland.libc import makestubs  # noqa: PLC0415  # only when a source has changed

    return makestubs.source()


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
    "room": room,
    "stub": stub,
    "trap": trap,
    "unmap_buffer": unmap_buffer,
    **{cls.__name__: cls for cls in RECORDS.values()},
}
_given = set(_names)
_loader = Generated("userland.libc.stubs", f"{_HERE}/stubs.py", _SOURCES, _source)
exec(_loader.code(), _names)
STUBS = tuple(name for name in _names if name not in _given and name != "__builtins__")
globals().update({name: _names[name] for name in STUBS})
__all__ = list(STUBS)
