# SPDX-License-Identifier: BSD-2-Clause
"""Local sockets in pairs: streams, datagrams, packets, ends, descriptors."""

import errno
import os
import signal
import socket

signal.signal(signal.SIGPIPE, signal.SIG_IGN)
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    a, b = socket.socketpair(socket.AF_UNIX, kind)
    for data in (b"one", b"two", b"three"):
        print(a.send(data))
    print(b.recv(4, socket.MSG_PEEK), b.recv(4), b.recv(100))
    if kind == socket.SOCK_DGRAM:
        print(b.recv(100))
        continue
    a.close()
    print(b.recv(100), b.recv(100))
    try:
        b.send(b"x")
    except OSError as error:
        print(errno.errorcode[error.errno])
a, b = socket.socketpair()
a.shutdown(socket.SHUT_WR)
print(b.recv(1), b.send(b"back"), a.recv(10))
try:
    a.send(b"x")
except BrokenPipeError:
    print("EPIPE")
a, b = socket.socketpair()
rfd, wfd = os.pipe()
print(socket.send_fds(a, [b"take"], [rfd, wfd]))
data, fds, flags, _ = socket.recv_fds(b, 10, 5)
os.write(fds[1], b"through")
print(data, len(fds), flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC), os.read(rfd, 10))
if os.fork() == 0:
    a.sendall(b"from the child")
    os._exit(3)
print(os.waitstatus_to_exitcode(os.wait()[1]), b.recv(100))
b.setblocking(False)
try:
    b.recv(1)
except BlockingIOError:
    print("EAGAIN")
