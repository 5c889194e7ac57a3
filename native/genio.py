# SPDX-License-Identifier: BSD-2-Clause
"""The records of one transfer: copy and chunk, in C or in Python: genio.c, genio_py.

`implementation` says which; SYSENT_NATIVE=0 in the environment asks for Python.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from native import genio_py, helper


class ChunkSegments(Protocol):
    """What both implementations do: the records of segments in one array."""

    def __call__(
        self,
        template: bytes,
        lenoff: int,
        bigendian: bool,
        fixed: int,
        segments: list[memoryview],
        chunk: int,
        total: int,
        /,
    ) -> bytearray:
        """Return total bytes: each record a template and up to chunk bytes of a segment."""


class Records:
    """Records of one transfer, not made yet.

    Attributes:
        total: bytes of all.
    """

    __slots__ = (
        "_bigendian", "_chunk", "_fixed", "_lenoff", "_runs", "_segments", "_template", "total",
    )  # fmt: skip

    def __init__(
        self,
        template: bytes,
        segments: Iterable[memoryview],
        resid: int,
        chunk: int,
        *,
        lenoff: int = 0,
        bigendian: bool = False,
        fixed: int = 0,
    ) -> None:
        """Describe the records of the first resid bytes of segments.

        Each record is template and at most chunk bytes of one segment.  An empty
        segment makes an empty record as long as bytes are left; segments may hold
        fewer than resid bytes.

        Args:
            template: bytes that each record begins with.
            segments: memory that the bytes moved from or to, as contiguous bytes.
            resid: bytes.
            chunk: bytes, at least 1.
            lenoff: where in template the record's length goes, 4 bytes.
            bigendian: the order of that length's bytes.
            fixed: bytes of template that the length counts too.

        Raises:
            ValueError: chunk is below 1, or the length does not lie in template.
        """
        if chunk < 1 or not 0 <= lenoff <= len(template) - 4:
            raise ValueError("no room for data or for the length of a record")
        self._template = template
        self._lenoff = lenoff
        self._bigendian = bigendian
        self._fixed = fixed
        self._chunk = chunk
        self._segments: list[memoryview] = []
        self._runs: list[tuple[int, int]] = []  # where each segment's records start and stop
        total = 0
        for segment in segments:
            if resid <= 0:
                break
            piece = segment if len(segment) <= resid else segment[:resid]
            size = len(piece)
            resid -= size
            start = total
            total += size + len(template) * (-(-size // chunk) or 1)
            self._segments.append(piece)
            self._runs.append((start, total))
        self.total = total

    def stream(self) -> bytearray:
        """Make all; return them in one piece, each time another."""
        return chunk_segments(
            self._template,
            self._lenoff,
            self._bigendian,
            self._fixed,
            self._segments,
            self._chunk,
            self.total,
        )

    def split(self) -> Iterator[memoryview]:
        """Make all; yield each."""
        stream, size = memoryview(self.stream()), len(self._template) + self._chunk
        for start, stop in self._runs:
            for at in range(start, stop, size):
                yield stream[at : min(at + size, stop)]


_helper = helper("_record")
implementation: Final = "Python" if _helper is None else "C"
chunk_segments: ChunkSegments = (_helper or genio_py).chunk_segments
