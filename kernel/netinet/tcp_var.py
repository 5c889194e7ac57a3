# SPDX-License-Identifier: BSD-2-Clause
"""The state of a TCP connection.  NetBSD sys/netinet/tcp_var.h."""

from typing import TYPE_CHECKING, Final

from kernel.sys.dataclasses import dataclass
from kernel.sys.tcp_fsm import TCPS_CLOSED

if TYPE_CHECKING:
    from kernel.kern.kern_timeout import Callout
    from kernel.netinet.in_pcb import Inpcb

TCPOOB_HAVEDATA: Final = 0x01  # the urgent byte is there
TCPOOB_HADDATA: Final = 0x02  # and has been read

TCPTV_MSL: Final = 7_500_000_000  # ns, of a connection within one machine
TCPTV_MAXIDLE: Final = 600_000_000_000  # ns that a closed end waits for its peer to close
TCPTV_KEEP_INIT: Final = 75_000_000_000  # ns until a connect gives up
TCPTV_SRTTDFLT: Final = 3_000_000_000  # ns until the first segment is sent again
TCPTV_LOOPBACK: Final = 10_000  # ns that a segment takes

TCP_SENDSPACE: Final = 32768  # bytes
TCP_RECVSPACE: Final = 32768


@dataclass(slots=True, eq=False)
class Tcpcb:
    """One end of a connection (struct tcpcb).

    Both ends are in this kernel: t_peer leads to the other one, and what one
    may send is moved there as soon as there is room.
    """

    t_inpcb: "Inpcb"
    t_state: int = TCPS_CLOSED
    t_peer: "Tcpcb | None" = None
    t_timer: "Callout | None" = None  # of the SYN that is sent again, of 2MSL, of the idle peer
    t_rxtshift: int = 0  # how often the SYN was sent again
    t_synced: int = 0  # ns since the SYN was sent first, in all
    t_fin: bool = False  # the end follows what is in the send buffer
    t_urgent: int = 0  # bytes of the send buffer up to the urgent one
    t_oobflags: int = 0  # TCPOOB_*
    t_iobc: bytes = b""  # the urgent byte
