# SPDX-License-Identifier: BSD-2-Clause
"""Fetches a package with its tests, runs them on the host and inside, and compares the two."""

import fnmatch
import os
import shutil
import subprocess
import sys
import tarfile
import venv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PATIENCE = 1800.0  # seconds of the host for one suite
BUILDERS = (
    "setuptools>=77", "wheel", "flit-core<4", "hatchling", "hatch-vcs", "setuptools-scm", "poetry-core",
)  # fmt: skip
NEVER = "ended the system, or was not run"

Results = dict[str, tuple[str, str]]  # by test: passed, failed or skipped, and what it said


@dataclass(frozen=True)
class Suite:
    """A row of suites.tsv."""

    name: str
    version: str
    needs: tuple[str, ...]  # what the tests import, as pip names it
    pytest: tuple[str, ...]  # arguments of pytest
    run: tuple[str, ...]  # options of `kernel run`


@dataclass(frozen=True)
class Reason:
    """A row of reasons.tsv: why tests that pass on the host do not pass inside."""

    suite: str
    pattern: str
    reason: str


def read_suites() -> list[Suite]:
    """Return the suites that are run."""
    return [
        Suite(name, version, *(tuple(part.split()) for part in (needs, pytest, run)))
        for name, version, needs, pytest, run in _rows("suites.tsv", 5)
    ]


def read_reasons() -> list[Reason]:
    """Return the reviewed differences."""
    return [Reason(*row) for row in _rows("reasons.tsv", 3)]


def compare(
    suite: Suite, host: Results, inside: Results, reasons: list[Reason]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return of the tests that pass on the host only those with a reason, and the others."""
    known, unexpected = {}, {}
    mine = [one for one in reasons if one.suite == suite.name]
    for test, (kind, _) in host.items():
        there, text = inside.get(test, ("failed", NEVER))
        if kind != "passed" or there == "passed":
            continue
        by = [one.reason for one in mine if fnmatch.fnmatchcase(test, one.pattern)]
        if by:
            known[test] = by[0]
        else:
            unexpected[test] = text or there
    return known, unexpected


def read_told(text: str) -> Results:
    """Return what came of each test, of the lines that tell.py wrote: the worst counts."""
    results: Results = {}
    for line in text.splitlines():
        kind, test, said = line.split("\t", 2)
        if kind == "start":
            results[test] = ("failed", NEVER)
        elif kind == "failed" or results.get(test, ("failed", NEVER)) == ("failed", NEVER):
            results[test] = (kind, said)
    return results


class Environment:
    """A folder with packages, and a virtual environment that both sides import from."""

    def __init__(self, place: Path) -> None:
        self.place = place / "python{}.{}".format(*sys.version_info)
        self.python = self.place / "bin" / "python"
        if not self.python.exists():
            venv.create(self.place, with_pip=True)
            self._pip("install", "pytest", *BUILDERS)
        [self.site] = self.place.glob("lib/python*/site-packages")
        self.told = self.place / "told"  # what came of the tests, and what pytest printed
        self.told.mkdir(exist_ok=True)

    def prepare(self, suite: Suite) -> Path:
        """Fetch a package's source, install it and what its tests need; return where it is.

        Raises:
            subprocess.CalledProcessError: pip, which has said why.
        """
        wanted = f"{suite.name}=={suite.version}"
        sources = self.place / "sources" / suite.name
        if not sources.is_dir():
            self._pip("install", wanted, *suite.needs)
            self._pip(
                "download", "--no-deps", "--no-binary", ":all:", "--no-build-isolation",
                "--dest", str(sources), wanted,
            )  # fmt: skip
        [archive] = sources.glob("*.tar.gz")
        with tarfile.open(archive) as tar:
            tar.extractall(sources, filter="data")
        [source] = (path for path in sources.iterdir() if path.is_dir())
        return source

    def run_host(self, suite: Suite, source: Path) -> Results:
        """Run the tests as python3 does."""
        return self._run("host", suite, source, [str(self.python)])

    def run_inside(self, suite: Suite, source: Path) -> Results:
        """Run the tests as `kernel run` does: a copy of the source is root's home directory."""
        command = [
            sys.executable, "-m", "kernel", "run", "--alone", "--site-dir", str(self.site),
            "--mount", f"{self.place / 'inside'}:/root", "--mount", f"{self.told}:{self.told}",
            *suite.run,
        ]  # fmt: skip
        for name, value in self._variables(suite, "inside").items():
            command += ["--env", f"{name}={value}"]
        return self._run("inside", suite, source, command)

    def _variables(self, suite: Suite, where: str) -> dict[str, str]:
        return {
            "PYTHONPATH": str(self.told),
            "SUITES_TOLD": str(self.told / f"{suite.name}.{where}"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "LANG": "C.UTF-8",
        }

    def _run(self, where: str, suite: Suite, source: Path, command: list[str]) -> Results:
        shutil.copy(HERE / "tell.py", self.told / "suites_tell.py")
        copy = self.place / where
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(source, copy, symlinks=True)
        told = self.told / f"{suite.name}.{where}"
        told.write_text("")
        pytest = ["-m", "pytest", "-q", "-p", "suites_tell", "-p", "no:cacheprovider"]
        environ = dict(os.environ, PYTHONPATH=str(HERE.parents[1]))
        if where == "host":
            environ.update(self._variables(suite, where))
        with (self.told / f"{suite.name}.{where}.log").open("wb") as log:
            try:
                subprocess.run(
                    [*command, *pytest, *suite.pytest], cwd=copy, env=environ, check=False,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=PATIENCE,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                log.write(b"no end in sight\n")
        return read_told(told.read_text(errors="replace"))

    def _pip(self, *arguments: str) -> None:
        subprocess.run([self.python, "-m", "pip", "--quiet", "--quiet", *arguments], check=True)


def _rows(name: str, count: int) -> list[list[str]]:
    rows = []
    for number, line in enumerate((HERE / name).read_text().splitlines(), 1):
        if line and not line.startswith("#"):
            fields = [field if field != "-" else "" for field in line.split("\t")]
            if len(fields) != count:
                raise ValueError(f"{name}:{number}: {len(fields)} fields, not {count}")
            rows.append(fields)
    return rows
