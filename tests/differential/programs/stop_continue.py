# SPDX-License-Identifier: BSD-2-Clause
"""A stopped child: seen once per stop, continued by SIGCONT, killed while stopped."""

import os
import signal
import sys
import time

sys.stdout.reconfigure(line_buffering=True)

FLAGS = os.WUNTRACED | os.WCONTINUED


def text(status):
    if os.WIFSTOPPED(status):
        return "stopped by " + signal.Signals(os.WSTOPSIG(status)).name
    if os.WIFCONTINUED(status):
        return "continued"
    if os.WIFSIGNALED(status):
        return "killed by " + signal.Signals(os.WTERMSIG(status)).name
    return f"exit {os.WEXITSTATUS(status)}"


rfd, wfd = os.pipe()
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    count = 0
    signal.signal(signal.SIGUSR1, lambda *_: os.write(wfd, b"u"))
    signal.signal(signal.SIGCONT, lambda *_: os.write(wfd, b"c"))
    os.write(wfd, b"r")
    while True:
        signal.pause()
print(os.read(rfd, 1))
for signo in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
    os.kill(child, signo)
    print(text(os.waitpid(child, FLAGS)[1]), os.waitpid(child, FLAGS | os.WNOHANG))
    os.kill(child, signal.SIGUSR1)  # waits while it is stopped
    time.sleep(0.02)
    print(os.waitpid(child, FLAGS | os.WNOHANG))
    os.kill(child, signal.SIGCONT)
    print(text(os.waitpid(child, FLAGS)[1]), sorted(os.read(rfd, 1) + os.read(rfd, 1)))
os.kill(child, signal.SIGSTOP)
print(text(os.waitpid(child, os.WUNTRACED)[1]))
os.kill(child, signal.SIGTERM)
time.sleep(0.02)
print(os.waitpid(child, os.WNOHANG))
os.kill(child, signal.SIGCONT)
print(text(os.waitpid(child, 0)[1]))
child = os.fork()
if child == 0:
    signal.pause()
os.kill(child, signal.SIGSTOP)
os.waitpid(child, os.WUNTRACED)
os.kill(child, signal.SIGKILL)
print(text(os.waitpid(child, FLAGS)[1]))
child = os.fork()
if child == 0:
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    os.kill(os.getpid(), signal.SIGTSTP)
    signal.signal(signal.SIGTSTP, lambda *_: os.write(wfd, b"t"))
    os.kill(os.getpid(), signal.SIGTSTP)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTSTP])
    signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTSTP)
    os.kill(os.getpid(), signal.SIGCONT)  # takes the pending stop away
    print(signal.sigpending())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTSTP])
    os._exit(4)
print(text(os.waitpid(child, FLAGS)[1]), os.read(rfd, 5))
