# SPDX-License-Identifier: BSD-2-Clause
"""Freed memory is kept."""

import resource

from greenlet import greenlet

from native.genio import implementation
from native.memory import keep_freed

SIZE = 8 << 20


def faults() -> int:
    """Pages that the host has given this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def test_what_is_freed_is_there_for_the_next() -> None:
    """A large block, again and again, is not one of new pages each time: if there is the helper."""
    keep_freed()
    bytes(bytearray(SIZE))
    before = faults()
    for _ in range(8):
        bytes(bytearray(SIZE))
    assert implementation != "C" or faults() - before < 8 * 2 * SIZE // 4096 // 4


def test_the_frames_of_a_context_take_the_place_of_anothers() -> None:
    """Contexts that run one after the other, or a few at a time, take no new pages."""

    def stack(depth: int) -> None:
        if depth:
            there = greenlet(stack)
            there.switch(depth - 1)

    keep_freed()
    stack(8)
    before = faults()
    for _ in range(500):
        stack(8)
    assert implementation != "C" or faults() - before < 500
