# SPDX-License-Identifier: BSD-2-Clause
"""C extensions, and their twins in Python.

Each module here whose name has no underscore offers one job, and takes it from the
extension or from the twin beside it (`_py`), by what `helper` finds.
"""

import os
from functools import cache
from importlib import import_module
from importlib.util import source_hash
from typing import Any


class StaleHelper(ImportError):
    """An extension was not built from the sources that are here: it may do what they do not."""


@cache
def sources() -> str:
    """Return the hash of all sources in C that are here; of none, if they were not installed."""
    here = os.path.dirname(os.path.abspath(__file__))
    text = bytearray()
    for name in sorted(os.listdir(here)):
        if name.endswith((".c", ".h")):
            with open(os.path.join(here, name), "rb") as file:
                text += file.read()
    return source_hash(text).hex()


def helper(name: str) -> Any:
    """Return the extension native.name; None if it is not built, or SYSENT_NATIVE is 0.

    Raises:
        StaleHelper: it was built from other sources.
    """
    if os.environ.get("SYSENT_NATIVE") == "0":
        return None
    try:
        extension = import_module(f"native.{name}")
    except ImportError:
        return None
    if getattr(extension, "SOURCES", None) != sources():
        raise StaleHelper(
            f"{extension.__file__} was built from other sources: `make native` builds it anew,"
            " SYSENT_NATIVE=0 does without",
            name=extension.__name__,
        )
    return extension
