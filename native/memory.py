# SPDX-License-Identifier: BSD-2-Clause
"""The host's memory: what is freed is kept for the next, as a kernel keeps its free pages.

A file that is removed frees megabytes, the next one wants them again; given back in
between, each page is a fault of the host's when it is first touched, which costs many
times what copying to it does.  Only glibc needs to be told.  So it is with the chunk that the
interpreter has the frames of a context in: it is taken and given back with each.  Without the C
helper nobody is told.
"""

from typing import Final

from native import helper

KEPT: Final = 128 << 20  # bytes of free memory that are not given back
LARGEST: Final = 32 << 20  # bytes of the largest block that comes from there: glibc takes no more
CHUNK: Final = 16 << 10  # bytes of a chunk for frames (DATA_STACK_CHUNK_SIZE), since CPython 3.11
CHUNKS: Final = 16  # that are kept


def keep_freed() -> None:
    """Ask the allocator of the whole process, once or again."""
    extension = helper("_record")
    if extension is not None:
        extension.keep_freed(KEPT, LARGEST, CHUNK, CHUNKS)
