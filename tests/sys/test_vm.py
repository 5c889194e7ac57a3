# SPDX-License-Identifier: BSD-2-Clause
"""Address spaces: the layouts of both word sizes, and the map."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sys.vm import TEXT_BASE, VM_LAYOUT, Segment, VmMap, VmSpace


def test_a_layout_fits_its_word():
    """Text below mappings, mappings below the stack, all in the user's half or below 4 GiB."""
    for word, layout in VM_LAYOUT.items():
        assert TEXT_BASE < layout.mmap_top < layout.usrstack < 1 << (32 if word == 4 else 47)
        assert layout.mmap_top % 4096 == layout.usrstack % 4096 == 0


def test_a_segment_ends_after_its_last_byte():
    """[start, end)."""
    assert Segment(100, memoryview(b"abc")).end == 103


def test_spaces_share_nothing():
    """Each has a map of its own."""
    one, two = VmSpace(VM_LAYOUT[8]), VmSpace(VM_LAYOUT[8])
    one.vm_map[1] = Segment(1, memoryview(b"x"))
    assert not two.vm_map


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9))), st.integers(0, 9), st.integers(0, 9))
def test_a_map_is_sorted(changes: list[tuple[bool, int]], low: int, high: int) -> None:
    """As a dict whose keys are in order; at() and between() look below an address, too."""
    segments, model = VmMap(), dict[int, Segment]()
    for enter, start in changes:
        if enter:
            segments[start] = model[start] = Segment(start, memoryview(b"x"))
        elif start in model:
            del segments[start], model[start]
        else:
            with pytest.raises(KeyError):
                del segments[start]
    assert list(segments) == sorted(model)
    assert len(segments) == len(model)
    assert segments.values() == segments.copy().values() == [model[n] for n in sorted(model)]
    assert (low in segments, segments.get(low)) == (low in model, model.get(low))
    below = [model[n] for n in sorted(model) if n <= low]
    assert segments.at(low) is (below[-1] if below else None)
    inside = [model[n] for n in sorted(model) if low < n < high]
    if low < high:
        assert segments.between(low, high) == below[-1:] + inside
