# SPDX-License-Identifier: BSD-2-Clause
"""Pending signals: one of each kind, none in a child, gone when ignored."""

import os
import signal
import sys

sys.stdout.reconfigure(line_buffering=True)

seen = []
numbers = (signal.SIGHUP, signal.SIGINT, signal.SIGUSR1, signal.SIGTERM, signal.SIGUSR2)
for signo in numbers:
    signal.signal(signo, lambda number, frame: seen.append(signal.Signals(number).name))
old = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
print(old == set())
for signo in reversed(numbers):
    os.kill(os.getpid(), signo)
    os.kill(os.getpid(), signo)
print(sorted(signal.Signals(n).name for n in signal.sigpending()))
child = os.fork()
if child == 0:
    print("child", signal.sigpending(), len(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
    print("child", seen)
    os._exit(0)
os.waitpid(child, 0)
signal.signal(signal.SIGTERM, signal.SIG_IGN)  # throws away the one that waits
print(sorted(signal.Signals(n).name for n in signal.sigpending()))
signal.signal(signal.SIGTERM, lambda number, frame: seen.append("late"))
previous = signal.pthread_sigmask(signal.SIG_SETMASK, [signal.SIGUSR1])
print(sorted(signal.Signals(n).name for n in previous))
print(sorted(seen), sorted(signal.Signals(n).name for n in signal.sigpending()))
signal.pthread_sigmask(signal.SIG_SETMASK, [])
print(sorted(seen), signal.sigpending())
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGKILL, signal.SIGSTOP, signal.SIGINT])
print(signal.pthread_sigmask(signal.SIG_BLOCK, []) == {signal.SIGINT})
