# SPDX-License-Identifier: BSD-2-Clause
"""Limits by name: os.sysconf, os.confstr, and the names for os.pathconf.

The names are those that CPython knows and NetBSD's <sys/unistd.h> has.
"""

from __future__ import annotations

from kernel.sys import unistd as _unistd
from userland.libc import include as _libc
from userland.python.arguments import number as _number

pathconf_names = {
    name: vars(_unistd)[f"_{name}"]
    for name in (
        "PC_CHOWN_RESTRICTED", "PC_FILESIZEBITS", "PC_LINK_MAX", "PC_MAX_CANON", "PC_MAX_INPUT",
        "PC_MIN_HOLE_SIZE", "PC_NAME_MAX", "PC_NO_TRUNC", "PC_PATH_MAX", "PC_PIPE_BUF",
        "PC_SYMLINK_MAX", "PC_SYNC_IO", "PC_VDISABLE",
    )
}  # fmt: skip
sysconf_names = {
    f"SC_{name}": vars(_unistd)[f"_SC_{name}"]
    for name in """
        2_CHAR_TERM 2_C_BIND 2_C_DEV 2_FORT_DEV 2_FORT_RUN 2_LOCALEDEF 2_SW_DEV 2_UPE 2_VERSION
        AIO_LISTIO_MAX AIO_MAX ARG_MAX ASYNCHRONOUS_IO ATEXIT_MAX BC_BASE_MAX BC_DIM_MAX
        BC_SCALE_MAX BC_STRING_MAX CHILD_MAX CLK_TCK COLL_WEIGHTS_MAX DELAYTIMER_MAX EXPR_NEST_MAX
        FSYNC GETGR_R_SIZE_MAX GETPW_R_SIZE_MAX IOV_MAX JOB_CONTROL LINE_MAX LOGIN_NAME_MAX
        MAPPED_FILES MEMLOCK MEMLOCK_RANGE MEMORY_PROTECTION MESSAGE_PASSING MQ_OPEN_MAX
        MQ_PRIO_MAX NGROUPS_MAX NPROCESSORS_CONF NPROCESSORS_ONLN OPEN_MAX PAGESIZE PAGE_SIZE
        PASS_MAX PHYS_PAGES PRIORITY_SCHEDULING REALTIME_SIGNALS RE_DUP_MAX SAVED_IDS SEMAPHORES
        SEM_NSEMS_MAX SHARED_MEMORY_OBJECTS SIGQUEUE_MAX STREAM_MAX SYNCHRONIZED_IO THREADS
        THREAD_ATTR_STACKADDR THREAD_ATTR_STACKSIZE THREAD_DESTRUCTOR_ITERATIONS THREAD_KEYS_MAX
        THREAD_PRIORITY_SCHEDULING THREAD_PRIO_INHERIT THREAD_PRIO_PROTECT THREAD_PROCESS_SHARED
        THREAD_SAFE_FUNCTIONS THREAD_STACK_MIN THREAD_THREADS_MAX TIMERS TIMER_MAX TTY_NAME_MAX
        TZNAME_MAX VERSION XOPEN_SHM""".split()
}
confstr_names = {"CS_PATH": _unistd._CS_PATH}


def sysconf(name: str | int, /) -> int:
    """Return a limit of the system, -1 for none."""
    return _libc.sysconf(_number(sysconf_names, name))


def confstr(name: str | int, /) -> str:
    """Return a string of the system's configuration."""
    number = _number(confstr_names, name)  # subprocess asks for one that is not there
    return _libc.confstr(number)
