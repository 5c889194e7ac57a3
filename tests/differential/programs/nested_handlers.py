# SPDX-License-Identifier: BSD-2-Clause
"""Handlers inside handlers, exceptions out of handlers, and a handler that changes itself."""

import os
import signal

log = []


def first(signo, frame):
    log.append("first in")
    os.kill(os.getpid(), signal.SIGUSR2)
    log.append("first out")


def second(signo, frame):
    log.append("second")
    signal.signal(signal.SIGUSR2, third)


def third(signo, frame):
    log.append("third")
    raise LookupError(signal.Signals(signo).name)


signal.signal(signal.SIGUSR1, first)
signal.signal(signal.SIGUSR2, second)
os.kill(os.getpid(), signal.SIGUSR1)
print(log)
log.clear()
try:
    os.kill(os.getpid(), signal.SIGUSR1)
    log.append("not reached")
except LookupError as exc:
    log.append(str(exc))
print(log)
print(signal.pthread_sigmask(signal.SIG_BLOCK, []) == set())
log.clear()
try:
    try:
        signal.raise_signal(signal.SIGUSR2)
    finally:
        log.append("finally")
except LookupError:
    log.append("caught")
print(log)


def counting(signo, frame):
    counting.left -= 1
    if counting.left:
        signal.raise_signal(signo)
    counting.back += 1


counting.left = 5
counting.back = 0
signal.signal(signal.SIGUSR1, counting)
signal.raise_signal(signal.SIGUSR1)
print(counting.left, counting.back)
print(signal.signal(signal.SIGUSR1, signal.SIG_DFL) is counting)
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt as exc:
    print(type(exc).__name__, exc.args)


def local(signo, frame):
    print(frame.f_code.co_name, frame.f_locals["here"], signo == signal.SIGUSR1)


def function():
    here = 42
    os.kill(os.getpid(), signal.SIGUSR1)
    return here


signal.signal(signal.SIGUSR1, local)
print(function())
