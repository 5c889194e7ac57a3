# SPDX-License-Identifier: BSD-2-Clause
"""The system call stubs, made from syscalls.master when libc is loaded.  NetBSD lib/libc/sys.

Their types are in sys.pyi.  The interpreter keeps their bytecode as it keeps that of a
source file, and makes it anew when one of their sources has changed.
"""

from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

from kernel.sys import syscall
from kernel.sys.vm import VM_PROT_READ, VM_PROT_WRITE
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
    room,
)

_HERE = Path(__file__).parent
_SOURCES = (
    *(_HERE / name for name in ("makestubs.py", "manual.py", "records.py")),
    Path(syscall.__file__).parent.parent / "kern" / "syscalls.master",
)


class _StubLoader(SourceFileLoader):
    """Loads the stubs; their file exists as bytecode only."""

    def path_stats(self, path: str) -> dict[str, Any]:
        """The file is as new as the newest source; its size is not known before it is made."""
        del path
        return {"mtime": max(source.stat().st_mtime for source in _SOURCES), "size": None}

    def get_data(self, path: str) -> bytes:
        """Make the source when it is asked for."""
        if path != self.path:
            return super().get_data(path)
        from userland.libc import makestubs  # noqa: PLC0415  # only when a source has changed

        return makestubs.source().encode()


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
    "trap": trap,
    "unmap_buffer": unmap_buffer,
    **{cls.__name__: cls for cls in RECORDS.values()},
}
_given = set(_names)
exec(
    _StubLoader("userland.libc.stubs", str(_HERE / "stubs.py")).get_code("userland.libc.stubs"),
    _names,
)
STUBS = tuple(name for name in _names if name not in _given and name != "__builtins__")
globals().update({name: _names[name] for name in STUBS})
__all__ = list(STUBS)
