# SPDX-License-Identifier: BSD-2-Clause
"""Make docs/syscalls.md: from the table, the handlers' docstrings and the marks of the tests.

    python docs/syscalls.py           write the page
    python docs/syscalls.py --check   exit 1 if it is stale

A test with the mark errno(call, errno) tells by its docstring when a call fails
so; one with the mark trace(call, kinds) shows which records the call leaves.
"""

import contextlib
import inspect
import io
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kernel.cli.syscalls import implemented, prototype  # noqa: E402
from kernel.kern.init_sysent import sysent  # noqa: E402
from kernel.sys.syscall import SYSCALLS, Syscall  # noqa: E402
from tests.syscalls.errnos import manual_name  # noqa: E402

PAGE: Final = ROOT / "docs" / "syscalls.md"
_HEAD: Final = """# System calls

Made by `docs/syscalls.py` from `kernel/kern/syscalls.master`, the handlers' docstrings and the
tests' marks (`make generated`; `make check` holds it fresh). A call's errors and its trace are
those that a test of `tests/syscalls` shows: the test stands beside each.
"""


class Shown(NamedTuple):
    """What one test shows of a call."""

    call: str  # as the manual has it
    what: str  # the errno's name, or the kinds of the records
    when: str  # first paragraph of the test's docstring
    test: str  # file and function


class Marks:
    """A plugin of pytest that keeps what the marks of the tests say."""

    def __init__(self) -> None:
        self.errnos: list[Shown] = []
        self.traces: list[Shown] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep the marks of all tests that were found."""
        for item in session.items:
            function = getattr(item, "function", None)
            doc = inspect.cleandoc(function.__doc__ or "") if function else ""
            when = " ".join(doc.split("\n\n")[0].split())
            test = item.nodeid.partition("[")[0]
            for mark in item.iter_markers("errno"):
                self.errnos.append(Shown(mark.args[0], mark.args[1].name, when, test))
            for mark in item.iter_markers("trace"):
                self.traces.append(Shown(*mark.args, when, test))


# Nothing is run: no assertion is to be rewritten in modules that are imported already.
PYTEST = ("--collect-only", "--assert=plain", "-q", "-p", "no:cacheprovider")


def collect() -> Marks:
    """Return what the tests of system calls show.

    Raises:
        RuntimeError: they cannot be collected; the text is what pytest printed.
    """
    marks = Marks()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = pytest.main(
            [*PYTEST, str(ROOT / "tests" / "syscalls")],
            plugins=[marks],
        )
    if status:
        raise RuntimeError(said.getvalue())
    return marks


def _link(shown: Shown) -> str:
    path, _, function = shown.test.rpartition("::")
    return f"[{function}](../{path})"


def _section(row: Syscall, errnos: list[Shown], traces: list[Shown]) -> str:
    handler = sysent[row.number].sy_call
    doc = inspect.cleandoc(handler.__doc__ or "")
    parts = [
        f"\n## {row.number} {row.name}\n\n```c\n{prototype(row)};\n```\n\n```text\n{doc}\n```\n"
    ]
    if errnos:
        lines = dict.fromkeys(f"| {s.what} | {s.when} | {_link(s)} |" for s in sorted(errnos))
        parts.append("\n| error | when | test |\n|---|---|---|\n" + "\n".join(lines) + "\n")
    if traces:
        lines = dict.fromkeys(f"`{s.what}` ({_link(s)})" for s in traces)
        parts.append("\nTrace: " + ", ".join(lines) + "\n")
    parts.append(f"\nHandler: `{handler.__module__}.{handler.__name__}`\n")
    return "".join(parts)


def page() -> str:
    """Return the text of docs/syscalls.md."""
    marks = collect()
    errnos: dict[str, list[Shown]] = defaultdict(list)
    traces: dict[str, list[Shown]] = defaultdict(list)
    for kept, shown in ((errnos, marks.errnos), (traces, marks.traces)):
        for one in shown:
            kept[one.call].append(one)
    rows = [row for row in SYSCALLS.values() if implemented(row)]
    return _HEAD + "".join(
        _section(row, errnos[manual_name(row)], traces[manual_name(row)]) for row in rows
    )


def main(argv: list[str]) -> int:
    """Write the page, or check it."""
    try:
        text = page()
    except RuntimeError as exc:
        sys.stderr.write(f"docs/syscalls.py: {exc}\n")
        return 1
    if argv == ["--check"]:
        if text == PAGE.read_text():
            return 0
        sys.stderr.write("docs/syscalls.md is stale: run make generated\n")
        return 1
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
