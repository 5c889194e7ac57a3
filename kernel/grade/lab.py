# SPDX-License-Identifier: BSD-2-Clause
"""A lab: a folder with lab.toml, README.md, tests.py, starter/, solution/ and wrong/."""

import dataclasses
import tomllib
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from kernel.grade.asserts import check, compile_tests
from kernel.grade.bounds import Bounds
from kernel.grade.outcome import LEVELS

HOUSE: Final = Path(__file__).resolve().parents[2] / "labs"
_KEYS: Final = {"title": str, "files": list, "limits": dict, "wrong": list}
_BOUNDS: Final = {f.name for f in dataclasses.fields(Bounds)}
_WRONG: Final = ("name", "fails", "says")


class BadLab(Exception):
    """There is no such lab, or it is not in order: the text says in a line what is wrong."""


@dataclass(frozen=True)
class Test:
    """One test: a function that takes a Bench, and what it is worth."""

    function: Callable[[Any], object]
    points: int
    hint: str
    hidden: bool
    detail: str
    limits: dict[str, int]

    @property
    def name(self) -> str:
        """The function's."""
        return str(getattr(self.function, "__name__", "test"))

    @property
    def title(self) -> str:
        """The first line of the function's docstring."""
        text = (self.function.__doc__ or "").strip().partition("\n")[0].rstrip(".")
        return text or self.name.replace("_", " ")


def test(
    *, points: int = 1, hint: str = "", hidden: bool = False, detail: str = "full", **limits: int
) -> Callable[[Callable[[Any], object]], Test]:
    """Make a function of a lab's tests.py one of its tests, in the order of the file.

    Args:
        points: what it is worth.
        hint: what a student reads first when it fails.
        hidden: a student learns only whether it passed.
        detail: what else a failure tells: "full", "actual" (not what was expected), "none".
        limits: other than those of lab.toml: seconds, calls, processes, disk, output,
            cpu_seconds, memory.

    Raises:
        BadLab: one of these is none.
    """
    if detail not in LEVELS:
        raise BadLab(f"detail is {' or '.join(LEVELS)}, not {detail!r}")
    if type(points) is not int or points < 0:
        raise BadLab(f"points are a whole number, not {points!r}")
    unknown = sorted(limits.keys() - _BOUNDS)
    if unknown:
        raise BadLab(f"test() has no argument and there is no limit {unknown[0]!r}")
    _check_bounds(limits)

    def made(function: Callable[[Any], object]) -> Test:
        return Test(function, points, hint, hidden, detail, limits)

    return made


@dataclass(frozen=True)
class Wrong:
    """A wrong solution: which tests it is to fail, and words that their messages are to have."""

    name: str
    fails: list[str]
    says: str


@dataclass(frozen=True)
class Lab:
    """A lab that was read."""

    folder: Path
    title: str
    files: list[str]
    bounds: Bounds
    tests: list[Test] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def points(self) -> int:
        """What a solution is worth."""
        return sum(one.points for one in self.tests)

    def bounds_of(self, one: Test) -> Bounds:
        """Return the limits of a test."""
        return dataclasses.replace(self.bounds, **one.limits)


def bundled() -> list[Path]:
    """Return the folders of the labs that come with the system, in their order."""
    return sorted(path.parent for path in HOUSE.glob("*/lab.toml"))


def find_lab(name: str) -> Path:
    """Return the folder of a lab: a path, or a bundled one's number or name.

    Raises:
        BadLab: there is none.
    """
    path = Path(name)
    if path.is_dir():
        return path
    for folder in bundled():
        number, _, rest = folder.name.partition("-")
        if name in (folder.name, rest) or (name.isdecimal() and int(name) == int(number)):
            return folder
    known = ", ".join(folder.name for folder in bundled())
    raise BadLab(f"no lab {name!r}: neither a folder nor one of {known}")


def load_lab(folder: Path) -> Lab:
    """Read a lab.

    Raises:
        BadLab: it is not in order.
    """
    path = folder / "lab.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise BadLab(f"{path}: {exc.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise BadLab(f"{path}: {exc}") from None
    tests = _load_tests(folder / "tests.py")
    try:
        return _lab(folder, table, tests)
    except BadLab as exc:
        raise BadLab(f"{path}: {exc}") from None


def _lab(folder: Path, table: dict[str, Any], tests: list[Test]) -> Lab:
    for key, value in table.items():
        if key not in _KEYS:
            raise BadLab(f"no key {key!r}")
        if not isinstance(value, _KEYS[key]):
            raise BadLab(f"{key} is no {_KEYS[key].__name__}")
    files = table.get("files", [])
    if not files or not all(isinstance(name, str) for name in files):
        raise BadLab("files is to be the names of the files that are handed in")
    for name in files:
        parts = PurePosixPath(name).parts
        if not parts or any(part.startswith((".", "/")) for part in parts):
            raise BadLab(
                f"no file {name!r} can be handed in: neither absolute nor hidden ones, no .."
            )
    limits = table.get("limits", {})
    _check_bounds(limits)
    return Lab(
        folder,
        table.get("title", folder.name),
        files,
        dataclasses.replace(Bounds(), **limits),
        tests,
        [_wrong(entry, tests) for entry in table.get("wrong", [])],
    )


def _check_bounds(limits: dict[str, Any]) -> None:
    for key, value in limits.items():
        if key not in _BOUNDS:
            raise BadLab(f"no limit {key!r}")
        if type(value) is not int or value <= 0:
            raise BadLab(f"the limit {key} is a whole number above 0, not {value!r}")


def _wrong(entry: dict[str, Any], tests: list[Test]) -> Wrong:
    if not isinstance(entry, dict) or sorted(entry) != sorted(_WRONG):
        raise BadLab(f"each [[wrong]] has {', '.join(_WRONG)}")
    unknown = set(entry["fails"]) - {one.name for one in tests}
    if unknown:
        raise BadLab(f"wrong {entry['name']!r} fails {', '.join(sorted(unknown))}: no such test")
    return Wrong(entry["name"], entry["fails"], entry["says"])


def _load_tests(path: Path) -> list[Test]:
    """Run a lab's tests.py, and return the tests it has made.

    Raises:
        BadLab: it cannot be run, or has none.
    """
    space: dict[str, Any] = {"__name__": "tests", "__file__": str(path), "__check__": check}
    try:
        exec(compile_tests(path.read_text(encoding="utf-8"), str(path)), space)
    except OSError as exc:
        raise BadLab(f"{path}: {exc.strerror}") from None
    except SyntaxError as exc:
        raise BadLab(f"{path}:{exc.lineno}: {exc.msg}") from None
    except Exception as exc:  # noqa: BLE001 - a course's own code: any of its mistakes is told
        lines = [
            f.lineno for f in traceback.extract_tb(exc.__traceback__) if f.filename == str(path)
        ]
        where = f"{path}:{lines[-1]}" if lines else path
        what = "" if isinstance(exc, BadLab) else f"{type(exc).__name__}: "
        raise BadLab(f"{where}: {what}{exc}") from None
    tests = [value for value in space.values() if isinstance(value, Test)]
    if not tests:
        raise BadLab(f"{path} has no tests")
    return tests
