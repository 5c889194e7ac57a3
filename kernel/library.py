# SPDX-License-Identifier: BSD-2-Clause
"""The host's standard library, and packages, as a booted system has them."""

import os
import sys
from typing import TYPE_CHECKING

from kernel.fs.hostfs.hostfs import HostfsArgs
from kernel.fs.hostfs.hostfs_vfsops import hostfs_vfsops
from kernel.kern import init_main
from kernel.kern.vfs_mount import domount
from kernel.sys.kernel import Kernel
from kernel.sys.module import autoload
from kernel.sys.mount import MNT_NOATIME
from userland.python.frames import HIDDEN, LIBRARY, SITE, STDLIB

if TYPE_CHECKING:
    import sysconfig
    from os import PathLike
else:
    sysconfig = autoload("sysconfig")


def install_library(kernel: Kernel, site: "bool | str | PathLike[str]") -> None:
    """Show the host's standard library, and the packages that programs may have."""
    _mount_library(kernel, STDLIB, LIBRARY.encode(), HIDDEN)
    init_main.boot_symlink(kernel, b"/usr/lib/python3", LIBRARY.rpartition("/")[2].encode())
    if site:
        path = os.path.realpath(_own_site() if site is True else site, strict=True)
        parts = SITE.split("/")
        for depth in range(3, len(parts)):
            init_main.boot_mkdir(kernel, "/".join(parts[:depth]).encode(), 0o755)
        _mount_library(kernel, path, SITE.encode())


def _own_site() -> str:
    """Return where the packages are that this interpreter has been given."""
    places = [
        path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")
    ]
    return places[0] if places else sysconfig.get_path("purelib")


def _mount_library(
    kernel: Kernel, path: str, place: bytes, hidden: frozenset[bytes] = frozenset()
) -> None:
    """Show a directory of the host as the system's own: root's, and never to be written.

    It is as a server's that exports it for reading: who removes what is not there hears so.
    """
    uid, gid = (0 if mine else None for mine in _owned(path))
    args = HostfsArgs(path, uid, gid, ha_sealed=True, ha_hidden=hidden)
    init_main.boot_mkdir(kernel, place, 0o755)
    covered = init_main.boot_lookup(kernel, place)
    domount(kernel, hostfs_vfsops, covered, args, flags=MNT_NOATIME, onname=place)


def _owned(path: str) -> tuple[bool, bool]:
    """Return whether a file of the host is the host's user's, and its group's."""
    stat = os.stat(path)
    return stat.st_uid == os.geteuid(), stat.st_gid == os.getegid()
