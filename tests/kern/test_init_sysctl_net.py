# SPDX-License-Identifier: BSD-2-Clause
"""net.*.*.pcblist: what the kernel tells of its sockets."""

import pytest

from kernel.sys.cdefs import offsetof, sizeof
from kernel.sys.in_ import IN6ADDR_ANY, INADDR_LOOPBACK, IPPROTO_TCP, SockaddrIn, SockaddrIn6
from kernel.sys.socket import (
    AF_INET,
    AF_INET6,
    AF_LOCAL,
    SOCK_DGRAM,
    SOCK_SEQPACKET,
    SOCK_STREAM,
)
from kernel.sys.socketvar import SS_ISCONNECTED
from kernel.sys.sysctl import (
    CREATE_BASE,
    CTL_KERN,
    CTL_NET,
    CTL_SECURITY,
    INP_BOUND,
    INP_CONNECTED,
    KERN_FILE2,
    KERN_FILE_BYPID,
    KinfoFile,
    KinfoPcb,
)
from kernel.sys.tcp_fsm import TCPS_CLOSED, TCPS_ESTABLISHED, TCPS_LISTEN
from kernel.sys.un import SUN_NONAME, SockaddrUn
from userland.libc.pcblist import pcblist

SIZE = sizeof(KinfoPcb)


@pytest.fixture
def root(k):
    """The super-user, in /tmp."""
    process = k.root()
    process.chdir("/tmp")
    return process


@pytest.fixture
def user(k):
    """Somebody else."""
    return k.process(1000)


def listed(p, name):
    """The sockets below a node, the oldest first."""
    return p.call(pcblist, name)[::-1]


def name_of(data):
    return data[: data[0]]


def test_the_layout_is_netbsds():
    """As gcc lays struct kinfo_pcb out."""
    assert SIZE == 640
    assert [offsetof(KinfoPcb, name) for name in ("ki_tstate", "ki_rcvq", "ki_src", "ki_dst")] == [
        48, 56, 72, 336,
    ]  # fmt: skip


def test_tcp(root):
    """Addresses, states, and bytes that wait, of both ends and of who listens."""
    new = root.socket(AF_INET, SOCK_STREAM)
    assert [(pcb.ki_tstate, pcb.ki_prstate) for pcb in listed(root, "net.inet.tcp")] == [
        (TCPS_CLOSED, 0)
    ]
    here = SockaddrIn(7000, INADDR_LOOPBACK)
    root.bind(new, here)
    assert listed(root, "net.inet.tcp")[0].ki_prstate == INP_BOUND
    root.listen(new, 5)
    s = root.socket(AF_INET, SOCK_STREAM)
    root.connect(s, here)
    other, peer = root.accept(new)
    root.send(s, b"four")
    assert root.recv(other, 1) == b"f"
    listener, client, server = listed(root, "net.inet.tcp")
    assert (listener.ki_tstate, listener.ki_prstate) == (TCPS_LISTEN, INP_BOUND)
    assert name_of(listener.ki_src) == here.pack()
    assert name_of(listener.ki_dst) == b""
    for pcb in (client, server):
        assert (pcb.ki_tstate, pcb.ki_prstate) == (TCPS_ESTABLISHED, INP_CONNECTED)
        assert (pcb.ki_family, pcb.ki_type) == (AF_INET, SOCK_STREAM)
        assert pcb.ki_protocol == IPPROTO_TCP
        assert pcb.ki_sostate & SS_ISCONNECTED
    assert name_of(client.ki_src) == name_of(server.ki_dst) == peer.pack()
    assert name_of(client.ki_dst) == name_of(server.ki_src) == here.pack()
    assert (client.ki_rcvq, server.ki_rcvq) == (0, 3)


def test_families_have_nodes_of_their_own(root):
    """IPv6 is not told among IPv4, nor datagrams among streams."""
    s = root.socket(AF_INET6, SOCK_DGRAM)
    root.bind(s, SockaddrIn6(53, IN6ADDR_ANY))
    (pcb,) = listed(root, "net.inet6.udp6")
    assert (name_of(pcb.ki_src), pcb.ki_tstate) == (SockaddrIn6(53, IN6ADDR_ANY).pack(), 0)
    for name in ("net.inet.udp", "net.inet.tcp", "net.inet6.tcp6", "net.local.dgram"):
        assert listed(root, name) == []


def test_local(root):
    """Names, and who is connected to whom; only those that a file is of."""
    a, _ = root.socketpair(AF_LOCAL, SOCK_STREAM)
    one, two = listed(root, "net.local.stream")
    assert (one.ki_conn, two.ki_conn) == (two.ki_pcbaddr, one.ki_pcbaddr)
    assert name_of(one.ki_src) == name_of(one.ki_dst) == SUN_NONAME
    root.send(a, b"abc")
    assert listed(root, "net.local.stream")[1].ki_rcvq == 3
    server = root.socket(AF_LOCAL, SOCK_DGRAM)
    root.bind(server, SockaddrUn(b"name"))
    for _ in range(2):
        root.connect(root.socket(AF_LOCAL, SOCK_DGRAM), SockaddrUn(b"name"))
    first, second, third = listed(root, "net.local.dgram")
    assert name_of(first.ki_src) == name_of(third.ki_dst) == SockaddrUn(b"name").pack()
    assert (bool(first.ki_vnode), second.ki_vnode) == (True, 0)
    assert (first.ki_refs, third.ki_nextref, second.ki_nextref) == (
        third.ki_pcbaddr,
        second.ki_pcbaddr,
        0,
    )
    waiting = root.socket(AF_LOCAL, SOCK_SEQPACKET)
    root.bind(waiting, SockaddrUn(b"seq"))
    root.listen(waiting, 1)
    root.connect(root.socket(AF_LOCAL, SOCK_SEQPACKET), SockaddrUn(b"seq"))
    assert len(listed(root, "net.local.seqpacket")) == 2


def test_a_file_leads_to_its_socket(root):
    """ki_fdata of kern.file2 is ki_sockaddr, as long as the socket lives."""
    root.close(root.socket(AF_INET, SOCK_STREAM))
    root.socket(AF_INET, SOCK_STREAM)
    size = sizeof(KinfoFile)
    data = root.sysctl((CTL_KERN, KERN_FILE2, KERN_FILE_BYPID, root.pid, size, 99))
    last = data[-size:]
    at = offsetof(KinfoFile, "ki_fdata")
    number = int.from_bytes(last[at : at + 8], "little")
    assert number == listed(root, "net.inet.tcp")[0].ki_sockaddr == 2


def test_with_the_curtain_users_see_their_own(root, user):
    """security.curtain hides others' sockets from users."""
    root.socket(AF_INET, SOCK_STREAM)
    user.socket(AF_INET, SOCK_STREAM)
    assert len(listed(user, "net.inet.tcp")) == 2
    root.sysctl((CTL_SECURITY, CREATE_BASE), b"\1\0\0\0")
    assert len(listed(user, "net.inet.tcp")) == 1
    assert len(listed(root, "net.inet.tcp")) == 2


@pytest.mark.parametrize("rest", [(), (0,), (0, 0, SIZE), (0, 0, SIZE - 8, 9), (0, 0, 0, 9)])
def test_the_name_has_four_numbers(root, rest):
    """EINVAL for fewer, and for another size."""
    with pytest.raises(OSError, match="Invalid argument"):
        root.sysctl((CTL_NET, AF_INET, IPPROTO_TCP, CREATE_BASE, *rest), size=2000)


def test_as_many_as_asked_for(root):
    """COUNT is the most that is told: ENOMEM says that there are more."""
    for _ in range(3):
        root.socket(AF_INET, SOCK_STREAM)
    name = (CTL_NET, AF_INET, IPPROTO_TCP, CREATE_BASE, 0, 0, SIZE)
    assert len(root.sysctl((*name, 3), size=9 * SIZE)) == 3 * SIZE
    assert len(root.sysctl((*name, 3))) == 3 * SIZE  # it asks for the size first
    with pytest.raises(OSError, match="Cannot allocate memory"):
        root.sysctl((*name, 1), size=9 * SIZE)
