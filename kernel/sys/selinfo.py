# SPDX-License-Identifier: BSD-2-Clause
"""Who waits for a file to be ready: poll, select, kevent.  NetBSD sys/sys/selinfo.h, poll.h."""

from struct import Struct
from typing import TYPE_CHECKING, Final, Self

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.namedtuple import NamedTuple

if TYPE_CHECKING:
    from kernel.sys.event import Klist
    from kernel.sys.proc import Lwp

_POLLFD: Final = Struct("<ihh")
SIZEOF_POLLFD: Final = _POLLFD.size  # bytes
INFTIM: Final = -1  # poll(2): wait for ever


@dataclass(slots=True, eq=False)
class Selinfo:
    """Kept by whatever can be polled; selrecord adds to it, selwakeup empties it."""

    sel_lwps: "dict[Lwp, None]" = field(default_factory=dict)  # in order of coming
    sel_klist: "Klist | None" = None  # notes of kqueues


class Pollfd(NamedTuple):
    """What poll(2) is asked of one descriptor, and its answer (struct pollfd)."""

    fd: int
    events: int  # POLL*
    revents: int = 0

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _POLLFD.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(*_POLLFD.unpack(data))
