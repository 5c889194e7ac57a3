# SPDX-License-Identifier: BSD-2-Clause
"""The host's memory: what is freed is kept for the next, as a kernel keeps its free pages.

A file that is removed frees megabytes, the next one wants them again; given back in
between, each page is a fault of the host's when it is first touched, which costs many
times what copying to it does.  Only glibc needs to be told; without the C helper nobody is.
"""

from typing import Final

from native import helper

KEPT: Final = 128 << 20  # bytes of free memory that are not given back
LARGEST: Final = 32 << 20  # bytes of the largest block that comes from there: glibc takes no more


def keep_freed() -> None:
    """Ask the allocator of the whole process, once or again."""
    extension = helper("_record")
    if extension is not None:
        extension.keep_freed(KEPT, LARGEST)
