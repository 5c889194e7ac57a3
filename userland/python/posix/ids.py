# SPDX-License-Identifier: BSD-2-Clause
"""Users and groups of a process: os.setuid, os.getgroups and their kin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.sys.param import NGROUPS_MAX as _NGROUPS_MAX
from userland.libc import include as _libc
from userland.libc import sys as _sys
from userland.python.arguments import c_id as _c_id

if TYPE_CHECKING:
    from userland.python.arguments import FsName, Id, Text


def getuid() -> int:
    """Return the real user."""
    return _libc.getuid()


def geteuid() -> int:
    """Return the effective user."""
    return _sys.geteuid()


def getgid() -> int:
    """Return the real group."""
    return _libc.getgid()


def getegid() -> int:
    """Return the effective group."""
    return _sys.getegid()


def setuid(uid: Id, /) -> None:
    """Set the user."""
    _sys.setuid(uid)


def seteuid(euid: Id, /) -> None:
    """Set the effective user."""
    _sys.seteuid(euid)


def setreuid(ruid: Id, euid: Id, /) -> None:
    """Set the real and the effective user; -1 leaves one as it is."""
    _sys.setreuid(ruid, euid)


def setgid(gid: Id, /) -> None:
    """Set the group."""
    _sys.setgid(gid)


def setegid(egid: Id, /) -> None:
    """Set the effective group."""
    _sys.setegid(egid)


def setregid(rgid: Id, egid: Id, /) -> None:
    """Set the real and the effective group; -1 leaves one as it is."""
    _sys.setregid(rgid, egid)


def getgroups() -> list[int]:
    """Return the supplementary groups."""
    return list(_libc.getgroups())


def setgroups(groups: Any, /) -> None:
    """Set the supplementary groups."""
    if not hasattr(type(groups), "__getitem__") or isinstance(groups, dict):
        raise TypeError("setgroups argument must be a sequence")
    if len(groups) > _NGROUPS_MAX:
        raise ValueError("too many groups")
    for group in groups:
        if not isinstance(group, int):
            raise TypeError("groups must be integers")
    _libc.setgroups([_c_id(group, "gid") for group in groups])


def getgrouplist(user: Text, group: Id, /) -> list[int]:
    """Return the groups a user is in."""
    return _libc.getgrouplist(user, group)


def initgroups(username: FsName, gid: Id, /) -> None:
    """Set the supplementary groups to those a user is in."""
    name = username.decode("utf-8", "surrogateescape")
    _libc.setgroups(_libc.getgrouplist(name, gid)[:_NGROUPS_MAX])


def getlogin() -> str:
    """Return the login name of the session."""
    return _libc.getlogin()
