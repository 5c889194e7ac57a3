# SPDX-License-Identifier: BSD-2-Clause
"""The methods that the library writes as text, for all processes once."""

from collections.abc import Callable

from kernel import api

Run = Callable[..., api.Result]

PROGRAM = """
import os
from collections import namedtuple
from dataclasses import dataclass

@dataclass(order=True)
class Point:
    x: int
    y: int = 0

Pair = namedtuple("Pair", "one two", defaults=(2,))
made = [id(f.__code__) for f in (Point.__init__, Point.__eq__, Point.__lt__, Pair.__new__)]
end, start = os.pipe()
if os.fork():
    print(os.read(end, 1000).decode() == repr(made))
    print(Point(1) < Point(1, 2), Pair(1))
else:
    os.write(start, repr(made).encode())
"""


def test_a_forks_child_has_the_same_code(run: Run) -> None:
    """It makes its classes anew, and what they are written with is not compiled again."""
    assert run(PROGRAM).stdout == b"True\nTrue Pair(one=1, two=2)\n"


def test_the_methods_have_the_programs_builtins(run: Run) -> None:
    """Those of a class of no module, too, whose variables the library makes."""
    result = run("""
from dataclasses import dataclass
fields = {"__annotations__": {"x": int}, "__module__": "nowhere"}
made = dataclass(type("made", (), fields))
print(made.__init__.__globals__["__builtins__"]["print"] is print, made(1).x)
""")
    assert (result.stdout, result.stderr) == (b"True 1\n", b"")
