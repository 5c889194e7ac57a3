# SPDX-License-Identifier: BSD-2-Clause
"""Read, print and make NetBSD trace files; no kernel is needed.

    for record in libktrace.open("ktrace.out"):
        print(record.pid, record.type, record.body())

Each name is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from userland.libktrace.detect import FORMATS
    from userland.libktrace.reader import Reader, TornTrace
    from userland.libktrace.reader import open_trace as open  # noqa: A004 - as in gzip.open
    from userland.libktrace.records import Record, TraceFormat, encode

__all__ = [
    "FORMATS",
    "Reader",
    "Record",
    "TornTrace",
    "TraceFormat",
    "encode",
    "open",
]

_WHERE: Final = {
    "FORMATS": ("detect", "FORMATS"),
    "Reader": ("reader", "Reader"),
    "Record": ("records", "Record"),
    "TornTrace": ("reader", "TornTrace"),
    "TraceFormat": ("records", "TraceFormat"),
    "encode": ("records", "encode"),
    "open": ("reader", "open_trace"),
}


def __getattr__(name: str) -> Any:
    """Load what has name.

    Raises:
        AttributeError: there is none.
    """
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    module, original = _WHERE[name]
    value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), original)
    return value
