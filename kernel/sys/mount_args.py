# SPDX-License-Identifier: BSD-2-Clause
"""What mount(2) is given for each type of file system.

NetBSD sys/fs/tmpfs/tmpfs_args.h, sys/fs/ptyfs/ptyfs.h, sys/miscfs/nullfs/null.h,
sys/miscfs/genfs/layer.h, sys/miscfs/procfs/procfs.h.
"""

from typing import Annotated, Final

from kernel.sys.cdefs import CharArray, Int, Int64, Pointer, UInt, UInt64
from kernel.sys.namedtuple import NamedTuple

TMPFS_ARGS_VERSION: Final = 1
PROCFS_ARGSVERSION: Final = 1
PTYFS_ARGSVERSION: Final = 2
PROCFSMNT_LINUXCOMPAT: Final = 0x01  # with the files that only Linux has

_EXPORT_ARGS30: Final = 128  # bytes of struct export_args30, which nobody reads any more


class tmpfs_args(NamedTuple):
    """A tmpfs; sizes and numbers of 0 are no limit."""

    ta_version: Int = TMPFS_ARGS_VERSION
    ta_nodes_max: UInt64 = 0
    ta_size_max: Int64 = 0  # bytes
    ta_root_uid: UInt = 0
    ta_root_gid: UInt = 0
    ta_root_mode: UInt = 0o755


class null_args(NamedTuple):
    """A null mount."""

    target: Pointer = 0  # the path of what is shown
    pad1: Annotated[bytes, CharArray(_EXPORT_ARGS30)] = b""


class procfs_args(NamedTuple):
    """A procfs."""

    version: Int = PROCFS_ARGSVERSION
    flags: Int = 0  # PROCFSMNT_*


class ptyfs_args(NamedTuple):
    """A ptyfs; what slaves have that are granted to somebody."""

    version: Int = PTYFS_ARGSVERSION
    gid: UInt = 4  # tty
    mode: UInt = 0o620
    flags: Int = 0


class hostfs_args(NamedTuple):
    """A directory of the host, which NetBSD has not."""

    name: Pointer = 0  # what the embedding program calls it
