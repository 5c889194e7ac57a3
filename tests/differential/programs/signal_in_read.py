# SPDX-License-Identifier: BSD-2-Clause
"""Handlers during blocking calls of all kinds, and data that arrives in between is not lost."""

import os
import select
import signal
import socket
import sys
import time

sys.stdout.reconfigure(line_buffering=True)
parent = os.getpid()
seen = []
signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))


def helper(action):
    """Have a child send signals, then do action."""
    pid = os.fork()
    if pid == 0:
        for _ in range(3):
            time.sleep(0.01)
            os.kill(parent, signal.SIGUSR1)
        time.sleep(0.01)
        action()
        os._exit(0)
    return pid


def check(name, pid, result):
    os.waitpid(pid, 0)
    print(name, result, bool(seen))
    seen.clear()


r, w = os.pipe()
left, right = socket.socketpair()
pid = helper(lambda: os.write(w, b"pipe"))
check("read", pid, os.read(r, 10))
pid = helper(lambda: right.send(b"socket"))
check("recv", pid, left.recv(10))
pid = helper(lambda: os.write(w, b"p"))
check("select", pid, select.select([r], [], [])[0] == [r])
os.read(r, 1)
poll = select.poll()
poll.register(left, select.POLLIN)
pid = helper(lambda: right.send(b"s"))
check("poll", pid, len(poll.poll()))
left.recv(1)
pid = helper(lambda: None)
print(os.wait()[0] == pid, bool(seen))
seen.clear()
server = socket.socket(socket.AF_UNIX)
server.bind("name")
server.listen()
pid = helper(lambda: socket.socket(socket.AF_UNIX).connect("name"))
check("accept", pid, server.accept()[0].recv(1))
os.mkfifo("fifo")
pid = helper(lambda: os.open("fifo", os.O_WRONLY))
check("open", pid, os.read(os.open("fifo", os.O_RDONLY), 1))
total = 0
pid = os.fork()
if pid == 0:
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    for _ in range(50):
        os.write(w, b"y" * 3000)
        os.kill(parent, signal.SIGUSR1)
    os._exit(0)
while total < 150000:
    total += len(os.read(r, 10000))
print(total, os.waitpid(pid, 0)[1], len(seen) > 0)
signal.siginterrupt(signal.SIGUSR1, True)
seen.clear()
pid = helper(lambda: os.write(w, b"still retried"))
check("siginterrupt", pid, os.read(r, 100))
