# SPDX-License-Identifier: BSD-2-Clause
"""sysctl on a booted kernel: names, sizes, rights, processes, and its records."""

import struct

import pytest

from kernel.kern.subr_log import log
from kernel.sys.cdefs import ILP32, pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.file import DTYPE_VNODE
from kernel.sys.kernel import BOOT_TIME
from kernel.sys.proc import LSSLEEP, SZOMB
from kernel.sys.resource import RLIMIT_FSIZE
from kernel.sys.signal import SIGSET_FULL, SIGUSR1, sigmask
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.sysctl import (
    CREATE_BASE,
    CTL_DESCRIBE,
    CTL_HW,
    CTL_KERN,
    CTL_PROC,
    CTL_QUERY,
    CTL_SECURITY,
    CTLTYPE_INT,
    CTLTYPE_NODE,
    CTLTYPE_QUAD,
    CTLTYPE_STRING,
    EPROC_SLEADER,
    HW_BYTEORDER,
    HW_MACHINE,
    HW_NCPU,
    HW_PAGESIZE,
    KERN_ARGMAX,
    KERN_ARND,
    KERN_BOOTTIME,
    KERN_FILE2,
    KERN_FILE_BYFILE,
    KERN_FILE_BYPID,
    KERN_HOSTNAME,
    KERN_LWP,
    KERN_MAXFILES,
    KERN_MAXPROC,
    KERN_MSGBUF,
    KERN_OSRELEASE,
    KERN_OSREV,
    KERN_OSTYPE,
    KERN_PROC2,
    KERN_PROC_ALL,
    KERN_PROC_ARGS,
    KERN_PROC_ARGV,
    KERN_PROC_CWD,
    KERN_PROC_ENV,
    KERN_PROC_NARGV,
    KERN_PROC_PATHNAME,
    KERN_PROC_PGRP,
    KERN_PROC_PID,
    KERN_PROC_RUID,
    KERN_PROC_SESSION,
    KERN_PROC_TTY,
    KERN_PROC_TTY_NODEV,
    KERN_PROC_UID,
    KERN_VERSION,
    PROC_CURPROC,
    PROC_PID_CORENAME,
    PROC_PID_LIMIT,
    PROC_PID_LIMIT_TYPE_HARD,
    PROC_PID_LIMIT_TYPE_SOFT,
    SYSCTL_VERSION,
    KinfoFile,
    KinfoLwp,
    KinfoProc2,
    Sysctlnode,
)
from kernel.sys.time import Timespec
from kernel.sys.vnode import VCHR

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
    child.proc.p_sigpend.put(Ksiginfo(SIGUSR1))
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
    child.proc.p_sigpend.clear(SIGSET_FULL)


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
    """COUNT processes are stored, and ENOMEM says that there are more; SIZE bytes of each."""
    name = bytearray(struct.pack("<6i", CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, SIZE, 2))
    buf, length = bytearray(9 * SIZE), bytearray(struct.pack("<Q", 9 * SIZE))
    assert user.error("__sysctl", name, 6, buf, length, 0, 0) == Errno.ENOMEM
    assert struct.unpack("<Q", length) == (2 * SIZE,)
    assert unpack_from(KinfoProc2, buf, SIZE).p_pid != 0
    assert sysctl(user, CTL_KERN, KERN_PROC2, KERN_PROC_PID, 1, 8, 9) == bytes(8)
    assert processes(user, KERN_PROC_PID, 29999) == []


def test_proc2_says_how_much_room_it_needs_and_some(root, user):
    """Without a buffer the length is that of all processes and five more: some may come."""
    name = bytearray(struct.pack("<6i", CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, SIZE, 2))
    length = bytearray(8)
    assert user.error("__sysctl", name, 6, 0, length, 0, 0) == 0
    assert struct.unpack("<Q", length) == (SIZE * (len(processes(user, KERN_PROC_ALL)) + 5),)


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
    """EINVAL, but ESRCH where a path is asked for."""
    what = (CTL_KERN, KERN_PROC_ARGS, 29999)
    assert error(user, *what, KERN_PROC_ARGV) == Errno.EINVAL
    assert error(user, *what, KERN_PROC_CWD) == Errno.ESRCH
    assert error(user, CTL_KERN, KERN_PROC_ARGS, 1, KERN_PROC_ARGV) == Errno.EINVAL
    assert error(user, CTL_KERN, KERN_PROC_ARGS, 1, KERN_PROC_PATHNAME) == Errno.ENOENT


def test_proc_args_tells_where_a_process_is(booted, root):
    """KERN_PROC_CWD is the current directory; -1 is the caller."""
    root.process.chdir(b"/tmp")
    for pid in (root.pid, -1):
        assert sysctl(root, CTL_KERN, KERN_PROC_ARGS, pid, KERN_PROC_CWD) == b"/tmp\0"


def test_lwp_tells_of_threads(root, user):
    """kern.lwp.PID.SIZE.COUNT is an array of struct kinfo_lwp; -1 is everybody."""
    size = sizeof(KinfoLwp)
    data = sysctl(user, CTL_KERN, KERN_LWP, root.pid, size, 9)
    info = unpack_from(KinfoLwp, data)
    assert (len(data), info.l_pid, info.l_lid) == (size, root.pid, root.pid)
    assert info.l_wmesg.rstrip(b"\0") == b"host"
    assert len(sysctl(user, CTL_KERN, KERN_LWP, -1, size, 99)) == 2 * size
    assert error(user, CTL_KERN, KERN_LWP, 29999, size, 9) == Errno.ESRCH
    assert error(user, CTL_KERN, KERN_LWP, 1, 0, 9) == Errno.EINVAL


def test_file2_tells_of_descriptors(root, user):
    """KERN_FILE_BYPID is what a process has open; KERN_FILE_BYFILE each open file once."""
    size = sizeof(KinfoFile)
    data = sysctl(user, CTL_KERN, KERN_FILE2, KERN_FILE_BYPID, root.pid, size, 99)
    found = [unpack_from(KinfoFile, data, at) for at in range(0, len(data), size)]
    assert [(each.ki_pid, each.ki_fd, each.ki_ftype) for each in found] == [
        (root.pid, fd, DTYPE_VNODE) for fd in range(3)
    ]
    assert {each.ki_vtype for each in found} == {VCHR}
    child = root.fork()
    data = sysctl(user, CTL_KERN, KERN_FILE2, KERN_FILE_BYFILE, 0, size, 99)
    counts = [unpack_from(KinfoFile, data, at).ki_count for at in range(0, len(data), size)]
    assert counts == [2, 2, 2, 1, 1, 1]
    child.exit()
    assert error(user, CTL_KERN, KERN_FILE2, 3, 0, size, 9) == Errno.EINVAL
    assert error(user, CTL_KERN, KERN_FILE2, KERN_FILE_BYPID, 29999, size, 9) == Errno.ESRCH


def test_with_the_curtain_users_see_their_own(root, user):
    """security.curtain: others' processes are not there for a user; root sees all."""
    assert error(user, CTL_SECURITY, CREATE_BASE, new=b"\1\0\0\0") == Errno.EPERM
    sysctl(root, CTL_SECURITY, CREATE_BASE, new=b"\1\0\0\0")
    assert [info.p_pid for info in processes(user, KERN_PROC_ALL)] == [user.pid]
    assert len(processes(root, KERN_PROC_ALL)) == 3
    assert error(user, CTL_PROC, root.pid, PROC_PID_CORENAME) == Errno.ESRCH


def nodes(p, *mib):
    data = sysctl(p, *mib, CTL_QUERY)
    size = sizeof(Sysctlnode)
    return [unpack_from(Sysctlnode, data, at) for at in range(0, len(data), size)]


def test_each_node_has_a_name_a_version_and_an_answer(root):
    """CTL_QUERY leads from the root to every value, and each can be read as its type says."""
    seen = []

    def walk(mib):
        for each in nodes(root, *mib):
            name = (*mib, each.sysctl_num)
            assert each.sysctl_flags & SYSCTL_VERSION
            kind = each.sysctl_flags & 0xF
            if kind == CTLTYPE_NODE:
                assert each.sysctl_clen == len(nodes(root, *name))
                walk(name)
            elif each.sysctl_name.rstrip(b"\0") not in (b"arandom", b"pcblist"):
                data = sysctl(root, *name)
                seen.append(name)
                if kind in (CTLTYPE_INT, CTLTYPE_QUAD):
                    assert len(data) == each.sysctl_size
                if kind == CTLTYPE_STRING:
                    assert data.endswith(b"\0")

    walk(())
    assert len(seen) > 100


def test_questions_that_nobody_answers(root, user):
    """A negative number is a question: an unknown one is EOPNOTSUPP, of a value ENOTDIR."""
    assert error(user, CTL_KERN, -99) == Errno.EOPNOTSUPP
    assert error(user, CTL_KERN, KERN_OSTYPE, CTL_QUERY) == Errno.ENOTDIR
    assert error(user, CTL_KERN, 9999, CTL_QUERY) == Errno.ENOENT
    assert error(root, CTL_KERN, -3) == Errno.EPERM
    assert nodes(user, CTL_KERN, KERN_PROC2) == []


def test_descriptions(user):
    """CTL_DESCRIBE tells what the nodes below one are; with a node as new value, only of that."""
    data = sysctl(user, CTL_HW, CTL_DESCRIBE)
    assert data[12:26] == b"Machine class\0"
    asked = pack(Sysctlnode(SYSCTL_VERSION, HW_NCPU, b""))
    data = sysctl(user, CTL_HW, CTL_DESCRIBE, new=asked)
    assert data[12:] == b"Number of CPUs configured\0\0\0"
    assert error(user, CTL_HW, CTL_DESCRIBE, new=asked[:-1]) == Errno.EINVAL
    assert error(user, CTL_HW, CTL_DESCRIBE, new=bytes(96)) == Errno.EINVAL


def test_limits_of_a_process_by_name(root, user):
    """proc.PID.rlimit.N.soft: the owner may lower them, root raise them."""
    soft = (CTL_PROC, user.pid, PROC_PID_LIMIT, RLIMIT_FSIZE + 1, PROC_PID_LIMIT_TYPE_SOFT)
    hard = (*soft[:-1], PROC_PID_LIMIT_TYPE_HARD)
    assert error(user, *soft, new=b"\1") == Errno.EINVAL
    sysctl(user, *soft, new=struct.pack("<q", 5))
    sysctl(user, *hard, new=struct.pack("<q", 9))
    assert user.proc.p_limit[RLIMIT_FSIZE] == (5, 9)
    assert error(user, *hard, new=struct.pack("<q", 10)) == Errno.EPERM
    sysctl(root, *hard, new=struct.pack("<q", 10))
    assert sysctl(user, CTL_PROC, PROC_CURPROC, *hard[2:]) == struct.pack("<q", 10)
    mine = (CTL_PROC, root.pid, *soft[2:])
    assert error(user, *mine, new=struct.pack("<q", 1)) == Errno.EPERM
    assert error(user, CTL_PROC, 29999, *soft[2:]) == Errno.ESRCH


def test_the_core_name_of_a_process(root, user):
    """proc.PID.corename is kern.defcorename until it is set, to what ends in core."""
    mine = (CTL_PROC, PROC_CURPROC, PROC_PID_CORENAME)
    assert sysctl(user, *mine) == b"%n.core\0"
    sysctl(user, *mine, new=b"/tmp/%p.core")
    assert sysctl(user, *mine) == b"/tmp/%p.core\0"
    assert error(user, *mine, new=b"score") == Errno.EINVAL
    assert error(user, CTL_PROC, root.pid, PROC_PID_CORENAME) == Errno.EPERM
    assert user.fork().proc.p_corename == b"/tmp/%p.core"


def test_strings_end_with_a_nul_or_get_one(root):
    """A string that fills its place to the last byte must bring its NUL."""
    assert error(root, CTL_KERN, KERN_HOSTNAME, new=b"x" * 256) == Errno.EINVAL
    sysctl(root, CTL_KERN, KERN_HOSTNAME, new=b"x" * 255 + b"\0")
    assert sysctl(root, CTL_KERN, KERN_HOSTNAME) == b"x" * 255 + b"\0"


def test_random_bytes(root):
    """kern.arandom fills what there is, at most 256 bytes."""
    assert len(sysctl(root, CTL_KERN, KERN_ARND, room=100)) == 100
    assert error(root, CTL_KERN, KERN_ARND, room=257) == Errno.EINVAL


def test_dmesg_is_there(booted, root):
    """kern.msgbuf is what log(9) was given, cut to the room there is."""
    log(booted.kernel, "hello")
    assert sysctl(root, CTL_KERN, KERN_MSGBUF) == b"hello\n"
    assert sysctl(root, CTL_KERN, KERN_MSGBUF, room=3) == b"hel"


def by_name(p, name):
    return p.process.sysctlbyname(name)


def test_what_users_have(root, user):
    """kern.uidinfo counts the caller's real user's processes, threads and locks."""
    child = user.fork()
    assert by_name(user, "kern.uidinfo.proccnt") == struct.pack("<q", 2)
    assert by_name(user, "kern.uidinfo.lwpcnt") == struct.pack("<q", 2)
    assert by_name(user, "kern.uidinfo.lockcnt") == bytes(8)
    child.exit()
    assert by_name(root, "kern.ipc.shmmni") == struct.pack("<i", 128)
    assert by_name(root, "kern.coredump.setid.path") == b"/var/crash/%n.core\0"
