# SPDX-License-Identifier: BSD-2-Clause
"""The pwd and grp modules of a program: /etc/passwd and /etc/group inside."""

from userland import libc as _libc
from userland.libc.pwd import Group as struct_group
from userland.libc.pwd import Passwd as struct_passwd

__all__ = [
    "getgrall", "getgrgid", "getgrnam", "getpwall", "getpwnam", "getpwuid", "struct_group",
    "struct_passwd",
]  # fmt: skip


def getpwuid(uid: int) -> struct_passwd:
    """Return the user with id uid.

    Raises:
        KeyError: there is none.
    """
    found = _libc.getpwuid(uid)
    if found is None:
        raise KeyError(f"getpwuid(): uid not found: {uid}")
    return found


def getpwnam(name: str) -> struct_passwd:
    """Return the user called name.

    Raises:
        KeyError: there is none.
    """
    found = _libc.getpwnam(name)
    if found is None:
        raise KeyError(f"getpwnam(): name not found: {name!r}")
    return found


def getgrgid(gid: int) -> struct_group:
    """Return the group with id gid.

    Raises:
        KeyError: there is none.
    """
    found = _libc.getgrgid(gid)
    if found is None:
        raise KeyError(f"getgrgid(): gid not found: {gid}")
    return found


def getgrnam(name: str) -> struct_group:
    """Return the group called name.

    Raises:
        KeyError: there is none.
    """
    found = _libc.getgrnam(name)
    if found is None:
        raise KeyError(f"getgrnam(): name not found: {name!r}")
    return found


def getpwall() -> list[struct_passwd]:
    """Return all users."""
    return _libc.getpwall()


def getgrall() -> list[struct_group]:
    """Return all groups."""
    return _libc.getgrall()
