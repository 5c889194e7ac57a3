# SPDX-License-Identifier: BSD-2-Clause
"""What the command lines of ktrace(1) and ktruss(1) ask for.  NetBSD usr.bin/ktrace/ktrace.c."""

from kernel.sys.dataclasses import dataclass
from kernel.sys.ktrace import KTRFAC_INHERIT, KTRFAC_VER_SHIFT, KTRFLAG_DESCEND
from userland.libc.strto import atoi
from userland.libktrace.points import DEF_POINTS, getpoints

DEF_TRACEFILE = "ktrace.out"


class RequestError(Exception):
    """An option makes no sense: what to say of it, "" for the usage only."""


@dataclass(slots=True)
class Request:
    """What the options ask for."""

    append: bool = False  # -a
    clear: bool = False  # -c
    clear_all: bool = False  # -C
    sync: bool = False  # -s
    nonblocking: bool = False  # -n
    descend: int = 0  # -d
    inherit: int = 0  # -i
    tracefile: str = DEF_TRACEFILE  # -f
    pid: int | None = None  # -p; -g is negative
    points: int | None = None  # -t
    version: int = 2  # -v

    def option(self, letter: str, value: str) -> bool:
        """Take one option; return whether it is one of those that both commands have.

        Raises:
            RequestError: its value.
        """
        match letter:
            case "a":
                self.append = True
            case "C":
                self.clear_all = True
                self.pid = 1
            case "c":
                self.clear = True
            case "d":
                self.descend = KTRFLAG_DESCEND
            case "f":
                self.tracefile = value
            case "g" | "p":
                self._target(letter, value)
            case "i":
                self.inherit = KTRFAC_INHERIT
            case "n":
                self.nonblocking = True
            case "s":
                self.sync = True
            case "t":
                try:
                    self.points = getpoints(self.points or 0, value)
                except ValueError:
                    raise RequestError(f"unknown facility in {value}") from None
            case "v":
                self.version = atoi(value)
            case _:
                return False
        return True

    def _target(self, letter: str, value: str) -> None:
        """Take the operand of -g or -p."""
        if self.pid is not None:
            raise RequestError("only one -g or -p flag is permitted.")
        if not value:
            raise RequestError("illegal process id.")
        self.pid = -atoi(value) if letter == "g" else atoi(value)

    def facilities(self, default: int = DEF_POINTS) -> int:
        """Return the points, or default, with the flags that go with them."""
        points = default if self.points is None else self.points
        return points | self.inherit | self.version << KTRFAC_VER_SHIFT
