# SPDX-License-Identifier: BSD-2-Clause
"""The sysctl tree: kern, vm, vfs, hw, proc, security.  NetBSD sys/kern/init_sysctl.c."""

import struct as _struct
from typing import Final

from kernel.kern.init_sysctl_base import function, integer, node, quad, string, struct, variable
from kernel.kern.init_sysctl_ipc import IPC_TREE
from kernel.kern.init_sysctl_net import NET_TREE
from kernel.kern.kern_clock import cp_time
from kernel.kern.kern_proc import suser
from kernel.kern.kern_sysctl_file import sysctl_file2
from kernel.kern.kern_sysctl_proc import sysctl_lwp, sysctl_proc2, sysctl_procargs
from kernel.kern.kern_sysctl_rlimit import PROC_TREE
from kernel.kern.sched_4bsd import FSCALE
from kernel.kern.subr_log import msgbuf_text
from kernel.sys.cdefs import BIG, pack, sizeof
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel
from kernel.sys.param import (
    ARG_MAX,
    HZ,
    IOV_MAX,
    LOGIN_NAME_MAX,
    MAXHOSTNAMELEN,
    MAXPATHLEN,
    MAXPHYS,
    MAXSLP,
    MSGBUFSIZE,
    NGROUPS_MAX,
    OSRELEASE,
    OSREV,
    OSTYPE,
    PAGE_MASK,
    PAGE_SHIFT,
    PAGE_SIZE,
    PHYSMEM,
    PID_MAX,
    TICK,
    VERSION,
)
from kernel.sys.proc import Lwp
from kernel.sys.socketvar import SB_MAX
from kernel.sys.sysctl import (
    CP_IDLE,
    CP_SYS,
    CPUSTATES,
    CTL_DEBUG,
    CTL_EMUL,
    CTL_HW,
    CTL_KERN,
    CTL_MACHDEP,
    CTL_SECURITY,
    CTL_USER,
    CTL_VENDOR,
    CTL_VFS,
    CTL_VM,
    CTLFLAG_HEX,
    CTLFLAG_ROOT,
    CTLTYPE_INT,
    CTLTYPE_STRUCT,
    HW_ALIGNBYTES,
    HW_BYTEORDER,
    HW_CNMAGIC,
    HW_MACHINE,
    HW_MACHINE_ARCH,
    HW_MODEL,
    HW_NCPU,
    HW_NCPUONLINE,
    HW_PAGESIZE,
    HW_PHYSMEM,
    HW_PHYSMEM64,
    HW_USERMEM,
    HW_USERMEM64,
    KERN_ARGMAX,
    KERN_ARND,
    KERN_BOOTTIME,
    KERN_CCPU,
    KERN_CLOCKRATE,
    KERN_CONSDEV,
    KERN_CP_TIME,
    KERN_DEFCORENAME,
    KERN_DOMAINNAME,
    KERN_DRIVERS,
    KERN_DUMP_ON_PANIC,
    KERN_FILE2,
    KERN_FORKFSLEEP,
    KERN_FSCALE,
    KERN_FSYNC,
    KERN_HARDCLOCK_TICKS,
    KERN_HOSTID,
    KERN_HOSTNAME,
    KERN_IOV_MAX,
    KERN_JOB_CONTROL,
    KERN_LOGIN_NAME_MAX,
    KERN_LOGSIGEXIT,
    KERN_LWP,
    KERN_MAPPED_FILES,
    KERN_MAXFILES,
    KERN_MAXPARTITIONS,
    KERN_MAXPHYS,
    KERN_MAXPROC,
    KERN_MAXVNODES,
    KERN_MEMLOCK,
    KERN_MEMLOCK_RANGE,
    KERN_MEMORY_PROTECTION,
    KERN_MONOTONIC_CLOCK,
    KERN_MSGBUF,
    KERN_MSGBUFSIZE,
    KERN_NGROUPS,
    KERN_OSRELEASE,
    KERN_OSREV,
    KERN_OSTYPE,
    KERN_POSIX1,
    KERN_POSIX_BARRIERS,
    KERN_POSIX_READER_WRITER_LOCKS,
    KERN_POSIX_SEMAPHORES,
    KERN_POSIX_SPIN_LOCKS,
    KERN_POSIX_THREADS,
    KERN_POSIX_TIMERS,
    KERN_PROC2,
    KERN_PROC_ARGS,
    KERN_RAWPARTITION,
    KERN_ROOT_DEVICE,
    KERN_RTC_OFFSET,
    KERN_SAVED_IDS,
    KERN_SBMAX,
    KERN_SECURELVL,
    KERN_SYNCHRONIZED_IO,
    KERN_URND,
    KERN_VERSION,
    UVMEXP2,
    VFS_GENERIC,
    VFS_USERMOUNT,
    VM_LOADAVG,
    VM_MAXADDRESS,
    VM_MAXSLP,
    VM_MINADDRESS,
    VM_USPACE,
    VM_UVMEXP2,
    Clockinfo,
    KinfoDrivers,
    Loadavg,
)
from kernel.sys.time import Timespec
from kernel.sys.types import makedev
from kernel.sys.vnode import VBLK, VCHR

POSIX1_VERSION: Final = 200112
_CCPU: Final = 1948  # exp(-1/20) in 1/FSCALE
_U64: Final = (1 << 64) - 1
_SB_LEAST: Final = 16384  # bytes
_RANDOM_MAX: Final = 256  # bytes of kern.arandom
_ANY: Final = -1  # a number that the tree gives


def _set_maxproc(kernel: Kernel, value: int) -> None:
    if not 0 <= value < PID_MAX:
        raise KernelError(Errno.EINVAL)
    kernel.limits.maxproc = value


def _set_maxfiles(kernel: Kernel, value: int) -> None:
    if value < 0:
        raise KernelError(Errno.EINVAL)
    kernel.limits.maxfiles = value


def _set_forkfsleep(kernel: Kernel, value: int) -> None:
    """Set it to so many ms, cut to whole ticks; to one at least, unless it is 0."""
    if not 0 <= value <= MAXSLP * 1000:
        raise KernelError(Errno.EINVAL)
    kernel.forkfsleep = max(value * HZ // 1000, 1) if value else 0


def _set_hostname(kernel: Kernel, value: bytes) -> None:
    kernel.hostname = value


def _set_securelevel(kernel: Kernel, value: int) -> None:
    """Raise the level; only init, which here is no program, could lower it.

    Source: secmodel_securelevel_sysctl, NetBSD sys/secmodel/securelevel.
    """
    if value < kernel.securelevel:
        raise KernelError(Errno.EPERM)
    kernel.securelevel = value


def _set_usermount(kernel: Kernel, value: int) -> None:
    kernel.usermount = bool(value)


def _set_curtain(kernel: Kernel, value: int) -> None:
    kernel.curtain = bool(value)


def _boottime(kernel: Kernel) -> bytes:
    return Timespec.from_ns(kernel.clock.boot + kernel.clock.offset).pack()


def _clockrate(kernel: Kernel) -> bytes:
    return pack(Clockinfo(HZ, 1_000_000 // HZ, 0, HZ, HZ), kernel.abi)


def _cp_time(kernel: Kernel) -> bytes:
    busy, idle = cp_time(kernel)
    ticks = [0] * CPUSTATES
    ticks[CP_SYS], ticks[CP_IDLE] = busy // TICK, idle // TICK & _U64
    return _struct.pack(f"{kernel.abi.byteorder}{CPUSTATES}Q", *ticks)


def _loadavg(kernel: Kernel) -> bytes:
    return pack(Loadavg(tuple(kernel.averunnable), FSCALE), kernel.abi)


def _usedmem(kernel: Kernel) -> int:
    """Return the bytes of memory that processes have."""
    return sum(
        len(segment.mem) for p in kernel.allproc.values() for segment in p.p_vmspace.vm_map.values()
    )


def _usermem(kernel: Kernel) -> int:
    return max(PHYSMEM - _usedmem(kernel), 0)


def _uvmexp2(kernel: Kernel) -> bytes:
    """Return the state of memory: all that processes have is active and anonymous."""
    pages, used = PHYSMEM >> PAGE_SHIFT, _usedmem(kernel) >> PAGE_SHIFT
    known = {
        "pagesize": PAGE_SIZE,
        "pagemask": PAGE_MASK,
        "pageshift": PAGE_SHIFT,
        "npages": pages,
        "free": max(pages - used, 0),
        "active": used,
        "anonpages": used,
        "ncolors": 1,
    }
    values = [known.get(name, 0) for name in UVMEXP2]
    return _struct.pack(f"{kernel.abi.byteorder}{len(values)}q", *values)


def _drivers(kernel: Kernel) -> bytes:
    records = []
    for name in sorted({driver.d_name for driver in kernel.devsw.values()}):
        majors = {VCHR: -1, VBLK: -1}
        for (kind, major), driver in kernel.devsw.items():
            if driver.d_name == name:
                majors[kind] = major
        records.append(
            pack(KinfoDrivers(majors[VCHR], majors[VBLK], name.encode()[:23]), kernel.abi)
        )
    return b"".join(records)


def _fstypes(kernel: Kernel) -> bytes:
    return " ".join(sorted(kernel.vfs_list)).encode()


def _consdev(kernel: Kernel) -> bytes:
    return makedev(0, 0).to_bytes(8, "big" if kernel.abi.byteorder == BIG else "little")


def _arandom(lwp: Lwp, rest: tuple[int, ...], room: int | None) -> tuple[bytes, int]:
    """kern.arandom: random bytes, as many as there is room for.

    Raises:
        KernelError: ENOTDIR, the name goes on. EINVAL, more than 256.
    """
    if rest:
        raise KernelError(Errno.ENOTDIR)
    if room is None:
        return b"", 4
    if room > _RANDOM_MAX:
        raise KernelError(Errno.EINVAL)
    return lwp.l_kernel.rng.randbytes(room), room


def _msgbuf(lwp: Lwp, rest: tuple[int, ...], room: int | None) -> tuple[bytes, int]:
    """kern.msgbuf: what the kernel has said, oldest first; what there is no room for is left out.

    Raises:
        KernelError: ENOTDIR, the name goes on. EPERM, the log is for root alone.
    """
    if rest:
        raise KernelError(Errno.ENOTDIR)
    if lwp.l_kernel.curtain:
        suser(lwp.l_proc)
    text = msgbuf_text(lwp.l_kernel)
    return (b"", MSGBUFSIZE) if room is None else (text[:room], min(len(text), room))


def _core_name(name: bytes) -> bool:
    return bool(name)


_KERN: Final = (
    string("ostype", KERN_OSTYPE, "Operating system type", OSTYPE),
    string("osrelease", KERN_OSRELEASE, "Operating system release", OSRELEASE),
    integer("osrevision", KERN_OSREV, "Operating system revision", OSREV),
    string("version", KERN_VERSION, "Kernel version", VERSION),
    variable("maxvnodes", KERN_MAXVNODES, "Maximum number of vnodes", 65536, lambda n: n > 0),
    integer(
        "maxproc", KERN_MAXPROC, "Maximum number of simultaneous processes",
        lambda kernel: kernel.limits.maxproc, _set_maxproc,
    ),
    integer(
        "maxfiles", KERN_MAXFILES, "Maximum number of open files",
        lambda kernel: kernel.limits.maxfiles, _set_maxfiles,
    ),
    integer("argmax", KERN_ARGMAX, "Maximum number of bytes of arguments to execve(2)", ARG_MAX),
    integer(
        "securelevel", KERN_SECURELVL, "System security level",
        lambda kernel: kernel.securelevel, _set_securelevel,
    ),
    string(
        "hostname", KERN_HOSTNAME, "System hostname",
        lambda kernel: kernel.hostname, _set_hostname, MAXHOSTNAMELEN,
    ),
    variable("hostid", KERN_HOSTID, "System host ID number", 0, flags=CTLFLAG_HEX),
    struct("clockrate", KERN_CLOCKRATE, "Kernel clock rates", sizeof(Clockinfo), _clockrate),
    integer(
        "posix1version", KERN_POSIX1, "Version of POSIX 1003.1 that is aimed at",
        POSIX1_VERSION,
    ),
    integer("ngroups", KERN_NGROUPS, "Maximum number of supplemental groups", NGROUPS_MAX),
    integer("job_control", KERN_JOB_CONTROL, "Whether job control is available", 1),
    integer("saved_ids", KERN_SAVED_IDS, "Whether saved set-group/user ID is available", 1),
    variable("domainname", KERN_DOMAINNAME, "YP domain name", b"", size=MAXHOSTNAMELEN),
    integer("maxpartitions", KERN_MAXPARTITIONS, "Maximum number of partitions per disk", 16),
    integer("rawpartition", KERN_RAWPARTITION, "Raw partition of a disk", 3),
    variable("rtc_offset", KERN_RTC_OFFSET, "Offset of the clock from UTC in minutes", 0),
    string("root_device", KERN_ROOT_DEVICE, "Name of the root device", b"tmpfs"),
    integer("msgbufsize", KERN_MSGBUFSIZE, "Size of the kernel message buffer", MSGBUFSIZE),
    integer("fsync", KERN_FSYNC, "Whether file synchronization is available", 1),
    integer("synchronized_io", KERN_SYNCHRONIZED_IO, "Whether synchronized I/O is available", 1),
    integer("iov_max", KERN_IOV_MAX, "Maximum number of iovec structures per process", IOV_MAX),
    integer("mapped_files", KERN_MAPPED_FILES, "Whether memory mapped files are available", 1),
    integer("memlock", KERN_MEMLOCK, "Whether process memory locking is available", 1),
    integer("memlock_range", KERN_MEMLOCK_RANGE, "Whether range memory locking is available", 1),
    integer(
        "memory_protection", KERN_MEMORY_PROTECTION, "Whether memory protection is available",
        1,
    ),
    integer("login_name_max", KERN_LOGIN_NAME_MAX, "Maximum login name length", LOGIN_NAME_MAX),
    variable(
        "defcorename", KERN_DEFCORENAME, "Default core file name", b"%n.core", _core_name,
        size=MAXPATHLEN,
    ),
    variable("logsigexit", KERN_LOGSIGEXIT, "Log process exit when caused by signals", 0),
    function("proc2", KERN_PROC2, "Machine-independent process information", sysctl_proc2),
    function("proc_args", KERN_PROC_ARGS, "Process argument information", sysctl_procargs),
    integer("fscale", KERN_FSCALE, "Kernel fixed-point scale factor", FSCALE),
    integer("ccpu", KERN_CCPU, "Scheduler exponential decay value", _CCPU),
    struct(
        "cp_time", KERN_CP_TIME, "Clock ticks spent in different CPU states",
        8 * CPUSTATES, _cp_time,
    ),
    function("msgbuf", KERN_MSGBUF, "Kernel message buffer", _msgbuf, CTLTYPE_STRUCT),
    struct("consdev", KERN_CONSDEV, "Console device", 8, _consdev),
    integer("maxphys", KERN_MAXPHYS, "Maximum raw I/O transfer size", MAXPHYS),
    variable("sbmax", KERN_SBMAX, "Maximum socket buffer size", SB_MAX, lambda n: n >= _SB_LEAST),
    integer(
        "monotonic_clock", KERN_MONOTONIC_CLOCK, "Version of the monotonic clock option",
        POSIX1_VERSION,
    ),
    integer(
        "urandom", KERN_URND, "Random integer value",
        lambda kernel: kernel.rng.getrandbits(32),
    ),
    function("lwp", KERN_LWP, "System-wide LWP information", sysctl_lwp),
    integer(
        "forkfsleep", KERN_FORKFSLEEP, "Milliseconds to sleep on fork failure due to limits",
        lambda kernel: kernel.forkfsleep * 1000 // HZ, _set_forkfsleep,
    ),
    integer("posix_threads", KERN_POSIX_THREADS, "Version of the threads option", POSIX1_VERSION),
    integer(
        "posix_semaphores", KERN_POSIX_SEMAPHORES, "Version of the semaphores option",
        POSIX1_VERSION,
    ),
    integer(
        "posix_barriers", KERN_POSIX_BARRIERS, "Version of the barriers option",
        POSIX1_VERSION,
    ),
    integer("posix_timers", KERN_POSIX_TIMERS, "Version of the timers option", POSIX1_VERSION),
    integer(
        "posix_spin_locks", KERN_POSIX_SPIN_LOCKS, "Version of the spin locks option",
        POSIX1_VERSION,
    ),
    integer(
        "posix_reader_writer_locks", KERN_POSIX_READER_WRITER_LOCKS,
        "Version of the read-write locks option", POSIX1_VERSION,
    ),
    variable("dump_on_panic", KERN_DUMP_ON_PANIC, "Perform a crash dump on system panic", 0),
    struct("drivers", KERN_DRIVERS, "All drivers with their device numbers", 0, _drivers),
    function("file2", KERN_FILE2, "System open file table", sysctl_file2),
    integer(
        "hardclock_ticks", KERN_HARDCLOCK_TICKS, "Number of hardclock ticks",
        lambda kernel: (kernel.clock.now - kernel.clock.boot) // TICK,
    ),
    function("arandom", KERN_ARND, "n bytes of random data", _arandom, CTLTYPE_INT),
    struct("boottime", KERN_BOOTTIME, "System boot time", 16, _boottime),
    string("configname", _ANY, "Name of config file", b"SYSENT"),
    *IPC_TREE,
)  # fmt: skip

_VM: Final = (
    struct("loadavg", VM_LOADAVG, "System load average history", sizeof(Loadavg), _loadavg),
    struct(
        "uvmexp2", VM_UVMEXP2, "Detailed system-wide memory statistics",
        8 * len(UVMEXP2), _uvmexp2,
    ),
    integer("maxslp", VM_MAXSLP, "Maximum process sleep time before being swapped", MAXSLP),
    integer("uspace", VM_USPACE, "Number of bytes allocated for a kernel stack", 0),
    quad("minaddress", VM_MINADDRESS, "Minimum user address", PAGE_SIZE),
    quad("maxaddress", VM_MAXADDRESS, "Maximum user address", 0x7F7F_FFFF_F000),
)  # fmt: skip

_HW: Final = (
    string("machine", HW_MACHINE, "Machine class", b"python"),
    string("model", HW_MODEL, "Machine model", b"CPython"),
    integer("ncpu", HW_NCPU, "Number of CPUs configured", 1),
    integer(
        "byteorder", HW_BYTEORDER, "System byte order",
        lambda kernel: 4321 if kernel.abi.byteorder == BIG else 1234,
    ),
    integer("physmem", HW_PHYSMEM, "Bytes of physical memory", min(PHYSMEM, (1 << 31) - 1)),
    integer("usermem", HW_USERMEM, "Bytes of non-kernel memory", _usermem),
    integer("pagesize", HW_PAGESIZE, "Software page size", PAGE_SIZE),
    string("machine_arch", HW_MACHINE_ARCH, "Machine CPU class", b"python"),
    integer("alignbytes", HW_ALIGNBYTES, "Alignment constraint for all possible data types", 15),
    variable(
        "cnmagic", HW_CNMAGIC, "Console magic key sequence",
        b"\x27\x01", size=64, flags=CTLFLAG_HEX,
    ),
    quad("physmem64", HW_PHYSMEM64, "Bytes of physical memory", PHYSMEM),
    quad("usermem64", HW_USERMEM64, "Bytes of non-kernel memory", _usermem),
    integer("ncpuonline", HW_NCPUONLINE, "Number of CPUs online", 1),
)  # fmt: skip

_GENERIC: Final = (
    integer(
        "usermount", VFS_USERMOUNT, "Whether unprivileged users may mount filesystems",
        lambda kernel: kernel.usermount, _set_usermount,
    ),
    string("fstypes", _ANY, "List of file systems present", _fstypes),
)  # fmt: skip

_MODELS: Final = (
    node("bsd44", _ANY, "4.4BSD security model", (
        string("name", _ANY, "", b"Traditional NetBSD (derived from 4.4BSD)"),
    )),
    node("suser", _ANY, "Superuser security model", (
        string("name", _ANY, "", b"Traditional NetBSD: Superuser"),
    )),
    node("securelevel", _ANY, "Securelevel security model", (
        string("name", _ANY, "", b"Traditional NetBSD: Securelevel"),
        integer(
            "securelevel", _ANY, "System security level",
            lambda kernel: kernel.securelevel, _set_securelevel,
        ),
    )),
    node("extensions", _ANY, "Extensions security model", (
        string("name", _ANY, "", b"Extensions: additional features"),
        integer(
            "usermount", _ANY, "Whether unprivileged users may mount filesystems.",
            lambda kernel: kernel.usermount, _set_usermount,
        ),
        integer(
            "curtain", _ANY, "Curtain information about objects to users not owning them.",
            lambda kernel: kernel.curtain, _set_curtain,
        ),
    )),
)  # fmt: skip

_SECURITY: Final = (
    integer(
        "curtain", _ANY, "Curtain information about objects to users not owning them.",
        lambda kernel: kernel.curtain, _set_curtain,
    ),
    node("models", _ANY, "Security models", _MODELS),
)  # fmt: skip

SYSCTL_ROOT: Final = node("", 0, "", (
    node("kern", CTL_KERN, "High kernel", _KERN),
    node("vm", CTL_VM, "Virtual memory", _VM),
    node("vfs", CTL_VFS, "Virtual file system", (
        node("generic", VFS_GENERIC, "Non-specific vfs related information", _GENERIC),
    )),
    NET_TREE,
    node("debug", CTL_DEBUG, "Debugging"),
    node("hw", CTL_HW, "Generic CPU, I/O", _HW),
    node("machdep", CTL_MACHDEP, "Machine dependent"),
    node("user", CTL_USER, "User-level"),
    PROC_TREE,
    node("vendor", CTL_VENDOR, "Vendor specific"),
    node("emul", CTL_EMUL, "Emulation settings"),
    node("security", CTL_SECURITY, "Security", _SECURITY),
), CTLFLAG_ROOT)  # fmt: skip
