# SPDX-License-Identifier: BSD-2-Clause
"""Timers of processes.  NetBSD sys/sys/timevar.h, sys/sys/sigtypes.h (struct sigevent)."""

from struct import Struct
from typing import TYPE_CHECKING, Any, Final, Self

from kernel.sys.dataclasses import dataclass
from kernel.sys.namedtuple import NamedTuple
from kernel.sys.signal import SIGEV_SIGNAL

if TYPE_CHECKING:
    from kernel.sys.proc import Proc

TIMER_MIN: Final = 4  # those below are setitimer(2)'s, by ITIMER_*
TIMER_MAX: Final = 36

_SIGEVENT: Final = Struct("<iiQQQ")
SIZEOF_SIGEVENT: Final = _SIGEVENT.size  # bytes


class Sigevent(NamedTuple):
    """What happens at an event (struct sigevent)."""

    sigev_notify: int = SIGEV_SIGNAL
    sigev_signo: int = 0
    sigev_value: int = 0

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _SIGEVENT.pack(*self, 0, 0)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct tell."""
        return cls(*_SIGEVENT.unpack(data)[:3])


@dataclass(slots=True, eq=False)
class Ptimer:
    """A timer of a process (struct ptimer); times in ns.

    it_due is of the uptime, or of the CPU time that the process has had.
    """

    pt_proc: "Proc"
    it_clock: int
    pt_ev: Sigevent
    it_due: int = 0  # 0: it is off
    it_interval: int = 0
    it_ch: Any = None  # its callout
    it_overruns: int = 0  # expirations since the last signal
    pt_poverruns: int = 0  # what timer_getoverrun(2) tells
