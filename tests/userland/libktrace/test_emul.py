# SPDX-License-Identifier: BSD-2-Clause
"""Laws of emulations: whose names, errors and signals are printed."""

from collections.abc import Callable

from kernel.sys.cdefs import pack
from kernel.sys.ktrace import KTR_SYSCALL, KtrSyscall
from userland.libktrace import encode
from userland.libktrace.make import call, emul, ret

Run = Callable[..., tuple[int, str, str]]
Text = Callable[..., str]


def test_the_return_of_exec_keeps_its_name(text: Text) -> None:
    """After EMUL the next RET has the names of the emulation before; a CALL ends that today."""
    for version, name in ((0, "read"), (2, "close")):
        begin = emul("linux", version=version)
        between = begin + call(60, version=version) + ret(3, version=version)
        assert text(trace=begin + ret(3, version=version)).endswith("RET   read 0\n")
        assert text(trace=between).endswith(f"RET   {name} 0\n")


def test_emulations_are_per_process(run: Run) -> None:
    """An EMUL record is for its process; others start with -e's."""
    other = encode(KTR_SYSCALL, pack(KtrSyscall(0, 0)), pid=2)
    trace = emul("linux") + call(0) + other + call(0)
    calls = [line.split()[-1] for line in run("-tc", trace=trace)[1].splitlines()]
    assert calls == ["syscall"] * 3  # EMUL was hidden, so it did nothing

    calls = [line.split()[-1] for line in run("-tce", trace=trace)[1].splitlines()]
    assert calls == ['"linux"', "read", "syscall", "read"]
    calls = [line.split()[-1] for line in run("-e", "linux", "-tc", trace=trace)[1].splitlines()]
    assert calls == ["read"] * 3


def test_exit_forgets_the_process(text: Text) -> None:
    """Today a process that exits loses its emulation, unless -n asks for plain text."""
    trace = emul("linux") + call(231, 0) + call(0)
    assert text(trace=trace).endswith("CALL  exit_group(0)\nCALL  syscall\n")
    assert text("-n", trace=trace).endswith("CALL  exit_group(0)\nCALL  read\n")
    assert text(trace=emul("linux") + call(60, 0) + call(0)).endswith("CALL  read\n")


def test_an_unknown_emulation(run: Run) -> None:
    """It is warned of, and the old one stays."""
    status, out, err = run(trace=emul("vms") + call(3))
    assert (status, err) == (0, "kdump: Emulation `vms' unknown\n")
    assert out.endswith("CALL  read\n")
    assert run("-e", "vms", trace=call(3))[2] == "kdump: Emulation `vms' unknown\n"


def test_linux_errors_and_signals(text: Text) -> None:
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


def test_32_bit_emulations_print_32_bits(text: Text) -> None:
    """In netbsd32 and linux32 words are cut to 32 bits."""
    trace = call(3, 2**32 + 11, -1) + ret(3, value=-2)
    assert text("-e", "netbsd32", trace=trace) == (
        "CALL  read(0xb,0xffffffff)\nRET   read -2/0xfffffffe\n"
    )
