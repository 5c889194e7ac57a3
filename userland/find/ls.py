# SPDX-License-Identifier: BSD-2-Clause
"""find -ls: a file as ls -dgils shows it.  NetBSD usr.bin/find/ls.c."""

from typing import Final

from kernel.sys.types import major, minor
from userland.libc.include import S_ISBLK, S_ISCHR, S_ISLNK, Stat, Writer, readlink
from userland.libc.pwcache import NameCache
from userland.libc.strftime import strftime
from userland.libc.strmode import strmode

_NS: Final = 10**9
_SIXMONTHS: Final = (365 // 2) * 86400  # seconds
_PATH_MAX: Final = 1024


def printlong(out: Writer, path: str, status: Stat, now: int) -> None:
    """Write a line about a file; now is in seconds."""
    names = NameCache()
    mode = status.st_mode
    line = f"{status.st_ino:7} {status.st_blocks:6} {strmode(mode)} {status.st_nlink:3} "
    line += f"{names.user_from_uid(status.st_uid):8} {names.group_from_gid(status.st_gid):8} "
    if S_ISCHR(mode) or S_ISBLK(mode):
        line += f"{major(status.st_rdev):3}, {minor(status.st_rdev):3} "
    else:
        line += f"{status.st_size:8} "
    seconds = status.st_mtim // _NS
    recent = now - _SIXMONTHS < seconds <= now + _SIXMONTHS
    line += strftime("%b %e %H:%M " if recent else "%b %e  %Y ", seconds) + path
    if S_ISLNK(mode):
        line += " -> " + readlink(path, _PATH_MAX).decode("utf-8", "surrogateescape")
    out.print(line)
