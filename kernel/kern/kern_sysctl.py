# SPDX-License-Identifier: BSD-2-Clause
"""sysctl: what the kernel tells of itself, by number.  NetBSD sys/kern/kern_sysctl.c.

Nodes about processes are in kern_sysctl_proc.
"""

import struct
from collections.abc import Callable
from typing import Final, NamedTuple

from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_ktrace import ktrgenio, ktrkmem, ktrpoint
from kernel.kern.kern_proc import suser
from kernel.kern.kern_sysctl_proc import sysctl_proc2, sysctl_procargs
from kernel.sys.cdefs import BIG, Abi
from kernel.sys.errno import Errno, KernelError
from kernel.sys.kernel import Kernel
from kernel.sys.ktrace import KTR_MIB
from kernel.sys.param import (
    ARG_MAX,
    IOV_MAX,
    LOGIN_NAME_MAX,
    MAXHOSTNAMELEN,
    MAXPHYS,
    NGROUPS_MAX,
    OSRELEASE,
    OSREV,
    OSTYPE,
    PAGE_SIZE,
    PID_MAX,
    VERSION,
)
from kernel.sys.proc import Lwp
from kernel.sys.sysctl import (
    CTL_HW,
    CTL_KERN,
    CTL_MAXNAME,
    CTL_VFS,
    HW_BYTEORDER,
    HW_MACHINE,
    HW_MACHINE_ARCH,
    HW_MODEL,
    HW_NCPU,
    HW_PAGESIZE,
    KERN_ARGMAX,
    KERN_BOOTTIME,
    KERN_FSYNC,
    KERN_HOSTNAME,
    KERN_IOV_MAX,
    KERN_JOB_CONTROL,
    KERN_LOGIN_NAME_MAX,
    KERN_MAXFILES,
    KERN_MAXPHYS,
    KERN_MAXPROC,
    KERN_MONOTONIC_CLOCK,
    KERN_NGROUPS,
    KERN_OSRELEASE,
    KERN_OSREV,
    KERN_OSTYPE,
    KERN_POSIX1,
    KERN_PROC2,
    KERN_PROC_ARGS,
    KERN_SAVED_IDS,
    KERN_SECURELVL,
    KERN_VERSION,
    VFS_GENERIC,
    VFS_USERMOUNT,
)
from kernel.sys.time import Timespec
from kernel.sys.uio import UIO_READ, UIO_WRITE, Iovec

POSIX1_VERSION: Final = 200112

_KERN_SUBTREES: Final[dict[int, Callable[[Lwp, tuple[int, ...]], bytes]]] = {
    KERN_PROC2: sysctl_proc2,
    KERN_PROC_ARGS: sysctl_procargs,
}


class Leaf(NamedTuple):
    """A value; one without set_ cannot be changed."""

    get: Callable[[Kernel], bytes]
    set_: Callable[[Kernel, bytes], None] | None = None


def _int(value: int) -> Leaf:
    """A number that never changes."""
    return Leaf(lambda kernel: _pack_int(value, kernel.abi))


def _string(value: bytes) -> Leaf:
    """A string that never changes."""
    return Leaf(lambda _kernel: value + b"\0")


def _pack_int(value: int, abi: Abi) -> bytes:
    return struct.pack(abi.byteorder + "i", value)


def _unpack_int(data: bytes, abi: Abi) -> int:
    """Return the int in data.

    Raises:
        KernelError: EINVAL, it is not as long as an int.
    """
    if len(data) != 4:
        raise KernelError(Errno.EINVAL)
    return int(struct.unpack(abi.byteorder + "i", data)[0])


def _set_maxproc(kernel: Kernel, data: bytes) -> None:
    value = _unpack_int(data, kernel.abi)
    if not 0 <= value < PID_MAX:
        raise KernelError(Errno.EINVAL)
    kernel.limits.maxproc = value


def _set_maxfiles(kernel: Kernel, data: bytes) -> None:
    value = _unpack_int(data, kernel.abi)
    if value < 0:
        raise KernelError(Errno.EINVAL)
    kernel.limits.maxfiles = value


def _set_hostname(kernel: Kernel, data: bytes) -> None:
    """Take a string up to its NUL, or all of data if it has none."""
    name = data.split(b"\0", 1)[0]
    if len(name) >= MAXHOSTNAMELEN or len(data) > MAXHOSTNAMELEN:
        raise KernelError(Errno.EINVAL)
    kernel.hostname = name


def _set_securelevel(kernel: Kernel, data: bytes) -> None:
    """Raise the level; only init, which here is no program, could lower it.

    Source: secmodel_securelevel_sysctl, NetBSD sys/secmodel/securelevel.
    """
    value = _unpack_int(data, kernel.abi)
    if value < kernel.securelevel:
        raise KernelError(Errno.EPERM)
    kernel.securelevel = value


def _set_usermount(kernel: Kernel, data: bytes) -> None:
    kernel.usermount = bool(_unpack_int(data, kernel.abi))


def _boottime(kernel: Kernel) -> bytes:
    return Timespec.from_ns(kernel.clock.boot + kernel.clock.offset).pack()


_LEAVES: Final[dict[tuple[int, ...], Leaf]] = {
    (CTL_KERN, KERN_OSTYPE): _string(OSTYPE),
    (CTL_KERN, KERN_OSRELEASE): _string(OSRELEASE),
    (CTL_KERN, KERN_OSREV): _int(OSREV),
    (CTL_KERN, KERN_VERSION): _string(VERSION),
    (CTL_KERN, KERN_MAXPROC): Leaf(
        lambda kernel: _pack_int(kernel.limits.maxproc, kernel.abi), _set_maxproc
    ),
    (CTL_KERN, KERN_MAXFILES): Leaf(
        lambda kernel: _pack_int(kernel.limits.maxfiles, kernel.abi), _set_maxfiles
    ),
    (CTL_KERN, KERN_ARGMAX): _int(ARG_MAX),
    (CTL_KERN, KERN_SECURELVL): Leaf(
        lambda kernel: _pack_int(kernel.securelevel, kernel.abi), _set_securelevel
    ),
    (CTL_KERN, KERN_HOSTNAME): Leaf(lambda kernel: kernel.hostname + b"\0", _set_hostname),
    (CTL_KERN, KERN_POSIX1): _int(POSIX1_VERSION),
    (CTL_KERN, KERN_NGROUPS): _int(NGROUPS_MAX),
    (CTL_KERN, KERN_JOB_CONTROL): _int(1),
    (CTL_KERN, KERN_SAVED_IDS): _int(1),
    (CTL_KERN, KERN_BOOTTIME): Leaf(_boottime),
    (CTL_KERN, KERN_FSYNC): _int(1),
    (CTL_KERN, KERN_IOV_MAX): _int(IOV_MAX),
    (CTL_KERN, KERN_LOGIN_NAME_MAX): _int(LOGIN_NAME_MAX),
    (CTL_KERN, KERN_MAXPHYS): _int(MAXPHYS),
    (CTL_KERN, KERN_MONOTONIC_CLOCK): _int(POSIX1_VERSION),
    (CTL_VFS, VFS_GENERIC, VFS_USERMOUNT): Leaf(
        lambda kernel: _pack_int(kernel.usermount, kernel.abi), _set_usermount
    ),
    (CTL_HW, HW_MACHINE): _string(b"python"),
    (CTL_HW, HW_MACHINE_ARCH): _string(b"python"),
    (CTL_HW, HW_MODEL): _string(b"CPython"),
    (CTL_HW, HW_NCPU): _int(1),
    (CTL_HW, HW_BYTEORDER): Leaf(
        lambda kernel: _pack_int(4321 if kernel.abi.byteorder == BIG else 1234, kernel.abi)
    ),
    (CTL_HW, HW_PAGESIZE): _int(PAGE_SIZE),
}


def sys___sysctl(
    lwp: Lwp, name: int, namelen: int, oldv: int, oldlenp: int, newv: int, newlen: int
) -> int:
    """sysctl(3): read and set what the kernel tells of itself.

    Args:
        lwp: the caller.
        name: user address of the name, namelen ints.
        namelen: 1 to CTL_MAXNAME.
        oldv: where the value goes, or 0: only its length is wanted.
        oldlenp: user address of a size_t: room at oldv; then the value's length.
        newv: the new value, or 0.
        newlen: its bytes.

    Raises:
        KernelError: EINVAL, namelen, or a new value of a wrong length. ENOENT,
            there is no such name. EISDIR, it is not complete; ENOTDIR, it is
            too long. EPERM, the value is not for the caller to set, or to
            see. ENOMEM, there is not room for all of it; what fits is there.
            ESRCH, no such process. EFAULT.

    With the MIB point on, the name is recorded, and as I/O of descriptor -1
    what is copied.  Source: sys___sysctl and sysctl_lookup.
    """
    vm = lwp.l_proc.p_vmspace
    abi = lwp.l_kernel.abi
    if not 1 <= namelen <= CTL_MAXNAME:
        raise KernelError(Errno.EINVAL)
    raw = copyin(vm, name, 4 * namelen)
    if ktrpoint(lwp, KTR_MIB):
        ktrkmem(lwp, KTR_MIB, raw)
    mib = struct.unpack(f"{abi.byteorder}{namelen}i", raw)
    size_t = struct.Struct(abi.byteorder + ("Q" if abi.word == 8 else "I"))
    room = size_t.unpack(copyin(vm, oldlenp, size_t.size))[0] if oldlenp else 0
    old, setter = _look_up(lwp, mib, bool(newv))
    new = _copyin_new(lwp, newv, newlen) if setter is not None else b""
    if oldv:
        _copyout_old(lwp, old[:room], oldv)
    if setter is not None:
        setter(lwp.l_kernel, new)
    if oldlenp:
        copyout(vm, size_t.pack(len(old)), oldlenp)
    if oldv and room < len(old):
        raise KernelError(Errno.ENOMEM)
    return 0


def _look_up(
    lwp: Lwp, mib: tuple[int, ...], change: bool
) -> tuple[bytes, Callable[[Kernel, bytes], None] | None]:
    """Return the value of mib, and if it is to change, how.

    Raises:
        KernelError: as sysctl.
    """
    if mib[0] == CTL_KERN and mib[1:2] and mib[1] in _KERN_SUBTREES:
        if change:
            raise KernelError(Errno.EPERM)
        return _KERN_SUBTREES[mib[1]](lwp, mib[2:]), None
    leaf = _LEAVES.get(mib)
    if leaf is None:
        if any(known[: len(mib)] == mib for known in _LEAVES):
            raise KernelError(Errno.EISDIR)
        beyond = any(mib[: len(known)] == known for known in _LEAVES)
        raise KernelError(Errno.ENOTDIR if beyond else Errno.ENOENT)
    if change:
        if leaf.set_ is None:
            raise KernelError(Errno.EPERM)
        suser(lwp.l_proc)
    return leaf.get(lwp.l_kernel), leaf.set_ if change else None


def _copyin_new(lwp: Lwp, newv: int, newlen: int) -> bytes:
    """Copy a new value in, and record it.

    Raises:
        KernelError: EINVAL, longer than any value. EFAULT.
    """
    if newlen > MAXHOSTNAMELEN:
        raise KernelError(Errno.EINVAL)
    new = copyin(lwp.l_proc.p_vmspace, newv, newlen)
    if ktrpoint(lwp, KTR_MIB):
        ktrgenio(lwp, -1, UIO_WRITE, [Iovec(newv, newlen)], newlen)
    return new


def _copyout_old(lwp: Lwp, old: bytes, oldv: int) -> None:
    """Copy a value out, and record it.

    Raises:
        KernelError: EFAULT.
    """
    copyout(lwp.l_proc.p_vmspace, old, oldv)
    if ktrpoint(lwp, KTR_MIB):
        ktrgenio(lwp, -1, UIO_READ, [Iovec(oldv, len(old))], len(old))
