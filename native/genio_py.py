# SPDX-License-Identifier: BSD-2-Clause
"""The pure-Python twin of genio.c, for machines without a C compiler."""

from collections.abc import Iterator
from typing import Literal


def chunk_segment(
    template: bytes,
    lenoff: int,
    bigendian: bool,
    fixed: int,
    src: memoryview,
    chunk: int,
) -> Iterator[bytearray]:
    """Yield src as records, one at least: see genio_chunk in genio.h."""
    order: Literal["little", "big"] = "big" if bigendian else "little"
    for start in range(0, len(src) or 1, chunk):
        data = src[start : start + chunk]
        header = bytearray(template)
        header[lenoff : lenoff + 4] = (fixed + len(data)).to_bytes(4, order)
        yield header + data


def chunk_segments(
    template: bytes,
    lenoff: int,
    bigendian: bool,
    fixed: int,
    segments: list[memoryview],
    chunk: int,
    total: int,
) -> bytearray:
    """Return the records of all segments, total bytes."""
    stream = bytearray().join(
        record
        for src in segments
        for record in chunk_segment(template, lenoff, bigendian, fixed, src, chunk)
    )
    if len(stream) != total:
        raise ValueError("other records than were counted")
    return stream
