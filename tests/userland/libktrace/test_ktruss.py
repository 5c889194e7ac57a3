# SPDX-License-Identifier: BSD-2-Clause
"""What ktruss prints: a line when a call returns, in NetBSD's format."""

import io
import struct

import pytest

from kernel.sys.cdefs import LP64
from userland import libktrace
from userland.libktrace.ktruss import Truss, TrussOptions
from userland.libktrace.points import getpoints

CALL, RET, NAMI, GIO, PSIG, CSW, EMUL = 1, 2, 3, 4, 5, 6, 7
START = "     1      1 prog     "


def call(code, *args):
    return CALL, struct.pack("<ii", code, 8 * len(args)) + struct.pack(f"<{len(args)}Q", *args)


def ret(code, error=0, value=0, second=0):
    return RET, struct.pack("<hhiqq", code, 0, error, value, second)


def truss(*records, version=2, **options):
    """Return the lines of records, each a type and a payload, a nanosecond apart."""
    data = b"".join(
        libktrace.encode(kind, payload, version=version, time=10**18 + number * 1000)
        for number, (kind, payload) in enumerate(records)
    )

    lines = Truss(TrussOptions(**options), LP64, pytest.fail).show(libktrace.open(io.BytesIO(data)))
    return "".join(lines)


def line(text, result):
    return f"{START}{text}".ljust(50) + f" {result}\n"


def test_a_call_waits_for_its_return():
    """Name, arguments in hexadecimal, and the result from column 50 on."""
    assert truss(call(4, 1, 0x7F7F, 3)) == ""
    assert truss(call(4, 1, 0x7F7F, 3), ret(4, value=3)) == line("write(0x1, 0x7f7f, 0x3)", "= 3")
    assert truss(call(20), ret(20, value=5, second=2)) == line("getpid()", "= 5, 2")


def test_paths_stand_for_their_arguments():
    """The first path, of rename and link the second, too; without one the address."""
    path = (NAMI, b"/etc/x\0")
    shown = truss(call(5, 0x1000, 0, 0x1B6), path, ret(5, value=3))
    assert shown == line('open("/etc/x", 0, 0x1b6)', "= 3")
    shown = truss(call(128, 1, 2), (NAMI, b"a"), (NAMI, b"b"), ret(128))
    assert shown == line('rename("a", "b")', "= 0")
    assert truss(call(5, 0x1000, 0, 0), ret(5, 14)) == line("open(0x1000, 0, 0)", "Err#14 EFAULT")


@pytest.mark.parametrize(
    ("error", "shown"),
    [(2, "Err#2 ENOENT"), (9999, "Err#9999"), (-2, "JUSTRETURN"), (-3, "RESTART")],
)
def test_errors(error, shown):
    """By number and name; a call that is made again says so."""
    assert truss(call(6, 3), ret(6, error)) == line("close(0x3)", shown)


def test_addresses_and_requests():
    """mmap's result is an address; ioctl's request has a name, or W and R the other way round."""
    shown = truss(call(197, 0, 0x1000, 3, 0x1002, 2**64 - 1, 0, 0), ret(197, value=0x7000))
    assert shown.endswith(" = 0x7000\n")
    assert "ioctl(0x1, TIOCGETA, 0x10)" in truss(call(54, 1, 0x402C7413, 16), ret(54))
    assert "_IOW('q',0x1,0x8)" in truss(call(54, 1, 0x40087101, 16), ret(54))
    assert truss(call(26, 10, 7, 0, 0), ret(26)).startswith(f"{START}ptrace(PT_DETACH, 0x7, 0, 0)")


def test_data_is_cut_at_the_edge_of_the_screen():
    """The first transfer, in a line of its own, as much as it holds."""
    moved = GIO, struct.pack("<ii", 1, 1) + b'say "hi"\t\n' + b"x" * 100
    shown = truss(call(4, 1, 2, 110), moved, moved, ret(4, value=110), screen=40)
    assert shown.splitlines()[1:] == ['       "say "hi"\\t\\n' + "x" * 17 + '"']
    assert truss(call(4, 1, 2, 3), moved, ret(4), maxdata=3).splitlines()[1] == '       "say"'


def test_the_others():
    """exit at once; a return without its call; signals, switches and emulations."""
    assert truss(call(1, 3)) == f"{START}exit(0x3)\n"
    assert truss(ret(2)) == line("fork", "= 0")
    psig = struct.pack("<i4xQ4Ii4x", 2, 0x1234, 2, 0, 0, 0, 0)
    assert truss((PSIG, psig)) == f"{START}SIGINT caught handler=0x1234 mask=0x2 code=0x0\n"
    assert truss((PSIG, psig[:8] + bytes(8) + psig[16:])) == f"{START}SIGINT SIG_DFL\n"
    shown = truss(call(59, 0, 0, 0), (EMUL, b"netbsd"), ret(59, -2))
    assert shown == line("execve(0, 0, 0)", "JUSTRETURN") + f"{START}emul(netbsd)\n"


def test_times():
    """-T is the record's time, -R that since the line before; v0 has microseconds and no LWP."""
    both = call(20), ret(20), call(20), ret(20)
    assert "1000000000.000001000 getpid" in truss(*both, absolute=True)
    relative = truss(*both, relative=True).splitlines()
    assert [each.split()[3] for each in relative] == ["0.000000000", "0.000002000"]
    assert truss(*both, version=0, absolute=True).startswith("     1 prog     1000000000.000001 ")


def test_what_is_shown_without_t():
    """The default set: no context switches, which -t+w adds."""
    switch = CSW, struct.pack("<ii", 1, 0)
    assert truss(switch) == ""
    assert truss(switch, points=getpoints(0, "+w")) == f"{START}stop kernel\n"


def test_data_that_is_cut_by_m():
    """Of -m's bytes the last is shown as the next one asks; less than none is none."""
    moved = GIO, struct.pack("<ii", 1, 1) + b"a\x007"
    shown = {}
    for most in (0, 2, 9, -1):
        text = truss(call(4, 1, 2, 3), moved, ret(4), maxdata=most)
        shown[most] = text.splitlines()[1].strip()
    assert shown == {0: '"a\\0007"', 2: '"a\\000"', 9: '"a\\0007"', -1: '""'}
