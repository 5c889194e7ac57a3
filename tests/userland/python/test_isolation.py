# SPDX-License-Identifier: BSD-2-Clause
"""A program has a Python of its own: nothing reaches the host, nor another process."""

import math
import os
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from kernel import api
from userland.python.frames import LIBRARY

Run = Callable[..., api.Result]


@pytest.mark.parametrize(
    "expression",
    [
        "open(P).read()",
        "__import__('io').open(P).read()",
        "__import__('io').FileIO(P).read()",
        "__import__('codecs').open(P).read()",
        "__import__('pathlib').Path(P).read_text()",
        "__import__('tokenize').open(P).read()",
        "__import__('linecache').getlines(P)[0]",
        "__import__('fileinput').input(P).readline()",
        "__import__('runpy').run_path(P)",
        "__import__('importlib.util', fromlist=['*']).spec_from_file_location('q', P).loader"
        ".get_data(P)",
        "__import__('os').stat(P)",
        "__import__('shutil').copy(P, 'x')",
        "__import__('zipfile').ZipFile(P)",
    ],
)
def test_no_file_of_the_host_is_found(expression: str, run: Run, tmp_path: Path) -> None:
    """Whatever way a program takes to a file, it is one inside."""
    secret = tmp_path / "secret.py"
    secret.write_text("secret = 1\n")

    result = run(f"P = {str(secret)!r}\nprint({expression})\n")

    assert result.status == 1
    assert result.stdout == b""
    assert b"secret = 1" not in result.stderr


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('time').time()",
        "__import__('datetime').datetime.now().timestamp()",
        "__import__('datetime').datetime.today().timestamp()",
        "__import__('time').mktime(__import__('time').localtime())",
    ],
)
def test_the_clock_is_the_kernels(expression: str, run: Run, k: api.System) -> None:
    """Every way to ask for the time gives virtual time."""
    result = run(f"print({expression})\n")
    assert abs(float(result.stdout) - k.time()) < 2


def test_randomness_is_seeded(tmp_path: Path) -> None:
    """The same seed gives the same random numbers, names and uuids; another one others."""
    program = tmp_path / "p.py"
    program.write_text(
        "import os, random, secrets, tempfile, uuid\n"
        "print(os.urandom(8), random.random(), secrets.token_hex(4), uuid.uuid4(), tempfile.mktemp())\n"
    )
    outputs = []
    for seed in (1, 1, 2):
        with api.boot(seed=seed) as system:
            outputs.append(system.run(program).stdout)
    assert outputs[0] == outputs[1] != outputs[2]


@pytest.mark.parametrize("name", ["ctypes", "_ssl", "_sqlite3", "readline"])
def test_extension_modules_are_refused(name: str, run: Run) -> None:
    """A C module that could reach the host is an ImportError that says why."""
    result = run(f"try:\n    import {name}\nexcept ImportError as e:\n    print(e.name, e)\n")
    assert b"could reach the host" in result.stdout


def test_no_host_thread_starts(run: Run) -> None:
    """A thread is an LWP on the kernel's own stack of the host, and waits in virtual time."""
    before = threading.active_count()
    result = run(
        "import threading, time\n"
        "thread = threading.Thread(target=time.sleep, args=(100,))\nthread.start()\n"
        "lock = threading.Lock()\nlock.acquire()\nprint(lock.acquire(timeout=100))\n"
        "print(time.monotonic() >= 100)\n"
    )
    assert result.stdout.splitlines() == [b"False", b"True"]
    assert threading.active_count() == before


def test_a_lock_never_released_is_a_deadlock(run: Run) -> None:
    """The host does not hang when a program waits for itself: it is told who waits."""
    with pytest.raises(api.Deadlock):
        run("import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n")


def test_modules_are_not_shared(run: Run) -> None:
    """What a program does to modules is not seen by the next one, nor by the host."""
    before = sys.getrecursionlimit()
    run(
        "import builtins, math, os, re, sys, warnings, json, types\nbuiltins.x = math.pi = 1\n"
        "os.environ['ONLY_HERE'] = re.x = json.x = types.x = sys.x = '1'\n"
        "sys.setrecursionlimit(500)\nwarnings.simplefilter('error')\nsys.path.append('/x')\n"
        "sys.modules['math'] = None\nsys.argv[:] = []\n"
    )
    result = run(
        "import math, os, re, sys, json, types\n"
        "print(math.pi, [hasattr(m, 'x') for m in (__builtins__, re, sys, json, types)],"
        " 'ONLY_HERE' in os.environ, sys.getrecursionlimit(), len(sys.argv))\n"
    )
    assert result.stdout == f"{math.pi} {[False] * 5} False 1000 1\n".encode()
    assert "ONLY_HERE" not in os.environ
    assert sys.getrecursionlimit() == before
    assert math.__spec__ is not None
    assert not hasattr(warnings, "x")


def test_tables_of_modules_are_not_shared(run: Run) -> None:
    """What a program registers, or writes into a table of C's, is not there for the next one."""
    run(
        "import csv, os\ncsv.register_dialect('mine', delimiter=';')\ncsv.field_size_limit(7)\n"
        "os.sysconf_names['SC_MINE'] = 1\nos.confstr_names.clear()\n"
    )
    result = run(
        "import csv, io, os\nprint(csv.list_dialects(), csv.field_size_limit())\n"
        "print('SC_MINE' in os.sysconf_names, len(os.confstr_names))\n"
        "print(list(csv.reader(io.StringIO('a,\"b c\"'))))\n"
    )
    assert result.stdout == (b"['excel', 'excel-tab', 'unix'] 131072\nFalse 1\n[['a', 'b c']]\n")


def test_names_of_the_host_stay_out(run: Run) -> None:
    """sys tells of the emulated system."""
    result = run(
        "import sys\nprint(sys.executable, sys.prefix, sys.path, sys.modules['__main__'])\n"
    )
    assert result.stdout.decode() == (
        f"/usr/bin/python3 /usr ['/root', '{LIBRARY}'] <module '__main__' from '/root/prog.py'>\n"
    )


def test_two_sources_of_one_name(run: Run) -> None:
    """A traceback shows the source of the process it happened in."""
    first = run("1 / 0  # first\n")
    second = run("pass\n1 / 0  # second\n")
    assert b"# first" in first.stderr
    assert b"# second" in second.stderr
    assert b"# first" not in second.stderr


def test_own_modules(k: api.System, run: Run) -> None:
    """Modules beside the program are imported, packages too; tracebacks show their source."""
    k.install(b"/root/mine.py", b"import pack.part\ndef fail():\n    pack.part.fail()\n")
    k.process().mkdir("/root/pack", 0o755)
    k.install(b"/root/pack/__init__.py", b"from . import part\nname = __name__\n")
    k.install(b"/root/pack/part.py", b"def fail():\n    raise LookupError(__file__)  # here\n")

    result = run("import mine, pack\nprint(mine.__file__, pack.name, pack.__path__)\nmine.fail()\n")

    assert result.stdout == b"/root/mine.py pack ['/root/pack']\n"
    assert b'File "/root/pack/part.py", line 2, in fail\n' in result.stderr
    assert b"raise LookupError(__file__)  # here\n" in result.stderr
    assert result.stderr.endswith(b"LookupError: /root/pack/part.py\n")


def test_package_without_init(k: api.System, run: Run) -> None:
    """A directory is a package, if no module has its name."""
    k.process().mkdir("/root/space", 0o755)
    k.install(b"/root/space/part.py", b"x = 5\n")
    result = run("import space.part\nprint(space.part.x, list(space.__path__))\n")
    assert result.stdout == b"5 ['/root/space']\n"


def test_modules_that_import_each_other(k: api.System, run: Run) -> None:
    """`from package import module` finds a module that is still being imported."""
    k.process().mkdir(b"/root/ring", 0o755)
    k.install(b"/root/ring/__init__.py", b"from . import a\n")
    k.install(b"/root/ring/a.py", b"from . import b\nx = 1\n")
    k.install(b"/root/ring/b.py", b"from . import a\ny = lambda: a.x + 1\n")
    result = run("import ring\nprint(ring.b.y())\n")
    assert result.stdout == b"2\n", result.stderr


def test_broken_module_of_its_own(k: api.System, run: Run) -> None:
    """A syntax error in a module is reported as Python does."""
    k.install(b"/root/broken.py", b"x = (\n")
    result = run("import broken\n")
    assert b'File "/root/broken.py", line 1\n' in result.stderr
    assert b"SyntaxError: '(' was never closed" in result.stderr


def test_libc_is_a_copy(run: Run) -> None:
    """A program may replace what libc gives it without harm to the next."""
    source = "import userland.libc as c\nfrom userland.libc import *\nprint(write(1, b'x'), c.getpid())\n"
    first = run(source + "c.getpid = None\n")
    second = run(source)
    assert first.stdout.startswith(b"x1 ")
    assert second.stdout.startswith(b"x1 ")


@pytest.mark.parametrize("name", ["api", "kern", "boot"])
def test_the_kernel_is_no_module_of_a_program(name: str, run: Run) -> None:
    """Its headers are, as C's are; what else the host has of it, and what a package has, is not."""
    assert run(f"import kernel.sys.errno\nassert not hasattr(kernel, {name!r})").status == 0
    result = run(f"from kernel import {name}")
    assert f"ImportError: cannot import name {name!r} from 'kernel'" in result.stderr.decode()


def test_python3_gives_no_module_of_its_own(k: api.System) -> None:
    """What python3 itself is made of is the host's; its program, and the next, have their own."""
    k.install(
        b"/root/change.py",
        b"import builtins, collections\nbuiltins.x = collections.Counter.x = 1\n",
    )
    k.install(
        b"/root/look.py",
        b"import sys\nprint([n for n in sys.modules if n.startswith('userland')])\n"
        b"import collections\nprint(hasattr(collections.Counter, 'x'), 'x' in vars(__builtins__))\n",
    )
    assert k.run(b"/usr/bin/python3", ["/root/change.py"]).status == 0
    assert not hasattr(Counter, "x")
    assert k.run(b"/usr/bin/python3", ["/root/look.py"]).stdout == b"[]\nFalse False\n"
