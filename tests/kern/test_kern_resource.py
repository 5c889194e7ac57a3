# SPDX-License-Identifier: BSD-2-Clause
"""Limits, priorities and accounts on a booted kernel."""

import pytest

from kernel.arch.python.clock import SYSCALL_COST
from kernel.arch.python.locore import trap
from kernel.sys.errno import Errno
from kernel.sys.param import PAGE_SIZE
from kernel.sys.resource import (
    PRIO_PGRP,
    PRIO_PROCESS,
    PRIO_USER,
    RLIM_INFINITY,
    RLIM_NLIMITS,
    RLIMIT_CPU,
    RLIMIT_FSIZE,
    RLIMIT_NOFILE,
    RLIMIT_NPROC,
    RLIMIT_STACK,
    RUSAGE_CHILDREN,
    RUSAGE_SELF,
    SIZEOF_RUSAGE,
    Rlimit,
    RusageLayout,
)
from kernel.sys.syscall import sysno


@pytest.fixture
def root(booted):
    return booted.process()


@pytest.fixture
def user(booted):
    return booted.process(1000)


def rlimit(cur, hard):
    return bytearray(Rlimit(cur, hard).pack())


def get(p, which):
    buf = bytearray(16)
    p("getrlimit", which, buf)
    return Rlimit.unpack(buf)


def test_setrlimit_sets_what_getrlimit_gets(user):
    user("setrlimit", RLIMIT_FSIZE, rlimit(10, 20))

    assert get(user, RLIMIT_FSIZE) == (10, 20)


def test_a_limit_there_is_none_of_is_einval(user):
    for which in (-1, RLIM_NLIMITS):
        assert user.error("getrlimit", which, bytearray(16)) == Errno.EINVAL
        assert user.error("setrlimit", which, rlimit(1, 1)) == Errno.EINVAL
    assert user.error("getrlimit", RLIMIT_CPU, 0) == Errno.EFAULT
    assert user.error("setrlimit", 99, 0) == Errno.EFAULT


def test_a_soft_limit_above_the_hard_one_is_einval(root):
    assert root.error("setrlimit", RLIMIT_CPU, rlimit(2, 1)) == Errno.EINVAL


def test_only_root_raises_a_hard_limit(root, user):
    for p in (root, user):
        p("setrlimit", RLIMIT_CPU, rlimit(1, 2))
    assert user.error("setrlimit", RLIMIT_CPU, rlimit(1, 3)) == Errno.EPERM
    assert user.error("setrlimit", RLIMIT_CPU, rlimit(2, 2)) == 0
    assert root.error("setrlimit", RLIMIT_CPU, rlimit(1, 3)) == 0


def test_what_the_system_has_not_got_is_cut(booted, root):
    for which, most in (
        (RLIMIT_NOFILE, booted.kernel.limits.maxfiles),
        (RLIMIT_NPROC, booted.kernel.limits.maxproc),
    ):
        root("setrlimit", which, rlimit(RLIM_INFINITY, RLIM_INFINITY))
        assert get(root, which) == (most, most)


def test_the_stack_limit_is_whole_pages_and_not_below_the_stack(root):
    assert root.error("setrlimit", RLIMIT_STACK, rlimit(1, PAGE_SIZE)) == Errno.EINVAL
    root("setrlimit", RLIMIT_STACK, rlimit((1 << 20) + 1, 2 << 20))

    assert get(root, RLIMIT_STACK).rlim_cur == (1 << 20) + PAGE_SIZE


def test_a_child_inherits_limits_and_then_has_its_own(root):
    root("setrlimit", RLIMIT_CPU, rlimit(1, 5))
    child = root.fork()
    child("setrlimit", RLIMIT_CPU, rlimit(2, 5))

    assert get(root, RLIMIT_CPU) == (1, 5)
    assert get(child, RLIMIT_CPU) == (2, 5)


def test_getrusage_counts_what_kern_exit_collects(root):
    child = root.fork()
    child("sched_yield")
    child.exit()
    child.proc.p_stats.ru_nsignals = 3
    root("__wait450", child.pid, 0, 0, 0)
    buf = bytearray(SIZEOF_RUSAGE)
    root("__getrusage50", RUSAGE_CHILDREN, buf)

    assert RusageLayout.unpack(buf).ru_nsignals == 3
    root("__getrusage50", RUSAGE_SELF, buf)
    assert RusageLayout.unpack(buf).ru_nsignals == 0


def test_getrusage_tells_the_time_on_the_cpu(root):
    child = root.fork()
    for _ in range(20):
        child("getpid")
    buf = bytearray(SIZEOF_RUSAGE)
    child("__getrusage50", RUSAGE_SELF, buf)
    used = RusageLayout.unpack(buf).ru_stime
    assert 20 * SYSCALL_COST <= used < 30 * SYSCALL_COST
    child.exit()
    root("__wait450", child.pid, 0, 0, 0)
    root("__getrusage50", RUSAGE_CHILDREN, buf)

    assert used <= RusageLayout.unpack(buf).ru_stime < used + 10 * SYSCALL_COST


def test_getrusage_of_others_is_einval(root):
    assert root.error("__getrusage50", 1, bytearray(SIZEOF_RUSAGE)) == Errno.EINVAL
    assert root.error("__getrusage50", RUSAGE_SELF, 0) == Errno.EFAULT


def test_getpriority_is_the_best_of_the_group(root):
    child = root.fork()
    child("setpriority", PRIO_PROCESS, 0, 7)

    assert root("getpriority", PRIO_PROCESS, child.pid) == 7
    assert root("getpriority", PRIO_PGRP, 0) == 0


def test_getpriority_may_be_negative(root):
    root("setpriority", PRIO_PROCESS, 0, -5)

    assert root("getpriority", PRIO_PROCESS, 0) == -5


def test_priorities_are_cut_to_the_range(root):
    root("setpriority", PRIO_PROCESS, 0, 99)
    assert root("getpriority", PRIO_PROCESS, 0) == 20
    root("setpriority", PRIO_PROCESS, 0, -99)
    assert root("getpriority", PRIO_PROCESS, 0) == -20


def test_only_root_gets_better(user):
    user("setpriority", PRIO_PROCESS, 0, 5)
    assert user.error("setpriority", PRIO_PROCESS, 0, 4) == Errno.EACCES
    assert user.error("setpriority", PRIO_PROCESS, 0, 5) == 0


def test_other_users_priorities_are_not_for_users(root, user):
    assert user.error("setpriority", PRIO_PROCESS, root.pid, 5) == Errno.EPERM
    assert root.error("setpriority", PRIO_PROCESS, user.pid, 5) == 0


def test_setpriority_of_a_user_is_of_all_their_processes(root, user):
    child = user.fork()
    root("setpriority", PRIO_USER, 1000, 3)

    assert (child("getpriority", PRIO_PROCESS, 0), user("getpriority", PRIO_USER, 0)) == (3, 3)


def test_priorities_of_nobody(root):
    for which, who in ((PRIO_PROCESS, 29999), (PRIO_PGRP, 29999), (PRIO_USER, 4711)):
        assert root.error("getpriority", which, who) == Errno.ESRCH
        assert root.error("setpriority", which, who, 0) == Errno.ESRCH
    assert root.error("getpriority", 3, 0) == Errno.EINVAL


def test_sched_yield_lets_another_go_first(booted, root):
    order = []
    other = booted.process()
    other.process.begin(lambda: order.append("other"), run=False)

    def first():
        trap(sysno("sched_yield"))
        order.append("first")

    root.process.begin(first, run=False)
    root.process.finish()

    assert order == ["other", "first"]
