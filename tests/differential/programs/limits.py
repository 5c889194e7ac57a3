# SPDX-License-Identifier: BSD-2-Clause
"""Limits: who may set them, what they stop, and that a child has its parent's."""

import errno
import os
import resource
import signal
import sys


def attempt(function, *args):
    try:
        return function(*args)
    except (OSError, ValueError) as exc:
        return errno.errorcode[exc.errno] if isinstance(exc, OSError) else str(exc)


def in_child(function):
    sys.stdout.flush()
    pid = os.fork()
    if not pid:
        function()
        os._exit(0)
    status = os.waitpid(pid, 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


root = os.geteuid() == 0
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 4000))
print(resource.getrlimit(resource.RLIMIT_FSIZE))
print(attempt(resource.setrlimit, resource.RLIMIT_FSIZE, (4000, 1000)))
raised = attempt(resource.setrlimit, resource.RLIMIT_FSIZE, (1000, 5000))
print(root or raised)
fd = os.open("f", os.O_RDWR | os.O_CREAT, 0o644)
print(os.write(fd, b"x" * 990), os.write(fd, b"y" * 10))
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
print(in_child(lambda: os.write(fd, b"z")) == signal.SIGXFSZ)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
print(attempt(os.write, fd, b"z"), attempt(os.pwrite, fd, b"z", 5000), os.fstat(fd).st_size)
print(os.pwrite(fd, b"abc", 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
print(os.write(fd, b"z" * 10), in_child(lambda: os._exit(os.write(fd, b"q" * 20))))
resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
opened = []
while not isinstance(last := attempt(os.dup, fd), str):
    opened.append(last)
print(last, max(opened), attempt(os.dup2, fd, 8), attempt(os.pipe))
print(attempt(resource.getrlimit, 99), attempt(resource.setrlimit, resource.RLIMIT_CPU, (1, 2, 3)))
