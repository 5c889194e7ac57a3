# SPDX-License-Identifier: BSD-2-Clause
"""Counters and timers as descriptors.  NetBSD sys/sys/eventfd.h, timerfd.h."""

from typing import Final

from kernel.sys.fcntl import O_CLOEXEC, O_NONBLOCK, O_RDWR, O_WRONLY

EFD_SEMAPHORE: Final = O_RDWR  # a read takes 1
EFD_CLOEXEC: Final = O_CLOEXEC
EFD_NONBLOCK: Final = O_NONBLOCK

TFD_CLOEXEC: Final = O_CLOEXEC
TFD_NONBLOCK: Final = O_NONBLOCK
TFD_TIMER_ABSTIME: Final = O_WRONLY  # until a time, not from now on
TFD_TIMER_CANCEL_ON_SET: Final = O_RDWR  # a read fails if the time of day was set
