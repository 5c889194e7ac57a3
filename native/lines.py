# SPDX-License-Identifier: BSD-2-Clause
"""The lines of a trace's commonest records, printed in C: lines.c and kdump.c.

The twin in Python are libktrace's printers: they serve where the helper is not built, and print
what it leaves.  `implementation` says which there is.
"""

from typing import Any, Final, Protocol

from native import helper

# What is done with records of a type: kdump.h's `how`.
LEAVE, OMIT, CALL, RET, PATH, DATA, SWITCH = range(7)
TYPES: Final = 32  # that can be told of
CALLS: Final = 1024  # whose names can be told
ERRORS: Final = 0xFFFFFFFF  # the kind of what errors are called


class Lines(Protocol):
    """What the helper's type does; its attributes are the fields of kdump.h's struct kdump."""

    taken: int  # bytes of records that have been printed or left out at last
    full: int  # whether it stopped for lack of room: there is more that it can print
    since: int  # the times that others are shown since
    previous: int

    def type(self, number: int, how: int, start: bytes) -> None:
        """Tell what is done with records of a type, and the word for it with its blanks."""

    def vis(self, byte: int, shown: bytes) -> None:
        """Tell how a byte of data is shown."""

    def call(self, code: int, name: bytes, named: int = 0, least: int = 0) -> None:
        """Tell the name of a call when it is made.

        Args:
            code: its number, below CALLS.
            name: as it is shown.
            named: a bit for each argument, of eight, that is shown by name, see learn.
            least: with fewer arguments none is.
        """

    def ret(self, code: int, name: bytes) -> None:
        """Tell the name of a call when it returns."""

    def learn(self, kind: int, value: int, shown: bytes) -> None:
        """Tell what a value is called: an error, or an argument shown by name.

        Args:
            kind: ERRORS, or argument().
            value: the number; its lowest 64 bits count.
            shown: what stands for it.
        """

    def show(self, buffer: bytes, at: int) -> bytes:
        """Return the text of the records that start at byte `at` of buffer.

        It stops at the first one that is left to the caller, or is not whole.
        """


def argument(code: int, position: int) -> int:
    """Return the kind of an argument of a call."""
    return (code << 3 | position) + 1


_helper: Final[Any] = helper("_lines")
implementation: str = "Python" if _helper is None else "C"


def lines(fields: dict[str, int]) -> Lines:
    """Return a printer with the fields of struct kdump; only where the implementation is C."""
    made: Lines = _helper.Lines()
    for name, value in fields.items():
        setattr(made, name, value)
    return made
