# SPDX-License-Identifier: BSD-2-Clause
"""The records of one transfer: copy and chunk, in C or in Python: genio.c, genio_py.

`implementation` says which; SYSENT_NATIVE=0 in the environment asks for Python.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple, Protocol

from native import genio_py, helper


class ChunkSegments(Protocol):
    """What both implementations do: segments into one stream of total bytes."""

    def __call__(
        self,
        template: bytes,
        lenoff: int,
        byteorder: Literal["little", "big"],
        fixed: int,
        segments: list[memoryview],
        chunk: int,
        total: int,
        /,
    ) -> bytes:
        """Return the records of all segments, each a template and up to chunk bytes."""


class Records(NamedTuple):
    """Records, one after the other; iterating gives each."""

    stream: memoryview  # all of them, in one piece
    runs: list[tuple[int, int]]  # where in stream each segment's records start and stop
    size: int  # bytes of a full record; the last of a run may be shorter

    def split(self) -> Iterator[memoryview]:
        """Yield each record."""
        for start, stop in self.runs:
            for at in range(start, stop, self.size):
                yield self.stream[at : min(at + self.size, stop)]


def genio(
    template: bytes,
    segments: Iterable[memoryview],
    resid: int,
    chunk: int,
    *,
    lenoff: int = 0,
    byteorder: Literal["little", "big"] = "little",
    fixed: int = 0,
) -> Records:
    """Make the records of the first resid bytes of segments.

    Each record is template and at most chunk bytes of one segment.  An empty
    segment makes an empty record as long as bytes are left; segments may hold
    fewer than resid bytes.

    Args:
        template: bytes that each record begins with.
        segments: memory that the bytes moved from or to, as contiguous bytes.
        resid: bytes.
        chunk: bytes, at least 1.
        lenoff: where in template the record's length goes, 4 bytes.
        byteorder: of that length.
        fixed: bytes of template that the length counts too.

    Raises:
        ValueError: chunk is below 1, or the length does not lie in template.
    """
    if chunk < 1 or not 0 <= lenoff <= len(template) - 4:
        raise ValueError("no room for data or for the length of a record")
    taken: list[memoryview] = []
    runs: list[tuple[int, int]] = []
    total = 0
    for segment in segments:
        if resid <= 0:
            break
        piece = segment if len(segment) <= resid else segment[:resid]
        size = len(piece)
        resid -= size
        start = total
        total += size + len(template) * (-(-size // chunk) or 1)
        taken.append(piece)
        runs.append((start, total))
    stream = chunk_segments(template, lenoff, byteorder, fixed, taken, chunk, total)
    return Records(memoryview(stream), runs, len(template) + chunk)


_helper = helper("_record")
implementation: Final = "Python" if _helper is None else "C"
chunk_segments: ChunkSegments = (_helper or genio_py).chunk_segments
