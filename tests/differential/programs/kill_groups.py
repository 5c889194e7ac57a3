# SPDX-License-Identifier: BSD-2-Clause
"""killpg and kill of negative and zero pids: who gets it, who does not."""

import os
import signal

rfd, wfd = os.pipe()


def member(name, group):
    ready, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, group)
        signal.signal(signal.SIGUSR1, lambda *_: os.write(wfd, name.encode() + b" "))
        os.write(go, b"x")
        while True:
            signal.pause()
    os.read(ready, 1)
    os.close(ready)
    os.close(go)
    return pid


a = member("a", 0)
b = member("b", a)
c = member("c", 0)
os.killpg(a, signal.SIGUSR1)
got = b""
while len(got) < 4:
    got += os.read(rfd, 100)
print(sorted(got.split()))
os.kill(-c, signal.SIGUSR1)
print(os.read(rfd, 100))
print([os.getpgid(pid) == group for pid, group in ((a, a), (b, a), (c, c))])
os.setpgid(c, a)
os.killpg(a, signal.SIGUSR1)
got = b""
while len(got) < 6:
    got += os.read(rfd, 100)
print(sorted(got.split()))
try:
    os.killpg(c, 0)
except ProcessLookupError:
    print("the group c is gone")
os.kill(a, signal.SIGTERM)
os.waitid(os.P_PID, a, os.WEXITED | os.WNOWAIT)
os.killpg(a, signal.SIGTERM)
statuses = [signal.Signals(os.WTERMSIG(os.waitpid(-a, 0)[1])).name for _ in range(3)]
print(statuses)
try:
    os.waitpid(-a, 0)
except ChildProcessError:
    print("none left in it")
try:
    os.killpg(a, signal.SIGTERM)
except ProcessLookupError:
    print("no such group")
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, lambda *_: os.write(wfd, b"self"))
    os.kill(0, signal.SIGTERM)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), os.read(rfd, 10))
