# SPDX-License-Identifier: BSD-2-Clause
"""C extensions, and their twins in Python.

Each module here whose name has no underscore offers one job, and takes it from the
extension or from the twin beside it (`_py`), by what `helper` finds.
"""

from importlib import import_module
from os import environ
from typing import Any


def helper(name: str) -> Any:
    """Return the extension native.name; None if it is not built, or SYSENT_NATIVE is 0."""
    if environ.get("SYSENT_NATIVE") == "0":
        return None
    try:
        return import_module(f"native.{name}")
    except ImportError:
        return None
