# SPDX-License-Identifier: BSD-2-Clause
"""A buffer between threads that holds so many items at most."""

from collections import deque
from threading import Condition, Lock


class Closed(Exception):
    """Nothing goes in any more; or nothing is left, and nothing will come."""


class Buffer:
    """What producers put comes out in the same order, each item once."""

    def __init__(self, size):
        self.size = size
        self.items = deque()
        self.closed = False
        lock = Lock()
        self.room = Condition(lock)  # or it is closed: producers wait for that
        self.there = Condition(lock)  # or it is closed: consumers wait for that

    def put(self, item):
        """Put an item in; wait while the buffer is full."""
        with self.room:
            while len(self.items) >= self.size and not self.closed:
                self.room.wait()
            if self.closed:
                raise Closed
            self.items.append(item)
            self.there.notify()

    def get(self):
        """Take the oldest item out; wait while there is none."""
        with self.there:
            while not self.items and not self.closed:
                self.there.wait()
            if not self.items:
                raise Closed
            item = self.items.popleft()
            self.room.notify()
            return item

    def close(self):
        """Let nothing in any more; what is there can be taken out."""
        with self.room:
            self.closed = True
            self.room.notify()
            self.there.notify()
