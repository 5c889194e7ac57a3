# SPDX-License-Identifier: BSD-2-Clause
"""Names of sysctl(3), and the structs it tells of.  NetBSD sys/sys/sysctl.h.

ps(1) asks for [CTL_KERN, KERN_PROC2, KERN_PROC_ALL, 0, sizeof(KinfoProc2), count]
and gets an array of KinfoProc2, laid out as on NetBSD; for the arguments it asks
for [CTL_KERN, KERN_PROC_ARGS, pid, KERN_PROC_ARGV]: strings, each with its NUL.
"""

from typing import Annotated, Final

from kernel.sys.cdefs import (
    Char,
    CharArray,
    Int,
    Int64,
    Long,
    Short,
    UChar,
    UInt,
    UInt64,
    UIntArray,
    UShort,
)
from kernel.sys.namedtuple import NamedTuple

CTL_MAXNAME: Final = 12  # numbers in a name, at most
SYSCTL_NAMELEN: Final = 32  # bytes of one name, NUL included

# sysctl_flags: what a node's value is ...
CTLTYPE_NODE: Final = 1
CTLTYPE_INT: Final = 2
CTLTYPE_STRING: Final = 3
CTLTYPE_QUAD: Final = 4
CTLTYPE_STRUCT: Final = 5
CTLTYPE_BOOL: Final = 6
SYSCTL_TYPEMASK: Final = 0xF
# ... and what may be done with it.
CTLFLAG_READONLY: Final = 0
CTLFLAG_READWRITE: Final = 0x70
CTLFLAG_ANYWRITE: Final = 0x80  # not only by root
CTLFLAG_PRIVATE: Final = 0x100  # only root sees it
CTLFLAG_PERMANENT: Final = 0x200
CTLFLAG_IMMEDIATE: Final = 0x800
CTLFLAG_HEX: Final = 0x1000
CTLFLAG_ROOT: Final = 0x2000
CTLFLAG_ANYNUMBER: Final = 0x4000  # stands for each number that is not negative
CTLFLAG_HIDDEN: Final = 0x8000
CTLFLAG_UNSIGNED: Final = 0x80000
SYSCTL_VERSION: Final = 0x0100_0000  # in sysctl_flags of each node
SYSCTL_VERS_MASK: Final = 0xFF00_0000

# The last number of a name may be a question about the node before it.
CTL_EOL: Final = -1
CTL_QUERY: Final = -2  # which nodes are below
CTL_CREATE: Final = -3
CTL_CREATESYM: Final = -4
CTL_DESTROY: Final = -5
CTL_MMAP: Final = -6
CTL_DESCRIBE: Final = -7  # what they are
CREATE_BASE: Final = 1024  # the first number of those that have no fixed one

# The first number.
CTL_KERN: Final = 1
CTL_VM: Final = 2
CTL_VFS: Final = 3
CTL_NET: Final = 4
CTL_DEBUG: Final = 5
CTL_HW: Final = 6
CTL_MACHDEP: Final = 7
CTL_USER: Final = 8  # libc's
CTL_DDB: Final = 9
CTL_PROC: Final = 10
CTL_VENDOR: Final = 11
CTL_EMUL: Final = 12
CTL_SECURITY: Final = 13

VFS_GENERIC: Final = 0  # of all types of file system
VFS_USERMOUNT: Final = 3  # others than the superuser may mount

# vm.*
VM_LOADAVG: Final = 2  # struct loadavg
VM_UVMEXP2: Final = 5  # struct uvmexp_sysctl
VM_MAXSLP: Final = 9  # int, seconds
VM_USPACE: Final = 10  # int, bytes
VM_MINADDRESS: Final = 14  # long
VM_MAXADDRESS: Final = 15  # long

# kern.*
KERN_OSTYPE: Final = 1  # string
KERN_OSRELEASE: Final = 2  # string
KERN_OSREV: Final = 3  # int
KERN_VERSION: Final = 4  # string
KERN_MAXVNODES: Final = 5  # int
KERN_MAXPROC: Final = 6  # int, root may set it
KERN_MAXFILES: Final = 7  # int, root may set it
KERN_ARGMAX: Final = 8  # int, bytes
KERN_SECURELVL: Final = 9  # int
KERN_HOSTNAME: Final = 10  # string, root may set it
KERN_HOSTID: Final = 11  # int, root may set it
KERN_CLOCKRATE: Final = 12  # struct clockinfo
KERN_POSIX1: Final = 17  # int
KERN_NGROUPS: Final = 18  # int
KERN_JOB_CONTROL: Final = 19  # int
KERN_SAVED_IDS: Final = 20  # int
KERN_DOMAINNAME: Final = 22  # string, root may set it
KERN_MAXPARTITIONS: Final = 23  # int
KERN_RAWPARTITION: Final = 24  # int
KERN_RTC_OFFSET: Final = 29  # int, minutes
KERN_ROOT_DEVICE: Final = 30  # string
KERN_MSGBUFSIZE: Final = 31  # int, bytes
KERN_FSYNC: Final = 32  # int
KERN_SYNCHRONIZED_IO: Final = 37  # int
KERN_IOV_MAX: Final = 38  # int
KERN_MAPPED_FILES: Final = 40  # int
KERN_MEMLOCK: Final = 41  # int
KERN_MEMLOCK_RANGE: Final = 42  # int
KERN_MEMORY_PROTECTION: Final = 43  # int
KERN_LOGIN_NAME_MAX: Final = 44  # int, bytes with the NUL
KERN_DEFCORENAME: Final = 45  # string, root may set it
KERN_LOGSIGEXIT: Final = 46  # int, root may set it
KERN_PROC2: Final = 47  # array of KinfoProc2
KERN_PROC_ARGS: Final = 48  # strings, or int
KERN_FSCALE: Final = 49  # int
KERN_CCPU: Final = 50  # int
KERN_CP_TIME: Final = 51  # array of CPUSTATES u_int64_t
KERN_MSGBUF: Final = 53  # string
KERN_CONSDEV: Final = 54  # dev_t
KERN_MAXPHYS: Final = 57  # int, bytes
KERN_SBMAX: Final = 58  # int, bytes
KERN_MONOTONIC_CLOCK: Final = 60  # int
KERN_URND: Final = 61  # int
KERN_LWP: Final = 64  # array of KinfoLwp
KERN_FORKFSLEEP: Final = 65  # int, ms
KERN_POSIX_THREADS: Final = 66  # int
KERN_POSIX_SEMAPHORES: Final = 67  # int
KERN_POSIX_BARRIERS: Final = 68  # int
KERN_POSIX_TIMERS: Final = 69  # int
KERN_POSIX_SPIN_LOCKS: Final = 70  # int
KERN_POSIX_READER_WRITER_LOCKS: Final = 71  # int
KERN_DUMP_ON_PANIC: Final = 72  # int
KERN_DRIVERS: Final = 75  # array of KinfoDrivers
KERN_FILE2: Final = 77  # array of KinfoFile
KERN_HARDCLOCK_TICKS: Final = 80  # int
KERN_ARND: Final = 81  # bytes, as many as asked for
KERN_SYSVIPC: Final = 82  # node
KERN_BOOTTIME: Final = 83  # struct timespec

# kern.ipc.*
KERN_SYSVIPC_INFO: Final = 1  # one of the next three, and then all there are
KERN_SYSVIPC_MSG_INFO: Final = 4
KERN_SYSVIPC_SEM_INFO: Final = 5
KERN_SYSVIPC_SHM_INFO: Final = 6
KERN_SYSVIPC_MSG: Final = 2  # int
KERN_SYSVIPC_SEM: Final = 3  # int
KERN_SYSVIPC_SHM: Final = 4  # int
KERN_SYSVIPC_SHMMAX: Final = 5  # quad, bytes
KERN_SYSVIPC_SHMMNI: Final = 6  # int
KERN_SYSVIPC_SHMSEG: Final = 7  # int
KERN_SYSVIPC_SHMMAXPGS: Final = 8  # int, pages
KERN_SYSVIPC_SHMUSEPHYS: Final = 9  # int

CPUSTATES: Final = 5  # of kern.cp_time
CP_USER: Final = 0
CP_NICE: Final = 1
CP_SYS: Final = 2
CP_INTR: Final = 3
CP_IDLE: Final = 4

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
KERN_PROC_CWD: Final = 6  # string

# kern.file2.*: the next number is 0 or a pid
KERN_FILE_BYFILE: Final = 1
KERN_FILE_BYPID: Final = 2  # 0 or -1 as pid: of all processes

# hw.*
HW_MACHINE: Final = 1  # string
HW_MODEL: Final = 2  # string
HW_NCPU: Final = 3  # int
HW_BYTEORDER: Final = 4  # int: 1234 or 4321
HW_PHYSMEM: Final = 5  # int, bytes
HW_USERMEM: Final = 6  # int, bytes
HW_PAGESIZE: Final = 7  # int, bytes
HW_MACHINE_ARCH: Final = 10  # string
HW_ALIGNBYTES: Final = 11  # int
HW_CNMAGIC: Final = 12  # string
HW_PHYSMEM64: Final = 13  # quad, bytes
HW_USERMEM64: Final = 14  # quad, bytes
HW_NCPUONLINE: Final = 16  # int

# proc.PID.*
PROC_CURPROC: Final = 0x7FFF_FFFF  # as PID: the process that asks
PROC_PID_CORENAME: Final = 1  # string
PROC_PID_LIMIT: Final = 2  # node: RLIMIT_* + 1, then
PROC_PID_LIMIT_TYPE_SOFT: Final = 1  # quad
PROC_PID_LIMIT_TYPE_HARD: Final = 2  # quad
PROC_PID_STOPFORK: Final = 3  # int
PROC_PID_STOPEXEC: Final = 4  # int
PROC_PID_STOPEXIT: Final = 5  # int
PROC_PID_PAXFLAGS: Final = 6  # int

# user.*, which libc answers
USER_CS_PATH: Final = 1  # string
USER_BC_BASE_MAX: Final = 2  # int, and all after it
USER_BC_DIM_MAX: Final = 3
USER_BC_SCALE_MAX: Final = 4
USER_BC_STRING_MAX: Final = 5
USER_COLL_WEIGHTS_MAX: Final = 6
USER_EXPR_NEST_MAX: Final = 7
USER_LINE_MAX: Final = 8
USER_RE_DUP_MAX: Final = 9
USER_POSIX2_VERSION: Final = 10
USER_POSIX2_C_BIND: Final = 11
USER_POSIX2_C_DEV: Final = 12
USER_POSIX2_CHAR_TERM: Final = 13
USER_POSIX2_FORT_DEV: Final = 14
USER_POSIX2_FORT_RUN: Final = 15
USER_POSIX2_LOCALEDEF: Final = 16
USER_POSIX2_SW_DEV: Final = 17
USER_POSIX2_UPE: Final = 18
USER_STREAM_MAX: Final = 19
USER_TZNAME_MAX: Final = 20
USER_ATEXIT_MAX: Final = 21

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


class Sysctlnode(NamedTuple):
    """struct sysctlnode, what CTL_QUERY tells of a node: 96 bytes on every ABI."""

    sysctl_flags: UInt
    sysctl_num: Int
    sysctl_name: Annotated[bytes, CharArray(SYSCTL_NAMELEN)]
    sysctl_ver: UInt = 0
    sysctl_rsvd: UInt = 0
    sysctl_csize: UInt = 0  # of a CTLTYPE_NODE: children there is room for, and are
    sysctl_clen: UInt = 0
    sysctl_child: UInt64 = 0
    sysctl_size: UInt64 = 0  # bytes of the value
    sysctl_func: UInt64 = 0
    sysctl_parent: UInt64 = 0
    sysctl_desc: UInt64 = 0


class Sysctldesc(NamedTuple):
    """struct sysctldesc: the description follows, with its NUL and padding to 4 bytes."""

    descr_num: Int
    descr_ver: UInt
    descr_len: UInt  # the NUL included


class KinfoLwp(NamedTuple):
    """struct kinfo_lwp, as KinfoProc2 is of a process."""

    l_forw: UInt64 = 0
    l_back: UInt64 = 0
    l_laddr: UInt64 = 0
    l_addr: UInt64 = 0
    l_lid: Int = 0
    l_flag: Int = 0
    l_swtime: UInt = 0
    l_slptime: UInt = 0
    l_schedflags: Int = 0
    l_holdcnt: Int = 0
    l_priority: UChar = 0
    l_usrpri: UChar = 0
    l_stat: Char = 0  # LS*
    l_pad1: Char = 0
    l_pad2: Int = 0
    l_wmesg: Annotated[bytes, CharArray(8)] = b""
    l_wchan: UInt64 = 0
    l_cpuid: UInt64 = 0
    l_rtime_sec: UInt = 0
    l_rtime_usec: UInt = 0
    l_cpticks: UInt = 0
    l_pctcpu: UInt = 0
    l_pid: UInt = 0
    l_name: Annotated[bytes, CharArray(20)] = b""


class KinfoFile(NamedTuple):
    """struct kinfo_file; there are no kernel addresses here, so what holds one tells of the vnode.

    ki_fileaddr numbers the open file, ki_vun is the device that the file is on, ki_vdata
    its inode number; of a device, ki_fdata is its number.  Of a socket, ki_fdata is its
    number, as KinfoPcb has it, ki_vtype its type, ki_vtag its family, ki_fops its protocol.
    """

    ki_fileaddr: UInt64 = 0
    ki_flag: UInt = 0  # FREAD, FWRITE ...
    ki_iflags: UInt = 0
    ki_ftype: UInt = 0  # DTYPE_*
    ki_count: UInt = 0
    ki_msgcount: UInt = 0
    ki_usecount: UInt = 0
    ki_fucred: UInt64 = 0
    ki_fuid: UInt = 0
    ki_fgid: UInt = 0
    ki_fops: UInt64 = 0
    ki_foffset: UInt64 = 0
    ki_fdata: UInt64 = 0
    ki_vun: UInt64 = 0
    ki_vsize: UInt64 = 0
    ki_vtype: UInt = 0  # V*
    ki_vtag: UInt = 0  # VT_*
    ki_vdata: UInt64 = 0
    ki_pid: UInt = 0  # KERN_FILE_BYPID: whose
    ki_fd: Int = 0
    ki_ofileflags: UInt = 0
    ki_padto64bits: UInt = 0


INP_BOUND: Final = 1  # ki_prstate
INP_CONNECTED: Final = 2
PCB_SLOP: Final = 20  # sockets that may come between asking for the size and asking for all


class KinfoPcb(NamedTuple):
    """struct kinfo_pcb, of net.*.*.pcblist; sockets and their pcbs have numbers, no addresses."""

    ki_pcbaddr: UInt64 = 0
    ki_ppcbaddr: UInt64 = 0
    ki_sockaddr: UInt64 = 0
    ki_family: UInt = 0
    ki_type: UInt = 0
    ki_protocol: UInt = 0
    ki_pflags: UInt = 0
    ki_sostate: UInt = 0  # SS_*
    ki_prstate: UInt = 0  # INP_*
    ki_tstate: Int = 0  # TCPS_*
    ki_tflags: UInt = 0
    ki_rcvq: UInt64 = 0  # bytes
    ki_sndq: UInt64 = 0
    ki_src: Annotated[bytes, CharArray(264)] = b""  # struct sockaddr
    ki_dst: Annotated[bytes, CharArray(264)] = b""
    ki_inode: UInt64 = 0
    ki_vnode: UInt64 = 0  # of a local socket that has a file: its own number
    ki_conn: UInt64 = 0
    ki_refs: UInt64 = 0
    ki_nextref: UInt64 = 0


class Clockinfo(NamedTuple):
    """struct clockinfo, of kern.clockrate: rates a second."""

    hz: Int
    tick: Int  # us
    tickadj: Int
    stathz: Int
    profhz: Int


class Loadavg(NamedTuple):
    """struct loadavg, of vm.loadavg: of 1, 5 and 15 minutes, in 1/fscale."""

    ldavg: Annotated[tuple[int, ...], UIntArray(3)]
    fscale: Long


class KinfoDrivers(NamedTuple):
    """struct kinfo_drivers: a driver's name and its two major numbers, -1 for none."""

    d_cmajor: Int
    d_bmajor: Int
    d_name: Annotated[bytes, CharArray(24)]


# struct uvmexp_sysctl, of vm.uvmexp2: each an int64_t.
UVMEXP2: Final = tuple(
    "pagesize pagemask pageshift npages free active inactive paging wired zeropages"
    " reserve_pagedaemon reserve_kernel freemin freetarg inactarg wiredmax nswapdev swpages"
    " swpginuse swpgonly nswget unused1 cpuhit cpumiss faults traps intrs swtch softs syscalls"
    " pageins swapins swapouts pgswapin pgswapout forks forks_ppwait forks_sharevm pga_zerohit"
    " pga_zeromiss zeroaborts fltnoram fltnoanon fltpgwait fltpgrele fltrelck fltrelckok fltanget"
    " fltanretry fltamcopy fltnamap fltnomap fltlget fltget flt_anon flt_acow flt_obj flt_prcopy"
    " flt_przero pdwoke pdrevs unused4 pdfreed pdscans pdanscan pdobscan pdreact pdbusy pdpageouts"
    " pdpending pddeact anonpages filepages execpages colorhit colormiss ncolors bootpages"
    " poolpages countsyncone countsyncall anonunknown anonclean anondirty fileunknown fileclean"
    " filedirty fltup fltnoup".split()
)
