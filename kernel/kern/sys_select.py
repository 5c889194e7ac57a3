# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for one of several descriptors: select and poll.  NetBSD sys/kern/sys_select.c.

A file that is not ready keeps the asking LWP in its Selinfo (selrecord) and
wakes it when that may have changed (selwakeup); the LWP then asks again.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from kernel.arch.python.clock import clock_uptime
from kernel.arch.python.copy import copyin, copyout
from kernel.kern.kern_descrip import FILE_UNUSE, FILE_USE, fd_getfile
from kernel.kern.kern_event import selchannel, selwakeup
from kernel.kern.kern_synch import PCATCH, PSOCK, tsleep
from kernel.sys.errno import Errno, KernelError
from kernel.sys.file import (
    POLLERR,
    POLLHUP,
    POLLNVAL,
    POLLRDBAND,
    POLLRDNORM,
    POLLWRNORM,
    File,
)
from kernel.sys.proc import Lwp
from kernel.sys.selinfo import INFTIM, SIZEOF_POLLFD, Pollfd, Selinfo
from kernel.sys.signal import SIZEOF_SIGSET, sigcantmask, unpack_sigset
from kernel.sys.time import SIZEOF_TIMESPEC, SIZEOF_TIMEVAL, Timespec, Timeval

__all__ = ["selchannel", "selrecord", "selwakeup"]

NDFILE: Final = 20  # descriptors a table has at least
_SELECT_EVENTS: Final = (  # for the read, the write and the exception set
    POLLRDNORM | POLLHUP | POLLERR,
    POLLWRNORM | POLLHUP | POLLERR,
    POLLRDBAND,
)

_NO_TIME: Final = -1  # a timeout that is refused

T = TypeVar("T")


def selrecord(lwp: Lwp, sip: Selinfo) -> None:
    """Note that lwp, inside fo_poll, wants to know when this changes."""
    sip.sel_lwps[lwp] = None


def sys_poll(lwp: Lwp, fds: int, nfds: int, timeout: int) -> int:
    """poll(2): wait until one of nfds descriptors is ready; return how many are.

    Args:
        lwp: the caller.
        fds: user address of an array of struct pollfd.
        nfds: its length.
        timeout: ms; 0 does not wait, -1 waits for ever.

    Raises:
        KernelError: EINVAL, nfds is absurd or timeout below -1. EFAULT. EINTR.

    Source: sys_poll and pollcommon, NetBSD sys/kern/sys_select.c.
    """
    return _poll(lwp, fds, nfds, None if timeout == INFTIM else timeout * 1_000_000)


def sys___pollts50(lwp: Lwp, fds: int, nfds: int, ts: int, mask: int) -> int:
    """pollts(2): poll with the time as a struct timespec; a null ts waits for ever.

    Raises:
        KernelError: as poll; EINVAL too for a ts that is no time.
    """
    timeout = _timespec(lwp, ts) if ts else None
    return sigmasked(lwp, mask, lambda: _poll(lwp, fds, nfds, timeout))


def sys___select50(lwp: Lwp, nd: int, in_: int, ou: int, ex: int, tv: int) -> int:
    """select(2): wait until a descriptor of three sets is ready; return how many are.

    Args:
        lwp: the caller.
        nd: descriptors below this are looked at.
        in_: user address of the set to be read, replaced by those ready; or 0.
        ou: the same for writing.
        ex: the same for exceptional conditions.
        tv: user address of a struct timeval, 0 to wait for ever.

    Raises:
        KernelError: EINVAL, nd < 0 or tv is no time. EBADF, a set names a
            descriptor that is not open. EFAULT. EINTR.

    Source: sys___select50 and selcommon, NetBSD sys/kern/sys_select.c.
    """
    timeout = None
    if tv:
        time = Timeval.unpack(copyin(lwp.l_proc.p_vmspace, tv, SIZEOF_TIMEVAL))
        timeout = time.ns if time.tv_sec >= 0 and 0 <= time.tv_usec < 1_000_000 else _NO_TIME
    return _select(lwp, nd, (in_, ou, ex), timeout)


def sys___pselect50(lwp: Lwp, nd: int, in_: int, ou: int, ex: int, ts: int, mask: int) -> int:
    """pselect(2): select with the time as a struct timespec, under the signal mask at mask.

    Raises:
        KernelError: as select.
    """
    timeout = _timespec(lwp, ts) if ts else None
    return sigmasked(lwp, mask, lambda: _select(lwp, nd, (in_, ou, ex), timeout))


def sigmasked(lwp: Lwp, uaddr: int, call: Callable[[], int]) -> int:
    """Run call under the signal mask at uaddr (0: the present one).

    After EINTR, which ERESTART becomes, the mask stays until the handler has it
    restored, as with sigsuspend.
    """
    if not uaddr:
        return call()
    mask = unpack_sigset(copyin(lwp.l_proc.p_vmspace, uaddr, SIZEOF_SIGSET))
    old, lwp.l_sigmask = lwp.l_sigmask, mask & ~sigcantmask
    lwp.l_sigoldmask = old
    try:
        answer = call()
    except KernelError as exc:
        if exc.errno is Errno.ERESTART:
            raise KernelError(Errno.EINTR) from None
        if exc.errno is not Errno.EINTR:
            lwp.l_sigmask, lwp.l_sigoldmask = old, None
        raise
    lwp.l_sigmask, lwp.l_sigoldmask = old, None
    return answer


def _poll(lwp: Lwp, fds: int, nfds: int, timeout: int | None) -> int:
    vm = lwp.l_proc.p_vmspace
    if not 0 <= nfds <= 1000 + max(NDFILE, len(lwp.l_proc.p_fd.fd_ofiles)):
        raise KernelError(Errno.EINVAL)
    raw = copyin(vm, fds, nfds * SIZEOF_POLLFD)
    entries = [
        Pollfd.unpack(raw[at : at + SIZEOF_POLLFD]) for at in range(0, len(raw), SIZEOF_POLLFD)
    ]

    def scan() -> list[Pollfd]:
        return [e._replace(revents=_pollscan(lwp, e.fd, e.events)) for e in entries]

    answers = _sel_do_scan(lwp, scan, lambda found: any(e.revents for e in found), timeout)
    copyout(vm, b"".join(e.pack() for e in answers), fds)
    return sum(e.revents != 0 for e in answers)


def _pollscan(lwp: Lwp, fd: int, events: int) -> int:
    if fd < 0:
        return 0
    try:
        fp = fd_getfile(lwp.l_proc, fd)
    except KernelError:
        return POLLNVAL
    return _fo_poll(lwp, fp, events | POLLERR | POLLHUP)


def _select(lwp: Lwp, nd: int, sets: tuple[int, int, int], timeout: int | None) -> int:
    vm = lwp.l_proc.p_vmspace
    if nd < 0:
        raise KernelError(Errno.EINVAL)
    nd = min(nd, max(NDFILE, len(lwp.l_proc.p_fd.fd_ofiles)))  # as forgiving as NetBSD
    size = -(-nd // 32) * 4
    wanted = [
        int.from_bytes(copyin(vm, uaddr, size), "little") & (1 << nd) - 1 if uaddr else 0
        for uaddr in sets
    ]

    def scan() -> list[int]:
        return [_selscan(lwp, w, events) for w, events in zip(wanted, _SELECT_EVENTS, strict=True)]

    ready = _sel_do_scan(lwp, scan, any, timeout)
    for uaddr, bits in zip(sets, ready, strict=True):
        if uaddr:
            copyout(vm, bits.to_bytes(size, "little"), uaddr)
    return sum(bits.bit_count() for bits in ready)


def _selscan(lwp: Lwp, wanted: int, events: int) -> int:
    ready = 0
    for fd in range(wanted.bit_length()):
        if wanted >> fd & 1 and _fo_poll(lwp, fd_getfile(lwp.l_proc, fd), events):
            ready |= 1 << fd
    return ready


def _fo_poll(lwp: Lwp, fp: File, events: int) -> int:
    FILE_USE(fp)
    try:
        return fp.f_ops.fo_poll(lwp, fp, events)
    finally:
        FILE_UNUSE(fp, lwp)


def _sel_do_scan(
    lwp: Lwp, scan: Callable[[], T], found: Callable[[T], bool], timeout: int | None
) -> T:
    """Scan until something is found or timeout (ns) has passed; return the last scan.

    Raises:
        KernelError: EINVAL, the timeout is no time: after all that is wrong with
            the arguments in memory, before descriptors are looked at. EINTR.
    """
    if timeout is not None and timeout < 0:
        raise KernelError(Errno.EINVAL)
    until = None if timeout is None else clock_uptime(lwp.l_kernel) + timeout
    while True:
        answer = scan()
        left = 0 if until is None else until - clock_uptime(lwp.l_kernel)
        if found(answer) or (until is not None and left <= 0):
            return answer
        try:
            tsleep(lwp, selchannel(lwp), PSOCK | PCATCH, "select", left)
        except KernelError as exc:
            if exc.errno is Errno.ERESTART:  # neither call is restarted after a signal
                raise KernelError(Errno.EINTR) from None
            if exc.errno is not Errno.EWOULDBLOCK:
                raise


def _timespec(lwp: Lwp, uaddr: int) -> int:
    """Return the struct timespec at uaddr, ns; _NO_TIME if it is none."""
    time = Timespec.unpack(copyin(lwp.l_proc.p_vmspace, uaddr, SIZEOF_TIMESPEC))
    return time.ns if time.tv_sec >= 0 and 0 <= time.tv_nsec < 1_000_000_000 else _NO_TIME
