# SPDX-License-Identifier: BSD-2-Clause
"""Two traces side by side: what is the same, and where the first difference is."""

import io
import tracemalloc

import pytest

from kernel import api
from userland import libktrace
from userland.libktrace.compare import compare, histories
from userland.libktrace.make import call, gio, ret

FAMILY = b"""
import os, sys
for number in range(3):
    if os.fork() == 0:
        os.write(1, sys.argv[1].encode() if number == 1 else b"z")
        if os.fork() == 0:
            os._exit(0)
        os.wait()
        os._exit(number)
for _ in range(3):
    os.wait()
"""


def traced(word, seed=None, busy=0):
    """Return the records of the family's run, in a system that has run other things before."""
    with api.boot(seed=seed) as k:
        for _ in range(busy):
            k.run(b"/bin/ls")
        k.install(b"/root/prog.py", FAMILY)
        result = k.run(b"/root/prog.py", [word], ktrace=True)
        assert result.status == 0
        return list(libktrace.open(io.BytesIO(result.ktrace)))


@pytest.fixture(scope="module")
def first():
    return traced("a")


def test_who_is_who(first):
    """Processes are named by their place in the family."""
    assert sorted(histories(first)) == ["1", "1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1"]


def test_pids_times_and_addresses_do_not_count(first):
    """The same program in a system that is older has other pids and times, and the same trace."""
    other = traced("a", busy=5)
    assert [r.pid for r in other] != [r.pid for r in first]
    assert list(compare(first, other)) == []


@pytest.mark.parametrize("seed", range(1, 6))
def test_whose_turn_it_was_does_not_count(first, seed):
    """A child that runs before its parent's fork has returned is the same child."""
    assert sorted(histories(traced("a", seed))) == sorted(histories(first))


def test_a_difference_is_where_it_is(first):
    """It is named by process and call, with what is around it."""
    (found,) = compare(first, traced("b"))

    assert found.name == "1.2"
    assert [line.text for line in found.first] == ['write(1, "a", 1) = 1']
    assert [line.text for line in found.second] == ['write(1, "b", 1) = 1']
    assert found.before[-1].text == "fork() = 0"
    assert found.after[0].text == "fork() = <1.2.1>"


def test_a_process_that_is_missing_is_a_difference(first):
    """All that it did stands against nothing."""
    pid = histories(first)["1.3.1"].pid
    without = [record for record in first if record.pid != pid]

    (found,) = compare(first, without)
    assert found.name == "1.3.1"
    assert (len(found.first), found.second) == (len(histories(first)["1.3.1"].lines), [])


class Repeated:
    """The records of a few calls, again and again, as often as they are asked for."""

    def __init__(self, times):
        one = call(4, 1, 0x1000, 3) + gio(b"abc") + ret(4, value=3)
        self.records = list(libktrace.open(io.BytesIO(one * 2)))
        self.times = times

    def __iter__(self):
        for _ in range(self.times):
            yield from self.records


def test_what_is_the_same_is_not_kept():
    """Memory does not grow with traces that agree."""

    def peak(times):
        tracemalloc.start()
        try:
            assert list(compare(Repeated(times), Repeated(times))) == []
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(2000) < 2 * peak(200)


def test_records_that_can_be_read_once():
    """An iterator serves, too; a difference is counted from the start."""
    first, second = Repeated(50).records * 50, Repeated(50).records * 50
    second[-1] = next(iter(libktrace.open(io.BytesIO(ret(4, value=2) * 2))))
    (difference,) = compare(iter(first), iter(second))
    assert difference.at == (99, 99)
    assert (len(difference.before), len(difference.first)) == (3, 1)
