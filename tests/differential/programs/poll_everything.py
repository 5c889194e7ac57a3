# SPDX-License-Identifier: BSD-2-Clause
"""poll and select on files, directories, devices, pipes, sockets, closed and negative ones."""

import os
import select
import socket
import time


def events(value):
    names = ("POLLIN", "POLLOUT", "POLLPRI", "POLLERR", "POLLHUP", "POLLNVAL")
    return [name for name in names if value & getattr(select, name)]


def polled(fd, mask=select.POLLIN | select.POLLOUT, timeout=0):
    poll = select.poll()
    poll.register(fd, mask)
    found = poll.poll(timeout)
    return events(found[0][1]) if found else []


file = os.open("file", os.O_RDWR | os.O_CREAT)
print("file", polled(file), polled(file, 0))
directory = os.open(".", os.O_RDONLY)
print("directory", polled(directory, select.POLLIN))
null = os.open("/dev/null", os.O_RDWR)
print("null", polled(null))
print("closed", polled(99), polled(99, 0))
left, right = socket.socketpair()
print("socket", polled(left), polled(left, select.POLLIN))
right.send(b"x")
print("socket", polled(left), polled(left, select.POLLOUT))
right.shutdown(socket.SHUT_WR)
left.recv(1)
print("shut", "POLLIN" in polled(left), left.recv(1))
right.close()
print("gone", "POLLHUP" in polled(left, 0) or "POLLIN" in polled(left))
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()
print("listening", polled(server, select.POLLIN))
client = socket.create_connection(server.getsockname())
print("called", polled(server, select.POLLIN, 1000), polled(client))
accepted, _ = server.accept()
print("accepted", polled(server, select.POLLIN), polled(accepted))
os.mkfifo("fifo")
reader = os.open("fifo", os.O_RDONLY | os.O_NONBLOCK)
print("fifo", polled(reader, select.POLLIN))
writer = os.open("fifo", os.O_WRONLY)
print("fifo", polled(reader, select.POLLIN), polled(writer, select.POLLOUT))
os.write(writer, b"data")
print("fifo", polled(reader, select.POLLIN))
os.close(writer)
print("fifo", "POLLIN" in polled(reader, select.POLLIN), os.read(reader, 9))
start = time.monotonic()
print(select.select([], [], [], 0.05), time.monotonic() - start >= 0.05)
poll = select.poll()
start = time.monotonic()
print(poll.poll(50), time.monotonic() - start >= 0.04)
poll.register(left, select.POLLIN)
poll.modify(left, select.POLLOUT)
poll.unregister(left)
spare = os.dup(0)
os.close(spare)
for wrong in (lambda: poll.unregister(left), lambda: poll.modify(left, 0),
              lambda: select.select([spare], [], []), lambda: select.select([-1], [], []),
              lambda: select.select([], [], [], -1), lambda: poll.poll("x")):  # fmt: skip
    try:
        wrong()
    except (OSError, KeyError, ValueError, TypeError) as exc:
        print(type(exc).__name__, getattr(exc, "strerror", None))
r, w, x = select.select([file, left], [file], [file], 0)
print(r == [file, left], w == [file], x)
