# SPDX-License-Identifier: BSD-2-Clause
"""Golden traces beside the tests: compared, made with --ktrace-update, missed when nobody asks.

tests/test_save.py has its own in tests/__traces__/test_save/NAME.trace.
"""

import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from kernel.sys.dataclasses import dataclass, field
from userland.libktrace.golden import Sections, from_text, report, to_text

FOLDER: Final = "__traces__"
SUFFIX: Final = ".trace"
_LONGEST: Final = 120  # characters of a name
_PREVIEW: Final = 12  # lines of a trace that has no golden one

Matcher = Callable[[str | None, Sections], None]


class Mismatch(AssertionError):
    """A trace is not the golden one; the text shows where."""


def folder(test_file: Path) -> Path:
    """Return where the golden traces of a file of tests are."""
    return test_file.parent / FOLDER / test_file.stem


def file_name(name: str) -> str:
    """Return a name of a file for the name of a test, another one for each."""
    shown = re.sub(r"[^\w.,=+-]+", "-", name).strip("-")
    plain = re.fullmatch(r"[\w.,=+-]+(\[[\w.,=+-]+\])?", name)
    if plain is None or len(shown) > _LONGEST:
        shown = f"{shown[:_LONGEST]}-{zlib.crc32(name.encode()):08x}"
    return shown


@dataclass(slots=True)
class Run:
    """What a run of tests has to do with golden traces, as far as one process knows.

    Attributes:
        asked: paths of those that tests have compared with.
        written: what was made or made anew.
        tests: by file of tests that has golden traces, the ids of its tests.
        partial: files of which not all tests were to run.
    """

    asked: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    tests: dict[str, set[str]] = field(default_factory=dict)
    partial: set[str] = field(default_factory=set)

    def export(self) -> dict[str, list[str] | dict[str, list[str]]]:
        """Return it in plain types, to be sent to another process."""
        return {
            "asked": sorted(self.asked),
            "written": sorted(self.written),
            "partial": sorted(self.partial),
            "tests": {name: sorted(ids) for name, ids in self.tests.items()},
        }

    def add(self, other: "dict[str, object]") -> None:
        """Take what another process has exported."""
        for name in ("asked", "written", "partial"):
            words = other[name]
            if isinstance(words, list):
                getattr(self, name).update(words)
        tests = other["tests"]
        if isinstance(tests, dict):
            for file, ids in tests.items():
                self.tests.setdefault(file, set()).update(ids)


class Goldens:
    """The golden traces of a run."""

    def __init__(self, root: Path, *, updating: bool = False) -> None:
        """Name files from root on; with updating, take traces as they are."""
        self.run = Run()
        self.passed: set[str] = set()  # ids of tests
        self.updating = updating
        self._root = root
        self._texts: dict[Path, Sections] = {}  # written by this process

    def matcher(self, test_file: Path, test: str, title: str) -> Matcher:
        """Return what compares a trace for a test.

        Args:
            test_file: where the test is.
            test: its name there.
            title: who it is, for readers.
        """
        unnamed = 0

        def match(name: str | None, found: Sections) -> None:
            __tracebackhide__ = True
            nonlocal unnamed
            if name is None:
                unnamed += 1
                name = test if unnamed == 1 else f"{test}-{unnamed}"
            path = folder(test_file) / f"{file_name(name)}{SUFFIX}"
            self.run.asked.add(str(path))
            if self.updating:
                self._update(path, title, found)
            else:
                self._compare(path, title, found)

        return match

    def shown(self, path: str | Path) -> str:
        """Return a path from the root on."""
        return os.path.relpath(path, self._root)

    def _compare(self, path: Path, title: str, found: Sections) -> None:
        """Compare with what is in path.

        Raises:
            Mismatch: it differs, or is not there.
        """
        __tracebackhide__ = True
        name = self.shown(path)
        if not path.exists():
            preview = to_text(found, title).splitlines()
            more = [f"... {len(preview) - _PREVIEW} lines"] if len(preview) > _PREVIEW else []
            raise Mismatch(
                "\n".join(
                    [
                        f"there is no golden trace {name}.",
                        "Make it with --ktrace-update, read it, and keep it with the test:",
                        *preview[:_PREVIEW],
                        *more,
                    ]
                )
            )
        try:
            golden = from_text(path.read_text(encoding="utf-8"))
        except ValueError as exc:
            raise Mismatch(f"{name}: {exc}") from None
        differs = report(golden, found)
        if differs:
            raise Mismatch(
                f"the trace differs from {name}\n"
                f"(if that is right, --ktrace-update takes it as it is)\n\n{differs}"
            )

    def _update(self, path: Path, title: str, found: Sections) -> None:
        """Write path, unless it is so already.

        Raises:
            Mismatch: another test has written another trace there.
        """
        __tracebackhide__ = True
        other = self._texts.get(path)
        if other is not None and (differs := report(other, found)):
            raise Mismatch(
                f"{self.shown(path)} is another test's, whose trace differs\n\n{differs}"
            )
        self._texts[path] = found
        text = to_text(found, title)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        new.write_text(text, encoding="utf-8")
        new.replace(path)
        self.run.written.add(str(path))

    def collected(self, tests: Iterable[tuple[Path, str]]) -> None:
        """Take note of the tests there are: their files and ids."""
        for path, test in tests:
            self.run.tests.setdefault(str(path), set()).add(test)

    def partly(self, paths: Iterable[Path]) -> None:
        """Take note of files of which some tests will not run."""
        self.run.partial.update(map(str, paths))

    def forget_others(self) -> None:
        """Keep only the files that golden traces lie beside."""
        self.run.tests = {
            name: tests
            for name, tests in self.run.tests.items()
            if (Path(name).parent / FOLDER).is_dir()
        }

    def stale(self) -> list[Path]:
        """Return the golden traces that nobody has asked for, though all tests of a file ran.

        If one was skipped, left out or failed, none of its file is stale: that might be its own.
        """
        whole = [
            Path(name)
            for name, tests in self.run.tests.items()
            if name not in self.run.partial and tests <= self.passed
        ]
        beside = {Path(name).parent for name in self.run.tests}
        places = [*map(folder, whole), *(place for path in beside for place in _orphans(path))]
        return sorted(
            path
            for place in places
            for path in place.glob(f"*{SUFFIX}")
            if str(path) not in self.run.asked
        )


def _orphans(directory: Path) -> Iterator[Path]:
    """Yield the folders of golden traces whose file of tests is gone."""
    for place in (directory / FOLDER).glob("*"):
        if not (directory / f"{place.name}.py").exists():
            yield place
