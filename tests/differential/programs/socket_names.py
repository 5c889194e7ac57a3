# SPDX-License-Identifier: BSD-2-Clause
"""Local sockets with names in the file tree."""

import errno
import os
import socket
import stat


def fails(function, *args):
    try:
        function(*args)
    except OSError as error:
        print(errno.errorcode[error.errno])
    else:
        print("fine")


os.umask(0o022)
server = socket.socket(socket.AF_UNIX)
fails(socket.socket(socket.AF_UNIX).connect, "s")
server.bind("s")
print(stat.S_ISSOCK(os.stat("s").st_mode), oct(os.stat("s").st_mode & 0o777), server.getsockname())
fails(socket.socket(socket.AF_UNIX).bind, "s")
fails(server.bind, "t")
fails(socket.socket(socket.AF_UNIX).connect, "s")
server.listen(2)
client = socket.socket(socket.AF_UNIX)
client.connect("s")
accepted, who = server.accept()
print(repr(who), client.getpeername(), accepted.getsockname(), repr(client.getsockname()))
client.sendall(b"hello")
print(accepted.recv(10))
fails(client.connect, "s")
fails(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).connect, "s")
open("file", "w").close()
fails(socket.socket(socket.AF_UNIX).connect, "file/s")
fails(socket.socket(socket.AF_UNIX).connect, "none")
fails(socket.socket(socket.AF_UNIX).bind, "none/s")
os.rename("s", "r")
again = socket.socket(socket.AF_UNIX)
again.connect("r")
accepted, _ = server.accept()
again.close()
print(accepted.recv(10))
server.close()
fails(socket.socket(socket.AF_UNIX).connect, "r")
d = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
d.bind("d")
e = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
e.bind("e")
e.sendto(b"gram", "d")
print(d.recvfrom(100))
d.sendto(b"answer", "e")
print(e.recv(3))
