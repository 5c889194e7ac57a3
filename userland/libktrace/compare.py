# SPDX-License-Identifier: BSD-2-Clause
"""Two traces side by side: by process and call, whatever their pids, times and addresses.

A process is who it is by its place in the family: 1 is the first in the trace, 1.2 its second
child.  Its calls are those of its own; which process ran when makes no difference.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.namedtuple import NamedTuple
from userland.libktrace.align import stretches
from userland.libktrace.calls import Call, Event, Signal, events
from userland.libktrace.decode import Decoder
from userland.libktrace.names import signame
from userland.libktrace.records import Record

_WAITS: Final = frozenset(("wait4", "wait6"))
_DATA: Final = 1 << 16  # bytes of data that are compared


class Line(NamedTuple):
    """A call or a signal as it is compared, and where it comes from."""

    text: str
    event: Event


@dataclass(slots=True)
class History:
    """What one process did.

    Attributes:
        name: who it is: "1", "1.2".
        comm: the program it ran at last.
        pid: its pid in the trace.
    """

    name: str
    comm: str
    pid: int
    lines: list[Line] = field(default_factory=list)


class Difference(NamedTuple):
    """A stretch where two processes of one name do not do the same; a missing process has no lines.

    first and second are the lines from at (its index, in each) on that stand against each other;
    before and after are what surrounds them in both.
    """

    name: str
    comm: str
    at: tuple[int, int]
    before: list[Line]
    first: list[Line]
    second: list[Line]
    after: list[Line]


class Normal(Decoder):
    """Writes calls without what changes from run to run."""

    def __init__(self, limit: int = _DATA) -> None:
        """Show no more than limit bytes of data."""
        super().__init__(limit)
        self.names: dict[int, str] = {}

    def address(self, value: int) -> str:
        """All addresses are alike."""
        return "NULL" if not value else "*"

    def process(self, pid: int) -> str:
        """Return who it is; a group by its leader."""
        if abs(pid) not in self.names:
            return str(pid) if pid in (0, -1) else "?"
        return f"{'-' if pid < 0 else ''}<{self.names[abs(pid)]}>"


def histories(records: Iterable[Record]) -> dict[str, History]:
    """Return what each process of a trace did, by name, in the order of their first records.

    Raises:
        TornTrace: the trace cannot be read to its end.
    """
    return histories_of(events(records), Normal())


def histories_of(happened: Iterable[Event], decoder: Normal) -> dict[str, History]:
    """Return what each process did, as histories(), of events.

    Args:
        happened: the events.
        decoder: a new one, that writes them.
    """
    told = list(happened)
    found: dict[str, History] = {}
    for name, line in _lines(told, _names(told), decoder):
        event = line.event
        history = found.setdefault(name, History(name, event.comm, event.pid))
        history.comm = event.comm
        history.lines.append(line)
    return found


def _names(happened: Iterable[Event]) -> list[str]:
    """Return the processes' names, in the order in which _Family finds them."""
    family = _Family()
    for event in happened:
        family.of(event)
    return family.names()


def _lines(
    happened: Iterable[Event], names: list[str], decoder: Normal
) -> Iterator[tuple[str, Line]]:
    """Yield events as they are compared, each with whose it is: the second time they are read."""
    family = _Family()
    for event in happened:
        person = family.of(event)
        name = decoder.names[event.pid] = names[person.number]
        if isinstance(event, Signal):
            yield name, Line(f"--- SIG{signame(event.signo)}", event)
            continue
        if event.child:
            decoder.names[event.child] = names[person.children[-1].number]
        text, result = decoder.show(event, decoder.arguments(event))
        yield name, Line(f"{text} = {result}", event)


@dataclass(slots=True, eq=False)
class _Person:
    """A process from its first record, or its parent's fork, to its exit."""

    pid: int
    number: int  # among all of the trace
    name: str = ""
    parent: "_Person | None" = None
    children: list["_Person"] = field(default_factory=list)


class _Family:
    """Whose child each process is: its first calls may come before its parent's fork returns."""

    def __init__(self) -> None:
        self._all: list[_Person] = []
        self._now: dict[int, _Person] = {}  # by pid
        self._ended: set[_Person] = set()

    def of(self, event: Event) -> _Person:
        """Return the process of an event."""
        person = self._now.get(event.pid)
        if person is None or person in self._ended:
            person = self._add(event.pid)
        if isinstance(event, Call):
            if event.child:
                child = self._now.get(event.child)
                if child is None or child.parent is not None:
                    child = self._add(event.child)
                child.parent = person
                person.children.append(child)
            elif event.c_name in _WAITS and event.value > 0:
                self._adopt(person, event.value)
            elif event.name == "exit":
                self._ended.add(person)
        return person

    def _adopt(self, person: _Person, pid: int) -> None:
        """Who is waited for is a child: posix_spawn(2) does not tell whom it has made."""
        child = self._now.get(pid)
        if child is not None and child.parent is None and child is not person:
            child.parent = person
            person.children.append(child)

    def _add(self, pid: int) -> _Person:
        person = self._now[pid] = _Person(pid, len(self._all))
        self._all.append(person)
        return person

    def names(self) -> list[str]:
        """Name all: who has no parent in the trace by number, the others after their parents."""
        strangers = 0
        for person in self._all:
            if person.parent is None:
                strangers += 1
                person.name = str(strangers)
                self._name_children(person)
        return [person.name for person in self._all]

    def _name_children(self, person: _Person) -> None:
        for number, child in enumerate(person.children, 1):
            child.name = f"{person.name}.{number}"
            self._name_children(child)


def compare(
    first: Iterable[Record], second: Iterable[Record], context: int = 3
) -> Iterator[Difference]:
    """Yield where two traces differ, process by process, in the order of the first.

    Both are read at once, and of what is the same in both no more is kept than the context.

    Args:
        first: records of a trace, the one that is right.  They are read twice: for who is whose
            child, and for the calls; what can be read only once is kept.
        second: records of the other.
        context: lines before and after that come with a difference.

    Raises:
        TornTrace: a trace cannot be read to its end.
    """
    told = [_told(_again(records)) for records in (first, second)]
    found: dict[str, _Both] = {}
    comms: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for both in zip_longest(*told):
        for side, each in enumerate(both):
            if each is not None:
                name, line = each
                if name not in found:
                    found[name] = _Both(deque(maxlen=context))
                comms[side][name] = line.event.comm
                found[name].add(side, line)
    for name in dict.fromkeys([*comms[0], *comms[1]]):
        comm = comms[0].get(name) or comms[1].get(name) or ""
        yield from found[name].differences(name, comm, context)


def _again(records: Iterable[Record]) -> Iterable[Record]:
    """Return records that can be read more than once."""
    return list(records) if iter(records) is records else records


def _told(records: Iterable[Record]) -> Iterator[tuple[str, Line]]:
    """Yield the lines of a trace, each with whose it is."""
    return _lines(events(records), _names(events(records)), Normal())


@dataclass(slots=True)
class _Both:
    """What a process does in two traces, as far as both have been read."""

    before: "deque[Line]"  # the last lines that are the same
    same: int = 0  # how many are
    rest: "tuple[deque[Line], deque[Line]]" = field(default_factory=lambda: (deque(), deque()))

    def add(self, side: int, line: Line) -> None:
        """Take a line of one of the traces."""
        mine, other = self.rest[side], self.rest[not side]
        if not mine and other and other[0].text == line.text:
            self.before.append(other[0] if side else line)
            self.same += 1
            other.popleft()
        else:
            mine.append(line)

    def differences(self, name: str, comm: str, context: int) -> Iterator[Difference]:
        """Yield where they differ, with context."""
        first, second = ([*self.before, *rest] for rest in self.rest)
        left_out = self.same - len(self.before)
        ours, theirs = ([line.text for line in lines] for lines in (first, second))
        if ours == theirs:
            return
        for a, a_end, b, b_end in stretches(ours, theirs):
            yield Difference(
                name,
                comm,
                (left_out + a, left_out + b),
                first[max(a - context, 0) : a],
                first[a:a_end],
                second[b:b_end],
                first[a_end : a_end + context],
            )
