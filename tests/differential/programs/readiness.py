# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for descriptors by select, poll and selectors: what is ready, hung up, not open."""

import os
import select
import selectors
import signal
import time

reader, writer = os.pipe()


class Named:
    """Stands for a descriptor."""

    def __init__(self, fd):
        self.fd = fd

    def fileno(self):
        return self.fd

    def __repr__(self):
        return "named"


print(select.select([reader], [writer], [], 0) == ([], [writer], []))
print(select.select([Named(reader)], [Named(writer)], [Named(reader)], 0))
os.write(writer, b"x")
print(select.select([Named(reader)], [], []))
poll = select.poll()
poll.register(reader, select.POLLIN)
print([event for _, event in poll.poll(0)] == [select.POLLIN])
os.read(reader, 1)
began = time.monotonic()
print(poll.poll(30), time.monotonic() - began >= 0.03)
poll.modify(reader, 0)
os.close(writer)
print([event for _, event in poll.poll()] == [select.POLLHUP])
poll.unregister(reader)
poll.register(999)
print([event == select.POLLNVAL for _, event in poll.poll()])
for bad in (lambda: select.select([-1], [], []), lambda: select.select([], [], [], -1)):
    try:
        bad()
    except ValueError:
        print("ValueError")
try:
    select.select([9], [], [], 0)
except OSError as exc:
    print(exc.errno)
try:
    poll.modify(reader, 0)
except OSError as exc:
    print(exc.errno)
reader, writer = os.pipe()
with selectors.PollSelector() as selector:
    selector.register(reader, selectors.EVENT_READ, "the reader")
    selector.register(writer, selectors.EVENT_WRITE, "the writer")
    print([(key.data, mask) for key, mask in selector.select(0)])
    selector.unregister(writer)
    os.write(writer, b"y")
    print([(key.data, mask) for key, mask in selector.select()])
signal.signal(signal.SIGALRM, lambda *_: os.write(writer, b"z"))
os.read(reader, 9)
signal.setitimer(signal.ITIMER_REAL, 0.02)
print(select.select([reader], [], [], 60) == ([reader], [], []), os.read(reader, 9))
