# SPDX-License-Identifier: BSD-2-Clause
"""Notes of kernel queues: hung on what they watch, activated, told.  NetBSD sys/kern/kern_event.c.

What can be watched keeps a list of notes (Klist); whoever changes it posts a
hint (knote), and a note whose filter says that its event has happened waits in
its queue (knote_activate) until kevent(2) asks.  Select and poll hear of it at
the same place: selwakeup.
"""

from collections.abc import Mapping

from kernel.kern.kern_sleepq import sleepq_wake
from kernel.sys.errno import Errno, KernelError
from kernel.sys.event import (
    EV_ADD,
    EV_CLEAR,
    EV_ENABLE,
    EV_EOF,
    EV_ONESHOT,
    EVFILT_PROC,
    KN_ACTIVE,
    KN_DETACHED,
    KN_DISABLED,
    KN_QUEUED,
    NOTE_CHILD,
    NOTE_EXEC,
    NOTE_EXIT,
    NOTE_FORK,
    NOTE_SUBMIT,
    NOTE_TRACK,
    NOTE_TRACKERR,
    FilterOps,
    Klist,
    Knote,
    Kqueue,
    klist_insert,
    klist_remove,
)
from kernel.sys.filedesc import Filedesc
from kernel.sys.kernel import Kernel
from kernel.sys.proc import P_SUGID, Lwp, Proc
from kernel.sys.selinfo import Selinfo


def selchannel(lwp: Lwp) -> tuple[str, Lwp]:
    """Return what lwp sleeps on inside select and poll."""
    return "select", lwp


def selwakeup(kernel: Kernel, sip: Selinfo) -> None:
    """Wake whoever was noted, and tell the queues: what they wait for may have come.

    Source: selnotify, NetBSD sys/kern/sys_select.c.
    """
    while sip.sel_lwps:
        lwp = next(iter(sip.sel_lwps))
        del sip.sel_lwps[lwp]
        sleepq_wake(kernel, selchannel(lwp))
    if sip.sel_klist:
        knote(sip.sel_klist, NOTE_SUBMIT)


def knote_setfilter(kn: Knote, filtops: Mapping[int, FilterOps]) -> None:
    """Give kn the operations of its filter, of those that what it watches has.

    Raises:
        KernelError: EINVAL, there is none of that filter.
    """
    fop = filtops.get(kn.kn_filter)
    if fop is None:
        raise KernelError(Errno.EINVAL)
    kn.kn_fop = fop


def selrecord_knote(sip: Selinfo, kn: Knote) -> None:
    """Hang kn on sip, so that selwakeup tells it."""
    if sip.sel_klist is None:
        sip.sel_klist = {}
    klist_insert(sip.sel_klist, kn)


def knote(klist: Klist, hint: int) -> None:
    """Post hint to all who watch: who finds the event happened is activated."""
    for kn in reversed(list(klist)):
        if kn.kn_list is klist and kn.kn_fop.f_event(kn, hint):
            knote_activate(kn)


def knote_activate(kn: Knote) -> None:
    """The event of kn has happened: queue it, unless it is disabled."""
    kn.kn_status |= KN_ACTIVE
    if not kn.kn_status & (KN_QUEUED | KN_DISABLED):
        _queue(kn)


def knote_enqueue(kn: Knote) -> None:
    """Enable kn, and queue it if its event has happened meanwhile."""
    kn.kn_status &= ~KN_DISABLED
    if kn.kn_status & (KN_ACTIVE | KN_QUEUED) == KN_ACTIVE:
        _queue(kn)


def _queue(kn: Knote) -> None:
    kq = kn.kn_kq
    kn.kn_status |= KN_QUEUED
    kq.kq_head[kn] = None
    sleepq_wake(kq.kq_kernel, kq)
    selwakeup(kq.kq_kernel, kq.kq_sel)


def knote_deactivate(kn: Knote) -> None:
    """Forget that the event of kn has happened."""
    if kn.kn_status & KN_QUEUED:
        del kn.kn_kq.kq_head[kn]
    kn.kn_status &= ~(KN_ACTIVE | KN_QUEUED)


def knote_detach(kn: Knote) -> None:
    """Drop kn: from what it watches, from its descriptor, from its queue."""
    kq = kn.kn_kq
    kn.kn_fop.f_detach(kn)
    if kn.kn_fop.f_isfd:
        notes = kq.kq_fdp.fd_knlist[kn.kn_id]
        notes.remove(kn)
        if not notes:
            del kq.kq_fdp.fd_knlist[kn.kn_id]
    if kq.kq_notes.get((kn.kn_filter, kn.kn_id)) is kn:
        del kq.kq_notes[kn.kn_filter, kn.kn_id]
    knote_deactivate(kn)


def knote_fdclose(fdp: Filedesc, fd: int) -> None:
    """Drop all notes on a descriptor that is about to be closed."""
    for kn in list(fdp.fd_knlist[fd]):
        knote_detach(kn)


def knote_proc_exec(p: Proc) -> None:
    """Tell who watches p that it runs another program."""
    for kn in _watchers(p):
        kn.kn_fflags |= kn.kn_sfflags & NOTE_EXEC
        if kn.kn_fflags:
            knote_activate(kn)


def knote_proc_fork(p1: Proc, p2: Proc) -> None:
    """Tell who watches p1 of its child p2; with NOTE_TRACK the child is watched as well."""
    for kn in _watchers(p1):
        kn.kn_fflags |= kn.kn_sfflags & NOTE_FORK
        if kn.kn_sfflags & NOTE_TRACK and not _track(p1, p2, kn):
            kn.kn_fflags |= NOTE_TRACKERR
        if kn.kn_fflags:
            knote_activate(kn)


def _watchers(p: Proc) -> list[Knote]:
    """Return the notes of EVFILT_PROC on p; those of EVFILT_SIGNAL hang there too."""
    return [kn for kn in reversed(list(p.p_klist)) if kn.kn_filter == EVFILT_PROC]


def _track(p1: Proc, p2: Proc, okn: Knote) -> bool:
    """Watch p2 as okn does p1, and tell of it by a note of its own; False if that is not allowed.

    Two notes, or NOTE_EXIT of a child that ends at once would hide NOTE_CHILD.
    Source: knote_proc_fork_track.
    """
    if not knote_may_watch(okn.kn_kq, p2):
        return False
    kq = okn.kn_kq
    flags = okn.kn_flags | EV_ADD | EV_ENABLE | EV_CLEAR
    pid, filt = p2.p_pid, okn.kn_filter

    def note(more: int, sfflags: int) -> Knote:
        return Knote(kq, okn.kn_fop, pid, filt, more, sfflags, p1.p_pid, okn.kn_udata, p2)

    track = note(flags, okn.kn_sfflags)
    klist_insert(p2.p_klist, track)
    kq.kq_notes[filt, pid] = track
    child = note(flags | EV_ONESHOT, 0)
    child.kn_status = KN_DETACHED
    child.kn_fflags = NOTE_CHILD
    child.kn_data = p1.p_pid
    knote_activate(child)
    return True


def knote_may_watch(kq: Kqueue, p: Proc) -> bool:
    """Return whether who runs may watch p: the superuser, or its user unless it changed ids.

    Source: kqueue_listener_cb.
    """
    lwp = kq.kq_kernel.curlwp
    if lwp is None:
        return False
    cred = lwp.l_proc.p_cred
    return cred.cr_uid == 0 or (cred.cr_ruid == p.p_cred.cr_ruid and not p.p_flag & P_SUGID)


def knote_proc_exit(p: Proc) -> None:
    """Tell who watches p that it has ended; its notes have nothing to hang on any more.

    They are activated whatever they ask for, and deleted once told.
    """
    for kn in reversed(list(p.p_klist)):
        kn.kn_data = p.p_xstat
        kn.kn_flags |= EV_EOF | EV_ONESHOT
        kn.kn_fflags |= kn.kn_sfflags & NOTE_EXIT
        kn.kn_status |= KN_DETACHED
        klist_remove(kn)
        knote_activate(kn)
