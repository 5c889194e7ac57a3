# SPDX-License-Identifier: BSD-2-Clause
"""How a program starts and ends, as its trace shows it."""

import gc
from collections.abc import Callable

from kernel import api
from kernel.sys.ktrace import KTR_NAMEI, KTR_SYSCALL
from kernel.sys.syscall import SYSCALLS

Run = Callable[..., api.Result]


def calls(result: api.Result) -> list[str]:
    """Return the names of the calls a program made after execve."""
    codes = [
        int.from_bytes(record.payload[:4], "little")
        for record in result.records()
        if record.type == KTR_SYSCALL
    ]
    return [SYSCALLS[code].name or "" for code in codes][1:]


def test_a_program_that_does_nothing_only_exits(run: Run) -> None:
    """A trace shows no call that the program did not make."""
    assert calls(run("pass\n", ktrace=True)) == ["exit"]


def test_libc_programs_call_what_they_say(run: Run) -> None:
    """from userland.libc import * costs no call."""
    result = run("from userland.libc import *\nwrite(1, b'hi')\n", ktrace=True)
    assert calls(result) == ["write", "exit"]


def test_hello_is_one_write(run: Run) -> None:
    """stdout is looked at once and then written at the end, if it is no terminal."""
    made = calls(run("print('a')\nprint('b')\n", ktrace=True))
    assert made.count("write") == 1
    assert made[-2:] == ["write", "exit"]
    assert len(made) <= 6


def test_exit_flushes_what_is_open(run: Run) -> None:
    """Files left open are written at the end, in the order they were opened; _exit does not."""
    assert run(
        "import os\na = open('a', 'w')\na.write('x')\nb = open('b', 'wb')\nb.write(b'y')\n"
        "if os.fork() == 0:\n    os._exit(0)\nos.wait()\nprint(os.path.getsize('a'))\n"
        "import atexit\natexit.register(lambda: print(os.path.getsize('b')))\n"
    ).stdout.split() == [b"0", b"0"]
    assert run("import os\nprint(os.stat('a').st_size, os.stat('b').st_size)\n").stdout == b"1 1\n"


def test_the_collector_makes_no_calls(run: Run) -> None:
    """A file that only the collector finds is closed with the process: no call is at its whim."""
    source = (
        "class Node:\n    pass\nnode = Node()\n"
        "node.me, node.f = node, open('f', 'w')\nnode.f.write('text')\ndel node\n"
    )
    made = calls(run(source, ktrace=True))
    assert "close" not in made
    assert calls(run(source + "[[] for _ in range(200_000)]\n", ktrace=True)) == made
    assert "close" in calls(run(source + "import gc\ngc.collect()\n", ktrace=True))


def test_the_dead_write_nothing(run: Run, k: api.System) -> None:
    """What a killed process had buffered goes nowhere, not to a file of whoever runs."""
    run(
        "import os\nclass Node:\n    pass\nnode = Node()\nnode.me, node.f = node, open('f', 'w')\n"
        "node.f.write('lost')\nos.kill(os.getpid(), 9)\n"
    )
    process = k.process()
    fd = process.open("/root/g", 0x202, 0o644)
    process.call(gc.collect)
    assert process.fstat(fd).st_size == 0
    assert process.stat("/root/f").st_size == 0


def test_interrupt_is_an_exception(run: Run) -> None:
    """SIGINT raises KeyboardInterrupt; a program that it ends is killed by it, as its parent sees."""
    result = run("import os\nos.kill(os.getpid(), 2)\n")
    assert result.status == 130
    assert b"    os.kill(os.getpid(), 2)\n" in result.stderr
    assert result.stderr.endswith(b"KeyboardInterrupt\n")
    caught = run(
        "import os, signal\n"
        "try:\n    os.kill(os.getpid(), 2)\nexcept KeyboardInterrupt:\n    print('caught')\n"
        "print(signal.getsignal(2) is signal.default_int_handler)\n"
        "signal.signal(2, signal.SIG_IGN)\nos.kill(os.getpid(), 2)\n"
        "signal.signal(2, signal.default_int_handler)\nos.kill(os.getpid(), 2)\n"
    )
    assert (caught.stdout, caught.status) == (b"caught\nTrue\n", 130)


def test_interrupt_ends_a_read(run: Run) -> None:
    """A call that waits is not made again before KeyboardInterrupt: the first action restarts none."""
    result = run(
        "import os, time\nends = os.pipe()\n"
        "if not os.fork():\n    time.sleep(1)\n    os.kill(os.getppid(), 2)\n    os._exit(0)\n"
        "try:\n    os.read(ends[0], 1)\nexcept KeyboardInterrupt:\n    print('interrupted')\n"
    )
    assert (result.stdout, result.status) == (b"interrupted\n", 0)


def test_signals_are_as_an_interpreter_leaves_them(k: api.System, run: Run) -> None:
    """SIGPIPE and SIGXFSZ are ignored without a call; an ignored SIGINT stays ignored."""
    show = "import signal\nprint([int(signal.getsignal(n)) for n in (13, 25)])\n"
    assert run(show).stdout == b"[1, 1]\n"
    forked = run(f"import os\nif os.fork():\n    os.wait()\nelse:\n    exec({show!r})\n")
    assert forked.stdout == b"[1, 1]\n"
    lines = run("import os\nos.write(1, b'x')\n", ktrace=True).records()
    assert not [one for one in lines if b"sigaction" in one.payload]
    k.install(b"/tmp/show.py", show.encode())
    k.install(b"/tmp/int.py", b"import signal\nprint(signal.getsignal(2))\n")
    started = k.run(
        b"/bin/sh",
        ["-c", "trap '' INT; /tmp/int.py; python3 /tmp/int.py; cat /tmp/int.py | true; echo $?"],
    )
    assert started.stdout == b"1\n1\n0\n"
    assert k.run(b"/usr/bin/python3", ["/tmp/show.py"]).stdout == b"[1, 1]\n"


def test_closed_stdout(k: api.System, run: Run) -> None:
    """Without a descriptor 1 print() does nothing; a full disk is status 120."""
    assert run("import os\nos.close(1)\nprint('x')\nimport sys\nprint(sys.stdout)\n").status == 0
    assert run("import os, sys\nsys.stdout\nos.close(1)\nprint('x')\n").status == 120


def test_a_program_in_bin_fails_as_python_does(k: api.System) -> None:
    """A compiled program has no source to show, and its traceback says so by having none."""
    result = k.run(b"/bin/sh", ["-c", "echo out; exit 4"])
    assert (result.stdout, result.status) == (b"out\n", 4)


def test_uncaught_in_a_child(run: Run) -> None:
    """A child that fails says so itself, once; its parent goes on."""
    result = run(
        "import os\nif not os.fork():\n    raise ValueError('child')\n"
        "print(os.waitstatus_to_exitcode(os.wait()[1]))\n"
    )
    assert result.stdout == b"1\n"
    assert result.stderr.count(b"ValueError: child") == 1


def test_same_run_twice(run: Run) -> None:
    """A program leaves the same trace each time it runs on a fresh process table."""
    source = "import os, json, tempfile, random\nprint(sorted({'a', 'b'}), os.getcwd())\n"
    first, second = (calls(run(source, ktrace=True)) for _ in range(2))
    assert first == second


def test_programs_of_bin_look_for_nothing_beside_them(k: api.System) -> None:
    """They are C programs: their traces have no call of an importer's."""
    result = k.run(b"/bin/cat", ["/etc/group"], ktrace=True)
    names = [one.payload for one in result.records() if one.type == KTR_NAMEI]
    assert names == [b"/bin/cat", b"/etc/group"]


def test_the_end_leaves_shared_modules_alone(run: Run) -> None:
    """A C module's own submodules are the host's, by whatever name a program has them."""
    for _ in range(2):
        result = run("import xml.parsers.expat as expat\nprint(expat.errors.XML_ERROR_SYNTAX)\n")
        assert (result.stdout, result.stderr) == (b"syntax error\n", b"")
