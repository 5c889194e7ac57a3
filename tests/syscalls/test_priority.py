# SPDX-License-Identifier: BSD-2-Clause
"""getpriority(2), setpriority(2): how they fail, in which order."""

import pytest

from kernel.sys.errno import Errno
from kernel.sys.resource import PRIO_PGRP, PRIO_PROCESS, PRIO_USER
from tests.syscalls.errnos import Traced, errnos

BOTH = {
    "getpriority": lambda which, who: ("getpriority", which, who),
    "setpriority": lambda which, who: ("setpriority", which, who, 0),
}


@errnos(Errno.EINVAL, BOTH)
def test_no_such_kind(fails, root, call):
    """which is none of PRIO_PROCESS, PRIO_PGRP and PRIO_USER."""
    fails(root, *call(3, 0))
    fails(root, *call(-1, 0))


@errnos(Errno.ESRCH, BOTH)
def test_nobody(fails, root, call):
    """There is no such process, group or user; a zombie is nobody."""
    for which in (PRIO_PROCESS, PRIO_PGRP, PRIO_USER):
        fails(root, *call(which, 29999))
    child = root.fork()
    child._exit(0)
    fails(root, *call(PRIO_PROCESS, child.pid))


@pytest.mark.errno("setpriority", Errno.EACCES)
def test_only_root_gets_better(fails, user):
    """The priority would get better, and the caller is not the super-user."""
    user.setpriority(PRIO_PROCESS, 0, 5)
    fails(user, "setpriority", PRIO_PROCESS, 0, 4)


@pytest.mark.errno("setpriority", Errno.EPERM)
def test_of_others(fails, user, other):
    """The process is another user's: before it is asked whether the priority gets better."""
    fails(user, "setpriority", PRIO_PROCESS, other.pid, -20)


@pytest.mark.trace("getpriority", "CALL RET")
@pytest.mark.trace("setpriority", "CALL RET")
def test_every_call_is_traced(k, root):
    """The call and its result."""
    trace = Traced(k, root, "cin")
    root.getpriority(PRIO_PROCESS, 0)
    root.setpriority(PRIO_PROCESS, 0, 1)
    assert [record.type for record in trace.records()] == [1, 2, 1, 2]


def test_of_a_group_and_of_a_user(user):
    """Each member of the group, and each process of the user, gets it."""
    child = user.fork()
    child.setpgid(0, 0)
    child.setpriority(PRIO_PGRP, 0, 3)
    assert (child.getpriority(PRIO_PROCESS, 0), user.getpriority(PRIO_PROCESS, 0)) == (3, 0)
    user.setpriority(PRIO_USER, 0, 7)
    assert child.getpriority(PRIO_PROCESS, 0) == user.getpriority(PRIO_USER, 1000) == 7
