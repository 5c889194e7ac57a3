# SPDX-License-Identifier: BSD-2-Clause
"""Catch a signal, hold one back, be interrupted by one, and die of one.

    python -m kernel run --ktrace ktrace.out examples/signal_handler.py

In its trace, in this order:

    CALL  kill(                        a signal to oneself: delivered before the call is back
    PSIG  SIGUSR1 caught handler=      the handler runs on the process's own stack ...
    CALL  setcontext(                  ... and returns through the kernel
    CALL  __sigprocmask14(             SIGUSR1 is held back: no PSIG after the next kill ...
    PSIG  SIGUSR1 caught handler=      ... but here, when the mask is lifted
    CALL  clock_nanosleep(
    PSIG  SIGALRM caught handler=      a timer ends the sleep early
    PSIG  SIGTERM SIG_DFL              nobody catches this one: the child is killed
"""

import os
import signal
import time


def handler(signo: int, frame: object) -> None:
    """Say which signal came."""
    print(f"caught {signal.Signals(signo).name}")


class Alarm(Exception):
    """The timer went off."""


def wake(signo: int, frame: object) -> None:
    """End a sleep: an exception leaves the interrupted call."""
    raise Alarm


me = os.getpid()
signal.signal(signal.SIGUSR1, handler)
os.kill(me, signal.SIGUSR1)

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
os.kill(me, signal.SIGUSR1)
print("held back")
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})

signal.signal(signal.SIGALRM, wake)
begin = time.time()
signal.alarm(2)
try:
    time.sleep(60)
except Alarm:
    print(f"woken after {time.time() - begin:.0f} s of 60")

pid = os.fork()
if pid == 0:
    os.kill(os.getpid(), signal.SIGTERM)
    print("never said")
_, status = os.waitpid(pid, 0)
print(f"the child died of {signal.Signals(os.WTERMSIG(status)).name}")
