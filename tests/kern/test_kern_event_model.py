# SPDX-License-Identifier: BSD-2-Clause
"""Kernel queues against poll: what is ready is told, level by level, edge by edge."""

from contextlib import suppress

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kernel import api
from kernel.kern.sys_pipe import PIPE_SIZE
from kernel.sys.event import (
    EV_ADD,
    EV_CLEAR,
    EV_DELETE,
    EV_DISABLE,
    EV_ENABLE,
    EVFILT_READ,
    EVFILT_WRITE,
    Kevent,
)
from kernel.sys.fcntl import F_SETFL, O_NONBLOCK
from kernel.sys.file import POLLHUP, POLLIN, POLLOUT
from kernel.sys.time import Timespec

NOW = Timespec(0, 0)
WANTED = {EVFILT_READ: POLLIN | POLLHUP, EVFILT_WRITE: POLLOUT | POLLHUP}


class Queues(RuleBasedStateMachine):
    """A pipe, a socket pair and a counter, watched by level and by edge."""

    def __init__(self):
        super().__init__()
        self.system = api.boot()
        p = self.p = self.system.root()
        self.level, self.edge = p.kqueue(), p.kqueue()
        rfd, wfd = p.pipe()
        first, second = p.socketpair(1, 1, 0)
        counter = p.eventfd(0, O_NONBLOCK)
        for fd in (rfd, wfd, first, second):
            p.fcntl(fd, F_SETFL, O_NONBLOCK)
        self.readers = {rfd: wfd, first: second, second: first, counter: counter}
        self.watched = [
            *((fd, EVFILT_READ) for fd in self.readers),
            *((fd, EVFILT_WRITE) for fd in (wfd, first, second, counter)),
        ]
        self.disabled = set()
        self.fresh = set()  # edges that may be told: something came since they were told last
        p.kevent(self.level, [Kevent(fd, f) for fd, f in self.watched])
        p.kevent(self.edge, [Kevent(fd, f, EV_ADD | EV_CLEAR) for fd, f in self.watched])
        self.fresh.update(self.watched)

    def teardown(self):
        self.system.shutdown()

    def attempt(self, *call):
        """Make a call that must not wait."""
        with suppress(BlockingIOError):
            self.p.call(*call)

    def ready(self):
        """What poll says of each that is watched."""
        found = set()
        for fd, filter_ in self.watched:
            if self.p.poll([(fd, WANTED[filter_] & ~POLLHUP)], 0):
                found.add((fd, filter_))
        return found

    def told(self, kq):
        return {(e.ident, e.filter) for e in self.p.kevent(kq, [], 32, NOW)}

    @rule(which=st.integers(0, 3), size=st.sampled_from((1, 100, 4000, PIPE_SIZE)))
    def write(self, which, size):
        """Send something; edges of both ends may be told."""
        fd = [*self.readers][which]
        peer = self.readers[fd]
        data = (1).to_bytes(8, "little") if peer == fd else bytes(size)
        self.attempt("write", peer, data)
        self.fresh.update(pair for pair in self.watched if pair[0] in (fd, peer))

    @rule(which=st.integers(0, 3), size=st.sampled_from((1, 300, 5000, PIPE_SIZE)))
    def read(self, which, size):
        """Take something."""
        fd = [*self.readers][which]
        peer = self.readers[fd]
        self.attempt("read", fd, 8 if peer == fd else size)
        self.fresh.update(pair for pair in self.watched if pair[0] in (fd, peer))

    @rule(which=st.integers(0, 7))
    def again(self, which):
        """Delete a note and add it: it is as new."""
        fd, filter_ = self.watched[which]
        for kq, flags in ((self.level, EV_ADD), (self.edge, EV_ADD | EV_CLEAR)):
            self.p.kevent(kq, [Kevent(fd, filter_, EV_DELETE)])
            self.p.kevent(kq, [Kevent(fd, filter_, flags)])
        self.disabled.discard((fd, filter_))
        self.fresh.add((fd, filter_))

    @rule(which=st.integers(0, 7))
    def disable(self, which):
        """A disabled note is told of no more."""
        pair = self.watched[which]
        self.p.kevent(self.level, [Kevent(*pair, EV_DISABLE)])
        self.disabled.add(pair)

    @precondition(lambda self: self.disabled)
    @rule()
    def enable(self):
        """Enabled it tells what is so."""
        for pair in self.disabled:
            self.p.kevent(self.level, [Kevent(*pair, EV_ENABLE)])
        self.disabled.clear()

    @rule()
    def edges(self):
        """An edge is told if it is ready and something has happened, and then not again."""
        told, ready = self.told(self.edge), self.ready()
        assert told <= ready & self.fresh
        assert self.told(self.edge) == set()
        self.fresh.clear()

    @invariant()
    def levels_are_what_poll_says(self):
        """Level by level kevent and poll agree, and asking changes nothing."""
        assert self.told(self.level) == self.ready() - self.disabled
        assert self.told(self.level) == self.ready() - self.disabled

    @invariant()
    def the_queue_can_be_read_if_it_has_something_to_tell(self):
        """poll on the queue is what kevent would tell."""
        assert bool(self.p.poll([(self.level, POLLIN)], 0)) == bool(self.told(self.level))


Queues.TestCase.settings = settings(max_examples=20, stateful_step_count=25)
TestQueues = pytest.mark.filterwarnings("ignore:The recursion limit")(Queues.TestCase)
