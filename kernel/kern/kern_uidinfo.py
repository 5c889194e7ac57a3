# SPDX-License-Identifier: BSD-2-Clause
"""What each user has of what is limited by user.  NetBSD sys/kern/kern_uidinfo.c."""

from kernel.sys.kernel import Kernel


def chgproccnt(kernel: Kernel, uid: int, diff: int) -> int:
    """Count diff more processes for a real user, zombies included; return how many it has."""
    return _change(kernel.ui_proccnt, uid, diff)


def chglockcnt(kernel: Kernel, uid: int, diff: int) -> int:
    """Count diff more advisory locks for a user; return how many it has."""
    return _change(kernel.ui_lockcnt, uid, diff)


def _change(counts: dict[int, int], uid: int, diff: int) -> int:
    count = counts.pop(uid, 0) + diff
    if count:
        counts[uid] = count
    return count
