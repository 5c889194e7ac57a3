# SPDX-License-Identifier: BSD-2-Clause
"""The console on the host's terminal, with line editing where a person types."""

import io
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from kernel.cli.hosttty import HostTty
from kernel.fs.hostfs.hostfs_subr import host_errno
from kernel.sys.errno import KernelError
from kernel.sys.module import autoload
from kernel.sys.signal import SIGINT, SIGQUIT, SIGTSTP
from kernel.sys.termios import ICANON, Termios

if TYPE_CHECKING:
    import select
else:
    select = autoload("select")

STDERR_MINOR = 2

# What the keys ^C, ^\ and ^Z bring from the host's terminal, and what they are inside.
INTERRUPT: Final = {signal.SIGINT: SIGINT}
JOB_CONTROL: Final = INTERRUPT | {signal.SIGQUIT: SIGQUIT, signal.SIGTSTP: SIGTSTP}


class HostConsole:
    """stdin, stdout and stderr of the host, unbuffered.

    Args:
        keys: signals of the host's that are the foreground process group's, and which inside.
    """

    def __init__(self, keys: Mapping[signal.Signals, int] = INTERRUPT) -> None:
        self.keys = keys
        self._terminal = HostTty(0)

    def read_ready(self, block: bool) -> bool:
        """Return whether input, or its end, is there; with block wait a moment for it.

        Not longer, so that the kernel sees a signal that came meanwhile.
        """
        try:
            return bool(select.select([0], [], [], 0.05 if block else 0)[0])
        except (OSError, ValueError):
            return True  # stdin is closed: reading says so

    def read(self, size: int) -> bytes:
        """Return what there is, up to size bytes; b"" at the end of input."""
        try:
            return os.read(0, size)
        except OSError:
            return b""

    def write(self, data: bytes | memoryview, minor: int) -> int:
        """Write data; return the count, all of it if nobody reads it any more.

        Raises:
            KernelError: what the host says instead: ENOSPC, EBADF ...
        """
        try:
            return os.write(2 if minor == STDERR_MINOR else 1, data)
        except BrokenPipeError:
            return len(data)
        except OSError as exc:
            raise KernelError(host_errno(exc)) from exc

    def isatty(self, minor: int) -> bool:
        """Tell whether stderr (minor 2), or both stdin and stdout, are a terminal."""
        return all(os.isatty(fd) for fd in ((2,) if minor == STDERR_MINOR else (0, 1)))

    def winsize(self) -> tuple[int, int]:
        """Return (rows, columns)."""
        try:
            columns, lines = os.get_terminal_size(1)
        except OSError:
            return 24, 80
        return lines, columns

    def setmodes(self, modes: Termios) -> None:
        """Have the host's terminal do what the program wants; it is as it was at the end."""
        self._terminal.follow(modes)


class LineConsole(HostConsole):
    """A console for an interactive shell: lines are edited, and remembered.

    Who reads without a prompt has its line from the host's terminal: the kernel idles meanwhile,
    and sees what ^C and ^Z bring.
    """

    def __init__(self, history: str, keys: Mapping[signal.Signals, int] = INTERRUPT) -> None:
        super().__init__(keys)
        self._lines = True  # the program wants lines
        self._readline = line_editor(history)
        self._partial = b""  # the unfinished line on the screen: the shell's prompt
        self._typed = b""

    def read_ready(self, block: bool) -> bool:
        """A person is asked when the shell reads; without lines, keys come from the host."""
        return bool(self._typed or self._edited()) or super().read_ready(block)

    def read(self, size: int) -> bytes:
        """Ask for a line if the last one is used up."""
        if not (self._typed or self._edited()):
            return super().read(size)
        if not self._typed:
            prompt = self._partial.decode(errors="replace")
            sys.stdout.write("\r")
            try:
                self._typed = f"{self._readline(prompt)}\n".encode("utf-8", "surrogateescape")
            except EOFError:
                self._partial = b""
                return b""
            except KeyboardInterrupt:
                self._typed = b"\n"
        self._partial = b""
        data, self._typed = self._typed[:size], self._typed[size:]
        return data

    def _edited(self) -> bool:
        return self._lines and bool(self._partial)

    def write(self, data: bytes | memoryview, minor: int) -> int:
        """Write data and note the prompt in it."""
        self._partial = (self._partial + bytes(data)).rpartition(b"\n")[2]
        return super().write(data, minor)

    def setmodes(self, modes: Termios) -> None:
        """As the host's terminal; whether there are lines to be edited, too."""
        self._lines = bool(modes.c_lflag & ICANON)
        super().setmodes(modes)


def line_editor(history: str) -> Callable[[str], str]:
    """Return a function that asks for a line: prompt_toolkit's if it is there, else readline's."""
    try:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.formatted_text import ANSI
        from prompt_toolkit.history import FileHistory
    except ImportError:
        return _plain_editor()
    session: PromptSession[str] = PromptSession(history=FileHistory(os.path.expanduser(history)))
    return lambda prompt: session.prompt(ANSI(prompt))


def _plain_editor() -> Callable[[str], str]:
    """input(), which readline improves by being imported."""
    try:
        __import__("readline")
    except ImportError:
        sys.stderr.write("sh: no line editing: neither prompt_toolkit nor readline\n")
    if isinstance(sys.stdin, io.TextIOWrapper):  # what is no text is typed, too
        sys.stdin.reconfigure(errors="surrogateescape")
    return input
