# SPDX-License-Identifier: BSD-2-Clause
"""Two processes that would wait for each other's locks: one is told EDEADLK."""

import errno
import os

fd = os.open("file", os.O_RDWR | os.O_CREAT)
rfd, wfd = os.pipe()
gor, gow = os.pipe()
os.lockf(fd, os.F_LOCK, 1)
child = os.fork()
if child == 0:
    mine = os.open("file", os.O_RDWR)
    os.lseek(mine, 1, os.SEEK_SET)
    os.lockf(mine, os.F_LOCK, 1)
    os.write(wfd, b"x")
    os.lseek(mine, 0, os.SEEK_SET)
    try:
        os.lockf(mine, os.F_LOCK, 1)
        os.write(wfd, b"locked")
    except OSError as exc:
        os.write(wfd, b"refused" if exc.errno == errno.EDEADLK else b"?")
    os._exit(0)
os.read(rfd, 1)
os.lseek(fd, 1, os.SEEK_SET)
results = []
try:
    os.lockf(fd, os.F_LOCK, 1)
    results.append("locked")
except OSError as exc:
    results.append("refused" if exc.errno == errno.EDEADLK else "?")
os.lseek(fd, 0, os.SEEK_SET)
os.lockf(fd, os.F_ULOCK, 0)
results.append(os.read(rfd, 100).decode())
os.waitpid(child, 0)
print(sorted(results))
