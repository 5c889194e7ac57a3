# SPDX-License-Identifier: BSD-2-Clause
"""The events of a trace with how they are shown, and with the lines of the program behind them."""

from collections.abc import Iterable, Iterator

from kernel.sys.dataclasses import dataclass
from userland.libktrace.calls import Call, Event, Signal, events
from userland.libktrace.decode import Decoder
from userland.libktrace.lines import Line, Lines
from userland.libktrace.names import signame
from userland.libktrace.records import Record


@dataclass(slots=True, eq=False)
class Step:
    """An event of a trace.

    Attributes:
        event: a call or a signal.
        index: which of the trace's it is.
        text: the call with its arguments, or the signal.
        result: what the call came to.
        arguments: of the call, as they are shown.
        files: what it is about: the paths it looked up, and its descriptors'.
        line: of the program, if that is known.
    """

    event: Event
    index: int
    text: str
    result: str
    arguments: list[str]
    files: list[str]
    line: Line | None = None

    @property
    def pid(self) -> int:
        """Whose it is."""
        return self.event.pid

    @property
    def began(self) -> int:
        """When it was made or came, nanoseconds since the epoch."""
        return self.event.time if isinstance(self.event, Signal) else self.event.began

    @property
    def ended(self) -> int:
        """When it had returned; one that never does has not ended before anything."""
        if isinstance(self.event, Signal):
            return self.event.time
        return 1 << 63 if self.event.ended is None else self.event.ended

    def __str__(self) -> str:
        return f"{self.text} = {self.result}" if self.result else self.text

    def argument(self, name: str) -> tuple[int, str] | None:
        """Return the argument that the table calls so: its register, and as it is shown."""
        if isinstance(self.event, Signal) or self.event.row is None:
            return None
        names = [arg.name for arg in self.event.row.args if not arg.is_pad]
        known = zip(names, self.event.registers, self.arguments, strict=False)
        return next(((value, shown) for each, value, shown in known if each == name), None)


def describe(decoder: Decoder, event: Event) -> tuple[str, str, list[str]]:
    """Return an event as it is shown, its result, and its arguments."""
    if isinstance(event, Signal):
        how = "caught" if event.action > 1 else "ignored" if event.action else "default action"
        return f"--- SIG{signame(event.signo)} ({how}) ---", "", []
    arguments = decoder.arguments(event)
    text, result = decoder.show(event, arguments)
    return text, result, arguments


def steps(records: Iterable[Record], lines: Lines, decoder: Decoder) -> Iterator[Step]:
    """Yield the events of a trace as events() does.

    Args:
        records: of the trace.
        lines: of the programs, from the trace's start.
        decoder: a new one, that writes them.

    Raises:
        TornTrace: the trace cannot be read to its end.
    """
    made: dict[tuple[int, int], int] = {}
    for index, event in enumerate(events(records)):
        line = None
        if isinstance(event, Call) and event.made:
            who = event.pid, event.lid
            number = made.get(who, 0)
            made[who] = number + 1
            known = lines.get(who, ())
            if number < len(known):
                line, event.stored = known[number]
        files = decoder.about(event)
        text, result, arguments = describe(decoder, event)
        yield Step(event, index, text, result, arguments, files, line)
