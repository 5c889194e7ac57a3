# SPDX-License-Identifier: BSD-2-Clause
"""Random programs of LWPs with random schedules: nobody waits for ever, nobody is let in twice."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import api
from kernel.sys.futex import FUTEX_WAIT, FUTEX_WAKE
from tests.lwps import spawn
from userland.libc import include as libc
from userland.libc.machine import map_buffer

pytestmark = pytest.mark.filterwarnings("ignore:The recursion limit")

SEEDS = st.one_of(st.none(), st.integers(0, 1000))
few = settings(max_examples=60)


def play(seed: int | None, main: Any) -> Any:
    """Run main in a process of a new kernel; nothing is left of its LWPs."""
    with api.boot(seed=seed) as k:
        root = k.root()
        value = root.call(main)
        assert len(root.proc.p_lwps) == 1
        assert not root.proc.p_zomblwps
        assert not k.kernel.lwps
        return value


@few
@given(
    SEEDS,
    st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=8), max_size=5),
)
def test_letters(seed, scripts):
    """LWPs send each other letters and unpark who gets one: every letter is read.

    The model: a box a reader, as many letters out as in.
    """
    count = len(scripts)
    sent = [0] * count
    for script in scripts:
        for target, _ in script:
            if count:
                sent[target % count] += 1

    def main() -> list[int]:
        boxes, lids, read = [0] * count, [0] * count, [0] * count

        def writer(n: int) -> None:
            for target, nap in scripts[n]:
                if nap:
                    libc.nanosleep(nap / 1000)
                boxes[target % count] += 1
                libc._lwp_unpark(lids[target % count], 0)

        def reader(n: int) -> None:
            while read[n] < sent[n]:
                if not boxes[n]:
                    try:
                        libc._lwp_park()
                    except OSError:
                        continue
                else:
                    boxes[n] -= 1
                    read[n] += 1

        for n in range(count):
            lids[n] = spawn(reader, n, libc.LWP_SUSPENDED)
        for lid in lids:
            libc._lwp_continue(lid)
        writers = [spawn(writer, n) for n in range(count)]
        for lid in [*writers, *lids]:
            libc._lwp_wait(lid)
        return read

    assert play(seed, main) == sent


@few
@given(
    SEEDS,
    st.lists(
        st.lists(st.tuples(st.sets(st.integers(0, 2), max_size=2), st.integers(0, 3)), max_size=6),
        max_size=5,
    ),
)
def test_mutexes(seed, scripts):
    """Threads take mutexes, in order, and sleep inside: one at a time, and all get through."""

    def main() -> tuple[list[int], int]:
        mutexes = [libc.pthread_mutex_init() for _ in range(3)]
        inside: list[int | None] = [None] * 3
        counts = [0] * 3
        wrong = 0

        def body(n: int) -> None:
            nonlocal wrong
            for wanted, nap in scripts[n]:
                for m in sorted(wanted):
                    libc.pthread_mutex_lock(mutexes[m])
                    wrong += inside[m] is not None
                    inside[m] = n
                    seen = counts[m]
                    libc.nanosleep(nap / 1000) if nap else libc.getppid()
                    counts[m] = seen + 1
                for m in sorted(wanted, reverse=True):
                    inside[m] = None
                    libc.pthread_mutex_unlock(mutexes[m])

        for thread in [libc.pthread_create(body, n) for n in range(len(scripts))]:
            libc.pthread_join(thread)
        return counts, wrong

    taken = [sum(m in wanted for script in scripts for wanted, _ in script) for m in range(3)]
    assert play(seed, main) == (taken, 0)


@few
@given(
    SEEDS,
    st.integers(1, 3),
    st.lists(st.integers(0, 6), min_size=1, max_size=4),
    st.integers(1, 3),
    st.lists(st.integers(0, 2), max_size=5),
)
def test_a_bounded_buffer(seed, room, producers, consumers, naps):
    """Condition variables: what is put in comes out, once, in the order of each producer."""

    def main() -> list[tuple[int, int]]:
        mutex = libc.pthread_mutex_init()
        filled, emptied = libc.pthread_cond_init(), libc.pthread_cond_init()
        buffer: list[tuple[int, int]] = []
        out: list[tuple[int, int]] = []
        left = sum(producers)

        def produce(n: int) -> None:
            for item in range(producers[n]):
                libc.pthread_mutex_lock(mutex)
                while len(buffer) == room:
                    libc.pthread_cond_wait(emptied, mutex)
                buffer.append((n, item))
                libc.pthread_cond_signal(filled)
                libc.pthread_mutex_unlock(mutex)
                if naps:
                    libc.nanosleep(naps[item % len(naps)] / 1000)

        def consume(_: int) -> None:
            nonlocal left
            while True:
                libc.pthread_mutex_lock(mutex)
                while not buffer and left:
                    libc.pthread_cond_wait(filled, mutex)
                if not left:
                    libc.pthread_mutex_unlock(mutex)
                    return
                out.append(buffer.pop(0))
                left -= 1
                if not left:
                    libc.pthread_cond_broadcast(filled)
                libc.pthread_cond_signal(emptied)
                libc.pthread_mutex_unlock(mutex)

        made = [libc.pthread_create(consume, n) for n in range(consumers)]
        made += [libc.pthread_create(produce, n) for n in range(len(producers))]
        for thread in made:
            libc.pthread_join(thread)
        return out

    out = play(seed, main)
    for n, count in enumerate(producers):
        assert [item for who, item in out if who == n] == list(range(count))


@few
@given(SEEDS, st.integers(1, 4), st.integers(1, 6), st.lists(st.integers(0, 2), min_size=1))
def test_a_lock_of_one_word(seed, count, turns, naps):
    """The classic lock on a futex: 0 free, 1 held, 2 held and waited for."""

    def main() -> int:
        word = map_buffer(memoryview(bytearray(8)), 3)
        total = [0]

        def load() -> int:
            return int.from_bytes(libc.load(word, 4), "little")

        def swap(value: int) -> int:
            old = load()
            libc.store(word, value.to_bytes(4, "little"))
            return old

        def body(n: int) -> None:
            for turn in range(turns):
                old = load()
                if old == 0:
                    swap(1)
                else:
                    while swap(2) != 0:
                        try:
                            libc.futex(word, FUTEX_WAIT, 2)
                        except OSError:
                            continue
                seen = total[0]
                libc.nanosleep(naps[(n + turn) % len(naps)] / 1000)
                total[0] = seen + 1
                if swap(0) == 2:
                    libc.futex(word, FUTEX_WAKE, 1)

        for lid in [spawn(body, n) for n in range(count)]:
            libc._lwp_wait(lid)
        return total[0]

    assert play(seed, main) == count * turns
