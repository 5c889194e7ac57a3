# SPDX-License-Identifier: BSD-2-Clause
"""The records of a trace as tuples, made in C: decode.c.

The twin in Python is the loop of libktrace's Reader, which serves where the helper is not built,
and reads what is odd, torn or too far from 1970.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol

from native import helper


class Decoder(Protocol):
    """What the helper's type does."""

    def take(self, buffer: bytes, at: int, base: int, most: int) -> tuple[list[Any], int]:
        """Return records, and where in buffer the first one after them is.

        Args:
            buffer: a piece of the trace.
            at: where in it a record starts.
            base: where it is in the trace.
            most: records.
        """


_helper: Final[Any] = helper("_decode")
implementation: str = "Python" if _helper is None else "C"


def decoder(
    record: type, text: Callable[[bytes], str], version: int, abi: object, places: dict[str, int]
) -> Decoder | None:
    """Return what makes records of a trace; None if the twin serves.

    Args:
        record: the named tuple to make: type, version, pid, lid, comm, time, payload, abi,
            offset and raw_comm.
        text: makes a comm of a raw_comm.
        version: of the records.
        abi: of the trace.
        places: fields of layout.h's struct layout.
    """
    if implementation == "Python":
        return None
    made: Any = _helper.Decoder(record, text, version, abi)
    for name, value in places.items():
        setattr(made, name, value)
    decoder: Decoder = made
    return decoder
