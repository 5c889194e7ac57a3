# SPDX-License-Identifier: BSD-2-Clause
"""What a booted system is given: directories of the host, and files."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kernel.fs.hostfs.hostfs import HostfsArgs
from kernel.fs.hostfs.hostfs_vfsops import hostfs_vfsops
from kernel.kern import init_main
from kernel.kern.vfs_mount import domount
from kernel.sys.errno import KernelError
from kernel.sys.mount import MNT_RDONLY
from kernel.watch import Watched
from userland.libc.cerror import oserror

if TYPE_CHECKING:
    from os import PathLike

ZONES = "/usr/share/zoneinfo"  # on NetBSD, and on most hosts


class Furnished(Watched):
    """A booted kernel that files can be put on from outside."""

    def mount(
        self,
        host: "str | PathLike[str]",
        guest: "str | bytes | PathLike[str]",
        readonly: bool = False,
    ) -> None:
        """Show a directory of the host at guest, which is made if need be, and those above it.

        Raises:
            OSError: there is no such directory, or guest cannot be one.
        """
        args = _hostdir(host, readonly)
        path = os.fsencode(guest)
        with _told(path):
            self._mkdirs(path)
            covered = init_main.boot_lookup(self.kernel, path)
            flags = MNT_RDONLY if readonly else 0
            domount(self.kernel, hostfs_vfsops, covered, args, flags=flags, onname=path)

    def mount_zones(self) -> None:
        """Show the host's files of time zones where programs look for them, if it has them."""
        if os.path.isdir(ZONES):
            self.mount(ZONES, ZONES.encode(), readonly=True)

    def offer(self, name: bytes, host: "str | PathLike[str]", readonly: bool = False) -> None:
        """Let mount(2) inside mount a directory of the host: type hostfs, by this name.

        Nothing of the host can be mounted but what is offered; with readonly,
        never so that it could be changed.

        Raises:
            OSError: there is no such directory.
        """
        self.kernel.hostdirs[name] = _hostdir(host, readonly)

    def install(
        self,
        path: "str | bytes | PathLike[str]",
        data: bytes,
        mode: int = 0o755,
        uid: int = 0,
    ) -> None:
        """Make a file, or give one other contents, whoever owns it; and the directories above it.

        Raises:
            OSError: there is no room, or path is a directory's.
        """
        name = os.fsencode(path)
        with _told(name):
            self._mkdirs(os.path.dirname(name))
            init_main.boot_mkfile(self.kernel, name, data, mode, uid)

    def _mkdirs(self, path: bytes) -> None:
        """Make a directory and those above it, where there are none."""
        parts = [part for part in path.split(b"/") if part]
        for count in range(1, len(parts) + 1):
            init_main.boot_mkdir(self.kernel, b"/" + b"/".join(parts[:count]), 0o755)


@contextmanager
def _told(path: bytes) -> Iterator[None]:
    """Tell the host of an error as the host's code is told of errors.

    Raises:
        OSError: instead of a KernelError, with the path.
    """
    try:
        yield
    except KernelError as exc:
        raise oserror(exc.errno, os.fsdecode(path)) from None


def _hostdir(host: "str | PathLike[str]", readonly: bool) -> HostfsArgs:
    """Return how to mount a directory of the host.

    Raises:
        OSError: there is no such directory.
    """
    path = os.path.realpath(host, strict=True)
    if not os.path.isdir(path):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
    return HostfsArgs(path, ha_readonly=readonly)
