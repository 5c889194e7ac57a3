# SPDX-License-Identifier: BSD-2-Clause
"""Names of user and group ids for listings.  NetBSD lib/libc/gen/pwcache.c."""

from userland.libc.pwd import getgrall, getpwall


class NameCache:
    """Reads /etc/passwd and /etc/group once, whatever the number of look-ups."""

    def __init__(self) -> None:
        self._users: dict[int, str] | None = None
        self._groups: dict[int, str] | None = None

    def user_from_uid(self, uid: int) -> str:
        """Return the user's name, or the number."""
        if self._users is None:
            self._users = {pw.pw_uid: pw.pw_name for pw in reversed(getpwall())}
        return self._users.get(uid, str(uid))

    def group_from_gid(self, gid: int) -> str:
        """Return the group's name, or the number."""
        if self._groups is None:
            self._groups = {gr.gr_gid: gr.gr_name for gr in reversed(getgrall())}
        return self._groups.get(gid, str(gid))
