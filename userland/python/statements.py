# SPDX-License-Identifier: BSD-2-Clause
"""What instrument puts into a program's tree: places where it can be preempted, and waits."""

import ast
from typing import Final

NAME: Final = "__preempt__"  # of what is called, among the builtins of such a process
SPIN: Final = "__spin__"  # the same for loops that wait

_BODIES: Final = ("body", "orelse", "finalbody", "handlers", "cases")
_ATOMS: Final = (ast.Constant, ast.Name, ast.Lambda)
_ENDS: Final = (ast.Pass, ast.Continue, ast.Break)


def wait_in_loops(tree: ast.Module) -> bool:
    """Put a place into each loop that waits; return whether there is one."""
    found = False
    for node in ast.walk(tree):
        if isinstance(node, ast.While) and _only_waits(node.body) and not _acts(node.test):
            calls = ast.copy_location(ast.Constant(_calls(node)), node)
            node.body.insert(0, ast.copy_location(ast.Expr(_call(node, calls, name=SPIN)), node))
            found = True
    return found


def _only_waits(body: list[ast.stmt]) -> bool:
    """Whether nothing can have changed after these statements."""
    return all(
        isinstance(node, _ENDS)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (
            isinstance(node, ast.If)
            and not _acts(node.test)
            and _only_waits(node.body)
            and _only_waits(node.orelse)
        )
        for node in body
    )


def _calls(loop: ast.While) -> bool:
    """Whether a round calls functions: these may do something."""
    parts = (loop.test, *loop.body)
    return any(isinstance(node, ast.Call) for part in parts for node in ast.walk(part))


def _acts(test: ast.expr) -> bool:
    return any(
        isinstance(node, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom))
        for node in ast.walk(test)
    )


def preempt_suite(owner: ast.AST, body: list[ast.stmt]) -> None:
    """Put a place to be preempted before each statement of body, and into some.

    Not into the body of a class, whose names are looked up in what a metaclass chooses, nor
    before a docstring or an import from __future__.
    """
    out: list[ast.stmt] = []
    for node in body:
        _within(node)
        if not isinstance(owner, ast.ClassDef) and not _must_be_first(node, out):
            out.append(ast.copy_location(ast.Expr(_call(node)), node))
            if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
                _assignment(node)
            if isinstance(node, (ast.With, ast.AsyncWith)):
                _managers(node)
        out.append(node)
    body[:] = out


def _within(node: ast.AST) -> None:
    """Do so for the suites in a statement, or in a clause of one."""
    for name in _BODIES:
        for clause in (suite := getattr(node, name, None) or []):
            if not isinstance(clause, ast.stmt):
                _within(clause)
        if suite and isinstance(suite[0], ast.stmt):
            preempt_suite(node, suite)


def _must_be_first(node: ast.stmt, before: list[ast.stmt]) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__"
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring and not before


def _assignment(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> None:
    """Let the value go through a place: all is loaded by then, and nothing stored."""
    value = node.value
    if value is not None and (isinstance(node, ast.AugAssign) or not isinstance(value, _ATOMS)):
        node.value = _call(value, value)


def _managers(node: ast.With | ast.AsyncWith) -> None:
    """Put a place between the managers of one statement: `with this, that` takes one lock first."""
    for item in node.items[1:]:
        item.context_expr = _call(item.context_expr, item.context_expr)


def _call(where: ast.stmt | ast.expr, *args: ast.expr, name: str = NAME) -> ast.Call:
    function = ast.copy_location(ast.Name(name, ast.Load()), where)
    return ast.copy_location(ast.Call(function, list(args), []), where)
