# SPDX-License-Identifier: BSD-2-Clause
"""uuidgen(2): how it fails, and that no two are alike."""

from uuid import UUID

import pytest

from kernel.sys.errno import Errno
from tests.syscalls.errnos import Traced
from userland.libc.stack import Frame, fetch, reserve
from userland.libc.syscall import call as trap


def uuidgen(count):
    """Return count identifiers."""
    with Frame() as lwp:
        at = reserve(lwp, 16 * max(count, 1))
        trap("uuidgen", at, count)
        data = fetch(lwp, at, 16 * count)
    return [UUID(bytes_le=data[i : i + 16]) for i in range(0, len(data), 16)]


@pytest.mark.errno("uuidgen", Errno.EINVAL)
def test_how_many(fails, user):
    """None, fewer, or more than 2048."""
    for count in (0, -1, 2049):
        fails(user, trap, "uuidgen", 16, count)


@pytest.mark.errno("uuidgen", Errno.EFAULT)
def test_nowhere(fails, user):
    """The array is not in the caller's memory."""
    fails(user, trap, "uuidgen", 16, 1)


@pytest.mark.trace("uuidgen", "CALL RET")
def test_each_is_its_own(k, user):
    """They are random ones, of version 4, in the layout of struct uuid."""
    trace = Traced(k, user, "cin")
    made = user.call(uuidgen, 100)
    assert [record.type for record in trace.records()] == [1, 2]
    assert len(set(made)) == 100
    assert {each.version for each in made} == {4}
