# SPDX-License-Identifier: BSD-2-Clause
"""The expression of find(1) as one test: ( ) ! -and -or.  NetBSD usr.bin/find/operator.c."""

from userland.find.exec import NEEDS_TERMINATOR
from userland.find.find import Find, Test
from userland.find.function import PRIMARIES
from userland.libc.include import errx

_OR = frozenset(("-o", "-or"))
_AND = frozenset(("-a", "-and"))


class Plan:
    """Reads an expression from the arguments."""

    def __init__(self, find: Find, argv: list[str]) -> None:
        self.find = find
        self.argv = argv

    def form(self) -> Test:
        """Return the test of the whole; it prints if nothing else acts."""
        if not self.argv:
            return self._printed(lambda entry: True)
        test = self._or()
        if self.argv:
            errx(1, "): no beginning '('")
        return test if self.find.output else self._printed(test)

    def _printed(self, test: Test) -> Test:
        output = PRIMARIES["-print"][1](self.find, [])
        return lambda entry: test(entry) and output(entry)

    def _peek(self) -> str:
        return self.argv[0] if self.argv else ""

    def _or(self) -> Test:
        if self._peek() in _OR:
            errx(1, "-or: no expression before -or")
        left = self._and()
        while self._peek() in _OR:
            self.argv.pop(0)
            if self._peek() in {"", ")"}:
                errx(1, "-or: no expression after -or")
            left = _either(left, self._and())
        return left

    def _and(self) -> Test:
        left = self._not()
        while self.argv and self._peek() not in _OR and self._peek() != ")":
            if self._peek() in _AND:
                self.argv.pop(0)
            left = _both(left, self._not())
        return left

    def _not(self) -> Test:
        if self._peek() in {"!", "-not"}:
            self.argv.pop(0)
            if self._peek() in {"", ")"} or self._peek() in _OR:
                errx(1, "!: no following expression")
            test = self._not()
            return lambda entry: not test(entry)
        if self._peek() == "(":
            self.argv.pop(0)
            if self._peek() == ")":
                errx(1, "(): empty inner expression")
            test = self._or()
            if self._peek() != ")":
                errx(1, "(: missing closing ')'")
            self.argv.pop(0)
            return test
        return self._primary()

    def _primary(self) -> Test:
        if not self.argv:
            errx(1, "!: no following expression")
        name = self.argv.pop(0)
        if name == ")":
            errx(1, "): no beginning '('")
        if name not in PRIMARIES:
            errx(1, f"{name}: unknown option")
        count, make = PRIMARIES[name]
        if count == NEEDS_TERMINATOR:
            return make(self.find, self.argv)
        if len(self.argv) < count:
            errx(1, f"{name}: requires additional arguments")
        values, self.argv = self.argv[:count], self.argv[count:]
        return make(self.find, values)


def _both(left: Test, right: Test) -> Test:
    return lambda entry: left(entry) and right(entry)


def _either(left: Test, right: Test) -> Test:
    return lambda entry: left(entry) or right(entry)
