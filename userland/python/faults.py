# SPDX-License-Identifier: BSD-2-Clause
"""What faulthandler keeps of a program."""

from typing import Any


class Faults:
    """What a program has asked for."""

    def __init__(self) -> None:
        self.enabled = False
        self.later: Any = None  # a lock whose release takes back what dump_traceback_later set
        self.before: dict[int, Any] = {}  # what signals did before they were registered
