# SPDX-License-Identifier: BSD-2-Clause
"""What a kernel's console and terminals are wired to when nobody sits there, for kernel.api."""

import io
from collections.abc import Callable

from kernel.dev.tty_pty import PtSoftc, ptcattach, ptcdetach
from kernel.kern.tty import ttsetsize
from kernel.kern.tty_input import ttyinput
from kernel.sys.termios import Termios, Winsize
from kernel.sys.types import minor


class Buffers:
    """A console that is buffers: input is given, output is kept."""

    def __init__(self, stdin: bytes = b"") -> None:
        self.stdin = io.BytesIO(stdin)
        self.stdout = bytearray()
        self.stderr = bytearray()

    def mark(self) -> tuple[int, int]:
        """Return how much output and error output there has been, for since()."""
        return len(self.stdout), len(self.stderr)

    def since(self, mark: tuple[int, int]) -> tuple[bytes, bytes]:
        """Return the output and the error output since mark()."""
        return bytes(self.stdout[mark[0] :]), bytes(self.stderr[mark[1] :])

    def read_ready(self, block: bool) -> bool:
        """Input never has to be waited for: at its end there is the end of file."""
        del block
        return True

    def read(self, size: int) -> bytes:
        """Return up to size bytes."""
        return self.stdin.read(size)

    def write(self, data: bytes | memoryview, minor: int) -> int:
        """Keep data; minor 2 is the error output."""
        (self.stderr if minor == 2 else self.stdout).extend(data)
        return len(data)

    def isatty(self, minor: int) -> bool:
        """Buffers are no terminal: programs neither prompt nor write in columns."""
        del minor
        return False

    def winsize(self) -> tuple[int, int]:
        """Return 24 rows, 80 columns."""
        return 24, 80

    def setmodes(self, modes: Termios) -> None:
        """Modes mean nothing to buffers."""
        del modes


class Terminal:
    """A terminal whose keyboard and screen the host has: a pseudo-terminal held from outside."""

    def __init__(self, settle: Callable[[], None], pti: PtSoftc) -> None:
        self._settle = settle
        self.path = b"/dev/pts/%d" % minor(pti.pt_tty.t_dev)
        self._pti = pti
        self._screen = bytearray()
        self._size = Winsize(24, 80)
        ptcattach(pti)
        pti.pt_screen = self._screen.extend

    def type(self, data: bytes) -> None:
        """Type data, and let everybody run who can; what finds no room is lost, with a beep."""
        for char in data:
            ttyinput(char, self._pti.pt_tty)
        self._settle()

    def read(self) -> bytes:
        """Return what has been written and echoed since the last time."""
        shown = bytes(self._screen)
        self._screen.clear()
        return shown

    def resize(self, rows: int, columns: int) -> None:
        """Give the terminal another size: the foreground process group gets SIGWINCH."""
        self._size = Winsize(rows, columns)
        self.opened()
        self._settle()

    def opened(self) -> None:
        """Give a terminal that was opened anew its size."""
        ttsetsize(self._pti.pt_tty, self._size)

    def hangup(self) -> None:
        """Take the terminal away: SIGHUP, and the end of input."""
        if self._pti.pt_tty.t_oproc is not None:
            ptcdetach(self._pti)
            self._settle()
