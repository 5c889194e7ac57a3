# SPDX-License-Identifier: BSD-2-Clause
"""The records of a trace: what the C helper makes, if it serves, its twin makes."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from native import decode as native
from userland import libktrace
from userland.libktrace.make import call

HEADERS = st.builds(
    lambda fields, version, abi: libktrace.encode(
        fields[0], fields[1], version=version, abi=abi, pid=fields[2], lid=fields[3],
        comm=fields[4], time=fields[5],
    ),
    st.tuples(
        st.integers(1, 0x7FFF) | st.integers(1, 16),
        st.binary(max_size=50),
        st.integers(-(1 << 31), (1 << 31) - 1),
        st.integers(-(1 << 31), (1 << 31) - 1),
        st.binary(max_size=17),
        st.integers(0, (1 << 31) * 1_000_000_000 - 1),
    ),
    st.sampled_from((0, 1, 2)),
    st.sampled_from([each.abi for each in libktrace.FORMATS]),
)  # fmt: skip


def read(
    implementation: str, trace: bytes, format: libktrace.TraceFormat | None, piece: int
) -> tuple[list[libktrace.Record], str]:
    """Return the records of a trace that comes in pieces, and what is wrong with it."""

    class Pieces(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            return super().read1(min(piece, size or 0))

    found: list[libktrace.Record] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "implementation", implementation)
        try:
            found.extend(libktrace.Reader(Pieces(trace), format))
        except libktrace.TornTrace as exc:
            return found, str(exc)
    return found, ""


@settings(deadline=None)
@given(
    records=st.lists(HEADERS, max_size=8),
    format=st.sampled_from(libktrace.FORMATS),
    cut=st.integers(0, 60),
    piece=st.sampled_from((7, 100, 1 << 20)),
    garbage=st.binary(max_size=80),
)
def test_the_twin_makes_the_same(
    records: list[bytes], format: libktrace.TraceFormat, cut: int, piece: int, garbage: bytes
) -> None:
    """Whatever the bytes are and are taken for: the same records, and the same complaint."""
    whole = b"".join(records)
    for trace in (whole, whole[: len(whole) - cut], whole + garbage):
        made = read(native.implementation, trace, format, piece)
        assert made == read("Python", trace, format, piece)
        assert all(type(record) is libktrace.Record for record in made[0])


@settings(deadline=None)
@given(st.lists(st.integers(-(1 << 62), 1 << 62), min_size=1, max_size=9))
def test_times_of_any_year(seconds: list[int]) -> None:
    """Those that 64 bits of nanoseconds do not hold, too."""
    trace = b""
    for second in seconds:
        record = bytearray(call(20, 1))
        record[32:40] = second.to_bytes(8, "little", signed=True)
        trace += record
    lp64 = libktrace.FORMATS[0]
    made = read(native.implementation, trace, lp64, 1 << 20)
    assert made == read("Python", trace, lp64, 1 << 20)
    assert [record.time // 1_000_000_000 for record in made[0]] == seconds


def test_reading_on_after_a_record() -> None:
    """Who leaves the loop and comes back finds the next record, or has it from one()."""
    trace = b"".join(call(20, number) for number in range(1000))
    reader = libktrace.open(io.BytesIO(trace))
    seen = []
    for record in reader:
        seen.append(record.args[0])
        if len(seen) == 300:
            break
    one = reader.one()
    assert one is not None
    seen.append(one.args[0])
    seen += [record.args[0] for record in reader]
    assert seen == list(range(1000))
