# SPDX-License-Identifier: BSD-2-Clause
"""Every example runs, and its header tells the truth about its trace.

A header has one command, which is run as it says, and lines as kdump prints
them, which must come in that order.  After three blanks or more follows a
remark; every stretch of blanks matches any other.
"""

import io
import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from kernel import api
from kernel.cli import run
from userland.libktrace import kdump

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix in {".py", ".sh"})
STATUS = {"failing.py": 1, "script.sh": 3}  # of the others: 0
_COMMAND = re.compile(r"python -m kernel (run .*)")
_RECORD = re.compile(r"(?:# )? {4}((?:CALL|RET|NAMI|GIO|PSIG|CSW|EMUL|MISC) .*)")


class Ran(NamedTuple):
    """What an example left behind."""

    result: api.Result
    text: str  # what kdump prints of its trace


def command(path: Path) -> list[str]:
    """Return the arguments of the command in the example's header."""
    found = _COMMAND.search(path.read_text())
    assert found, f"{path.name}: no command in its header"
    return shlex.split(found[1])[1:]


def promises(path: Path) -> list[str]:
    """Return the lines that the example's header says are in its trace."""
    found = (_RECORD.fullmatch(line) for line in path.read_text().splitlines())
    return [re.split(r"(?<=\S) {3,}(?=\S)", " ".join(m[1].split(None, 1)))[0] for m in found if m]


def run_example(path: Path, args: tuple[str, ...] = ()) -> Ran:
    """Run the example as its header says."""
    options = run.parser().parse_args(command(path))
    assert Path(options.program).name == path.name
    console, sink = api.Buffers(), io.BytesIO()
    with api.boot(console=console) as system:
        process = system.process(options.user, name="ktrace")
        system.ktrace(process, sink, options.points, options.ktrace_version)
        system.start(process, path, [*options.args, *args])
        process.finish()
        trace = sink.getvalue()
        result = api.Result(process.status, bytes(console.stdout), bytes(console.stderr), trace)
    out, err = io.BytesIO(), io.BytesIO()
    assert kdump.main(["kdump"], lambda name: io.BytesIO(trace), out, err) == 0
    return Ran(result, out.getvalue().decode("latin-1"))


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.name)
def example(request: pytest.FixtureRequest) -> tuple[Path, Ran]:
    return request.param, run_example(request.param)


def test_exits_as_it_should(example):
    """An example succeeds, unless it is there to fail; only those complain."""
    path, ran = example
    status = STATUS.get(path.name, 0)
    assert (ran.result.status, ran.result.stderr.decode()) == (
        status,
        ran.result.stderr.decode() if status else "",
    ), ran.result.stderr.decode()
    assert ran.result.stdout


def test_header_is_true(example):
    """The lines that a header promises are in the trace, in that order."""
    path, ran = example
    expected = promises(path)
    assert len(expected) > 3
    lines = iter(ran.text.splitlines())
    for promise in expected:
        pattern = re.compile(r"(?<!\S)" + r"\s+".join(map(re.escape, promise.split())))
        assert any(pattern.search(line) for line in lines), f"{promise!r}\n{ran.text}"


def test_is_deterministic(example):
    """The same program gives the same trace, byte for byte."""
    path, ran = example
    assert run_example(path).result == ran.result


def test_greedy_philosophers_starve():
    """A ring of processes that wait for one another is found out, and named."""
    with pytest.raises(api.Deadlock, match="pipe"):
        run_example(ROOT / "examples" / "philosophers.py", ("greedy",))
