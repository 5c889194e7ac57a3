# SPDX-License-Identifier: BSD-2-Clause
"""sys.flags, as python3's command line says.  CPython Python/sysmodule.c."""

import sys as host_sys
from collections.abc import Callable
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, Final, Self

from userland.python.initconfig import Config

_HOST: Any = host_sys.flags
_NAMES: Final[tuple[str, ...]] = _HOST.__match_args__
_VALUES: Final = tuple((name, type(getattr(_HOST, name)), getattr(_HOST, name)) for name in _NAMES)

_KNOWN: Final = tuple(name for name in _NAMES if hasattr(Config, name))
_CONFIGURED: Final[Callable[[Config], tuple[Any, ...]]] = attrgetter(*_KNOWN)


class flags(tuple[Any, ...]):
    """What the interpreter was asked for: a named tuple."""

    __slots__ = ()
    n_fields = _HOST.n_fields
    n_sequence_fields = _HOST.n_sequence_fields
    n_unnamed_fields = 0

    def __new__(cls, *_args: object) -> Self:
        """Refuse: there is one.

        Raises:
            TypeError: always.
        """
        raise TypeError("cannot create 'sys.flags' instances")

    def __repr__(self) -> str:
        return f"sys.flags({', '.join(f'{name}={getattr(self, name)!r}' for name in _NAMES)})"


for _at, _name in enumerate(_NAMES):
    setattr(flags, _name, property(itemgetter(_at)))
if hasattr(_HOST, "gil"):  # from 3.13 on, beside the sequence
    flags.gil = _HOST.gil  # type: ignore[attr-defined]  # mypy checks for 3.11
flags.__module__ = "sys"


def make_flags(config: Config) -> flags:
    """Return sys.flags for config; what it does not know is as in the host's."""
    return _flags(_CONFIGURED(config))


@cache
def _flags(values: tuple[Any, ...]) -> flags:
    given = dict(zip(_KNOWN, values, strict=True))
    return tuple.__new__(flags, [kind(given.get(name, value)) for name, kind, value in _VALUES])
