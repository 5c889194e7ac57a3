# SPDX-License-Identifier: BSD-2-Clause
"""A program's own code, compiled; if the kernel preempts, so that it can be at each statement.

What is put in says where it is with the lines and columns of what was there: tracebacks
are the same.  Besides the start of each statement of a function or module, the clock may
interrupt between the load and the store of an assignment: `x += 1` can lose an update.

Where the kernel does not preempt, that is done with loops of the main program that do
nothing but wait, as `while not flag: pass`: else time would stand still for ever.
"""

import ast
import re
from types import CodeType
from typing import Final

from userland.libc.data import curdata
from userland.libc.machine import curlwp, spin, statement

NAME: Final = "__preempt__"  # of what is called, among the builtins of such a process

SPIN: Final = "__spin__"  # the same for loops that wait

_BODIES: Final = ("body", "orelse", "finalbody", "handlers", "cases")
_ATOMS: Final = (ast.Constant, ast.Name, ast.Lambda)
_MAY_WAIT: Final = re.compile(rb"\bwhile\b[^\n]*:\s*(?:#[^\n]*\s*)*(?:pass|continue|\.\.\.|if\b)")
_ENDS: Final = (ast.Pass, ast.Continue, ast.Break)


def compile_program(
    source: bytes | str, filename: str, optimize: int = -1, main: bool = False
) -> CodeType:
    """Compile a file of a program; main: one that no other process will run.

    Raises:
        SyntaxError, ValueError: as compile().
    """
    preempt = curlwp().l_kernel.preempt
    if not preempt and not (main and may_wait(source)):
        return compile(source, filename, "exec", dont_inherit=True, optimize=optimize)
    tree: ast.Module = compile(
        source, filename, "exec", ast.PyCF_ONLY_AST, dont_inherit=True, optimize=optimize
    )  # type: ignore[assignment]  # of the mode "exec"
    if main and _waits(tree):
        vars(curdata().runtime.builtins)[SPIN] = spin
    if preempt:
        _suite(tree, tree.body)
    return compile(tree, filename, "exec", dont_inherit=True, optimize=optimize)


def preempting_builtins() -> dict[str, object]:
    """Return what a process's builtins have more for the code that compile_program makes."""
    return {NAME: statement} if curlwp().l_kernel.preempt else {}


def may_wait(source: bytes | str) -> bool:
    """Whether a program may have loops that do nothing but wait."""
    if isinstance(source, str):
        source = source.encode("utf-8", "surrogatepass")
    return _MAY_WAIT.search(source) is not None


def _waits(tree: ast.Module) -> bool:
    """Put a place into each loop that waits; return whether there is one."""
    found = False
    for node in ast.walk(tree):
        if isinstance(node, ast.While) and _only_waits(node.body) and not _acts(node.test):
            node.body.insert(0, ast.copy_location(ast.Expr(_call(node, name=SPIN)), node))
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


def _acts(test: ast.expr) -> bool:
    return any(
        isinstance(node, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom))
        for node in ast.walk(test)
    )


def _suite(owner: ast.AST, body: list[ast.stmt]) -> None:
    """Put a place to be preempted before each statement of body, and into assignments.

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
        out.append(node)
    body[:] = out


def _within(node: ast.AST) -> None:
    """Do so for the suites in a statement, or in a clause of one."""
    for name in _BODIES:
        for clause in (suite := getattr(node, name, None) or []):
            if not isinstance(clause, ast.stmt):
                _within(clause)
        if suite and isinstance(suite[0], ast.stmt):
            _suite(node, suite)


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


def _call(where: ast.stmt | ast.expr, *args: ast.expr, name: str = NAME) -> ast.Call:
    function = ast.copy_location(ast.Name(name, ast.Load()), where)
    return ast.copy_location(ast.Call(function, list(args), []), where)
