# SPDX-License-Identifier: BSD-2-Clause
"""Mounting, with the structs that it takes.  NetBSD include/sys/mount.h."""

from typing import Any

from kernel.sys.cdefs import pack, unpack_from
from kernel.sys.mount import MNT_GETARGS
from kernel.sys.mount_args import (
    PROCFSMNT_LINUXCOMPAT,
    hostfs_args,
    null_args,
    procfs_args,
    tmpfs_args,
)
from userland.libc.stack import Frame, StrPath, fetch, pushbytes, pushstr
from userland.libc.syscall import call

__all__ = [
    "PROCFSMNT_LINUXCOMPAT",
    "getmountargs",
    "hostfs_args",
    "mount",
    "null_args",
    "procfs_args",
    "tmpfs_args",
]

_POINTERS = {"null": null_args, "hostfs": hostfs_args}  # types whose struct points to a string


def mount(
    type: StrPath,
    path: StrPath,
    flags: int = 0,
    data: Any = None,
    data_len: int | None = None,
) -> int:
    """Mount a file system on the directory path, or with MNT_UPDATE change one.

    Args:
        type: "tmpfs", "null", "procfs", "devfs", "hostfs".
        path: the directory.
        flags: MNT_*.
        data: the type's struct (tmpfs_args ...) or its bytes; for "null" the
            directory to show, for "hostfs" the name of what is offered, as a
            string; an int is an address; None: a null pointer.
        data_len: its bytes, as the kernel is told; None: as many as it has.

    Raises:
        OSError: EPERM, ENODEV, ENOTDIR, EINVAL, EBUSY, EOPNOTSUPP ...
    """
    with Frame() as lwp:
        kind = pushstr(lwp, type)
        struct = _POINTERS.get(type.decode() if isinstance(type, bytes) else str(type))
        if isinstance(data, str) or (isinstance(data, bytes) and 0 not in data):
            data = data if struct is None else struct(pushstr(lwp, data))
        if hasattr(data, "_fields"):
            data = pack(data)
        size = 0
        if data is None:
            data = 0
        elif not isinstance(data, int):
            size = len(data)
            data = pushbytes(lwp, data)
        size = size if data_len is None else data_len
        target = pushstr(lwp, path)
        return call("__mount50", kind, target, flags, data, size, about=(path,))


def getmountargs(path: StrPath, struct: type[Any]) -> Any:
    """Return what the file system mounted on path was mounted with (MNT_GETARGS).

    Args:
        path: its root.
        struct: of its type: tmpfs_args, procfs_args.

    Raises:
        OSError: EINVAL, path is no mount point ...
    """
    with Frame() as lwp:
        at = pushbytes(lwp, pack(struct()))
        size = len(pack(struct()))
        target = pushstr(lwp, path)
        size = call("__mount50", 0, target, MNT_GETARGS, at, size, about=(path,))
        return unpack_from(struct, fetch(lwp, at, size))
