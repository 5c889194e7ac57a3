# SPDX-License-Identifier: BSD-2-Clause
"""A timer interrupts a read that a handler leaves by an exception."""

import errno
import os
import signal


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


def ring(signo, frame):
    raise TimeoutError("rang")


r, w = os.pipe()
signal.signal(signal.SIGALRM, ring)
try:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    os.read(r, 1)
except TimeoutError as exc:
    print(exc)
print(signal.alarm(0))
