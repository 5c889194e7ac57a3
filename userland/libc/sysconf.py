# SPDX-License-Identifier: BSD-2-Clause
"""Limits and strings of the system.  NetBSD lib/libc/gen/sysconf.c, confstr.c."""

from struct import Struct
from typing import Final

from kernel.sys import sysctl as nodes
from kernel.sys import unistd
from kernel.sys.errno import Errno
from kernel.sys.mqueue import MQ_OPEN_MAX, MQ_PRIO_MAX
from kernel.sys.param import HZ, PAGE_SIZE
from kernel.sys.resource import RLIMIT_NOFILE, RLIMIT_NPROC
from kernel.sys.sched import SCHED_PRI_MAX, SCHED_PRI_MIN
from userland.libc.cerror import cerror
from userland.libc.sys import getrlimit
from userland.libc.sysctl import sysctl

__all__ = ["confstr", "sysconf"]

_INT: Final = Struct("<i")
_KERN: Final = nodes.CTL_KERN
_USER: Final = nodes.CTL_USER
_HW: Final = nodes.CTL_HW

_RLIMITS: Final = {unistd._SC_CHILD_MAX: RLIMIT_NPROC, unistd._SC_OPEN_MAX: RLIMIT_NOFILE}
_VALUES: Final = {  # of this libc
    unistd._O_SC_CLK_TCK: 100,
    unistd._SC_CLK_TCK: HZ,
    unistd._SC_PAGESIZE: PAGE_SIZE,
    unistd._SC_GETGR_R_SIZE_MAX: 1024,
    unistd._SC_GETPW_R_SIZE_MAX: 1024,
    unistd._SC_THREAD_DESTRUCTOR_ITERATIONS: 4,
    unistd._SC_THREAD_KEYS_MAX: 256,
    unistd._SC_THREAD_STACK_MIN: PAGE_SIZE,
    unistd._SC_THREAD_ATTR_STACKADDR: 200112,
    unistd._SC_THREAD_ATTR_STACKSIZE: 200112,
    unistd._SC_THREAD_SAFE_FUNCTIONS: 200112,
    unistd._SC_THREAD_PRIORITY_SCHEDULING: 0,
    unistd._SC_THREAD_PRIO_INHERIT: 0,
    unistd._SC_THREAD_PRIO_PROTECT: 200112,
    unistd._SC_THREAD_PROCESS_SHARED: 0,
    unistd._SC_CLOCK_SELECTION: 200112,
    unistd._SC_TTY_NAME_MAX: 32,
    unistd._SC_HOST_NAME_MAX: 255,
    unistd._SC_PASS_MAX: 128,
    unistd._SC_REGEXP: 1,
    unistd._SC_SHELL: 1,
    unistd._SC_SYMLOOP_MAX: 32,
    unistd._SC_SPAWN: 200809,
    unistd._SC_SHARED_MEMORY_OBJECTS: 200809,
    unistd._SC_TIMER_MAX: 32,
    unistd._SC_SEM_NSEMS_MAX: 256,
    unistd._SC_CPUTIME: 200112,
    unistd._SC_THREAD_CPUTIME: 200112,
    unistd._SC_DELAYTIMER_MAX: 32,
    unistd._SC_SIGQUEUE_MAX: 32,
    unistd._SC_REALTIME_SIGNALS: 200112,
    unistd._SC_RTSIG_MAX: 31,
    # What NetBSD asks its kernel for, by nodes that this one has not: without the aio module, no.
    unistd._SC_ASYNCHRONOUS_IO: -1,
    unistd._SC_AIO_LISTIO_MAX: -1,
    unistd._SC_AIO_MAX: -1,
    unistd._SC_MESSAGE_PASSING: 200112,
    unistd._SC_MQ_OPEN_MAX: MQ_OPEN_MAX,
    unistd._SC_MQ_PRIO_MAX: MQ_PRIO_MAX,
    unistd._SC_PRIORITY_SCHEDULING: 200112,
    unistd._SC_SCHED_RT_TS: -1,
    unistd._SC_SCHED_PRI_MIN: SCHED_PRI_MIN,
    unistd._SC_SCHED_PRI_MAX: SCHED_PRI_MAX,
}
_NODES: Final = {
    unistd._SC_ARG_MAX: (_KERN, nodes.KERN_ARGMAX),
    unistd._SC_NGROUPS_MAX: (_KERN, nodes.KERN_NGROUPS),
    unistd._SC_VERSION: (_KERN, nodes.KERN_POSIX1),
    unistd._SC_LOGIN_NAME_MAX: (_KERN, nodes.KERN_LOGIN_NAME_MAX),
    unistd._SC_IOV_MAX: (_KERN, nodes.KERN_IOV_MAX),
    unistd._SC_STREAM_MAX: (_USER, nodes.USER_STREAM_MAX),
    unistd._SC_TZNAME_MAX: (_USER, nodes.USER_TZNAME_MAX),
    unistd._SC_BC_BASE_MAX: (_USER, nodes.USER_BC_BASE_MAX),
    unistd._SC_BC_DIM_MAX: (_USER, nodes.USER_BC_DIM_MAX),
    unistd._SC_BC_SCALE_MAX: (_USER, nodes.USER_BC_SCALE_MAX),
    unistd._SC_BC_STRING_MAX: (_USER, nodes.USER_BC_STRING_MAX),
    unistd._SC_COLL_WEIGHTS_MAX: (_USER, nodes.USER_COLL_WEIGHTS_MAX),
    unistd._SC_EXPR_NEST_MAX: (_USER, nodes.USER_EXPR_NEST_MAX),
    unistd._SC_LINE_MAX: (_USER, nodes.USER_LINE_MAX),
    unistd._SC_RE_DUP_MAX: (_USER, nodes.USER_RE_DUP_MAX),
    unistd._SC_2_VERSION: (_USER, nodes.USER_POSIX2_VERSION),
    unistd._SC_ATEXIT_MAX: (_USER, nodes.USER_ATEXIT_MAX),
    unistd._SC_NPROCESSORS_CONF: (_HW, nodes.HW_NCPU),
    unistd._SC_NPROCESSORS_ONLN: (_HW, nodes.HW_NCPUONLINE),
}
_OPTIONS: Final = {  # 0 there is -1 here: no
    unistd._SC_JOB_CONTROL: (_KERN, nodes.KERN_JOB_CONTROL),
    unistd._SC_SAVED_IDS: (_KERN, nodes.KERN_SAVED_IDS),
    unistd._SC_FSYNC: (_KERN, nodes.KERN_FSYNC),
    unistd._SC_SYNCHRONIZED_IO: (_KERN, nodes.KERN_SYNCHRONIZED_IO),
    unistd._SC_MAPPED_FILES: (_KERN, nodes.KERN_MAPPED_FILES),
    unistd._SC_MEMLOCK: (_KERN, nodes.KERN_MEMLOCK),
    unistd._SC_MEMLOCK_RANGE: (_KERN, nodes.KERN_MEMLOCK_RANGE),
    unistd._SC_MEMORY_PROTECTION: (_KERN, nodes.KERN_MEMORY_PROTECTION),
    unistd._SC_MONOTONIC_CLOCK: (_KERN, nodes.KERN_MONOTONIC_CLOCK),
    unistd._SC_SEMAPHORES: (_KERN, nodes.KERN_POSIX_SEMAPHORES),
    unistd._SC_TIMERS: (_KERN, nodes.KERN_POSIX_TIMERS),
    unistd._SC_THREADS: (_KERN, nodes.KERN_POSIX_THREADS),
    unistd._SC_BARRIERS: (_KERN, nodes.KERN_POSIX_BARRIERS),
    unistd._SC_SPIN_LOCKS: (_KERN, nodes.KERN_POSIX_SPIN_LOCKS),
    unistd._SC_READER_WRITER_LOCKS: (_KERN, nodes.KERN_POSIX_READER_WRITER_LOCKS),
    unistd._SC_THREAD_THREADS_MAX: (_KERN, nodes.KERN_MAXPROC),
    unistd._SC_XOPEN_SHM: (_KERN, nodes.KERN_SYSVIPC, nodes.KERN_SYSVIPC_SHM),
    unistd._SC_2_C_BIND: (_USER, nodes.USER_POSIX2_C_BIND),
    unistd._SC_2_C_DEV: (_USER, nodes.USER_POSIX2_C_DEV),
    unistd._SC_2_CHAR_TERM: (_USER, nodes.USER_POSIX2_CHAR_TERM),
    unistd._SC_2_FORT_DEV: (_USER, nodes.USER_POSIX2_FORT_DEV),
    unistd._SC_2_FORT_RUN: (_USER, nodes.USER_POSIX2_FORT_RUN),
    unistd._SC_2_LOCALEDEF: (_USER, nodes.USER_POSIX2_LOCALEDEF),
    unistd._SC_2_SW_DEV: (_USER, nodes.USER_POSIX2_SW_DEV),
    unistd._SC_2_UPE: (_USER, nodes.USER_POSIX2_UPE),
}


def sysconf(name: int) -> int:
    """Return a limit of the system (_SC_*), -1 for none.

    Raises:
        OSError: EINVAL, there is no such name.
    """
    if name in _VALUES:
        return _VALUES[name]
    if name in _NODES:
        return _integer(_NODES[name])
    if name in _OPTIONS:
        return _integer(_OPTIONS[name]) or -1
    if name in _RLIMITS:
        return getrlimit(_RLIMITS[name]).rlim_cur
    if name == unistd._SC_PHYS_PAGES:
        memory = sysctl((_HW, nodes.HW_PHYSMEM64))
        return int.from_bytes(memory, "little") // PAGE_SIZE
    cerror(Errno.EINVAL)


def _integer(node: tuple[int, ...]) -> int:
    value: int = _INT.unpack(sysctl(node, size=_INT.size))[0]
    return value


def confstr(name: int) -> str:
    """Return a string of the system (_CS_*).

    Raises:
        OSError: EINVAL, there is no such name.
    """
    if name != unistd._CS_PATH:
        cerror(Errno.EINVAL)
    return sysctl((_USER, nodes.USER_CS_PATH)).rstrip(b"\0").decode()
