# SPDX-License-Identifier: BSD-2-Clause
"""Laws of reading: every format is recognised, every tear is found, nothing is lost before it."""

import io
import os
import struct
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kernel.sys.cdefs import LP64, Abi, pack
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_GENIO,
    KTR_NAMEI,
    KTR_PSIG,
    KTR_SYSCALL,
    KTR_SYSRET,
    KtrCsw,
    KtrGenio,
    KtrPsig,
    KtrSyscall,
    KtrSysret,
    KtrSysretOld,
)
from userland import libktrace
from userland.libktrace import Record, TornTrace, TraceFormat

SECOND = 1_000_000_000
NOW = 1_060_270_305 * SECOND
TRACES = sorted((Path(__file__).parents[2] / "data").glob("*/*.ktrace"))


def payloads(abi: Abi) -> st.SearchStrategy[tuple[int, bytes]]:
    """Return types with payloads as a kernel of the ABI writes them."""
    letter = "q" if abi.word == 8 else "i"
    word = st.integers(-(2**31), 2**31 - 1)
    int16 = st.integers(0, 500)

    def syscall(code: int, args: list[int]) -> tuple[int, bytes]:
        registers = struct.pack(f"{abi.byteorder}{len(args)}{letter}", *args)
        return KTR_SYSCALL, pack(KtrSyscall(code, len(registers)), abi) + registers

    def sysret(code: int, error: int, value: int) -> tuple[int, bytes]:
        return KTR_SYSRET, pack(KtrSysret(code, 0, error, value, 0), abi)

    def psig(signal: int, action: int) -> tuple[int, bytes]:
        return KTR_PSIG, pack(KtrPsig(signal, action, (1, 0, 0, 0), 0), abi)

    def genio(fd: int, data: bytes) -> tuple[int, bytes]:
        return KTR_GENIO, pack(KtrGenio(fd, 1), abi) + data

    return st.one_of(
        st.builds(syscall, int16, st.lists(word, max_size=8)),
        st.builds(sysret, int16, st.integers(-4, 96), word),
        st.builds(psig, st.integers(1, 63), st.integers(0, 2**32 - 1)),
        st.builds(genio, st.integers(0, 63), st.binary(max_size=200)),
        st.tuples(st.just(KTR_NAMEI), st.binary(max_size=40)),
        st.just((KTR_EMUL, b"netbsd")),
        st.just((KTR_CSW, pack(KtrCsw(1, 0), abi))),
    )


@st.composite
def traces(draw: st.DrawFn, least: int = 1) -> tuple[TraceFormat, list[tuple[int, bytes]], bytes]:
    """Return a format, records and the trace of them."""
    layout = draw(st.sampled_from(libktrace.FORMATS))
    records = draw(st.lists(payloads(layout.abi), min_size=least, max_size=12))
    time = NOW + draw(st.integers(0, SECOND - 1))
    whole = b""
    for kind, payload in records:
        whole += libktrace.encode(
            kind, payload, version=layout.version, abi=layout.abi, pid=77, lid=2, time=time
        )
        time += draw(st.integers(1000, SECOND))
    return layout, records, whole


def read(trace: bytes) -> list[Record]:
    """Return all records of a trace."""
    return list(libktrace.open(io.BytesIO(trace)))


def len_of(record: Record) -> int:
    """Return the bytes of a record in its trace."""
    return TraceFormat(record.version, record.abi).header.size + len(record.payload)


def readable(
    trace: bytes, format: TraceFormat | None = None
) -> tuple[list[Record], TornTrace | None]:
    """Return the records before a tear, and the tear."""
    found: list[Record] = []
    try:
        found.extend(libktrace.Reader(io.BytesIO(trace), format))
    except TornTrace as exc:
        return found, exc
    return found, None


def same(format: TraceFormat) -> tuple[int, str, int]:
    """Return what is the same for formats whose records are the same bytes."""
    return format.version, format.abi.byteorder, format.abi.word


@settings(deadline=None, max_examples=150)
@given(traces(least=2))
def test_every_format_is_recognised(
    trace: tuple[TraceFormat, list[tuple[int, bytes]], bytes],
) -> None:
    """Version, byte order, word size and all payloads come back, told by the bytes alone."""
    expected, records, whole = trace
    if expected.version == 2 and expected.abi.max_align == 8:  # the headers are the same
        assume(any(kind in (KTR_SYSRET, KTR_PSIG) for kind, _ in records))

    reader = libktrace.open(io.BytesIO(whole))
    found = list(reader)

    assert [(r.type, r.payload) for r in found] == records
    assert reader.format is not None
    assert same(reader.format) == same(expected)
    assert {(r.pid, r.comm, r.lid) for r in found} == {(77, "prog", 2 if expected.version else 0)}


@settings(deadline=None, max_examples=40)
@given(traces(least=2))
def test_a_cut_at_any_byte(trace: tuple[TraceFormat, list[tuple[int, bytes]], bytes]) -> None:
    """What is whole is read, then one error names the byte where the broken record starts."""
    expected, records, whole = trace
    ends, at = [0], 0
    for _, payload in records:
        at += expected.header.size + len(payload)
        ends.append(at)
    for cut in range(len(whole)):
        complete = max(n for n, end in enumerate(ends) if end <= cut)
        found, error = readable(whole[:cut], expected)
        assert (error is None) == (cut in ends)
        if error is not None:
            assert error.offset == ends[complete]
            assert str(error).endswith(f"at byte {error.offset}")
        assert [(r.type, r.payload) for r in found] == records[:complete]


@pytest.mark.parametrize("trace", TRACES, ids=lambda path: path.stem)
def test_a_cut_where_the_format_is_to_be_told(trace: Path) -> None:
    """Even so little that the format is hard to tell is read as far as it is whole."""
    whole = trace.read_bytes()
    records, _ = readable(whole)
    for cut in range(300):
        complete = [r for r in records if r.offset + len_of(r) <= cut]
        found, error = readable(whole[:cut])
        end = complete[-1].offset + len_of(complete[-1]) if complete else 0
        assert found == complete
        assert (None if error is None else error.offset) == (None if cut == end else end)


@pytest.mark.parametrize("format", libktrace.FORMATS, ids=str)
def test_one_record_is_enough(format: TraceFormat) -> None:
    """A trace of a single record is recognised, with a time that no other layout could have."""
    whole = libktrace.encode(
        KTR_EMUL, b"netbsd", version=format.version, abi=format.abi, time=NOW + 123_456_000
    )
    (record,) = read(whole)

    assert (record.type, record.text, record.time) == (KTR_EMUL, "netbsd", NOW + 123_456_000)
    assert record.version == format.version
    assert record.offset == 0


def test_an_empty_trace_has_no_records() -> None:
    """No bytes are a trace of nothing, not an error."""
    assert read(b"") == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x", "header cut short or not a NetBSD trace (1 bytes) at byte 0"),
        (b"root:*:0:0:Charlie &:/root:/bin/sh\n" * 9, "not a NetBSD trace at byte 0"),
        (bytes(200), "not a NetBSD trace at byte 0"),
        (
            struct.pack("<ihhi17s3xqqi4x", 0, 7, 3, 1, b"prog", 1, 1, 1),
            "Unsupported ktrace version 3 at byte 0",
        ),
    ],
)
def test_what_is_no_trace(data: bytes, message: str) -> None:
    """A file that is no trace is said to be none."""
    with pytest.raises(TornTrace, match=message.replace("(", r"\(").replace(")", r"\)")):
        read(data)


@pytest.mark.parametrize(
    ("at", "value", "message"),
    [
        (0, b"\x06\0\0\x80", "bogus length 0x80000006"),
        (0, b"\0\0\0\x7f", "bogus length 0x7f000000"),
        (6, b"\x05\0", "Unsupported ktrace version 5"),
        (4, b"\0\0", "bogus record type 0"),
        (40, b"\xff" * 8, "bogus time"),
    ],
)
def test_garbage_after_good_records(at: int, value: bytes, message: str) -> None:
    """What came before garbage is read; the error says what is wrong, and where."""
    good = libktrace.encode(KTR_EMUL, b"netbsd") * 3
    bad = bytearray(libktrace.encode(KTR_EMUL, b"netbsd"))
    bad[at : at + len(value)] = value
    found, error = readable(good + bytes(bad))

    assert [record.text for record in found] == ["netbsd"] * 3
    assert str(error).startswith(message)
    assert str(error).endswith(f" at byte {len(good)}")


def test_a_pipe_is_read_as_it_fills() -> None:
    """A record is there as soon as its bytes are; a pipe cannot seek, nor need it."""
    out, into = os.pipe()
    with open(out, "rb") as source, open(into, "wb", buffering=0) as sink:
        sink.write(libktrace.encode(KTR_EMUL, b"netbsd"))
        records = iter(libktrace.open(source))
        assert next(records).text == "netbsd"
        sink.write(libktrace.encode(KTR_NAMEI, b"/etc"))
        assert next(records).text == "/etc"
        sink.close()
        assert list(records) == []


def test_following_waits_at_the_end() -> None:
    """With wait, the end of the file is where the next record will be."""
    trace = io.BytesIO()
    more = [libktrace.encode(KTR_NAMEI, b"/a"), libktrace.encode(KTR_NAMEI, b"/b")[:30]]
    more.append(libktrace.encode(KTR_NAMEI, b"/b")[30:])

    class Enough(Exception):
        """The writer has no more."""

    def wait() -> None:
        if not more:
            raise Enough
        at = trace.tell()
        trace.seek(0, io.SEEK_END)
        trace.write(more.pop(0))
        trace.seek(at)

    found: list[str] = []
    with pytest.raises(Enough):
        found.extend(record.text for record in libktrace.open(trace, wait=wait))
    assert found == ["/a", "/b"]


def test_memory_does_not_grow_with_the_trace(tmp_path: Path) -> None:
    """64 MiB of trace are read in a few."""
    piece = libktrace.encode(KTR_GENIO, pack(KtrGenio(1, 0)) + bytes(4088)) * 256
    path = tmp_path / "ktrace.out"
    with path.open("wb") as file:
        for _ in range(64):
            file.write(piece)
    tracemalloc.start()
    try:
        count = sum(1 for _ in libktrace.open(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 64 * 256
    assert peak < 8 << 20


def test_bodies_are_decoded_when_asked_for() -> None:
    """A body is the struct of the type, or the one that is named; data is what follows it."""
    call = libktrace.encode(KTR_SYSCALL, pack(KtrSyscall(4, 16)) + struct.pack("<qq", 1, -1))
    ret = libktrace.encode(KTR_SYSRET, pack(KtrSysret(4, 0, 9, -1, 0)))
    old = libktrace.encode(KTR_SYSRET, pack(KtrSysretOld(4, 0, 0, 7)))
    genio = libktrace.encode(KTR_GENIO, pack(KtrGenio(1, 1)) + b"hello")
    namei = libktrace.encode(KTR_NAMEI, b"/etc")
    records = read(call + ret + old + genio + namei)

    assert records[0].body() == KtrSyscall(4, 16)
    assert records[0].args == (1, 2**64 - 1)
    assert records[1].body(KtrSysret).ktr_error == 9
    assert records[2].body() == KtrSysretOld(4, 0, 0, 7)
    assert (records[3].body().ktr_fd, records[3].data) == (1, b"hello")
    assert records[4].text == "/etc"
    assert records[4].body() == b"/etc"


def test_the_stale_tail_of_a_name_is_kept_apart() -> None:
    """comm ends at its NUL; raw_comm has what an older, longer name left."""
    (record,) = read(libktrace.encode(KTR_EMUL, b"netbsd", abi=LP64, comm=b"rc\0ace\0erminal"))

    assert record.comm == "rc"
    assert record.raw_comm == b"rc\0ace\0erminal\0\0\0"
