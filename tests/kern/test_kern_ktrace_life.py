# SPDX-License-Identifier: BSD-2-Clause
"""Traces over a process's life: fork, exec, exit, and its LWPs."""

import struct

import pytest

from kernel.arch.python.locore import trap
from kernel.arch.python.syscall import syscall_fancy
from kernel.kern.kern_fork import lwp_create
from kernel.kern.kern_ktrace import ktrkmem
from kernel.kern.kern_proc import setcomm
from kernel.sys.errno import Errno
from kernel.sys.ktrace import (
    KTR_EMUL,
    KTR_EXEC_ARG,
    KTR_EXEC_ENV,
    KTR_NAMEI,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KTRFAC_EMUL,
    KTRFAC_EXEC_ARG,
    KTRFAC_EXEC_ENV,
    KTRFAC_GENIO,
    KTRFAC_INHERIT,
    KTRFAC_NAMEI,
    KTRFAC_ROOT,
    KTRFAC_SYSCALL,
    KTRFAC_SYSRET,
    KTRFAC_USER,
    KTRFACv2,
)
from kernel.sys.proc import P_SUGID, SZOMB
from kernel.sys.signal import SIGCHLD, SIGKILL
from kernel.sys.syscall import sysno
from kernel.sys.vm import TEXT_BASE
from tests.kern.conftest import Driver

BOTH = KTRFAC_SYSCALL | KTRFAC_SYSRET
EXEC = BOTH | KTRFAC_NAMEI | KTRFAC_EXEC_ARG | KTRFAC_EXEC_ENV | KTRFAC_EMUL
PROGRAM = b"/tmp/prog.py"


@pytest.fixture
def p(ktraced):
    ktraced.booted.system.install(PROGRAM, b"pass")
    return ktraced.p


@pytest.fixture
def tracer(ktraced):
    return ktraced.tracer


def strings(p, *values):
    """Map an argv: pointers to strings, and a null pointer."""
    return p.map(struct.pack(f"<{len(values) + 1}Q", *(p.map(v + b"\0") for v in values), 0))


def execve(p, path, argv=(b"prog",), envp=()):
    """Exec, and let the program run to its end."""
    return p.trap(sysno("execve"), path, strings(p, *argv), strings(p, *envp))


def until_ret(records):
    """The records up to the end of execve."""
    for index, record in enumerate(records):
        if record.type == KTR_SYSRET and record.body().ktr_code == sysno("execve"):
            return records[: index + 1]
    return records


# 28 fork


@pytest.mark.parametrize("version", [0, KTRFACv2])
def test_a_child_inherits_the_trace_and_all_its_flags(ktraced, p, version):
    ktraced.start(BOTH | KTRFAC_INHERIT | version)
    fp = p.proc.p_tracep
    child = p.fork()

    assert child.proc.p_traceflag == p.proc.p_traceflag
    assert p.proc.p_traceflag == BOTH | KTRFAC_INHERIT | KTRFAC_ROOT | version
    assert child.proc.p_tracep is fp
    assert fp.f_count == 2
    assert child.proc.p_md.md_syscall is syscall_fancy


def test_without_inherit_a_child_is_not_traced(ktraced, p):
    ktraced.start(BOTH)
    child = p.fork()
    child("getpid")

    assert (child.proc.p_tracep, child.proc.p_traceflag) == (None, 0)
    assert {r.pid for r in ktraced.records()} == {p.pid}


def test_a_childs_first_record_is_ret_fork_0(ktraced, p):
    ktraced.start(BOTH | KTRFAC_EMUL | KTRFAC_INHERIT)
    child = p.fork()
    child("getpid")
    records = [r for r in ktraced.records() if r.pid == child.pid]

    assert [r.type for r in records] == [KTR_SYSRET, KTR_SYSCALL, KTR_SYSRET]
    assert records[0].body() == (sysno("fork"), 0, 0, 0, 0)


def test_a_vforked_childs_first_record_is_ret_fork_too(ktraced, p):
    ktraced.start(BOTH | KTRFAC_INHERIT)
    p.begin("__vfork14")
    child = Driver(ktraced.kernel.allproc[max(ktraced.kernel.allproc)].p_md.md_host)
    child.exit()
    p.finish()
    (ret, _) = [r for r in ktraced.records() if r.pid == child.pid]

    assert ret.body() == (sysno("fork"), 0, 0, 0, 0)


def test_a_cloned_childs_first_record_is_ret_fork_too(ktraced, p):
    ktraced.start(BOTH | KTRFAC_INHERIT)
    p.proc.p_md.md_text[TEXT_BASE] = lambda: trap(sysno("exit"), 0)
    pid = p("__clone", SIGCHLD, TEXT_BASE)
    p("__wait450", pid, 0, 0, 0)
    ret, call = [r for r in ktraced.records() if r.pid == pid]

    assert ret.body() == (sysno("fork"), 0, 0, 0, 0)
    assert call.body().ktr_code == sysno("exit")


def test_a_parents_ret_fork_has_the_childs_pid(ktraced, p):
    ktraced.start(BOTH | KTRFAC_INHERIT)
    child = p.fork()
    ret = [r for r in ktraced.records() if r.pid == p.pid][-1]

    assert ret.body()[:4] == (sysno("fork"), 0, 0, child.pid)


def test_the_file_of_a_parent_lives_on_in_its_child(ktraced, p):
    ktraced.start(KTRFAC_SYSCALL | KTRFAC_INHERIT)
    child = p.fork()
    p.exit()
    child("getpid")

    assert ktraced.records()[-1].pid == child.pid
    assert child.proc.p_tracep.f_count == 1


# 29 exec


def test_exec_is_recorded_in_netbsds_order(ktraced, p):
    ktraced.start(EXEC)
    execve(p, PROGRAM, (b"prog", b"a"), (b"X=1",))
    records = until_ret(ktraced.records())

    assert [(r.type, r.payload) for r in records[2:-1]] == [
        (KTR_NAMEI, PROGRAM),
        (KTR_EXEC_ARG, b"prog"),
        (KTR_EXEC_ARG, b"a"),
        (KTR_EXEC_ENV, b"X=1"),
        (KTR_EMUL, b"netbsd"),
    ]
    assert [r.type for r in records[:2]] == [KTR_EMUL, KTR_SYSCALL]
    assert records[-1].body().ktr_error == Errno.EJUSTRETURN


def test_the_emul_of_exec_has_the_new_name(ktraced, p):
    ktraced.start(EXEC)
    execve(p, PROGRAM)
    records = until_ret(ktraced.records())

    assert [r.comm for r in records] == ["host"] * 4 + ["prog.py"] * 2


def test_a_shorter_name_leaves_the_tail_of_the_longer_one(ktraced, p):
    setcomm(p.proc, b"averylongcommand")
    ktraced.start(EXEC)
    execve(p, PROGRAM)

    assert until_ret(ktraced.records())[-1].raw_comm == b"prog.py\0gcommand\0"


def test_a_failed_exec_has_no_arguments_and_an_error(ktraced, p):
    ktraced.start(EXEC)
    execve(p, b"/tmp/none")
    _, call, namei, ret = ktraced.records()

    assert (call.type, namei.payload) == (KTR_SYSCALL, b"/tmp/none")
    assert ret.body().ktr_error == Errno.ENOENT


def test_strings_are_recorded_as_they_are_copied_in(ktraced, p):
    """Those before the one that fails are in the trace."""
    ktraced.start(EXEC)
    argv = p.map(struct.pack("<3Q", p.map(b"good\0"), 1, 0))
    assert p.error("execve", PROGRAM, argv, 0) == Errno.EFAULT

    assert [r.payload for r in ktraced.records() if r.type == KTR_EXEC_ARG] == [b"good"]


def test_a_script_shows_its_interpreter_as_a_lookup_and_not_its_fake_arguments(ktraced, p):
    """argv[0] is skipped: the script's name takes its place."""
    ktraced.booted.system.install(b"/tmp/script", b"#!/tmp/prog.py -x\n")
    ktraced.start(EXEC)
    execve(p, b"/tmp/script", (b"argv0", b"one"))
    records = until_ret(ktraced.records())

    assert [r.payload for r in records if r.type == KTR_NAMEI] == [b"/tmp/script", PROGRAM]
    assert [r.payload for r in records if r.type == KTR_EXEC_ARG] == [b"one"]
    assert p.proc.p_args == (PROGRAM, b"-x", b"/tmp/script", b"one")


def setid(ktraced, mode, uid=0, gid=0):
    ktraced.tracer("chown", PROGRAM, uid, gid)
    ktraced.tracer("chmod", PROGRAM, mode)


@pytest.mark.parametrize("mode", [0o4755, 0o2755])
def test_ids_that_change_end_the_trace_before_they_do(ktraced, p, mode):
    setid(ktraced, mode)
    user = ktraced.booted.process(1000)
    ktraced.create()
    user("ktrace", b"/trace", 0, EXEC, user.pid)
    execve(user, PROGRAM, (b"prog",), (b"X=1",))
    types = [r.type for r in ktraced.records()]

    assert types == [KTR_EMUL, KTR_SYSCALL, KTR_NAMEI, KTR_EXEC_ARG, KTR_EXEC_ENV]
    assert user.proc.p_flag & P_SUGID


def test_roots_trace_survives_ids_that_change(ktraced, p):
    setid(ktraced, 0o4755)
    user = ktraced.booted.process(1000)
    ktraced.start(EXEC, user)
    execve(user, PROGRAM)

    assert until_ret(ktraced.records())[-1].type == KTR_SYSRET
    assert user.proc.p_cred.cr_uid == 0


def test_ids_that_do_not_change_leave_the_trace(ktraced, p):
    setid(ktraced, 0o4755, uid=1000, gid=100)
    user = ktraced.booted.process(1000)
    ktraced.create()
    user("ktrace", b"/trace", 0, EXEC, user.pid)
    execve(user, PROGRAM)

    assert until_ret(ktraced.records())[-1].body().ktr_error == Errno.EJUSTRETURN
    assert not user.proc.p_flag & P_SUGID


# 30 exit


def test_the_call_of_exit_is_the_last_record(ktraced, p):
    ktraced.start(BOTH)
    p("getpid")
    p.exit(3)
    records = ktraced.records()

    assert [r.type for r in records] == [KTR_SYSCALL, KTR_SYSRET, KTR_SYSCALL]
    assert (records[-1].body().ktr_code, records[-1].args) == (sysno("exit"), (3,))


def test_the_file_is_released_when_the_process_dies(ktraced, p):
    """Before the parent can wait for it."""
    ktraced.start(KTRFAC_SYSCALL)
    child = p.fork()
    ktraced.set(BOTH, child)
    fp = child.proc.p_tracep
    child.exit()

    assert child.proc.p_stat == SZOMB
    assert (child.proc.p_tracep, child.proc.p_traceflag, fp.f_count) == (None, 0, 0)


def test_the_trace_is_complete_when_the_parent_hears_of_the_end(ktraced, p):
    """In the handler of SIGCHLD the file is let go of."""
    seen = []
    child = p.fork()
    p.handler(SIGCHLD, lambda *_: seen.append(child.proc.p_tracep))
    ktraced.start(BOTH, child)
    p.begin("__wait450", child.pid, 0, 0, 0)
    child.exit()
    p.finish()

    assert seen == [None]
    assert ktraced.records()[-1].body().ktr_code == sysno("exit")


def test_who_is_killed_lets_go_too(ktraced, p, tracer):
    ktraced.start(KTRFAC_GENIO)
    fp = p.proc.p_tracep
    p.trap(sysno("kill"), p.pid, SIGKILL)

    assert not p.process.alive
    assert fp.f_count == 0


def test_closing_descriptors_at_exit_leaves_no_records(ktraced, p):
    """fd_free goes before ktrderef; nothing it does is a call."""
    p.trap(sysno("pipe"))
    ktraced.start(BOTH | KTRFAC_GENIO | KTRFAC_NAMEI)
    p.exit()

    assert [r.type for r in ktraced.records()] == [KTR_SYSCALL]


# 31 LWPs


def test_headers_name_the_lwp_from_version_1_on(ktraced, p):
    ktraced.start(KTRFAC_USER | KTRFACv2)
    other = lwp_create(p.proc)
    other.l_lid = p.lwp.l_lid + 100
    ktrkmem(p.lwp, KTR_USER, bytes(20))
    ktrkmem(other, KTR_USER, bytes(20))
    p.proc.p_lwps.remove(other)
    lids = [r.lid for r in ktraced.records(version=2)]

    assert lids == [p.lwp.l_lid, other.l_lid]


def test_a_trace_is_of_the_process_not_of_the_lwp(ktraced, p):
    ktraced.start(KTRFAC_USER)
    other = lwp_create(p.proc)
    ktrkmem(other, KTR_USER, bytes(20))
    p.proc.p_lwps.remove(other)
    (record,) = ktraced.records()

    assert (record.pid, record.lid) == (p.pid, 0)
