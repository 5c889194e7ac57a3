# SPDX-License-Identifier: BSD-2-Clause
"""How long something takes, by what it does: the same on a machine of any speed."""

import sys
from collections.abc import Callable
from typing import Any


def lines(function: Callable[..., object], *args: object) -> int:
    """Count the lines of Python that a call of function runs on this stack."""
    count = 0

    def trace(_frame: object, _event: str, _arg: object) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*args)
    finally:
        sys.settrace(before)
    return count
