# SPDX-License-Identifier: BSD-2-Clause
"""Files of programs, by the calls they make."""

import gc
from collections.abc import Callable

import pytest

from kernel.api import Result
from kernel.sys.ktrace import KTR_SYSCALL
from kernel.sys.syscall import SYSCALLS
from userland.python.fileio import FileIO

Run = Callable[..., Result]

CALLS = {  # as CPython 3.11 to 3.13 make them
    "with open('f') as f:\n    f.read()": "open __fstat50 ioctl lseek lseek __fstat50 read read close",
    "with open('f', 'rb') as f:\n    f.read()": (
        "open __fstat50 ioctl lseek lseek __fstat50 read read close"
    ),
    "with open('f') as f:\n    list(f)": "open __fstat50 ioctl lseek read read close",
    "with open('f', 'w') as f:\n    f.write('x')": "open __fstat50 ioctl lseek lseek write close",
    "with open('f', 'a') as f:\n    f.write('x')": (
        "open __fstat50 lseek ioctl lseek lseek write close"
    ),
    "with open('f', 'rb', 0) as f:\n    f.read()\n    f.seekable()": (
        "open __fstat50 lseek __fstat50 read read lseek close"
    ),
    "with open('f', 'rb', 0) as f:\n    f.read(5)\n    f.tell()": (
        "open __fstat50 read lseek close"
    ),
    "open('f')": "open __fstat50 ioctl lseek close",
    "open('f', 'w').write('x')": "open __fstat50 ioctl lseek lseek write close",
    "class C: pass\nc = C()\nc.me, c.file = c, open('f')\ndel c": "open __fstat50 ioctl lseek",
}


def calls(result: Result) -> list[str]:
    """Return the names of the calls a program made after execve, but for what ends it."""
    codes = [
        int.from_bytes(record.payload[:4], "little")
        for record in result.records()
        if record.type == KTR_SYSCALL
    ]
    return [SYSCALLS[code].name or "" for code in codes][1:-1]


@pytest.mark.parametrize("source", CALLS)
def test_a_file_makes_the_calls_of_cpython(run: Run, source: str) -> None:
    """What is read, written and left open makes CPython's calls, in its order."""
    assert run("with open('f', 'w') as f:\n    f.write('old\\n')\n").status == 0
    result = run(source + "\n", ktrace=True)
    assert (result.status, result.stderr) == (0, b"")
    assert calls(result) == CALLS[source].split()


def test_a_buffer_left_behind_moves_no_offset(run: Run) -> None:
    """What a program that has ended left open makes no system call when it is collected.

    The collector runs in whatever process is current: a call there is one that its program did
    not make, and a child of it could not be replayed.
    """
    source = "import os\nleft = [open('left behind', 'w+b')]\nleft.append(left)\nos._exit(0)\n"
    gc.disable()
    try:
        assert run(source).status == 0
        files = (each for each in gc.get_objects() if type(each) is FileIO)
        left = next(each for each in files if each.name == "left behind")
        assert left.seek(0, 2) == left.tell() == 0
    finally:
        gc.enable()


def test_garbage_is_closed_when_the_program_collects(run: Run) -> None:
    """Files in a knot are closed at gc.collect(), the oldest first, and only then."""
    source = """
import gc, os
gc.collect()
class Knot:
    def __init__(self, name):
        self.me, self.file = self, open(name, "wb", 0)
Knot("a"), Knot("b")
os.getppid()
gc.collect()
os.getppid()
"""
    made = calls(run(source, ktrace=True))
    at = made.index("getppid")
    assert made[at : at + 4] == ["getppid", "close", "close", "getppid"]
    assert "close" not in made[:at]


def test_garbage_that_nobody_collects_is_seen_to_at_the_end(run: Run) -> None:
    """What the interpreter's own collection has found of a buffer is not lost."""
    source = """
import io
class Knot:
    pass
raw = io.raw = io.FileIO("f", "w")  # no part of the knot
knot = Knot()
knot.me, knot.file = knot, io.BufferedWriter(raw)
knot.file.write(b"text")
del knot
junk = [[] for _ in range(100_000)]
"""
    assert run(source).status == 0
    assert run("print(open('f').read())\n").stdout == b"text\n"


def test_a_read_that_a_signal_interrupts_goes_on(run: Run) -> None:
    """The handler runs, and the read returns what comes after (PEP 475)."""
    source = """
import os, signal
ends = os.pipe()
signal.signal(signal.SIGALRM, lambda *_: os.write(ends[1], b"late"))
signal.setitimer(signal.ITIMER_REAL, 0.1)
print(os.fdopen(ends[0], "rb", 0).read(10))
"""
    assert run(source).stdout == b"b'late'\n"


def test_a_full_pipe_says_how_much_was_written(run: Run) -> None:
    """BlockingIOError of a buffer has NetBSD's EAGAIN, not the host's."""
    source = """
import errno, os
reader, writer = os.pipe()
os.set_blocking(writer, False)
file = os.fdopen(writer, "wb")
try:
    while True:
        file.write(bytes(10000))
        file.flush()
except BlockingIOError as exc:
    print(exc.errno == errno.EAGAIN == exc.args[0], exc.characters_written >= 0)
os._exit(0)
"""
    assert run(
        "import sys\n" + source.replace("os._exit", "sys.stdout.flush(); os._exit")
    ).stdout == (b"True True\n")
