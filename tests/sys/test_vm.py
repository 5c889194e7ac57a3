# SPDX-License-Identifier: BSD-2-Clause
"""Address spaces: the layouts of both word sizes."""

from kernel.sys.vm import TEXT_BASE, VM_LAYOUT, Segment, VmSpace


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
