# SPDX-License-Identifier: BSD-2-Clause
"""sysctl on a booted kernel: names, sizes, rights, processes, and its records."""

import struct

import pytest

from kernel.sys.cdefs import ILP32, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import BOOT_TIME
from kernel.sys.proc import LSSLEEP, SZOMB
from kernel.sys.signal import SIGUSR1, sigmask
from kernel.sys.sysctl import (
    CTL_HW,
    CTL_KERN,
    EPROC_SLEADER,
    HW_BYTEORDER,
    HW_MACHINE,
    HW_NCPU,
    HW_PAGESIZE,
    KERN_ARGMAX,
    KERN_BOOTTIME,
    KERN_HOSTNAME,
    KERN_MAXFILES,
    KERN_MAXPROC,
    KERN_OSRELEASE,
    KERN_OSREV,
    KERN_OSTYPE,
    KERN_PROC2,
    KERN_PROC_ALL,
    KERN_PROC_ARGS,
    KERN_PROC_ARGV,
    KERN_PROC_ENV,
    KERN_PROC_NARGV,
    KERN_PROC_PGRP,
    KERN_PROC_PID,
    KERN_PROC_RUID,
    KERN_PROC_SESSION,
    KERN_PROC_TTY,
    KERN_PROC_TTY_NODEV,
    KERN_PROC_UID,
    KERN_VERSION,
    KinfoProc2,
)
from kernel.sys.time import Timespec

SIZE = sizeof(KinfoProc2)


@pytest.fixture
def root(booted):
    return booted.process()


@pytest.fixture
def user(booted):
    return booted.process(1000)


def sysctl(p, *mib, room=65536, new=b""):
    """Return the value; raise what the call fails with."""
    buf, length = bytearray(room), bytearray(struct.pack("<Q", room))
    name = bytearray(struct.pack(f"<{len(mib)}i", *mib))
    value = bytearray(new) if new else 0
    p("__sysctl", name, len(mib), buf, length, value, len(new))
    return bytes(buf[: struct.unpack("<Q", length)[0]])


def error(p, *mib, **options):
    with pytest.raises(KernelError) as caught:
        sysctl(p, *mib, **options)
    return caught.value.errno


def integer(p, *mib):
    return struct.unpack("<i", sysctl(p, *mib))[0]


def processes(p, op, arg=0, size=SIZE, count=1000):
    data = sysctl(p, CTL_KERN, KERN_PROC2, op, arg, size, count)
    return [unpack_from(KinfoProc2, data, at) for at in range(0, len(data), SIZE)]


def test_the_system_says_what_it_is(user):
    assert sysctl(user, CTL_KERN, KERN_OSTYPE) == b"NetBSD\0"
    assert sysctl(user, CTL_KERN, KERN_OSRELEASE).endswith(b"\0")
    assert sysctl(user, CTL_KERN, KERN_VERSION).startswith(b"NetBSD ")
    assert integer(user, CTL_KERN, KERN_OSREV) // 10**8 == 10
    assert integer(user, CTL_KERN, KERN_ARGMAX) == 256 * 1024


def test_the_machine_says_what_it_is(user):
    assert sysctl(user, CTL_HW, HW_MACHINE) == b"python\0"
    assert integer(user, CTL_HW, HW_NCPU) == 1
    assert integer(user, CTL_HW, HW_PAGESIZE) == 4096
    assert integer(user, CTL_HW, HW_BYTEORDER) == 1234


def test_boottime_moves_with_the_date(root):
    assert Timespec.unpack(sysctl(root, CTL_KERN, KERN_BOOTTIME)).ns == BOOT_TIME


def test_hostname_is_roots_to_set(root, user):
    assert error(user, CTL_KERN, KERN_HOSTNAME, new=b"mine") == Errno.EPERM
    assert sysctl(root, CTL_KERN, KERN_HOSTNAME, new=b"bar\0") == b"sysent\0"
    assert sysctl(user, CTL_KERN, KERN_HOSTNAME) == b"bar\0"


def test_a_hostname_too_long_is_einval(root):
    assert error(root, CTL_KERN, KERN_HOSTNAME, new=b"x" * 256) == Errno.EINVAL
    assert error(root, CTL_KERN, KERN_HOSTNAME, new=b"x" * 9999) == Errno.EINVAL


def test_what_is_read_only_is_eperm_for_root_too(root):
    assert error(root, CTL_KERN, KERN_OSTYPE, new=b"BSD") == Errno.EPERM
    assert error(root, CTL_KERN, KERN_PROC2, 0, 0, SIZE, 9, new=b"x") == Errno.EPERM


def test_limits_are_roots_to_set_and_hold(booted, root):
    sysctl(root, CTL_KERN, KERN_MAXPROC, new=struct.pack("<i", 5))

    assert booted.kernel.limits.maxproc == 5
    assert integer(root, CTL_KERN, KERN_MAXPROC) == 5
    assert error(root, CTL_KERN, KERN_MAXPROC, new=struct.pack("<i", -1)) == Errno.EINVAL
    assert error(root, CTL_KERN, KERN_MAXFILES, new=b"\1\0") == Errno.EINVAL


def test_names_that_are_wrong(user):
    assert error(user, CTL_KERN) == Errno.EISDIR
    assert error(user, 99) == Errno.ENOENT
    assert error(user) == Errno.EINVAL
    assert error(user, *range(13)) == Errno.EINVAL
    assert error(user, CTL_KERN, 9999) == Errno.ENOENT
    assert error(user, 99, 1) == Errno.ENOENT
    assert error(user, CTL_KERN, KERN_OSTYPE, 1) == Errno.ENOTDIR
    assert user.error("__sysctl", 0, 2, 0, 0, 0, 0) == Errno.EFAULT


def test_too_little_room_is_enomem_and_what_fits_is_there(user):
    name = bytearray(struct.pack("<2i", CTL_KERN, KERN_OSTYPE))
    buf, length = bytearray(3), bytearray(struct.pack("<Q", 3))

    assert user.error("__sysctl", name, 2, buf, length, 0, 0) == Errno.ENOMEM
    assert bytes(buf) == b"Net"
    assert struct.unpack("<Q", length) == (7,)


def test_without_a_buffer_only_the_length_is_told(user):
    name = bytearray(struct.pack("<2i", CTL_KERN, KERN_OSTYPE))
    length = bytearray(8)

    assert user.error("__sysctl", name, 2, 0, length, 0, 0) == 0
    assert struct.unpack("<Q", length) == (7,)


def test_kinfo_proc2_is_the_same_on_every_abi():
    assert SIZE == sizeof(KinfoProc2, ILP32) == 680


def test_proc2_tells_of_a_process(root):
    child = root.fork()
    child("setuid", 5)
    child("setpgid", 0, 0)
    child.proc.p_sigpend[SIGUSR1] = None
    (info,) = processes(root, KERN_PROC_PID, child.pid)

    assert (info.p_pid, info.p_ppid, info.p__pgid, info.p_sid) == (
        child.pid,
        root.pid,
        child.pid,
        root.pid,
    )
    assert (info.p_uid, info.p_ruid, info.p_svuid) == (5, 5, 5)
    assert info.p_comm.rstrip(b"\0") == b"host"
    assert info.p_login.rstrip(b"\0") == b"root"
    assert (info.p_stat, info.p_nice, info.p_nlwps) == (LSSLEEP, 20, 1)
    assert info.p_wmesg.rstrip(b"\0") == b"host"
    assert info.p_siglist[0] == sigmask(SIGUSR1)
    assert info.p_ustart_sec == BOOT_TIME // 10**9
    assert info.p_ename.rstrip(b"\0") == b"netbsd"
    child.proc.p_sigpend.clear()


def test_proc2_tells_of_zombies(root):
    child = root.fork()
    child.exit(3)
    (info,) = processes(root, KERN_PROC_PID, child.pid)

    assert (info.p_stat, info.p_realstat, info.p_uvalid) == (SZOMB, SZOMB, 0)
    assert info.p_xstat == 3 << 8


def test_proc2_shows_init_asleep(user):
    (info,) = processes(user, KERN_PROC_PID, 1)

    assert (info.p_stat, info.p_nlwps) == (LSSLEEP, 0)


def test_proc2_lists_all_in_order_of_pid(root, user):
    pids = [info.p_pid for info in processes(user, KERN_PROC_ALL)]

    assert pids == sorted(pids)
    assert {1, root.pid, user.pid} <= set(pids)
    assert processes(user, KERN_PROC_PID, user.pid)[0].p_eflag & EPROC_SLEADER


@pytest.mark.parametrize("op", [KERN_PROC_UID, KERN_PROC_RUID])
def test_proc2_selects_by_user(user, op):
    assert [info.p_pid for info in processes(user, op, 1000)] == [user.pid]


def test_proc2_selects_by_group_session_and_terminal(root, user):
    child = root.fork()
    assert [i.p_pid for i in processes(user, KERN_PROC_PGRP, root.pid)] == [root.pid, child.pid]
    assert [i.p_pid for i in processes(user, KERN_PROC_SESSION, user.pid)] == [user.pid]
    assert len(processes(user, KERN_PROC_TTY, KERN_PROC_TTY_NODEV)) == 4


def test_proc2_gives_no_more_than_asked_for(root, user):
    assert len(processes(user, KERN_PROC_ALL, count=2)) == 2
    assert sysctl(user, CTL_KERN, KERN_PROC2, KERN_PROC_PID, 1, 8, 9) == bytes(8)
    assert processes(user, KERN_PROC_PID, 29999) == []


def test_proc2_needs_four_numbers_that_make_sense(user):
    assert error(user, CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, SIZE) == Errno.EINVAL
    assert error(user, CTL_KERN, KERN_PROC2, 9, 0, SIZE, 1) == Errno.EINVAL
    assert error(user, CTL_KERN, KERN_PROC2, 0, 0, 0, 1) == Errno.EINVAL


def test_proc_args_are_those_of_the_program(booted, root, user):
    child = booted.system.process(0)
    booted.system.install(b"/tmp/p.py", b"pass")
    image = type("Image", (), {"envp": (b"A=1",)})
    child.proc.p_args, child.proc.p_md.md_image = (b"p.py", b"-x", b""), image
    what = (CTL_KERN, KERN_PROC_ARGS, child.pid)

    assert sysctl(user, *what, KERN_PROC_ARGV) == b"p.py\0-x\0\0"
    assert integer(user, *what, KERN_PROC_NARGV) == 3
    assert sysctl(root, *what, KERN_PROC_ENV) == b"A=1\0"
    assert error(user, *what, KERN_PROC_ENV) == Errno.EPERM
    assert error(user, *what, 9) == Errno.EINVAL
    assert error(user, *what) == Errno.EINVAL
    child.proc.p_md.md_image = None


def test_proc_args_of_nobody_and_of_no_program(user):
    assert error(user, CTL_KERN, KERN_PROC_ARGS, 29999, KERN_PROC_ARGV) == Errno.ESRCH
    assert error(user, CTL_KERN, KERN_PROC_ARGS, 1, KERN_PROC_ARGV) == Errno.EINVAL
