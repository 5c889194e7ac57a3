# SPDX-License-Identifier: BSD-2-Clause
"""Interval timers: what is left, what is replaced, what fork and exec keep."""

import itertools
import os
import signal
import sys
import time

sys.stdout.reconfigure(line_buffering=True)

ticks = []
signal.signal(signal.SIGALRM, lambda *_: ticks.append(time.monotonic()))
print(signal.getitimer(signal.ITIMER_REAL))
print(signal.setitimer(signal.ITIMER_REAL, 100, 50))
left, interval = signal.getitimer(signal.ITIMER_REAL)
print(50 < left <= 100, interval)
child = os.fork()
if child == 0:
    print("child", signal.getitimer(signal.ITIMER_REAL))
    os._exit(0)
os.waitpid(child, 0)
print(50 <= signal.alarm(10) <= 100, signal.getitimer(signal.ITIMER_REAL)[1])
print(1 <= signal.alarm(0) <= 10, signal.getitimer(signal.ITIMER_REAL))
signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
while len(ticks) < 3:
    signal.pause()
signal.setitimer(signal.ITIMER_REAL, 0)
print(len(ticks) >= 3, all(b > a for a, b in itertools.pairwise(ticks)))
count = 0


def virtual(*_):
    global count
    count += 1


signal.signal(signal.SIGVTALRM, virtual)
signal.setitimer(signal.ITIMER_VIRTUAL, 0.01)
while not count:
    os.getppid()
print(count, signal.getitimer(signal.ITIMER_VIRTUAL))
signal.signal(signal.SIGPROF, virtual)
signal.setitimer(signal.ITIMER_PROF, 0.01, 0.01)
while count < 3:
    os.getppid()
signal.setitimer(signal.ITIMER_PROF, 0)
print(count >= 3)
signal.alarm(50)
signal.alarm(0)
child = os.fork()
if child == 0:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    os.execv("/bin/sleep", ["sleep", "30"])  # the timer goes on, the handler does not
print(signal.Signals(os.WTERMSIG(os.waitpid(child, 0)[1])).name)
child = os.fork()
if child == 0:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    while True:
        signal.pause()
print(signal.Signals(os.WTERMSIG(os.waitpid(child, 0)[1])).name)
