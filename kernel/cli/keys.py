# SPDX-License-Identifier: BSD-2-Clause
"""What the host's signals are to a command that runs programs: keys of its terminal, or the end."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Final

from kernel import api
from kernel.arch.python.locore import interrupt
from kernel.cli.console import HostConsole
from kernel.interrupts import stop

# They end the run whatever the programs do, but for those that are keys inside: ^\ is SIGQUIT.
_ENDS: Final = (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM)


def attend(system: api.System, console: HostConsole) -> None:
    """Let the console's keys signal the foreground process group, other signals end the run.

    The second one of those ends this process, as without us.
    """
    for key, signo in console.keys.items():
        signal.signal(key, _keyboard(system, signo))
    for signo in _ENDS:
        if signo not in console.keys and signal.getsignal(signo) is not signal.SIG_IGN:
            signal.signal(signo, _end(system))


def _keyboard(system: api.System, signo: int) -> Callable[[int, FrameType | None], None]:
    def handler(_key: int, frame: FrameType | None) -> None:
        system.kernel.signals.append(signo)
        interrupt(system.kernel, frame)

    return handler


def _end(system: api.System) -> Callable[[int, FrameType | None], None]:
    def handler(signo: int, frame: FrameType | None) -> None:
        signal.signal(signo, signal.SIG_DFL)
        stop(system.kernel, signo, frame)

    return handler
