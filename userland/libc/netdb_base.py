# SPDX-License-Identifier: BSD-2-Clause
"""What /etc has of hosts, services and protocols, known without it too.  NetBSD etc/hosts."""

from typing import Final

__all__ = ["HOSTS", "PROTOCOLS", "SERVICES"]

HOSTS: Final = """\
::1\t\t\tlocalhost localhost.
127.0.0.1\t\tlocalhost localhost.
127.0.0.1\t\tsysent
"""
PROTOCOLS: Final = """\
ip\t0\tIP\t\t# internet protocol, pseudo protocol number
icmp\t1\tICMP\t\t# internet control message protocol
tcp\t6\tTCP\t\t# transmission control protocol
udp\t17\tUDP\t\t# user datagram protocol
ipv6\t41\tIPV6\t\t# IPv6 header
ipv6-icmp\t58\tIPV6-ICMP\t# ICMP for IPv6
"""
SERVICES: Final = "".join(
    f"{name}\t\t{port}/{proto}\t{alias}\n"
    for name, port, protos, alias in (
        ("echo", 7, "tcp udp", ""),
        ("discard", 9, "tcp udp", "sink null"),
        ("daytime", 13, "tcp udp", ""),
        ("chargen", 19, "tcp udp", "ttytst source"),
        ("ftp", 21, "tcp", ""),
        ("ssh", 22, "tcp udp", ""),
        ("telnet", 23, "tcp", ""),
        ("smtp", 25, "tcp", "mail"),
        ("time", 37, "tcp udp", "timserver"),
        ("domain", 53, "tcp udp", ""),
        ("finger", 79, "tcp", ""),
        ("http", 80, "tcp udp", "www www-http"),
        ("pop3", 110, "tcp udp", "pop-3"),
        ("ntp", 123, "tcp udp", ""),
        ("imap", 143, "tcp udp", "imap2"),
        ("https", 443, "tcp udp", ""),
        ("syslog", 514, "udp", ""),
        ("http-alt", 8080, "tcp udp", ""),
    )
    for proto in protos.split()
)
