# SPDX-License-Identifier: BSD-2-Clause
"""The modes of the host's terminal follow those of the console, as far as the host has them."""

import atexit
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from kernel.sys import termios as guest
from kernel.sys.module import autoload

if TYPE_CHECKING:
    import termios as host
else:
    host = autoload("termios")

# Flags by the field they are in, and special characters: what both have by the same name.
_FLAGS: Final = {
    0: "BRKINT ISTRIP INLCR IGNCR ICRNL IXON IXANY IMAXBEL",
    1: "OPOST ONLCR",
    3: "ECHOKE ECHOE ECHOK ECHO ECHONL ECHOCTL ISIG ICANON IEXTEN NOFLSH",
}
_CHARS: Final = (
    "VEOF VEOL VEOL2 VERASE VWERASE VKILL VREPRINT VINTR VQUIT VSUSP VSTART VSTOP VLNEXT"
)
_CC: Final = 6  # where tcgetattr's list has the characters


class HostTty:
    """The host's terminal at a descriptor; as it was found once this program ends."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._found: list[Any] | None = None

    def follow(self, modes: guest.Termios) -> None:
        """Set modes; there need be no terminal."""
        if not os.isatty(self._fd):
            return
        now = host.tcgetattr(self._fd)
        if self._found is None:
            self._found = host.tcgetattr(self._fd)
            atexit.register(self.restore)
        for field, names in _FLAGS.items():
            for name in names.split():
                bit: int = getattr(host, name)
                on = modes[field] & getattr(guest, name)
                now[field] = now[field] | bit if on else now[field] & ~bit
        for name in _CHARS.split():
            char = modes.c_cc[getattr(guest, name)]
            now[_CC][getattr(host, name)] = 0 if char == guest._POSIX_VDISABLE else char
        now[_CC][host.VMIN], now[_CC][host.VTIME] = 1, 0  # the console waits by itself
        host.tcsetattr(self._fd, host.TCSADRAIN, now)

    def restore(self) -> None:
        """Set what was there before."""
        with suppress(host.error):  # it may have gone meanwhile
            if self._found is not None:
                host.tcsetattr(self._fd, host.TCSADRAIN, self._found)
