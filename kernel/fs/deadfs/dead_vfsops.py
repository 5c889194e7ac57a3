# SPDX-License-Identifier: BSD-2-Clause
"""The one deadfs, which is mounted nowhere.  NetBSD sys/miscfs/deadfs/dead_vfsops.c."""

from typing import Any, NoReturn

from kernel.fs.deadfs.dead_vnops import deadops
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel
from kernel.sys.mount import Mount, VfsOps


def _dead_panic(*_args: Any) -> NoReturn:
    """Fail: nobody mounts, unmounts or enters deadfs."""
    raise RuntimeError("deadfs")


def dead_statvfs(_mp: Mount) -> NoReturn:
    """Fail: EOPNOTSUPP, there are neither blocks nor files."""
    raise KernelError(Errno.EOPNOTSUPP)


def dead_sync(_mp: Mount, _waitfor: int) -> None:
    """There is nothing left to store."""


dead_vfsops = VfsOps(
    vfs_name="dead",
    vfs_mount=_dead_panic,
    vfs_unmount=_dead_panic,
    vfs_root=_dead_panic,
    vfs_statvfs=dead_statvfs,
    vfs_sync=dead_sync,
)


def dead_attach(kernel: Kernel) -> None:
    """Give a kernel its deadfs, which vgone needs."""
    kernel.dead_rootmount = Mount(kernel, dead_vfsops, -1, mnt_data=deadops)
