# SPDX-License-Identifier: BSD-2-Clause
"""Handlers run, masks hold them back."""

import errno
import os
import signal


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as exc:
        return errno.errorcode[exc.errno]


seen = []
signal.signal(signal.SIGUSR1, lambda signo, frame: seen.append("usr1"))
os.kill(os.getpid(), signal.SIGUSR1)
print(seen)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.kill(os.getpid(), signal.SIGUSR1)
print(seen, signal.sigpending() == {signal.SIGUSR1})
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
print(seen, signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL)
