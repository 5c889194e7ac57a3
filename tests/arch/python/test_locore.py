# SPDX-License-Identifier: BSD-2-Clause
"""The way into the kernel: the helper's trap does what its twin does, live and in a replay."""

import gc
import io
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import api
from kernel.arch.python import locore
from kernel.arch.python import trap as twin
from kernel.kern.kern_sig import psignal
from kernel.sys.errno import Errno
from kernel.sys.proc import Proc
from kernel.sys.signal import SIGINT, SIGSYS
from kernel.sys.syscall import sysno
from userland import libc
from userland.libc.stack import pushbytes

LAB = "from userland.libc import *\n"
# Calls that neither sleep nor end who makes them, some of which have a pair of registers, some
# of which change the next ones' results; and numbers that are no call's.
NAMES = (
    "getpid getppid getuid umask close dup lseek issetugid fchmod setuid pipe open __getlogin sync"
)
CODES = st.sampled_from([*map(sysno, NAMES.split()), 0, 198, 511, 512, 512 + 20, -1, -492])
REGISTERS = st.lists(
    st.integers(-2, 5)
    | st.sampled_from((True, 1 << 31, (1 << 32) + 4, 1 << 64, 0x7F7FFFFFE000, None, "x", 1.0)),
    max_size=10,
)
CALLS = st.lists(st.tuples(CODES, REGISTERS), max_size=12)


def made(
    trap: Callable[..., Any], calls: list[tuple[int, list[Any]]], traced: bool
) -> tuple[object, ...]:
    """Make calls in a new system; return all that can be seen of them."""
    sink, results = io.BytesIO(), []
    with api.boot() as system:
        p = system.process()
        p.signal(SIGSYS, results.append)
        md = p.proc.p_md
        md.md_history = []
        if traced:
            system.ktrace(p, sink)
        for code, registers in calls:
            try:
                results.append(p.call(trap, code, *registers))
            except TypeError as exc:
                results.append(str(exc))
        assert system.kernel.panicstr is None
        history = [each for each in md.md_history or () if not callable(each)]
        return results, repr(history), system.kernel.clock.now, sink.getvalue()


@settings(deadline=None, max_examples=40)
@given(calls=CALLS, traced=st.booleans())
def test_the_twin_makes_the_same_calls(calls: list[tuple[int, list[Any]]], traced: bool) -> None:
    """Results, errors, time, history and trace are the same, whatever the registers hold."""
    assert made(locore.trap, calls, traced) == made(twin.trap, calls, traced)


REPLAYED = """
import sys
from userland.libc import *
from userland.libc.machine import {name} as trap

seen = []
signal(SIGSYS, lambda signo: seen.append((signo, trap(20)[0])))
signal(SIGUSR1, lambda signo: seen.append(trap(24)))
for code, registers in {calls!r}:
    seen.append(trap(code, *registers))
    if code == 60:
        raise_(SIGUSR1)
live = list(seen)
if fork() == 0:
    print(seen, flush=True)
    if fork() == 0:
        print(seen, flush=True)
        _exit(0)
    _exit(wait()[1] >> 8)
status = wait()[1]
print(live, status)
"""


@settings(deadline=None, max_examples=30)
@given(
    calls=st.lists(
        st.sampled_from(
            [
                (sysno(name), registers)
                for name, *registers in (
                    *(("getpid",), ("getppid",), ("umask", 0o22), ("umask", 0), ("close", 99)),
                    *(
                        ("pipe",),
                        ("dup", 1),
                        ("dup", 1 << 40),
                        ("fchmod", 1, 0),
                        ("read", 99, 0, 1),
                    ),
                    *(("open", 0, 0, 0), ("getgroups", 0, 0), ("clock_getcpuclockid2", 0, 1, 2)),
                )
            ]
        )
        | st.just((511, [])),
        max_size=12,
    )
)
def test_the_twin_replays_the_same(calls: list[tuple[int, list[int]]]) -> None:
    """A child, and its own, see what their parent saw; and the trace is the same, byte for byte."""
    seen = []
    for name in ("trap", "trap_asleep"):
        with api.boot() as system:
            source = REPLAYED.format(name=name, calls=calls)
            system.install(b"/root/replayed.py", source.encode())
            result = system.run(b"/root/replayed.py", ktrace=True)
        assert result.status == 0, result.stderr
        lines = result.stdout.splitlines()
        assert lines[0] == lines[1] == lines[2].rpartition(b" ")[0]
        seen.append((result.stdout, b"".join(record.payload for record in result.records())))
    assert seen[0] == seen[1]


def test_another_process_may_trap_in_the_middle_of_a_replay(run: Callable[..., api.Result]) -> None:
    """A finalizer makes its call as who runs; it is in the history, and is replayed in its place."""
    result = run(
        LAB
        + "import gc\n"
        + "class Last:\n    def __del__(self):\n        seen.append(getppid())\n"
        + "seen = []\n"
        + "for number in range(50):\n    Last()\n    seen.append(getpid())\n"
        + "if fork() == 0:\n    print(len(seen), len(set(seen)), flush=True)\n    _exit(0)\nwait()\n"
    )
    assert result.stdout == b"100 2\n", result.stderr


def test_a_bug_in_a_handler_has_its_traceback(k: api.System) -> None:
    """The panic comes of the exception, which says where it was raised."""
    p = k.root()
    p.proc.p_fd = None
    with pytest.raises(api.Panic) as caught:
        p.call(locore.trap, sysno("close"), 3)
    bug = caught.value.__context__
    assert isinstance(bug, AttributeError)
    names, traceback = [], bug.__traceback__
    while traceback is not None:
        names.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    assert "sys_close" in names


def test_errors_leave_no_garbage(k: api.System) -> None:
    """A call that fails leaves nothing that only the collector could free."""
    p = k.root()

    def fail() -> int:
        gc.collect()
        for _ in range(100):
            assert locore.trap(sysno("close"), 99) == (Errno.EBADF, -1)
        found: int = gc.collect()
        return found

    assert p.call(fail) == 0


class Keyboard(api.Buffers):
    """A console at which Ctrl-C is typed while the kernel writes to it."""

    def __init__(self) -> None:
        super().__init__()
        self.happened: list[str] = []
        self.proc: Proc | None = None

    def type(self) -> None:
        """Type it, as the host's signal handler would."""
        assert self.proc is not None
        psignal(self.proc, SIGINT)
        locore.interrupt(self.proc.p_kernel, sys._getframe())

    def write(self, data: bytes | memoryview, minor: int) -> int:
        """Type it before anything is written."""
        self.type()
        self.happened.append("written")
        return super().write(data, minor)


@pytest.mark.parametrize("way", [locore.trap, twin.trap])
@pytest.mark.parametrize("traced", [False, True])
def test_an_interrupt_waits_for_the_end_of_a_call(way: Callable[..., Any], traced: bool) -> None:
    """In the kernel the host's Ctrl-C is noted; in a program's own code it comes at once."""
    console = Keyboard()
    happened = console.happened
    with api.boot(console=console) as system:
        p = system.process()
        console.proc = p.proc
        p.signal(SIGINT, lambda signo: happened.append("handled"))
        if traced:
            system.ktrace(p, io.BytesIO())

        def program() -> None:
            fd = libc.open("/dev/console", libc.O_WRONLY)
            way(sysno("write"), fd, pushbytes(twin.curlwp(), b"x"), 1)
            happened.append("own")
            console.type()
            happened.append("end")

        p.call(program)
    assert happened == ["written", "handled", "own", "handled", "end"]
