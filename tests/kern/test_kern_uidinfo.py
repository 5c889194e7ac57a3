# SPDX-License-Identifier: BSD-2-Clause
"""What each user has is counted as it comes and goes."""

from collections import Counter

import pytest

from kernel import api
from kernel.sys.resource import RLIMIT_NPROC, Rlimit


@pytest.fixture
def system():
    """A booted system."""
    with api.boot(seed=1) as system:
        yield system


def counts(system):
    """What is counted; it is what there is."""
    kernel = system.kernel
    assert kernel.ui_proccnt == Counter(p.p_cred.cr_ruid for p in kernel.allproc.values())
    return dict(kernel.ui_proccnt)


def test_processes_are_counted_for_their_real_user(system):
    """From fork until somebody has collected the zombie; setuid takes a process to another."""
    root, user = system.process(uid=0), system.process(uid=1000)
    before = counts(system)
    child, other = user.fork(), root.fork()
    other.setuid(1000)
    assert counts(system) == before | {1000: before[1000] + 2}
    child._exit(0)
    assert counts(system) == before | {1000: before[1000] + 2}
    user.wait4(child.pid, 0)
    assert counts(system) == before | {1000: before[1000] + 1}
    other._exit(0)
    root.wait4(other.pid, 0)
    assert counts(system) == before


def test_a_fork_that_is_refused_is_not_counted(system):
    """At the limit all stays as it is."""
    user = system.process(uid=1000)
    user.setrlimit(RLIMIT_NPROC, Rlimit(2, 2))
    user.fork()
    before = counts(system)
    with pytest.raises(BlockingIOError):
        user.fork()
    assert counts(system) == before
