# SPDX-License-Identifier: BSD-2-Clause
"""Kernel tracing: the records, and how they reach the file.  NetBSD sys/kern/kern_ktrace.c 1.77.

Departures from the seed, each with a test: KTRFAC_ACTIVE is l_ktractive, per
LWP; no record holds stale memory; a record is written whole or not at all.
Version and layout of a record follow p_traceflag's version bits and the
kernel's ABI.  What sets and clears traces is in sys_ktrace.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from kernel.arch.python.clock import nanotime
from kernel.arch.python.copy import copyin, copyinstr, useracc
from kernel.kern.kern_descrip import FILE_UNUSE, FILE_USE, closef
from kernel.kern.kern_ktrace_form import Forms
from kernel.kern.kern_runq import preempt
from kernel.kern.subr_log import log
from kernel.sys.cdefs import BIG, pack, sizeof
from kernel.sys.errno import Errno, KernelError
from kernel.sys.file import DTYPE_VNODE, File
from kernel.sys.kernel import Clock, Kernel
from kernel.sys.ktrace import (
    KTR_CSW,
    KTR_EMUL,
    KTR_EXEC_FD,
    KTR_GENIO,
    KTR_MMSG,
    KTR_NAMEI,
    KTR_PSIG,
    KTR_USER,
    KTR_USER_MAXIDLEN,
    KTRFAC_VERSION,
    KtrExecFd,
    KtrGenio,
    KtrPsig,
    KtrUser,
)
from kernel.sys.param import PAGE_SIZE
from kernel.sys.proc import Lwp, Proc
from kernel.sys.siginfo import siginfo_pack
from kernel.sys.signalvar import Ksiginfo
from kernel.sys.uio import Iovec
from kernel.sys.vm import VM_PROT_READ, VmSpace
from native.genio import Records
from native.record import Form, recorder

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
        with suppress(KernelError):  # nobody is there to hear of it
            closef(None, fp)


def ktradref(p: Proc) -> None:
    """Take one more reference to p's trace file."""
    if p.p_tracep is not None:
        p.p_tracep.f_count += 1


def ktrkmem(lwp: Lwp, record_type: int, data: bytes) -> None:
    """Record kernel memory as it is: names, arguments, whatever the type says."""
    _ktrput(lwp, _form(lwp, record_type), (), data)


def ktrexecfd(lwp: Lwp, fd: int, dtype: int) -> None:
    """Record a descriptor that exec leaves open, and what it is of (DTYPE_*)."""
    ktrkmem(lwp, KTR_EXEC_FD, pack(KtrExecFd(fd, dtype), lwp.l_kernel.abi))


def _ktrsyscall(lwp: Lwp, code: int, args: tuple[int, ...]) -> None:
    """Record a call: its number, and as many of args as it takes.

    A call pays for this one and for ktrsysret: what they share is in both, _ktrput too.

    Raises:
        TypeError: one of args is no integer.
    """
    p = lwp.l_proc
    clock = lwp.l_kernel.clock
    now = nanotime(lwp.l_kernel) if clock.real else clock.now + clock.offset
    form = p.p_ktrforms.calls[code] or p.p_ktrforms.call(code, p.p_emul.e_sysent[code])
    fp = p.p_tracep
    if fp is not None and not fp.f_window.put(form, now, p.p_pid, p.p_comm, lwp.l_lid, args):
        ktrwrite(lwp, form.pack(now, p.p_pid, p.p_comm, lwp.l_lid, args))


def _ktrsysret(lwp: Lwp, code: int, error: int, retval: int | tuple[int, int] | None) -> None:
    """Record what a call returned: one register or both; None is 0, 0."""
    p = lwp.l_proc
    clock = lwp.l_kernel.clock
    now = nanotime(lwp.l_kernel) if clock.real else clock.now + clock.offset
    form = p.p_ktrforms.sysret
    values: tuple[int, ...]
    if isinstance(retval, tuple):
        first, second = retval
        values = code, error, first, second
    else:
        values = code, error, retval or 0
    fp = p.p_tracep
    if fp is not None and not fp.f_window.put(form, now, p.p_pid, p.p_comm, lwp.l_lid, values):
        ktrwrite(lwp, form.pack(now, p.p_pid, p.p_comm, lwp.l_lid, values))


# In C where the helper is built: each call of a traced process passes here twice.
_FIELDS: Final = (
    (Lwp, "l_kernel"),
    (Kernel, "clock"),
    (Clock, "real"),
    (Clock, "now"),
    (Clock, "offset"),
    (Lwp, "l_proc"),
    (Proc, "p_tracep"),
    (File, "f_window"),
    (Proc, "p_pid"),
    (Proc, "p_comm"),
    (Lwp, "l_lid"),
    (Proc, "p_ktrforms"),
    (Forms, "calls"),
    (Forms, "sysret"),
)
ktrsyscall: Final = recorder(_ktrsyscall, False, _FIELDS)
ktrsysret: Final = recorder(_ktrsysret, True, _FIELDS)


def _form(lwp: Lwp, record_type: int) -> Form:
    """Return the form of the records of a type that lwp's trace has."""
    forms: Forms = lwp.l_proc.p_ktrforms
    return forms.types.get(record_type) or forms.make(record_type)


def _ktrput(
    lwp: Lwp, form: Form, values: tuple[int, ...], data: bytes | bytearray | memoryview
) -> int:
    """Record values and data: in the window at the end of the file, or by a write; as ktrwrite."""
    p = lwp.l_proc
    fp = p.p_tracep
    now = nanotime(lwp.l_kernel)
    if fp is None or fp.f_window.put(form, now, p.p_pid, p.p_comm, lwp.l_lid, values, data):
        return 0
    return ktrwrite(lwp, form.pack(now, p.p_pid, p.p_comm, lwp.l_lid, values, data))


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
    form = _form(lwp, KTR_GENIO)
    room = min(PAGE_SIZE - sizeof(KtrGenio), length)
    try:
        segments = _genio_segments(lwp.l_proc.p_vmspace, iov, length, room)
        if iov[0].iov_len >= length <= room and not lwp.l_kernel.shouldyield:  # one record
            for segment in segments:
                _ktrput(lwp, form, (fd, rw), segment)
            return
        p = lwp.l_proc
        records = Records(
            form.pack(nanotime(lwp.l_kernel), p.p_pid, p.p_comm, lwp.l_lid, (fd, rw)),
            segments,
            length,
            room,
            bigendian=lwp.l_kernel.abi.byteorder == BIG,
            fixed=sizeof(KtrGenio),
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
    ktrkmem(lwp, KTR_PSIG, payload)


def ktrcsw(lwp: Lwp, out: int, user: int) -> None:
    """Record that lwp leaves the CPU (out 1) or has it again (out 0)."""
    _ktrput(lwp, _form(lwp, KTR_CSW), (out, user), b"")


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


def ktrkuser(lwp: Lwp, label: bytes, data: bytes) -> None:
    """Record what the kernel has copied in or out, if asked for; version 0 knows no such records.

    Source: ktrkuser, NetBSD 10 sys/kern/kern_ktrace.c.
    """
    if ktrpoint(lwp, KTR_USER) and KTRFAC_VERSION(lwp.l_proc.p_traceflag):
        ktrkmem(lwp, KTR_USER, pack(KtrUser(label), lwp.l_kernel.abi) + data)


def ktrmmsg(lwp: Lwp, msgh: bytes) -> None:
    """Record a Mach message, verbatim."""
    ktrkmem(lwp, KTR_MMSG, msgh)


def ktrwrite(lwp: Lwp, record: bytes | bytearray | memoryview) -> int:
    """Write a record, header and payload, to the file of lwp's process; return 0 or an errno.

    A full pipe is tried again, three times in all, others running in between.
    Then, or on another error, tracing ends for every process whose trace is
    this file; the log says so unless the error is EPIPE (ktruss has gone).
    """
    fp = lwp.l_proc.p_tracep
    if fp is None:
        return 0
    try:
        fp.f_ops.fo_append(lwp, fp, record)
    except KernelError as exc:
        return _ktrwrite_again(lwp, fp, record, exc.errno)
    return 0


def _ktrwrite_again(lwp: Lwp, fp: File, record: bytes | bytearray | memoryview, error: int) -> int:
    """Try what was full again, others running before each try and after the last; then give up."""
    running = lwp.l_kernel.curlwp or lwp  # ktrops writes for processes that do not run
    active, lwp.l_ktractive = lwp.l_ktractive, True
    FILE_USE(fp)
    tries = 1
    while error == Errno.EWOULDBLOCK:
        preempt(running)
        if tries == _TRIES:
            break
        tries += 1
        error = _ktrwrite_try(lwp, fp, record)
    lwp.l_ktractive = active
    if error:
        _ktrwrite_failed(lwp, fp, error)
    FILE_UNUSE(fp, None)
    return error


def _ktrwrite_try(lwp: Lwp, fp: File, record: bytes | bytearray | memoryview) -> int:
    """Write all of record or nothing; return 0 or an errno."""
    try:
        fp.f_ops.fo_append(lwp, fp, record)
    except KernelError as exc:
        return exc.errno
    return 0


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
        and not _ktrwrite_try(lwp, fp, records.stream())
    ):
        return
    for record in records.split():
        if kernel.shouldyield:
            preempt(lwp)
        if ktrwrite(lwp, record):
            return
