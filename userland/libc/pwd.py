# SPDX-License-Identifier: BSD-2-Clause
"""Users and groups, from /etc.  NetBSD include/pwd.h, grp.h."""

from kernel.sys.fcntl import O_RDONLY
from kernel.sys.namedtuple import NamedTuple
from userland.libc import sys

__all__ = [
    "Group",
    "Passwd",
    "getgrall",
    "getgrgid",
    "getgrnam",
    "getgrouplist",
    "getpwall",
    "getpwnam",
    "getpwuid",
]


class Passwd(NamedTuple):
    """A user (struct passwd)."""

    pw_name: str
    pw_passwd: str
    pw_uid: int
    pw_gid: int
    pw_gecos: str
    pw_dir: str
    pw_shell: str


class Group(NamedTuple):
    """A group (struct group)."""

    gr_name: str
    gr_passwd: str
    gr_gid: int
    gr_mem: list[str]


def _lines(path: str) -> list[list[str]]:
    try:
        fd = sys.open(path, O_RDONLY)
    except OSError:
        return []
    data = b""
    while block := sys.read(fd, 4096):
        data += block
    sys.close(fd)
    return [line.split(":") for line in data.decode().splitlines() if ":" in line]


def getpwall() -> list[Passwd]:
    """Return all users, in the order of /etc/passwd."""
    return [
        Passwd(f[0], f[1], int(f[2]), int(f[3]), f[4], f[5], f[6])
        for f in _lines("/etc/passwd")
        if len(f) == 7
    ]


def getgrall() -> list[Group]:
    """Return all groups, in the order of /etc/group."""
    return [
        Group(f[0], f[1], int(f[2]), [name for name in f[3].split(",") if name])
        for f in _lines("/etc/group")
        if len(f) == 4
    ]


def getpwnam(name: str) -> Passwd | None:
    """Return the user called name."""
    return next((pw for pw in getpwall() if pw.pw_name == name), None)


def getpwuid(uid: int) -> Passwd | None:
    """Return the user with id uid."""
    return next((pw for pw in getpwall() if pw.pw_uid == uid), None)


def getgrnam(name: str) -> Group | None:
    """Return the group called name."""
    return next((gr for gr in getgrall() if gr.gr_name == name), None)


def getgrgid(gid: int) -> Group | None:
    """Return the group with id gid."""
    return next((gr for gr in getgrall() if gr.gr_gid == gid), None)


def getgrouplist(name: str, gid: int) -> list[int]:
    """Return the groups of the user called name, gid first."""
    return [gid, *(gr.gr_gid for gr in getgrall() if name in gr.gr_mem and gr.gr_gid != gid)]
