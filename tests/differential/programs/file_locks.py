# SPDX-License-Identifier: BSD-2-Clause
"""Locks of ranges between processes: who waits, who is refused, what a close gives back."""

import errno
import os
import sys

sys.stdout.reconfigure(line_buffering=True)


def attempt(function, *args):
    try:
        return function(*args)
    except OSError as exc:
        return "held" if exc.errno in (errno.EACCES, errno.EAGAIN) else errno.errorcode[exc.errno]


def other(*steps):
    """What another process sees."""
    pid = os.fork()
    if pid == 0:
        fd = os.open("file", os.O_RDWR)
        for command, at, length in steps:
            os.lseek(fd, at, os.SEEK_SET)
            print("  other", attempt(os.lockf, fd, command, length))
        os._exit(0)
    os.waitpid(pid, 0)


fd = os.open("file", os.O_RDWR | os.O_CREAT)
os.write(fd, bytes(100))
os.lseek(fd, 10, os.SEEK_SET)
print(os.lockf(fd, os.F_LOCK, 10))
other(
    (os.F_TEST, 0, 10),
    (os.F_TEST, 0, 11),
    (os.F_TEST, 20, 5),
    (os.F_TLOCK, 15, 1),
    (os.F_TLOCK, 50, 0),
)
os.lseek(fd, 15, os.SEEK_SET)
os.lockf(fd, os.F_ULOCK, 2)
other((os.F_TLOCK, 15, 2), (os.F_TEST, 14, 1), (os.F_TEST, 17, 3))
os.lseek(fd, 20, os.SEEK_SET)
print(
    attempt(os.lockf, fd, os.F_TLOCK, -3),
    attempt(os.lockf, fd, 99, 0),
    attempt(os.lockf, 77, os.F_TEST, 0),
)
os.close(os.open("file", os.O_RDONLY))  # a close of any descriptor of the file
other((os.F_TEST, 0, 0))
os.lseek(fd, 0, os.SEEK_SET)
os.lockf(fd, os.F_LOCK, 0)
rfd, wfd = os.pipe()
waiter = os.fork()
if waiter == 0:
    mine = os.open("file", os.O_RDWR)
    os.write(wfd, b"w")
    os.lockf(mine, os.F_LOCK, 0)
    os.write(wfd, b"got it")
    os._exit(0)
print(os.read(rfd, 1))
os.set_blocking(rfd, False)
print(attempt(os.read, rfd, 10))
os.set_blocking(rfd, True)
os.lseek(fd, 0, os.SEEK_SET)
os.lockf(fd, os.F_ULOCK, 0)
print(os.read(rfd, 10))
os.waitpid(waiter, 0)
reader = os.open("file", os.O_RDONLY)
print(attempt(os.lockf, reader, os.F_LOCK, 0))
