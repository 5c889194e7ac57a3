# SPDX-License-Identifier: BSD-2-Clause
"""Setting and clearing traces: who, what, to which file; fktrace(2) and utrace(2)."""

import pytest

from kernel.arch.python.syscall import syscall_fancy, syscall_plain
from kernel.kern.kern_descrip import closef
from kernel.kern.kern_ktrace import ktradref, ktrderef, ktrsamefile
from kernel.kern.sys_ktrace import ktrcanset
from kernel.sys.errno import Errno
from kernel.sys.fcntl import FNONBLOCK, O_APPEND, O_CREAT, O_RDONLY, O_RDWR, O_WRONLY
from kernel.sys.ktrace import (
    KTR_EMUL,
    KTR_NAMEI,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTRFAC_ACTIVE,
    KTRFAC_EMUL,
    KTRFAC_GENIO,
    KTRFAC_INHERIT,
    KTRFAC_NAMEI,
    KTRFAC_ROOT,
    KTRFAC_SYSCALL,
    KTRFAC_SYSRET,
    KTRFAC_TRC_EMUL,
    KTRFAC_USER,
    KTRFAC_VERSION,
    KTRFLAG_DESCEND,
    KTROP_CLEAR,
    KTROP_CLEARFILE,
    KTROP_SET,
    KTRFACv2,
)
from kernel.sys.proc import P_SUGID
from kernel.sys.syscall import sysno
from kernel.sys.ucred import Ucred

BOTH = KTRFAC_SYSCALL | KTRFAC_SYSRET


@pytest.fixture
def p(ktraced):
    return ktraced.p


@pytest.fixture
def tracer(ktraced):
    return ktraced.tracer


def types(ktraced, *args):
    return [r.type for r in ktraced.records(*args)]


# 1 ktrsamefile


def test_the_same_open_file_is_the_same(ktraced, p):
    ktraced.start(KTRFAC_SYSCALL)

    assert ktrsamefile(p.proc.p_tracep, p.proc.p_tracep)


def test_two_opens_of_one_vnode_are_the_same(ktraced, p, tracer):
    ktraced.start(KTRFAC_SYSCALL)
    ktraced.set(KTRFAC_SYSCALL, tracer)

    assert p.proc.p_tracep is not tracer.proc.p_tracep
    assert ktrsamefile(p.proc.p_tracep, tracer.proc.p_tracep)


def test_two_files_are_not_the_same(ktraced, p, tracer):
    ktraced.start(KTRFAC_SYSCALL)
    ktraced.start(KTRFAC_SYSCALL, tracer, b"/other")

    assert not ktrsamefile(p.proc.p_tracep, tracer.proc.p_tracep)


def test_the_two_ends_of_a_pipe_are_not_the_same(tracer):
    rfd, wfd = tracer.trap(sysno("pipe"))[1]
    files = tracer.proc.p_fd.fd_ofiles

    assert not ktrsamefile(files[rfd], files[wfd])


def test_none_is_the_same_as_none_only(ktraced, p):
    ktraced.start(KTRFAC_SYSCALL)

    assert ktrsamefile(None, None)
    assert not ktrsamefile(None, p.proc.p_tracep)
    assert not ktrsamefile(p.proc.p_tracep, None)


# 2 ktrderef, 3 ktradref


def test_ktrderef_clears_all_flags_and_gives_the_file_back(ktraced, p):
    ktraced.start(KTRFAC_SYSCALL | KTRFAC_INHERIT | KTRFACv2)
    fp = p.proc.p_tracep
    count = ktraced.kernel.nfiles
    ktrderef(p.proc)

    assert (p.proc.p_traceflag, p.proc.p_tracep, fp.f_count) == (0, None, 0)
    assert ktraced.kernel.nfiles == count - 1


def test_ktrderef_clears_the_flags_even_without_a_file(p):
    p.proc.p_traceflag = KTRFAC_INHERIT | KTRFAC_ROOT | KTRFAC_USER
    ktrderef(p.proc)

    assert p.proc.p_traceflag == 0


def test_ktradref_is_one_reference_more(ktraced, p):
    ktraced.start(KTRFAC_SYSCALL)
    fp = p.proc.p_tracep
    ktradref(p.proc)
    assert fp.f_count == 2
    closef(None, fp)

    assert fp.f_count == 1


def test_the_file_lives_until_the_last_traced_process_lets_go(ktraced, p, tracer):
    """Also after the tracer has closed its descriptor."""
    other = ktraced.booted.process()
    ktraced.create()
    fd = tracer("open", b"/trace", O_WRONLY, 0)
    ktraced.fktrace(fd, KTRFAC_SYSCALL)
    ktraced.fktrace(fd, KTRFAC_SYSCALL, target=other)
    tracer("close", fd)
    fp = p.proc.p_tracep
    p("getpid")
    other("getpid")

    assert fp is other.proc.p_tracep
    assert len(ktraced.records()) == 2
    ktraced.clear()
    assert fp.f_count == 1
    other.exit()
    assert fp.f_count == 0


# 15 CLEARFILE


def test_clearfile_ends_every_trace_to_the_file(ktraced, p, tracer):
    other, elsewhere = ktraced.booted.process(), ktraced.booted.process()
    ktraced.start(BOTH)
    ktraced.set(BOTH, other)
    ktraced.start(BOTH, elsewhere, b"/other")
    tracer("ktrace", b"/trace", KTROP_CLEARFILE, 0, 0)

    assert (p.proc.p_tracep, other.proc.p_tracep) == (None, None)
    assert elsewhere.proc.p_tracep is not None
    assert p.proc.p_md.md_syscall is syscall_plain


def test_clearfile_clears_the_rest_if_one_is_not_permitted(ktraced, p):
    user, other = ktraced.booted.process(1000), ktraced.booted.process(1000)
    ktraced.start(BOTH)
    user("ktrace", b"/trace", KTROP_SET, BOTH, other.pid)

    assert user.error("ktrace", b"/trace", KTROP_CLEARFILE, 0, 0) == Errno.EPERM
    assert other.proc.p_tracep is None
    assert p.proc.p_tracep is not None


def test_clearfile_of_a_file_that_is_no_trace_is_no_error(ktraced, tracer):
    ktraced.create()

    assert tracer.error("ktrace", b"/trace", KTROP_CLEARFILE, 0, 0) == 0


# 16 SET and CLEAR: arguments


def test_facs_without_a_facility_is_einval(ktraced, p, tracer):
    ktraced.create()
    for ops in (KTROP_SET, KTROP_CLEAR):
        assert tracer.error("ktrace", b"/trace", ops, 0, p.pid) == Errno.EINVAL
        assert tracer.error("ktrace", b"/trace", ops, KTRFAC_ROOT, p.pid) == Errno.EINVAL
        assert tracer.error("ktrace", b"/trace", ops, KTRFACv2, p.pid) == Errno.EINVAL


def test_a_record_version_there_is_none_of_is_einval(ktraced, p, tracer):
    ktraced.create()

    assert tracer.error("ktrace", b"/trace", KTROP_SET, BOTH | 3 << 24, p.pid) == Errno.EINVAL


def test_nobody_there_is_esrch(ktraced, tracer):
    ktraced.create()
    for pid in (29999, -29999):
        assert tracer.error("ktrace", b"/trace", KTROP_SET, BOTH, pid) == Errno.ESRCH


def test_a_negative_pid_is_a_process_group(ktraced, p, tracer):
    first, second = p.fork(), p.fork()
    second("setpgid", 0, 0)
    ktraced.create()
    tracer("ktrace", b"/trace", KTROP_SET, KTRFAC_SYSCALL, -p.pid)

    assert [each.proc.p_traceflag & KTRFAC_SYSCALL for each in (p, first, second)] == [2, 2, 0]


def test_nothing_permitted_is_eperm(ktraced, p):
    user = ktraced.booted.process(1000)
    ktraced.create()

    assert user.error("ktrace", b"/trace", KTROP_SET, BOTH, p.pid) == Errno.EPERM
    assert p.proc.p_tracep is None


def test_some_permitted_is_success(ktraced):
    user = ktraced.booted.process(1000)
    child = user.fork()
    child.proc.p_cred = Ucred()
    ktraced.create()

    assert user.error("ktrace", b"/trace", KTROP_SET, KTRFAC_USER, -user.pid) == 0
    assert user.proc.p_traceflag == KTRFAC_USER
    assert child.proc.p_traceflag == 0


def test_the_trace_file_does_not_block(ktraced, p):
    ktraced.start(BOTH)

    assert p.proc.p_tracep.f_flag & FNONBLOCK


def test_fktrace_leaves_the_callers_descriptor_non_blocking(ktraced, tracer):
    """Ported."""
    _, wfd = tracer.trap(sysno("pipe"))[1]
    ktraced.fktrace(wfd, BOTH)

    assert tracer("fcntl", wfd, 3, 0) & FNONBLOCK


@pytest.mark.parametrize("extra", [KTRFAC_ROOT, KTRFAC_ACTIVE, KTRFAC_TRC_EMUL])
def test_facs_is_masked_so_that_nobody_is_muted(ktraced, extra):
    """Mended: only facilities, INHERIT and the version are a caller's to set."""
    user = ktraced.booted.process(1000)
    ktraced.create()
    user("ktrace", b"/trace", KTROP_SET, BOTH | KTRFAC_INHERIT | extra, user.pid)

    assert user.proc.p_traceflag == BOTH | KTRFAC_INHERIT
    user("getpid")
    assert types(ktraced) == [KTR_SYSCALL, KTR_SYSRET]


# 17 DESCEND


def test_descend_is_preorder_over_children_and_siblings(ktraced, p, tracer):
    """Newest child first, as LIST_INSERT_HEAD keeps them; shown by who writes EMUL when."""
    first, second = p.fork(), p.fork()
    grandchild = first.fork()
    ktraced.create()
    tracer("ktrace", b"/trace", KTROP_SET | KTRFLAG_DESCEND, KTRFAC_EMUL, p.pid)

    assert [r.pid for r in ktraced.records()] == [p.pid, second.pid, first.pid, grandchild.pid]


def test_descend_never_goes_past_the_top(ktraced, p, tracer):
    child = p.fork()
    sibling = p.fork()
    ktraced.create()
    tracer("ktrace", b"/trace", KTROP_SET | KTRFLAG_DESCEND, KTRFAC_EMUL, child.pid)

    assert [each.proc.p_tracep is None for each in (p, sibling, tracer)] == [True] * 3


def test_descend_clears_too(ktraced, p, tracer):
    ktraced.start(KTRFAC_SYSCALL | KTRFAC_INHERIT)
    child = p.fork()
    tracer("ktrace", 0, KTROP_CLEAR | KTRFLAG_DESCEND, KTRFAC_SYSCALL, p.pid)

    assert (p.proc.p_tracep, child.proc.p_tracep) == (None, None)


def test_zombies_are_not_given_a_trace_file(ktraced, p, tracer):
    """Mended: neither by DESCEND nor by their group nor by pid; they would never let go."""
    child = p.fork()
    child.exit()
    ktraced.create()
    for ops, pid in ((KTROP_SET | KTRFLAG_DESCEND, p.pid), (KTROP_SET, -p.pid)):
        tracer("ktrace", b"/trace", ops, BOTH, pid)
        assert p.proc.p_tracep is not None
        assert child.proc.p_tracep is None
    assert tracer.error("ktrace", b"/trace", KTROP_SET, BOTH, child.pid) == Errno.ESRCH


def test_a_group_of_zombies_only_is_esrch(ktraced, p, tracer):
    child = p.fork()
    child("setpgid", 0, 0)
    child.exit()
    ktraced.create()

    assert tracer.error("ktrace", b"/trace", KTROP_SET, BOTH, -child.pid) == Errno.ESRCH


# 18 SET


def test_set_replaces(ktraced, p):
    """Ported: another open file, though of the same vnode, clears all old facilities."""
    ktraced.start(KTRFAC_SYSCALL | KTRFAC_INHERIT)
    old = p.proc.p_tracep
    ktraced.set(KTRFAC_NAMEI)

    assert p.proc.p_traceflag == KTRFAC_NAMEI | KTRFAC_ROOT
    assert old.f_count == 0


def test_fktrace_with_the_same_file_adds(ktraced, p, tracer):
    ktraced.create()
    fd = tracer("open", b"/trace", O_WRONLY, 0)
    ktraced.fktrace(fd, KTRFAC_SYSCALL)
    ktraced.fktrace(fd, KTRFAC_NAMEI)

    assert p.proc.p_traceflag == KTRFAC_SYSCALL | KTRFAC_NAMEI | KTRFAC_ROOT
    assert p.proc.p_tracep.f_count == 2


def test_set_takes_the_new_version(ktraced, p, tracer):
    ktraced.create()
    fd = tracer("open", b"/trace", O_WRONLY, 0)
    ktraced.fktrace(fd, KTRFAC_SYSCALL | 1 << 24)
    ktraced.fktrace(fd, KTRFAC_SYSCALL | KTRFACv2)

    assert KTRFAC_VERSION(p.proc.p_traceflag) == 2


def test_only_roots_traces_are_marked_root(ktraced, p):
    user = ktraced.booted.process(1000)
    ktraced.start(BOTH)
    user("ktrace", b"/trace", KTROP_SET, BOTH, user.pid)

    assert p.proc.p_traceflag & KTRFAC_ROOT
    assert not user.proc.p_traceflag & KTRFAC_ROOT


def test_operation_3_acts_as_clear(ktraced, p, tracer):
    ktraced.start(BOTH)
    tracer("ktrace", 0, 3, BOTH, p.pid)

    assert p.proc.p_tracep is None


# 19 CLEAR


def test_clear_removes_facilities(ktraced, p, tracer):
    ktraced.start(BOTH | KTRFAC_NAMEI)
    tracer("ktrace", 0, KTROP_CLEAR, BOTH, p.pid)
    p.error("chdir", b"/none")

    assert types(ktraced) == [KTR_NAMEI]
    assert p.proc.p_tracep is not None


def test_clear_of_the_last_facility_releases_the_file(ktraced, p, tracer):
    ktraced.start(KTRFAC_SYSCALL | KTRFAC_INHERIT)
    fp = p.proc.p_tracep
    tracer("ktrace", 0, KTROP_CLEAR, KTRFAC_SYSCALL, p.pid)

    assert (p.proc.p_traceflag, p.proc.p_tracep, fp.f_count) == (0, None, 0)


# 20 after any change


def test_emul_is_written_by_set_at_once(ktraced, p):
    """Ported."""
    ktraced.start(KTRFAC_EMUL)

    assert [(r.type, r.pid, r.comm) for r in ktraced.records()] == [(KTR_EMUL, p.pid, "host")]


def test_emul_is_written_by_a_clear_that_leaves_it_on(ktraced, p, tracer):
    ktraced.start(KTRFAC_EMUL | KTRFAC_SYSCALL)
    tracer("ktrace", 0, KTROP_CLEAR, KTRFAC_SYSCALL, p.pid)

    assert types(ktraced) == [KTR_EMUL, KTR_EMUL]


def test_emul_is_written_for_oneself_by_set_only(ktraced, p):
    """As in the seed: only letting go of the old file ends the protection of the call."""
    ktraced.create()
    p("ktrace", b"/trace", KTROP_SET, KTRFAC_EMUL | KTRFAC_USER, p.pid)
    p("ktrace", 0, KTROP_CLEAR, KTRFAC_USER, p.pid)

    assert types(ktraced) == [KTR_EMUL]


def test_the_entry_follows_the_trace(ktraced, p, tracer):
    md = p.proc.p_md
    assert md.md_syscall is syscall_plain
    ktraced.start(KTRFAC_NAMEI)
    assert md.md_syscall is syscall_plain
    ktraced.set(KTRFAC_SYSRET)
    assert md.md_syscall is syscall_fancy
    ktraced.clear()

    assert md.md_syscall is syscall_plain


def test_the_call_that_switched_itself_on_has_no_ret(ktraced, p):
    """Ported: it came in by the plain entry."""
    ktraced.create()
    p("ktrace", b"/trace", KTROP_SET, BOTH, p.pid)
    p("getpid")

    assert [r.body().ktr_code for r in ktraced.records()] == [sysno("getpid")] * 2


def test_a_call_that_moves_its_own_trace_is_in_both_files(ktraced, p):
    """CALL goes to the old file, RET to the new one."""
    ktraced.create(b"/other")
    ktraced.start(BOTH)
    p("ktrace", b"/other", KTROP_SET, BOTH, p.pid)

    assert types(ktraced) == [KTR_SYSCALL]
    assert types(ktraced, b"/other") == [KTR_SYSRET]


# 21 fktrace


def test_fktrace_needs_a_descriptor_open_for_writing(ktraced, tracer):
    ktraced.create()
    fd = tracer("open", b"/trace", O_RDONLY, 0)
    for bad in (fd, 77, -1):
        for ops in (KTROP_SET, KTROP_CLEAR):
            assert ktraced.fktrace(bad, BOTH, ops) == Errno.EBADF


def test_fktrace_works_with_a_pipe(ktraced, p, tracer):
    rfd, wfd = tracer.trap(sysno("pipe"))[1]
    assert ktraced.fktrace(wfd, BOTH) == 0
    p("getpid")
    buf = bytearray(4096)
    count = tracer("read", rfd, buf, 4096)

    assert [r.type for r in ktraced.records(data=bytes(buf[:count]))] == [KTR_SYSCALL, KTR_SYSRET]


def test_fktrace_writes_at_the_offset_of_the_open_file(ktraced, p, tracer):
    """No O_APPEND unless the caller asked for it; the descriptor's offset moves on."""
    fd = tracer("open", b"/trace", O_RDWR | O_CREAT, 0o600)
    tracer("write", fd, bytearray(b"junk" + b"-" * 200), 204)
    tracer("lseek", fd, 4, 0)
    ktraced.fktrace(fd, KTRFAC_SYSCALL)
    p("getpid")
    end = tracer("lseek", fd, 0, 1)

    assert ktraced.data().startswith(b"junk")
    assert len(ktraced.records(data=ktraced.data()[4:end])) == 1
    assert ktraced.data()[end:] == b"-" * (204 - end)


def test_fktrace_to_a_descriptor_opened_to_append_appends(ktraced, p, tracer):
    fd = tracer("open", b"/trace", O_RDWR | O_CREAT | O_APPEND, 0o600)
    tracer("write", fd, bytearray(b"junk"), 4)
    tracer("lseek", fd, 0, 0)
    ktraced.fktrace(fd, KTRFAC_SYSCALL)
    p("getpid")

    assert len(ktraced.records(data=ktraced.data()[4:])) == 1


# 24 ktrcanset


@pytest.mark.parametrize(
    ("mine", "its", "allowed"),
    [
        (Ucred(), Ucred(5, 5, 5, 5, 5, 5), True),
        (Ucred(5, 6, 5, 6, 5, 6), Ucred(5, 6, 5, 6, 5, 6), True),
        (Ucred(5, 6, 7, 6, 7, 6), Ucred(5, 6, 5, 6, 5, 6), True),  # my effective uid counts
        (Ucred(7, 6, 5, 6, 5, 6), Ucred(5, 6, 5, 6, 5, 6), False),
        (Ucred(5, 9, 5, 6, 5, 6), Ucred(5, 6, 5, 6, 5, 6), True),  # but my real gid
        (Ucred(5, 6, 5, 9, 5, 6), Ucred(5, 6, 5, 6, 5, 6), False),
        (Ucred(5, 6, 5, 6, 5, 6), Ucred(5, 6, 7, 6, 5, 6), False),  # its real uid
        (Ucred(5, 6, 5, 6, 5, 6), Ucred(5, 6, 5, 6, 0, 6), False),  # its saved uid
        (Ucred(5, 6, 5, 6, 5, 6), Ucred(5, 6, 5, 7, 5, 6), False),  # its real gid
        (Ucred(5, 6, 5, 6, 5, 6), Ucred(5, 6, 5, 6, 5, 0), False),  # its saved gid
    ],
)
def test_who_may_change_a_trace(p, tracer, mine, its, allowed):
    tracer.proc.p_cred, p.proc.p_cred = mine, its

    assert ktrcanset(tracer.proc, p.proc) == allowed


def test_a_trace_that_root_set_is_roots(ktraced, p, tracer):
    cred = Ucred(5, 5, 5, 5, 5, 5)
    p.proc.p_cred = cred
    ktraced.start(BOTH)
    user = ktraced.booted.process(5, 5)

    assert not ktrcanset(user.proc, p.proc)
    assert ktrcanset(tracer.proc, p.proc)


def test_a_tainted_process_is_not_a_users_to_trace(ktraced, p, tracer):
    p.proc.p_cred = Ucred(5, 5, 5, 5, 5, 5)
    p.proc.p_flag |= P_SUGID

    assert not ktrcanset(ktraced.booted.process(5, 5).proc, p.proc)
    assert ktrcanset(tracer.proc, p.proc)


# 25 utrace


def test_utrace_of_who_is_not_traced_is_0_whatever_the_length(p):
    assert p.error("utrace", b"x", bytearray(1), 1 << 20) == 0


def test_utrace_without_the_user_point_leaves_nothing(ktraced, p):
    ktraced.start(KTRFAC_GENIO)

    assert p.error("utrace", b"x", bytearray(1), 1 << 20) == 0
    assert types(ktraced) == []


def test_utrace_of_more_than_2048_bytes_is_einval(ktraced, p):
    ktraced.start(KTRFAC_USER)

    assert p.error("utrace", b"x", bytearray(3000), 2049) == Errno.EINVAL
    assert p.error("utrace", b"x", bytearray(3000), 2048) == 0
    assert [len(r.data) for r in ktraced.records()] == [2048]
