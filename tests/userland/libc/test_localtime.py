# SPDX-License-Identifier: BSD-2-Clause
"""tzset(3), localtime(3), mktime(3)."""

import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userland.libc.timegm import gmtime
from userland.libc.tzfile import tzload, tzparse

ZONES = (
    "EST+05EDT,M4.1.0,M10.5.0", "AEST-10AEDT-11,M10.5.0,M3.5.0", "<+0330>-3:30", "UTC+0",
    "IST-1GMT0,M10.5.0,M3.5.0/1", "XXX3YYY,J60/0,J300/26", "XXX-14YYY-15,59,300/0:30:15",
)  # fmt: skip


@pytest.fixture
def host_zone() -> Iterator[None]:
    """Let the host's TZ be what it was."""
    before = os.environ.get("TZ")
    yield
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.parametrize("zone", ZONES)
def test_posix_strings_as_on_the_host(zone, host_zone):
    """What TZ says is what the host's localtime(3) makes of it, every ten days of 40 years."""
    os.environ["TZ"] = zone
    time.tzset()
    rule = tzparse(zone)

    for clock in range(631_152_000, 1_893_456_000, 863_999):
        host = time.localtime(clock)
        assert rule.at(clock)[:3] == (host.tm_gmtoff, host.tm_isdst, host.tm_zone), clock


@pytest.mark.parametrize("text", ["", "U", "UTC", "5", "EST5EDT,M13.1.0,M3.1.0", "A5B,1", "E5 x,"])
def test_what_is_no_zone(text):
    """A string without an offset, or with other rules than two, is refused."""
    assert tzparse(text) is None


def zone_file() -> bytes:
    """A version 2 file: LMT, then AAA (+1 h) from 0, and by its last line BBB3."""

    def part(form: str, version: bytes) -> bytes:
        head = struct.pack(">4sc15x6l", b"TZif", version, 0, 0, 0, 1, 2, 8)
        kinds = struct.pack(">lBBlBB", -1234, 0, 0, 3600, 0, 4)
        return head + struct.pack(form, 0) + b"\1" + kinds + b"LMT\0AAA\0"

    return part(">l", b"2") + part(">q", b"2") + b"\nBBB3\n"


def test_a_file_has_changes_and_a_rule_for_later():
    """Before the first change there is the first kind; after the last, what its last line says."""
    zone = tzload(zone_file())

    assert zone.at(-1) == (-1234, 0, "LMT")
    assert zone.at(0) == (-10800, 0, "BBB")
    assert tzload(b"no file") is None


@given(st.integers(-(10**11), 10**12))
def test_gmtime_as_on_the_host(clock):
    """Dates from the year -1200 to 33000."""
    host = time.gmtime(clock)
    assert gmtime(clock)[:8] == (*host[:6], (host.tm_wday + 1) % 7, host.tm_yday)


PROGRAM = """
import os, time

def show():
    print(time.tzname, time.timezone, time.daylight, time.strftime("%c %Z %z", time.localtime(0)))

show()
os.environ["TZ"] = "EST5EDT"
print(time.localtime(0).tm_hour)
time.tzset()
show()
os.environ["TZ"] = "Here/There"
time.tzset()
show()
print(time.mktime((1970, 1, 1, 0, 0, 0, 0, 0, 0)), time.mktime((2000, 13, 32, 25, 0, 0, 0, 0, -1)))
"""


def test_a_program_has_its_zone(k, tmp_path: Path):
    """TZ counts when the program starts and at tzset(3); a file is found below zoneinfo."""
    program = tmp_path / "zones.py"
    program.write_text(PROGRAM)
    k.root().mkdir("/usr/share", 0o755)
    for name in ("zoneinfo", "zoneinfo/Here"):
        k.root().mkdir(f"/usr/share/{name}", 0o755)
    k.install(b"/usr/share/zoneinfo/Here/There", zone_file())

    result = k.run(program, env={"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"})

    assert result.stderr == b""
    assert result.stdout.decode().splitlines() == [
        "('CET', 'CEST') -3600 1 Thu Jan  1 01:00:00 1970 CET +0100",
        "1",
        "('EST', 'EDT') 18000 1 Wed Dec 31 19:00:00 1969 EST -0500",
        "('BBB', '   ') 10800 0 Wed Dec 31 21:00:00 1969 BBB -0300",
        "10800.0 981086400.0",
    ]


def test_without_tz_there_is_etc_localtime(k, tmp_path: Path):
    """The file is the zone of who has no TZ; without it, UTC."""
    program = tmp_path / "zone.py"
    program.write_text("import time; print(time.strftime('%Z', time.localtime()))")

    before = k.run(program).stdout
    k.install(b"/etc/localtime", zone_file())

    assert (before, k.run(program).stdout) == (b"UTC\n", b"BBB\n")
