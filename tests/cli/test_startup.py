# SPDX-License-Identifier: BSD-2-Clause
"""The file of a command's bytecode."""

import marshal
import os
import subprocess
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Command:
    """Runs `kdump` on nothing, with bytecode in a directory of its own."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def run(self, **env: str) -> str:
        """Return what it prints: usage, and that it has failed."""
        environ = {**os.environ, "PYTHONPYCACHEPREFIX": str(self.cache), **env}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        environ.update(env)
        done = subprocess.run(
            [sys.executable, "-m", "kernel", "kdump", "-f", "/nonexistent"],
            cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stderr

    @property
    def file(self) -> Path | None:
        """The file, if it has been made."""
        found = list(self.cache.rglob("kdump.start.*"))
        assert len(found) <= 1
        return found[0] if found else None


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path)


def entries(command: Command) -> dict[str, tuple[object, ...]]:
    assert command.file is not None
    found: dict[str, tuple[object, ...]] = marshal.loads(
        command.file.read_bytes()[len(MAGIC_NUMBER) :]
    )[0]
    return found


def test_the_first_run_makes_it_the_next_leaves_it_alone(command: Command) -> None:
    """It has the modules of ours that the command has imported."""
    said = command.run()
    assert command.file is not None
    assert "userland.libktrace.reader" in entries(command)
    assert not any(name.startswith(("argparse", "re")) for name in entries(command))
    before = command.file.stat()
    assert command.run() == said
    after = command.file.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("content", [b"", b"x" * 100, MAGIC_NUMBER, MAGIC_NUMBER + b"\xfb" * 9])
def test_one_that_is_broken_is_made_anew(command: Command, content: bytes) -> None:
    """The command is none the worse for it."""
    said = command.run()
    assert command.file is not None
    command.file.write_bytes(content)
    assert command.run() == said
    assert "userland.libktrace.reader" in entries(command)


def test_a_source_that_has_changed_is_read(command: Command) -> None:
    """What was kept of a module counts only if its source has the same time and size."""
    said = command.run()
    kept = entries(command)
    file, time, size, _ = kept["userland.libktrace.reader"]
    wrong = compile("raise RuntimeError('kept')", "kept", "exec")
    for stale in ((file, time, -1, wrong), (file, 0, size, wrong), ("/x.py", time, size, wrong)):
        kept["userland.libktrace.reader"] = stale
        assert command.file is not None
        command.file.write_bytes(MAGIC_NUMBER + marshal.dumps((kept, {})))
        assert command.run() == said
        assert entries(command)["userland.libktrace.reader"][:3] == (file, time, size)


def test_who_wants_no_bytecode_gets_none(command: Command) -> None:
    """PYTHONDONTWRITEBYTECODE is heeded."""
    command.run(PYTHONDONTWRITEBYTECODE="1")
    assert command.file is None
