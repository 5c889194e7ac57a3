# SPDX-License-Identifier: BSD-2-Clause
"""Forms and windows: the C helper and its twin, byte for byte."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from native import helper, record_py
from native.record_py import Place, Places

MODULES = [pytest.param(record_py, id="Python")]
if (made_in_c := helper("_record")) is not None:
    MODULES.append(pytest.param(made_in_c, id="C"))

# length, a type, pid, name, time, LWP; then a code and two registers
PLACES = Places(Place(0, 4), Place(8, 4), Place(12, 17), Place(32, 8), Place(40, 8), Place(48, 4))
LAYOUT = "iiI17s3xqqi4x"
TEMPLATE = struct.pack("<" + LAYOUT + "qq", 0, 7, 0, b"", 0, 0, 0, 0, 0)
NOW = 1_060_274_705_123_456_789
WHO = (NOW, 5, bytearray(b"cat".ljust(17, b"\0")), 9)


@pytest.fixture(params=MODULES)
def made(request: pytest.FixtureRequest) -> Any:
    """Either implementation."""
    return request.param


def form(made: Any, *, bigendian: bool = False, tick: int = 1, **changed: Any) -> Any:
    """A form of PLACES with two registers."""
    values = changed.pop("values", (Place(56, 8), Place(64, 8)))
    arguments = {"template": TEMPLATE, "fixed": 16, "places": PLACES} | changed
    return made.Form(
        arguments["template"], arguments["fixed"], bigendian, tick, arguments["places"], values
    )


@pytest.mark.parametrize("order", "<>")
def test_a_record_is_the_template_with_the_values_in_their_places(made: Any, order: str) -> None:
    """In either byte order; the length counts the data, which comes last."""
    template = struct.pack(order + LAYOUT + "qq", 0, 7, 0, b"", 0, 0, 0, 0, 0)
    got = form(made, bigendian=order == ">", template=template).pack(*WHO, (3, -1), b"data")

    values = 20, 7, 5, b"cat", NOW // 10**9, NOW % 10**9, 9, 3, -1
    assert got == struct.pack(order + LAYOUT + "qq", *values) + b"data"


def test_what_is_missing_is_0_and_what_is_over_is_left_out(made: Any) -> None:
    """As the registers of a call that passes too few or too many."""
    some = form(made)

    assert some.pack(*WHO, (1,)) == some.pack(*WHO, (1, 0))
    assert some.pack(*WHO, (1, 2, 3)) == some.pack(*WHO, (1, 2))


def test_a_value_keeps_the_bits_there_is_room_for(made: Any) -> None:
    """A C type holds no more."""
    narrow = form(made, values=(Place(56, 4), Place(64, 1)))
    got = narrow.pack(*WHO, ((1 << 70) - 1, -2))

    assert got[56:] == bytes.fromhex("ffffffff00000000fe00000000000000")


def test_a_form_may_have_no_lwp(made: Any) -> None:
    """As those of 2003."""
    got = form(made, places=PLACES._replace(lid=None)).pack(*WHO, ())

    assert got[48:52] == bytes(4)


def test_a_time_before_the_epoch_and_one_that_64_bits_do_not_hold(made: Any) -> None:
    """The fraction counts up from the second before."""
    some = form(made, tick=1000)

    for now, second, fraction in ((-1, -1, 999_999), (10**19, 10**10, 0)):
        got = some.pack(now, *WHO[1:], ())
        assert struct.unpack_from("<qq", got, 32) == (second, fraction)


def test_a_long_name_is_cut(made: Any) -> None:
    """Nothing is written outside its place."""
    got = form(made).pack(NOW, 5, bytearray(b"n" * 40), 9, ())

    assert got[12:32] == b"n" * 17 + bytes(3)


@pytest.mark.parametrize(
    "arguments",
    [
        ("1", 5, bytearray(17), 9, ()),
        (NOW, 5.0, bytearray(17), 9, ()),
        (NOW, 5, b"name", 9, ()),
        (NOW, 5, bytearray(17), 9, [1]),
        (NOW, 5, bytearray(17), 9, (1.0,)),
        (NOW, 5, bytearray(17), 9, (1, "2")),
        (NOW, 5, bytearray(17), 9, (), "text"),
        (NOW, 5, bytearray(17)),
    ],
)
def test_what_is_no_integer_and_no_bytes_is_a_type_error(
    made: Any, arguments: tuple[Any, ...]
) -> None:
    """And nothing of the record is kept."""
    window = made.Window(200)
    window.open(200)
    with pytest.raises(TypeError):
        form(made).pack(*arguments)
    with pytest.raises(TypeError):
        window.put(form(made), *arguments)

    assert window.take() == b""


@pytest.mark.parametrize(
    "changed",
    [
        {"places": PLACES[:5]},
        {"places": PLACES._replace(lid=Place(69, 4))},
        {"places": PLACES._replace(name=Place(12, 70))},
        {"places": PLACES._replace(length=Place(-1, 4))},
        {"places": PLACES._replace(pid=Place(2, 4))},
        {"places": PLACES._replace(second=Place(32, 3))},
        {"values": (Place(40, 8),)},
        {"values": (Place(64, 16),)},
        {"values": (Place(72, 1),)},
        {"fixed": len(TEMPLATE) + 1},
        {"tick": 0},
    ],
)
def test_a_form_whose_values_do_not_fit_is_refused(made: Any, changed: dict[str, Any]) -> None:
    """What would write outside a record is never begun."""
    with pytest.raises(ValueError, match=r"no such|lies outside"):
        form(made, **changed)


@given(
    now=st.integers(-(2**70), 2**70),
    pid=st.integers(),
    name=st.binary(max_size=30),
    lid=st.integers(),
    values=st.lists(st.integers()).map(tuple),
    data=st.binary(max_size=100),
    bigendian=st.booleans(),
    tick=st.sampled_from((1, 1000)),
    narrow=st.booleans(),
)
def test_both_make_the_same_bytes(
    now: int,
    pid: int,
    name: bytes,
    lid: int,
    values: tuple[int, ...],
    data: bytes,
    bigendian: bool,
    tick: int,
    narrow: bool,
) -> None:
    """Whatever the values are."""
    places = (Place(56, 2), Place(60, 4), Place(71, 1)) if narrow else (Place(56, 8), Place(64, 8))
    found = []
    for module in (param.values[0] for param in MODULES):
        window = module.Window(1000)
        window.open(1000)
        some = form(module, bigendian=bigendian, tick=tick, values=places)
        arguments = (now, pid, bytearray(name), lid, values, memoryview(data))
        record = some.pack(*arguments)
        assert window.put(some, *arguments)
        assert (window.used, window.when) == (len(record), now)
        assert window.take() == record
        found.append(record)
    assert len(set(found)) == 1


def test_a_window_takes_what_fits_and_says_no_to_the_rest(made: Any) -> None:
    """A record is in it whole or not at all."""
    some, window = form(made), made.Window(3 * len(TEMPLATE))
    one = some.pack(*WHO, (1, 2))

    assert not window.put(some, *WHO, (1, 2))  # it is closed
    window.open(2 * len(one) + 3)
    assert [window.put(some, *WHO, (1, 2)) for _ in range(3)] == [True, True, False]
    assert not window.put(some, *WHO, (), b"data")
    assert window.used == 2 * len(one)
    assert window.take() == 2 * one
    assert not window.put(some, *WHO, (1, 2))  # it is closed again
    assert (window.used, window.take()) == (0, b"")


def test_a_window_keeps_no_hold_of_data(made: Any) -> None:
    """Data can grow again once its record is made, were it none."""
    some, window = form(made), made.Window(4 * len(TEMPLATE))
    window.open(4 * len(TEMPLATE))
    for data in (bytearray(), bytearray(b"data")):
        assert window.put(some, *WHO, (1, 2), data)
        data += b"more"
    window.open(window.used)
    assert not window.put(some, *WHO, (1, 2), data)
    data += b"more"


def test_a_window_opens_no_further_than_it_can(made: Any) -> None:
    """Nor to less than it has."""
    window = made.Window(100)
    for room in (101, -1):
        with pytest.raises(ValueError, match="no such room"):
            window.open(room)
    window.open(100)
    assert window.put(form(made), *WHO, ())
    with pytest.raises(ValueError, match="no such room"):
        window.open(len(TEMPLATE) - 1)
    with pytest.raises(ValueError, match="no such capacity"):
        made.Window(-1)


def test_an_outlet_writes_what_the_form_packs(made: Any) -> None:
    """At once, record by record; True: it is written."""
    some, written = form(made), list[bytes]()
    outlet = made.Outlet(written.append)

    assert outlet.put(some, *WHO, (3, -1), b"data") is True
    assert outlet.put(some, *WHO, (1,)) is True
    assert written == [some.pack(*WHO, (3, -1), b"data"), some.pack(*WHO, (1,))]


def test_an_outlet_says_false_to_the_hosts_errors_only(made: Any) -> None:
    """Whoever asked has to find out; anything else is a mistake."""
    some = form(made)

    def write(_record: bytes) -> None:
        raise errors.pop()

    errors = [RuntimeError(), BlockingIOError(), OSError()]
    outlet = made.Outlet(write)
    assert outlet.put(some, *WHO, ()) is False
    assert outlet.put(some, *WHO, ()) is False
    with pytest.raises(RuntimeError):
        outlet.put(some, *WHO, ())
    with pytest.raises(TypeError):
        outlet.put(some, *WHO, ("1",))
