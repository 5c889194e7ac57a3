# SPDX-License-Identifier: BSD-2-Clause
"""Names of sysctl(3), and what kern.proc2 tells of a process.  NetBSD sys/sys/sysctl.h.

ps(1) asks for [CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, sizeof(KinfoProc2), count]
and gets an array of KinfoProc2, laid out as on NetBSD; for the arguments it asks
for [CTL_KERN, KERN_PROC_ARGS, pid, KERN_PROC_ARGV]: strings, each with its NUL.
"""

from typing import Annotated, Final, NamedTuple

from kernel.sys.cdefs import Char, CharArray, Int, Int64, Short, UInt, UInt64, UIntArray, UShort

CTL_MAXNAME: Final = 12  # numbers in a name, at most

# The first number.
CTL_KERN: Final = 1
CTL_VFS: Final = 3
CTL_HW: Final = 6

VFS_GENERIC: Final = 0  # of all types of file system
VFS_USERMOUNT: Final = 1  # others than the superuser may mount

# kern.*
KERN_OSTYPE: Final = 1  # string
KERN_OSRELEASE: Final = 2  # string
KERN_OSREV: Final = 3  # int
KERN_VERSION: Final = 4  # string
KERN_MAXPROC: Final = 6  # int, root may set it
KERN_MAXFILES: Final = 7  # int, root may set it
KERN_ARGMAX: Final = 8  # int, bytes
KERN_SECURELVL: Final = 9  # int
KERN_HOSTNAME: Final = 10  # string, root may set it
KERN_POSIX1: Final = 17  # int
KERN_NGROUPS: Final = 18  # int
KERN_JOB_CONTROL: Final = 19  # int
KERN_SAVED_IDS: Final = 20  # int
KERN_BOOTTIME: Final = 21  # struct timespec
KERN_FSYNC: Final = 32  # int
KERN_IOV_MAX: Final = 38  # int
KERN_LOGIN_NAME_MAX: Final = 44  # int, bytes with the NUL
KERN_PROC2: Final = 47  # array of KinfoProc2
KERN_PROC_ARGS: Final = 48  # strings, or int
KERN_MAXPHYS: Final = 57  # int, bytes
KERN_MONOTONIC_CLOCK: Final = 60  # int

# kern.proc2.*: which processes; the next number says which pid, uid ...
KERN_PROC_ALL: Final = 0
KERN_PROC_PID: Final = 1
KERN_PROC_PGRP: Final = 2
KERN_PROC_SESSION: Final = 3
KERN_PROC_TTY: Final = 4
KERN_PROC_UID: Final = 5  # effective
KERN_PROC_RUID: Final = 6
KERN_PROC_GID: Final = 7  # effective
KERN_PROC_RGID: Final = 8
KERN_PROC_TTY_NODEV: Final = -1  # KERN_PROC_TTY: those without a terminal

# kern.proc_args.PID.*
KERN_PROC_ARGV: Final = 1  # strings
KERN_PROC_NARGV: Final = 2  # int
KERN_PROC_ENV: Final = 3  # strings
KERN_PROC_NENV: Final = 4  # int
KERN_PROC_PATHNAME: Final = 5  # string

# hw.*
HW_MACHINE: Final = 1  # string
HW_MODEL: Final = 2  # string
HW_NCPU: Final = 3  # int
HW_BYTEORDER: Final = 4  # int: 1234 or 4321
HW_PAGESIZE: Final = 7  # int, bytes
HW_MACHINE_ARCH: Final = 10  # string

# KinfoProc2.p_eflag
EPROC_CTTY: Final = 0x01  # has a controlling terminal
EPROC_SLEADER: Final = 0x02  # leads its session

KI_NGROUPS: Final = 16
KI_NOTTY: Final = 0xFFFF_FFFF  # p_tdev of a process without a terminal


class KinfoProc2(NamedTuple):
    """struct kinfo_proc2: the same on every ABI; what this kernel has no such thing for is 0.

    Times are seconds and microseconds; pointers are always 0.
    """

    p_forw: UInt64 = 0
    p_back: UInt64 = 0
    p_paddr: UInt64 = 0
    p_addr: UInt64 = 0
    p_fd: UInt64 = 0
    p_cwdi: UInt64 = 0
    p_stats: UInt64 = 0
    p_limit: UInt64 = 0
    p_vmspace: UInt64 = 0
    p_sigacts: UInt64 = 0
    p_sess: UInt64 = 0
    p_tsess: UInt64 = 0
    p_ru: UInt64 = 0
    p_eflag: Int = 0  # EPROC_*
    p_exitsig: Int = 0
    p_flag: Int = 0  # P_*
    p_pid: Int = 0
    p_ppid: Int = 0
    p_sid: Int = 0
    p__pgid: Int = 0
    p_tpgid: Int = 0
    p_uid: UInt = 0  # effective
    p_ruid: UInt = 0
    p_gid: UInt = 0  # effective
    p_rgid: UInt = 0
    p_groups: Annotated[tuple[int, ...], UIntArray(KI_NGROUPS)] = (0,) * KI_NGROUPS
    p_ngroups: Short = 0
    p_jobc: Short = 0
    p_tdev: UInt = KI_NOTTY
    p_estcpu: UInt = 0
    p_rtime_sec: UInt = 0
    p_rtime_usec: UInt = 0
    p_cpticks: Int = 0
    p_pctcpu: UInt = 0
    p_swtime: UInt = 0
    p_slptime: UInt = 0
    p_schedflags: Int = 0
    p_uticks: UInt64 = 0
    p_sticks: UInt64 = 0
    p_iticks: UInt64 = 0
    p_tracep: UInt64 = 0
    p_traceflag: Int = 0
    p_holdcnt: Int = 0
    p_siglist: Annotated[tuple[int, ...], UIntArray(4)] = (0,) * 4
    p_sigmask: Annotated[tuple[int, ...], UIntArray(4)] = (0,) * 4
    p_sigignore: Annotated[tuple[int, ...], UIntArray(4)] = (0,) * 4
    p_sigcatch: Annotated[tuple[int, ...], UIntArray(4)] = (0,) * 4
    p_stat: Char = 0  # LS* of its LWP; SZOMB
    p_priority: Char = 0
    p_usrpri: Char = 0
    p_nice: Char = 0  # 20 is the normal one
    p_xstat: UShort = 0
    p_acflag: UShort = 0
    p_comm: Annotated[bytes, CharArray(24)] = b""
    p_wmesg: Annotated[bytes, CharArray(8)] = b""  # what it waits for
    p_wchan: UInt64 = 0
    p_login: Annotated[bytes, CharArray(24)] = b""
    p_vm_rssize: Int = 0  # pages
    p_vm_tsize: Int = 0
    p_vm_dsize: Int = 0
    p_vm_ssize: Int = 0
    p_uvalid: Int64 = 0  # whether the rest is filled in: not for a zombie
    p_ustart_sec: UInt = 0
    p_ustart_usec: UInt = 0
    p_uutime_sec: UInt = 0
    p_uutime_usec: UInt = 0
    p_ustime_sec: UInt = 0
    p_ustime_usec: UInt = 0
    p_uru_maxrss: UInt64 = 0
    p_uru_ixrss: UInt64 = 0
    p_uru_idrss: UInt64 = 0
    p_uru_isrss: UInt64 = 0
    p_uru_minflt: UInt64 = 0
    p_uru_majflt: UInt64 = 0
    p_uru_nswap: UInt64 = 0
    p_uru_inblock: UInt64 = 0
    p_uru_oublock: UInt64 = 0
    p_uru_msgsnd: UInt64 = 0
    p_uru_msgrcv: UInt64 = 0
    p_uru_nsignals: UInt64 = 0
    p_uru_nvcsw: UInt64 = 0
    p_uru_nivcsw: UInt64 = 0
    p_uctime_sec: UInt = 0  # children
    p_uctime_usec: UInt = 0
    p_cpuid: UInt64 = 0
    p_realflag: UInt64 = 0
    p_nlwps: UInt64 = 0
    p_nrlwps: UInt64 = 0  # of them running or runnable
    p_realstat: UInt64 = 0  # SACTIVE, SSTOP, SZOMB
    p_svuid: UInt = 0
    p_svgid: UInt = 0
    p_ename: Annotated[bytes, CharArray(16)] = b""  # of the system call environment
    p_vm_vsize: Int64 = 0  # pages
    p_vm_msize: Int64 = 0
