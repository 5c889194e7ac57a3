# SPDX-License-Identifier: BSD-2-Clause
"""Signals and threads: handlers run in the main thread; masks are each thread's own."""

import os
import signal
import threading
import time

seen = []
signal.signal(
    signal.SIGUSR1, lambda *_: seen.append(threading.current_thread() is threading.main_thread())
)


def kill():
    os.kill(os.getpid(), signal.SIGUSR1)


thread = threading.Thread(target=kill)
thread.start()
thread.join()
time.sleep(0.01)
print(seen)


def install():
    try:
        signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    except ValueError as exc:
        seen.append(str(exc))


thread = threading.Thread(target=install)
thread.start()
thread.join()
print(seen[-1])
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
masks = []


def mask():
    masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2]))
    masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, []))


thread = threading.Thread(target=mask)
thread.start()
thread.join()
masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, []))
print([sorted(signal.Signals(n).name for n in each) for each in masks])
got = []


def waiter():
    got.append(signal.sigwait([signal.SIGUSR1]))


thread = threading.Thread(target=waiter)
thread.start()
os.kill(os.getpid(), signal.SIGUSR1)
thread.join()
print(got == [signal.SIGUSR1])
thread = threading.Thread(target=waiter)
thread.start()
signal.pthread_kill(thread.ident, signal.SIGUSR1)
thread.join()
print(len(got), signal.sigpending() == set())
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
seen.clear()
signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
print(seen)
signal.signal(signal.SIGALRM, lambda *_: seen.append("alarm"))
stop = threading.Event()
signal.setitimer(signal.ITIMER_REAL, 0.05)
print(stop.wait(0.2), seen)


class Enough(Exception):
    pass


def enough(*_):
    raise Enough


signal.signal(signal.SIGALRM, enough)
lock = threading.Lock()
lock.acquire()
for wait in (lambda: stop.wait(10), lambda: lock.acquire()):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        wait()
        print("waited")
    except Enough:
        print("enough")
