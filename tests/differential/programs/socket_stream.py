# SPDX-License-Identifier: BSD-2-Clause
"""Stream sockets between processes: half closes, big transfers, timeouts, resets."""

import errno
import os
import signal
import socket

signal.signal(signal.SIGPIPE, signal.SIG_IGN)
left, right = socket.socketpair()
pid = os.fork()
if pid == 0:
    left.close()
    total = 0
    while data := right.recv(5000):
        total += len(data)
    right.sendall(str(total).encode())
    os._exit(0)
right.close()
for _ in range(30):
    left.sendall(bytes(9999))
left.shutdown(socket.SHUT_WR)
print(left.recv(100), left.recv(100))
os.waitpid(pid, 0)
try:
    left.send(b"x")
except BrokenPipeError as exc:
    print(exc.strerror)
left.close()
left, right = socket.socketpair()
left.settimeout(0.02)
try:
    left.recv(1)
except TimeoutError as exc:
    print(exc)
left.setblocking(False)
try:
    left.recv(1)
except BlockingIOError as exc:
    print(errno.errorcode[exc.errno])
right.send(b"peeked")
print(left.recv(3, socket.MSG_PEEK), left.recv(100))
right.send(b"all of it")
left.setblocking(True)
print(left.recv(5, socket.MSG_WAITALL), left.recv(10))
buffer = bytearray(10)
right.send(b"into")
print(left.recv_into(buffer), buffer)
print(left.sendmsg([b"a", b"bc", b"def"]), right.recvmsg(10)[:2])
server = socket.socket(socket.AF_UNIX)
server.bind("sock")
server.listen(1)
pid = os.fork()
if pid == 0:
    client = socket.socket(socket.AF_UNIX)
    client.connect("sock")
    with client.makefile("rwb") as stream:
        stream.write(b"hello\nworld\n")
        stream.flush()
        os._exit(0 if stream.readline() == b"HELLO\n" and stream.readline() == b"WORLD\n" else 1)
talk, name = server.accept()
with talk, talk.makefile("rwb") as stream:
    for _ in range(2):
        stream.write(stream.readline().upper())
        stream.flush()
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
for wrong in (
    lambda: socket.socket(socket.AF_UNIX).connect("missing"),
    lambda: socket.socket(socket.AF_UNIX).bind("sock"),
    lambda: socket.socket(socket.AF_UNIX).connect("x" * 200),
    lambda: socket.socket(99),
    lambda: socket.socket().getpeername(),
    lambda: socket.socket().listen() or socket.socket().accept(),
):
    try:
        print(wrong())
    except OSError as exc:
        print(errno.errorcode.get(exc.errno, exc))
