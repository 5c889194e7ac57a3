# SPDX-License-Identifier: BSD-2-Clause
"""Sockets of all kinds: pairs, streams, datagrams, descriptors in messages, left and closed."""

import os
import random
import sys
import time

from userland.libc import (
    AF_INET,
    AF_UNIX,
    SCM_RIGHTS,
    SOCK_DGRAM,
    SOCK_STREAM,
    SOL_SOCKET,
    SockaddrIn,
    SockaddrUn,
    accept,
    bind,
    connect,
    getsockname,
    listen,
    recv,
    recvfrom,
    sendmsg,
    sendto,
    socket,
    socketpair,
)

rng = random.Random(int(sys.argv[1]))
path = f"/tmp/socket.{os.getpid()}"
local = SockaddrUn(path.encode())
loopback = SockaddrIn(0, b"\x7f\0\0\1")


def pair() -> None:
    """A pair, whose ends may be lost in a message to each other."""
    one, other = socketpair(AF_UNIX, SOCK_STREAM)
    sendto(one, bytes(rng.randrange(1, 3000)))
    if rng.random() < 0.5:
        rights = one.to_bytes(4, "little") + other.to_bytes(4, "little")
        sendmsg(one, [b"x"], [(SOL_SOCKET, SCM_RIGHTS, rights)])
    else:
        assert recv(other, 10)
    os.close(one)
    if rng.random() < 0.5:
        os.close(other)  # else exit does


def stream(family: int, address: SockaddrUn | SockaddrIn) -> None:
    """A server for a client, and for one that nobody accepts."""
    server = socket(family, SOCK_STREAM)
    bind(server, address)
    listen(server, rng.randrange(1, 4))
    name = getsockname(server)
    size = rng.randrange(1, 100_000)
    pid = os.fork()
    if not pid:
        client = socket(family, SOCK_STREAM)
        connect(client, name)
        got = 0
        while data := recv(client, 7000):
            got += len(data)
        os._exit(got != size)
    peer = accept(server)[0]
    sent = 0
    while sent < size:
        sent += sendto(peer, bytes(size - sent))
    os.close(peer)
    assert os.waitpid(pid, 0)[1] == 0
    if rng.random() < 0.5:
        connect(socket(family, SOCK_STREAM), name)
    os.close(server)


def datagrams(family: int, address: SockaddrUn | SockaddrIn) -> None:
    """Datagrams that are read, and some that are not."""
    to, sender = socket(family, SOCK_DGRAM), socket(family, SOCK_DGRAM)
    bind(to, address)
    name = getsockname(to)
    for _ in range(rng.randrange(1, 6)):
        sendto(sender, b"datagram", 0, name)
    assert recvfrom(to, 100)[0] == b"datagram"
    os.close(to)
    os.close(sender)


for what in rng.sample(range(5), 5) + [rng.randrange(5) for _ in range(4)]:
    if what == 0:
        pair()
    else:
        family, address = (AF_UNIX, local) if what < 3 else (AF_INET, loopback)
        (stream if what % 2 else datagrams)(family, address)
        if family == AF_UNIX:
            os.unlink(path)
    time.sleep(rng.random() / 10)
