# SPDX-License-Identifier: BSD-2-Clause
"""Programs on every ABI: what their traces look like, where their memory is."""

import io

import pytest

from kernel import api
from kernel.sys.cdefs import I386, ILP32, ILP32_BE, LP64, LP64_BE, M68K, Abi
from kernel.sys.ktrace import KTR_EMUL, KTR_GENIO, KTR_SYSCALL, KtrSyscall
from kernel.sys.syscall import SYSCALLS, is_quad, sysno
from userland import libktrace
from userland.libktrace import Reader, TraceFormat

ABIS = {
    "amd64": LP64, "sparc64": LP64_BE, "i386": I386, "arm": ILP32, "powerpc": ILP32_BE,
    "m68k": M68K,
}  # fmt: skip

PROGRAM = """\
from userland.libc import *
fd = open("/tmp/f", O_RDWR | O_CREAT, 0o644)
write(fd, b"data" * 2000)
lseek(fd, 4, SEEK_SET)
read(fd, 4)
if fork() == 0:
    execv("/bin/echo", ["echo", "from", "the", "child"])
wait()
signal(SIGUSR1, lambda signo: None)
raise_(SIGUSR1)
"""


@pytest.fixture(params=ABIS)
def abi(request: pytest.FixtureRequest) -> Abi:
    """Each machine's ABI."""
    return ABIS[request.param]


def trace(abi: Abi, tmp_path, version: int = 2) -> tuple[api.Result, bytes]:
    """Run PROGRAM traced."""
    program = tmp_path / "prog.py"
    program.write_text(PROGRAM)
    sink = io.BytesIO()
    with api.boot(abi=abi, seed=1) as k:
        p = k.process()
        k.ktrace(p, sink, version=version)
        k.start(p, program)
        p.finish()
        result = api.Result(p.status, bytes(k.console.stdout), bytes(k.console.stderr), b"")
    return result, sink.getvalue()


@pytest.mark.parametrize("version", [0, 1, 2])
def test_a_program_runs_and_its_trace_is_read(abi, version, tmp_path):
    """execve, fork, signals and I/O work whatever the word; the reader finds out what it reads."""
    result, data = trace(abi, tmp_path, version)
    assert (result.status, result.stdout) == (0, b"from the child\n"), result.stderr
    told = list(Reader(io.BytesIO(data), TraceFormat(version, abi)))
    found = list(libktrace.open(io.BytesIO(data)))
    assert [r[:7] for r in found] == [r[:7] for r in told]
    assert found[0].type == KTR_EMUL
    assert any(r.type == KTR_GENIO and r.data == b"from the child\n" for r in found)


def test_arguments_have_the_size_the_table_says(abi, tmp_path):
    """A word each; a 64-bit one takes two where a word has 32 bits, pads included."""
    _, data = trace(abi, tmp_path)
    calls = [r for r in libktrace.open(io.BytesIO(data)) if r.type == KTR_SYSCALL]
    assert len(calls) > 10
    for record in calls:
        call = record.body(KtrSyscall)
        row = SYSCALLS[call.ktr_code]
        words = sum(2 if is_quad(arg.ctype) and abi.word == 4 else 1 for arg in row.args)
        assert call.ktr_argsize == words * abi.word, row.name


def test_addresses_fit_a_word(abi, tmp_path):
    """A 32-bit machine's memory ends below 4 GiB; a 64-bit machine's stack is above."""
    _, data = trace(abi, tmp_path)
    paths = [
        r.args[0]
        for r in libktrace.open(io.BytesIO(data))
        if r.type == KTR_SYSCALL and r.body(KtrSyscall).ktr_code == sysno("open")
    ]
    assert paths
    assert all((0 < path < 1 << 32) == (abi.word == 4) for path in paths)
