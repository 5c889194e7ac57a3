# SPDX-License-Identifier: BSD-2-Clause
"""Compiled code out of files, made once for all processes: a code object cannot be changed.

A fork's child runs its program anew, and loads again what its parent has loaded.
"""

import _imp
import marshal
from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Final

fix_co_filename: Final[Callable[[CodeType, str], None]] = vars(_imp)["_fix_co_filename"]


@lru_cache(maxsize=512)
def unmarshal(data: bytes, filename: str | None = None) -> CodeType:
    """Return the code object that data is.

    Args:
        data: what marshal.dumps() made of it.
        filename: what it is to name as its source, if not what it names by itself.

    Raises:
        EOFError, ValueError, TypeError: data is none.
    """
    code = marshal.loads(data)
    if not isinstance(code, CodeType):
        raise TypeError("not a code object")
    if filename is not None:
        fix_co_filename(code, filename)
    return code
