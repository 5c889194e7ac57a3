# SPDX-License-Identifier: BSD-2-Clause
"""The module mmap."""

import sys
from collections.abc import Callable

from kernel.api import Result

Run = Callable[..., Result]


def test_find_looks_at_what_it_is_asked_to_look_at(run: Run) -> None:
    """find and rfind have the limits of slices, the position being the first."""
    source = """
import mmap
m = mmap.mmap(-1, 10000)
m[5:8], m[9000:9003] = b"abc", b"abc"
print(m.find(b"abc"), m.rfind(b"abc"), m.find(b"abc", 6), m.find(b"abc", -900))
m.seek(6)
print(m.find(b"abc"), m.find(b"abc", 0, 7), bytes(m).count(b"abc"))
"""
    assert run(source).stdout == b"5 9000 9000 -1\n9000 -1 2\n"


def test_arguments_may_close_it(run: Run) -> None:
    """What an __index__ does is seen: nothing is read of a mapping that it has closed."""
    source = """
import mmap
class Close:
    def __index__(self):
        m.close()
        return 1
for use in (lambda: m.read(Close()), lambda: m.find(b"x", 0, Close()), lambda: m.move(0, 1, Close())):
    m = mmap.mmap(-1, 10)
    try:
        use()
    except ValueError as exc:
        print(exc)
"""
    assert run(source).stdout == b"mmap closed or invalid\n" * 3


def test_it_is_a_buffer_where_python_lets_it_be_one(run: Run) -> None:
    """From 3.12 on (PEP 688) it is; what is written to the buffer is stored at its release."""
    source = """
import mmap, re, struct
m = mmap.mmap(-1, 16)
m[:5] = b"hello"
print(re.search(b"l+", m).span())
struct.pack_into("<H", m, 8, 0x4142)
view = memoryview(m)
try:
    m.close()
except BufferError as exc:
    print(exc)
view.release()
print(m[8:10])
m.close()
"""
    result = run(source)
    if sys.version_info >= (3, 12):
        assert result.stdout == b"(2, 4)\ncannot close exported pointers exist\nb'BA'\n"
    else:
        assert b"TypeError: expected string or bytes-like object, got 'mmap'" in result.stderr
