# SPDX-License-Identifier: BSD-2-Clause
"""The grp module of a program: /etc/group inside.  CPython Modules/grpmodule.c."""

from __future__ import annotations

from grp import struct_group
from typing import TYPE_CHECKING, Any

from userland.libc import include as _libc
from userland.python.arguments import c_id as _c_id

if TYPE_CHECKING:
    from userland.python.arguments import Text

__all__ = ["getgrall", "getgrgid", "getgrnam", "struct_group"]


def getgrgid(id: Any) -> struct_group:
    """Return the group with an id.

    Raises:
        KeyError: there is none.
    """
    gid = _c_id(id, "gid")
    found = _libc.getgrgid(gid)
    if found is None:
        raise KeyError(f"getgrgid(): gid not found: {gid}")
    return struct_group(found)


def getgrnam(name: Text) -> struct_group:
    """Return the group called name.

    Raises:
        KeyError: there is none.
    """
    found = _libc.getgrnam(name)
    if found is None:
        raise KeyError(f"getgrnam(): name not found: {name!r}")
    return struct_group(found)


def getgrall() -> list[struct_group]:
    """Return all groups."""
    return [struct_group(each) for each in _libc.getgrall()]
