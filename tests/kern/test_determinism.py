# SPDX-License-Identifier: BSD-2-Clause
"""Same program, same seed: same bytes, in another process, by C or by its twin."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAM = """\
import os
from userland.libc import *
r, w = pipe()
fd = open("/dev/urandom", O_RDONLY)
for child in range(3):
    if fork() == 0:
        for turn in range(4):
            writev(w, [b"", b"x" * (child * 5000), read(fd, 7)])
        _exit(child)
close(w)
total = 0
while data := read(r, 9000):
    total += len(data)
for _ in range(3):
    wait()
signal(SIGUSR1, lambda signo: utrace("label", b"data" * 500))
raise_(SIGUSR1)
nanosleep(0.25)
print(total, gettimeofday())
try:
    open("/no/where", O_RDONLY)
except OSError as error:
    print(error)
execv("/bin/ls", ["ls", "-l", "/", "/bin"])
"""


def run(tmp_path: Path, version: int, seed: int, native: str) -> tuple[str, str, bytes]:
    """Run PROGRAM in an interpreter of its own; return implementation, trace's digest, output."""
    env = os.environ | {
        "SYSENT_NATIVE": native,
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "random",
    }
    name = subprocess.run(
        [sys.executable, "-c", "from native.genio import implementation as i; print(i)"],
        env=env, capture_output=True, check=True, text=True,
    ).stdout.strip()  # fmt: skip
    (tmp_path / "p.py").write_text(PROGRAM)
    done = subprocess.run(
        [
            sys.executable, "-m", "kernel", "run", "--seed", str(seed), "--ktrace", "out",
            "--ktrace-version", str(version), "p.py",
        ],
        cwd=tmp_path, env=env, capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    data = (tmp_path / "out").read_bytes()
    assert len(data) > 60_000  # the pipes' data is there
    return name, hashlib.sha256(data).hexdigest(), done.stdout


@pytest.mark.parametrize("version", [0, 1, 2])
def test_c_and_python_write_the_same_trace(tmp_path, version):
    """Byte for byte, whatever the version; and so does the same one again."""
    first = run(tmp_path, version, 7, "1")
    twin = run(tmp_path, version, 7, "0")
    assert twin[0] == "Python"
    assert twin[1:] == first[1:]
    assert run(tmp_path, version, 7, "1") == first


def test_another_seed_gives_another_trace(tmp_path):
    """The seed is what chooses the schedule, and nothing else does."""
    assert run(tmp_path, 2, 7, "1")[1] != run(tmp_path, 2, 8, "1")[1]
