# SPDX-License-Identifier: BSD-2-Clause
"""Memory shared by fork, private copies, files seen through maps."""

import mmap
import os
import struct

shared = mmap.mmap(-1, 4096)
children = []
for n in range(4):
    pid = os.fork()
    if pid == 0:
        shared[n * 4 : n * 4 + 4] = struct.pack("i", n * n + 1)
        os._exit(0)
    children.append(pid)
for pid in children:
    os.waitpid(pid, 0)
print(struct.unpack("4i", shared[:16]))
private = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
private[0:3] = b"old"
pid = os.fork()
if pid == 0:
    private[0:3] = b"new"
    os._exit(0)
os.waitpid(pid, 0)
print(private[0:3])
with open("file", "wb") as file:
    file.write(b"0123456789" * 1000)
with open("file", "r+b") as file:
    with mmap.mmap(file.fileno(), 0) as view:
        print(len(view), view[:10], view.find(b"9"), view.rfind(b"0"))
        view[0:4] = b"ABCD"
        view.flush()
        print(os.pread(file.fileno(), 6, 0))
        os.pwrite(file.fileno(), b"zz", 4)
        print(view[:8])
        view.seek(5)
        print(view.read(3), view.tell(), view.readline()[:4])
        try:
            view[0:2] = b"abc"
        except (IndexError, ValueError) as exc:
            print(type(exc).__name__, exc)
    with mmap.mmap(file.fileno(), 5000, access=mmap.ACCESS_READ) as view:
        try:
            view[0] = 1
        except TypeError as exc:
            print(exc)
    with mmap.mmap(file.fileno(), 100, access=mmap.ACCESS_COPY) as view:
        view[0:4] = b"copy"
        print(view[:4], os.pread(file.fileno(), 4, 0))
    with mmap.mmap(file.fileno(), 100, offset=mmap.ALLOCATIONGRANULARITY) as view:
        print(view[:4])
for wrong in (lambda: mmap.mmap(99, 10), lambda: mmap.mmap(-1, 0), lambda: mmap.mmap(-1, -1)):
    try:
        wrong()
    except (OSError, ValueError, OverflowError) as exc:
        print(type(exc).__name__)
print(shared.close(), shared.closed)
