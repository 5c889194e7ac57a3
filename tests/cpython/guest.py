# SPDX-License-Identifier: BSD-2-Clause
"""The program that runs one file of tests inside: stdin has the patterns of what not to run.

Arguments: the module, a pattern of names, the mark.  Each line of what it tells goes to the
console in one write, after the mark.
"""

import fnmatch
import importlib.util
import json
import os
import sys
import traceback
import unittest

sys.path.append("/usr/lib/made")  # what system.py has made

from test import support

RESOURCES = ("cpu", "curses", "largefile", "subprocess", "walltime", "network")

_, MODULE, PATTERN, MARK = sys.argv


def tell(kind: str, test: object = "", text: str = "") -> None:
    line = json.dumps({"kind": kind, "test": str(test), "text": text})
    console = os.open("/dev/console", os.O_WRONLY)  # each time: tests close what they find open
    os.write(console, MARK.encode() + line.encode() + b"\n")
    os.close(console)


def qualified(module: str) -> str:
    """Return the name by which a module is imported: what was made is no part of test."""
    package = module.partition(".")[0]
    return module if importlib.util.find_spec(f"test.{package}") is None else f"test.{module}"


def name(test: unittest.TestCase) -> str:
    return test.id().removeprefix("test.")


class Result(unittest.TestResult):
    """Tells each thing as it happens: what comes after may be the end of the system."""

    def startTest(self, test):
        super().startTest(test)
        self.bad = False
        tell("start", name(test))

    def _failed(self, test, err):
        self.bad = True
        tell("failed", name(test), "".join(traceback.format_exception(*err)))

    def addError(self, test, err):
        self._failed(test, err)

    def addFailure(self, test, err):
        self._failed(test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._failed(test, err)

    def addSkip(self, test, reason):
        self.bad = True
        tell("skipped", name(test), reason)

    def addSuccess(self, test):
        if not self.bad:
            tell("passed", name(test))

    def addExpectedFailure(self, test, err):
        tell("passed", name(test))

    def addUnexpectedSuccess(self, test):
        tell("failed", name(test), "unexpected success")


def flat(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from flat(one)
        else:
            yield one


def main() -> None:
    without = set(sys.stdin.read().split("\n"))
    support.use_resources = dict.fromkeys(RESOURCES)
    support.verbose = 0
    try:
        loaded = unittest.defaultTestLoader.loadTestsFromName(qualified(MODULE))
    except unittest.SkipTest as exc:
        tell("skipped", MODULE, str(exc))
        loaded = []
    tests = [test for test in flat(loaded) if fnmatch.fnmatchcase(name(test), PATTERN)]
    for test in tests:
        tell("found", name(test))
    todo = [
        test for test in tests if not any(fnmatch.fnmatchcase(name(test), one) for one in without)
    ]
    unittest.TestSuite(todo).run(Result())
    tell("end")


if __name__ == "__main__":
    main()
