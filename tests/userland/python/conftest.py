# SPDX-License-Identifier: BSD-2-Clause
"""The same program on the kernel and under python3."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kernel.api import Result
from userland.python.frames import LIBRARY, STDLIB

STDIN, ARGS = b"one\ntwo\n", ("-a", "b c")


@pytest.fixture
def same(run: Callable[..., Result], tmp_path: Path) -> Callable[[str], None]:
    """Check that output, errors and exit status of a program are python3's."""

    def check(source: str) -> None:
        result = run(source + "\n", *ARGS, stdin=STDIN)
        place = tmp_path / "host"
        place.mkdir()
        program = place / "prog.py"
        program.write_text(source + "\n")
        host = subprocess.run(
            [sys.executable, "-s", program, *ARGS],
            input=STDIN,
            capture_output=True,
            cwd=place,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            check=False,
            timeout=300,
            start_new_session=True,
        )
        status = host.returncode
        assert result.stdout == host.stdout
        stderr = host.stderr.decode().replace(str(program), "/root/prog.py")
        stderr = stderr.replace(str(STDLIB), LIBRARY)
        assert result.stderr.decode() == stderr
        assert result.status == (status if status >= 0 else 128 - status)

    return check
