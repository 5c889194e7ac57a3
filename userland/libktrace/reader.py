# SPDX-License-Identifier: BSD-2-Clause
"""Read a trace of any size, record by record.

What is read is held in one buffer, refilled in large pieces; memory does not
grow with the trace.  Files, pipes and traces still being written all serve.
"""

import os
import sys
from collections.abc import Callable, Generator, Iterator
from typing import Final, Protocol, Self

from kernel.sys.ktrace import KTRFAC_VER_MASK, KTRFAC_VER_SHIFT, MAXCOMLEN
from native import decode as native
from userland.libktrace.detect import LONGEST_HEADER, MAX_PAYLOAD, SHORTEST_HEADER, detect
from userland.libktrace.places import places
from userland.libktrace.records import NSEC_PER_SEC, Record, TraceFormat, text_of

CHUNK: Final = 1 << 20  # bytes asked for at once
_BATCH: Final = 256  # records that are made ahead
_PROBE: Final = 1 << 16  # bytes the format is told from
_NAMES: Final = 1024  # decoded program names kept
_VERSIONS: Final = KTRFAC_VER_MASK >> KTRFAC_VER_SHIFT


class BinarySource(Protocol):
    """What a trace can be read from: read(n) gives at most n bytes, b"" at the end."""

    def read(self, size: int, /) -> bytes | None:
        """Return up to size bytes."""


class Sink(Protocol):
    """Where text goes: a binary file that may keep it until flush."""

    def write(self, data: bytes, /) -> object:
        """Write all of data."""

    def flush(self) -> None:
        """Let go of what was kept."""


class Rewound(Exception):
    """A trace that is followed has been begun anew: it is to be opened again.  wait raises it."""


class TornTrace(Exception):
    """The trace cannot be read any further.

    Attributes:
        reason: what is wrong, without the place.
        offset: bytes from the start to the header of the record that is broken.
        header: the record as far as it is known (without payload), if it has a header.
    """

    def __init__(self, reason: str, offset: int, header: Record | None = None) -> None:
        super().__init__(f"{reason} at byte {offset}")
        self.reason = reason
        self.offset = offset
        self.header = header


class Reader:
    """The records of one trace, to be iterated over once.

    Iterating raises TornTrace after the last whole record if the trace does
    not end there.
    """

    def __init__(
        self,
        source: BinarySource,
        format: TraceFormat | None = None,
        wait: Callable[[], None] | None = None,
    ) -> None:
        """Read from source, in the given format or the one the bytes show.

        wait is called at the end of what there is; reading then goes on.
        None makes the end of the file the end of the trace.
        """
        self._source = source
        self._read: Callable[[int], bytes | None] = getattr(source, "read1", source.read)
        self._format = format
        self._wait = wait
        self._buffer = b""
        self._at = 0  # of the next record that has not been given out, in the buffer
        self._base = 0  # of the buffer, in the trace
        self._names: dict[bytes, str] = {}  # of programs
        self._decoder: native.Decoder | None = None
        self._ours = False  # the source is closed at the end of the trace

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the source, if it can be closed."""
        close = getattr(self._source, "close", None)
        if close is not None:
            close()

    @property
    def format(self) -> TraceFormat | None:
        """The format of the trace; None if it is empty.

        Raises:
            TornTrace: what is there is no trace.
        """
        if self._format is None:
            self._format = self._find_format()
        return self._format

    def _fill(self, need: int) -> int:
        """Read until need bytes follow the current place; return how many do."""
        have = len(self._buffer) - self._at
        if have >= need:
            return have
        parts = [self._buffer[self._at :]]
        while have < need:
            part = self._read(CHUNK)
            if part:
                parts.append(part)
                have += len(part)
            elif self._wait is None:
                break
            else:
                self._wait()
        self._base += self._at
        self._at = 0
        self._buffer = b"".join(parts)
        return have

    def _refill(self, at: int, need: int) -> tuple[int, bytes, int, int]:
        """Read until need bytes follow at; return how many do, the buffer, and both places."""
        self._at = at
        have = self._fill(need)
        return have, self._buffer, self._at, self._base

    def _find_format(self) -> TraceFormat | None:
        """Tell the format from as much as it takes, at most _PROBE bytes."""
        need, have = SHORTEST_HEADER, 0
        while True:
            have = self._fill(need)
            ended = have < need
            found = detect(self._buffer[:_PROBE]) if have >= SHORTEST_HEADER else None
            if found is not None and (
                ended or have >= _PROBE or found[1].records > 1 or found[1].exact
            ):
                return found[0]
            if ended or have >= _PROBE or (found is None and have >= LONGEST_HEADER):
                break
            need = have + 1
        if have == 0:
            return None
        if have < LONGEST_HEADER:
            raise TornTrace(f"header cut short or not a NetBSD trace ({have} bytes)", 0)
        version = int.from_bytes(self._buffer[6:8], "little")
        if 2 < version <= _VERSIONS:
            raise TornTrace(f"Unsupported ktrace version {version:x}", 0)
        raise TornTrace("not a NetBSD trace", 0)

    @property
    def ahead(self) -> tuple[bytes, int]:
        """What has been read of the trace and where in it the next record starts."""
        return self._buffer, self._at

    def skip(self, size: int) -> None:
        """Pass over records ahead, size bytes of them."""
        self._at += size

    def one(self) -> Record | None:
        """Return the next record, None at the end of the trace.

        Raises:
            TornTrace: as iterating.
        """
        records = self._records(1)
        try:
            return next(records, None)
        finally:
            records.close()

    def __iter__(self) -> Iterator[Record]:
        try:
            yield from self._records()
        finally:
            if self._ours:
                self.close()

    def _records(self, most: int = _BATCH) -> Generator[Record, None, None]:
        """Yield the records; what comes after one is known when it is left.

        Args:
            most: records that are made ahead.
        """
        found = self.format
        if found is None:
            return
        version, abi = found
        unpack_from, size = found.header.unpack_from, found.header.size
        names = self._names
        unit, limit = (1000, 1_000_000) if version == 0 else (1, NSEC_PER_SEC)
        stamp = version << 16
        make = tuple.__new__
        buffer, at, base = self._buffer, self._at, self._base
        end = len(buffer)
        decoder = self._decoder = self._decoder or _decoder(found)
        while True:
            if decoder is not None:
                batch, after = decoder.take(buffer, at, base, most)
                try:
                    for record in batch:
                        yield record
                except GeneratorExit:
                    self._at = record.offset - base + size + len(record.payload)
                    raise
                at = after
                if len(batch) == most:
                    continue
            if end - at < size:
                have, buffer, at, base = self._refill(at, size)
                end = len(buffer)
                if have < size:
                    if have:
                        raise TornTrace(f"header cut short ({have} of {size} bytes)", base + at)
                    return
            length, kind, pid, comm, sec, fraction, lid = unpack_from(buffer, at)
            kind -= stamp
            name = names.get(comm)
            if name is None:
                if len(names) >= _NAMES:
                    names.clear()
                name = names[comm] = text_of(comm)
            if version == 0:
                lid = 0
            time = sec * NSEC_PER_SEC + fraction * unit
            start = at + size
            stop = start + length
            if not (0 <= length <= MAX_PAYLOAD and 0 < kind < 0x8000 and 0 <= fraction < limit):
                self._at = at
                head = Record(kind, version, pid, lid, name, time, b"", abi, base + at, comm)
                raise self._broken(head, length, fraction)
            if stop > end:
                have, buffer, at, base = self._refill(at, size + length)
                end = len(buffer)
                start = at + size
                stop = start + length
                if stop > end:
                    head = Record(kind, version, pid, lid, name, time, b"", abi, base + at, comm)
                    got = have - size
                    raise TornTrace(f"data too short ({got} of {length} bytes)", base + at, head)
            fields = kind, version, pid, lid, name, time, buffer[start:stop], abi, base + at, comm
            at = stop
            try:
                yield make(Record, fields)
            except GeneratorExit:
                self._at = at
                raise

    @staticmethod
    def _broken(head: Record, length: int, fraction: int) -> TornTrace:
        """Say which part of a header makes no sense."""
        if not 0 <= length <= MAX_PAYLOAD:
            return TornTrace(f"bogus length 0x{length & 0xFFFFFFFF:x}", head.offset, head)
        version = head.version + (head.type >> 16)
        if version != head.version and version >= 0:
            return TornTrace(f"Unsupported ktrace version {version:x}", head.offset)
        if not 0 < head.type < 0x8000:
            return TornTrace(f"bogus record type {head.type}", head.offset)
        return TornTrace(f"bogus time (fraction {fraction})", head.offset)


def _decoder(format: TraceFormat) -> native.Decoder | None:
    """Return what makes many records of a format at once, if there is the C for it."""
    fields_at = places(format) | {"comm_len": MAXCOMLEN + 1}
    return native.decoder(Record, text_of, format.version, format.abi, fields_at)


def open_trace(
    trace: str | os.PathLike[str] | BinarySource,
    format: TraceFormat | None = None,
    wait: Callable[[], None] | None = None,
) -> Reader:
    """Open a trace: a path, "-" for standard input, or a binary file object.

    What is opened here is closed when the last record has been read.

    Raises:
        OSError: the file cannot be opened.
    """
    if trace == "-":
        return Reader(sys.stdin.buffer, format, wait)
    if isinstance(trace, (str, os.PathLike)):
        reader = Reader(open(trace, "rb", buffering=0), format, wait)  # noqa: SIM115 - it closes
        reader._ours = True
        return reader
    return Reader(trace, format, wait)
