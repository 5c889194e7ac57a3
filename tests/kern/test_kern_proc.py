# SPDX-License-Identifier: BSD-2-Clause
"""The process table: pids, groups, sessions, names."""

import pytest

from kernel.kern.kern_proc import (
    PID_MAX,
    p_comm,
    pgrp_find,
    proc_alloc_pid,
    proc_find,
    setcomm,
    suser,
)
from kernel.sys.errno import Errno, KernelError
from userland.libc import WNOHANG


def test_pids_count_up_and_come_round(k):
    """After PID_MAX comes 2; init keeps 1; a pid that is in use is passed over."""
    kernel = k.kernel
    p = k.process()
    assert proc_alloc_pid(kernel) == p.pid + 1
    kernel.lastpid = PID_MAX
    kernel.allproc[3] = p.proc
    in_use = sorted(kernel.allproc)
    assert proc_alloc_pid(kernel) == min(set(range(2, 100)) - set(in_use))
    del kernel.allproc[3]


def test_a_pid_of_a_group_that_lives_is_not_given_out(k):
    """A group outlives its leader; its number stays taken."""
    leader = k.process()
    member = leader.fork()
    group = leader.pid
    leader._exit(0)
    kernel = k.kernel
    kernel.allproc.pop(group, None)
    kernel.lastpid = group - 1
    assert pgrp_find(kernel, group) is member.proc.p_pgrp
    assert proc_alloc_pid(kernel) != group


def test_a_zombie_is_not_found(k):
    """It has a place in the table until its parent collects it."""
    parent = k.root()
    child = parent.fork()
    assert proc_find(k.kernel, child.pid) is child.proc
    child._exit(3)
    assert proc_find(k.kernel, child.pid) is None
    assert child.pid in k.kernel.allproc
    assert parent.waitpid(child.pid, WNOHANG) == (child.pid, 3 << 8)
    assert child.pid not in k.kernel.allproc


def test_groups_and_sessions(k):
    """A child is in its parent's group, then in one of its own, then in a new session."""
    parent = k.process()
    child = parent.fork()
    assert child.getpgrp() == parent.pid
    child.setpgid(0, 0)
    assert child.getpgrp() == child.pid
    assert child.proc.p_pgrp.pg_session is parent.proc.p_pgrp.pg_session
    assert child.proc not in parent.proc.p_pgrp.pg_members
    child.setpgid(0, parent.pid)
    assert pgrp_find(k.kernel, child.pid) is None  # empty: gone
    assert child.setsid() == child.pid
    assert child.proc.p_pgrp.pg_session is not parent.proc.p_pgrp.pg_session


def test_orphans_become_inits(k):
    """Whoever dies leaves his children to process 1."""
    parent = k.process()
    child = parent.fork()
    grandchild = child.fork()
    child._exit(0)
    assert grandchild.getppid() == 1
    assert grandchild.proc in k.kernel.initproc.p_children


def test_names_are_cut_and_leave_their_tails(k):
    """MAXCOMLEN bytes and a NUL; what an older, longer name leaves behind stays."""
    proc = k.process().proc
    setcomm(proc, b"a-name-that-is-too-long")
    assert p_comm(proc) == b"a-name-that-is-t"
    assert proc.p_comm[-1] == 0
    setcomm(proc, b"sh")
    assert p_comm(proc) == b"sh"
    assert bytes(proc.p_comm) == b"sh\0ame-that-is-t\0"


def test_only_the_super_user_is_one(k):
    """EPERM for everybody else."""
    suser(k.root().proc)
    with pytest.raises(KernelError) as caught:
        suser(k.process(uid=1000).proc)
    assert caught.value.errno is Errno.EPERM
