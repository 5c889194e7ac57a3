# SPDX-License-Identifier: BSD-2-Clause
"""Futexes: waiting for a word of memory to change.  NetBSD sys/kern/sys_futex.c.

A futex is a wait channel: an address of one address space, or a place in
memory that several have.
"""

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from struct import Struct
from typing import Final

from kernel.arch.python.clock import clock_gettime
from kernel.arch.python.copy import copyin, copyout, uvm_voaddr
from kernel.kern.kern_proc import proc_find_lwp
from kernel.kern.kern_sleepq import sleepq_remove, sleepq_transfer
from kernel.kern.kern_synch import PCATCH, PWAIT, tsleep
from kernel.kern.subr_time import itimespecfix
from kernel.sys.errno import Errno, KernelError
from kernel.sys.futex import (
    FUTEX_BITSET_MATCH_ANY,
    FUTEX_CLOCK_REALTIME,
    FUTEX_CMD_MASK,
    FUTEX_CMP_REQUEUE,
    FUTEX_OP_ADD,
    FUTEX_OP_ANDN,
    FUTEX_OP_CMP_EQ,
    FUTEX_OP_CMP_GE,
    FUTEX_OP_CMP_GT,
    FUTEX_OP_CMP_LE,
    FUTEX_OP_CMP_LT,
    FUTEX_OP_CMP_NE,
    FUTEX_OP_OPARG_SHIFT,
    FUTEX_OP_OR,
    FUTEX_OP_SET,
    FUTEX_OP_XOR,
    FUTEX_OWNER_DIED,
    FUTEX_PRIVATE_FLAG,
    FUTEX_REQUEUE,
    FUTEX_ROBUST_ENTRY_PI,
    FUTEX_ROBUST_HEAD_SIZE,
    FUTEX_TID_MASK,
    FUTEX_WAIT,
    FUTEX_WAIT_BITSET,
    FUTEX_WAITERS,
    FUTEX_WAKE,
    FUTEX_WAKE_BITSET,
    FUTEX_WAKE_OP,
)
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.proc import LSIDL, LSZOMB, Lwp
from kernel.sys.time import CLOCK_MONOTONIC, CLOCK_REALTIME, SIZEOF_TIMESPEC, Timespec

_INT: Final = Struct("<i")
_WORD: Final = Struct("<Q")
_HEAD: Final = Struct("<QqQ")  # the first entry, the word's distance from it, one being taken
_MOST: Final = 1_000_000  # entries of a robust list that are looked at
_WMESG: Final = "futex"

_OPS: Final[dict[int, Callable[[int, int], int]]] = {
    FUTEX_OP_SET: lambda _old, arg: arg,
    FUTEX_OP_ADD: lambda old, arg: old + arg,
    FUTEX_OP_OR: lambda old, arg: old | arg,
    FUTEX_OP_ANDN: lambda old, arg: old & ~arg,
    FUTEX_OP_XOR: lambda old, arg: old ^ arg,
}
_COMPARE: Final[dict[int, Callable[[int, int], bool]]] = {
    FUTEX_OP_CMP_EQ: eq,
    FUTEX_OP_CMP_NE: ne,
    FUTEX_OP_CMP_LT: lt,
    FUTEX_OP_CMP_LE: le,
    FUTEX_OP_CMP_GT: gt,
    FUTEX_OP_CMP_GE: ge,
}


class _Request(NamedTuple):
    """The arguments of a call."""

    uaddr: int
    op: int
    val: int
    timeout: Timespec | None
    uaddr2: int
    val2: int
    val3: int


def sys___futex(
    lwp: Lwp, uaddr: int, op: int, val: int, timeout: int, uaddr2: int, val2: int, val3: int
) -> int:
    """futex(2): wait while a word has a value; wake, or move, who waits.

    Args:
        lwp: the caller.
        uaddr: user address of the word, an int.
        op: FUTEX_WAIT ..., with FUTEX_PRIVATE_FLAG, FUTEX_CLOCK_REALTIME.
        val: the value that is waited on, or how many to wake.
        timeout: user address of a struct timespec, 0 for ever: an interval, for
            FUTEX_WAIT_BITSET a time.
        uaddr2: the second word of FUTEX_REQUEUE, FUTEX_CMP_REQUEUE, FUTEX_WAKE_OP.
        val2: how many to move to it, or to wake there.
        val3: the bits to wait for or to wake; the value of FUTEX_CMP_REQUEUE;
            what FUTEX_WAKE_OP does (FUTEX_OP).

    Returns:
        how many were woken; of FUTEX_CMP_REQUEUE, or moved.

    Raises:
        KernelError: EAGAIN, the word has another value. EFAULT. EINTR. EINVAL,
            an address not of an int, no bits, a negative count, a malformed
            time or operation. ENOSYS, op. ETIMEDOUT.
    """
    wanted = None
    if timeout:
        wanted = Timespec.unpack(copyin(lwp.l_proc.p_vmspace, timeout, SIZEOF_TIMESPEC))
    func = _FUNCS.get(op & FUTEX_CMD_MASK)
    if func is None:
        raise KernelError(Errno.ENOSYS)
    return func(lwp, _Request(uaddr, op, val, wanted, uaddr2, val2, val3))


def _channel(lwp: Lwp, uaddr: int, private: int) -> object:
    """Return the wait channel of a word.

    Raises:
        KernelError: EINVAL, it is not aligned. EFAULT, there is no memory to share.
    """
    if uaddr & 3:
        raise KernelError(Errno.EINVAL)
    vm = lwp.l_proc.p_vmspace
    return (_WMESG, vm, uaddr) if private else (_WMESG, *uvm_voaddr(vm, uaddr))


def _load(lwp: Lwp, uaddr: int) -> int:
    value: int = _INT.unpack(copyin(lwp.l_proc.p_vmspace, uaddr, _INT.size))[0]
    return value


def _store(lwp: Lwp, uaddr: int, value: int) -> None:
    """Store an int, of whose bits only the lower 32 count."""
    copyout(lwp.l_proc.p_vmspace, (value & 0xFFFF_FFFF).to_bytes(4, "little"), uaddr)


def _holds(lwp: Lwp, uaddr: int, expected: int) -> bool:
    """Whether the word has that value; where there is no memory, it has not (futex_test)."""
    try:
        return _load(lwp, uaddr) == expected
    except KernelError:
        return False


def _wait(lwp: Lwp, request: _Request) -> int:
    """FUTEX_WAIT, FUTEX_WAIT_BITSET."""
    absolute = request.op & FUTEX_CMD_MASK == FUTEX_WAIT_BITSET
    bitset = request.val3 if absolute else FUTEX_BITSET_MATCH_ANY
    if not bitset:
        raise KernelError(Errno.EINVAL)
    if not _holds(lwp, request.uaddr, request.val):
        raise KernelError(Errno.EAGAIN)
    timo = 0
    if request.timeout is not None:
        if absolute and request.timeout.tv_sec < 0:
            raise KernelError(Errno.EINVAL)
        timo = itimespecfix(request.timeout)
        if absolute:
            real = request.op & FUTEX_CLOCK_REALTIME
            timo -= clock_gettime(lwp.l_kernel, CLOCK_REALTIME if real else CLOCK_MONOTONIC)
    channel = _channel(lwp, request.uaddr, request.op & FUTEX_PRIVATE_FLAG)
    if request.timeout is not None and timo <= 0:
        raise KernelError(Errno.ETIMEDOUT)
    lwp.l_futex_wakesel = bitset
    error = Errno.EINTR
    try:
        tsleep(lwp, channel, PWAIT | PCATCH, _WMESG, timo)
    except KernelError as exc:
        if exc.errno is Errno.EWOULDBLOCK:
            error = Errno.ETIMEDOUT
    if lwp.l_futex_wakesel:  # else somebody counts on having woken it, whatever came then
        lwp.l_futex_wakesel = 0
        raise KernelError(error)
    return 0


def futex_wake(lwp: Lwp, channel: object, most: int, bitset: int = FUTEX_BITSET_MATCH_ANY) -> int:
    """Wake up to most who wait on channel for a bit of bitset, in the order they came."""
    woken = 0
    for sleeper in list(lwp.l_kernel.sleepq.get(channel, ())):
        if woken == most:
            break
        if sleeper.l_futex_wakesel & bitset:
            sleeper.l_futex_wakesel = 0
            sleepq_remove(sleeper)
            woken += 1
    return woken


def _wake(lwp: Lwp, request: _Request) -> int:
    """FUTEX_WAKE, FUTEX_WAKE_BITSET."""
    if request.val < 0:
        raise KernelError(Errno.EINVAL)
    channel = _channel(lwp, request.uaddr, request.op & FUTEX_PRIVATE_FLAG)
    some = request.op & FUTEX_CMD_MASK == FUTEX_WAKE_BITSET
    return futex_wake(lwp, channel, request.val, request.val3 if some else FUTEX_BITSET_MATCH_ANY)


def _requeue(lwp: Lwp, request: _Request) -> int:
    """FUTEX_REQUEUE, FUTEX_CMP_REQUEUE."""
    if request.val < 0 or request.val2 < 0:
        raise KernelError(Errno.EINVAL)
    private = request.op & FUTEX_PRIVATE_FLAG
    compare = request.op & FUTEX_CMD_MASK == FUTEX_CMP_REQUEUE
    channel = _channel(lwp, request.uaddr, private)
    sleepq = lwp.l_kernel.sleepq
    if channel not in sleepq:
        return 0
    target = _channel(lwp, request.uaddr2, private)
    if compare and not _holds(lwp, request.uaddr, request.val3):
        raise KernelError(Errno.EAGAIN)
    woken = futex_wake(lwp, channel, request.val)
    moved = list(sleepq.get(channel, ()))[: request.val2]
    for sleeper in moved:
        sleepq_transfer(sleeper, target)
    return woken + len(moved) if compare else woken


def _wake_op(lwp: Lwp, request: _Request) -> int:
    """FUTEX_WAKE_OP: change the second word, wake at the first, perhaps at the second."""
    if request.val < 0 or request.val2 < 0:
        raise KernelError(Errno.EINVAL)
    how, compare = request.val3 >> 28 & 15, _COMPARE.get(request.val3 >> 24 & 15)
    arg = request.val3 >> 12 & 0xFFF
    if how & FUTEX_OP_OPARG_SHIFT:
        if arg >= 32:
            raise KernelError(Errno.EINVAL)
        arg = 1 << arg
    change = _OPS.get(how & ~FUTEX_OP_OPARG_SHIFT)
    if change is None or compare is None:
        raise KernelError(Errno.EINVAL)
    private = request.op & FUTEX_PRIVATE_FLAG
    first = _channel(lwp, request.uaddr, private)
    second = _channel(lwp, request.uaddr2, private)
    old = _load(lwp, request.uaddr2)
    _store(lwp, request.uaddr2, change(old, arg))
    woken = futex_wake(lwp, first, request.val)
    if compare(old, request.val3 & 0xFFF):
        woken += futex_wake(lwp, second, request.val2)
    return woken


_FUNCS: Final = {
    FUTEX_WAIT: _wait,
    FUTEX_WAIT_BITSET: _wait,
    FUTEX_WAKE: _wake,
    FUTEX_WAKE_BITSET: _wake,
    FUTEX_REQUEUE: _requeue,
    FUTEX_CMP_REQUEUE: _requeue,
    FUTEX_WAKE_OP: _wake_op,
}


def sys___futex_set_robust_list(lwp: Lwp, head: int, len: int) -> int:
    """futex_set_robust_list(2): say where the caller keeps the list of locks that it holds.

    Raises:
        KernelError: EINVAL, len is not the size of a head, or head is not aligned.
    """
    if len != FUTEX_ROBUST_HEAD_SIZE or head % _WORD.size:
        raise KernelError(Errno.EINVAL)
    lwp.l_robust_head = head
    return 0


def sys___futex_get_robust_list(lwp: Lwp, lwpid: int, headp: int, lenp: int) -> int:
    """futex_get_robust_list(2): store where an LWP of the process, 0 the caller, keeps its list.

    Raises:
        KernelError: ESRCH, there is none. EFAULT.
    """
    target = proc_find_lwp(lwp.l_proc, lwpid) if lwpid else lwp
    if target is None or target.l_stat in (LSIDL, LSZOMB):
        raise KernelError(Errno.ESRCH)
    vm = lwp.l_proc.p_vmspace
    copyout(vm, _WORD.pack(target.l_robust_head), headp)
    copyout(vm, _WORD.pack(FUTEX_ROBUST_HEAD_SIZE), lenp)
    return 0


def futex_release_all_lwp(lwp: Lwp) -> None:
    """An LWP ends: mark what it held, as its list says, and wake who waits for it.

    What looks wrong ends it: the list is the program's.
    """
    if lwp.l_robust_head:
        try:
            _release_all(lwp, lwp.l_robust_head)
        except KernelError:
            return
        finally:
            lwp.l_robust_head = 0


def _release_all(lwp: Lwp, head: int) -> None:
    """Release each futex of the list at head, and the one that was being taken.

    Raises:
        KernelError: EFAULT.
    """
    vm = lwp.l_proc.p_vmspace
    entry, offset, pending = _HEAD.unpack(copyin(vm, head, _HEAD.size))
    entry &= ~FUTEX_ROBUST_ENTRY_PI
    pending &= ~FUTEX_ROBUST_ENTRY_PI
    for _ in range(_MOST):
        if entry == head:
            break
        if entry != pending:
            _release(lwp, entry + offset, pending=False)
        entry = _WORD.unpack(copyin(vm, entry, _WORD.size))[0] & ~FUTEX_ROBUST_ENTRY_PI
    if pending:
        _release(lwp, pending + offset, pending=True)


def _release(lwp: Lwp, uaddr: int, pending: bool) -> None:
    """Release one robust futex of an LWP that ends, if it holds it."""
    try:
        channels = [_channel(lwp, uaddr, private) for private in (0, FUTEX_PRIVATE_FLAG)]
        word = _load(lwp, uaddr) & 0xFFFF_FFFF
    except KernelError:
        return
    if pending and not word & ~FUTEX_WAITERS:
        wake = True
    elif word & FUTEX_TID_MASK != lwp.l_lid:
        return
    else:
        _store(lwp, uaddr, word | FUTEX_OWNER_DIED)
        wake = bool(word & FUTEX_WAITERS)
    if wake and not futex_wake(lwp, channels[0], 1):
        futex_wake(lwp, channels[1], 1)
