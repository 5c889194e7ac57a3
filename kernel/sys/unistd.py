# SPDX-License-Identifier: BSD-2-Clause
"""Names of access(2), lseek(2), fsync_range(2), pathconf(2).  NetBSD sys/sys/unistd.h."""

from typing import Final

STDIN_FILENO: Final = 0
STDOUT_FILENO: Final = 1
STDERR_FILENO: Final = 2

# access(2)
F_OK: Final = 0
X_OK: Final = 0x01
W_OK: Final = 0x02
R_OK: Final = 0x04

# lseek(2)
SEEK_SET: Final = 0
SEEK_CUR: Final = 1
SEEK_END: Final = 2

# lockf(3)
F_ULOCK: Final = 0
F_LOCK: Final = 1
F_TLOCK: Final = 2  # F_LOCK that does not wait
F_TEST: Final = 3

# fsync_range(2)
FDATASYNC: Final = 0x0010
FFILESYNC: Final = 0x0020
FDISKSYNC: Final = 0x0040

# pathconf(2)
_PC_LINK_MAX: Final = 1
_PC_MAX_CANON: Final = 2
_PC_MAX_INPUT: Final = 3
_PC_NAME_MAX: Final = 4
_PC_PATH_MAX: Final = 5
_PC_PIPE_BUF: Final = 6
_PC_CHOWN_RESTRICTED: Final = 7
_PC_NO_TRUNC: Final = 8
_PC_VDISABLE: Final = 9
_PC_SYNC_IO: Final = 10
_PC_FILESIZEBITS: Final = 11
_PC_SYMLINK_MAX: Final = 12
_PC_2_SYMLINKS: Final = 13
_PC_ACL_EXTENDED: Final = 14
_PC_MIN_HOLE_SIZE: Final = 15
_PC_ACL_PATH_MAX: Final = 16
_PC_ACL_NFS4: Final = 17
