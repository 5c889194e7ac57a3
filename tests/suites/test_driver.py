# SPDX-License-Identifier: BSD-2-Clause
"""How results of suites are read and compared; the suites themselves are fetched by make suites."""

from tests.suites.driver import (
    NEVER,
    Reason,
    Suite,
    compare,
    read_reasons,
    read_suites,
    read_told,
)

SUITE = Suite("some", "1.0", (), (), ())


def test_the_tables():
    """Each suite stands once, and each reason is of one of them."""
    names = [suite.name for suite in read_suites()]
    assert len(set(names)) == len(names) > 3
    assert {reason.suite for reason in read_reasons()} <= set(names)


def test_the_worst_of_a_test_counts():
    """A test that fails as it is torn down has failed; one without an end was the last."""
    told = (
        "start\ta\t\npassed\ta\t\nstart\tb\t\npassed\tb\t\nfailed\tb\tE  no\nstart\tc\t\n"
        "skipped\tc\t\nfailed\tfile.py\tE  ImportError\nstart\td\t\n"
    )
    assert read_told(told) == {
        "a": ("passed", ""),
        "b": ("failed", "E  no"),
        "c": ("skipped", ""),
        "file.py": ("failed", "E  ImportError"),
        "d": ("failed", NEVER),
    }


def test_only_what_passes_on_the_host_counts():
    """What fails on both is the suite's; what a reason covers is known; the rest is unexpected."""
    host = dict.fromkeys(["a", "b", "c", "d"], ("passed", "")) | {"e": ("failed", "E  too")}
    inside = {
        "a": ("passed", ""), "b": ("failed", "E  ours"), "c": ("skipped", ""), "e": ("failed", ""),
    }  # fmt: skip
    reasons = [Reason("some", "c", "not there"), Reason("other", "*", "not of this")]
    known, unexpected = compare(SUITE, host, inside, reasons)
    assert known == {"c": "not there"}
    assert unexpected == {"b": "E  ours", "d": NEVER}
