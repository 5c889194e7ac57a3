# SPDX-License-Identifier: BSD-2-Clause
"""Laws of kdump's flags and records, beyond what the golden pairs hold down."""

import io
import struct

import pytest

from kernel.sys.cdefs import I386, ILP32, ILP32_BE, LP64, LP64_BE, M68K, Abi, pack
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_EXEC_ARG,
    KTR_GENIO,
    KTR_NAMEI,
    KTR_PSIG,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    SIGINFO_SIZE,
    KtrGenio,
    KtrPsig,
    KtrSiginfo,
    KtrSiginfoChild,
    KtrSiginfoFault,
    KtrSiginfoPoll,
    KtrSiginfoRt,
    KtrSyscall,
    KtrSysret,
)
from userland.libktrace import encode, kdump

SECOND = 1_000_000_000
NOW = 1_060_270_305 * SECOND
ABIS = [LP64, LP64_BE, I386, ILP32, ILP32_BE, M68K]


class Output(io.BytesIO):
    """Bytes that were written, and how often they were flushed."""

    flushes = 0

    def flush(self) -> None:
        self.flushes += 1


def run(*args: str, trace: bytes = b"", columns: int | None = None) -> tuple[int, str, str]:
    """Run kdump with the trace as any file but "nosuch"; return status, output, errors."""
    out, err = Output(), Output()

    def open_binary(name: str) -> io.BytesIO:
        if name == "nosuch":
            raise FileNotFoundError(2, "No such file or directory", name)
        return io.BytesIO(trace)

    status = kdump.main(["kdump", *args], open_binary, out, err, columns=columns)
    return status, out.getvalue().decode("latin-1"), err.getvalue().decode("latin-1")


def text(*args: str, trace: bytes, columns: int | None = None) -> str:
    """Return what kdump prints, without the part of each line that names the process."""
    status, out, err = run(*args, trace=trace, columns=columns)
    assert (status, err) == (0, "")
    lines = out.splitlines(keepends=True)
    starts = ("     1      1 prog     ", "     1 prog     ")
    return "".join(
        next((line[len(s) :] for s in starts if line.startswith(s)), line) for line in lines
    )


def call(code: int, *args: int, version: int = 2, abi: Abi = LP64) -> bytes:
    """Return a CALL record."""
    letter = "Q" if abi.word == 8 else "I"
    mask = (1 << abi.word * 8) - 1
    registers = struct.pack(f"{abi.byteorder}{len(args)}{letter}", *(arg & mask for arg in args))
    payload = pack(KtrSyscall(code, len(registers)), abi) + registers
    return encode(KTR_SYSCALL, payload, version=version, abi=abi)


def ret(
    code: int, error: int = 0, value: int = 0, second: int = 0, version: int = 2, abi: Abi = LP64
) -> bytes:
    """Return a RET record."""
    payload = pack(KtrSysret(code, 0, error, value, second), abi)
    return encode(KTR_SYSRET, payload, version=version, abi=abi)


def gio(data: bytes, fd: int = 1, rw: int = 1, version: int = 2) -> bytes:
    """Return a GIO record."""
    return encode(KTR_GENIO, pack(KtrGenio(fd, rw)) + data, version=version)


def psig(
    signal: int,
    action: int = 0,
    mask: int = 0,
    code: int = 0,
    info: bytes = b"",
    version: int = 2,
    abi: Abi = LP64,
) -> bytes:
    """Return a PSIG record, with a siginfo if there is one."""
    words = tuple(mask >> shift & 0xFFFFFFFF for shift in (0, 32, 64, 96))
    payload = pack(KtrPsig(signal, action, words, code), abi)
    if info:
        payload += info.ljust(SIGINFO_SIZE, b"\0")
    return encode(KTR_PSIG, payload, version=version, abi=abi)


def siginfo(signal: int, code: int, union: bytes = b"", errno: int = 0) -> bytes:
    """Return an LP64 siginfo."""
    return pack(KtrSiginfo(signal, code, errno)).ljust(16, b"\0") + union


# Every ABI.


@pytest.mark.parametrize("version", [0, 1, 2])
@pytest.mark.parametrize("abi", ABIS, ids=str)
def test_every_abi_prints_the_same(abi: Abi, version: int) -> None:
    """Word size and byte order are found out, and show only in the width of numbers."""
    trace = encode(KTR_EMUL, b"netbsd", version=version, abi=abi, time=NOW + 500_000)
    trace += call(4, 5, 0x1000, 2, version=version, abi=abi)
    trace += ret(4, value=-1, version=version, abi=abi)
    trace += psig(11, 0x1000, 0b11 | 1 << 62, 13, version=version, abi=abi)
    ones = "0xffffffff" if abi.word == 4 else "0xffffffffffffffff"
    args = "5,0x1000,2" if version == 2 else "0x5,0x1000,0x2"

    assert text(trace=trace) == (
        'EMUL  "netbsd"\n'
        f"CALL  write({args})\n"
        f"RET   write -1/{ones}\n"
        "PSIG  SIGSEGV caught handler=0x1000 mask=(1,2,63) code=0xd)\n"
    )


def test_words_of_a_big_endian_machine() -> None:
    """-X shows words in the order of the machine that wrote the trace."""
    data = bytes(range(16)) + b"\xaa\xbb"
    for abi, full, rest in (
        (LP64, "03020100   07060504   0b0a0908   0f0e0d0c", "    bbaa"),
        (LP64_BE, "00010203   04050607   08090a0b   0c0d0e0f", "aabb    "),
    ):
        trace = ret(4, abi=abi) + encode(KTR_USER, b"l".ljust(20, b"\0") + data, abi=abi)
        assert text("-X4", "-tu", trace=trace) == (
            f"MISC  l:\n\t000     {full}  ................\n\t010     {rest:43}..\n"
        )


# Styles and times.


def test_style_overrides() -> None:
    """v0 and v1 print as in 2003, v2 as today; --style prints any of them in either way."""
    for version in (0, 1, 2):
        trace = call(3, 3, version=version)
        old, new = "     1 prog     CALL  read(0x3)\n", "CALL  read(3)\n"
        lid = 1 if version else 0
        assert run(trace=trace)[1] == (old if version < 2 else f"     1      1 prog     {new}")
        assert run("--style", "2003", trace=trace)[1] == old
        assert run("--style=10", trace=trace)[1] == f"     1 {lid:6d} prog     {new}"


def times(version: int) -> bytes:
    """Return three records, the second one earlier than the first."""
    moments = (NOW + 1_500, NOW - 540_000, NOW + 2 * SECOND)
    records = (encode(KTR_NAMEI, b"", version=version, time=time) for time in moments)
    return b"".join(records)


@pytest.mark.parametrize(
    ("version", "flags", "shown"),
    [
        (2, "-T", ("1060270305.000001500", "1060270304.999460000", "1060270307.000000000")),
        (2, "-R", ("0.000000000", "-0.000541500", "2.000540000")),
        (2, "-E", ("0.000000000", "-0.000541500", "1.999998500")),
        (0, "-T", ("1060270305.000001", "1060270304.999460", "1060270307.000000")),
        (0, "-TR", ("0.000000", "-1.999459", "2.000540")),
        (0, "-RT", ("1060270305.000001", "1060270304.999460", "1060270307.000000")),
    ],
)
def test_times(version: int, flags: str, shown: tuple[str, ...]) -> None:
    """Times are shown as each era's -T, -R and -E show them, negative ones too."""
    expected = "".join(f'{time} NAMI  ""\n' for time in shown)

    assert text(flags, trace=times(version)) == expected


def test_times_add_up() -> None:
    """Today -T, -E and -R are shown together, in this order."""
    first = text("-R", "-E", "-T", trace=times(2)).splitlines()[0]

    assert first == '1060270305.000001500 0.000000000 0.000000000 NAMI  ""'


def test_the_first_time_counts_printed_records_only() -> None:
    """-R measures from the record printed before, not from one that was left out."""
    trace = call(20) + times(2)
    assert text("-R", "-tn", trace=trace).startswith("0.000000000 NAMI")


# Calls and their arguments.


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (call(20), "getpid"),
        (call(4, 0, 9, 10, -1), "write(0,9,0xa,0xffffffffffffffff)"),
        (call(600, 1), "[600](1)"),
        (call(-7), "[-7]"),
        (call(11), "#11 (obsolete execv)"),
        (call(54, 1), "ioctl(1)"),
        (call(54, 1, 0x4008747E00, 2), "ioctl(1,0x4008747e00,2)"),
        (call(54, 1, 0x20007F02, 2), "ioctl(1,_IO(0x7f,0x2),2)"),
        (call(54, 1, 0xC1234567, 2, 12), "ioctl(1,_IOWR('E',0x67,0x123),2,0xc)"),
        (call(92, 3, 12, 4), "fcntl(3,F_DUPFD_CLOEXEC,4)"),
        (call(92, 3, 77), "fcntl(3,0x4d)"),
        (call(105, 4, 0xFFFF, 0x1009, 5, 6), "setsockopt(4,SOL_SOCKET,SO_OVERFLOWED,5,6)"),
        (call(118, 4, 0, 27, 5, 6), "getsockopt(4,IPPROTO_IP,IP_BINDANY,5,6)"),
        (call(105, 4, 41, 27, 5, 6), "setsockopt(4,IPPROTO_IPV6,0x1b,5,6)"),
        (call(105, 4, 99, 1), "setsockopt(40x63,1)"),
        (call(166, 5, 0x181, 1), "__futex(0x5,FUTEX_WAKE_PRIVATEFUTEX_CLOCK_REALTIME,1)"),
        (call(166, 5, 77, 1), "__futex(0x5,0x4d,1)"),
        (call(166, 5, 0), "__futex(5,0)"),
        (call(340, 2, 1), "__sigaction_sigtramp(SIGINT,1)"),
        (call(340, 64), "__sigaction_sigtramp(SIG*unknown 64*)"),
        (call(37, -5, 0), "kill(0xfffffffffffffffb, SIG 0)"),
        (call(37, 5), "kill(5)"),
        (call(74, 1, 2, 0), "mprotect(1,2,PROT_NONE)"),
        (call(74, 1, 2, 0x1F), "mprotect(1,2,PROT_READ|PROT_WRITE|PROT_EXEC|0x18)"),
        (call(197, 0, 1, 3, 0, 0, 0), "mmap(0,1,PROT_READ|PROT_WRITE,0<FILE,ALIGN=NONE>,0,0)"),
        (
            call(197, 0, 1, 1, 0x15003012, 0, 0),
            "mmap(0,1,PROT_READ,0x15003012<PRIVATE,FIXED,ANONYMOUS,STACK,ALIGN=2MB>,0,0)",
        ),
        (
            call(197, 0, 1, 1, 0x3D000001, 0, 0),
            "mmap(0,1,PROT_READ,0x3d000001<SHARED,FILE,ALIGN=2^61>,0,0)",
        ),
        (call(26, 0, 1), "ptrace(PT_TRACE_ME,1)"),
        (call(26, 33, 1), "ptrace(PT_GETREGS,1)"),
        (call(26, 31), "ptrace(0x1f)"),
        (call(26, -1), "ptrace(0xffffffffffffffff)"),
        (call(221, 1), "semget(1)"),
    ],
)
def test_calls_today(record: bytes, shown: str) -> None:
    """Arguments are decoded by the name of the call; too few of them are plain numbers."""
    assert text(trace=record) == f"CALL  {shown}\n"


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (call(4, 0, 9, 10, -1, version=0), "write(0,0x9,0xa,0xffffffffffffffff)"),
        (call(54, 1, 0x20007F02, version=0), "ioctl(0x1,_IO('\x7f',0x2))"),
        (call(54, 1, 0xC1234567, 2, version=0), "ioctl(0x1,_IOWR('E',0x67,0x23),0x2)"),
        (call(26, 10, 1, version=0), "ptrace(PT_DETACH,0x1)"),
        (call(26, 77, 1, version=0), "ptrace(77,0x1)"),
        (call(37, 5, 15, version=0), "kill(0x5, SIGTERM)"),
        (call(-26, version=0), "reply_port"),
        (call(0x7FF2, 1, version=0), "#2 (unimplemented)(0x1)"),
        (call(0x6000, version=0), "#0 (unimplemented)"),
        (call(346, version=0), "[346]"),
        (call(7, version=0), "wait4"),
    ],
)
def test_calls_of_2003(record: bytes, shown: str) -> None:
    """Arguments are hexadecimal; three calls are decoded by number, traps of Mach are known."""
    assert text(trace=record) == f"CALL  {shown}\n"


def test_decimal_and_plain() -> None:
    """-d makes numbers signed decimal, -n leaves names out, -nn and -N the calls' names too."""
    trace = call(37, -5, 9) + ret(37, value=-1) + ret(37, error=3) + ret(37, value=3)

    assert text("-d", trace=trace).splitlines()[0] == "CALL  kill(-5, SIGKILL)"
    assert text("-n", trace=trace) == (
        "CALL  kill(0xfffffffffffffffb,9)\nRET   kill 0xffffffffffffffff\n"
        "RET   kill -1 errno 3\nRET   kill 3\n"
    )
    assert text("-nnd", trace=trace) == (
        "CALL  kill(-5,9)\nRET   [37] -1\nRET   [37] -1 errno 3\nRET   [37] 3\n"
    )
    assert text("-N", trace=trace) == (
        "CALL  [37](0xfffffffffffffffb,9)\nRET   [37] -1/0xffffffffffffffff\n"
        "RET   [37] -1 errno 3 No such process\nRET   [37] 3\n"
    )


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (ret(42, value=3, second=4), "pipe 3, 4"),
        (ret(42, value=0, second=10), "pipe 0, 10/0xa"),
        (ret(3, error=-3), "read RESTART"),
        (ret(59, error=-2), "execve JUSTRETURN"),
        (ret(3, error=97), "read -1 errno 97 Unknown error: 97"),
        (ret(3, error=-9), "read -1 errno -9 Unknown error: 4294967287"),
        (ret(-1), "[-1] 0"),
    ],
)
def test_returns(record: bytes, shown: str) -> None:
    """Values are decimal and hexadecimal; errors have their text."""
    assert text(trace=record) == f"RET   {shown}\n"


def test_a_return_of_netbsd_1_5_has_one_value() -> None:
    """A record too short for a second value has none."""
    short = encode(KTR_SYSRET, pack(KtrSysret(42, 0, 0, 3, 4))[:16], version=0)
    assert text(trace=ret(42, value=3, second=4, version=0) + short).endswith("RET   pipe 3\n")


# Emulations.


def emul(name: str, pid: int = 1, version: int = 2) -> bytes:
    """Return an EMUL record."""
    return encode(KTR_EMUL, name.encode(), pid=pid, version=version)


def test_the_return_of_exec_keeps_its_name() -> None:
    """After EMUL the next RET has the names of the emulation before; a CALL ends that today."""
    for version, name in ((0, "read"), (2, "close")):
        begin = emul("linux", version=version)
        between = begin + call(60, version=version) + ret(3, version=version)
        assert text(trace=begin + ret(3, version=version)).endswith("RET   read 0\n")
        assert text(trace=between).endswith(f"RET   {name} 0\n")


def test_emulations_are_per_process() -> None:
    """An EMUL record is for its process; others start with -e's."""
    other = encode(KTR_SYSCALL, pack(KtrSyscall(0, 0)), pid=2)
    trace = emul("linux") + call(0) + other + call(0)
    calls = [line.split()[-1] for line in run("-tc", trace=trace)[1].splitlines()]
    assert calls == ["syscall"] * 3  # EMUL was hidden, so it did nothing

    calls = [line.split()[-1] for line in run("-tce", trace=trace)[1].splitlines()]
    assert calls == ['"linux"', "read", "syscall", "read"]
    calls = [line.split()[-1] for line in run("-e", "linux", "-tc", trace=trace)[1].splitlines()]
    assert calls == ["read"] * 3


def test_exit_forgets_the_process() -> None:
    """Today a process that exits loses its emulation, unless -n asks for plain text."""
    trace = emul("linux") + call(231, 0) + call(0)
    assert text(trace=trace).endswith("CALL  exit_group(0)\nCALL  syscall\n")
    assert text("-n", trace=trace).endswith("CALL  exit_group(0)\nCALL  read\n")
    assert text(trace=emul("linux") + call(60, 0) + call(0)).endswith("CALL  read\n")


def test_an_unknown_emulation() -> None:
    """It is warned of, and the old one stays."""
    status, out, err = run(trace=emul("vms") + call(3))
    assert (status, err) == (0, "kdump: Emulation `vms' unknown\n")
    assert out.endswith("CALL  read\n")
    assert run("-e", "vms", trace=call(3))[2] == "kdump: Emulation `vms' unknown\n"


def test_linux_errors_and_signals() -> None:
    """The number is Linux's, the text NetBSD's; signals are renumbered, ptrace has other names."""
    trace = emul("linux") + ret(0, error=-38) + ret(0, error=38)
    trace += call(62, 5, 10) + call(101, 24) + call(101, 18) + call(101, 25)

    assert text(trace=trace + ret(0, error=-38)).splitlines()[2:] == [
        "RET   read -1 unknown errno 38",
        "CALL  kill(5, SIGUSR1)",
        "CALL  ptrace(PTRACE_SYSCALL)",
        "CALL  ptrace((null))",
        "CALL  ptrace(0x19)",
        "RET   read -1 errno -38 Too many processes",  # the first that becomes ENOSYS
    ]


def test_32_bit_emulations_print_32_bits() -> None:
    """In netbsd32 and linux32 words are cut to 32 bits."""
    trace = call(3, 2**32 + 11, -1) + ret(3, value=-2)
    assert text("-e", "netbsd32", trace=trace) == (
        "CALL  read(0xb,0xffffffff)\nRET   read -2/0xfffffffe\n"
    )


# Data.


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"", '""'),
        (b'a"b\\c\n', r'"a\"b\\c\n"'),
        (b"\0", r'"\0"'),
        (b"\0008", r'"\08"'),
        (b"\0007", r'"\0007"'),
        (b"\a\b\v\f\r\x1b\x7f", r'"\a\b\v\f\r\^[\^?"'),
        (b"\x80\x9f\xa0\xa1\xfe\xff", r'"\M^@\M^_\240\M-!\M-~\M^?"'),
        (b"x" * 69 + b"\n", '"' + "x" * 69 + "\\\n\t\\n" + '"'),
        (b"x" * 68 + b"\n", '"' + "x" * 68 + r'\n"'),
        (b"x" * 70, '"' + "x" * 70 + '"'),
        (b"x" * 71, '"' + "x" * 70 + '\\\n\tx"'),
        (
            b"x" * 60 + b"\ty" + b"z" * 70,
            '"' + "x" * 60 + "\ty" + "z" * 5 + "\\\n\t" + "z" * 65 + '"',
        ),
        (b"x" * 65 + b"\ty", '"' + "x" * 65 + "\\\n\t\ty" + '"'),
    ],
)
def test_data_today(data: bytes, shown: str) -> None:
    """Data is encoded as vis(3) does and folded in front of the last two columns."""
    heading = f"GIO   fd 1 wrote {len(data)} bytes\n"
    assert text(trace=gio(data)) == f"{heading}       {shown}\n"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"a\nb", '"a\n\tb"'),
        (b"a\n", '"a\n       "'),
        (b"a\n\nb\n\n", '"a\n\t\n\tb\n\t\n       "'),
        (b"\n", '"\n       "'),
        (b"x" * 71 + b"\n", '"' + "x" * 70 + '\\\n\tx\n       "'),
        (b"x" * 65 + b"\t" + b"y" * 63, '"' + "x" * 65 + "\\\n\t\t" + "y" * 63 + '"'),
    ],
)
def test_data_of_2003(data: bytes, shown: str) -> None:
    """In 2003 newlines were left in the data, with a tab after them."""
    assert text(trace=gio(data, version=0)).partition("\n")[2] == f"       {shown}\n"


def test_a_tab_that_does_not_fit() -> None:
    """Today a tab is 8 wide on its new line; in 2003 it kept the width it had on the old one."""
    data = b"x" * 66 + b"\t" + b"y" * 64
    assert f'\\\n\t\t{"y" * 62}\\\n\tyy"' in text(trace=gio(data))
    assert f'\\\n\t\t{"y" * 64}"' in text(trace=gio(data, version=0))


def test_the_screen() -> None:
    """The width is the terminal's, except with -n; a screen of 8 columns is none."""
    trace = gio(b"x" * 40)
    assert f'"{"x" * 20}\\\n\t{"x" * 20}"' in text(trace=trace, columns=30)
    for args, columns in ((["-n"], 30), ([], 8), ([], 80), ([], 200)):
        assert f'"{"x" * 40}"' in text(*args, trace=trace, columns=columns)
    assert text(trace=gio(b"ab\n"), columns=9).endswith('"\\\n\ta\\\n\tb\\\n\t\\n"\n')


def test_strings_fold_from_where_they_start() -> None:
    """ARG and ENV start in the middle of the line; -m and -x do not change them."""
    trace = encode(KTR_EXEC_ARG, b"y" * 60)
    expected = f'ARG   "{"y" * 48}\\\n\t{"y" * 12}"\n'
    assert text("-x", "-m", "3", trace=trace) == expected


def test_hexadecimal_of_both_eras() -> None:
    """Offsets past 0xfff push the line; today's dump leaves repeated lines out."""
    data = bytes(range(16)) + b"A" * 64 + b"B" * 32 + b"C"
    old, new = text("-x", trace=gio(data, version=0)), text("-x", trace=gio(data))

    assert old.count("\n") == 9
    assert old.splitlines()[-1] == f"\t070   43{' ' * 47}C"
    assert new.splitlines()[1:] == [
        "\t000   00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f ................",
        f"\t010   {'41 ' * 8} {'41 ' * 8}{'A' * 16}",
        "\t***",
        f"\t050   {'42 ' * 8} {'42 ' * 8}{'B' * 16}",
        f"\t060  {' ' * 50}{'B' * 16}",
        f"\t070   43{' ' * 47}C",
    ]
    assert text("-x", trace=gio(bytes(4097))).splitlines()[-2:] == [
        "\t****",
        f"\t1000  00{' ' * 47}.",
    ]
    long = text("-x", trace=gio(bytes(4097), version=0)).splitlines()[-1]
    assert long == f"\t1000   00{' ' * 47}."


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ("2", "   0100  0302  0504  0706  0908  0b0a  0d0c  0f0e  ................"),
        ("8", "   0706050403020100   0f0e0d0c0b0a0908  ................"),
        ("16", "   0f0e0d0c0b0a09080706050403020100  ................"),
        ("0x1", "  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f ................"),
    ],
)
def test_words(size: str, shown: str) -> None:
    """-X shows words of a size."""
    lines = text("-X", size, trace=gio(bytes(range(16)))).splitlines()
    assert lines[1].replace("\t000 ", "", 1).strip(" ") == shown.strip(" ")


def test_maxdata() -> None:
    """-m cuts the data, not the count; 0 leaves the heading alone."""
    assert text("-m2", trace=gio(b"hello")) == 'GIO   fd 1 wrote 5 bytes\n       "he"\n'
    assert text("-m", "0x0", trace=gio(b"hello")) == "GIO   fd 1 wrote 5 bytes\n"
    assert text("-m", "-1", trace=gio(b"hi", rw=0)) == 'GIO   fd 1 read 2 bytes\n       "hi"\n'
    assert text(trace=gio(b"", fd=-1)) == 'GIO   wrote 0 bytes\n       ""\n'
    assert text(trace=gio(b"", fd=-1, version=0)).startswith("GIO   fd -1 wrote 0 bytes\n")


# Signals.


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (psig(15), "SIGTERM SIG_DFL"),
        (psig(33), "SIGRT0 SIG_DFL"),
        (psig(64), "SIG*unknown 64* SIG_DFL"),
        (psig(-1), "SIG*unknown -1* SIG_DFL"),
        (psig(9, code=-1), "SIGKILL SIG_DFL code=0xffffffff"),
        (
            psig(20, info=siginfo(20, 6, pack(KtrSiginfoChild(7, 8, -1, 2, 3)))),
            "SIGCHLD SIG_DFL: code=CLD_CONTINUED child pid=7, uid=8, "
            " status=4294967295, utime=2, stime=3)",
        ),
        (
            psig(8, 2, info=siginfo(8, 8, pack(KtrSiginfoFault(0, 5)))),
            "SIGFPE caught handler=0x2 mask=(): code=FPE_FLTSUB, addr=0x0, trap=5)",
        ),
        (
            psig(11, info=siginfo(11, 9, pack(KtrSiginfoFault(1, 5)))),
            "SIGSEGV SIG_DFL: code=[9], addr=0x1, trap=5)",
        ),
        (
            psig(23, info=siginfo(23, 2, pack(KtrSiginfoPoll(255, 4)))),
            "SIGIO SIG_DFL: code=[2], fd=4, band=ff)",
        ),
        (psig(1, info=siginfo(1, 2, errno=5)), "SIGHUP SIG_DFL: code=[2], errno=5)"),
        (
            psig(1, info=siginfo(1, -3, pack(KtrSiginfoRt(1, 2, 3)))),
            "SIGHUP SIG_DFL: code=SI_ASYNCIO with sigval 0x3)",
        ),
        (
            psig(1, info=siginfo(1, -5, pack(KtrSiginfoRt(1, 2, 3)))),
            "SIGHUP SIG_DFL: code=SI_LWP sent by pid=1, uid=2)",
        ),
        (psig(1, info=siginfo(1, -9)), "SIGHUP SIG_DFL: code=-9 unimplemented)"),
        (psig(1, info=siginfo(1, -4), version=0), "SIGHUP SIG_DFL: code=SI_MESGQ unimplemented)"),
        (psig(1, info=siginfo(1, -5), version=0), "SIGHUP SIG_DFL: code=-5 unimplemented)"),
    ],
)
def test_signals(record: bytes, shown: str) -> None:
    """What is known of a signal is told, in NetBSD's words and with its stray parenthesis."""
    assert text(trace=record) == f"PSIG  {shown}\n"


def test_a_signal_of_an_odd_size() -> None:
    """It is warned of, and its line has no end."""
    for version, blank in ((0, "\n"), (2, "")):
        trace = encode(KTR_PSIG, pack(KtrPsig(15, 0, (0,) * 4, 0)) + b"xx", version=version)
        status, out, err = run(trace=trace + call(20, version=version), columns=None)
        assert (status, err) == (0, f"kdump: Unhandled size 42 for ktrpsig\n{blank}")
        assert "SIGTERM SIG_DFL     1 " in out


# Other records.


def user(label: str, data: bytes, version: int = 2) -> bytes:
    """Return a USER record."""
    return encode(KTR_USER, label.encode().ljust(20, b"\0") + data, version=version)


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (user("label", b"\1\2\xfe"), "MISC  label: 3, 0102fe"),
        (user("label", b"\1\2\xfe", version=0), 'USER  "label: 23, 0102fe"'),
        (user("malloc", struct.pack("<QQQ", 0, 16, 0x10)), "MISC  malloc: 0x10 = malloc(16)"),
        (user("mbsoname", b"\x10\x02\0\x50\x7f\0\0\1"), "MISC  mbsoname: [127.0.0.1]"),
        (user("mbsoname", b"\x10\x01/tmp/s\0x"), "MISC  mbsoname: [/tmp/s]"),
        (user("mbsoname", b"\x1c\x18" + bytes(21) + b"\1"), "MISC  mbsoname: [::1]"),
        (
            user("mbcontrol", struct.pack("<Iii", 20, 65535, 1)),
            "MISC  mbcontrol: [len=20, level=65535, type=1]",
        ),
        (
            user("msghdr", struct.pack("<QI4xQi4xQIi", 1, 2, 3, 4, 5, 6, 7)),
            "MISC  msghdr: [name=0x1, namelen=2, iov=0x3, iovlen=4, control=0x5,"
            " controllen=6, flags=7]",
        ),
        (user("xattr-list", b"\1a\0\2bc"), "MISC  xattr-list: a  bc"),
        (encode(14, struct.pack("<3i", 1, -2, 3)), "MIB   1.-2.3"),
        (encode(15, struct.pack("<ii", 4, 10)), "FD    timerfd 4"),
        (encode(15, struct.pack("<ii", 4, 0)), "FD    0 4"),
        (encode(KTR_CSW, struct.pack("<ii", 1, 1)), "CSW   stop user"),
        (encode(KTR_NAMEI, b"a\n\xff\0b"), 'NAMI  "a\n\xff"'),
        (encode(99, b"", version=0), "UNKNOWN(99)  "),
    ],
)
def test_other_records(record: bytes, shown: str) -> None:
    """Labels that are known decide the form of MISC; paths are not escaped."""
    assert text(trace=record) == f"{shown}\n"


def test_misc_of_a_wrong_size() -> None:
    """It is warned of, and what is missing counts as 0."""
    status, out, err = run(trace=user("malloc", b"\1"))
    assert (status, err) == (0, "kdump: malloc: len 1 != 24\n")
    assert out.endswith("MISC  malloc: free(0x1)\n")


@pytest.mark.parametrize("version", [0, 2])
@pytest.mark.parametrize("kind", range(1, 24))
def test_a_payload_that_is_too_short(kind: int, version: int) -> None:
    """Whatever the type, bytes that are missing count as 0, and the next record is printed."""
    good = ret(4, version=version) + call(20, version=version)
    for payload in (b"", b"\1", b"\1\0\0\0\1"):
        status, out, _ = run(trace=good + encode(kind, payload, version=version) + good)
        assert status == 0
        assert out.endswith("CALL  getpid\n")


def test_a_long_name_pushes_the_line() -> None:
    """Names are padded to 8, and cut at 16."""
    for comm, shown in ((b"a" * 16, "a" * 16), (b"b" * 9, "b" * 9), (b"c", "c       ")):
        out = run(trace=encode(KTR_NAMEI, b"", comm=comm, pid=1234567))[1]
        assert out == f'1234567      1 {shown} NAMI  ""\n'


# The command.


def test_points_and_processes() -> None:
    """-t and -p let records through; several -t add up, letters may be taken away."""
    trace = call(20) + encode(KTR_NAMEI, b"x", pid=2) + gio(b"y") + emul("netbsd")
    assert text("-tn", "-te", "-p2", trace=trace) == '     2      1 prog     NAMI  "x"\n'
    assert text("-t", "-cn", trace=trace).startswith("GIO ")
    assert text("-t", "A-ein", trace=trace) == "CALL  getpid\n"
    assert run("-p", "0x2", trace=trace)[1].count("\n") == 1
    assert run("-p", "2x", "--style", "2003", trace=trace)[1].count("\n") == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-t", "q"], "unknown trace point in q"),
        (["-t", "m"], "unknown trace point in m"),
        (["-p", "abc"], "invalid number abc"),
        (["-m", "08"], "invalid number 08"),
        (["-X", "3"], "argument to -X must be 1, 2, 4, 8 or 16"),
        (["-X", "0"], "argument to -X must be 1, 2, 4, 8 or 16"),
        (["nosuch"], "nosuch: No such file or directory"),
        (["-t", "q", "nosuch"], "unknown trace point in q"),
        (["--style", "5"], "style must be 2003 or 10, not 5"),
    ],
)
def test_refusals(args: list[str], message: str) -> None:
    """What is wrong is said, and nothing printed."""
    assert run(*args, trace=call(20)) == (1, "", f"kdump: {message}\n")


@pytest.mark.parametrize("args", [["-z"], ["-f"], ["a", "b"], ["-t"]])
def test_usage(args: list[str]) -> None:
    """A wrong command line shows the right one."""
    status, out, err = run(*args, trace=call(20))
    assert (status, out) == (1, "")
    assert err.endswith(
        "Usage: kdump [-dElNnRT] [-e emulation] [-f file] [-m maxdata] [-p pid]\n"
        "             [-t trstr] [-x | -X size] [file]\n"
    )


def test_usage_of_2003() -> None:
    """In 2003 there was neither -E nor -X."""
    for flag in ("-E", "-X1"):
        status, out, err = run(flag, trace=call(20, version=0))
        assert (status, out) == (1, "")
        assert err == (
            f"kdump: unknown option -- {flag[1]}\n"
            "usage: kdump [-dlNnRTx] [-e emulation] [-f file] [-m maxdata] [-p pid]\n"
            "             [-t trstr] [file]\n"
        )


def test_which_file() -> None:
    """-f wins over the operand, and that over ktrace.out; letters may be bundled."""
    opened: list[str] = []

    def open_binary(name: str) -> io.BytesIO:
        opened.append(name)
        return io.BytesIO()

    for args in ([], ["a"], ["-f", "b"], ["-fb", "a"], ["-Rdfc"], ["--", "-d"]):
        assert kdump.main(["kdump", *args], open_binary, Output(), Output()) == 0
    assert opened == ["ktrace.out", "a", "b", "b", "c", "-d"]


def test_tears() -> None:
    """All whole records are printed, then one line says where the trace is torn."""
    trace = call(20) + encode(KTR_NAMEI, b"/etc/passwd")
    status, out, err = run(trace=trace[:-3])
    assert (status, out) == (1, "     1      1 prog     CALL  getpid\n")
    assert err == f"kdump: data too short (8 of 11 bytes) at byte {len(call(20))}\n"

    assert run(trace=trace[:70])[2] == "kdump: header cut short (6 of 56 bytes) at byte 64\n"
    assert run(trace=b"not a trace" * 20) == (1, "", "kdump: not a NetBSD trace at byte 0\n")
    assert run(trace=b"") == (0, "", "")


def test_a_bogus_length() -> None:
    """Its header is printed before kdump gives up, as NetBSD's does."""
    bad = bytearray(encode(KTR_NAMEI, b""))
    bad[:4] = b"\x06\0\0\x80"
    status, out, err = run(trace=call(20) + bytes(bad))
    assert status == 1
    assert out.endswith("CALL  getpid\n     1      1 prog     NAMI  ")
    assert err == "kdump: bogus length 0x80000006 at byte 64\n"


def test_following() -> None:
    """-l waits for more at the end, and lets go of each line at once."""
    source, out = io.BytesIO(call(20)), Output()
    waits = []

    class Stopped(Exception):
        """The user had enough."""

    def sleep() -> None:
        waits.append(out.getvalue().count(b"\n"))
        if len(waits) == 3:
            raise Stopped
        at = source.tell()
        source.write(call(20)[: 40 if len(waits) == 1 else 64][0 if len(waits) == 1 else 40 :])
        source.seek(at)

    with pytest.raises(Stopped):
        kdump.main(["kdump", "-l"], lambda _: source, out, Output(), sleep=sleep)
    assert waits == [1, 1, 2]
    assert out.flushes >= 2
