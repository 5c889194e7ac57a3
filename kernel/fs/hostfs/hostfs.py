# SPDX-License-Identifier: BSD-2-Clause
"""What hostfs keeps in memory.

A directory of the host is walked one name at a time, from the descriptor of
its parent and never through a symbolic link; the host is never asked about
"..".  So whatever names and links say, nothing outside the mounted directory
is reached.
"""

import os
from contextlib import suppress
from typing import Final
from weakref import WeakValueDictionary

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.vnode import Vnode

O_DIRFD: Final = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
O_NAMELESS: Final = getattr(os, "O_PATH", 0) | os.O_NOFOLLOW | os.O_CLOEXEC
_DEV_SHIFT: Final = 56  # a file system's own inode numbers stay below
_INO_MAX: Final = (1 << 64) - 1
O_FILE: Final = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class HostfsArgs(NamedTuple):
    """How to mount a host directory."""

    ha_path: str  # on the host
    ha_uid: int | None = None  # guest's uid for files of the host's user; None: as on the host
    ha_gid: int | None = None  # guest's gid for files of the host's group
    ha_readonly: bool = False  # never to be mounted otherwise
    ha_sealed: bool = False  # nothing can be changed in it, as if a server exported it so
    ha_hidden: frozenset[bytes] = frozenset()  # names in the directory itself that are not there


@dataclass(slots=True, eq=False)
class HostNode:
    """A file of the host; it is where hn_parent and hn_name say.

    Descriptors are -1 while they are not open.
    """

    hn_parent: "Vnode | None"  # None: the root, or a file that was removed
    hn_name: bytes
    hn_dirfd: int = -1  # VDIR: for lookups below it; else: to tell of a file that has no name
    hn_rfd: int = -1  # open for reading
    hn_wfd: int = -1  # open for writing
    hn_opencnt: int = 0
    hn_page: tuple[int, int, bytearray] | None = None  # stored into: offset, size, page
    hn_order: list[bytes] = field(default_factory=list)  # VDIR: names in order of their cookies

    def __del__(self) -> None:
        """Close what is open on the host."""
        self.release()
        if self.hn_dirfd >= 0:
            with suppress(OSError):
                os.close(self.hn_dirfd)
            self.hn_dirfd = -1

    def release(self) -> None:
        """Close the descriptors for data."""
        for fd in {self.hn_rfd, self.hn_wfd} - {-1}:
            with suppress(OSError):
                os.close(fd)
        self.hn_rfd = self.hn_wfd = -1


@dataclass(slots=True, eq=False)
class HostMount:
    """A mounted host directory."""

    hm_root: Vnode
    hm_uids: tuple[int, int]  # the host's user, and what the guest sees of it
    hm_gids: tuple[int, int]
    hm_readonly: bool  # it may not be changed, whatever mount(2) says
    hm_sealed: bool  # nor, if it is mounted otherwise
    hm_hidden: frozenset[bytes]  # names that the root has not
    hm_nodes: "WeakValueDictionary[tuple[int, int], Vnode]"  # (st_dev, st_ino): vnode
    hm_dev: int = 0  # st_dev of the root
    hm_devs: dict[int, int] = field(default_factory=dict)  # of other st_dev met on the way

    def fileid(self, st: os.stat_result) -> int:
        """Return an inode number for a file of the host, another for each of the host's devices."""
        if st.st_dev == self.hm_dev:
            return st.st_ino
        number = self.hm_devs.setdefault(st.st_dev, len(self.hm_devs) + 1)
        return (st.st_ino + (number << _DEV_SHIFT)) & _INO_MAX

    def swapped(self, uid: int, gid: int) -> tuple[int, int]:
        """Turn the host's ids into the guest's, or back: the pairs change places."""
        return _swap(uid, self.hm_uids), _swap(gid, self.hm_gids)


def _swap(number: int, pair: tuple[int, int]) -> int:
    one, other = pair
    if number == one:
        return other
    return one if number == other else number


def host_open(name: bytes | str, flags: int, dirfd: int, noatime: bool) -> int:
    """Open a file of the host; with noatime so that reading leaves no mark, if the host lets us.

    Raises:
        OSError: the host's.
    """
    if noatime and hasattr(os, "O_NOATIME"):
        with suppress(PermissionError):  # it is for the file's owner
            return os.open(name, flags | os.O_NOATIME, dir_fd=dirfd)
    return os.open(name, flags, dir_fd=dirfd)


def host_names(dirfd: int, noatime: bool = False) -> list[bytes]:
    """Return the names in a host directory, sorted, so that every run sees one order.

    Raises:
        OSError: the host's.
    """
    fd = host_open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dirfd, noatime)
    try:
        return sorted(os.fsencode(name) for name in os.listdir(fd))
    finally:
        os.close(fd)
