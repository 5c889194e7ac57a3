# SPDX-License-Identifier: BSD-2-Clause
"""Scheduling: classes and priorities; flags of __clone(2).  NetBSD sys/sys/sched.h, param.h."""

from typing import Final

from kernel.sys.cdefs import Int
from kernel.sys.namedtuple import NamedTuple

CLONE_CSIGNAL: Final = 0x000000FF  # the signal at exit
CLONE_VM: Final = 0x00000100  # share memory
CLONE_FS: Final = 0x00000200  # share current directory, root and umask
CLONE_FILES: Final = 0x00000400  # share the descriptors
CLONE_SIGHAND: Final = 0x00000800  # share signal dispositions
CLONE_VFORK: Final = 0x00004000  # wait until the child execs or exits

# Classes, l_class.
SCHED_NONE: Final = -1
SCHED_OTHER: Final = 0  # time sharing
SCHED_FIFO: Final = 1  # until it sleeps
SCHED_RR: Final = 2  # a slice each

# Priorities; higher ones run first.
PRI_NONE: Final = -1
PRI_USER: Final = 0
PRI_KERNEL: Final = 64  # who wakes up in the kernel: the better half of them
PRI_USER_RT: Final = 96  # SCHED_FIFO, SCHED_RR
PRI_COUNT: Final = 224
SCHED_PRI_MIN: Final = 0  # sched_priority of these two
SCHED_PRI_MAX: Final = 63

RUNQUE_NQS: Final = 32  # run queues
PPQ: Final = PRI_COUNT // RUNQUE_NQS  # priorities of one queue


class SchedParam(NamedTuple):
    """struct sched_param."""

    sched_priority: Int
