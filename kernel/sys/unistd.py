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

# sysconf(3)
_SC_ARG_MAX: Final = 1
_SC_CHILD_MAX: Final = 2
_O_SC_CLK_TCK: Final = 3
_SC_NGROUPS_MAX: Final = 4
_SC_OPEN_MAX: Final = 5
_SC_JOB_CONTROL: Final = 6
_SC_SAVED_IDS: Final = 7
_SC_VERSION: Final = 8
_SC_BC_BASE_MAX: Final = 9
_SC_BC_DIM_MAX: Final = 10
_SC_BC_SCALE_MAX: Final = 11
_SC_BC_STRING_MAX: Final = 12
_SC_COLL_WEIGHTS_MAX: Final = 13
_SC_EXPR_NEST_MAX: Final = 14
_SC_LINE_MAX: Final = 15
_SC_RE_DUP_MAX: Final = 16
_SC_2_VERSION: Final = 17
_SC_2_C_BIND: Final = 18
_SC_2_C_DEV: Final = 19
_SC_2_CHAR_TERM: Final = 20
_SC_2_FORT_DEV: Final = 21
_SC_2_FORT_RUN: Final = 22
_SC_2_LOCALEDEF: Final = 23
_SC_2_SW_DEV: Final = 24
_SC_2_UPE: Final = 25
_SC_STREAM_MAX: Final = 26
_SC_TZNAME_MAX: Final = 27
_SC_PAGESIZE: Final = 28
_SC_PAGE_SIZE: Final = _SC_PAGESIZE
_SC_FSYNC: Final = 29
_SC_XOPEN_SHM: Final = 30
_SC_SYNCHRONIZED_IO: Final = 31
_SC_IOV_MAX: Final = 32
_SC_MAPPED_FILES: Final = 33
_SC_MEMLOCK: Final = 34
_SC_MEMLOCK_RANGE: Final = 35
_SC_MEMORY_PROTECTION: Final = 36
_SC_LOGIN_NAME_MAX: Final = 37
_SC_MONOTONIC_CLOCK: Final = 38
_SC_CLK_TCK: Final = 39
_SC_ATEXIT_MAX: Final = 40
_SC_THREADS: Final = 41
_SC_SEMAPHORES: Final = 42
_SC_BARRIERS: Final = 43
_SC_TIMERS: Final = 44
_SC_SPIN_LOCKS: Final = 45
_SC_READER_WRITER_LOCKS: Final = 46
_SC_GETGR_R_SIZE_MAX: Final = 47
_SC_GETPW_R_SIZE_MAX: Final = 48
_SC_CLOCK_SELECTION: Final = 49
_SC_ASYNCHRONOUS_IO: Final = 50
_SC_AIO_LISTIO_MAX: Final = 51
_SC_AIO_MAX: Final = 52
_SC_MESSAGE_PASSING: Final = 53
_SC_MQ_OPEN_MAX: Final = 54
_SC_MQ_PRIO_MAX: Final = 55
_SC_PRIORITY_SCHEDULING: Final = 56
_SC_THREAD_DESTRUCTOR_ITERATIONS: Final = 57
_SC_THREAD_KEYS_MAX: Final = 58
_SC_THREAD_STACK_MIN: Final = 59
_SC_THREAD_THREADS_MAX: Final = 60
_SC_THREAD_ATTR_STACKADDR: Final = 61
_SC_THREAD_ATTR_STACKSIZE: Final = 62
_SC_THREAD_PRIORITY_SCHEDULING: Final = 63
_SC_THREAD_PRIO_INHERIT: Final = 64
_SC_THREAD_PRIO_PROTECT: Final = 65
_SC_THREAD_PROCESS_SHARED: Final = 66
_SC_THREAD_SAFE_FUNCTIONS: Final = 67
_SC_TTY_NAME_MAX: Final = 68
_SC_HOST_NAME_MAX: Final = 69
_SC_PASS_MAX: Final = 70
_SC_REGEXP: Final = 71
_SC_SHELL: Final = 72
_SC_SYMLOOP_MAX: Final = 73
_SC_SPAWN: Final = 86
_SC_SHARED_MEMORY_OBJECTS: Final = 87
_SC_TIMER_MAX: Final = 88
_SC_SEM_NSEMS_MAX: Final = 89
_SC_CPUTIME: Final = 90
_SC_THREAD_CPUTIME: Final = 91
_SC_DELAYTIMER_MAX: Final = 92
_SC_SIGQUEUE_MAX: Final = 93
_SC_REALTIME_SIGNALS: Final = 94
_SC_RTSIG_MAX: Final = 95
_SC_PHYS_PAGES: Final = 121
_SC_NPROCESSORS_CONF: Final = 1001
_SC_NPROCESSORS_ONLN: Final = 1002
_SC_SCHED_RT_TS: Final = 2001
_SC_SCHED_PRI_MIN: Final = 2002
_SC_SCHED_PRI_MAX: Final = 2003

# confstr(3)
_CS_PATH: Final = 1
