# SPDX-License-Identifier: BSD-2-Clause
"""What somebody may have meant by a word that names nothing."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from kernel.sys.module import autoload

if TYPE_CHECKING:
    import difflib

    from userland.libc import exports
else:
    difflib = autoload("difflib")
    exports = autoload("userland.libc.exports")

_CONSTANT: Final = re.compile(r"[A-Z]+_[A-Z0-9_]+")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question to end a message about word with, "" if none of known is like it."""
    near = difflib.get_close_matches(word, known, n=1)
    return f": did you mean {near[0]!r}?" if near else ""


def check_constant(word: str) -> None:
    """Look at what nothing is called by.

    Raises:
        ValueError: it is spelled as a constant of C's is; there is no such, but one like it.
    """
    if _CONSTANT.fullmatch(word):
        known = " ".join(exports.EXPORTS.values()).split()
        near = "" if word in known else did_you_mean(word, known)
        if near:
            raise ValueError(f"no constant {word!r}{near}")
