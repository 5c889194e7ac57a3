# SPDX-License-Identifier: BSD-2-Clause
"""Descriptors sent over a local socket: the offset is shared, the original may close."""

import array
import os
import socket

left, right = socket.socketpair()
pid = os.fork()
if pid == 0:
    left.close()
    message, fds, flags, _ = socket.recv_fds(right, 100, 3)
    os.write(fds[0], b"by the child")
    os.write(fds[1], message)
    right.send(b"%d" % len(fds))
    os._exit(0)
right.close()
file = os.open("file", os.O_RDWR | os.O_CREAT)
os.write(file, b"by the parent, ")
rfd, wfd = os.pipe()
print(socket.send_fds(left, [b"names"], [file, wfd]))
os.close(wfd)
print(left.recv(10), os.read(rfd, 100), os.read(rfd, 100))
os.waitpid(pid, 0)
print(os.lseek(file, 0, os.SEEK_CUR), os.pread(file, 100, 0))
left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
left.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file]))])
data, ancillary, flags, _ = right.recvmsg(10, socket.CMSG_SPACE(4))
((level, kind, raw),) = ancillary
new = array.array("i", raw)[0]
print(
    data,
    level == socket.SOL_SOCKET,
    kind == socket.SCM_RIGHTS,
    os.path.samestat(os.fstat(new), os.fstat(file)),
)
print(os.get_inheritable(new))
try:
    socket.send_fds(left, [b"x"], [999])
except OSError as exc:
    print(exc.strerror)
