# SPDX-License-Identifier: BSD-2-Clause
"""Several writers that wait on a pipe, some killed: what is read is whole writes, in order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import api
from kernel.sys.param import PIPE_BUF
from kernel.sys.signal import SIGKILL

WRITERS = 3
STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "read", "kill"]), st.integers(0, WRITERS - 1)),
    max_size=120,
)


@pytest.mark.filterwarnings("ignore:The recursion limit")
@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_small_writes_stay_whole(steps):
    """No byte is lost, doubled or torn from its write; the last writer's death is the end."""
    system = api.boot()
    reader = system.process(0, 0)
    rfd, wfd = reader.pipe()
    writers = [reader.fork() for _ in range(WRITERS)]
    reader.close(wfd)
    done, sleeping, got, alive = [0] * WRITERS, set(), b"", set(range(WRITERS))

    def settle():
        reader.poll([], 1)
        for who in sorted(sleeping):
            if writers[who].idle:
                assert writers[who].finish() == PIPE_BUF
                sleeping.remove(who)
                done[who] += 1

    for step, who in [*steps, *(("kill", who) for who in range(WRITERS))]:
        if step == "read" and sum(done) * PIPE_BUF > len(got):
            got += reader.read(rfd, 3 * PIPE_BUF)
        elif step == "write" and who in alive and who not in sleeping:
            sleeping.add(who)
            writers[who].begin("write", wfd, bytes([65 + who]) * PIPE_BUF)
        elif step == "kill" and who in alive:
            settle()
            reader.kill(writers[who].pid, SIGKILL)
            reader.poll([], 1)
            alive.remove(who)
            sleeping.discard(who)
        settle()
    while more := reader.read(rfd, 1000):
        got += more
    pieces = [got[at : at + PIPE_BUF] for at in range(0, len(got), PIPE_BUF)]
    assert all(piece == piece[:1] * PIPE_BUF for piece in pieces), "a write was torn"
    assert [got.count(65 + who) for who in range(WRITERS)] == [n * PIPE_BUF for n in done]
