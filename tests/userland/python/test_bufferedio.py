# SPDX-License-Identifier: BSD-2-Clause
"""Buffered files that threads share."""

from collections.abc import Callable

from kernel.api import Result

Run = Callable[..., Result]


def test_who_waits_for_a_buffer_has_the_next_turn(run: Run) -> None:
    """A thread that takes a file again and again keeps nobody out."""
    source = """
import sys, threading, time
file = open("f", "wb")
def write():
    while True:
        file.write(b".")
        file.flush()
threading.Thread(target=write, daemon=True).start()
time.sleep(0.001)
file.write(b"!")
file.flush()
print(b"!" in open("f", "rb").read())
"""
    assert run(source).stdout == b"True\n"


def test_who_is_interrupted_while_he_waits_keeps_nobody_out(run: Run) -> None:
    """An exception of a signal's handler gives the turn to the next."""
    source = """
import os, signal, threading
reader, writer = os.pipe()
file = os.fdopen(reader, "rb")
def stop(*_):
    raise TimeoutError
def read():
    print(file.read(2))
signal.signal(signal.SIGALRM, stop)
threads = [threading.Thread(target=read) for _ in range(2)]
for thread in threads:
    thread.start()
signal.setitimer(signal.ITIMER_REAL, 0.01)
try:
    file.read(1)
except TimeoutError:
    print("interrupted")
os.write(writer, b"abcd")
os.close(writer)
for thread in threads:
    thread.join()
"""
    assert run(source).stdout == b"interrupted\nb'ab'\nb'cd'\n"


def test_a_handler_that_reads_what_is_being_read_is_refused(run: Run) -> None:
    """As CPython: RuntimeError, reentrant call."""
    source = """
import os, signal
reader, writer = os.pipe()
file = os.fdopen(reader, "rb")
def handler(*_):
    try:
        file.read(1)
    except RuntimeError as exc:
        print(exc)
    os.write(writer, b"x")
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.01)
print(file.read(1))
"""
    out = run(source).stdout.decode()
    assert out.startswith("reentrant call inside <_io.BufferedReader name=3>")
    assert out.endswith("b'x'\n")
