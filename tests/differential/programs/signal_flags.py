# SPDX-License-Identifier: BSD-2-Clause
"""Calls that are interrupted and go on, handlers that raise, wakeup descriptors, SIGCHLD ignored."""

import os
import signal

rfd, wfd = os.pipe()
seen = []


def handler(signo, frame):
    seen.append(signal.Signals(signo).name)
    os.write(wfd, b"x")


signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.01)
print(os.read(rfd, 9), seen)
print(signal.getitimer(signal.ITIMER_REAL))


class Enough(Exception):
    pass


def give_up(signo, frame):
    raise Enough(signal.Signals(signo).name)


signal.signal(signal.SIGALRM, give_up)
try:
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    os.read(rfd, 9)
except Enough as exc:
    print("left by", exc)
print(signal.pthread_sigmask(signal.SIG_BLOCK, []))

wake_r, wake_w = os.pipe()
os.set_blocking(wake_w, False)
print(signal.set_wakeup_fd(wake_w))
signal.signal(signal.SIGUSR1, lambda *_: None)
os.kill(os.getpid(), signal.SIGUSR1)
print(os.read(wake_r, 9) == bytes([signal.SIGUSR1]))
print(signal.set_wakeup_fd(-1) == wake_w)
try:
    signal.set_wakeup_fd(wake_r)
except ValueError as exc:
    print("blocking mode" in str(exc))

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(3):
    if os.fork() == 0:
        os._exit(0)
try:
    os.wait()
except ChildProcessError:
    print("nothing to wait for")
print(signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN)
print(signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL)
