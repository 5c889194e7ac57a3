# SPDX-License-Identifier: BSD-2-Clause
"""sigwait and handlers: the blocked go to sigwait, the others to their handlers."""

import os
import signal
import time

signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGUSR2])
seen = []
signal.signal(signal.SIGTERM, lambda *_: seen.append("term"))
parent = os.getpid()
rfd, wfd = os.pipe()
child = os.fork()
if child == 0:
    for signo in (signal.SIGTERM, signal.SIGUSR2):
        time.sleep(0.05)
        os.kill(parent, signo)
    os.read(rfd, 1)  # of two that are pending the lower comes first
    time.sleep(0.05)
    os.kill(parent, signal.SIGUSR1)
    os._exit(0)
print(signal.Signals(signal.sigwait([signal.SIGUSR1, signal.SIGUSR2])).name, seen)
os.write(wfd, b"x")
info = signal.sigwaitinfo([signal.SIGUSR1, signal.SIGUSR2])
print(signal.Signals(info.si_signo).name, info.si_pid == child, info.si_uid == os.getuid())
print(info.si_code == 0, info.si_errno)
os.waitpid(child, 0)
os.kill(parent, signal.SIGUSR1)
os.kill(parent, signal.SIGUSR2)
print(signal.Signals(signal.sigwait({signal.SIGUSR2})).name)
print(signal.Signals(signal.sigtimedwait([signal.SIGUSR1], 0).si_signo).name)
print(signal.sigtimedwait([signal.SIGUSR1], 0.01))
signal.signal(signal.SIGCHLD, lambda *_: None)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
child = os.fork()
if child == 0:
    os._exit(5)
info = signal.sigwaitinfo([signal.SIGCHLD])
print(info.si_pid == child, info.si_status, info.si_code == os.CLD_EXITED)
print(os.waitstatus_to_exitcode(os.waitpid(child, os.WNOHANG)[1]))
child = os.fork()
if child == 0:
    os.abort()
info = signal.sigwaitinfo([signal.SIGCHLD])
print(info.si_status == signal.SIGABRT, info.si_code in (os.CLD_DUMPED, os.CLD_KILLED))
os.waitpid(child, 0)
