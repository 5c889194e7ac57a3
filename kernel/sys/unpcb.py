# SPDX-License-Identifier: BSD-2-Clause
"""The protocol's part of a local socket.  NetBSD sys/sys/unpcb.h."""

from typing import TYPE_CHECKING, Final

from kernel.sys.dataclasses import dataclass, field

if TYPE_CHECKING:
    from kernel.sys.socketvar import Socket
    from kernel.sys.un import Unpcbid
    from kernel.sys.vnode import Vnode

UNP_WANTCRED: Final = 0x0004  # LOCAL_CREDS
UNP_CONNWAIT: Final = 0x0008  # LOCAL_CONNWAIT


@dataclass(slots=True, eq=False)
class Unpcb:
    """Who a local socket is connected to, and by which name it is known (struct unpcb)."""

    unp_socket: "Socket"
    unp_ctime: int  # ns since the epoch
    unp_vnode: "Vnode | None" = None  # bound: the file
    unp_ino: int = 0  # what fstat tells, once it has been asked
    unp_conn: "Unpcb | None" = None  # the peer
    unp_refs: "list[Unpcb]" = field(default_factory=list)  # datagram sockets connected to it
    unp_addr: bytes | None = None  # bound: the struct sockaddr_un
    unp_cc: int = 0  # bytes in the receive buffer, as the peer knows
    unp_flags: int = 0  # UNP_*
    unp_bindid: "Unpcbid | None" = None  # who has bound it (UNP_EIDSBIND)
    unp_connid: "Unpcbid | None" = None  # who the peer is (UNP_EIDSVALID)
