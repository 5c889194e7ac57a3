# SPDX-License-Identifier: BSD-2-Clause
"""Which version, word size and byte order a trace has, told from its first bytes.

A trace has no file header.  Every format there is gets a try: the right one
chains from record to record, with headers that make sense, to the end.
"""

from typing import Final

from kernel.sys.cdefs import I386, ILP32, ILP32_BE, LITTLE, LP64, LP64_BE, M68K, sizeof
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_PSIG,
    KTR_SYSCALL,
    KTR_SYSRET,
    SIGINFO_SIZE,
    KtrPsig,
    KtrSysret,
    KtrSysretOld,
)
from kernel.sys.namedtuple import NamedTuple
from userland.libktrace.records import TraceFormat

MAX_PAYLOAD: Final = 1 << 26  # bytes; more is garbage, not a record
_MAX_TYPE: Final = 0xFF  # of a record by which a format is recognised
_PROBED: Final = 256  # records that are enough to be sure
_SANE_SECONDS: Final = range(300_000_000, 4_000_000_000)  # 1979 to 2096
_MAX_SECONDS: Final = 1 << 34
# What counts for more records, of which a wrong format chains one or two by chance.
_PLAUSIBLE: Final = 3
_WHOLE: Final = 2

# In the order in which they win where the bytes alone cannot tell.
FORMATS: Final = tuple(
    TraceFormat(version, abi)
    for abis in ((LP64, I386, ILP32), (LP64_BE, ILP32_BE, M68K))
    for version in (2, 1, 0)
    for abi in abis
    if version == 2 or abi is not ILP32  # v0 and v1 are the same on both
)
SHORTEST_HEADER: Final = min(each.header.size for each in FORMATS)
LONGEST_HEADER: Final = max(each.header.size for each in FORMATS)


class Fit(NamedTuple):
    """How well a format suits the bytes; the greatest tuple is the best."""

    score: int  # records, and more for a first header as kernels write them, and for no rest
    suited: int  # minus records whose payload is not as long as the word size asks
    exact: bool  # the last record ends where the bytes end
    records: int  # whole records that make sense


def _payload_fits(record_type: int, payload: memoryview, format: TraceFormat) -> bool:
    """Whether the payload is as long as the type has it on this word size."""
    version, abi = format
    size = len(payload)
    if record_type == KTR_SYSCALL:
        if size < 8:
            return False
        argsize = int.from_bytes(payload[4:8], "little" if abi.byteorder == LITTLE else "big")
        return size == 8 + argsize and argsize % abi.word == 0
    if record_type == KTR_SYSRET:
        whole, old = sizeof(KtrSysret, abi), sizeof(KtrSysretOld, abi)
        return size == whole or (size == old and version == 0)
    if record_type == KTR_PSIG:
        psig = sizeof(KtrPsig, abi)
        return size in (psig, psig + SIGINFO_SIZE)
    return record_type != KTR_CSW or size == 8


def probe(format: TraceFormat, data: bytes) -> Fit | None:
    """Return how well data, the start of a trace, fits the format; None if not at all."""
    header, version = format.header, format.version
    view = memoryview(data)
    limit = 1_000_000 if version == 0 else 1_000_000_000
    at = records = misfits = 0
    plausible = exact = False
    while records < _PROBED:
        if at + header.size > len(data):
            exact = at == len(data)
            break
        fields = header.unpack_from(data, at)
        length, kind, _, comm, sec, fraction, last = fields
        if version:
            kind -= version << 16
        if not (
            0 <= length <= MAX_PAYLOAD
            and 1 <= kind <= _MAX_TYPE
            and comm[-1] == 0
            and 0 <= fraction < limit
            and 0 <= sec < _MAX_SECONDS
        ):
            break
        if at == 0:
            # A header taken for a shorter one has a 0 where the next field should be,
            # one taken for a longer one has something where only padding should be.
            told = last > 0 if version == 2 else fraction > 0 or format.abi.word == 8
            padded = header.pack(*fields) == data[: header.size]
            plausible = told and padded and sec in _SANE_SECONDS
            if version == 2 and not told and len(data) < LONGEST_HEADER:
                break  # the longer header that this is the start of
        payload = view[at + header.size : at + header.size + length]
        if len(payload) < length:
            at = max(at, 1)  # the first header did make sense
            break
        misfits += not _payload_fits(kind, payload, format)
        at += header.size + length
        records += 1
    if at == 0:
        return None
    score = records + _PLAUSIBLE * plausible + _WHOLE * (exact and records > 1)
    return Fit(score, -misfits, exact, records)


def detect(data: bytes) -> tuple[TraceFormat, Fit] | None:
    """Return the format that fits data best, and how well; None if none does."""
    best: tuple[TraceFormat, Fit] | None = None
    for candidate in FORMATS:
        fit = probe(candidate, data)
        if fit is not None and (best is None or fit > best[1]):
            best = candidate, fit
    return best
