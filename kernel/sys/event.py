# SPDX-License-Identifier: BSD-2-Clause
"""Events: what kevent(2) is asked and answers; notes, queues.  NetBSD sys/sys/event.h."""

from collections import OrderedDict as _OrderedDict
from collections.abc import Callable
from struct import Struct
from typing import TYPE_CHECKING, Any, Final, Self

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.selinfo import Selinfo

if TYPE_CHECKING:
    from kernel.sys.kernel import Kernel

# Filters.
EVFILT_READ: Final = 0  # a descriptor can be read
EVFILT_WRITE: Final = 1  # a descriptor can be written
EVFILT_AIO: Final = 2
EVFILT_VNODE: Final = 3  # a file changes
EVFILT_PROC: Final = 4  # a process forks, execs, exits
EVFILT_SIGNAL: Final = 5  # a signal is sent to the caller
EVFILT_TIMER: Final = 6  # time passes
EVFILT_FS: Final = 7  # file systems come and go
EVFILT_USER: Final = 8  # a program says so
EVFILT_EMPTY: Final = 9  # all that was sent has been taken
EVFILT_SYSCOUNT: Final = 10

# flags: what to do
EV_ADD: Final = 0x0001
EV_DELETE: Final = 0x0002
EV_ENABLE: Final = 0x0004
EV_DISABLE: Final = 0x0008
# flags: how
EV_ONESHOT: Final = 0x0010  # delete it once it is told
EV_CLEAR: Final = 0x0020  # begin anew once it is told
EV_RECEIPT: Final = 0x0040  # answer each change with EV_ERROR, data 0 if it worked
EV_DISPATCH: Final = 0x0080  # disable it once it is told
EV_SYSFLAGS: Final = 0xF000  # the kernel's
EV_FLAG1: Final = 0x2000
# flags: what is told
EV_EOF: Final = 0x8000
EV_ERROR: Final = 0x4000  # data is an errno

# fflags of EVFILT_USER
NOTE_FFNOP: Final = 0x00000000  # leave the flags
NOTE_FFAND: Final = 0x40000000
NOTE_FFOR: Final = 0x80000000
NOTE_FFCOPY: Final = 0xC0000000
NOTE_FFCTRLMASK: Final = 0xC0000000
NOTE_FFLAGSMASK: Final = 0x00FFFFFF
NOTE_TRIGGER: Final = 0x01000000

NOTE_LOWAT: Final = 0x0001  # fflags of EVFILT_READ and EVFILT_WRITE

# fflags of EVFILT_VNODE
NOTE_DELETE: Final = 0x0001  # the last name was removed
NOTE_WRITE: Final = 0x0002
NOTE_EXTEND: Final = 0x0004
NOTE_ATTRIB: Final = 0x0008
NOTE_LINK: Final = 0x0010  # the number of names changed
NOTE_RENAME: Final = 0x0020
NOTE_REVOKE: Final = 0x0040
NOTE_OPEN: Final = 0x0080
NOTE_CLOSE: Final = 0x0100
NOTE_CLOSE_WRITE: Final = 0x0200  # closed by who could write
NOTE_READ: Final = 0x0400

# fflags of EVFILT_PROC
NOTE_EXIT: Final = 0x80000000
NOTE_FORK: Final = 0x40000000
NOTE_EXEC: Final = 0x20000000
NOTE_PCTRLMASK: Final = 0xF0000000
NOTE_PDATAMASK: Final = 0x000FFFFF
NOTE_TRACK: Final = 0x00000001  # follow children
NOTE_TRACKERR: Final = 0x00000002  # a child could not be followed
NOTE_CHILD: Final = 0x00000004  # a child that is followed; data is its parent

# fflags of EVFILT_TIMER
NOTE_MSECONDS: Final = 0
NOTE_SECONDS: Final = 1
NOTE_USECONDS: Final = 2
NOTE_NSECONDS: Final = 3
NOTE_TIMER_UNITMASK: Final = 3
NOTE_ABSTIME: Final = 0x10  # data is a time of day

# fflags of EVFILT_FS, NetBSD sys/sys/mount.h
VQ_MOUNT: Final = 0x0008
VQ_UNMOUNT: Final = 0x0010

# Hints that programs never see.
NOTE_SUBMIT: Final = 0x01000000  # posted by what is watched
NOTE_SIGNAL: Final = 0x08000000  # with the number of the signal

# kn_status
KN_ACTIVE: Final = 0x01  # the event has happened
KN_QUEUED: Final = 0x02  # waits to be told
KN_DISABLED: Final = 0x04
KN_DETACHED: Final = 0x08  # what was watched has gone

# type of f_touch
EVENT_REGISTER: Final = 1
EVENT_PROCESS: Final = 2

_KEVENT: Final = Struct("<QIII4xqQ")
SIZEOF_KEVENT: Final = _KEVENT.size  # bytes


class Kevent(NamedTuple):
    """One event: asked for, or that has happened (struct kevent)."""

    ident: int  # a descriptor, a process id, a signal's number, or the caller's own
    filter: int  # EVFILT_*
    flags: int = EV_ADD  # EV_*
    fflags: int = 0  # NOTE_*
    data: int = 0
    udata: int = 0  # the caller's own

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _KEVENT.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(*_KEVENT.unpack(data))


Klist = dict["Knote", None]  # notes at what they watch, in order of coming; the last is told first


def klist_insert(klist: Klist, kn: "Knote") -> None:
    """Hang kn on klist."""
    klist[kn] = None
    kn.kn_list = klist


def klist_remove(kn: "Knote") -> None:
    """Take kn from where it hangs, if it does."""
    if kn.kn_list is not None:
        del kn.kn_list[kn]
        kn.kn_list = None


@dataclass(slots=True, frozen=True, eq=False)
class FilterOps:
    """How one kind of event is watched (struct filterops).

    f_event(kn, hint) is whether it has happened, hint being what was posted, 0
    if it is only asked.  f_attach(kn) begins, f_detach(kn) ends.  f_touch(kn,
    kev, type) takes the place of the plain ways to change a note
    (EVENT_REGISTER) and to tell it (EVENT_PROCESS), and returns what is told.
    f_attach raises KernelError; that of files has them choose others (fo_kqfilter).
    """

    f_event: "Callable[[Knote, int], bool]"
    f_isfd: bool = True  # ident is a descriptor
    f_attach: "Callable[[Knote], None]" = lambda _kn: None
    f_detach: "Callable[[Knote], None]" = klist_remove
    f_touch: "Callable[[Knote, Kevent, int], Kevent] | None" = None


@dataclass(slots=True, eq=False)
class Knote:
    """One event that a queue watches for (struct knote)."""

    kn_kq: "Kqueue"
    kn_fop: FilterOps
    kn_id: int
    kn_filter: int
    kn_flags: int
    kn_sfflags: int  # what is asked for
    kn_sdata: int
    kn_udata: int
    kn_obj: Any = None  # the file or the process
    kn_fflags: int = 0  # what has happened
    kn_data: int = 0
    kn_status: int = 0
    kn_hook: Any = None  # the filter's own
    kn_list: "Klist | None" = None  # where it hangs at what it watches


@dataclass(slots=True, eq=False)
class Kqueue:
    """A queue of events (struct kqueue); f_data of its file."""

    kq_kernel: "Kernel"
    kq_fdp: Any  # the descriptor table it was made in: its idents are that table's
    kq_head: "_OrderedDict[Knote, None]" = field(default_factory=_OrderedDict)  # what is to be told
    kq_notes: "dict[tuple[int, int], Knote]" = field(default_factory=dict)  # (filter, ident)
    kq_sel: Selinfo = field(default_factory=Selinfo)
