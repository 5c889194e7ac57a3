# SPDX-License-Identifier: BSD-2-Clause
"""UDP on the loopback address."""

import errno
import socket


def fails(function, *args):
    try:
        function(*args)
    except OSError as error:
        print(errno.errorcode[error.errno])
    else:
        print("fine")


server = socket.socket(type=socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
address = server.getsockname()
client = socket.socket(type=socket.SOCK_DGRAM)
fails(client.send, b"x")
for data in (b"one", b"", b"three"):
    print(client.sendto(data, address))
print(server.recv(2), server.recvfrom(10)[0], server.recvmsg(3)[0])
client.connect(address)
print(client.getpeername() == address, client.send(b"x"))
data, who = server.recvfrom(10)
print(who == client.getsockname(), server.sendto(b"back", who), client.recv(10))
server.close()
client.send(b"to nobody")
fails(client.recv, 1)
fails(socket.socket(type=socket.SOCK_DGRAM).sendto, b"x", ("255.255.255.255", 9))
fails(socket.socket(type=socket.SOCK_DGRAM).listen)
other = socket.socket(type=socket.SOCK_DGRAM)
other.setblocking(False)
fails(other.recv, 1)
six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
six.bind(("::1", 0))
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b"six", six.getsockname())
data, who = six.recvfrom(10)
print(data, who[0], who[2:])
print(socket.inet_aton("1.2"), socket.inet_ntoa(b"\1\2\3\4"), socket.htons(1), socket.ntohl(1))
for bad in ("x", (1,), ("127.0.0.1", 70000), ("127.0.0.1", "x")):
    try:
        client.sendto(b"x", bad)
    except (TypeError, OverflowError) as error:
        print(type(error).__name__, error)
