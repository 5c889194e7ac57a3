# SPDX-License-Identifier: BSD-2-Clause
"""select, poll and selectors on pipes and sockets."""

import os
import select
import selectors
import socket

rfd, wfd = os.pipe()
a, b = socket.socketpair()
print(select.select([rfd, a], [wfd, b], [], 0) == ([], [wfd, b], []))
os.write(wfd, b"x")
b.send(b"y")
print(select.select([rfd, a], [], []) == ([rfd, a], [], []))
poller = select.poll()
poller.register(rfd, select.POLLIN)
poller.register(a)
print(
    sorted(event for _, event in poller.poll(0)) == [select.POLLIN, select.POLLIN | select.POLLOUT]
)
poller.modify(a, 0)
poller.unregister(rfd)
print(poller.poll(10))
for bad in (-1, "x"):
    try:
        select.select([bad], [], [])
    except (ValueError, TypeError) as error:
        print(type(error).__name__)
with selectors.PollSelector() as selector:
    selector.register(a, selectors.EVENT_READ, "readable")
    print([(key.data, events) for key, events in selector.select(1)])
os.close(wfd)
os.read(rfd, 1)
print(select.select([rfd], [], [], 1) == ([rfd], [], []), os.read(rfd, 1))
try:
    select.select([rfd], [], [], -1)
except ValueError as error:
    print(error)
