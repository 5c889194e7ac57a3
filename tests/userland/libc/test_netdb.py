# SPDX-License-Identifier: BSD-2-Clause
"""Addresses as text, and hosts, services and protocols by name."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sys.fcntl import O_CREAT, O_TRUNC, O_WRONLY
from kernel.sys.in_ import (
    IN6ADDR_ANY,
    IN6ADDR_LOOPBACK,
    INADDR_ANY,
    INADDR_LOOPBACK,
    SockaddrIn,
    SockaddrIn6,
)
from kernel.sys.socket import AF_INET, AF_INET6, SOCK_DGRAM, SOCK_STREAM
from userland.libc.inet import htonl, htons, inet_aton, inet_ntop, inet_pton
from userland.libc.netdb import (
    AI_NUMERICHOST,
    AI_PASSIVE,
    NI_NUMERICHOST,
    NI_NUMERICSERV,
)

FOUR = (
    "127.0.0.1 1 1.2 1.2.3 0x7f.1 017.1 256.1 1.256.1.1 1.2.3.4.5 1..2 a 1.65536 4294967295 08 0x"
)


@pytest.mark.parametrize("text", [*FOUR.split(), "4294967296", "", "1.2.3.4 rest", "-1"])
def test_inet_aton_is_the_hosts(text):
    """Each form, and what is none."""
    try:
        expected = socket.inet_aton(text)
    except OSError:
        expected = None
    assert inet_aton(text) == expected


@pytest.mark.parametrize(
    "text", ["1.2.3.4", "1.2.3", "01.2.3.4", "::1", "::", "1::2", "::ffff:1.2.3.4", "1:2"]
)
@pytest.mark.parametrize(
    ("ours", "hosts"), [(AF_INET, socket.AF_INET), (AF_INET6, socket.AF_INET6)]
)
def test_inet_pton_is_the_hosts(text, ours, hosts):
    """What is an address, and what is none."""
    try:
        expected = socket.inet_pton(hosts, text)
    except OSError:
        expected = None
    assert inet_pton(ours, text) == expected


@given(st.binary(min_size=16, max_size=16) | st.sampled_from([bytes(16), bytes(10) + b"\xff" * 6]))
def test_inet_ntop_is_undone(address):
    """The text of an address is that address."""
    assert inet_pton(AF_INET6, inet_ntop(AF_INET6, address)) == address
    assert inet_pton(AF_INET, inet_ntop(AF_INET, address[:4])) == address[:4]


def test_byte_orders():
    """The network's is big-endian, the machine's is not."""
    assert (htons(0x1234), htonl(0x12345678)) == (0x3412, 0x78563412)


def test_getaddrinfo(k):
    """IPv6 before IPv4, datagrams before streams; names are the base ones."""
    p = k.root()
    answers = p.getaddrinfo("localhost", "http")
    assert [(a.ai_family, a.ai_socktype) for a in answers] == [
        (AF_INET6, SOCK_DGRAM), (AF_INET6, SOCK_STREAM), (AF_INET, SOCK_DGRAM), (AF_INET, SOCK_STREAM),
    ]  # fmt: skip
    assert answers[1].ai_addr == SockaddrIn6(80, IN6ADDR_LOOPBACK)
    assert answers[3].ai_addr == SockaddrIn(80, INADDR_LOOPBACK)
    (answer,) = p.getaddrinfo(None, "telnet", AF_INET, flags=AI_PASSIVE)
    assert answer[1:] == (SOCK_STREAM, 6, "", SockaddrIn(23, INADDR_ANY))
    assert p.getaddrinfo(None, 5, AF_INET6, SOCK_STREAM)[0].ai_addr == SockaddrIn6(
        5, IN6ADDR_LOOPBACK
    )
    assert p.getaddrinfo("::", 5, 0, SOCK_STREAM)[0].ai_addr == SockaddrIn6(5, IN6ADDR_ANY)
    for args in (
        ("nowhere", 1), ("localhost", 1, AF_INET, SOCK_STREAM, 0, AI_NUMERICHOST),
        ("localhost", "telnet", 0, SOCK_DGRAM), ("localhost", 1, 77), (None, None),
    ):  # fmt: skip
        with pytest.raises(OSError) as error:  # noqa: PT011
            p.getaddrinfo(*args)
        assert type(error.value).__name__ == "gaierror"


def test_getnameinfo(k):
    """Names where there are any, unless they are not wanted."""
    p = k.root()
    assert p.getnameinfo(SockaddrIn(80, INADDR_LOOPBACK)) == ("localhost", "http")
    assert p.getnameinfo(SockaddrIn6(81, IN6ADDR_LOOPBACK), NI_NUMERICHOST) == ("::1", "81")
    assert p.getnameinfo(SockaddrIn(80, INADDR_ANY), NI_NUMERICSERV) == ("0.0.0.0", "80")


def test_other_names(k):
    """Services, protocols, interfaces."""
    p = k.root()
    assert p.getservbyname("mail", "tcp").s_port == 25
    assert p.getservbyname("mail", "udp") is None
    assert p.getservbyport(514).s_name == "syslog"
    assert p.getprotobyname("UDP").p_proto == 17
    assert p.getprotobynumber(6).p_name == "tcp"
    assert p.if_nametoindex("lo0") == 1
    with pytest.raises(OSError, match="not configured"):
        p.if_indextoname(2)


def test_files_are_read(k):
    """A file of /etc is used in place of the base names, also an empty one."""
    p = k.root()
    for name, text in (
        ("hosts", b"127.0.0.1 me # us\n"),
        ("services", b"odd 9999/tcp\n"),
        ("protocols", b""),
    ):
        fd = p.open(f"/etc/{name}", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        p.write(fd, text)
        p.close(fd)
    assert p.gethostbyname("me").h_addr_list == [bytes([127, 0, 0, 1])]
    assert p.getservbyname("odd").s_port == 9999
    assert p.getservbyname("http") is None
    assert p.getprotobyname("tcp") is None
