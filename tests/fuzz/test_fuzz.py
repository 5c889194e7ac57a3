# SPDX-License-Identifier: BSD-2-Clause
"""Any calls with any registers end as calls may; `make fuzz` makes a million."""

import pytest

from kernel.arch.python import syscall
from kernel.sys.syscall import sysno
from tests.fuzz.fuzzer import Bug, Fuzzer


def test_any_calls():
    """Some thousand calls by processes of three users: errors, signals, sleeps, and nothing is left."""
    fuzzer = Fuzzer(20)
    fuzzer.run(3000)
    assert fuzzer.calls == 3000
    assert fuzzer.outcomes["error"] > fuzzer.outcomes["success"] > 300
    assert len(fuzzer.errors) > 20


def test_one_seed_one_run():
    """What a seed has found it finds again."""
    first, second = Fuzzer(21), Fuzzer(21)
    first.run(400)
    second.run(400)
    assert (first.outcomes, first.errors) == (second.outcomes, second.errors)


def test_a_panic_is_found(monkeypatch):
    """A handler that breaks ends the run, which says how to see it again."""

    def broken(_lwp):
        return 1 // 0

    number = sysno("getuid")
    calls = [*syscall._calls[:number], broken, *syscall._calls[number + 1 :]]
    monkeypatch.setattr(syscall, "_calls", calls)
    with pytest.raises(Bug, match=r"seed 22, call \d+(?s:.*)getuid(?s:.*)ZeroDivisionError"):
        Fuzzer(22).run(3000)
