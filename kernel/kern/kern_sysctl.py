# SPDX-License-Identifier: BSD-2-Clause
"""sysctl: what the kernel tells of itself, by number.  NetBSD sys/kern/kern_sysctl.c.

The tree is init_sysctl's.
"""

import struct
from typing import Any, Final

from kernel.arch.python.copy import copyin, copyout
from kernel.kern.init_sysctl import SYSCTL_ROOT
from kernel.kern.init_sysctl_base import Mib, Node
from kernel.kern.kern_ktrace import ktrgenio, ktrkmem, ktrpoint
from kernel.kern.kern_proc import suser
from kernel.sys.cdefs import Abi, pack, sizeof, unpack_from
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ktrace import KTR_MIB
from kernel.sys.param import MAXPHYS
from kernel.sys.proc import Lwp
from kernel.sys.sysctl import (
    CTL_CREATE,
    CTL_CREATESYM,
    CTL_DESCRIBE,
    CTL_DESTROY,
    CTL_MAXNAME,
    CTL_MMAP,
    CTL_QUERY,
    CTLFLAG_ANYNUMBER,
    CTLFLAG_ANYWRITE,
    CTLFLAG_PRIVATE,
    CTLFLAG_READWRITE,
    CTLTYPE_INT,
    CTLTYPE_NODE,
    CTLTYPE_QUAD,
    CTLTYPE_STRING,
    SYSCTL_VERS_MASK,
    SYSCTL_VERSION,
    Sysctldesc,
    Sysctlnode,
)
from kernel.sys.uio import UIO_READ, UIO_WRITE, Iovec

_FORMATS: Final = {CTLTYPE_INT: "i", CTLTYPE_QUAD: "q"}
_DESC_ALIGN: Final = 4  # bytes: each description starts at a multiple


class _Call:
    """One call: the caller's memory, and the size that it is told in the end."""

    def __init__(self, lwp: Lwp, oldv: int, newv: int, newlen: int) -> None:
        self.lwp = lwp
        self.oldv = oldv
        self.newv = newv
        self.newlen = newlen
        self.oldlen = 0  # bytes at oldv, then bytes there are

    @property
    def room(self) -> int | None:
        """Bytes at oldv; None: nothing is to be stored."""
        return self.oldlen if self.oldv else None

    def copyout(self, data: bytes) -> None:
        """Store data at oldv, and record it.

        Raises:
            KernelError: EFAULT.
        """
        if self.oldv:
            copyout(self.lwp.l_proc.p_vmspace, data, self.oldv)
            if ktrpoint(self.lwp, KTR_MIB):
                ktrgenio(self.lwp, -1, UIO_READ, [Iovec(self.oldv, len(data))], len(data))

    def copyin(self) -> bytes:
        """Return the new value, and record it.

        Raises:
            KernelError: EINVAL, longer than any value. EFAULT.
        """
        if self.newlen > MAXPHYS:
            raise KernelError(Errno.EINVAL)
        new = copyin(self.lwp.l_proc.p_vmspace, self.newv, self.newlen)
        if ktrpoint(self.lwp, KTR_MIB):
            ktrgenio(self.lwp, -1, UIO_WRITE, [Iovec(self.newv, self.newlen)], self.newlen)
        return new


def sys___sysctl(
    lwp: Lwp, name: int, namelen: int, oldv: int, oldlenp: int, newv: int, newlen: int
) -> int:
    """sysctl(3): read and set what the kernel tells of itself.

    Args:
        lwp: the caller.
        name: user address of the name, namelen ints.
        namelen: at most CTL_MAXNAME.
        oldv: where the value goes, or 0.
        oldlenp: the bytes there, a size_t; how long the value is comes back.
        newv: the new value, or 0.
        newlen: its bytes.

    Raises:
        KernelError: EINVAL, no name, one too long, or a value of a wrong size. ENOENT,
            there is no such name. EISDIR, it is not complete; ENOTDIR, it is
            too long. EOPNOTSUPP, a question that nobody answers. EPERM, the value is not
            for the caller to set, or to see. ENOMEM, there is not room for all of it; what
            fits is there. ESRCH, no such process. EFAULT.

    With the MIB point on, the name is recorded, and as I/O of descriptor -1
    what is copied.  Source: sys___sysctl and sysctl_dispatch.
    """
    vm = lwp.l_proc.p_vmspace
    abi = lwp.l_kernel.abi
    size_t = struct.Struct(abi.byteorder + ("Q" if abi.word == 8 else "I"))
    call = _Call(lwp, oldv, newv, newlen)
    if oldlenp:
        call.oldlen = size_t.unpack(copyin(vm, oldlenp, size_t.size))[0]
    room = call.oldlen
    if not 1 <= namelen <= CTL_MAXNAME:
        raise KernelError(Errno.EINVAL)
    raw = copyin(vm, name, 4 * namelen)
    if ktrpoint(lwp, KTR_MIB):
        ktrkmem(lwp, KTR_MIB, raw)
    failure: KernelError | None = None
    try:
        _dispatch(call, struct.unpack(f"{abi.byteorder}{namelen}i", raw))
    except KernelError as exc:
        failure = exc
    try:
        if oldlenp:
            copyout(vm, size_t.pack(call.oldlen), oldlenp)
    except KernelError as exc:
        failure = failure or exc
    if failure is not None:
        raise failure
    if oldv and room < call.oldlen:
        raise KernelError(Errno.ENOMEM)
    return 0


def _dispatch(call: _Call, mib: Mib) -> None:
    """Find who answers for mib, and let them.

    Raises:
        KernelError: as sysctl.
    """
    found, depth, error = _locate(call.lwp, mib)
    rest = mib[depth:]
    if found.sysctl_func is not None and rest not in {(CTL_QUERY,), (CTL_DESCRIBE,)}:
        _function(call, found, rest)
    elif error is None:
        _lookup(call, found, mib)
    elif error is Errno.ENOENT and len(rest) == 1 and rest[0] < 0:
        if rest[0] == CTL_QUERY:
            _query(call, found)
        elif rest[0] == CTL_DESCRIBE:
            _describe(call, found)
        elif rest[0] in {CTL_CREATE, CTL_CREATESYM, CTL_DESTROY}:
            suser(call.lwp.l_proc)
            raise KernelError(Errno.EPERM)  # the whole tree is permanent
        else:
            raise KernelError(Errno.EPERM if rest[0] == CTL_MMAP else Errno.EOPNOTSUPP)
    else:
        raise KernelError(error)


def _locate(lwp: Lwp, mib: Mib) -> tuple[Node, int, Errno | None]:
    """Return the last node on the way to mib, how many numbers led to it, and what stopped.

    Raises:
        KernelError: EPERM, what is below a node is not for the caller to see.
    """
    at = SYSCTL_ROOT
    for depth, number in enumerate(mib):
        if at.sysctl_type != CTLTYPE_NODE:
            return at, depth, Errno.ENOTDIR
        if at.sysctl_flags & CTLFLAG_PRIVATE:
            suser(lwp.l_proc)
        child = at.sysctl_children.get(number)
        if child is None and number >= 0:
            first = next(iter(at.sysctl_children.values()), None)
            if first is not None and first.sysctl_flags & CTLFLAG_ANYNUMBER:
                child = first
        if child is None:
            return at, depth, Errno.ENOENT
        at = child
    return at, len(mib), None


def _function(call: _Call, found: Node, rest: Mib) -> None:
    """Let a node's function answer; it cannot be set.

    Raises:
        KernelError: EPERM; and as the function.
    """
    if found.sysctl_func is None or call.newv:
        raise KernelError(Errno.EPERM)
    data, needed = found.sysctl_func(call.lwp, rest, call.room)
    call.copyout(data)
    room, call.oldlen = call.room, needed if call.room is None else len(data)
    if room is not None and needed > len(data):
        raise KernelError(Errno.ENOMEM)


def _lookup(call: _Call, found: Node, mib: Mib) -> None:
    """Read a value and set it.

    Raises:
        KernelError: EISDIR, it has none. EPERM, EINVAL, EFAULT; and as the node.

    Source: sysctl_lookup.
    """
    if found.sysctl_type == CTLTYPE_NODE or found.sysctl_get is None:
        raise KernelError(Errno.EISDIR)
    p = call.lwp.l_proc
    if found.sysctl_flags & CTLFLAG_PRIVATE:
        suser(p)
    if call.newv:
        if not found.sysctl_flags & CTLFLAG_ANYWRITE:
            suser(p)
        if not found.sysctl_flags & CTLFLAG_READWRITE or found.sysctl_set is None:
            raise KernelError(Errno.EPERM)
    abi = call.lwp.l_kernel.abi
    old = _encode(found, found.sysctl_get(call.lwp, mib), abi)
    call.copyout(old[: call.oldlen])
    call.oldlen = len(old)
    if call.newv and found.sysctl_set is not None:
        found.sysctl_set(call.lwp, mib, _decode(call, found, abi))


def _encode(found: Node, value: Any, abi: Abi) -> bytes:
    """Return a node's value as a program sees it."""
    letter = _FORMATS.get(found.sysctl_type)
    if letter is not None:
        bits = 8 * struct.calcsize("=" + letter)
        value &= (1 << bits) - 1
        return int(value).to_bytes(bits // 8, "little" if abi.byteorder == "<" else "big")
    data: bytes = value
    return data + b"\0" if found.sysctl_type == CTLTYPE_STRING else data


def _decode(call: _Call, found: Node, abi: Abi) -> Any:
    """Return the new value of a node: an int, or a string without its NUL.

    Raises:
        KernelError: EINVAL, it has another size than the value must have. EFAULT.
    """
    letter = _FORMATS.get(found.sysctl_type)
    if letter is not None:
        if call.newlen != struct.calcsize("=" + letter):
            raise KernelError(Errno.EINVAL)
        return struct.unpack(abi.byteorder + letter, call.copyin())[0]
    if not 0 < call.newlen <= found.sysctl_size:
        raise KernelError(Errno.EINVAL)
    new = call.copyin()
    if len(new) == found.sysctl_size and b"\0" not in new:
        raise KernelError(Errno.EINVAL)
    return new.split(b"\0", 1)[0]


def _asked(call: _Call) -> int | None:
    """Return the number of the node that the new value names; None if there is none.

    Raises:
        KernelError: EINVAL, it is no struct sysctlnode of this version. EFAULT.
    """
    if not call.newv:
        return None
    if call.newlen != sizeof(Sysctlnode):
        raise KernelError(Errno.EINVAL)
    asked = unpack_from(Sysctlnode, call.copyin(), 0, call.lwp.l_kernel.abi)
    if asked.sysctl_flags & SYSCTL_VERS_MASK != SYSCTL_VERSION:
        raise KernelError(Errno.EINVAL)
    return asked.sysctl_num


def _query(call: _Call, parent: Node) -> None:
    """CTL_QUERY: tell which nodes are below parent, an array of struct sysctlnode.

    Raises:
        KernelError: as _asked.
    """
    _asked(call)
    abi = call.lwp.l_kernel.abi
    records = []
    for child in parent.sysctl_children.values():
        count = len(child.sysctl_children)
        record = Sysctlnode(
            child.sysctl_flags | SYSCTL_VERSION,
            child.sysctl_num,
            child.sysctl_name.encode(),
            1,
            sysctl_csize=count,
            sysctl_clen=count,
            sysctl_size=child.sysctl_size,
        )
        records.append(pack(record, abi))
    _array(call, records)


def _describe(call: _Call, parent: Node) -> None:
    """CTL_DESCRIBE: tell what the nodes below parent are, or the one that the new value names.

    Raises:
        KernelError: ENOENT, there is no such node; and as _asked.
    """
    number = _asked(call)
    if number is not None and number not in parent.sysctl_children:
        raise KernelError(Errno.ENOENT)
    abi = call.lwp.l_kernel.abi
    records = []
    for child in parent.sysctl_children.values():
        if number is None or child.sysctl_num == number:
            text = child.sysctl_desc.encode() + b"\0"
            record = pack(Sysctldesc(child.sysctl_num, 1, len(text)), abi) + text
            records.append(record.ljust(-(-len(record) // _DESC_ALIGN) * _DESC_ALIGN, b"\0"))
    _array(call, records)


def _array(call: _Call, records: list[bytes]) -> None:
    """Store as many whole records as there is room for; the size of all comes back."""
    data, room = b"", call.oldlen
    for record in records:
        if len(data) + len(record) > room:
            break
        data += record
    call.copyout(data)
    call.oldlen = sum(map(len, records))
