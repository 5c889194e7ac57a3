# SPDX-License-Identifier: BSD-2-Clause
"""The table of processes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kernel.sys.pidtable import PidTable


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.booleans())))
def test_it_is_gone_through_in_order(steps: list[tuple[int, bool, bool]]) -> None:
    """Whatever came and went in whatever order, however often somebody looked meanwhile."""
    table: Any = PidTable()
    model: dict[int, object] = {}
    for pid, comes, look in steps:
        if comes:
            table[pid] = model[pid] = object()
        elif pid in model:
            del table[pid], model[pid]
        if look:
            assert list(table) == sorted(model)
    pids = sorted(model)
    values = [model[pid] for pid in pids]
    assert list(table.items()) == list(zip(pids, values, strict=True))
    assert list(table.values()) == values
    assert list(table.keys()) == list(table) == pids
    assert list(reversed(table)) == pids[::-1]
    assert len(table) == len(pids)


def test_each_way_to_look_sorts() -> None:
    """Also the first one after an id came round."""
    first, second = object(), object()
    for look, found in (
        (list, [2, 7]),
        (lambda table: list(reversed(table)), [7, 2]),
        (lambda table: list(table.keys()), [2, 7]),
        (lambda table: list(table.values()), [second, first]),
        (lambda table: list(table.items()), [(2, second), (7, first)]),
    ):
        table: Any = PidTable()
        table[7], table[2] = first, second
        assert look(table) == found
