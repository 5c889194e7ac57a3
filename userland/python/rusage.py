# SPDX-License-Identifier: BSD-2-Clause
"""What was used, as Python tells it: times in seconds.  CPython Modules/resource.c."""

from resource import struct_rusage

from kernel.sys.resource import RusageLayout

__all__ = ["rusage"]

_NS = 1_000_000_000


def rusage(used: RusageLayout) -> struct_rusage:
    """Return the tuple that programs know."""
    utime, stime, *counts = used
    return struct_rusage((utime / _NS, stime / _NS, *counts))
