# SPDX-License-Identifier: BSD-2-Clause
"""set_wakeup_fd: a byte for each signal, the number of the signal, beside its handler."""

import os
import select
import signal
import socket

rfd, wfd = os.pipe()
os.set_blocking(rfd, False)
try:
    signal.set_wakeup_fd(wfd)
except ValueError as exc:
    print(str(exc).split("fd")[-1].split(str(wfd))[-1])
os.set_blocking(wfd, False)
print(signal.set_wakeup_fd(wfd))
seen = []
signal.signal(signal.SIGUSR1, lambda *_: seen.append("usr1"))
signal.signal(signal.SIGALRM, lambda *_: seen.append("alrm"))
os.kill(os.getpid(), signal.SIGUSR1)
print(os.read(rfd, 10) == bytes([signal.SIGUSR1]), seen)
signal.setitimer(signal.ITIMER_REAL, 0.05)
print(select.select([rfd], [], [], 60)[0] == [rfd])
print(os.read(rfd, 10) == bytes([signal.SIGALRM]), seen)
signal.signal(signal.SIGUSR2, signal.SIG_IGN)
os.kill(os.getpid(), signal.SIGUSR2)
try:
    os.read(rfd, 1)
except BlockingIOError:
    print("ignored ones write nothing")
print(signal.set_wakeup_fd(-1) == wfd, signal.set_wakeup_fd(-1))
left, right = socket.socketpair()
right.setblocking(False)
left.settimeout(60)
signal.set_wakeup_fd(right.fileno())
os.kill(os.getpid(), signal.SIGUSR1)
print(left.recv(5) == bytes([signal.SIGUSR1]), len(seen))
