# SPDX-License-Identifier: BSD-2-Clause
"""The datetime module: C's, by the process's clock and in its zone."""


def test_it_reads_the_kernels_clock(run):
    """What is now is so many seconds after boot, to the microsecond."""
    result = run(
        "import datetime, time\n"
        "time.clock_settime_ns(0, 10**18 + 1234)\n"
        "now, utc = datetime.datetime.now(), datetime.datetime.now(datetime.timezone.utc)\n"
        "print(now.date(), now.microsecond < 100, utc - now.replace(tzinfo=datetime.timezone.utc)\n"
        "      < datetime.timedelta(microseconds=10), datetime.date.today())\n"
        "time.sleep(86400)\n"
        "print(datetime.datetime.today() - now > datetime.timedelta(1))\n"
    )
    assert result.stderr == b""
    assert result.stdout.decode().splitlines() == ["2001-09-09 True True 2001-09-09", "True"]


def test_its_classes_are_what_they_are_on_the_host(same):
    """Types, names, text, pickles and subclasses; the zone of TZ, with its folds and gaps."""
    same("""
import copy, datetime, os, pickle, time
d, date, delta = datetime.datetime, datetime.date, datetime.timedelta

class Mine(d):
    pass

one = d(2020, 10, 25, 2, 30, 1, 5)
for thing in (one, one.date(), one.time(), one + delta(1), one - one, Mine(2020, 1, 1), d.min,
              date.max, Mine(2020, 1, 1) + delta(1), one.replace(year=5), one.timetuple(),
              d.combine(date(2020, 1, 1), one.time()), d.fromisoformat("2020-01-01T00:00"),
              d.strptime("2 3 2020", "%d %m %Y"), pickle.loads(pickle.dumps(one)),
              copy.copy(date(2020, 1, 1)), d.fromordinal(5), one.isocalendar(), repr(type(one))):
    print(repr(thing), thing, type(thing).__module__, type(thing).__qualname__)
print(isinstance(one, date), issubclass(d, date), one == copy.deepcopy(one), hash(one) == hash(
    copy.copy(one)), one > d(2020, 1, 1), date(2020, 1, 1) == d(2020, 1, 1), d.__mro__[-1])
print(f"{one:%d.%m.%y %f %z|%Z|%%f} {date(2020, 1, 2):%A %f}", one.strftime(""))
os.environ["TZ"] = "CET-1CEST,M3.5.0,M10.5.0/3"
time.tzset()
for fold in 0, 1:
    for when in (one, d(2020, 3, 29, 2, 30), d(2020, 7, 1), d(1969, 12, 31, 23)):
        local = when.replace(fold=fold)
        print(local.timestamp(), local.astimezone(), repr(local.astimezone(datetime.timezone.utc)))
for clock in (1603584000, 1603587600.5, 1603591200, -1e6, 0.0000005):
    when = d.fromtimestamp(clock)
    print(repr(when), when.fold, date.fromtimestamp(clock), d.fromtimestamp(
        clock, datetime.timezone(delta(hours=-5, seconds=7), "X%dY")).strftime("%z %Z"))
for call in (lambda: d.now(5), lambda: one.astimezone(5), lambda: d.fromtimestamp(float("nan")),
             lambda: d.fromtimestamp(1e20), lambda: d(2020, 13, 1), lambda: d.now("x")):
    try:
        call()
    except Exception as exc:
        print(type(exc).__name__, exc)
""")


def test_a_process_has_its_own(run):
    """What a program does to the classes, another does not see."""
    first = run("import datetime\ndatetime.datetime.now = 5\nprint(datetime.datetime.now)")
    second = run("import datetime\nprint(datetime.datetime.now())")

    assert first.stdout == b"5\n"
    assert second.stdout.startswith(b"2003-08-07 16:45:05.")


def test_random_numbers_come_from_the_seed(tmp_path):
    """uuids, secrets, random and names of temporary files: the same with the same seed."""
    from kernel import api

    program = tmp_path / "draw.py"
    program.write_text(
        "import random, secrets, tempfile, uuid\n"
        "print(random.random(), secrets.token_hex(), uuid.uuid1(), uuid.uuid4())\n"
        "print(tempfile.NamedTemporaryFile().name)\n"
    )

    def drawn(seed: int) -> bytes:
        with api.boot(seed=seed) as k:
            return k.run(program).stdout

    one = drawn(1)
    assert one.count(b"\n") == 2
    assert one == drawn(1) != drawn(2)
