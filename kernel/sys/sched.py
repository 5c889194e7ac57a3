# SPDX-License-Identifier: BSD-2-Clause
"""Flags of __clone(2).  NetBSD sys/sys/sched.h."""

from typing import Final

CLONE_CSIGNAL: Final = 0x000000FF  # the signal at exit
CLONE_VM: Final = 0x00000100  # share memory
CLONE_FS: Final = 0x00000200  # share current directory, root and umask
CLONE_FILES: Final = 0x00000400  # share the descriptors
CLONE_SIGHAND: Final = 0x00000800  # share signal dispositions
CLONE_VFORK: Final = 0x00004000  # wait until the child execs or exits
