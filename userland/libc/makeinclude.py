# SPDX-License-Identifier: BSD-2-Clause
"""Which module has what programs include: exports.py from include.py.

python -m userland.libc.makeinclude > userland/libc/exports.py
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from textwrap import fill
from types import ModuleType
from typing import Any, Final

_INCLUDE: Final = Path(__file__).with_name("include.py")
# What headers use themselves, and a program did not ask for.
_INTERNAL: Final = frozenset(
    "Annotated Any Callable Final IntEnum ModuleType NamedTuple Self Struct TYPE_CHECKING TypeAlias"
    " dataclass field".split()
)
_UNDERSCORED: Final = ("_exit", "_ksem_", "_lwp_", "_sched_", "__acl_", "__posix_")


def _headers() -> Iterator[ast.ImportFrom]:
    """Yield the lines of include.py that are for the type checker."""
    for statement in ast.parse(_INCLUDE.read_text()).body:
        if isinstance(statement, ast.If):
            yield from (line for line in statement.body if isinstance(line, ast.ImportFrom))


def _public(module: ModuleType) -> list[str]:
    """Return what a star imports."""
    names = [name for name in vars(module) if not name.startswith("_")]
    return list(getattr(module, "__all__", names))


def _is_given(name: str, value: object) -> bool:
    if name in _INTERNAL or isinstance(value, ModuleType):
        return False
    return not name.startswith("_") or name.startswith(_UNDERSCORED)


def exports() -> dict[str, list[str]]:
    """Return the names by the first module that has what the last one makes of them."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for line in _headers():
        module = import_module(str(line.module))
        for alias in line.names:
            for name in _public(module) if alias.name == "*" else [alias.name]:
                found.setdefault(name, []).append((module.__name__, vars(module)[name]))
    made: dict[str, list[str]] = {}
    for name, places in found.items():
        value = places[-1][1]
        if _is_given(name, value):
            made.setdefault(next(m for m, other in places if other is value), []).append(name)
    return made


def source() -> str:
    """Return the text of exports.py."""
    lines = [
        "# SPDX-License-Identifier: BSD-2-Clause",
        '"""Which module has what programs include.  Made by makeinclude, a test keeps it so."""',
        "",
        "from typing import Final",
        "",
        "EXPORTS: Final = {",
    ]
    for module, names in sorted(exports().items()):
        text = fill(" ".join(sorted(names)), 88, break_on_hyphens=False)
        lines.append(f'    "{module}": """')
        lines += [f"        {line}" for line in text.splitlines()]
        lines.append('    """,')
    return "\n".join([*lines, "}", ""])
