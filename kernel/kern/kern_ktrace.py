# SPDX-License-Identifier: BSD-2-Clause
"""Kernel tracing: the records, and how they reach the file.  NetBSD sys/kern/kern_ktrace.c 1.77.

Departures from the seed, each with a test: KTRFAC_ACTIVE is l_ktractive, per
LWP; no record holds stale memory; a record is written whole or not at all.
Version and layout of a record follow p_traceflag's version bits and the
kernel's ABI.  What sets and clears traces is in sys_ktrace.
"""

import struct
from collections.abc import Iterator
from functools import cache
from typing import Final

from kernel.arch.python.clock import nanotime
from kernel.arch.python.copy import copyin, copyinstr, useracc
from kernel.kern.kern_descrip import FILE_UNUSE, FILE_USE, closef
from kernel.kern.kern_runq import preempt
from kernel.kern.subr_log import log
from kernel.sys.cdefs import BIG, Abi, pack
from kernel.sys.errno import Errno, KernelError
from kernel.sys.file import DTYPE_VNODE, FOF_UPDATE_OFFSET, File
from kernel.sys.ioccom import FIONSPACE
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_GENIO,
    KTR_MMSG,
    KTR_NAMEI,
    KTR_PSIG,
    KTR_SYSCALL,
    KTR_SYSRET,
    KTR_USER,
    KTR_USER_MAXIDLEN,
    KTRFAC_VERSION,
    KtrCsw,
    KtrGenio,
    KtrHeaderV0,
    KtrHeaderV1,
    KtrHeaderV2,
    KtrPsig,
    KtrSysret,
    KtrUser,
    ktr_vertype,
)
from kernel.sys.param import PAGE_SIZE
from kernel.sys.proc import Lwp, Proc
from kernel.sys.siginfo import siginfo_pack
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.systm import SY_PAD, SY_QUAD, Sysent
from kernel.sys.uio import UIO_WRITE, Iovec, uio_sysspace
from kernel.sys.vm import VM_PROT_READ, VmSpace
from native.genio import Records, genio

_TRIES: Final = 3  # writes of one record before a full pipe ends the trace
_WORD: Final = 0xFFFF_FFFF


def ktrpoint(lwp: Lwp, facility: int) -> int:
    """KTRPOINT: nonzero if records of this type are wanted of lwp, and none is being made."""
    return not lwp.l_ktractive and lwp.l_proc.p_traceflag >> facility & 1


def ktrsamefile(f1: File | None, f2: File | None) -> bool:
    """Return whether two traces go to the same open file, or to the same vnode or pipe."""
    return f1 is f2 or (
        f1 is not None and f2 is not None and f1.f_type == f2.f_type and f1.f_data is f2.f_data
    )


def ktrderef(p: Proc) -> None:
    """End the tracing of p and let go of its file; a record being made is no longer protected.

    p_tracep is cleared first, so that a close that sleeps cannot come back here.
    """
    fp, p.p_tracep = p.p_tracep, None
    p.p_traceflag = 0
    for lwp in p.p_lwps:
        lwp.l_ktractive = False
    if fp is not None:
        closef(None, fp)


def ktradref(p: Proc) -> None:
    """Take one more reference to p's trace file."""
    if p.p_tracep is not None:
        p.p_tracep.f_count += 1


@cache
def _header_codec(abi: Abi, version: int) -> struct.Struct:
    """The header of a version as one struct.Struct over its fields."""
    return abi.layouts[(KtrHeaderV0, KtrHeaderV1, KtrHeaderV2)[version]].codec


def ktrinitheader(lwp: Lwp, record_type: int, length: int) -> bytes:
    """Return the header of a record of lwp with length bytes of payload."""
    p = lwp.l_proc
    version = KTRFAC_VERSION(p.p_traceflag)
    sec, nsec = divmod(nanotime(lwp.l_kernel), 1_000_000_000)
    codec = _header_codec(lwp.l_kernel.abi, version)
    if version:
        vertype = ktr_vertype(version, record_type)
        return codec.pack(length, vertype, p.p_pid, p.p_comm, sec, nsec, lwp.l_lid)
    return codec.pack(length, record_type, p.p_pid, p.p_comm, sec, nsec // 1000, 0)


def ktrkmem(lwp: Lwp, record_type: int, data: bytes) -> None:
    """Record kernel memory as it is: names, arguments, whatever the type says."""
    ktrwrite(lwp, ktrinitheader(lwp, record_type, len(data)) + data)


@cache
def _syscall_codec(abi: Abi, registers: int) -> struct.Struct:
    """KtrSyscall and the registers after it, as unsigned words."""
    return struct.Struct(f"{abi.byteorder}ii{registers}{'Q' if abi.word == 8 else 'I'}")


def ktrsyscall(
    lwp: Lwp, code: int, realcode: int, callp: tuple[Sysent, ...] | None, args: tuple[int, ...]
) -> None:
    """Record a call: realcode, and as many of args as callp[code] takes (None: the emulation's)."""
    entry = (callp or lwp.l_proc.p_emul.e_sysent)[code]
    abi = lwp.l_kernel.abi
    words = _registers(entry, args, abi)
    payload = _syscall_codec(abi, len(words)).pack(realcode, len(words) * abi.word, *words)
    ktrwrite(lwp, ktrinitheader(lwp, KTR_SYSCALL, len(payload)) + payload)


def _registers(entry: Sysent, args: tuple[int, ...], abi: Abi) -> list[int]:
    """Lay out args as the ABI passes them: pads as 0, 64 bits in two words where a word has 32."""
    mask = (1 << 8 * abi.word) - 1
    words: list[int] = []
    values = iter(args)
    for kind in entry.sy_kinds:
        value = 0 if kind == SY_PAD else next(values, 0)
        if kind == SY_QUAD and abi.word == 4:
            halves = (value & _WORD, value >> 32 & _WORD)
            words += halves if abi.byteorder != BIG else halves[::-1]
        else:
            words.append(value & mask)
    return words


def ktrsysret(lwp: Lwp, code: int, error: int, retval: int | tuple[int, int] | None) -> None:
    """Record what a call returned: one register or both; None is 0, 0."""
    first, second = retval if isinstance(retval, tuple) else (retval or 0, 0)
    abi = lwp.l_kernel.abi
    record = KtrSysret(code, 0, error, _signed(first, abi), _signed(second, abi))
    payload = pack(record, abi)
    ktrwrite(lwp, ktrinitheader(lwp, KTR_SYSRET, len(payload)) + payload)


def _signed(value: int, abi: Abi) -> int:
    """Return value as a register_t holds it."""
    half = 1 << 8 * abi.word - 1
    return (value + half) % (2 * half) - half


def ktrnamei(lwp: Lwp, path: bytes) -> None:
    """Record a path as it was given."""
    ktrkmem(lwp, KTR_NAMEI, path)


def ktremul(lwp: Lwp) -> None:
    """Record the name of lwp's system call environment."""
    ktrkmem(lwp, KTR_EMUL, lwp.l_proc.p_emul.e_name)


def ktrgenio(lwp: Lwp, fd: int, rw: int, iov: list[Iovec], length: int, error: int = 0) -> None:
    """Record the bytes a call has moved.

    Args:
        lwp: the caller.
        fd: the descriptor.
        rw: UIO_READ or UIO_WRITE.
        iov: the caller's iovecs as they were before the transfer; user addresses.
        length: bytes that were moved.
        error: what the call fails with; then there is no record.

    A record has at most a page and never spans two iovecs; all records of one
    call carry one time.  Memory that cannot be read, or a failed write, ends it.
    """
    if error or length <= 0:
        return
    lwp.l_ktractive = True
    abi = lwp.l_kernel.abi
    head = pack(KtrGenio(fd, rw), abi)
    room = min(PAGE_SIZE, length + len(head)) - len(head)
    try:
        records = genio(
            ktrinitheader(lwp, KTR_GENIO, 0) + head,
            _genio_segments(lwp.l_proc.p_vmspace, iov, length, room),
            length,
            room,
            byteorder="big" if abi.byteorder == BIG else "little",
            fixed=len(head),
        )
        _genio_write(lwp, records)
    finally:
        lwp.l_ktractive = False


def ktrpsig(lwp: Lwp, signo: int, action: int, mask: int, ksi: Ksiginfo) -> None:
    """Record the delivery of a signal; from v1 on with its siginfo."""
    abi = lwp.l_kernel.abi
    words = (mask & _WORD, mask >> 32 & _WORD, 0, 0)
    payload = pack(KtrPsig(signo, action, words, ksi.ksi_trap), abi)
    if KTRFAC_VERSION(lwp.l_proc.p_traceflag):
        payload += siginfo_pack(ksi, abi)
    ktrwrite(lwp, ktrinitheader(lwp, KTR_PSIG, len(payload)) + payload)


def ktrcsw(lwp: Lwp, out: int, user: int) -> None:
    """Record that lwp leaves the CPU (out 1) or has it again (out 0)."""
    ktrkmem(lwp, KTR_CSW, pack(KtrCsw(out, user), lwp.l_kernel.abi))


def ktruser(lwp: Lwp, label: int | bytes, addr: int, length: int) -> None:
    """Record a program's own data.

    Args:
        lwp: the caller.
        label: a user address: a label of 20 bytes or more with its NUL becomes
            empty; or the kernel's own bytes, cut to 19.
        addr: user address of the data; if it cannot be read there is none.
        length: bytes of data.
    """
    lwp.l_ktractive = True
    vm = lwp.l_proc.p_vmspace
    try:
        if isinstance(label, int):
            name = copyinstr(vm, label, KTR_USER_MAXIDLEN)
        else:
            name = label[: KTR_USER_MAXIDLEN - 1]
    except KernelError:
        name = b""
    try:
        data = copyin(vm, addr, length)
    except KernelError:
        data = b""
    lwp.l_ktractive = False
    ktrkmem(lwp, KTR_USER, pack(KtrUser(name), lwp.l_kernel.abi) + data)


def ktrmmsg(lwp: Lwp, msgh: bytes) -> None:
    """Record a Mach message, verbatim."""
    ktrkmem(lwp, KTR_MMSG, msgh)


def ktrwrite(lwp: Lwp, record: bytes | memoryview) -> int:
    """Write a record, header and payload, to the file of lwp's process; return 0 or an errno.

    A full pipe is tried again, three times in all, others running in between.
    Then, or on another error, tracing ends for every process whose trace is
    this file; the log says so unless the error is EPIPE (ktruss has gone).
    """
    p = lwp.l_proc
    fp = p.p_tracep
    if fp is None:
        return 0
    active, lwp.l_ktractive = lwp.l_ktractive, True
    FILE_USE(fp)
    error = _ktrwrite_try(lwp, fp, record)
    for _ in range(_TRIES - 1):
        if error != Errno.EWOULDBLOCK:
            break
        preempt(_running(lwp))
        error = _ktrwrite_try(lwp, fp, record)
    lwp.l_ktractive = active
    if error:
        if error == Errno.EWOULDBLOCK:
            preempt(_running(lwp))
        _ktrwrite_failed(lwp, fp, error)
    FILE_UNUSE(fp, None)
    return error


def _running(lwp: Lwp) -> Lwp:
    """The LWP on the CPU: ktrops writes EMUL records for processes that are not."""
    return lwp.l_kernel.curlwp or lwp


def _ktrwrite_try(lwp: Lwp, fp: File, record: bytes | memoryview) -> int:
    """Write all of record or nothing; return 0 or an errno."""
    uio = uio_sysspace(record, UIO_WRITE)
    try:
        if fp.f_type != DTYPE_VNODE and not _has_space(lwp, fp, len(record)):
            return Errno.EWOULDBLOCK
        fp.f_ops.fo_write(lwp, fp, uio, FOF_UPDATE_OFFSET)
    except KernelError as exc:
        return exc.errno
    return 0


def _has_space(lwp: Lwp, fp: File, size: int) -> bool:
    """Return whether a pipe or socket takes size bytes now: a short write would shear the stream.

    One whose other end is closed is for fo_write to refuse.
    """
    space = fp.f_ops.fo_ioctl(lwp, fp, FIONSPACE, b"")
    return int.from_bytes(space, "little", signed=True) >= size


def _ktrwrite_failed(lwp: Lwp, fp: File, error: int) -> None:
    kernel = lwp.l_kernel
    if error != Errno.EPIPE:
        log(kernel, f"ktrace write failed, errno {int(error)}, tracing stopped")
    for p in list(kernel.allproc.values()):
        if ktrsamefile(p.p_tracep, fp):
            ktrderef(p)


def _genio_segments(vm: VmSpace, iov: list[Iovec], length: int, room: int) -> Iterator[memoryview]:
    """Yield the memory of each iovec, in place, up to length bytes in all.

    Memory that cannot be read ends it, after the last record that is full before it.
    """
    for vector in iov:
        if length <= 0:
            return
        size = min(vector.iov_len, length)
        piece = _readable(vm, vector.iov_base, size)
        if len(piece) < size:
            whole = len(piece) // room * room
            if whole:
                yield piece[:whole]
            return
        yield piece
        length -= size


def _readable(vm: VmSpace, uaddr: int, size: int) -> memoryview:
    """Return user memory from uaddr on, as much of size bytes as can be read."""
    try:
        piece = useracc(vm, uaddr, size, VM_PROT_READ)
    except KernelError:
        return memoryview(b"")
    if len(piece) == size:
        return piece
    whole = bytearray(piece)
    while len(whole) < size:
        try:
            whole += useracc(vm, uaddr + len(whole), size - len(whole), VM_PROT_READ)
        except KernelError:
            break
    return memoryview(whole)


def _genio_write(lwp: Lwp, records: Records) -> None:
    """Write each record, others running in between if the scheduler asks; to a file, all at once.

    A file that has no room for all gets those that fit, then the trace ends.
    """
    kernel = lwp.l_kernel
    fp = lwp.l_proc.p_tracep
    if (
        fp is not None
        and fp.f_type == DTYPE_VNODE
        and not kernel.shouldyield
        and not _ktrwrite_try(lwp, fp, records.stream)
    ):
        return
    for record in records.split():
        if kernel.shouldyield:
            preempt(lwp)
        if ktrwrite(lwp, record):
            return
