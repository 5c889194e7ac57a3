# SPDX-License-Identifier: BSD-2-Clause
"""The host's utilities, and a system that many tests of a module share."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kernel import api

SHELL = shutil.which("dash") or "/bin/sh"


@pytest.fixture
def on_host(tmp_path: Path) -> Callable[[str], subprocess.CompletedProcess[bytes]]:
    """Runs a script by the host's shell in an empty directory; sh is dash there."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sh").symlink_to(SHELL)
    work = tmp_path / "work"
    work.mkdir()
    env = {"HOME": "/root", "LC_ALL": "C", "TZ": "UTC0", "PATH": f"{tmp_path / 'bin'}:{os.defpath}"}

    def run(script: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [SHELL, "-c", script],
            check=False,
            capture_output=True,
            cwd=work,
            env=env,
            stdin=subprocess.DEVNULL,
        )

    return run


@pytest.fixture(scope="module")
def system() -> Iterator[api.System]:
    """A kernel for all tests of a module."""
    with api.boot() as k:
        yield k


@pytest.fixture
def in_tmp(system: api.System) -> Callable[..., bytes]:
    """Runs a command of the shell in /tmp; returns what it printed."""

    def run(command: str, stdin: bytes = b"") -> bytes:
        result = system.run(b"/bin/sh", ["-c", f"cd /tmp; {command}"], stdin=stdin)
        return result.stdout

    return run
