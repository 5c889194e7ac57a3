# SPDX-License-Identifier: BSD-2-Clause
"""A program's own code, compiled; if the kernel preempts, so that it can be at each statement.

What is put in says where it is with the lines and columns of what was there: tracebacks
are the same.  Besides the start of each statement of a function or module, the clock may
interrupt between the load and the store of an assignment: `x += 1` can lose an update; and
between the managers of a `with`: `with this, that` may hold one lock and wait for the other.

Where the kernel does not preempt, that is done with loops of the main program that do
nothing but wait, as `while not flag: pass`: else time would stand still for ever.
"""

import re
from functools import lru_cache
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

from kernel.sys.module import autoload
from userland.libc.data import curdata
from userland.libc.machine import curlwp, spin, statement

if TYPE_CHECKING:
    import ast

    from userland.python import statements
else:
    ast = autoload("ast")
    statements = autoload("userland.python.statements")

_MAY_WAIT: Final = re.compile(rb"\bwhile\b[^\n]*:\s*(?:#[^\n]*\s*)*(?:pass|continue|\.\.\.|if\b)")


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
    tree: Any = compile(
        source, filename, "exec", ast.PyCF_ONLY_AST, dont_inherit=True, optimize=optimize
    )
    if main and statements.wait_in_loops(tree):
        vars(curdata().runtime.builtins)[statements.SPIN] = spin
    if preempt:
        statements.preempt_suite(tree, tree.body)
    return compile(tree, filename, "exec", dont_inherit=True, optimize=optimize)


def preempting_builtins() -> dict[str, object]:
    """Return what a process's builtins have more for the code that compile_program makes."""
    return {statements.NAME: statement} if curlwp().l_kernel.preempt else {}


@lru_cache(maxsize=64)  # a program's children have the same
def may_wait(source: bytes | str) -> bool:
    """Whether a program may have loops that do nothing but wait."""
    if isinstance(source, str):
        source = source.encode("utf-8", "surrogatepass")
    return _MAY_WAIT.search(source) is not None
