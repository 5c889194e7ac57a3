# SPDX-License-Identifier: BSD-2-Clause
"""What a file's mode says.  NetBSD include/sys/stat.h."""

from kernel.sys.stat import (
    S_ISBLK,
    S_ISCHR,
    S_ISDIR,
    S_ISFIFO,
    S_ISLNK,
    S_ISREG,
    S_ISSOCK,
)

__all__ = ["S_ISBLK", "S_ISCHR", "S_ISDIR", "S_ISFIFO", "S_ISLNK", "S_ISREG", "S_ISSOCK"]
