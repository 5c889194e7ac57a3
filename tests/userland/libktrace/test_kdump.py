# SPDX-License-Identifier: BSD-2-Clause
"""Laws of kdump's command line, styles and times, beyond what the golden pairs hold down."""

import io
from collections.abc import Callable

import pytest

from kernel.sys.cdefs import I386, ILP32, ILP32_BE, LP64, LP64_BE, M68K, Abi
from kernel.sys.ktrace import KTR_EMUL, KTR_NAMEI, KTR_USER
from userland.libktrace import encode, kdump
from userland.libktrace.make import call, emul, gio, psig, ret
from userland.libktrace.reader import Rewound

Run = Callable[..., tuple[int, str, str]]
Text = Callable[..., str]
SECOND = 1_000_000_000
NOW = 1_060_270_305 * SECOND
ABIS = [LP64, LP64_BE, I386, ILP32, ILP32_BE, M68K]


class Output(io.BytesIO):
    """Bytes that were written, and how often they were flushed."""

    flushes = 0

    def flush(self) -> None:
        self.flushes += 1


@pytest.mark.parametrize("version", [0, 1, 2])
@pytest.mark.parametrize("abi", ABIS, ids=str)
def test_every_abi_prints_the_same(text: Text, abi: Abi, version: int) -> None:
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


def test_words_of_a_big_endian_machine(text: Text) -> None:
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


def test_style_overrides(run: Run) -> None:
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
def test_times(text: Text, version: int, flags: str, shown: tuple[str, ...]) -> None:
    """Times are shown as each era's -T, -R and -E show them, negative ones too."""
    expected = "".join(f'{time} NAMI  ""\n' for time in shown)

    assert text(flags, trace=times(version)) == expected


def test_times_add_up(text: Text) -> None:
    """Today -T, -E and -R are shown together, in this order."""
    first = text("-R", "-E", "-T", trace=times(2)).splitlines()[0]

    assert first == '1060270305.000001500 0.000000000 0.000000000 NAMI  ""'


def test_the_first_time_counts_printed_records_only(text: Text) -> None:
    """-R measures from the record printed before, not from one that was left out."""
    trace = call(20) + times(2)
    assert text("-R", "-tn", trace=trace).startswith("0.000000000 NAMI")


def test_points_and_processes(run: Run, text: Text) -> None:
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
def test_refusals(run: Run, args: list[str], message: str) -> None:
    """What is wrong is said, and nothing printed."""
    assert run(*args, trace=call(20)) == (1, "", f"kdump: {message}\n")


@pytest.mark.parametrize("args", [["-z"], ["-f"], ["a", "b"], ["-t"]])
def test_usage(run: Run, args: list[str]) -> None:
    """A wrong command line shows the right one."""
    status, out, err = run(*args, trace=call(20))
    assert (status, out) == (1, "")
    assert err.endswith(
        "Usage: kdump [-dElNnRT] [-e emulation] [-f file] [-m maxdata] [-p pid]\n"
        "             [-t trstr] [-x | -X size] [file]\n"
    )


def test_usage_of_2003(run: Run) -> None:
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


def test_tears(run: Run) -> None:
    """All whole records are printed, then one line says where the trace is torn."""
    trace = call(20) + encode(KTR_NAMEI, b"/etc/passwd")
    status, out, err = run(trace=trace[:-3])
    assert (status, out) == (1, "     1      1 prog     CALL  getpid\n")
    assert err == f"kdump: data too short (8 of 11 bytes) at byte {len(call(20))}\n"

    assert run(trace=trace[:70])[2] == "kdump: header cut short (6 of 56 bytes) at byte 64\n"
    assert run(trace=b"not a trace" * 20) == (1, "", "kdump: not a NetBSD trace at byte 0\n")
    assert run(trace=b"") == (0, "", "")


def test_a_bogus_length(run: Run) -> None:
    """Its header is printed before kdump gives up, as NetBSD's does."""
    bad = bytearray(encode(KTR_NAMEI, b""))
    bad[:4] = b"\x06\0\0\x80"
    status, out, err = run(trace=call(20) + bytes(bad))
    assert status == 1
    assert out.endswith("CALL  getpid\n     1      1 prog     NAMI  ")
    assert err == "kdump: bogus length 0x80000006 at byte 64\n"


def test_following() -> None:
    """-l waits for more at the end, and lets go of each line at once."""
    out, waits = Output(), []

    class Stopped(Exception):
        """The user had enough."""

    class Source(io.BytesIO):
        def wait(self) -> None:
            waits.append(out.getvalue().count(b"\n"))
            if len(waits) == 3:
                raise Stopped
            at = self.tell()
            self.write(call(20)[:40] if len(waits) == 1 else call(20)[40:])
            self.seek(at)

    with pytest.raises(Stopped):
        kdump.main(["kdump", "-l"], lambda _: Source(call(20)), out, Output())
    assert waits == [1, 1, 2]
    assert out.flushes >= 2


def test_following_a_trace_that_is_begun_anew() -> None:
    """Then it is opened again, and printed in the style of what is there now."""
    out, err = io.BytesIO(), io.BytesIO()
    traces = [call(20), call(20, version=0)]

    class Source(io.BytesIO):
        def wait(self) -> None:
            raise Rewound if traces else KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kdump.main(["kdump", "-l"], lambda _: Source(traces.pop(0)), out, err)
    assert out.getvalue().decode() == (
        "     1      1 prog     CALL  getpid\n     1 prog     CALL  getpid\n"
    )
    assert err.getvalue() == b"kdump: the trace has been begun anew\n"
