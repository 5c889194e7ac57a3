# SPDX-License-Identifier: BSD-2-Clause
"""Advisory locks: of ranges for processes, of whole files for open files.

NetBSD sys/kern/vfs_lockf.c.  Both kinds are kept with the vnode (v_lockf, a
list in which each owner's are by first byte, None if there is none), and keep
each other out.
"""

from typing import Any, Final

from kernel.kern.kern_synch import PCATCH, PLOCK, tsleep, wakeup
from kernel.kern.kern_uidinfo import chglockcnt
from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno, KernelError
from kernel.sys.fcntl import (
    F_FLOCK,
    F_GETLK,
    F_POSIX,
    F_RDLCK,
    F_SETLK,
    F_UNLCK,
    F_WAIT,
    F_WRLCK,
    Flock,
)
from kernel.sys.kernel import Kernel
from kernel.sys.proc import Lwp, Proc
from kernel.sys.unistd import SEEK_CUR, SEEK_END, SEEK_SET
from kernel.sys.vnode import Vnode

_END: Final = (1 << 63) - 1  # the end of every file
_LOCKSTR: Final = "lockf"  # wait message, by which deadlock detection knows a sleeper
MAXLOCKSPERUID: Final = 1024  # locks and requests of one user, but for the superuser
_MAXDEPTH: Final = 50  # sleepers followed before it is called a deadlock


@dataclass(slots=True, eq=False, repr=False)
class Lockf:
    """A lock, or a request that waits for one (struct lockf)."""

    lf_type: int  # F_RDLCK or F_WRLCK
    lf_start: int  # first byte
    lf_end: int  # last byte
    lf_id: Any  # the Proc (F_POSIX) or File (F_FLOCK)
    lf_flags: int
    lf_uid: int = 0  # whom it is counted for
    lf_blkhd: "list[Lockf]" = field(default_factory=list)  # requests that wait for this lock
    lf_next: "Lockf | None" = None  # of a request: the lock it waits for

    def overlaps(self, other: "Lockf") -> bool:
        """Whether the two have a byte in common."""
        return self.lf_start <= other.lf_end and other.lf_start <= self.lf_end


def lf_advlock(
    lwp: Lwp, vp: Vnode, owner: object, op: int, fl: Flock, flags: int, size: int
) -> Flock | None:
    """Lock, unlock or look for a lock: what VOP_ADVLOCK does.

    Args:
        lwp: the caller.
        vp: the file.
        owner: the Proc for F_POSIX, the File for F_FLOCK.
        op: F_SETLK, F_UNLCK or F_GETLK.
        fl: the range; SEEK_CUR is resolved already.
        flags: F_POSIX or F_FLOCK; F_WAIT: wait for the lock.
        size: of the file, bytes, for SEEK_END.

    Returns:
        For F_GETLK the lock that is in the way, if one is.

    Raises:
        KernelError: EINVAL, the range or whence; ENOMEM, the user has too many; EAGAIN,
            locked, without F_WAIT; EDEADLK, waiting would be for ever; EINTR, ERESTART.
    """
    if fl.l_whence not in {SEEK_SET, SEEK_CUR, SEEK_END}:
        raise KernelError(Errno.EINVAL)
    start = fl.l_start + (size if fl.l_whence == SEEK_END else 0)
    end = start + fl.l_len - 1 if fl.l_len > 0 else _END
    if fl.l_len < 0:
        start, end = start + fl.l_len, start - 1
    if not 0 <= start <= _END:
        raise KernelError(Errno.EINVAL)
    uid = lwp.l_proc.p_cred.cr_uid
    spare = op != F_GETLK and not flags & F_FLOCK  # for the second half of what is cut in two
    limit = MAXLOCKSPERUID * 2 if op == F_UNLCK else MAXLOCKSPERUID
    if uid and chglockcnt(lwp.l_kernel, uid, 0) + spare > limit:
        raise KernelError(Errno.ENOMEM)
    lock = Lockf(fl.l_type, start, min(end, _END), owner, flags, uid)
    if op == F_GETLK:
        return _getlock(vp, lock)
    if op == F_UNLCK:
        _clearlock(lwp.l_kernel, vp, lock)
    elif op == F_SETLK:
        _setlock(lwp, vp, lock)
    else:
        raise KernelError(Errno.EINVAL)
    return None


def _getblock(vp: Vnode, lock: Lockf) -> Lockf | None:
    """Return the first lock of another that keeps lock from being taken."""
    for held in vp.v_lockf or ():
        exclusive = F_WRLCK in {held.lf_type, lock.lf_type}
        if exclusive and held.lf_id is not lock.lf_id and held.overlaps(lock):
            found: Lockf = held
            return found
    return None


def _getlock(vp: Vnode, lock: Lockf) -> Flock | None:
    block = _getblock(vp, lock)
    if block is None:
        return None
    length = 0 if block.lf_end == _END else block.lf_end - block.lf_start + 1
    pid = block.lf_id.p_pid if block.lf_flags & F_POSIX else -1
    return Flock(block.lf_start, length, pid, block.lf_type, SEEK_SET)


def _setlock(lwp: Lwp, vp: Vnode, lock: Lockf) -> None:
    """Take lock when nothing is in its way; what its owner has there gives way to it."""
    kernel = lwp.l_kernel
    chglockcnt(kernel, lock.lf_uid, 1)
    try:
        while (block := _getblock(vp, lock)) is not None:
            _wait(lwp, vp, lock, block)
    except KernelError:
        chglockcnt(kernel, lock.lf_uid, -1)
        raise
    _insert(kernel, vp, lock)


def _wait(lwp: Lwp, vp: Vnode, lock: Lockf, block: Lockf) -> None:
    """Sleep until block, which is in the way of lock, changes."""
    if not lock.lf_flags & F_WAIT:
        raise KernelError(Errno.EAGAIN)
    if lock.lf_flags & block.lf_flags & F_POSIX:
        _check_deadlock(lwp.l_proc, block)
    if lock.lf_flags & F_FLOCK and lock.lf_type == F_WRLCK:
        _clearlock(lwp.l_kernel, vp, lock)
    lock.lf_next = block
    block.lf_blkhd.append(lock)
    try:
        tsleep(lwp, lock, PLOCK | PCATCH, _LOCKSTR)
    finally:
        if lock.lf_next is not None:
            lock.lf_next.lf_blkhd.remove(lock)
            lock.lf_next = None


def _check_deadlock(p: Proc, block: Lockf) -> None:
    """Follow who waits for whom from block's owner on.

    Raises:
        KernelError: EDEADLK, it leads back to p, or too far.
    """
    owner = block.lf_id
    for _ in range(_MAXDEPTH):
        if len(owner.p_lwps) != 1 or owner.p_lwps[0].l_wmesg != _LOCKSTR:
            return
        request = owner.p_lwps[0].l_wchan
        if not isinstance(request, Lockf) or request.lf_next is None:
            return
        if not request.lf_next.lf_flags & F_POSIX:
            return
        owner = request.lf_next.lf_id
        if owner is p:
            break
    raise KernelError(Errno.EDEADLK)


def _insert(kernel: Kernel, vp: Vnode, lock: Lockf) -> None:
    """Enter lock among the file's, in place of its owner's in that range.

    Without any there it comes before the owner's next lock, or last of all: of several
    locks in the way of another, F_GETLK tells the first.
    """
    locks: list[Lockf] = vp.v_lockf or []
    mine = [held for held in locks if held.lf_id is lock.lf_id and held.overlaps(lock)]
    for held in mine:
        covers = held.lf_start <= lock.lf_start and lock.lf_end <= held.lf_end
        if covers and held.lf_type == lock.lf_type:
            chglockcnt(kernel, lock.lf_uid, -1)
            return
        inside = lock.lf_start <= held.lf_start and held.lf_end <= lock.lf_end
        if inside and not (lock.lf_type == F_RDLCK and held.lf_type == F_WRLCK):
            for request in held.lf_blkhd:
                request.lf_next = lock
            lock.lf_blkhd += held.lf_blkhd
            held.lf_blkhd = []
    entered: list[Lockf] = []
    linked = False
    for held in locks:
        overlaps = held in mine
        before, after = _cut(kernel, held, lock) if overlaps else ([], [held])
        entered += before
        follows = held.lf_id is lock.lf_id and held.lf_start > lock.lf_end
        if not linked and (overlaps or follows):
            entered.append(lock)
            linked = True
        entered += after
    vp.v_lockf = entered if linked else [*entered, lock]


def _clearlock(kernel: Kernel, vp: Vnode, unlock: Lockf) -> None:
    """Take the range of unlock from its owner's locks."""
    left: list[Lockf] = []
    for held in vp.v_lockf or ():
        if held.lf_id is unlock.lf_id and held.overlaps(unlock):
            before, after = _cut(kernel, held, unlock)
            left += before + after
        else:
            left.append(held)
    vp.v_lockf = left or None


def _cut(kernel: Kernel, held: Lockf, out: Lockf) -> tuple[list[Lockf], list[Lockf]]:
    """Return what of held is before and what is behind out, waking who waits for it."""
    requests, held.lf_blkhd = held.lf_blkhd, []
    for request in requests:
        request.lf_next = None
        wakeup(kernel, request)
    chglockcnt(kernel, held.lf_uid, -1)
    ends = ((held.lf_start, out.lf_start - 1), (out.lf_end + 1, held.lf_end))
    pieces = [
        [Lockf(held.lf_type, start, end, held.lf_id, held.lf_flags, held.lf_uid)]
        if start <= end
        else []
        for start, end in ends
    ]
    for piece in (*pieces[0], *pieces[1]):
        chglockcnt(kernel, piece.lf_uid, 1)
    return pieces[0], pieces[1]
