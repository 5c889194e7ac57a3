# SPDX-License-Identifier: BSD-2-Clause
"""Signals that are waited for instead of handled."""

import os
import signal

CHOSEN = {signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM}
signal.pthread_sigmask(signal.SIG_BLOCK, CHOSEN)
os.kill(os.getpid(), signal.SIGUSR2)
os.kill(os.getpid(), signal.SIGUSR2)
print(signal.sigwait(CHOSEN) == signal.SIGUSR2, signal.sigpending())
print(signal.sigtimedwait(CHOSEN, 0))
os.kill(os.getpid(), signal.SIGUSR1)
info = signal.sigtimedwait(CHOSEN, 5)
print(info.si_signo == signal.SIGUSR1, info.si_code, info.si_pid == os.getpid())
signal.setitimer(signal.ITIMER_REAL, 0.01)
print(signal.sigwaitinfo({signal.SIGALRM}).si_signo == signal.SIGALRM)
child = os.fork()
if child == 0:
    os.kill(os.getppid(), signal.SIGUSR1)
    os._exit(0)
print(signal.sigwaitinfo(CHOSEN).si_pid == child)
os.waitpid(child, 0)
seen = []
signal.signal(signal.SIGHUP, lambda *_: seen.append("hup"))
child = os.fork()
if child == 0:
    os.kill(os.getppid(), signal.SIGHUP)
    os.kill(os.getppid(), signal.SIGUSR2)
    os._exit(0)
print(signal.sigwait(CHOSEN) == signal.SIGUSR2, seen)
os.waitpid(child, 0)
print(signal.sigtimedwait(CHOSEN, 0.01))
try:
    signal.sigtimedwait(CHOSEN, -1)
except ValueError as exc:
    print(exc)
