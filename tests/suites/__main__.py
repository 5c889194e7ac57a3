# SPDX-License-Identifier: BSD-2-Clause
"""Run test suites of PyPI's on the host and inside, and compare: python -m tests.suites [NAME ...]."""

import argparse
import subprocess
import sys
from pathlib import Path

from tests.suites.driver import Environment, Suite, compare, read_reasons, read_suites

_SHOWN = 20  # differences of a suite
ROW = "{:18}{:>10}{:>8}{:>8}{:>8}{:>12}"


def main() -> int:
    """Run; exit 1 if a test that passes on the host fails inside, and no reason is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.suites")
    parser.add_argument("names", nargs="*", help="packages, as in suites.tsv [all]")
    parser.add_argument("--dir", type=Path, default=Path(".suites"), help="for packages [.suites]")
    parser.add_argument("-v", action="store_true", help="name what is different for a known reason")
    options = parser.parse_args()
    suites = {suite.name: suite for suite in read_suites()}
    unknown = [name for name in options.names if name not in suites]
    if unknown:
        parser.error(f"no suite {unknown[0]}: there are {' '.join(suites)}")
    environment = Environment(options.dir.absolute())
    print(f"CPython {sys.version.split()[0]}")
    print(ROW.format("package", "version", "host", "inside", "known", "unexpected"), flush=True)
    chosen = [suites[name] for name in options.names] or list(suites.values())
    results = [_run(environment, suite, options.v) for suite in chosen]
    return 0 if all(results) else 1


def _run(environment: Environment, suite: Suite, loud: bool) -> bool:
    try:
        source = environment.prepare(suite)
    except subprocess.CalledProcessError as exc:
        print(f"{suite.name:18}{suite.version:>10} pip failed with status {exc.returncode}")
        return False
    host = environment.run_host(suite, source)
    inside = environment.run_inside(suite, source)
    known, unexpected = compare(suite, host, inside, read_reasons())
    passed = [sum(kind == "passed" for kind, _ in found.values()) for found in (host, inside)]
    print(ROW.format(suite.name, suite.version, *passed, len(known), len(unexpected)), flush=True)
    for test, text in list(unexpected.items())[:_SHOWN]:
        print(f"unexpected  {test}: {text}")
    if len(unexpected) > _SHOWN:
        print(f"unexpected  {len(unexpected) - _SHOWN} more: {environment.told} has all")
    for test, text in known.items() if loud else ():
        print(f"known       {test}: {text}")
    return not unexpected and passed[0] > 0


if __name__ == "__main__":
    sys.exit(main())
