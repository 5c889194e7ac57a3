# SPDX-License-Identifier: BSD-2-Clause
"""Code whose text is made by a program.  Python Lib/importlib/_bootstrap_external.py.

The interpreter keeps its bytecode as it keeps that of a source file, and makes
it anew when one of its sources has changed.
"""

import os
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any


class Generated(SourceFileLoader):
    """Loads a module whose file exists as bytecode only."""

    def __init__(
        self, fullname: str, path: str, sources: tuple[str, ...], make: Callable[[], str]
    ) -> None:
        """Take the sources, and make, which returns the text when one of them has changed."""
        super().__init__(fullname, path)
        self._sources = sources
        self._make = make

    def code(self) -> CodeType:
        """Return the module's code."""
        code: CodeType | None = self.get_code(self.name)
        if code is None:
            raise ImportError(f"{self.path} has no code")
        return code

    def path_stats(self, path: str) -> dict[str, Any]:
        """The file is as new as the newest source; its size is not known before it is made."""
        del path
        return {"mtime": max(os.stat(source).st_mtime for source in self._sources), "size": None}

    def get_data(self, path: str) -> bytes:
        """Make the source when it is asked for."""
        if path != self.path:
            return super().get_data(path)
        return self._make().encode()
