# SPDX-License-Identifier: BSD-2-Clause
"""Copy and chunk: the C helper, its twin, and the loop of the kernel they stand for."""

import os
import subprocess
import sys
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from native import genio, genio_py

ByteOrder = Literal["little", "big"]

IMPLEMENTATIONS = [pytest.param(genio_py.chunk_segments, id="Python")]
if genio.implementation == "C":
    IMPLEMENTATIONS.append(pytest.param(genio.chunk_segments, id="C"))

pytestmark = pytest.mark.parametrize("implementation", IMPLEMENTATIONS)


def seed_loop(
    template: bytes, iov: list[bytes], resid: int, buflen: int, order: ByteOrder, fixed: int
) -> list[bytes]:
    """The loop of ktrgenio, statement by statement; returns its records."""
    records = []
    vectors = [memoryview(base) for base in iov]
    while resid > 0 and vectors:
        cnt = min(len(vectors[0]), buflen, resid)
        length = (fixed + cnt).to_bytes(4, order)
        records.append(length + template[4:] + vectors[0][:cnt])
        vectors[0] = vectors[0][cnt:]
        if not vectors[0]:
            vectors.pop(0)
        resid -= cnt
    return records


@pytest.fixture
def chunker(implementation: genio.ChunkSegments, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Records use one implementation."""
    monkeypatch.setattr(genio, "chunk_segments", implementation)


iovecs = st.lists(st.binary(max_size=40) | st.just(b"") | st.binary(max_size=3).map(
    lambda text: text * 3000))  # fmt: skip


@given(
    template=st.binary(min_size=4, max_size=80),
    iov=iovecs,
    resid=st.integers(-1, 30_000),
    chunk=st.integers(1, 50) | st.just(4088),
    order=st.sampled_from(("little", "big")),
    fixed=st.integers(0, 100),
)
def test_records_are_those_of_the_kernels_loop(
    implementation: genio.ChunkSegments,
    template: bytes,
    iov: list[bytes],
    resid: int,
    chunk: int,
    order: ByteOrder,
    fixed: int,
) -> None:
    """Any vectors, any length: the same bytes, cut at the same places."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(genio, "chunk_segments", implementation)
        made = genio.Records(
            template, map(memoryview, iov), resid, chunk, bigendian=order == "big", fixed=fixed
        )
    expected = seed_loop(template, iov, resid, chunk, order, fixed)
    assert bytes(made.stream()) == b"".join(expected)
    assert [bytes(record) for record in made.split()] == expected


@given(iov=iovecs)
def test_payloads_joined_are_the_bytes(
    implementation: genio.ChunkSegments, iov: list[bytes]
) -> None:
    """No byte is lost or doubled, and none is out of its order."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(genio, "chunk_segments", implementation)
        made = genio.Records(b"1234", map(memoryview, iov), 10**6, 7)
    assert b"".join(record[4:] for record in made.split()) == b"".join(iov)


@pytest.mark.usefixtures("chunker")
def test_an_empty_vector_in_front_of_data_makes_an_empty_record() -> None:
    """An oddity of the loop: kept, but not once all bytes are accounted for."""
    made = genio.Records(b"....", map(memoryview, (b"", b"ab", b"")), 2, 10)
    assert [bytes(record)[4:] for record in made.split()] == [b"", b"ab"]


@pytest.mark.usefixtures("chunker")
def test_a_record_holds_bytes_of_one_vector() -> None:
    """Records never span two vectors, small as these are."""
    made = genio.Records(b"....", map(memoryview, (b"abc", b"d")), 4, 2)
    assert [bytes(record)[4:] for record in made.split()] == [b"ab", b"c", b"d"]


@pytest.mark.parametrize("total", [12, 14])
def test_what_was_counted_is_what_is_made(implementation: genio.ChunkSegments, total: int) -> None:
    """Or nothing is."""
    with pytest.raises(ValueError, match="counted"):
        implementation(b"....", 0, False, 0, [memoryview(b"abcde")], 3, total)


@pytest.mark.usefixtures("chunker")
def test_vectors_may_end_before_the_bytes_do() -> None:
    """Memory that faulted ends the list; what was readable is recorded."""
    made = genio.Records(b"....", iter([memoryview(b"abc")]), 100, 10)
    assert bytes(made.stream()) == b"\3\0\0\0abc"


@pytest.mark.usefixtures("chunker")
def test_only_the_length_differs_from_the_template() -> None:
    """Time, process and name are the same in all records of one transfer."""
    template = bytes(range(100, 140))
    made = genio.Records(
        template, [memoryview(bytes(9))], 9, 4, lenoff=8, bigendian=True, fixed=8
    )  # fmt: skip
    for record, count in zip(made.split(), (4, 4, 1), strict=True):
        assert record[:8] == template[:8]
        assert record[8:12] == (8 + count).to_bytes(4, "big")
        assert record[12:40] == template[12:]
        assert len(record) == 40 + count


@pytest.mark.usefixtures("chunker")
def test_a_mebibyte_of_writable_memory() -> None:
    """A big transfer from a program's own buffer; the buffer stays as it was."""
    memory = bytearray(os.urandom(1 << 20))
    made = genio.Records(bytes(64), [memoryview(memory)], len(memory), 4088, fixed=8)
    records = list(made.split())
    assert len(records) == 257
    assert b"".join(record[64:] for record in records) == memory


@pytest.mark.usefixtures("chunker")
@pytest.mark.parametrize(("chunk", "lenoff"), [(0, 0), (-1, 0), (1, -1), (1, 1)])
def test_sizes_are_checked_before_c_sees_them(chunk: int, lenoff: int) -> None:
    """What would write outside the template, or loop, is refused."""
    with pytest.raises(ValueError, match="no room"):
        genio.Records(b"....", [memoryview(b"a")], 1, chunk, lenoff=lenoff)


@pytest.mark.usefixtures("chunker")
def test_sysent_native_0_asks_for_the_twin() -> None:
    """The environment can turn the C helper off; --version shows what serves."""
    program = "from native import genio; print(genio.implementation)"
    asked = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"SYSENT_NATIVE": "0", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout == "Python\n"
