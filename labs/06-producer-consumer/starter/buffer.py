# SPDX-License-Identifier: BSD-2-Clause
"""A buffer between threads that holds so many items at most."""

from threading import Condition, Lock


class Closed(Exception):
    """Nothing goes in any more; or nothing is left, and nothing will come."""


class Buffer:
    """What producers put comes out in the same order, each item once."""

    def __init__(self, size):
        self.size = size

    def put(self, item):
        """Put an item in; wait while the buffer is full."""

    def get(self):
        """Take the oldest item out; wait while there is none."""

    def close(self):
        """Let nothing in any more; what is there can be taken out."""
