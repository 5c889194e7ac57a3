# SPDX-License-Identifier: BSD-2-Clause
"""Files whose calls a signal meets, with a handler that raises: nothing is lost, nothing twice."""

import pytest

RAISES = """
import os, signal
def handler(*_):
    raise TimeoutError
signal.signal(signal.SIGUSR1, handler)
"""

WRITTEN = (
    RAISES
    + """
import time
lines = [f"{number:07d}\\n".encode() for number in range(25000)]
reader, writer = os.pipe()
parent = os.getpid()
if not os.fork():
    os.close(writer)
    time.sleep(0.2)
    data = os.read(reader, 5000)
    time.sleep(0.2)
    os.kill(parent, signal.SIGUSR1)
    time.sleep(0.2)
    while block := os.read(reader, 65536):
        data += block
    print(len(data), data == b"".join(lines), flush=True)
    os._exit(0)
os.close(reader)
out = open(writer, "wb", 1 << 20)
out.write(b"".join(lines))
try:
    out.flush()
except TimeoutError:
    print("timeout", flush=True)
out.close()
os.wait()
"""
)


def test_what_is_written_in_part_is_not_written_twice(same):
    """A handler that raises within flush() finds the buffer past what has been written."""
    same(WRITTEN)


PRINTED = (
    RAISES
    + """
out = open("out", "w")
try:
    print("go", file=out, flush=True)
except TimeoutError:
    print("timeout")
out.close()
print(open("out").read())
"""
)


def test_what_was_printed_as_the_signal_came_is_there_once(k, run):
    """The write went well; the handler raises as print() is done."""
    k.inject("write:signal=USR1:when=1")

    assert run(PRINTED).stdout == b"timeout\ngo\n\n"


@pytest.mark.parametrize(
    ("mode", "left"), [("rb", b"[b'2', b'3']"), ("r", b"['2', '3']"), ("r+b", b"[b'2', b'3']")]
)
def test_a_block_that_was_read_is_kept(k, run, mode, left):
    """A line may be lost, as in CPython, where the handler runs before it is returned; no block."""
    k.inject("read:signal=USR1:when=1")
    source = f"""
with open("f", "w") as file:
    file.write("1\\n2\\n3\\n")
file = open("f", "{mode}")
try:
    file.readline()
    os.getpid()
except TimeoutError:
    print("timeout")
print([line.strip() for line in file])
"""
    assert run(RAISES + source).stdout == b"timeout\n" + left + b"\n"


def test_a_file_that_was_opened_as_the_signal_came_is_closed(k, run):
    """The handler raises out of open(): no descriptor stays behind."""
    source = """
before = os.dup(0)
os.close(before)
try:
    open("f", "w")
except TimeoutError:
    print("timeout")
print(os.dup(0) == before)
"""
    k.inject("open:signal=USR1:when=2")  # the first is of the path of modules

    assert run(RAISES + source).stdout == b"timeout\nTrue\n"


def test_a_child_has_the_handlers_of_its_parent_where_they_ran(k, run):
    """What is left until a method is done is done there again in the replay of a fork."""
    source = """
out = open("out", "w")
for number in range(6):
    try:
        print(number, file=out, flush=True)
    except TimeoutError:
        print("timeout", number, flush=True)
if not os.fork():
    print(out.tell(), flush=True)
    os._exit(0)
os.wait()
"""
    k.inject("write:signal=USR1:when=2")

    assert run(RAISES + source).stdout == b"timeout 1\n12\n"


def test_a_block_that_a_pair_has_read_is_kept(k, run):
    """As that of a buffered reader: it is one."""
    k.inject("read:signal=USR1:when=1")
    source = """
import io
reader, writer = os.pipe()
pair = io.BufferedRWPair(open(reader, "rb", 0), open(writer, "wb", 0))
pair.write(b"1\\n2\\n3\\n")
pair.flush()
os.write(1, b"%d\\n" % pair.readable())
try:
    pair.peek(1)
except TimeoutError:
    print("timeout")
print(pair.read1())
"""
    assert run(RAISES + source).stdout == b"1\ntimeout\nb'1\\n2\\n3\\n'\n"


def test_a_file_is_read_to_its_end_before_the_handler_runs(k, run):
    """The handler finds the offset where all has been read."""
    k.inject("read:signal=USR1:when=1")
    source = """
with open("f", "wb") as file:
    file.write(b"x" * 10)
raw = open("f", "rb", 0)
signal.signal(signal.SIGUSR1, lambda *_: print(raw.tell(), os.lseek(raw.fileno(), 0, 0)))
print(raw.readall(), raw.tell())
"""
    assert run(RAISES + source).stdout == b"10 0\nb'xxxxxxxxxx' 0\n"
