# SPDX-License-Identifier: BSD-2-Clause
"""Sockets of all kinds are made, connected, filled and left; files travel, and some get lost on the way."""

import os
import random
import signal
import socket
import struct
import sys
import time

rng = random.Random(int(sys.argv[1]))
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
name = f"/tmp/socket.{os.getpid()}"


def pair() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a connection or of a pair."""
    what = rng.randrange(5)
    if what < 3:
        kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET)
        return socket.socketpair(socket.AF_UNIX, kinds[what])
    if what == 3:
        server = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(server.getsockname())
    else:
        server = socket.socket(socket.AF_UNIX)
        server.bind(name)
        server.listen()
        os.unlink(name)
        client = socket.socket(socket.AF_UNIX)
        try:
            client.connect(name)
        except OSError:
            return socket.socketpair()
    if rng.random() < 0.2:
        return client, server
    return client, server.accept()[0]


ends: list[socket.socket] = []
for _ in range(80):
    time.sleep(rng.random() / 4)
    what = rng.randrange(8)
    try:
        if what == 0 or not ends:
            ends += pair()
        elif what == 1:
            ends.pop(rng.randrange(len(ends))).close()
        elif what == 2:
            ends.pop(rng.randrange(len(ends))).detach()  # never closed
        elif what == 3:
            rng.choice(ends).shutdown(rng.randrange(3))
        elif what == 4:
            one, other = rng.choice(ends), rng.choice(ends)
            one.setblocking(False)
            socket.send_fds(one, [b"x"], [other.fileno(), 0])
        elif what == 5:
            end = rng.choice(ends)
            end.setblocking(False)
            if rng.random() < 0.5:
                end.recv(rng.randrange(10_000))
            else:
                socket.recv_fds(end, 100, 2)
        elif what == 6:
            rng.choice(ends).setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, rng.randrange(2))
            )
        else:
            end = rng.choice(ends)
            end.setblocking(False)
            end.send(bytes(rng.randrange(10_000)))
    except OSError:
        pass  # it is not connected, full, empty, or has no such thing
    if rng.random() < 0.02 and os.fork() == 0:
        os._exit(0)
