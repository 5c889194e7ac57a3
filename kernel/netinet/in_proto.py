# SPDX-License-Identifier: BSD-2-Clause
"""The protocols of both Internet families.  NetBSD sys/netinet/in_proto.c, in6_proto.c."""

from typing import Final

from kernel.netinet.tcp_usrreq import tcp_ctloutput, tcp_usrreqs
from kernel.netinet.udp_usrreq import udp_ctloutput, udp_usrreqs
from kernel.sys.in_ import IPPROTO_TCP, IPPROTO_UDP
from kernel.sys.socket import AF_INET, AF_INET6, SOCK_DGRAM, SOCK_STREAM
from kernel.sys.socketvar import (
    PR_ABRTACPTDIS,
    PR_ADDR,
    PR_ATOMIC,
    PR_CONNREQUIRED,
    PR_LISTEN,
    PR_WANTRCVD,
    Domain,
    Protosw,
)

_TCP: Final = PR_CONNREQUIRED | PR_WANTRCVD | PR_LISTEN | PR_ABRTACPTDIS
_UDP: Final = PR_ATOMIC | PR_ADDR

inetsw: Final = tuple(
    Protosw(*row)
    for domain in (Domain(AF_INET, "internet"), Domain(AF_INET6, "internet6"))
    for row in (
        (SOCK_DGRAM, domain, IPPROTO_UDP, _UDP, udp_usrreqs, *udp_ctloutput),
        (SOCK_STREAM, domain, IPPROTO_TCP, _TCP, tcp_usrreqs, *tcp_ctloutput),
    )
)
