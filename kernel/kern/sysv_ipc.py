# SPDX-License-Identifier: BSD-2-Clause
"""Identifiers and permissions of System V IPC.  NetBSD sys/kern/sysv_ipc.c."""

from collections.abc import Iterable
from typing import TypeVar

from kernel.arch.python.clock import nanotime
from kernel.sys.errno import Errno, KernelError
from kernel.sys.ipc import IPC_CREAT, IPC_EXCL, IPC_M, IPC_PRIVATE, Ipc, IpcPerm
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.proc import Lwp
from kernel.sys.stat import ACCESSPERMS
from kernel.sys.ucred import Ucred

_USER = 0o700  # the bits that a caller's mode is told by
_SEQ_MASK = 0x7FFF

_Ipc = TypeVar("_Ipc", bound=Ipc)


class Fresh(NamedTuple):
    """What a new one begins with: the first fields of Ipc."""

    ix: int
    seq: int
    key: int
    uid: int
    gid: int
    cuid: int
    cgid: int
    mode: int


def ipcperm(cred: Ucred, perm: Ipc, mode: int) -> None:
    """Check that cred may do mode: IPC_R, IPC_W, or IPC_M, change it.

    Raises:
        KernelError: EACCES; EPERM for IPC_M.
    """
    if not cred.cr_uid:
        return
    owner = cred.cr_uid in {perm.perm_uid, perm.perm_cuid}
    if mode & IPC_M:
        if not owner:
            raise KernelError(Errno.EPERM)
        return
    groups = {cred.cr_gid, *cred.cr_groups}
    allowed = perm.perm_mode
    if not owner:
        allowed <<= 3 if groups & {perm.perm_gid, perm.perm_cgid} else 6
    if mode & ~allowed:
        raise KernelError(Errno.EACCES)


def ipc_find(table: dict[int, _Ipc], ipcid: int) -> _Ipc:
    """Return the one called ipcid.

    Raises:
        KernelError: EINVAL.
    """
    found = table.get(ipcid & 0xFFFF)
    if found is None or found.seq != ipcid >> 16 & 0xFFFF:
        raise KernelError(Errno.EINVAL)
    return found


def ipc_bykey(lwp: Lwp, table: dict[int, _Ipc], key: int, flags: int) -> _Ipc | None:
    """Return the one that has key, if the caller may use it; None if one is to be made.

    Raises:
        KernelError: ENOENT, there is none and IPC_CREAT is not given. EEXIST, there is and
            IPC_EXCL is. EACCES, not with the permissions in flags.
    """
    if key == IPC_PRIVATE:
        return None
    for found in table.values():
        if found.key == key:
            if flags & (IPC_CREAT | IPC_EXCL) == IPC_CREAT | IPC_EXCL:
                raise KernelError(Errno.EEXIST)
            ipcperm(lwp.l_proc.p_cred, found, flags & _USER)
            return found
    if not flags & IPC_CREAT:
        raise KernelError(Errno.ENOENT)
    return None


def ipc_fresh(lwp: Lwp, kind: str, table: Iterable[int], most: int, key: int, flags: int) -> Fresh:
    """Return what a new one begins with, at the first place that is free.

    Raises:
        KernelError: ENOSPC, there are as many as there may be.
    """
    taken = set(table)
    ix = next((ix for ix in range(most) if ix not in taken), None)
    if ix is None:
        raise KernelError(Errno.ENOSPC)
    sequences = lwp.l_kernel.ipc_seqs
    sequences[kind, ix] = seq = sequences.get((kind, ix), 0) + 1 & _SEQ_MASK
    cred = lwp.l_proc.p_cred
    ids = cred.cr_uid, cred.cr_gid
    return Fresh(ix, seq, key, *ids, *ids, flags & ACCESSPERMS)


def ipc_set(ipc: Ipc, perm: IpcPerm) -> None:
    """IPC_SET: take owner and permissions from perm."""
    ipc.perm_uid, ipc.perm_gid = perm.uid, perm.gid
    ipc.perm_mode = perm.mode & ACCESSPERMS


def seconds(lwp: Lwp) -> int:
    """Return the time of day, as these calls keep it: seconds since the epoch."""
    return nanotime(lwp.l_kernel) // 1_000_000_000
