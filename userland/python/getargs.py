# SPDX-License-Identifier: BSD-2-Clause
"""Arguments as functions of C take them, with their refusals.  CPython Python/getargs.c."""

from operator import index
from typing import Any, Final

INT_MAX: Final = 2**31 - 1
USHRT_MAX: Final = 2**16 - 1
SSIZE_MAX: Final = 2**63 - 1


def c_int(value: Any) -> int:
    """Return value as an int of C.

    Raises:
        TypeError: it is no integer.
        OverflowError: it is none of 32 bits.
    """
    number = index(value)
    if number > INT_MAX:
        raise OverflowError("signed integer is greater than maximum")
    if number < ~INT_MAX:
        raise OverflowError("signed integer is less than minimum")
    return number


def as_int(value: Any) -> int:
    """Return value as an int of C, as PyLong_AsInt says it.

    Raises:
        TypeError: it is no integer.
        OverflowError: it is none of 32 bits.
    """
    number = index(value)
    if not ~INT_MAX <= number <= INT_MAX:
        raise OverflowError("Python int too large to convert to C int")
    return number


def c_ssize(value: Any) -> int:
    """Return value as an ssize_t of C.

    Raises:
        TypeError: it is no integer.
        OverflowError: it is none of 64 bits.
    """
    number = index(value)
    if not ~SSIZE_MAX <= number <= SSIZE_MAX:
        raise OverflowError("Python int too large to convert to C ssize_t")
    return number


def c_ushort(value: Any) -> int:
    """Return value as an unsigned short of C.

    Raises:
        TypeError: it is no integer.
        ValueError: it is negative.
        OverflowError: it is none of 16 bits.
    """
    number = index(value)
    if number < 0:
        raise ValueError("value must be positive")
    if number > USHRT_MAX:
        raise OverflowError("Python int too large for C unsigned short")
    return number


def readable(value: Any) -> memoryview:
    """Return the bytes of a bytes-like object.

    Raises:
        TypeError: it is none.
    """
    try:
        view = memoryview(value)
    except TypeError:
        kind = type(value).__name__
        raise TypeError(f"a bytes-like object is required, not '{kind}'") from None
    return _flat(view)


def _flat(view: memoryview) -> memoryview:
    if not view.c_contiguous:
        raise BufferError("memoryview: underlying buffer is not C-contiguous")
    return view.cast("B") if view.nbytes else view


def writable(value: Any, refusal: str) -> memoryview:
    """Return the memory of a bytes-like object that can be written to.

    Raises:
        TypeError: it is none; refusal is the text, which may name {kind}.
    """
    try:
        view = memoryview(value)
    except TypeError:
        view = memoryview(b"")
    if view.readonly:
        raise TypeError(refusal.format(kind=type(value).__name__))
    return _flat(view)
