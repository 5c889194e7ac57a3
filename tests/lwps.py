# SPDX-License-Identifier: BSD-2-Clause
"""LWPs for tests: on a stack of their own."""

from collections.abc import Callable
from contextlib import suppress

from userland.libc import include as libc
from userland.libc.machine import map_buffer

STACK = 8192  # bytes


def spawn(start: Callable[[int], object], arg: int = 0, flags: int = 0) -> int:
    """Run start(arg) in another LWP of the process that runs; return its lid."""
    base = map_buffer(memoryview(bytearray(STACK)), 3)
    return libc._lwp_create(libc._lwp_makecontext(start, arg, base, STACK), flags)


def park(_arg: int = 0) -> None:
    """What an LWP runs that does nothing but wait to be unparked."""
    with suppress(InterruptedError):
        libc._lwp_park()
