# SPDX-License-Identifier: BSD-2-Clause
"""Credentials: who a process is.  NetBSD sys/sys/ucred.h and kauth(9)."""

from kernel.sys.namedtuple import NamedTuple


class Ucred(NamedTuple):
    """Immutable credentials, shared by reference as kauth_cred_t is.

    A process changes its ids by taking a new object (`_replace`), so whoever
    kept the old one (an open file, a sleeping call) keeps the old rights.
    """

    cr_uid: int = 0  # effective user id
    cr_gid: int = 0  # effective group id
    cr_ruid: int = 0  # real user id
    cr_rgid: int = 0  # real group id
    cr_svuid: int = 0  # saved effective user id
    cr_svgid: int = 0  # saved effective group id
    cr_groups: tuple[int, ...] = ()  # supplementary groups

    def groupmember(self, gid: int) -> bool:
        """Return whether gid is the effective or a supplementary group."""
        return gid == self.cr_gid or gid in self.cr_groups


ROOT_CRED = Ucred()
