# SPDX-License-Identifier: BSD-2-Clause
"""Random sequences of file calls by several people: the model, our kernel and the host agree.

`make sequences COUNT=10000` runs as many as one likes, with figures.
"""

import sys
from collections.abc import Iterator

import pytest

from tests.vfsmodel.differences import DIFFERENCES
from tests.vfsmodel.host import Host
from tests.vfsmodel.machine import PEOPLE, WORLDS, Sequence
from tests.vfsmodel.ours import Ours
from tests.vfsmodel.run import run

COUNT = 250
LINUX = sys.platform == "linux"  # the table is about no other host


@pytest.fixture
def worlds() -> Iterator[None]:
    """A kernel of ours and processes of the host."""
    WORLDS.ours = Ours(PEOPLE)
    host = WORLDS.host = Host(PEOPLE) if LINUX else None
    yield
    if host is not None:
        host.shutdown()
    WORLDS.ours = WORLDS.host = None


@pytest.mark.usefixtures("worlds")
def test_sequences() -> None:
    """The same answers and the same trees, and nothing is kept."""
    before = WORLDS.sequences

    run(Sequence, COUNT, derandomize=True)

    assert WORLDS.sequences - before >= COUNT
    assert not LINUX or WORLDS.on_host["ended"] > COUNT // 4


def test_every_difference_says_where_it_is_from() -> None:
    """An entry of the table is a sentence, and names a manual page or a source."""
    for entry in DIFFERENCES:
        assert entry.what.endswith(".")
        assert ".c" in entry.source or "(2)" in entry.source
