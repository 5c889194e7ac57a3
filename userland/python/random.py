# SPDX-License-Identifier: BSD-2-Clause
"""The _random module of a program: seeded by the kernel.  CPython Modules/_randommodule.c."""

import _random as _host
from typing import NoReturn

from userland.python.posix.system import urandom as _urandom

__all__ = ["Random"]


class Random(_host.Random):
    """The generator; without a seed it takes one of the kernel's random device."""

    def seed(self, n: object = None, /) -> None:
        """Start the generator anew."""
        super().seed(int.from_bytes(_urandom(32), "little") if n is None else n)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled, as what is made in C."""
        raise TypeError(f"cannot pickle '{type(self).__module__}.{type(self).__name__}' object")
