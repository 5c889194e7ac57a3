# SPDX-License-Identifier: BSD-2-Clause
"""Limits that bite: descriptors, the size of files, processes see them after fork and exec."""

import errno
import os
import resource
import signal
import sys

sys.stdout.reconfigure(line_buffering=True)


def attempt(function, *args):
    try:
        return function(*args)
    except (OSError, ValueError) as exc:
        return errno.errorcode[exc.errno] if isinstance(exc, OSError) else str(exc)


soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (20, hard))
fds = []
while isinstance(fd := attempt(os.open, "/dev/null", os.O_RDONLY), int):
    fds.append(fd)
print(
    fds[-1],
    fd,
    attempt(os.pipe),
    attempt(os.dup, 0),
    attempt(os.dup2, 0, 20),
    attempt(os.dup2, 0, 19),
)
for fd in fds:
    os.close(fd)
child = os.fork()
if child == 0:
    os.execv("/bin/sh", ["sh", "-c", "ulimit -n"])
os.waitpid(child, 0)
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
child = os.fork()
if child == 0:
    seen = []
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
    signal.signal(signal.SIGXFSZ, lambda *_: seen.append("xfsz"))
    fd = os.open("big", os.O_WRONLY | os.O_CREAT)
    print(os.write(fd, bytes(900)), os.write(fd, bytes(100)), attempt(os.write, fd, b"x"), seen)
    print(os.fstat(fd).st_size, os.pwrite(fd, b"z", 999), attempt(os.pwrite, fd, b"z", 1000))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.write(fd, b"y")
    os._exit(0)
status = os.waitpid(child, 0)[1]
print(os.WIFSIGNALED(status) and signal.Signals(os.WTERMSIG(status)).name)
print(attempt(resource.setrlimit, resource.RLIMIT_NOFILE, (10, 5)))
print(attempt(resource.getrlimit, 99), attempt(resource.setrlimit, 99, (1, 1)))
child = os.fork()
if child == 0:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(resource.getrlimit(resource.RLIMIT_CORE))
    if os.getuid() == 0:
        os.setuid(1000)
    print(attempt(resource.setrlimit, resource.RLIMIT_CORE, (0, 10)))
    os._exit(0)
os.waitpid(child, 0)
