# SPDX-License-Identifier: BSD-2-Clause
"""Scripts do in the emulated shell what they do in the host's: same output, same status."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kernel import api

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.sh"))
SHELL = shutil.which("dash") or "/bin/sh"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_same_as_the_host(script, tmp_path):
    """Output and exit status equal those of the host's sh."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sh").symlink_to(SHELL)
    (tmp_path / "tmp").mkdir()
    env = {
        "HOME": "/root",
        "LC_ALL": "C",
        "PATH": f"{tmp_path / 'bin'}:{os.defpath}",
        "TMPDIR": str(tmp_path / "tmp"),
    }
    host = subprocess.run(
        [SHELL, script],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        env=env,
        stdin=subprocess.DEVNULL,
    )
    with api.boot() as k:
        k.install(b"/root/script", script.read_bytes())
        guest = k.run(b"/bin/sh", ["script"], env={"TMPDIR": "/var/tmp"})
    assert guest.stdout.decode() == host.stdout.decode(), guest.stderr.decode()
    assert guest.status == host.returncode
