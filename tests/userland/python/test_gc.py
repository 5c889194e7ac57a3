# SPDX-License-Identifier: BSD-2-Clause
"""The collector is the interpreter's; what a program asks of it, it gets, and nobody else."""

import gc

import pytest

TIED = """\
import gc, multiprocessing, os, select, socket, sys, weakref
from multiprocessing.util import Finalize
class Knot:
    def __init__(self):
        self.me, self.made = self, make()
class Bare:
    def __del__(self): os.close(self.fd)
class Slots(Bare):
    __slots__ = ('fd',)
    def __init__(self): self.fd = os.open('/dev/null', 0)
class Plain: pass
def bare():
    made = Bare()
    made.fd = os.open('/dev/null', 0)
    return made
def final():
    made = Plain()
    weakref.finalize(made, os.close, os.open('/dev/null', 0))
    return made
def final_of_processes():
    made = Plain()
    Finalize(made, os.close, (os.open('/dev/null', 0),))
    return made
ctx = multiprocessing.get_context('fork')
make = {
    'bare': bare,
    'buffer': lambda: open('/dev/null', 'rb'),
    'directory': lambda: os.scandir('/'),
    'file': lambda: open('/dev/null', 'rb', 0),
    'final': final,
    'final of processes': final_of_processes,
    'lock': ctx.Lock,
    'pipe': ctx.Pipe,
    'queue': select.kqueue,
    'slots': Slots,
    'socket': socket.socket,
    'text': lambda: open('/dev/null'),
}[sys.argv[1]]
first, second, third = [Knot() for _ in range(3)]
second = third = None
many = [[] for _ in range(210_000)]
del first
Knot()
gc.collect(int(sys.argv[2]))
del many
pid = os.fork()
if not pid: os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def test_what_a_program_has_collected_is_finalized(run):
    """A file in a cycle is closed, and a __del__ runs, as gc.collect() is called."""
    result = run(
        "import gc, os\n"
        "class Cycle:\n"
        "    def __init__(self):\n        self.me, self.file = self, open('f', 'w')\n"
        "    def __del__(self):\n        os.write(1, b'gone\\n')\n"
        "fd = Cycle().file.fileno()\nos.fstat(fd)\n"
        "print(gc.collect() > 0)\n"
        "try:\n    os.fstat(fd)\nexcept OSError as exc:\n    print(exc.strerror)\n"
    )
    assert result.stdout == b"gone\nTrue\nBad file descriptor\n", result.stderr


def test_settings_are_the_programs_own(run):
    """Neither the host nor the next program sees them."""
    before = gc.isenabled(), gc.get_threshold(), gc.get_debug(), len(gc.callbacks)
    program = (
        "import gc\nprint(gc.isenabled(), gc.get_threshold() != (1, 2, 3), gc.get_debug())\n"
        "gc.disable()\ngc.set_threshold(1, 2, 3)\ngc.set_debug(gc.DEBUG_STATS)\ngc.freeze()\n"
        "gc.callbacks.append(lambda phase, info: print(phase, info['generation']))\n"
        "print(gc.isenabled(), gc.get_threshold(), gc.get_debug(), gc.get_freeze_count())\n"
        "gc.collect(1)\n"
    )
    expected = b"True True 0\nFalse (1, 2, 3) 1 0\nstart 1\nstop 1\n"
    assert [run(program).stdout for _ in range(2)] == [expected] * 2
    assert (gc.isenabled(), gc.get_threshold(), gc.get_debug(), len(gc.callbacks)) == before


def test_garbage_does_not_make_a_fork_diverge(run):
    """What the collector would have found is there in parent and child, until it is asked."""
    result = run(
        "import gc, os, threading, weakref\n"
        "alive = weakref.WeakSet()\n"
        "class Node:\n    def __init__(self):\n        self.me = self\n        alive.add(self)\n"
        "for turn in range(4):\n"
        "    for _ in range(700): Node()\n"
        "    for _ in range(len(alive)): os.getppid()\n"
        "    if turn == 2: gc.collect()\n"
        "    pid = os.fork()\n"
        "    if not pid: os._exit(len(alive) // 700)\n"
        "    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), end=' ')\n"
    )
    assert result.stdout == b"1 2 0 1 ", result.stderr


def test_a_finalizer_runs_in_its_own_program(run):
    """Another program's gc.collect() leaves it to its owner, who runs it at the end."""
    result = run(
        "import gc, os\n"
        "class Cycle:\n"
        "    def __init__(self):\n        self.me, self.pid = self, os.getpid()\n"
        "    def __del__(self):\n        os.write(1, b'%d\\n' % (os.getpid() == self.pid))\n"
        "Cycle()\n"
        "pid = os.fork()\n"
        "if not pid:\n    gc.collect()\n    os._exit(0)\n"
        "os.waitpid(pid, 0)\nos.write(1, b'parent\\n')\n"
    )
    # the child's copy has its parent's pid; the parent's own comes at its end
    assert result.stdout == b"0\nparent\n1\n", result.stderr


def test_a_weakref_finalize_runs_in_its_own_program(run):
    """Another program's gc.collect() leaves it to its owner, whose next gc.collect() runs it."""
    result = run(
        "import gc, os, weakref\n"
        "class Cycle:\n"
        "    def __init__(self):\n        self.me = self\n"
        "def gone(pid):\n    os.write(1, b'%d\\n' % (os.getpid() == pid))\n"
        "weakref.finalize(Cycle(), gone, os.getpid())\n"
        "pid = os.fork()\n"
        "if not pid:\n    gc.collect()\n    os._exit(0)\n"
        "os.waitpid(pid, 0)\nos.write(1, b'parent\\n')\n"
        "gc.collect()\nos.write(1, b'end\\n')\n"
    )
    # the child's copy has its parent's pid
    assert result.stdout == b"0\nparent\n1\nend\n", result.stderr


def test_a_generator_of_who_has_ended_says_nothing_to_another(run):
    """What is left of it is found by whoever collects next, whose stderr and hook are not its."""
    result = run(
        "import gc, os\n"
        "def waits():\n"
        "    try:\n        yield\n    finally:\n        gone\n"
        "gone = None\n"
        "pid = os.fork()\n"
        "if not pid:\n"
        "    cycle = [waits()]\n    cycle.append(cycle)\n    next(cycle[0])\n    os._exit(0)\n"
        "os.waitpid(pid, 0)\n"
        "gc.collect()\n"
        "pid = os.fork()\n"
        "if not pid: os._exit(0)\n"
        "print(os.waitpid(pid, 0)[1])\n"
    )
    assert (result.stdout, result.stderr) == (b"0\n", b"")


@pytest.mark.parametrize(
    "kind",
    ["bare", "buffer", "directory", "file", "final", "final of processes", "lock", "pipe", "queue",
     "slots", "socket", "text"],
)  # fmt: skip
def test_what_the_collector_found_by_itself_is_closed_in_its_turn(run, kind):
    """It comes by itself in the parent, for so many lists, and never in the replay."""
    result = run(TIED, kind, "2")
    assert (result.stdout, result.stderr) == (b"7\n", b"")


def test_a_young_generation_is_the_same_in_a_replay(run):
    """What the parent's collector has looked at before is old there, and young in the replay."""
    result = run(TIED, "bare", "0")
    assert (result.stdout, result.stderr) == (b"7\n", b"")


def test_what_a_finalizer_raises_when_collected_is_told(run):
    """The others run all the same, in the order in which they were made."""
    result = run(
        "import gc, sys\n"
        "class Cycle:\n"
        "    def __init__(self, name):\n        self.me, self.name = self, name\n"
        "    def __del__(self):\n        raise ValueError(self.name)\n"
        "sys.unraisablehook = lambda told: print(told.exc_value, told.object is finalizer)\n"
        "finalizer = Cycle.__del__.__wrapped__\n"
        "for name in 'ab': Cycle(name)\n"
        "gc.collect()\nprint('end')\n"
    )
    assert (result.stdout, result.stderr) == (b"a True\nb True\nend\n", b"")


def test_a_finalizer_that_makes_another_is_run_once(run):
    """As in CPython: what it makes is for the next gc.collect()."""
    result = run(
        "import gc, os\n"
        "class Again:\n"
        "    def __init__(self):\n        self.me = self\n"
        "    def __del__(self):\n        os.write(1, b'gone ')\n        Again()\n"
        "Again()\n"
        "for _ in range(2):\n    gc.collect()\n    os.write(1, b'end ')\n"
        "os._exit(0)\n"
    )
    assert (result.stdout, result.stderr) == (b"gone end gone end ", b"")


def test_a_class_with_a_finalizer_makes_instances_as_any(same):
    """They are numbered as they are made: by whatever __new__ there is, and nobody sees how."""
    same(
        "import abc, copy, dataclasses, inspect, sys\n"
        "class Bare:\n    def __del__(self): print('gone')\n"
        "def tried(make, *args):\n"
        "    try: return make(*args)\n"
        "    except TypeError as exc: print(exc)\n"
        "tried(Bare, 1)\ncopy.copy(Bare())\n"
        "class Number(Bare, int): pass\nprint(Number(5) + 1)\n"
        "class Row(tuple):\n    def __del__(self): print(len(self))\n"
        "Row('ab')\n"
        "class Abstract(abc.ABC):\n"
        "    @abc.abstractmethod\n    def do(self): ...\n"
        "    def __del__(self): print('never')\n"
        "tried(Abstract)\n"
        "class New:\n"
        "    def __new__(cls, *args):\n        print(args)\n        return object.__new__(cls)\n"
        "class Both(Bare, New): pass\nBoth(1)\n"
        "class Own(New):\n"
        "    def __new__(cls, a):\n        return super().__new__(cls, a)\n"
        "    def __init__(self, a): print(sys._getframe(1).f_code.co_name)\n"
        "    def __del__(self): print('own')\n"
        "Own(2)\n"
        "@dataclasses.dataclass(slots=True)\n"
        "class Data:\n    x: int\n    def __del__(self): print(self.x)\n"
        "Data(3)\n"
        "class Plain:\n    def __init__(self, x=1): ...\n    def __del__(self): ...\n"
        "print(inspect.signature(Own), inspect.signature(Plain))\n"
    )


def test_what_another_program_has_collected_is_closed_by_its_own(run):
    """The descriptor of a file in a cycle is closed at the next gc.collect() of who opened it."""
    result = run(
        "import gc, os\n"
        "class Knot:\n"
        "    def __init__(self):\n        self.me, self.file = self, open('/dev/null')\n"
        "fd = Knot().file.fileno()\n"
        "pid = os.fork()\n"
        "if not pid:\n    gc.collect()\n    os._exit(0)\n"
        "os.waitpid(pid, 0)\n"
        "os.fstat(fd)\ngc.collect()\n"
        "try:\n    os.fstat(fd)\nexcept OSError as exc:\n    print(exc.strerror)\n"
    )
    assert (result.stdout, result.stderr) == (b"Bad file descriptor\n", b"")
