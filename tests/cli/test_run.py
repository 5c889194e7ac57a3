# SPDX-License-Identifier: BSD-2-Clause
"""`run`: programs, commands and modules, and what is beside them on the host."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `python -m kernel run ...` in a directory with some files."""
    files = {
        "prog.py": "import helper, sys\nprint(helper.x, sys.argv, __file__, open('data').read())\n",
        "helper.py": "x = 'helper'\n",
        "data": "data",
        "package/__init__.py": "",
        "package/__main__.py": "import sys\nprint(__name__, sys.argv)\n",
        "writes.py": "open('new', 'w').write('x')\nprint(open('new').read())\nopen('data', 'w')\n",
        "script": '#!/bin/sh\necho "$0 $1" $(cat data)\n',
        ".hidden": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    tmp_path.chmod(0o755)

    def command(*args: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "kernel", "run", *args],
            cwd=tmp_path, env={"PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(tmp_path)},
            input=stdin, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    return command


@pytest.mark.parametrize(
    ("args", "stdin", "stdout"),
    [
        (("prog.py", "-c", "a"), "", "helper ['prog.py', '-c', 'a'] /root/prog.py data\n"),
        (
            ("--user", "user", "prog.py"),
            "",
            "helper ['prog.py'] /home/user/prog.py data\n",
        ),
        (("-c", "import helper, sys; print(sys.argv)", "-m", "b"), "", "['-c', '-m', 'b']\n"),
        (("-m", "package", "x"), "", "__main__ ['/root/package/__main__.py', 'x']\n"),
        (("package", "x"), "", "__main__ ['package', 'x']\n"),
        (("-", "a"), "import sys; print(sys.argv)", "['-', 'a']\n"),
        ((), "print(1 + 1)", "2\n"),
        (("script", "x"), "", "/root/script x data\n"),
    ],
)
def test_finds_what_is_beside(run: Run, args: tuple[str, ...], stdin: str, stdout: str):
    """Modules and data are those of the program's directory, or of the current one."""
    done = run(*args, stdin=stdin)
    assert (done.stdout, done.stderr, done.returncode) == (stdout, "", 0)


def test_nothing_of_the_host_is_changed(run: Run, tmp_path: Path):
    """New files are the kernel's and gone with it; the host's cannot be written."""
    done = run("writes.py")
    assert done.stdout == "x\n"
    assert done.stderr.endswith("OSError: [Errno 30] Read-only file system: 'data'\n")
    assert not (tmp_path / "new").exists()
    assert (tmp_path / "data").read_text() == "data"


def test_hidden_files_stay_so_and_alone_shows_nothing(run: Run):
    """What begins with a dot is not linked; with --alone nothing is."""
    show = "import os; print(sorted(os.listdir()))"
    assert ".hidden" not in run("-c", show).stdout
    assert "helper.py" in run("-c", show).stdout
    assert run("--alone", "-c", show).stdout == "[]\n"


def test_errors_of_the_command_line(run: Run):
    """One line each."""
    assert run("-c").stderr == "run: argument expected for the -c option\n"
    assert run("-m", "nothing").stderr == "/usr/bin/python3: No module named nothing\n"
    assert run("nothing.py").returncode == 127
    done = run("--ktrace", "t", "--points", "Q", "prog.py")
    assert (done.stderr, done.returncode) == ("run: unknown facility in Q\n", 2)


def test_faults_on_some_paths(run, tmp_path):
    """-P, with strace's other form of --fault."""
    (tmp_path / "twice.py").write_text(
        "import os\n"
        "for name in ('/tmp/a', '/tmp/b'):\n"
        "    try:\n"
        "        os.mkdir(name)\n"
        "    except OSError as exc:\n"
        "        print(name, exc.strerror)\n"
    )
    done = run("-P", "/tmp/b*", "-e", "fault=mkdir:when=1", "twice.py")
    assert (done.stdout, done.returncode) == ("/tmp/b Function not implemented\n", 0)
    done = run("--fault", "mkdir:error=EIO:when=1", "twice.py")
    assert done.stdout == "/tmp/a Input/output error\n"
    done = run("-e", "trace=mkdir", "twice.py")
    assert done.returncode == 2
    assert "is neither inject=... nor fault=..." in done.stderr


@pytest.mark.parametrize("text", [b"x = 1\ny = 2\0z\n", b"\x7fELF\2\1\1\0", b"\0"])
def test_what_is_no_text_is_named(run, tmp_path, text):
    """A file with a null byte is told with its name and line, as the host's Python does."""
    (tmp_path / "binary").write_bytes(text)
    host = subprocess.run(
        [sys.executable, "binary"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    ours = run("binary")
    assert (ours.returncode, ours.stdout) == (host.returncode, "")
    assert ours.stderr == host.stderr.replace(str(tmp_path), "/root")
