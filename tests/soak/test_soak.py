# SPDX-License-Identifier: BSD-2-Clause
"""A kernel that was busy holds what it held before; `make soak` keeps it busy for an hour."""

import pytest

from tests.soak.census import census, difference
from tests.soak.workload import Leak, Workload


def test_nothing_is_left_behind():
    """After each of some rounds all counts are as at the start, and the programs found no fault."""
    load = Workload(3)
    for _ in range(4):
        load.turn()
    assert load.failures == []
    assert load.records > 0


def test_leaks_are_seen(k):
    """A file that stays open, and a process that stays, are seen in the census."""
    before = census(k)
    assert difference(before, census(k)) == {}
    k.root().open(b"/etc/passwd", 0)
    assert "nfiles" in difference(before, census(k))


def test_a_round_that_leaks_is_named():
    """A program that leaves a file behind stops the run, which tells the round and the table."""
    load = Workload(5)
    load.system.install(b"/left", b"")
    with pytest.raises(Leak, match="tm_nodes_cnt"):
        load.turn()
