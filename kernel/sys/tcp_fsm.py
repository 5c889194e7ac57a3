# SPDX-License-Identifier: BSD-2-Clause
"""The states of a TCP connection.  NetBSD sys/netinet/tcp_fsm.h."""

from typing import Final

TCPS_CLOSED: Final = 0
TCPS_LISTEN: Final = 1
TCPS_SYN_SENT: Final = 2
TCPS_SYN_RECEIVED: Final = 3
TCPS_ESTABLISHED: Final = 4
TCPS_CLOSE_WAIT: Final = 5  # the peer has closed
TCPS_FIN_WAIT_1: Final = 6  # closed, data or the end are still to be sent
TCPS_CLOSING: Final = 7  # both have closed, the end is still to be sent
TCPS_LAST_ACK: Final = 8  # closed after the peer, the end is still to be sent
TCPS_FIN_WAIT_2: Final = 9  # closed, the peer has not
TCPS_TIME_WAIT: Final = 10  # both have closed

# As netstat(1) tells them.
tcpstates: Final = (
    "CLOSED", "LISTEN", "SYN_SENT", "SYN_RECEIVED", "ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT_1",
    "CLOSING", "LAST_ACK", "FIN_WAIT_2", "TIME_WAIT",
)  # fmt: skip
