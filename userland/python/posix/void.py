# SPDX-License-Identifier: BSD-2-Clause
"""Calls of which Python's os does not tell what they return."""

from collections.abc import Callable
from functools import wraps
from typing import Any


def void(call: Callable[..., Any]) -> Callable[..., None]:
    """Return call without its register: os.setuid() gives None where setuid(2) gives 0."""

    @wraps(call)
    def function(*args: Any) -> None:
        call(*args)

    return function
