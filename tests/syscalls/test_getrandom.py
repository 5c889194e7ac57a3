# SPDX-License-Identifier: BSD-2-Clause
"""getrandom(2): bytes of the seed, how many, and how it fails."""

import pytest

from kernel import api
from kernel.sys.errno import Errno
from kernel.sys.ktrace import KTR_SYSCALL, KTR_SYSRET
from kernel.sys.random import GRND_INSECURE, GRND_NONBLOCK, GRND_RANDOM
from tests.syscalls.errnos import Traced
from userland.libc.syscall import call as trap


@pytest.mark.errno("getrandom", Errno.EINVAL)
def test_flags(fails, user):
    """There is no such flag, or GRND_RANDOM and GRND_INSECURE together."""
    fails(user, "getrandom", 1, 0x80)
    fails(user, "getrandom", 1, GRND_RANDOM | GRND_INSECURE)


@pytest.mark.errno("getrandom", Errno.EFAULT)
def test_nowhere(fails, user):
    """The buffer is not in the caller's memory, though it be endless."""
    fails(user, trap, "getrandom", 16, 8, 0)
    fails(user, trap, "getrandom", 16, 1 << 60, 0)


def test_bytes_follow_the_seed():
    """Two kernels of one seed give the same bytes."""
    answers = []
    for _ in range(2):
        with api.boot(seed=7) as k:
            answers.append(k.root().getrandom(100_000, GRND_NONBLOCK))
    assert answers[0] == answers[1]
    assert len(answers[0]) == 100_000


def test_how_many(user):
    """All that are asked for, none too; with GRND_RANDOM at most 32."""
    assert [len(user.getrandom(size, GRND_INSECURE)) for size in (0, 1, 70_000)] == [0, 1, 70_000]
    assert [len(user.getrandom(size, GRND_RANDOM)) for size in (8, 33)] == [8, 32]


@pytest.mark.trace("getrandom", "CALL RET")
def test_records(k, user):
    """The bytes are not in the trace: they are nobody's business."""
    trace = Traced(k, user)
    user.getrandom(8, 0)
    assert [record.type for record in trace.records()] == [KTR_SYSCALL, KTR_SYSRET]
