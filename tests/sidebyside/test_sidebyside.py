# SPDX-License-Identifier: BSD-2-Clause
"""What pyfakefs gets wrong is right here."""

import pytest

from tests.sidebyside.table import rows


@pytest.fixture(scope="module")
def table():
    """Every row asked of all three."""
    return rows()


def test_this_system_answers_as_the_host(table):
    """Or as NetBSD does where that is another: all of it."""
    assert [row for row in table if row.ours != row.right] == []


def test_a_fake_does_not(table):
    """The rows are no mere list of what works everywhere."""
    wrong = [row.name for row in table if row.fake != row.host]
    assert 10 <= len(wrong) < len(table)
