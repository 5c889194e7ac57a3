# SPDX-License-Identifier: BSD-2-Clause
"""The ends of a pipe: end of file when the last writer goes, EPIPE when the last reader does."""

import os
import select
import signal

signal.signal(signal.SIGPIPE, signal.SIG_IGN)
rfd, wfd = os.pipe()
copy = os.dup(wfd)
poll = select.poll()
poll.register(rfd, select.POLLIN)
os.close(wfd)
print(poll.poll(0))
os.write(copy, b"last")
os.close(copy)
((fd, events),) = poll.poll(0)
print(fd == rfd, bool(events & select.POLLIN), bool(events & select.POLLHUP))
print(os.read(rfd, 10), os.read(rfd, 10), os.read(rfd, 10))
((fd, events),) = poll.poll(0)
print(bool(events & select.POLLHUP))
os.close(rfd)
print(poll.poll(0) == [(rfd, select.POLLNVAL)])
rfd, wfd = os.pipe()
poll = select.poll()
poll.register(wfd, select.POLLOUT)
print(poll.poll(0) == [(wfd, select.POLLOUT)])
os.close(rfd)
print(bool(poll.poll(0)[0][1] & (select.POLLERR | select.POLLHUP)))
for action in (lambda: os.write(wfd, b"x"), lambda: os.writev(wfd, [b"a", b"b"])):
    try:
        action()
    except BrokenPipeError:
        print("broken")
print(select.select([], [wfd], [], 0)[1] == [wfd])
seen = []
signal.signal(signal.SIGPIPE, lambda *_: seen.append("pipe"))
try:
    os.write(wfd, b"x")
except BrokenPipeError:
    print(seen)
rfd, wfd = os.pipe()
child = os.fork()
if child == 0:
    os.close(rfd)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    while True:
        os.write(wfd, bytes(4096))
os.close(wfd)
os.read(rfd, 10)
os.close(rfd)
print(signal.Signals(os.WTERMSIG(os.waitpid(child, 0)[1])).name)
rfd, wfd = os.pipe()
for wrong in (lambda: os.write(rfd, b"x"), lambda: os.read(wfd, 1), lambda: os.lseek(rfd, 0, 0)):
    try:
        wrong()
    except OSError as exc:
        print(exc.strerror)
