# SPDX-License-Identifier: BSD-2-Clause
"""The host's own signals while a program runs: for the program, and for whoever runs it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from kernel.arch.python.locore import interrupt
from kernel.process import Stopped
from kernel.sys.kernel import Kernel
from kernel.sys.module import autoload

if TYPE_CHECKING:
    import threading
else:
    threading = autoload("threading")


def stop(kernel: Kernel, signo: int, frame: FrameType | None) -> None:
    """The host has got signo while frame ran: end the run, whatever its programs make of it."""
    kernel.stopping = signo
    interrupt(kernel, frame)


@contextmanager
def interruptible(kernel: Kernel) -> Iterator[None]:
    """Let KeyboardInterrupt end the block even if a program inside has caught it, and ended.

    The second ^C ends it at once: a program may go on for ever.  Where the host has a handler
    of its own, or in another thread, all stays as it is.

    Raises:
        KeyboardInterrupt: SIGINT came.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    came = 0

    def note(signo: int, frame: FrameType | None) -> None:
        nonlocal came
        came += 1
        if came == 2:
            stop(kernel, signo, frame)
        else:
            signal.default_int_handler(signo, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield
    except Stopped:
        raise KeyboardInterrupt from None
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if came:
        raise KeyboardInterrupt
