# SPDX-License-Identifier: BSD-2-Clause
"""Preemption between statements: races show, one seed has one course, forks are replayed."""

import subprocess
import sys
from pathlib import Path

import pytest

from kernel import api

COUNT = """\
import threading
x = 0
def add():
    global x
    for _ in range(10):
        {}
threads = [threading.Thread(target=add) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(x)
"""

FORKS = """\
import os, threading, time
lock, order, x = threading.Lock(), [], 0
def work(name):
    global x
    for turn in range(6):
        seen = x
        order.append(name)
        x = seen + 1
        if turn == 3 and name == 1:
            with lock:
                pid = os.fork()
                if not pid:
                    for each in range(3):
                        x = x + len(order)
                    os.write(1, f'{name} {order} {x}\\n'.encode())
                    os._exit(0)
            os.waitpid(pid, 0)
            os.write(1, f'{order} {x}\\n'.encode())
threads = [threading.Thread(target=work, args=(name,)) for name in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(order, x)
"""


def run(place: Path, source: str, seed: int | None, preempt: int = 3, ktrace: bool = False):
    """Run source on a kernel of its own."""
    program = place / "prog.py"
    program.write_text(source)
    with api.boot(seed=seed, preempt=preempt) as k:
        return k.run(program, ktrace=ktrace)


@pytest.mark.parametrize("statement", ["x += 1", "x = x + 1", "seen = x; x = seen + 1"])
def test_an_update_is_lost_with_some_seeds(tmp_path: Path, statement: str) -> None:
    """Between a load and its store others may store; without preemption nobody does."""
    counts = {run(tmp_path, COUNT.format(statement), seed).stdout for seed in range(6)}
    assert len(counts) > 1
    assert min(map(int, counts)) < 20
    assert run(tmp_path, COUNT.format(statement), 1, preempt=0).stdout == b"20\n"


def test_two_locks_of_one_with_deadlock_with_some_seeds(tmp_path: Path) -> None:
    """Between `with this,` and `that:` another thread may take that and wait for this."""
    source = (
        "import threading\na, b = threading.Lock(), threading.Lock()\n"
        "def take(one, other):\n    for _ in range(5):\n        with one, other: pass\n"
        "threads = [threading.Thread(target=take, args=pair) for pair in ((a, b), (b, a))]\n"
        "for thread in threads: thread.start()\nfor thread in threads: thread.join()\n"
    )
    ends = []
    for seed in range(12):
        try:
            ends.append(run(tmp_path, source, seed).status)
        except api.Deadlock:
            ends.append("deadlock")
    assert set(ends) == {0, "deadlock"}


def test_a_seed_has_one_course(tmp_path: Path) -> None:
    """Statements are counted, not timed."""
    first, second = (run(tmp_path, FORKS, 5, ktrace=True) for _ in range(2))
    assert first.ktrace == second.ktrace
    assert first.stdout == second.stdout


@pytest.mark.parametrize("seed", [None, *range(8)])
def test_a_forked_child_was_preempted_where_its_parent_was(
    tmp_path: Path, seed: int | None
) -> None:
    """At the fork it has what its parent had: all that the threads did, in that order."""
    result = run(tmp_path, FORKS, seed, preempt=2)
    assert result.status == 0, result.stderr
    child = result.stdout.splitlines()[0].decode()
    order, x = child[child.index("[") : child.index("]") + 1], int(child.rpartition(" ")[2])
    parent = result.stdout.splitlines()[1].decode()
    assert child.startswith("1 [")
    assert parent.startswith(order.rstrip("]"))
    assert x > 3 * order.count(",")


def test_loops_without_calls_let_signals_and_others_come(tmp_path: Path) -> None:
    """Virtual time passes, and a handler runs between two statements."""
    result = run(
        tmp_path,
        "import signal, threading\nflag = False\ndone = []\n"
        "def handler(signo, frame):\n    global flag\n    flag = True\n"
        "signal.signal(signal.SIGALRM, handler)\nsignal.setitimer(signal.ITIMER_REAL, 0.001)\n"
        "while not flag:\n    pass\n"
        "threading.Thread(target=lambda: done.append(1)).start()\n"
        "while not done: pass\nprint('ended')\n",
        None,
    )
    assert (result.stdout, result.stderr) == (b"ended\n", b"")


SHAPES = '''\
"""A docstring."""
from __future__ import annotations
import enum, inspect, asyncio
class Colour(enum.Enum):
    """Colours."""
    RED = 1 + 0
    GREEN = RED + 1
    def describe(self):
        """What it is."""
        name: str = self.name.lower()
        return name, __class__.__name__
async def later(n):
    for _ in range(2):
        await asyncio.sleep(0)
        n += await asyncio.sleep(0, n)
    return n
def generate(n):
    while n:
        got = yield n
        n -= 1
    else:
        yield "else"
def match(value):
    match value:
        case {"a": a, **rest}:
            b = c = a, *rest
            return b, c
        case [x, y] if x:
            return x
    try:
        value.missing
    except AttributeError as exc:
        return type(exc).__name__
    finally:
        done = True
    return locals()
d = {"n": 1}
d["n"] += 2
a, *b = [*range(3)]
print(__doc__, Colour.__doc__, [*Colour], Colour.RED.describe(), Colour.describe.__doc__)
print(asyncio.run(later(2)), list(generate(2)), match({"a": 1, "z": 2}), match([3, 4]), match(5))
print(d, a, b, sorted(k for k in globals() if not k.startswith("__")))
def outer():
    total = 0
    def inner():
        nonlocal total
        total += 1 / 0
    inner()
outer()
'''


def test_a_program_does_not_see_it(tmp_path: Path) -> None:
    """What it prints, and where its tracebacks point, is as without."""
    preempted = run(tmp_path, SHAPES, 1, preempt=1)
    host = subprocess.run(
        [sys.executable, tmp_path / "prog.py"], capture_output=True, check=False, cwd=tmp_path
    )
    assert preempted.stdout == host.stdout
    assert preempted.stderr.decode() == host.stderr.decode().replace(str(tmp_path), "/root")
    assert preempted.status == 1


WAITS = """\
import os, signal, sys, threading, time
sys.stdout.reconfigure(line_buffering=True)
came = []
signal.signal(signal.SIGALRM, lambda *_: came.append(round(time.monotonic())))
signal.signal(signal.SIGVTALRM, lambda *_: came.append("virtual"))
signal.alarm(86400)
while not came: pass
print(came)
signal.setitimer(signal.ITIMER_VIRTUAL, 5)
while True:
    if len(came) == 2:
        break
print(came, round(time.process_time()))
threading.Thread(target=lambda: (time.sleep(3), came.append("thread"))).start()
while len(came) < 3:  # as in a spin lock
    continue
if not os.fork():
    print(came)
    os._exit(0)
os.wait()
"""


@pytest.mark.parametrize(("seed", "preempt"), [(None, 0), (1, 0), (1, 3)])
def test_time_passes_for_who_waits_in_a_loop(
    tmp_path: Path, seed: int | None, preempt: int
) -> None:
    """A loop that does nothing but wait ends when what is due has come; a fork does so again."""
    result = run(tmp_path, WAITS, seed, preempt)

    assert result.stderr == b""
    assert result.stdout.decode().splitlines() == [
        "[86400]",
        "[86400, 'virtual'] 86405",
        "[86400, 'virtual', 'thread']",
    ]


def test_a_loop_that_waits_for_nothing_is_a_deadlock(tmp_path: Path) -> None:
    """Where nothing is due, the loop would never end: who runs the program is told."""
    with pytest.raises(api.Deadlock, match="spin"):
        run(tmp_path, "while True: pass\n", None, preempt=0)


WORKS = """\
import io, signal
signal.alarm(86400)
with open("lines", "w") as file:
    file.write("line\\n" * 20_000)
file = open("lines")
while file.readline():
    pass
print(file.tell(), signal.alarm(0))
text = io.StringIO("\\n" * 250_000 + "END\\n")
while True:
    if text.readline() == "END\\n":
        break
print(text.tell())
"""


def test_a_loop_that_calls_functions_may_do_something(tmp_path: Path) -> None:
    """A reader of lines is at its end before an alarm comes, and no deadlock where none is due."""
    result = run(tmp_path, WORKS, None, preempt=0)

    assert (result.stdout, result.stderr) == (b"100000 86400\n250004\n", b"")


POLLS = """\
import signal, threading, time
came = threading.Event()
signal.signal(signal.SIGALRM, lambda *_: came.set())
signal.alarm(86400)
while not came.is_set(): pass
print(round(time.monotonic()))
"""


def test_time_passes_for_who_asks_again_and_again(tmp_path: Path) -> None:
    """A loop that calls a function and waits for what it says ends when what is due has come."""
    assert run(tmp_path, POLLS, None, preempt=0).stdout == b"86400\n"


def test_a_child_that_loops_can_be_killed(tmp_path: Path) -> None:
    """Its parent's timeout comes."""
    source = (
        "import subprocess\n"
        "try:\n"
        "    subprocess.run(['python3', '-c', 'while True: pass'], timeout=9)\n"
        "except subprocess.TimeoutExpired as exc:\n"
        "    print(exc.cmd[0])\n"
    )
    assert run(tmp_path, source, None, preempt=0).stdout == b"python3\n"
