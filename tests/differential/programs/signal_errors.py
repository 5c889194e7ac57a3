# SPDX-License-Identifier: BSD-2-Clause
"""What kill, signal and their kin refuse."""

import errno
import os
import signal


def attempt(function, *args):
    try:
        return function(*args)
    except OSError as exc:
        return errno.errorcode[exc.errno]
    except (ValueError, TypeError) as exc:
        return type(exc).__name__, str(exc)


print(attempt(os.kill, os.getpid(), 0))
print(attempt(os.kill, os.getpid(), 1000))
print(attempt(os.kill, os.getpid(), -1))
print(attempt(os.kill, 30000000, 0))
print(attempt(os.killpg, 30000000, signal.SIGTERM))
print(attempt(signal.signal, signal.SIGKILL, signal.SIG_IGN))
print(attempt(signal.signal, signal.SIGSTOP, lambda *_: None))
print(attempt(signal.signal, signal.SIGKILL, signal.SIG_DFL))
print(attempt(signal.signal, 0, signal.SIG_DFL))
print(attempt(signal.signal, 1000, signal.SIG_DFL))
print(attempt(signal.signal, signal.SIGUSR1, 7))
print(attempt(signal.getsignal, 0))
print(attempt(signal.getsignal, 1000))
print(attempt(signal.siginterrupt, 0, True))
print(attempt(signal.pthread_sigmask, signal.SIG_BLOCK, [0]))
print(attempt(signal.pthread_sigmask, signal.SIG_BLOCK, [1000]))
print(attempt(signal.pthread_sigmask, 99, [1]))
print(attempt(signal.sigwait, [1000]))
print(attempt(signal.sigtimedwait, [signal.SIGUSR1], -1))
print(attempt(signal.sigtimedwait, [signal.SIGUSR1], 0))
print(attempt(signal.setitimer, signal.ITIMER_REAL, -1))
print(attempt(signal.setitimer, 99, 1))
print(attempt(signal.getitimer, 99))
print(attempt(signal.set_wakeup_fd, 99))
print(attempt(signal.raise_signal, 1000))
print(attempt(signal.strsignal, 0), attempt(signal.strsignal, 1000))
print(attempt(signal.alarm, 0))
zombie = os.fork()
if zombie == 0:
    os._exit(0)
os.waitid(os.P_PID, zombie, os.WEXITED | os.WNOWAIT)
print(attempt(os.kill, zombie, 0), attempt(os.kill, zombie, signal.SIGKILL))
print(os.waitstatus_to_exitcode(os.waitpid(zombie, 0)[1]))
print(attempt(os.kill, zombie, 0))
