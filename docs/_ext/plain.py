# SPDX-License-Identifier: BSD-2-Clause
"""A Sphinx extension: docstrings are plain text, and examples in them are indented."""

import re
from typing import Any, Final

from sphinx.application import Sphinx

_EXAMPLE: Final = re.compile(r" {4}\S")
_SECTION: Final = re.compile(r"[A-Z][a-z]+:$")  # of a Google docstring
_MARKS: Final = re.compile(r"(?<!\\)([*|]|_(?=[^\w]|$))")  # what would be markup


def docstring(
    _app: Sphinx, _what: str, _name: str, _obj: object, _options: object, lines: list[str]
) -> None:
    """Escape what would be markup; mark an indented example as a literal block."""
    literal = section = False
    result: list[str] = []
    for number, line in enumerate(lines):
        if line and not line.startswith(" "):
            literal, section = False, bool(_SECTION.match(line))
        elif not literal and not section and _EXAMPLE.match(line) and not lines[number - 1]:
            result += ["::", ""]
            literal = True
        result.append(line if literal else _MARKS.sub(r"\\\1", line))
    lines[:] = result


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the handler: before napoleon's, which makes markup."""
    app.connect("autodoc-process-docstring", docstring, priority=400)
    return {"parallel_read_safe": True}
