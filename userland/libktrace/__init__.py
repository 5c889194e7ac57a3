# SPDX-License-Identifier: BSD-2-Clause
"""Read, print and make NetBSD trace files; no kernel is needed.

for record in libktrace.open("ktrace.out"):
    print(record.pid, record.type, record.body())
"""

from userland.libktrace.detect import FORMATS, detect
from userland.libktrace.reader import Reader, TornTrace
from userland.libktrace.reader import open_trace as open  # noqa: A004 - as in gzip.open
from userland.libktrace.records import Record, TraceFormat, encode

__all__ = [
    "FORMATS",
    "Reader",
    "Record",
    "TornTrace",
    "TraceFormat",
    "detect",
    "encode",
    "open",
]
