# SPDX-License-Identifier: BSD-2-Clause
"""The host's own ^C while a program runs: for the program, and for whoever runs it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interruptible() -> Iterator[None]:
    """Let KeyboardInterrupt end the block even if a program inside has caught it, and ended.

    Where the host has a handler of its own, or in another thread, all stays as it is.

    Raises:
        KeyboardInterrupt: SIGINT came.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    came = False

    def note(signo: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        signal.default_int_handler(signo, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if came:
        raise KeyboardInterrupt
