# SPDX-License-Identifier: BSD-2-Clause
"""The file of a command's bytecode."""

import marshal
import os
import subprocess
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import pytest

from kernel.cli.startup import FORMAT

ROOT = Path(__file__).parents[2]


NOTHING = ("kdump", "-f", "/nonexistent")


class Command:
    """Runs a command, with bytecode in a directory of its own."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def run(self, *args: str, **env: str) -> str:
        """Return what it says: that there is no trace, unless args are others."""
        return self._start("-m", "kernel", *(args or NOTHING), **env).stderr

    def python(self, code: str, *flags: str, **env: str) -> str:
        """Return what code of the host's prints."""
        return self._start(*flags, "-c", code, **env).stdout

    def _start(self, *args: str, **env: str) -> "subprocess.CompletedProcess[str]":
        environ = {**os.environ, "PYTHONPYCACHEPREFIX": str(self.cache), **env}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        environ.update(env)
        return subprocess.run(
            [sys.executable, *args],
            cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip

    @property
    def file(self) -> Path | None:
        """The file, if it has been made."""
        found = list(self.cache.rglob("*.start.*"))
        assert len(found) <= 1
        return found[0] if found else None


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path)


def entries(command: Command) -> dict[str, tuple[object, ...]]:
    assert command.file is not None
    found: dict[str, tuple[object, ...]] = marshal.loads(command.file.read_bytes()[len(FORMAT) :])[
        0
    ]
    return found


def test_the_first_run_makes_it_the_next_leaves_it_alone(command: Command) -> None:
    """It has the modules that the command has imported, the library's among them."""
    said = command.run()
    assert command.file is not None
    assert "userland.libktrace.reader" in entries(command)
    assert "bisect" in entries(command)
    before = command.file.stat()
    assert command.run() == said
    after = command.file.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"x" * 100, FORMAT, FORMAT + b"\xfb" * 9,
        MAGIC_NUMBER + marshal.dumps(({"userland.libktrace.reader": ("/x.py", 0, 0, b"")}, {})),
    ],
)  # fmt: skip
def test_one_that_is_broken_is_made_anew(command: Command, content: bytes) -> None:
    """The command is none the worse for it, or for one of before entries had what they have."""
    said = command.run()
    assert command.file is not None
    command.file.write_bytes(content)
    assert command.run() == said
    assert "userland.libktrace.reader" in entries(command)


def test_a_source_that_has_changed_is_read(command: Command) -> None:
    """What was kept of a module counts only if its source has the same time and size."""
    said = command.run()
    kept = entries(command)
    wrong = compile("raise RuntimeError('kept')", "kept", "exec")
    for name in ("userland.libktrace.reader", "bisect"):
        file, time, size, *_ = kept[name]
        for state in ((file, time, -1), (file, 0, size), ("/x.py", time, size)):
            kept[name] = *state, "", wrong
            assert command.file is not None
            command.file.write_bytes(FORMAT + marshal.dumps((kept, {})))
            assert command.run() == said
            assert entries(command)[name][:3] == (file, time, size)


def test_what_is_kept_looks_as_what_is_read(command: Command) -> None:
    """A module's file, its bytecode's and its package's directory are as the interpreter has them."""
    show = "import {0} as m; print(m.__file__, m.__cached__, *getattr(m, '__path__', ['-'])); "
    first = "".join(map(show.format, ("bisect", "json", "kernel.fs.tmpfs")))
    later = "".join(map(show.format, ("kernel.dev", "kernel.sys.tty", "calendar")))
    start = "from kernel.cli.startup import Startup; start = Startup('none'); "
    kept = f"{start}{first}start.loaded(); {later}start.keep()"
    read = command.python(first + later)
    assert len(read.splitlines()) == 6
    assert [command.python(kept) for _ in range(2)] == [read, read]
    assert {"bisect", "json", "kernel.fs.tmpfs", "kernel.dev", "calendar"} <= entries(
        command
    ).keys()


def test_a_module_of_ones_own_is_not_taken_for_the_librarys(
    command: Command, tmp_path: Path
) -> None:
    """What stands in for a module of the library, as it comes first in sys.path, is not kept."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "reprlib.py").write_text(
        "recursive_repr = lambda: lambda function: function"
    )
    command.run(PYTHONPATH=str(tmp_path / "own"))
    assert "reprlib" not in entries(command)


def test_who_wants_no_bytecode_gets_none(command: Command) -> None:
    """PYTHONDONTWRITEBYTECODE is heeded."""
    command.run(PYTHONDONTWRITEBYTECODE="1")
    assert command.file is None


def test_what_programs_have_had_loaded_is_kept_for_the_next(command: Command) -> None:
    """Each module for itself, whichever program it was; what every run imports is together."""
    for program, name, others in (
        ("import time", "userland.python.time", []),
        ("import fcntl", "userland.python.fcntl", ["userland.python.time"]),
        ("print()", "kernel.kern.sys_generic", ["userland.python.time", "userland.python.fcntl"]),
    ):
        assert command.run("run", "-c", program) == ""
        kept = entries(command)
        assert all(isinstance(kept[one][-1], bytes) for one in (name, *others))
        assert not isinstance(kept["kernel.api"][-1], bytes)
    assert command.file is not None
    before = command.file.stat()
    assert command.run("run", "-c", "import time, fcntl") == ""
    after = command.file.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_what_was_kept_of_a_program_runs_if_it_is_fresh(command: Command) -> None:
    """It is taken from the file, or from the source that has changed."""
    assert command.run("run", "-c", "import time") == ""
    kept = entries(command)
    file, time, size, cached, _ = kept["userland.python.time"]
    other = marshal.dumps((compile("raise RuntimeError('kept')", "kept", "exec"), {}))
    assert command.file is not None
    for state, said in (((time, size), "RuntimeError: kept"), ((time, -1), "")):
        kept["userland.python.time"] = file, *state, cached, other
        command.file.write_bytes(FORMAT + marshal.dumps((kept, {})))
        assert said in command.run("run", "-c", "import time")
    assert entries(command)["userland.python.time"][1:3] == (time, size)


def test_a_run_loads_nothing_that_it_does_not_need(command: Command) -> None:
    """C modules of the library's, and what of the kernel only other programs use."""
    code = (
        "import sys; from kernel.__main__ import _load; "
        "_load('run')(['-c', 'print()']); print(*sys.modules)"
    )
    loaded = set(command.python(code, "-S", PYTHONPATH=os.pathsep.join(sys.path)).split())
    assert "kernel.kern.sys_generic" in loaded  # write(2) is there
    assert not loaded & {
        "_ast", "ast", "dis", "random", "select", "termios", "threading", "zlib",
        "kernel.dev.tracesink", "kernel.kern.kern_fork", "kernel.kern.kern_time",
        "kernel.kern.sys_ktrace", "kernel.kern.sys_pipe", "userland.libktrace.callset",
        "userland.python.pythonrun", "userland.python.suggestions",
    }  # fmt: skip
