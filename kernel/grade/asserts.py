# SPDX-License-Identifier: BSD-2-Clause
"""`assert` in a lab's tests: when it fails it tells what was expected and what was there.

`assert actual == expected, "words for the student"`: the left side is what the program did;
of `in` the right one.
"""

import ast
import operator
from collections.abc import Callable
from difflib import unified_diff
from typing import Any, Final

from kernel.printable import printable
from userland.libktrace.selection import Claim

_CONTEXT: Final = 2  # lines around a difference
_LONGEST: Final = 400  # characters of a value
_MOST: Final = 24  # lines of a difference

_COMPARISONS: Final[dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]]] = {
    ast.Eq: ("", operator.eq),
    ast.NotEq: ("anything but ", operator.ne),
    ast.Lt: ("less than ", operator.lt),
    ast.LtE: ("at most ", operator.le),
    ast.Gt: ("more than ", operator.gt),
    ast.GtE: ("at least ", operator.ge),
    ast.Is: ("", operator.is_),
    ast.IsNot: ("anything but ", operator.is_not),
    ast.In: ("something with ", lambda a, b: a in b),
    ast.NotIn: ("something without ", lambda a, b: a not in b),
}
_INSIDE: Final = ("In", "NotIn")  # what the program did is on the right
_NAMES: Final = {kind.__name__: entry for kind, entry in _COMPARISONS.items()}


class CheckFailed(AssertionError):
    """A check of a test has failed.

    Attributes:
        said: in the test's words; "" if it has none.
        reason: what was checked.
        explained: what was expected and what was there.
        actual: only the latter.
    """

    def __init__(self, said: str, reason: str = "", explained: str = "", actual: str = "") -> None:
        super().__init__(said or reason)
        self.said = said
        self.reason = said or reason
        self.explained = explained
        self.actual = actual


class _Rewriter(ast.NodeTransformer):
    """Makes each assert a call that knows both sides."""

    def __init__(self, source: str) -> None:
        self._source = source

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        """Replace one."""
        test = node.test
        kind: type = type(None)
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            kind = type(test.ops[0])
            values = [test.left, test.comparators[0]]
        elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            kind = ast.Not
            values = [test.operand]
        else:
            values = [test]
        message = node.msg or ast.Constant("")
        arguments = ast.arguments(
            posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]
        )
        call = ast.Call(
            ast.Name("__check__", ast.Load()),
            [
                ast.Constant(kind.__name__),
                ast.Constant(ast.get_source_segment(self._source, test) or ""),
                ast.Lambda(arguments, message),
                *values,
            ],
            [],
        )
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))


def compile_tests(source: str, path: str) -> Any:
    """Return the code of a lab's tests, its asserts rewritten; they need check as __check__.

    Raises:
        SyntaxError: it is no Python.
    """
    tree = _Rewriter(source).visit(ast.parse(source, path))
    return compile(tree, path, "exec", dont_inherit=True)


def check(kind: str, source: str, message: Callable[[], object], *values: Any) -> None:
    """Do what an assert does.

    Raises:
        CheckFailed: it does not hold.
    """
    claim = next((value for value in values if isinstance(value, Claim)), None)
    if kind in _NAMES:
        left, right = values
        words, holds = _NAMES[kind]
        if holds(left, right):
            return
        if claim is not None:
            raise CheckFailed(str(message()), source, claim.explain())
        actual, expected = (right, left) if kind in _INSIDE else (left, right)
        found = f"got      {_show(actual)}"
        wanted = f"expected {words}{_show(expected)}"
        explained = _difference(left, right) if kind == "Eq" else ""
        raise CheckFailed(str(message()), source, explained or f"{wanted}\n{found}", found)
    value = values[0]
    if bool(value) is (kind == "Not"):
        if claim is not None:
            raise CheckFailed(str(message()), source, claim.explain())
        shown = "" if value is None or isinstance(value, bool) else f"got      {_show(value)}"
        said = str(message())
        if said and not value:  # what is empty explains nothing that the words do not
            raise CheckFailed(said, source, "", shown)
        explained = shown if said else f"this does not hold: {source}\n{shown}".rstrip()
        raise CheckFailed(said, source, explained, shown)


def _show(value: Any) -> str:
    """Return a value as a student reads it."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"


def _difference(actual: Any, expected: Any) -> str:
    """Return how two texts of several lines differ, "" if they are not such."""
    if type(actual) is not type(expected) or not isinstance(actual, (str, bytes)):
        return ""
    first, second = (printable(value).splitlines() for value in (expected, actual))
    if len(first) < 2 and len(second) < 2:
        return ""
    lines = list(unified_diff(first, second, "expected", "got", lineterm="", n=_CONTEXT))
    left = [f"... and {len(lines) - _MOST} lines more"] if len(lines) > _MOST else []
    return "\n".join([*(line[:_LONGEST] for line in lines[:_MOST]), *left])
