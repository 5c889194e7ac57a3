# SPDX-License-Identifier: BSD-2-Clause
"""Record locks of several processes against a model that has an entry for each byte."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kernel import api
from kernel.process import Process
from kernel.sys.errno import Errno
from kernel.sys.fcntl import (
    F_GETLK,
    F_RDLCK,
    F_SETLK,
    F_SETLKW,
    F_UNLCK,
    F_WRLCK,
    O_CREAT,
    O_RDWR,
    Flock,
)
from kernel.sys.signal import SIGKILL
from kernel.sys.unistd import SEEK_SET

BYTES = 12
PROCESSES = 4

Request = tuple[int, range]  # type, bytes


class Locks(RuleBasedStateMachine):
    """Who holds which byte how, who waits for what."""

    def __init__(self) -> None:
        super().__init__()
        self.system = api.boot()
        self.driver = self.system.process(0, 0)
        self.processes = [self._process() for _ in range(PROCESSES)]
        self.held: list[dict[int, int]] = [{} for _ in range(PROCESSES)]  # byte: type
        self.waits: dict[int, Request] = {}

    def _process(self) -> Process:
        made = self.system.process(0, 0)
        self.fd = made.open(b"/f", O_CREAT | O_RDWR, 0o644)
        return made

    def _blockers(self, who: int, request: Request) -> set[int]:
        kind, where = request
        return {
            other
            for other in range(PROCESSES)
            if other != who
            for byte in where
            if byte in self.held[other] and F_WRLCK in {kind, self.held[other][byte]}
        }

    def _take(self, who: int, request: Request) -> None:
        kind, where = request
        for byte in where:
            self.held[who].pop(byte, None)
            if kind != F_UNLCK:
                self.held[who][byte] = kind

    def _ring(self, who: int, request: Request) -> bool:
        """Whether some way from who along those who wait leads back."""
        return any(who in self._reach(start) for start in self._blockers(who, request))

    def _reach(self, start: int) -> set[int]:
        seen: set[int] = set()
        todo = [start]
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo += self._blockers(at, self.waits[at]) if at in self.waits else []
        return seen

    def _settle(self) -> None:
        """Let all run; whoever's request has been granted holds it; it must have been free."""
        self.driver.poll([], 1)
        for who in list(self.waits):
            p = self.processes[who]
            if not p.idle:
                continue
            request = self.waits.pop(who)
            try:
                p.finish()
            except OSError as exc:
                assert exc.errno == Errno.EDEADLK  # noqa: PT017
            else:
                assert not self._blockers(who, request), "two hold what one may hold"
                self._take(who, request)

    idle_ = st.integers(0, PROCESSES - 1)
    kinds = st.sampled_from([F_RDLCK, F_WRLCK, F_UNLCK])
    ranges = st.tuples(st.integers(0, BYTES - 1), st.integers(1, 5)).map(
        lambda pair: range(pair[0], min(BYTES, pair[0] + pair[1]))
    )

    @rule(who=idle_, kind=kinds, where=ranges, wait=st.booleans())
    def lock(self, who: int, kind: int, where: range, wait: bool) -> None:
        """F_SETLK and F_SETLKW."""
        if who in self.waits:
            return
        p = self.processes[who]
        request = (kind, where)
        blockers = self._blockers(who, request) if kind != F_UNLCK else set()
        arg = Flock(where.start, len(where), 0, kind, SEEK_SET)
        ring = bool(blockers) and self._ring(who, request)
        p.begin("fcntl", self.fd, F_SETLKW if wait else F_SETLK, arg)
        if blockers and wait and not p.idle:
            self.waits[who] = request
            return
        try:
            p.finish()
        except OSError as exc:
            assert exc.errno == (Errno.EDEADLK if wait else Errno.EAGAIN)  # noqa: PT017
            assert blockers
            assert ring or not wait
        else:
            assert not blockers
            self._take(who, request)
        self._settle()

    @rule(who=idle_)
    def close(self, who: int) -> None:
        """Any close gives all locks up."""
        if who in self.waits:
            return
        p = self.processes[who]
        p.close(p.open(b"/f", O_RDWR))
        self.held[who].clear()
        self._settle()

    @precondition(lambda self: self.waits)
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        """Whoever is killed as it waits leaves nothing; another takes its place."""
        who = data.draw(st.sampled_from(sorted(self.waits)))
        self.driver.kill(self.processes[who].pid, SIGKILL)
        self.processes[who].finish()
        del self.waits[who]
        self.held[who].clear()
        self.processes[who] = self._process()
        self._settle()

    @rule(kind=st.sampled_from([F_RDLCK, F_WRLCK]), where=ranges)
    def look(self, kind: int, where: range) -> None:
        """F_GETLK names a lock that is in the way, as its holder has it."""
        fd = self.driver.open(b"/f", O_RDWR)
        found = self.driver.fcntl(fd, F_GETLK, Flock(where.start, len(where), 0, kind, SEEK_SET))
        self.driver.close(fd)
        blockers = self._blockers(-1, (kind, where))
        if not blockers:
            assert found.l_type == F_UNLCK
            return
        who = next(at for at in blockers if self.processes[at].pid == found.l_pid)
        for byte in range(found.l_start, found.l_start + found.l_len):
            assert self.held[who][byte] == found.l_type

    @invariant()
    def nobody_waits_for_nothing(self) -> None:
        """Whoever sleeps has someone in the way."""
        for who, request in self.waits.items():
            assert self._blockers(who, request), "free, and yet asleep"


TestLocks = pytest.mark.filterwarnings("ignore:The recursion limit")(Locks.TestCase)
TestLocks.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
