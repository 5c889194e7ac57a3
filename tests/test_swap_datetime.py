# SPDX-License-Identifier: BSD-2-Clause
"""Dates in a patched block: the process's clock, the host's classes.  kernel.swap_datetime."""

import copy
import datetime
import functools
import pickle
import time
from datetime import date as Date
from datetime import datetime as Datetime

CLASSES = {"datetime": Datetime, "date": Date}  # the host's: what is in it keeps its meaning
MADE_OUTSIDE = Datetime(2020, 1, 1)


class Stamp(Datetime):
    """Derived as this module is imported."""

    def told(self):
        return self.year


@functools.singledispatch
def _kind(what):
    return "other"


@_kind.register
def _(what: Datetime):
    return "datetime"


def test_what_is_made_in_the_block_is_of_the_hosts_classes(k):
    """Whoever has a table by type, as yaml, sqlite3 and pickle do, finds it."""
    with k.patch():
        made = [
            Datetime.now(), Datetime.today(), Datetime.utcnow(), Datetime(2003, 1, 2, fold=1),
            Datetime.fromtimestamp(0), Datetime.strptime("2003", "%Y"),
            Datetime.fromisoformat("2003-01-02"), Datetime.combine(Date.today(), datetime.time()),
            datetime.datetime.now(datetime.UTC),
        ]  # fmt: skip
        assert {type(one) for one in made} == {CLASSES["datetime"]}
        assert type(Date.today()) is CLASSES["date"]
        assert [pickle.loads(pickle.dumps(one)) for one in made] == made == copy.deepcopy(made)
        assert repr(made[3]) == "datetime.datetime(2003, 1, 2, 0, 0, fold=1)"
        assert _kind(made[0]) == "datetime"
    assert made[0].year == 2003


def test_the_names_stand_for_the_hosts_classes(k):
    """Instances are theirs, and so are comparisons, keys and registrations."""
    with k.patch():
        now = Datetime.now()
        assert isinstance(now, Datetime)
        assert isinstance(now, Date)
        assert isinstance(MADE_OUTSIDE, datetime.datetime)
        assert issubclass(Datetime, Date)
        assert type(now) == Datetime != Date  # noqa: E721 - as some packages ask
        assert {Datetime: 1}[type(now)] == 1
        match now:
            case Datetime(year=year):
                assert year == 2003
        _kind.register(Date, lambda what: "date")
        assert _kind(Date.today()) == "date"
        assert (repr(Datetime), repr(Date)) == tuple(f"<class 'datetime.{one}'>" for one in CLASSES)


def test_derived_classes_have_the_clock(k):
    """Whether they were derived before, or are in the block; and are themselves, no others."""
    with k.patch():

        class Inside(Datetime):
            pass

        for cls in (Stamp, Inside):
            made = cls.now()
            assert type(made) is cls
            assert isinstance(made, Datetime)
            assert not isinstance(Datetime.now(), cls)
            assert made.year == 2003
        assert Stamp.today().told() == 2003
    assert Stamp.now().told() > 2003
    assert not {"now", "today", "utcnow"} & vars(Stamp).keys()


def test_now_is_one_moment(k):
    """A second that begins meanwhile does not take it back to the beginning of the one before."""
    with k.patch():
        seen = [Datetime.now()]
        for spare in range(20_000, 40_000, 500):  # ns before a second begins
            time.sleep((1_000_000_000 - spare - time.time_ns() % 1_000_000_000) / 1e9)
            seen += [Datetime.now() for _ in range(50)]
        assert seen[-1].second != seen[-50].second
    assert seen == sorted(seen)
