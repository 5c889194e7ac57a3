# SPDX-License-Identifier: BSD-2-Clause
"""Ids, groups, sessions and login names on a booted kernel."""

import struct

import pytest

from kernel.sys.errno import Errno
from kernel.sys.proc import P_EXEC, P_SUGID
from kernel.sys.syscall import sysno
from kernel.sys.ucred import Ucred

MINUS_1 = 0xFFFF_FFFF


@pytest.fixture
def root(booted):
    return booted.process()


@pytest.fixture
def user(booted):
    return booted.process(1000, 100, (2000, 3000))


def ids(p):
    cred = p.proc.p_cred
    return cred.cr_ruid, cred.cr_uid, cred.cr_svuid


def gids(p):
    cred = p.proc.p_cred
    return cred.cr_rgid, cred.cr_gid, cred.cr_svgid


def test_getpid_returns_the_parent_in_the_second_register(root):
    assert root.trap(sysno("getpid")) == (0, (root.pid, 1))
    assert root("getppid") == 1


def test_getuid_and_getgid_return_both_ids(root):
    root.proc.p_cred = Ucred(1, 2, 3, 4, 5, 6)

    assert root.trap(sysno("getuid")) == (0, (3, 1))
    assert root.trap(sysno("getgid")) == (0, (4, 2))
    assert (root("geteuid"), root("getegid")) == (1, 2)


def test_setuid_of_root_sets_all_three(root):
    root("setuid", 7)

    assert ids(root) == (7, 7, 7)
    assert root.error("setuid", 0) == Errno.EPERM


def test_setuid_of_others_takes_the_real_id_only(root):
    root.proc.p_cred = Ucred(1, 0, 2, 0, 3, 0)

    assert root.error("setuid", 3) == Errno.EPERM
    assert root.error("setuid", 1) == Errno.EPERM
    assert root.error("setuid", 2) == 0
    assert ids(root) == (2, 2, 2)


def test_seteuid_goes_back_and_forth_between_real_and_saved(root):
    root.proc.p_cred = Ucred(2, 0, 2, 0, 3, 0)

    assert root.error("seteuid", 3) == 0
    assert ids(root) == (2, 3, 3)
    assert root.error("seteuid", 2) == 0
    assert root.error("seteuid", 0) == Errno.EPERM


def test_setreuid_saves_the_new_effective_id_if_the_real_one_changes(root):
    root("setreuid", 5, 6)
    assert ids(root) == (5, 6, 6)

    root("setreuid", MINUS_1, 5)
    assert ids(root) == (5, 5, 6)
    assert root.error("setreuid", 9, MINUS_1) == Errno.EPERM


def test_setgid_family_follows_the_same_rules(root, user):
    root("setregid", 5, 6)
    assert gids(root) == (5, 6, 6)
    root("setgid", 8)
    assert gids(root) == (8, 8, 8)

    assert user.error("setgid", 0) == Errno.EPERM
    assert user.error("setegid", 0) == Errno.EPERM
    assert user.error("setregid", MINUS_1, MINUS_1) == 0
    assert gids(user) == (100, 100, 100)


def test_a_change_of_ids_taints_and_no_change_does_not(root):
    root("setuid", 0)
    assert root("issetugid") == 0

    root("setegid", 4)
    assert root("issetugid") == 1
    assert root.proc.p_flag & P_SUGID


def test_who_kept_the_old_credentials_keeps_them(root):
    before = root.proc.p_cred
    root("setuid", 7)

    assert before.cr_uid == 0


def test_getgroups_with_size_0_only_counts(user):
    assert user("getgroups", 0, 0) == 2


def test_getgroups_stores_all_or_refuses(user):
    buf = bytearray(12)

    assert user("getgroups", 3, buf) == 2
    assert struct.unpack("<3I", buf) == (2000, 3000, 0)
    assert user.error("getgroups", 1, buf) == Errno.EINVAL
    assert user.error("getgroups", 3, 0) == Errno.EFAULT


def test_setgroups_is_for_root(root, user):
    gidset = bytearray(struct.pack("<3I", 1, 2, 3))

    assert root("setgroups", 3, gidset) == 0
    assert root.proc.p_cred.cr_groups == (1, 2, 3)
    assert user.error("setgroups", 3, gidset) == Errno.EPERM
    assert root.error("setgroups", 17, gidset) == Errno.EINVAL
    assert root.error("setgroups", -1, gidset) == Errno.EINVAL
    assert root.error("setgroups", 1, 0) == Errno.EFAULT


def test_setsid_of_a_group_leader_is_refused(root):
    assert root.error("setsid") == Errno.EPERM


def test_setsid_of_a_child_makes_session_and_group(root):
    child = root.fork()

    assert child("getsid", 0) == root.pid
    assert child("setsid") == child.pid
    assert (child("getsid", 0), child("getpgrp")) == (child.pid, child.pid)
    assert root("getsid", child.pid) == child.pid
    assert child.error("setsid") == Errno.EPERM


def test_setsid_keeps_the_login_name(user):
    child = user.fork()
    child("setsid")

    assert child.proc.p_pgrp.pg_session.s_login == "user"


def test_getpgid_and_getsid_of_nobody(root):
    assert root.error("getpgid", 29999) == Errno.ESRCH
    assert root.error("getsid", 29999) == Errno.ESRCH


def test_setpgid_puts_a_child_into_a_group_of_its_own(root):
    child = root.fork()

    root("setpgid", child.pid, 0)

    assert root("getpgid", child.pid) == child.pid
    assert list(root.proc.p_pgrp.pg_members) == [root.proc]


def test_setpgid_joins_a_group_of_the_session(root):
    first, second = root.fork(), root.fork()
    first("setpgid", 0, 0)

    root("setpgid", second.pid, first.pid)

    assert second("getpgrp") == first.pid


def test_setpgid_refuses_a_negative_group(root):
    assert root.error("setpgid", 0, -1) == Errno.EINVAL


def test_setpgid_refuses_who_is_not_below_the_caller(root, user):
    assert root.error("setpgid", user.pid, 0) == Errno.ESRCH
    assert root.error("setpgid", 29999, 0) == Errno.ESRCH


def test_setpgid_refuses_a_child_that_has_called_exec(root):
    child = root.fork()
    child.proc.p_flag |= P_EXEC

    assert root.error("setpgid", child.pid, 0) == Errno.EACCES


def test_setpgid_refuses_a_child_of_another_session(root):
    child = root.fork()
    child("setsid")

    assert root.error("setpgid", child.pid, 0) == Errno.EPERM


def test_setpgid_of_a_session_leader_may_only_do_nothing(root):
    child = root.fork()
    child("setpgid", 0, 0)

    assert root.error("setpgid", 0, 0) == 0
    assert root.error("setpgid", 0, child.pid) == Errno.EPERM


def test_setpgid_refuses_a_group_that_is_not_of_the_session(root, user):
    child = root.fork()

    assert child.error("setpgid", 0, user.pid) == Errno.EPERM
    assert child.error("setpgid", 0, 29999) == Errno.EPERM


def test_getlogin_fills_up_with_nuls(user):
    buf = bytearray(b"?" * 17)
    user("__getlogin", buf, 17)

    assert buf == b"user" + bytes(12) + b"?"


def test_setlogin_is_for_root_and_the_whole_session(root, user):
    child = root.fork()
    child("__setlogin", b"x" * 16)
    buf = bytearray(16)
    root("__getlogin", buf, 16)

    assert buf == b"x" * 16
    assert root.error("__setlogin", b"x" * 17) == Errno.EINVAL
    assert root.error("__setlogin", 0) == Errno.EFAULT
    assert user.error("__setlogin", b"me") == Errno.EPERM
