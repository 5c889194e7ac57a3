# SPDX-License-Identifier: BSD-2-Clause
"""What each record holds: headers, calls, returns, paths, signals, switches, user data."""

import struct

import pytest

from kernel.kern.kern_fork import lwp_create
from kernel.kern.kern_ktrace import ktrcsw, ktrkmem, ktrmmsg, ktrpoint, ktrpsig, ktruser
from kernel.kern.kern_proc import setcomm
from kernel.sys.cdefs import I386, ILP32_BE, LP64, LP64_BE, M68K, sizeof
from kernel.sys.errno import Errno
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_EXEC_ENV,
    KTR_GENIO,
    KTR_MIB,
    KTR_MMSG,
    KTR_NAMEI,
    KTR_PSIG,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KTRFAC_CSW,
    KTRFAC_EMUL,
    KTRFAC_GENIO,
    KTRFAC_MIB,
    KTRFAC_NAMEI,
    KTRFAC_PSIG,
    KTRFAC_SYSCALL,
    KTRFAC_SYSRET,
    KTRFAC_USER,
    KTRFACv1,
    KTRFACv2,
    KtrHeaderV0,
)
from kernel.sys.signal import SIG_BLOCK, SIG_DFL, SIGKILL, SIGUSR1, pack_sigset, sigmask
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.syscall import sysno
from tests.kern.conftest import Traced

BOTH = KTRFAC_SYSCALL | KTRFAC_SYSRET


def body(ktraced, index=0, **options):
    return ktraced.records(**options)[index].body()


# 4 ktrinitheader


def test_header_has_the_process_the_time_and_the_length(ktraced):
    ktraced.start(KTRFAC_SYSCALL)
    before = ktraced.kernel.clock.now
    ktraced.p("getpid")
    (record,) = ktraced.records()

    assert (record.type, record.pid, record.comm) == (KTR_SYSCALL, ktraced.p.pid, "host")
    assert record.time == before // 1000 * 1000
    assert len(ktraced.data()) == sizeof(KtrHeaderV0) + len(record.payload)


def test_header_padding_and_ktr_buf_are_zero(ktraced):
    """Mended: no record holds stale memory."""
    ktraced.start(KTRFAC_SYSCALL)
    ktraced.p("getpid")
    header = ktraced.data()[: sizeof(KtrHeaderV0)]

    assert header[6:8] == bytes(2)
    assert header[29:32] == bytes(3)
    assert header[-8:] == bytes(8)


def test_stale_tail_of_p_comm_is_in_the_header(ktraced):
    """Ported: exec overwrites name and NUL only."""
    ktraced.start(KTRFAC_SYSCALL)
    setcomm(ktraced.p.proc, b"averylongcommand")
    setcomm(ktraced.p.proc, b"sh")
    ktraced.p("getpid")
    (record,) = ktraced.records()

    assert record.comm == "sh"
    assert record.raw_comm == b"sh\0rylongcommand\0"


@pytest.mark.parametrize(("version", "facs"), [(0, 0), (1, KTRFACv1), (2, KTRFACv2)])
def test_version_bits_choose_the_header(ktraced, version, facs):
    ktraced.start(KTRFAC_SYSCALL | facs)
    ktraced.p("getpid")
    (record,) = ktraced.records(version=version)

    lid = ktraced.p.lwp.l_lid if version else 0
    assert (record.version, record.pid, record.lid) == (version, ktraced.p.pid, lid)


@pytest.mark.parametrize("abi", [LP64, LP64_BE, I386, ILP32_BE, M68K])
@pytest.mark.parametrize("version", [0, 1, 2])
def test_every_abi_is_read_back(boot, abi, version):
    ktraced = Traced(boot(abi=abi))
    ktraced.start(BOTH | KTRFAC_GENIO | KTRFAC_NAMEI | version << 24)
    ktraced.p.error("open", b"/none", 0, 0)
    call, namei, ret = ktraced.records(version=version)

    assert call.body().ktr_code == sysno("open")
    assert call.body().ktr_argsize == 3 * abi.word
    assert call.args[1:] == (0, 0)
    assert namei.payload == b"/none"
    assert ret.body().ktr_error == Errno.ENOENT


# 5 ktrsyscall


def test_syscall_has_number_and_argument_registers(ktraced):
    ktraced.start(KTRFAC_SYSCALL)
    ktraced.p.error("fcntl", 77, 3, -1)
    (record,) = ktraced.records()

    assert record.body() == (sysno("fcntl"), 24)
    assert record.args == (77, 3, (1 << 64) - 1)
    assert len(record.payload) == 8 + 24


def test_syscall_without_arguments_has_none(ktraced):
    ktraced.start(KTRFAC_SYSCALL)
    ktraced.p("getpid")

    assert ktraced.records()[0].payload == struct.pack("<ii", sysno("getpid"), 0)


def test_padding_arguments_are_recorded_as_zero(ktraced):
    ktraced.start(KTRFAC_SYSCALL)
    ktraced.p.error("pread", 77, 5, 6, 7)

    assert ktraced.records()[0].args == (77, 5, 6, 0, 7)


def test_a_quad_takes_two_words_where_a_word_has_32_bits(boot):
    ktraced = Traced(boot(abi=ILP32_BE))
    ktraced.start(KTRFAC_SYSCALL)
    ktraced.p.error("pread", 77, 5, 6, (1 << 32) + 7)

    assert ktraced.records()[0].args == (77, 5, 6, 0, 1, 7)


@pytest.mark.parametrize("name", ["syscall", "__syscall"])
def test_indirect_call_is_recorded_as_the_inner_one(ktraced, name):
    ktraced.start(BOTH)
    ktraced.p.trap(sysno(name), sysno("close"), 77)
    call, ret = ktraced.records()

    assert (call.body().ktr_code, call.args) == (sysno("close"), (77,))
    assert (ret.body().ktr_code, ret.body().ktr_error) == (sysno("close"), Errno.EBADF)


def test_unknown_call_is_recorded(ktraced):
    ktraced.start(BOTH)
    ktraced.p.handler(12, lambda *_: None)
    ktraced.p.trap(511)
    records = [r for r in ktraced.records() if r.body().ktr_code == 511]

    assert [r.type for r in records] == [KTR_SYSCALL, KTR_SYSRET]
    assert records[1].body().ktr_error == Errno.ENOSYS


# 6 ktrsysret


def test_sysret_has_both_registers(ktraced):
    ktraced.start(KTRFAC_SYSRET)
    ktraced.p("getpid")

    assert body(ktraced) == (sysno("getpid"), 0, 0, ktraced.p.pid, 1)


def test_sysret_of_a_failure_has_the_error_and_zeros(ktraced):
    ktraced.start(KTRFAC_SYSRET)
    ktraced.p.error("close", 77)

    assert body(ktraced) == (sysno("close"), 0, Errno.EBADF, 0, 0)


def test_ret_values_are_recorded_as_they_are(ktraced):
    """Ported: a negative value is no error."""
    ktraced.p("setpriority", 0, 0, -5)
    ktraced.start(KTRFAC_SYSRET)
    ktraced.p("getpriority", 0, 0)

    assert body(ktraced) == (sysno("getpriority"), 0, 0, -5, 0)


# 7 ktrnamei


def test_namei_is_the_whole_path_as_given(ktraced):
    ktraced.start(KTRFAC_NAMEI)
    ktraced.p.error("open", b"/tmp/../nowhere/", 0, 0)

    assert [r.payload for r in ktraced.records()] == [b"/tmp/../nowhere/"]


def test_namei_comes_once_also_through_a_symlink(ktraced):
    ktraced.p("symlink", b"/tmp", b"/link")
    ktraced.start(KTRFAC_NAMEI)
    ktraced.p("chdir", b"/link")

    assert [r.payload for r in ktraced.records()] == [b"/link"]


@pytest.mark.parametrize(
    ("call", "args", "names"),
    [
        ("rename", (b"/a", b"/b"), [b"/a", b"/b"]),
        ("link", (b"/a", b"/b"), [b"/a", b"/b"]),
        ("symlink", (b"/a", b"/b"), [b"/b"]),
    ],
)
def test_namei_comes_for_each_path_that_is_looked_up(ktraced, call, args, names):
    ktraced.p("close", ktraced.p("open", b"/a", 0x202, 0o600))
    ktraced.start(KTRFAC_NAMEI)
    ktraced.p(call, *args)

    assert [r.payload for r in ktraced.records()] == names


def test_namei_comes_not_for_the_empty_path(ktraced):
    ktraced.start(KTRFAC_NAMEI)

    assert ktraced.p.error("chdir", b"") == Errno.ENOENT
    assert ktraced.records() == []


def test_namei_comes_not_if_the_path_cannot_be_copied_in(ktraced):
    ktraced.start(KTRFAC_NAMEI)

    assert ktraced.p.error("chdir", 0) == Errno.EFAULT
    assert ktraced.p.error("chdir", b"x" * 1024) == Errno.ENAMETOOLONG
    assert ktraced.records() == []


def test_namei_comes_before_the_lookup_fails(ktraced):
    ktraced.start(KTRFAC_NAMEI | BOTH)
    ktraced.p.error("chdir", b"/none/x")

    assert [r.type for r in ktraced.records()] == [KTR_SYSCALL, KTR_NAMEI, KTR_SYSRET]


# 8 ktremul, 9 ktrkmem, 14 ktrmmsg


def test_emul_is_the_name_without_nul(ktraced):
    ktraced.start(KTRFAC_EMUL)

    assert [(r.type, r.payload) for r in ktraced.records()] == [(KTR_EMUL, b"netbsd")]


def test_ktrkmem_records_any_type(ktraced):
    ktraced.start(KTRFAC_SYSCALL)
    ktrkmem(ktraced.p.lwp, KTR_EXEC_ENV, b"A=1")
    (record,) = ktraced.records()

    assert (record.type, record.payload) == (KTR_EXEC_ENV, b"A=1")


def test_ktrmmsg_records_the_message_verbatim(ktraced):
    ktraced.start(KTRFAC_SYSCALL)
    ktrmmsg(ktraced.p.lwp, bytes(range(40)))
    (record,) = ktraced.records()

    assert (record.type, record.payload) == (KTR_MMSG, bytes(range(40)))


def test_sysctl_records_its_name_and_what_it_copies(ktraced):
    ktraced.start(KTRFAC_MIB)
    name, length = bytearray(struct.pack("<2i", 1, 1)), bytearray(struct.pack("<Q", 99))
    ktraced.p("__sysctl", name, 2, bytearray(99), length, 0, 0)
    mib, genio = ktraced.records()

    assert (mib.type, mib.payload) == (KTR_MIB, bytes(name))
    assert (genio.type, genio.body().ktr_fd, genio.data) == (KTR_GENIO, -1, b"NetBSD\0")


# 11 ktrpsig


def test_psig_has_signal_handler_and_mask(ktraced):
    p = ktraced.p
    address = p.handler(SIGUSR1, lambda *_: None, mask=sigmask(5))
    p("__sigprocmask14", SIG_BLOCK, bytearray(pack_sigset(sigmask(2))), 0)
    ktraced.start(KTRFAC_PSIG)
    ktraced.tracer("kill", p.pid, SIGUSR1)
    p("getpid")

    assert body(ktraced) == (SIGUSR1, address, (sigmask(2), 0, 0, 0), 0)


def test_psig_comes_at_delivery_with_the_mask_before_the_handlers(ktraced):
    """Order: the call that was under way, then PSIG, then what the handler does."""
    p = ktraced.p
    p.handler(SIGUSR1, lambda *_: None)
    ktraced.start(KTRFAC_PSIG | BOTH)
    p.trap(sysno("kill"), p.pid, SIGUSR1)
    records = ktraced.records()

    assert [r.type for r in records] == [
        KTR_SYSCALL,
        KTR_SYSRET,
        KTR_PSIG,
        KTR_SYSCALL,
        KTR_SYSRET,
    ]
    assert records[2].body().mask == (0, 0, 0, 0)
    assert records[3].body().ktr_code == sysno("setcontext")
    assert records[4].body().ktr_error == Errno.EJUSTRETURN


def test_psig_of_a_fatal_signal_has_sig_dfl(ktraced):
    ktraced.start(KTRFAC_PSIG | BOTH)
    ktraced.p.trap(sysno("kill"), ktraced.p.pid, SIGKILL)
    records = ktraced.records()

    assert (records[-1].type, records[-1].body()[:2]) == (KTR_PSIG, (SIGKILL, SIG_DFL))
    assert not ktraced.p.process.alive


def test_psig_comes_not_for_ignored_or_blocked_signals(ktraced):
    p = ktraced.p
    p("__sigprocmask14", SIG_BLOCK, bytearray(pack_sigset(sigmask(SIGUSR1))), 0)
    ktraced.start(KTRFAC_PSIG)
    for signo in (SIGUSR1, 20):
        ktraced.tracer("kill", p.pid, signo)
    p("getpid")

    assert ktraced.records() == []


def test_psig_in_sigsuspend_has_the_mask_from_before_it(ktraced):
    p = ktraced.p
    p.handler(SIGUSR1, lambda *_: None)
    p("__sigprocmask14", SIG_BLOCK, bytearray(pack_sigset(sigmask(SIGUSR1) | sigmask(3))), 0)
    ktraced.start(KTRFAC_PSIG)
    p.begin("__sigsuspend14", bytearray(pack_sigset(0)))
    ktraced.tracer("kill", p.pid, SIGUSR1)

    assert p.finish()[0] == Errno.EINTR
    assert body(ktraced).mask[0] == sigmask(SIGUSR1) | sigmask(3)


def test_psig_has_its_siginfo_from_version_1_on(ktraced):
    ktraced.p.handler(SIGUSR1, lambda *_: None)
    ktraced.start(KTRFAC_PSIG | KTRFACv2)
    ktraced.tracer("kill", ktraced.p.pid, SIGUSR1)
    ktraced.p("getpid")
    (record,) = ktraced.records(version=2)

    signo, code, errno = struct.unpack_from("<iii", record.data)
    assert (signo, code, errno, len(record.data)) == (SIGUSR1, 0, 0, 128)
    assert struct.unpack_from("<i", record.data, 16) == (ktraced.tracer.pid,)


def test_psig_of_a_fault_has_the_trap_code(ktraced):
    ktraced.start(KTRFAC_PSIG)
    ktrpsig(ktraced.p.lwp, 11, 0, 0, Ksiginfo(11, ksi_trap=6))

    assert body(ktraced).code == 6


# 12 ktrcsw


def pipe_of(p):
    return p.trap(sysno("pipe"))[1]


def test_csw_surrounds_a_sleep(ktraced):
    p = ktraced.p
    rfd, wfd = pipe_of(p)
    child = p.fork()
    ktraced.start(KTRFAC_CSW | BOTH)
    p.begin("read", rfd, bytearray(5), 5)
    child("write", wfd, b"x", 1)
    p.finish()
    records = ktraced.records()

    assert [r.type for r in records] == [KTR_SYSCALL, KTR_CSW, KTR_CSW, KTR_SYSRET]
    assert [r.body() for r in records[1:3]] == [(1, 0), (0, 0)]


def test_csw_of_who_is_killed_asleep_is_a_pair_too(ktraced):
    """The process wakes to die; only one that never wakes has no second record."""
    p = ktraced.p
    rfd, _ = pipe_of(p)
    ktraced.start(KTRFAC_CSW | KTRFAC_PSIG | BOTH)
    p.begin("read", rfd, bytearray(5), 5)
    assert [r.type for r in ktraced.records()] == [KTR_SYSCALL, KTR_CSW]
    ktraced.tracer("kill", p.pid, SIGKILL)
    p.process.finish()

    types = [r.type for r in ktraced.records()]
    assert types == [KTR_SYSCALL, KTR_CSW, KTR_CSW, KTR_SYSRET, KTR_PSIG]


def test_a_switch_that_is_no_sleep_is_not_recorded(ktraced):
    ktraced.start(KTRFAC_CSW)
    ktraced.p("sched_yield")

    assert ktraced.records() == []


def test_ktrcsw_writes_what_it_is_given(ktraced):
    ktraced.start(KTRFAC_CSW)
    ktrcsw(ktraced.p.lwp, 1, 1)

    assert body(ktraced) == (1, 1)


# 13 ktruser


def utrace(ktraced, label, data, length=None):
    buf = bytearray(data) if isinstance(data, bytes) else data
    return ktraced.p.error("utrace", label, buf, len(data) if length is None else length)


def test_user_has_label_and_data_and_zeros_between(ktraced):
    """Mended: the rest of the label is zero."""
    ktraced.start(KTRFAC_USER)
    assert utrace(ktraced, b"label", b"data") == 0

    assert ktraced.records()[0].payload == b"label" + bytes(15) + b"data"


def test_user_label_of_19_bytes_fits(ktraced):
    ktraced.start(KTRFAC_USER)
    utrace(ktraced, b"x" * 19, b"")

    assert ktraced.records()[0].payload == b"x" * 19 + b"\0"


def test_user_label_of_20_bytes_becomes_empty(ktraced):
    ktraced.start(KTRFAC_USER)
    utrace(ktraced, b"x" * 20, b"d")

    assert ktraced.records()[0].payload == bytes(20) + b"d"


def test_user_label_that_cannot_be_read_is_empty(ktraced):
    ktraced.start(KTRFAC_USER)

    assert utrace(ktraced, 0, b"d") == 0
    assert ktraced.records()[0].payload == bytes(20) + b"d"


def test_user_data_that_cannot_be_read_is_left_out(ktraced):
    ktraced.start(KTRFAC_USER)

    assert ktraced.p.error("utrace", b"l", 0, 9) == 0
    assert ktraced.records()[0].payload == b"l" + bytes(19)


def test_user_label_from_the_kernel_is_cut(ktraced):
    ktraced.start(KTRFAC_USER)
    ktruser(ktraced.p.lwp, b"y" * 30, 0, 0)

    assert ktraced.records()[0].payload == b"y" * 19 + b"\0"


# 26, 27, 31: KTRPOINT and KTRFAC_ACTIVE


def test_a_point_fires_only_if_its_bit_is_on(ktraced):
    for facility in (KTR_SYSCALL, KTR_NAMEI, KTR_USER):
        ktraced.p.proc.p_traceflag = 1 << facility
        assert ktrpoint(ktraced.p.lwp, facility)
        assert not ktrpoint(ktraced.p.lwp, facility + 1)
    ktraced.p.proc.p_traceflag = 0


def test_a_point_does_not_fire_while_a_record_is_made(ktraced):
    ktraced.start(KTRFAC_SYSCALL)
    ktraced.p.lwp.l_ktractive = True

    assert not ktrpoint(ktraced.p.lwp, KTR_SYSCALL)
    ktraced.p("getpid")
    ktraced.p.lwp.l_ktractive = False
    assert ktraced.records() == []


def test_active_is_per_lwp(ktraced):
    """Mended: two LWPs do not hide each other's records."""
    ktraced.start(KTRFAC_SYSCALL)
    other = lwp_create(ktraced.p.proc)
    ktraced.p.lwp.l_ktractive = True

    assert ktrpoint(other, KTR_SYSCALL)
    ktraced.p.lwp.l_ktractive = False
    ktraced.p.proc.p_lwps.remove(other)


def test_what_ktrace_does_itself_is_not_traced(ktraced):
    ktraced.create(b"/other")
    ktraced.start(BOTH | KTRFAC_NAMEI | KTRFAC_GENIO)
    ktraced.p("ktrace", b"/other", 0, KTRFAC_SYSCALL, ktraced.tracer.pid)

    assert [r.type for r in ktraced.records()] == [KTR_SYSCALL, KTR_SYSRET]


def test_writing_the_trace_is_not_traced(ktraced):
    """A process that writes to its own trace file leaves one GIO, not a chain."""
    ktraced.start(KTRFAC_GENIO)
    fd = ktraced.p("open", b"/trace", 9, 0)
    ktraced.p("write", fd, bytearray(b"hello"), 5)

    assert ktraced.data().count(b"hello") == 2
