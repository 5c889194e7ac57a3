# SPDX-License-Identifier: BSD-2-Clause
"""Who is in a trace: processes as a tree, their LWPs, when each ran and when it did not."""

from collections.abc import Iterable, Iterator
from typing import Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.ktrace import KTR_CSW, KTR_SYSCALL, KTR_SYSRET, KtrCsw
from kernel.sys.signal import SIG_DFL
from userland.libktrace.calls import Call, Event, Signal
from userland.libktrace.names import signame
from userland.libktrace.records import Record

_FORKS: Final = frozenset(("fork", "vfork", "__clone", "posix_spawn"))
_TICK: Final = 10_000_000  # nanoseconds of one of the clock


@dataclass(slots=True, eq=False)
class Process:
    """A process of the trace; one that gets the number of a dead one is another.

    Attributes:
        number: its place in the order of their first records.
        names: its programs, one after the other.
        first, last: times of its first and last record, nanoseconds since the epoch.
        parent: number of the process that made it, if the trace tells.
        end: how it ended, as it is shown; empty if the trace does not tell.
    """

    number: int
    pid: int
    names: list[str]
    first: int
    last: int
    parent: int | None = None
    end: str = ""


@dataclass(slots=True, eq=False)
class Lane:
    """An LWP, which does one thing after the other."""

    number: int
    process: Process
    lid: int
    switches: int = 0  # of the CPU, when its last call began
    off: int | None = None  # since when it is off the CPU


@dataclass(slots=True, eq=False)
class Sleep:
    """A time off the CPU."""

    lane: Lane
    began: int  # nanoseconds since the epoch
    ended: int
    user: bool  # it was preempted rather than that it waited


@dataclass(slots=True)
class Lanes:
    """Looks at records and events as they go by."""

    processes: list[Process] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    sleeps: list[Sleep] = field(default_factory=list)
    _latest: dict[int, Process] = field(default_factory=dict)
    _lanes: dict[tuple[int, int], Lane] = field(default_factory=dict)  # by process number, lid
    _parents: dict[int, int] = field(default_factory=dict)  # of children not seen yet
    _current: Lane | None = None
    _switches: int = 0
    _told: bool = False  # the trace has context switches

    def watch(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records, and take note of each before."""
        for record in records:
            self._note(record)
            yield record

    def lane(self, event: Event) -> Lane:
        """Return whose call or signal it is, of those that were noted last."""
        return self._lane(self._latest[event.pid], event.lid)

    def slept(self, call: Call) -> int:
        """Return how long it waited, to be asked when it has just been told.

        A trace without context switches does not say.  Then it is all of a call during which
        others ran, or which took more than a tick of the clock.
        """
        took = call.duration
        if self._told or took is None:
            return call.slept
        others = self.lane(call).switches != self._switches
        return took if others or took > _TICK else 0

    def add(self, event: Event) -> None:
        """Take note of who was made, and who ended."""
        process = self._latest[event.pid]
        if isinstance(event, Signal):
            if event.action == SIG_DFL:
                process.end = f"killed by SIG{signame(event.signo)}"
        elif event.name == "exit" and event.args:
            process.end = f"exit {event.args[0] & 0xFF}"
        elif event.c_name in _FORKS and event.made and event.value > 0:
            self._child(process, event.value)

    def _child(self, parent: Process, pid: int) -> None:
        child = self._latest.get(pid)
        if child is None or child.parent is not None or child is parent:
            self._parents[pid] = parent.number
        else:
            child.parent = parent.number

    def _note(self, record: Record) -> None:
        process = self._latest.get(record.pid)
        if process is None or (process.end and record.type != KTR_CSW):
            process = self._process(record)
        process.last = max(process.last, record.time)
        if record.comm != process.names[-1]:
            process.names.append(record.comm)
        lane = self._lane(process, record.lid)
        if lane is not self._current:
            self._current = lane
            self._switches += 1
        if record.type == KTR_SYSCALL:
            lane.switches = self._switches
        elif record.type == KTR_CSW:
            self._switch(lane, record)
        elif record.type == KTR_SYSRET:
            lane.off = None

    def _switch(self, lane: Lane, record: Record) -> None:
        self._told = True
        switch = record.body(KtrCsw)
        if switch.out:
            lane.off = record.time
        elif lane.off is not None:
            self.sleeps.append(Sleep(lane, lane.off, record.time, bool(switch.user)))
            lane.off = None

    def _process(self, record: Record) -> Process:
        parent = self._parents.pop(record.pid, None)
        process = Process(
            len(self.processes), record.pid, [record.comm], record.time, record.time, parent
        )
        self.processes.append(process)
        self._latest[record.pid] = process
        return process

    def _lane(self, process: Process, lid: int) -> Lane:
        lane = self._lanes.get((process.number, lid))
        if lane is None:
            lane = self._lanes[process.number, lid] = Lane(len(self.lanes), process, lid)
            self.lanes.append(lane)
        return lane
