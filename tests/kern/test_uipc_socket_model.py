# SPDX-License-Identifier: BSD-2-Clause
"""Streams through sockets against a model, and files in messages against counts of references."""

from collections import deque
from contextlib import suppress
from functools import cache
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from kernel import api
from kernel.sys.fcntl import O_RDONLY
from kernel.sys.in_ import INADDR_LOOPBACK, SockaddrIn
from kernel.sys.signal import SIG_IGN, SIGPIPE
from kernel.sys.socket import (
    AF_INET,
    AF_LOCAL,
    MSG_DONTWAIT,
    MSG_NOSIGNAL,
    MSG_PEEK,
    MSG_TRUNC,
    SCM_RIGHTS,
    SHUT_RD,
    SHUT_WR,
    SOCK_DGRAM,
    SOCK_NONBLOCK,
    SOCK_SEQPACKET,
    SOCK_STREAM,
    SOL_SOCKET,
)
from userland.libc.signal import Sigaction


@cache
def system() -> api.System:
    """One kernel for all sequences: each has a process of its own."""
    return api.boot()


@pytest.fixture(autouse=True)
def booted():
    """Before hypothesis looks at the interpreter's limits, which a kernel raises."""
    system().root()


SIZES = st.integers(0, 12000)
SIDES = st.integers(0, 1)


def connected(p):
    """The ends of a TCP connection that do not wait."""
    here = SockaddrIn(7000, INADDR_LOOPBACK)
    s = p.socket(AF_INET, SOCK_STREAM)
    p.bind(s, here)
    p.listen(s, 1)
    c = p.socket(AF_INET, SOCK_STREAM)
    p.connect(c, here)
    n, _ = p.accept4(s, SOCK_NONBLOCK)
    p.close(s)
    p.fcntl(c, 4, 4)  # F_SETFL, O_NONBLOCK
    return n, c


class Streams(RuleBasedStateMachine):
    """Two ends: what one sends the other receives, in order, until an end is told or refused."""

    kinds: ClassVar = ("local", "tcp")

    @initialize(kind=st.sampled_from(kinds))
    def boot(self, kind: str) -> None:
        self.k = system()
        self.p = self.k.process()
        self.p.sigaction(SIGPIPE, Sigaction(SIG_IGN))
        if kind == "local":
            self.fds = self.p.socketpair(AF_LOCAL, SOCK_STREAM | SOCK_NONBLOCK)
        else:
            self.fds = connected(self.p)
        self.sent = [b"", b""]  # by each side, not yet received
        self.ended = [False, False]  # each side sends no more
        self.deaf = [False, False]  # each side does not wait to receive more
        self.kind = kind
        self.count = 0

    @rule(side=SIDES, size=SIZES)
    def send(self, side: int, size: int) -> None:
        self.count += 1
        data = bytes((self.count + n) & 0xFF for n in range(size))
        try:
            sent = self.p.send(self.fds[side], data)
        except BrokenPipeError:
            assert self.ended[side]
            return
        except BlockingIOError:
            assert self.sent[side]
            return
        assert not self.ended[side]
        if self.kind == "local" or not self.deaf[1 - side]:  # a local buffer still takes it
            self.sent[side] += data[:sent]

    @rule(side=SIDES, size=SIZES, flags=st.sampled_from([0, MSG_PEEK, MSG_DONTWAIT]))
    def receive(self, side: int, size: int, flags: int) -> None:
        waiting = self.sent[1 - side]
        try:
            data = self.p.recv(self.fds[side], size, flags)
        except BlockingIOError:
            assert not waiting
            assert not self.ended[1 - side]
            assert not self.deaf[side]
            return
        assert waiting.startswith(data)
        if size and not (self.ended[1 - side] or self.deaf[side]):
            assert data
        if size and waiting:
            assert data
        if not flags & MSG_PEEK:
            self.sent[1 - side] = waiting[len(data) :]

    @rule(side=SIDES)
    def shut(self, side: int) -> None:
        if not self.ended[side]:
            self.p.shutdown(self.fds[side], SHUT_WR)
            self.ended[side] = True

    @precondition(lambda self: not self.sent[0] and not self.sent[1])
    @rule(side=SIDES)
    def close_ears(self, side: int) -> None:
        if not any(self.ended):
            self.p.shutdown(self.fds[side], SHUT_RD)
            self.deaf[side] = True

    def teardown(self) -> None:
        if hasattr(self, "k"):
            for fd in self.fds:
                self.p.close(fd)
            self.k.advance(1000)
            assert not self.k.kernel.net.sockets
            self.p.call("_exit", 0)


class Messages(RuleBasedStateMachine):
    """Messages keep their bounds, are cut to the buffer, and come in order."""

    @initialize(kind=st.sampled_from([SOCK_DGRAM, SOCK_SEQPACKET]))
    def boot(self, kind: int) -> None:
        self.k = system()
        self.p = self.k.process()
        self.fds = self.p.socketpair(AF_LOCAL, kind | SOCK_NONBLOCK)
        self.queue: deque[bytes] = deque()

    @rule(size=st.integers(1, 5000))
    def send(self, size: int) -> None:
        data = bytes((size + n) & 0xFF for n in range(size))
        try:
            assert self.p.send(self.fds[0], data) == size
        except OSError:
            assert size + sum(len(m) + 2 for m in self.queue) > 4096 - 2
        else:
            self.queue.append(data)

    @rule(size=st.integers(1, 5000), flags=st.sampled_from([0, MSG_PEEK]))
    def receive(self, size: int, flags: int) -> None:
        if not self.queue:
            with pytest.raises(BlockingIOError):
                self.p.recv(self.fds[1], size, flags)
            return
        message = self.p.recvmsg(self.fds[1], size, 0, flags)
        assert message.data == self.queue[0][:size]
        assert bool(message.flags & MSG_TRUNC) == (len(self.queue[0]) > size)
        if not flags:
            self.queue.popleft()

    def teardown(self) -> None:
        if hasattr(self, "k"):
            self.p.call("_exit", 0)


class Rights(RuleBasedStateMachine):
    """Files in messages: their references are those of descriptors and of messages."""

    @initialize()
    def boot(self) -> None:
        self.k = system()
        self.p = self.k.process()
        self.base = self.k.kernel.nfiles
        self.open: set[int] = set()

    @rule()
    def make(self) -> None:
        if len(self.open) < 12:
            self.open |= set(self.p.socketpair(AF_LOCAL, SOCK_STREAM | SOCK_NONBLOCK))
            self.open.add(self.p.open(b"/etc/passwd", O_RDONLY))

    @rule(data=st.data())
    def pass_on(self, data: st.DataObject) -> None:
        if self.open:
            by = data.draw(st.sampled_from(sorted(self.open)))
            fds = data.draw(st.lists(st.sampled_from(sorted(self.open)), min_size=1, max_size=3))
            rights = b"".join(fd.to_bytes(4, "little") for fd in fds)
            with suppress(OSError):  # no socket, no peer, no room
                self.p.sendmsg(by, [b"x"], [(SOL_SOCKET, SCM_RIGHTS, rights)], MSG_NOSIGNAL)

    @rule(data=st.data(), room=st.sampled_from([0, 24, 200]))
    def receive(self, data: st.DataObject, room: int) -> None:
        if self.open:
            fd = data.draw(st.sampled_from(sorted(self.open)))
            try:
                message = self.p.recvmsg(fd, 10, room)
            except OSError:
                return
            for _, _, raw in message.control:
                self.open |= {
                    int.from_bytes(raw[at : at + 4], "little") for at in range(0, len(raw), 4)
                }

    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        if self.open:
            fd = data.draw(st.sampled_from(sorted(self.open)))
            self.p.close(fd)
            self.open.remove(fd)

    @invariant()
    def references(self) -> None:
        if not hasattr(self, "p"):
            return
        kernel = self.k.kernel
        counts: dict[object, int] = {}
        for fp in self.p.proc.p_fd.fd_ofiles:
            if fp is not None:
                counts[fp] = counts.get(fp, 0) + 1
        carried: dict[object, int] = {}
        for so in kernel.net.sockets:
            for record in so.so_rcv.sb_records:
                for message in record.control:
                    for fp in message.files or ():
                        carried[fp] = carried.get(fp, 0) + 1
        assert carried == kernel.net.unp_inflight
        for fp in {*counts, *carried}:
            assert fp.f_count == counts.get(fp, 0) + carried.get(fp, 0)
            assert fp.f_msgcount == carried.get(fp, 0)

    def teardown(self) -> None:
        if hasattr(self, "k"):
            for fd in self.open:
                self.p.close(fd)
            self.k.advance(10)
            assert self.k.kernel.nfiles == self.base
            assert not self.k.kernel.net.sockets
            self.p.call("_exit", 0)


for machine in (Streams, Messages, Rights):
    machine.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestStreams = Streams.TestCase
TestMessages = Messages.TestCase
TestRights = Rights.TestCase
