# SPDX-License-Identifier: BSD-2-Clause
"""The pure-Python twin of genio.c, for machines without a C compiler."""

from collections.abc import Iterator
from typing import Literal


def chunk_segment(
    template: bytes,
    lenoff: int,
    byteorder: Literal["little", "big"],
    fixed: int,
    src: memoryview,
    chunk: int,
) -> Iterator[bytearray]:
    """Yield src as records, one at least: see genio_chunk in genio.h."""
    for start in range(0, len(src) or 1, chunk):
        data = src[start : start + chunk]
        header = bytearray(template)
        header[lenoff : lenoff + 4] = (fixed + len(data)).to_bytes(4, byteorder)
        yield header + data


def extend_segments(
    array: bytearray,
    template: bytes,
    lenoff: int,
    byteorder: Literal["little", "big"],
    fixed: int,
    segments: list[memoryview],
    chunk: int,
    total: int,
) -> None:
    """Append the records of all segments, total bytes, to array."""
    stream = b"".join(
        record
        for src in segments
        for record in chunk_segment(template, lenoff, byteorder, fixed, src, chunk)
    )
    if len(stream) != total:
        raise ValueError("other records than were counted")
    array += stream
