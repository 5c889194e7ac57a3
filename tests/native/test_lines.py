# SPDX-License-Identifier: BSD-2-Clause
"""kdump's lines: what the C helper prints, if it serves, its twin prints."""

import io
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.sys.cdefs import Abi, pack
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_GENIO,
    KTR_NAMEI,
    KTR_SYSCALL,
    KTR_SYSRET,
    KtrCsw,
    KtrGenio,
    KtrSyscall,
    KtrSysret,
)
from native import lines as native
from userland import libktrace
from userland.libktrace import kdump
from userland.libktrace.make import call, gio

SERVES = native.implementation
NOW = 1_060_270_305_000_000_000
# Calls whose arguments are shown by name, whose names are odd, and any.
CODES = st.sampled_from((1, 3, 4, 5, 6, 20, 26, 37, 54, 74, 92, 105, 106, 118, 197, 340, 166, 999))
REGISTERS = st.one_of(
    st.integers(0, 12),
    st.sampled_from((0x402C7413, 0x80047410, 0x1002, 0xFFFF, 0xFFFFFFFF, -1, 1 << 31, -(1 << 31))),
    st.integers(-(1 << 63), (1 << 63) - 1),
)
DATA = st.one_of(
    st.binary(max_size=120),
    st.text("ab\t\n\0\"\\07", max_size=300).map(lambda text: text.encode("latin-1")),
    st.builds(lambda byte, size: byte * size, st.binary(min_size=1, max_size=16), st.integers(0, 99)),
)  # fmt: skip


def payloads(abi: Abi) -> st.SearchStrategy[tuple[int, bytes]]:
    """Return types and payloads of records, most of them as a kernel writes them."""
    mask = (1 << 8 * abi.word) - 1

    def syscall(code: int, args: list[int], more: int) -> tuple[int, bytes]:
        letter = "Q" if abi.word == 8 else "I"
        registers = struct.pack(
            f"{abi.byteorder}{len(args)}{letter}", *(arg & mask for arg in args)
        )
        return KTR_SYSCALL, pack(KtrSyscall(code, len(registers) + more), abi) + registers

    def sysret(code: int, error: int, value: int, second: int, cut: int) -> tuple[int, bytes]:
        word = [(one & mask) - ((one & mask) >> 8 * abi.word - 1 << 8 * abi.word)
                for one in (value, second)]  # fmt: skip
        whole = pack(KtrSysret(code, 0, error, *word), abi)
        return KTR_SYSRET, whole[: len(whole) - cut]

    def genio(fd: int, rw: int, data: bytes) -> tuple[int, bytes]:
        return KTR_GENIO, pack(KtrGenio(fd, rw), abi) + data

    switches = st.builds(KtrCsw, st.integers(0, 2), st.integers(0, 1))
    return st.one_of(
        st.builds(syscall, CODES | st.integers(-9, 1100), st.lists(REGISTERS, max_size=10),
                  st.sampled_from((0, 0, 0, 8, -8, -100))),
        st.builds(sysret, CODES | st.integers(-9, 1100), st.sampled_from((0, 0, 2, -2, -3, 99)),
                  REGISTERS, st.sampled_from((0, 0, 1)) | REGISTERS,
                  st.sampled_from((0, 0, 0, 4, 8, 15))),
        st.builds(genio, st.integers(-2, 12), st.integers(0, 2), DATA),
        st.tuples(st.just(KTR_NAMEI), DATA),
        st.tuples(st.just(KTR_CSW), st.builds(lambda c: pack(c, abi), switches)),
        st.tuples(st.just(KTR_EMUL), st.sampled_from((b"netbsd", b"netbsd", b"linux", b"x"))),
        st.tuples(st.integers(1, 40), st.binary(max_size=30)),
    )  # fmt: skip


@st.composite
def traces(draw: st.DrawFn) -> bytes:
    """Return a trace, its end perhaps torn."""
    layout = draw(st.sampled_from(libktrace.FORMATS))
    whole = b""
    time = NOW
    for kind, payload in draw(st.lists(payloads(layout.abi), min_size=1, max_size=30)):
        time += draw(st.sampled_from((1, 1_000, -5_432_100_000, 999_999_999, 1_000_000_000)))
        pid = draw(st.sampled_from((1, 22, 12345, 1234567)))
        comm = draw(st.sampled_from((b"sh", b"", b"a name that is long", b"exactly8")))
        whole += libktrace.encode(
            kind, payload, version=layout.version, abi=layout.abi, pid=pid, lid=pid % 7,
            comm=comm, time=max(time, 0),
        )  # fmt: skip
    return whole[: len(whole) - draw(st.sampled_from((0, 0, 0, 1, 30)))]


FLAGS = st.lists(
    st.sampled_from(
        """-d -E -n -nn -N -R -T -x -X2 -X4 -X8 -X16 -m0 -m9 -m1000 -p22 -tci -tA-n -elinux
        -enetbsd32 --style=2003 --style=10""".split()
    ),
    max_size=4,
)


def printed(
    implementation: str, trace: bytes, flags: list[str], columns: int | None
) -> tuple[int, bytes, bytes]:
    """Return what kdump prints by one of the two."""
    out, errors = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "implementation", implementation)
        status = kdump.main(
            ["kdump", *flags, "x"], lambda _: io.BytesIO(trace), out, errors, columns=columns
        )
    return status, out.getvalue(), errors.getvalue()


@settings(deadline=None, max_examples=200)
@given(trace=traces(), flags=FLAGS, columns=st.sampled_from((None, 9, 10, 40, 79, 132)))
def test_the_twin_prints_the_same(trace: bytes, flags: list[str], columns: int | None) -> None:
    """Whatever is in a trace and is asked for: the same text, complaints and status."""
    assert printed(SERVES, trace, flags, columns) == printed("Python", trace, flags, columns)


@pytest.mark.parametrize("flags", [[], ["-x"], ["-X4"], ["--style=2003"]])
def test_more_than_is_printed_at_once(flags: list[str]) -> None:
    """Data that its text does not fit the helper's memory, and much that does, are printed whole."""
    trace = gio(bytes(range(256)) * 2000) + gio(b"a\tb" * 50_000) * 9 + call(20) * 99
    trace += gio(bytes(1 << 20)) + call(20)

    assert printed(SERVES, trace, flags, None) == printed("Python", trace, flags, None)


def test_names_that_are_many() -> None:
    """More names than are kept are shown all the same."""
    trace = b"".join(call(54, 1, request, 0) for request in range(3000))

    assert printed(SERVES, trace * 2, [], None) == printed("Python", trace * 2, [], None)


def _records() -> Iterator[bytes]:
    for number in range(1000):
        yield call(4, number, 0x1000, 3)
        yield gio(b"abc", number)


def test_a_trace_that_comes_in_pieces() -> None:
    """Records that lie across the reader's pieces are printed once."""
    trace = b"".join(_records())

    class Pieces(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            return super().read1(min(997, size or 0))

    out, whole = io.BytesIO(), io.BytesIO()
    assert kdump.main(["kdump", "x"], lambda _: Pieces(trace), out, whole) == 0
    assert out.getvalue() == printed("Python", trace, [], None)[1]
