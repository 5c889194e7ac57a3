# SPDX-License-Identifier: BSD-2-Clause
"""Laws of kernel/sys/cdefs.py."""

from typing import Annotated, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sys.cdefs import (
    I386,
    ILP32,
    ILP32_BE,
    LP64,
    LP64_BE,
    M68K,
    Abi,
    CharArray,
    Int,
    Int64,
    Long,
    Pointer,
    Short,
    UIntArray,
    codec,
    offsetof,
    pack,
    sizeof,
    unpack_from,
)

ABIS = [LP64, LP64_BE, I386, ILP32, ILP32_BE, M68K]


class Inner(NamedTuple):
    """A struct whose tail is padded where int64 is aligned to 8."""

    wide: Int64
    narrow: Int


class Outer(NamedTuple):
    """Scalars, characters, an array and a struct in a struct."""

    first: Short
    name: Annotated[bytes, CharArray(5)]
    inner: Inner
    words: Annotated[tuple[int, ...], UIntArray(3)]
    length: Long
    where: Pointer


int32 = st.integers(-(2**31), 2**31 - 1)
outers = st.builds(
    Outer,
    st.integers(-(2**15), 2**15 - 1),
    st.binary(min_size=5, max_size=5),
    st.builds(Inner, st.integers(-(2**63), 2**63 - 1), int32),
    st.tuples(*[st.integers(0, 2**32 - 1)] * 3),
    int32,
    st.integers(0, 2**32 - 1),
)


@given(outers, st.sampled_from(ABIS), st.integers(0, 9))
def test_unpack_inverts_pack(record: Outer, abi: Abi, skip: int) -> None:
    """What was packed comes back, at any offset, on every ABI."""
    packed = pack(record, abi)

    assert len(packed) == sizeof(Outer, abi)
    assert unpack_from(Outer, bytes(skip) + packed, skip, abi) == record


@pytest.mark.parametrize(
    ("abi", "inner", "words", "size"),
    [(LP64, 8, 24, 56), (I386, 8, 20, 40), (ILP32, 8, 24, 48), (M68K, 8, 20, 40)],
)
def test_alignment_is_the_abis(abi: Abi, inner: int, words: int, size: int) -> None:
    """A struct's alignment is its widest field's, at most max_align; its tail is padded to it."""
    assert offsetof(Outer, "inner", abi) == inner
    assert offsetof(Outer, "words", abi) == words
    assert sizeof(Outer, abi) == size


def test_padding_is_zero_and_order_is_the_abis() -> None:
    """Bytes between fields are zero; integers are in the ABI's byte order."""
    assert pack(Inner(1, 2), LP64) == bytes([1, *[0] * 7, 2, *[0] * 7])
    assert pack(Inner(1, 2), M68K) == bytes([*[0] * 7, 1, 0, 0, 0, 2])


def test_the_codec_is_compiled_once() -> None:
    """Two askers get the same struct.Struct, also for two equal ABIs."""
    assert codec(Inner) is codec(Inner, LP64)
    assert Abi(8, "<", 8) == LP64
    assert hash(Abi(8, "<", 8)) == hash(LP64)


def test_unknown_field() -> None:
    """offsetof of a field that is not there is a KeyError."""
    with pytest.raises(KeyError):
        offsetof(Inner, "absent")
