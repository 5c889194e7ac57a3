# SPDX-License-Identifier: BSD-2-Clause
"""A file's memory: whatever is written, cut and read, it is the bytes of a plain file."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.fs.tmpfs.tmpfs_aobj import (
    Aobj,
    aobj_extents,
    aobj_missing,
    aobj_read,
    aobj_truncate,
    aobj_write,
)
from kernel.sys.param import PAGE_SIZE
from kernel.sys.uio import UIO_READ, uio_sysspace

OFFSETS = st.one_of(
    st.integers(0, 3 * PAGE_SIZE),
    st.integers(0, 40).map(lambda page: page * PAGE_SIZE),
    st.integers(0, 20 * PAGE_SIZE),
)
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), OFFSETS, st.integers(1, 3 * PAGE_SIZE)),
        st.tuples(st.just("truncate"), OFFSETS, st.just(0)),
    ),
    max_size=30,
)


def read(ao, offset, size, end):
    buffer = bytearray(b"\xff" * size)
    uio = uio_sysspace(buffer, UIO_READ, offset)
    aobj_read(ao, uio, end)
    return bytes(buffer[: size - uio.uio_resid])


def pages(ao):
    """The pages in use, counted."""
    return sum(-(-len(extent) // PAGE_SIZE) for _, extent in aobj_extents(ao))


@given(OPERATIONS)
@settings(max_examples=300, deadline=None)
def test_is_a_plain_file(operations):
    """After any writes and cuts: the bytes of a bytearray, pages counted right, none shared."""
    ao, model = Aobj(), bytearray()
    for step, (what, offset, size) in enumerate(operations):
        if what == "write":
            data = bytes([step % 255 + 1]) * size
            expected = ao.ao_pages + aobj_missing(ao, offset, offset + size)
            aobj_write(ao, offset, data)
            assert ao.ao_pages == expected
            model.extend(bytes(max(0, offset + size - len(model))))
            model[offset : offset + size] = data
        else:
            aobj_truncate(ao, offset)
            model = model[:offset] + bytes(max(0, offset - len(model)))
        assert ao.ao_pages == pages(ao)
        end = 0
        for start, extent in aobj_extents(ao):
            assert start % PAGE_SIZE == 0
            assert start >= end
            end = start + -(-len(extent) // PAGE_SIZE) * PAGE_SIZE
        assert read(ao, 0, len(model) + 10, len(model)) == bytes(model)
        assert read(ao, 5000, 9000, len(model)) == bytes(model[5000:14000])


def test_a_terabyte_hole_is_free():
    """Two bytes a terabyte apart take two pages; the hole reads as zeros."""
    ao = Aobj()
    aobj_write(ao, 0, b"a")
    aobj_write(ao, 1 << 40, b"b")
    assert ao.ao_pages == 2
    assert read(ao, (1 << 40) - 70_000, 70_001, 1 << 41) == bytes(70_000) + b"b"
    aobj_truncate(ao, 1 << 39)
    assert ao.ao_pages == 1


def test_extents_in_any_order():
    """20,000 extents written at random, then cut in two, at the end and to nothing."""
    ao = Aobj()
    order = list(range(0, 40_000, 2))
    Random(0).shuffle(order)
    for page in order:
        aobj_write(ao, page * PAGE_SIZE, b"%d" % page)
    assert ao.ao_pages == 20_000
    assert read(ao, 7776 * PAGE_SIZE, 5, 1 << 62) == b"7776\0"
    aobj_truncate(ao, 39_998 * PAGE_SIZE)
    assert ao.ao_pages == 19_999
    aobj_truncate(ao, 10_000 * PAGE_SIZE)
    assert ao.ao_pages == 5000
    assert read(ao, 9998 * PAGE_SIZE, PAGE_SIZE + 1, 1 << 62) == b"9998".ljust(PAGE_SIZE + 1, b"\0")
    aobj_truncate(ao, 0)
    assert ao.ao_pages == 0


def test_one_extent_has_no_map():
    """A file that begins at 0 and has no hole is one run of bytes, wherever it is written."""
    ao = Aobj()
    aobj_write(ao, 10, b"x" * PAGE_SIZE)
    aobj_write(ao, 0, b"y" * 20)
    aobj_write(ao, 2 * PAGE_SIZE, b"z")
    assert ao.ao_extents is None
    assert ao.ao_pages == 3
    aobj_truncate(ao, 5)
    assert list(aobj_extents(ao)) == [(0, b"yyyyy")]
    aobj_write(ao, 2 * PAGE_SIZE, b"z")
    assert list(aobj_extents(ao)) == [(0, b"yyyyy"), (2 * PAGE_SIZE, b"z")]
