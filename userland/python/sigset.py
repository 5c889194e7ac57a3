# SPDX-License-Identifier: BSD-2-Clause
"""The signals a program names.  CPython Modules/posixmodule.c, _Py_Sigset_Converter."""

from collections.abc import Iterable

from kernel.sys.signal import NSIG

__all__ = ["signals"]


def signals(signums: Iterable[int]) -> list[int]:
    """Return the signals of signums.

    Raises:
        ValueError: there is no such signal.
    """
    found = list(signums)
    for signum in found:
        if not 0 < signum < NSIG:
            raise ValueError(f"signal number {signum} out of range [1; {NSIG - 1}]")
    return found
