# SPDX-License-Identifier: BSD-2-Clause
"""python3(1): each command line gives the output, errors and status of the host's."""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kernel import api

FILES = {
    "prog.py": "import sys\nprint(sys.argv, __name__, __file__, sys.path[0])\n",
    "where.py": "print(sorted(globals()), __spec__, __package__, __doc__)\n",
    "wrong.py": "x = 1\nif x\n    y\n",
    "raises.py": "import helper\nhelper.f()\n",
    "helper.py": "def f():\n    1 / 0\n",
    "first": "#!no python\nprint(__file__)\n",
    "package/__init__.py": "print('package', __name__)\n",
    "package/__main__.py": "import sys\nprint('main', __name__, __package__, sys.argv)\n",
    "package/part.py": "import sys\nprint(__name__, __spec__.name, sys.argv)\n",
    "directory/__main__.py": "import sys, beside\nprint(__name__, sys.argv, sys.path[0])\n",
    "directory/beside.py": "print('beside', __file__)\n",
    "empty/file": "",
}
_THERE = str(Path(sys.executable).parent / "python3")
_SHOW = "import sys; print(sys.argv, sys.orig_argv, sys.path[:1], sys.warnoptions, sys._xoptions)"
_FLAGS = "import sys; print(sys.flags)"


@dataclass(slots=True, frozen=True)
class Line:
    """A command line, what it reads, and the variables it finds."""

    args: tuple[str, ...]
    stdin: str = ""
    env: dict[str, str] = field(default_factory=dict)


LINES = [
    Line(("-c", _SHOW, "a", "-b")),
    Line(("-cprint(1)",)),
    Line(("-c", "1/0")),
    Line(("-c", "# coding: latin-1\nprint(ascii('\xe9'))")),
    Line(("-X", "utf8=2")),
    Line(("-c", "1"), env={"PYTHONHASHSEED": "x"}),
    Line(("-c", "x = \n")),
    Line(("-c", "raise SystemExit(7)")),
    Line(("-c", "raise SystemExit('gone')")),
    Line(("-c", "print(sorted(globals()), __spec__, __package__, __doc__)")),
    Line(("-", "x"), _SHOW),
    Line((), "print(__name__)\nimport sys\nprint(sys.argv, sys.path[0])\n"),
    Line((), "1/0\n"),
    Line(("prog.py", "-x", "b c")),
    Line(("./prog.py",)),
    Line(("where.py",)),
    Line(("wrong.py",)),
    Line(("raises.py",)),
    Line(("nothing.py",)),
    Line(("-x", "first")),
    Line(("-m", "package", "1")),
    Line(("-m", "package.part", "1")),
    Line(("-m", "package.nothing")),
    Line(("-m", "nothing")),
    Line(("-m", "json.tool"), '{"a": [1, 2]}'),
    Line(("directory", "q")),
    Line(("empty",)),
    Line(("-i", "-q"), "1+1\nx = 3\nx\nexit(3)\n"),
    Line(("-iq",), "def f():\n    return 5\n\nf()\n\n'a\nif 1:\n  pass\n"),
    Line(("-i", "-c", "y = 4"), "y\n"),
    Line(("-i", "-c", "1/0"), "2\n"),
    Line(("-c", "import os; os.environ['PYTHONINSPECT'] = '1'"), "import sys; sys.exit(4)\n"),
    Line(("-z",)),
    Line(("--nothing",)),
    Line(("-c",)),
    Line(("-X",)),
    Line(("-V",)),
    Line(("--version", "-V")),
    Line(("-c", _FLAGS)),
    Line(("-bbBdEqsS", "-c", _FLAGS)),
    Line(("-OPqu", "-c", _FLAGS)),
    Line(("-I", "-c", _FLAGS), env={"PYTHONOPTIMIZE": "2"}),
    Line(("-E", "-c", _FLAGS), env={"PYTHONOPTIMIZE": "2"}),
    Line(("-c", _FLAGS), env={"PYTHONOPTIMIZE": "x", "PYTHONSAFEPATH": "1"}),
    Line(("-X", "dev", "-X", "a=b", "-W", "error", "-b", "-c", f"{_SHOW}; print(sys.flags)")),
    Line(("-W", "ignore", "-c", _SHOW), env={"PYTHONWARNINGS": "once,error::Warning"}),
    Line(("-W", "error", "-c", "bool(NotImplemented)")),
    Line(("-W", "ignore", "-c", "bool(NotImplemented)")),
    Line(("-O", "-c", "assert 0; print(__debug__)")),
    Line(("-OO", "prog.py")),
    Line(("-u", "-c", "import sys; print(1); sys.stderr.write('2\\n'); print(sys.stdout)")),
    Line(("-c", "import sys; print(sys.stdin, sys.stdout)"), env={"PYTHONIOENCODING": "latin-1"}),
    Line(("-c", "import sys; print(sys.stdout)"), env={"PYTHONIOENCODING": "ascii:replace"}),
    Line(("-c", "import sys; print(sys.path[:3])"), env={"PYTHONPATH": "/a:/b"}),
]


def name(line: Line) -> str:
    """Return a short name for a test."""
    return " ".join((*line.args, *line.env))[:50]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files, on the host."""
    place = tmp_path_factory.mktemp("python3").resolve()
    for path, text in FILES.items():
        (place / path).parent.mkdir(exist_ok=True)
        (place / path).write_text(text)
    return place


@pytest.fixture(scope="module")
def system(system: api.System) -> api.System:
    """A kernel with the files in /tmp."""
    for name in sorted({path.partition("/")[0] for path in FILES if "/" in path}):
        system.root().mkdir(f"/tmp/{name}".encode(), 0o755)
    for path, text in FILES.items():
        system.install(f"/tmp/{path}".encode(), text.encode())
    return system


@pytest.mark.parametrize("line", LINES, ids=name)
def test_is_as_the_hosts(line: Line, system: api.System, host: Path):
    """Output, errors and exit status are equal."""
    env = {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **line.env}
    there = subprocess.run(
        ["python3", *line.args],
        executable=sys.executable,
        input=line.stdin.encode(),
        capture_output=True,
        check=False,
        cwd=host,
        env={"PATH": str(Path(sys.executable).parent), **env},
    )
    command = 'cd /tmp; exec python3 "$@"'
    here = system.run(
        b"/bin/sh", ["-c", command, "sh", *line.args], stdin=line.stdin.encode(), env=env
    )

    def local(text: bytes) -> str:
        places = (
            (str(host), "/tmp"),
            (_THERE, "/usr/bin/python3"),
            (sys.platform, "netbsd10"),
        )
        told = text.decode()
        for theirs, ours in places:
            told = told.replace(theirs, ours)
        return told

    assert here.stdout.decode() == local(there.stdout)
    assert here.stderr.decode() == local(there.stderr)
    assert here.status == there.returncode


@pytest.mark.parametrize("option", ["-h", "--help", "-?"])
def test_help_names_the_options(option: str, system: api.System):
    """-h prints what the options do, on stdout."""
    result = system.run(b"/usr/bin/python3", [option])
    assert result.status == 0
    assert result.stdout.startswith(b"usage: python3 [option] ...")
    assert not result.stderr


def test_scripts_name_it_in_their_first_line(system: api.System):
    """A file that begins with #! is run by python3, found by its path or by env(1)."""
    for line in (b"/usr/bin/python3", b"/usr/bin/env python3", b"/usr/bin/python -O"):
        system.install(b"/tmp/script", b"#!" + line + b"\nimport sys\nprint(sys.argv, __debug__)\n")
        result = system.run(b"/bin/sh", ["-c", "/tmp/script a"])
        assert result.stdout.decode() == f"['/tmp/script', 'a'] {b'-O' not in line}\n", line


def test_undecodable_command(system: api.System):
    """A command that is no text is refused before it is run."""
    result = system.run(b"/usr/bin/python3", ["-c", "print('\udcff')"])
    assert result.status == 1
    assert result.stderr.startswith(b"Unable to decode the command from the command line:\n")
