# SPDX-License-Identifier: BSD-2-Clause
"""The pytest plugin: the fixture `kernel`, a booted system of a test's own.

    @pytest.mark.kernel(seed=3, uid=1000, faults=["write:error=ENOSPC:when=2"])
    def test_save(kernel):
        with kernel.patch():
            save("/home/user/notes", "text")
        assert kernel.files()["/home/user/notes"].text == "text"

When a test fails, the report shows what its system has printed and logged, the program's line and
the trace around what was asserted of it, or the trace's end.  kernel.trace.match() compares with
golden traces (kernel.golden).
"""

from collections.abc import Generator, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NoReturn

import pytest

import kernel as sysent
from kernel.golden import Mismatch
from kernel.printable import printable
from kernel.pytest_golden import GoldenPlugin
from userland.libktrace.selection import Claim

if TYPE_CHECKING:
    from kernel.api import System

_RECORDS: Final = 40  # lines of the trace that a report shows
_MARKER: Final = (
    "kernel(seed=None, uid=0, faults=(), ktrace=True, lines=True, limits=None, files=None, "
    "real_clock=False, preempt=0): "
    "how the fixture `kernel` is booted"
)
_BOOT: Final = frozenset(("seed", "ktrace", "lines", "limits", "files", "real_clock", "preempt"))
_OWN: Final = frozenset(("uid", "faults"))
_TYPES: Final[dict[str, Any]] = {
    "seed": int, "uid": int, "faults": (str, list, tuple), "ktrace": bool, "lines": bool,
    "limits": "Limits", "files": "Files", "real_clock": bool, "preempt": int,
}  # fmt: skip
_OPTIONAL: Final = ("seed", "limits", "files")  # None: as where no mark says so
_GOLDEN: Final = "sysent-golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --kernel-seed, and kernel_seed of the configuration."""
    group = parser.getgroup("kernel", "an emulated system for each test")
    group.addoption(
        "--kernel-seed", type=int, metavar="N",
        help="shuffle the schedule of the fixture `kernel` by this number, where no mark says so",
    )  # fmt: skip
    group.addoption(
        "--ktrace-update", action="store_true",
        help="make the golden traces what the traces are; remove those that no test asks for",
    )  # fmt: skip
    parser.addini("kernel_seed", "as --kernel-seed", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", _MARKER)
    updating = bool(config.getoption("--ktrace-update"))
    config.pluginmanager.register(GoldenPlugin(config, updating=updating), _GOLDEN)


@pytest.fixture
def kernel(request: pytest.FixtureRequest) -> "Iterator[System]":
    """A booted system: kernel.patch(), kernel.run(), kernel.inject(), kernel.files() ..."""
    options = _options(request)
    own = {name: options.pop(name) for name in _OWN & options.keys()}
    with sysent.boot(**{"ktrace": True, "lines": True, **options}) as system:
        system.uid = own.get("uid", 0)
        for spec in _faults(own.get("faults", ())):
            try:
                system.inject(spec)
            except ValueError as exc:
                _nonsense(f"{spec!r}: {exc}")
        golden: Any = request.config.pluginmanager.get_plugin(_GOLDEN)
        system.judged.match = golden.matcher(request.node)
        yield system


def _nonsense(what: str) -> NoReturn:
    """End a test whose mark says what cannot be, without a traceback: it is no code's fault."""
    pytest.fail(f"pytest.mark.kernel: {what}", pytrace=False)


def _faults(value: Any) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value


def _checked(name: str, value: Any) -> Any:
    """Return what a mark says of name, if it is of the type that this has."""
    if value is None and name in _OPTIONAL:
        return value
    wanted = _TYPES[name]
    if isinstance(wanted, str):
        wanted = getattr(import_module("kernel.api"), wanted)  # none of it if no test asks
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        shown = " or ".join(one.__name__ for one in _classes(wanted))
        _nonsense(f"{name}={value!r} is no {shown}")
    if isinstance(value, int) and value < 0 and name != "seed":
        _nonsense(f"{name}={value!r} is negative")
    return value


def _classes(wanted: Any) -> tuple[type, ...]:
    return wanted if isinstance(wanted, tuple) else (wanted,)


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return what the marks say, the nearest one first; what they do not say is as configured."""
    config = request.config
    seed = config.getoption("--kernel-seed")
    text = config.getini("kernel_seed")
    options: dict[str, Any] = {"seed": int(text) if seed is None and text else seed}
    for mark in reversed(list(request.node.iter_markers("kernel"))):
        unknown = mark.kwargs.keys() - _BOOT - _OWN
        if unknown or mark.args:
            what = ", ".join(sorted(unknown)) or "arguments without a name"
            _nonsense(f"has no {what}; it has {', '.join(sorted(_BOOT | _OWN))}")
        options.update({name: _checked(name, value) for name, value in mark.kwargs.items()})
    return options


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what happened inside, where a test has failed."""
    report = yield
    system: Any = getattr(item, "funcargs", {}).get("kernel")
    if call.when == "call" and report.failed and hasattr(system, "dmesg"):
        report.sections += [(title, text) for title, text in _sections(system, call) if text]
    return report


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Say in a line what a selection of calls is; the report has the rest."""
    words = [one.summary() if isinstance(one, Claim) else repr(one) for one in (left, right)]
    if not isinstance(left, Claim) and not isinstance(right, Claim):
        return None
    return [f"{words[0]} {op} {words[1]}"]


def _sections(system: Any, call: "pytest.CallInfo[None]") -> Iterator[tuple[str, str]]:
    failed = call.excinfo
    told = "" if failed is None else system.failure(failed.tb)
    yield "kernel: the trace around", told
    last = system.last
    if last is not None:
        yield "kernel: stdout", printable(last.stdout)
        yield "kernel: stderr", printable(last.stderr)
        if last.ktrace and not told and not isinstance(failed and failed.value, Mismatch):
            yield f"kernel: the last {_RECORDS} lines of kdump", last.kdump(_RECORDS)
    yield "kernel: dmesg", "\n".join(system.dmesg())
