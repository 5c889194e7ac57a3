# SPDX-License-Identifier: BSD-2-Clause
"""The pwd module of a program: /etc/passwd inside.  CPython Modules/pwdmodule.c."""

from __future__ import annotations

from pwd import struct_passwd
from typing import TYPE_CHECKING, Any

from userland.libc import include as _libc
from userland.python.arguments import c_id as _c_id

if TYPE_CHECKING:
    from userland.python.arguments import Text

__all__ = ["getpwall", "getpwnam", "getpwuid", "struct_passwd"]


def getpwuid(uidobj: Any, /) -> struct_passwd:
    """Return the user with an id.

    Raises:
        KeyError: there is none.
    """
    try:
        uid = _c_id(uidobj, "uid")
    except OverflowError:
        raise KeyError("getpwuid(): uid not found") from None
    found = _libc.getpwuid(uid)
    if found is None:
        raise KeyError(f"getpwuid(): uid not found: {uid}")
    return struct_passwd(found)


def getpwnam(name: Text, /) -> struct_passwd:
    """Return the user called name.

    Raises:
        KeyError: there is none.
    """
    found = _libc.getpwnam(name)
    if found is None:
        raise KeyError(f"getpwnam(): name not found: {name!r}")
    return struct_passwd(found)


def getpwall() -> list[struct_passwd]:
    """Return all users."""
    return [struct_passwd(each) for each in _libc.getpwall()]
