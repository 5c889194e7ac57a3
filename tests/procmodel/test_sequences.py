# SPDX-License-Identifier: BSD-2-Clause
"""Random sequences of calls by a family of processes: the model, our kernel and the host agree.

`python -m tests.procmodel 10000` runs as many as one likes, with figures.
"""

import sys
from collections.abc import Iterator

import pytest

from tests.procmodel.machine import WORLDS, Sequence
from tests.procmodel.ours import Ours
from tests.vfsmodel.run import run

COUNT = 80
LINUX = sys.platform == "linux"  # the model knows where no other host differs


@pytest.fixture
def worlds() -> Iterator[None]:
    """A kernel of ours that no other test has."""
    WORLDS.ours, WORLDS.host = Ours(), LINUX
    yield
    WORLDS.ours, WORLDS.host = None, False


@pytest.mark.usefixtures("worlds")
def test_sequences() -> None:
    """The same answers, states and signals, and nobody is left."""
    before = WORLDS.sequences

    run(Sequence, COUNT, derandomize=True)

    assert WORLDS.sequences - before >= COUNT
    assert not LINUX or WORLDS.on_host["begun"] > COUNT // 10
