# SPDX-License-Identifier: BSD-2-Clause
"""TCP on the loopback address: a server, clients, half closed connections, resets."""

import errno
import os
import select
import signal
import socket
import struct

signal.signal(signal.SIGPIPE, signal.SIG_IGN)


def fails(function, *args):
    try:
        function(*args)
    except OSError as error:
        print(errno.errorcode[error.errno])
    else:
        print("fine")


server = socket.create_server(("127.0.0.1", 0))
address = server.getsockname()
print(address[0], address[1] > 1023)
fails(socket.create_server, address)
fails(server.getpeername)
fails(socket.socket().getpeername)
fails(socket.socket().send, b"x")
fails(socket.socket().recv, 1)
client = socket.create_connection(address)
accepted, who = server.accept()
print(who == client.getsockname(), accepted.getsockname() == client.getpeername() == address)
fails(client.connect, address)
client.sendall(b"x" * 50_000)
got = 0
while got < 50_000:
    got += len(accepted.recv(65536))
print(got)
accepted.sendall(b"hello")
accepted.shutdown(socket.SHUT_WR)
print(client.recv(5, socket.MSG_PEEK), client.recv(100), client.recv(100))
client.sendall(b"still")
print(accepted.recv(100))
client.close()
print(accepted.recv(100))
accepted.close()
client = socket.create_connection(address)
accepted, _ = server.accept()
accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
accepted.close()
fails(client.recv, 1)
print(client.recv(1))
fails(client.send, b"x")
client = socket.create_connection(address)
accepted, _ = server.accept()
print([len(fds) for fds in select.select([client, accepted], [client, accepted], [], 0)])
if os.fork() == 0:
    with client.makefile("w") as file:
        for n in range(3):
            print("line", n, file=file)
    os._exit(0)
client.close()
with accepted.makefile() as file:
    print(file.readlines())
os.wait()
server.close()
fails(socket.create_connection, address)
with socket.socket() as s:
    s.settimeout(0.01)
    s.bind(("127.0.0.1", 0))
    s.listen()
    try:
        s.accept()
    except TimeoutError as error:
        print(error)
