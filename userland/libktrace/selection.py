# SPDX-License-Identifier: BSD-2-Clause
"""Calls and signals chosen from a trace, for tests: they compare with numbers and explain.

    assert trace.calls("open").on("/etc/*").failed("ENOENT")  # there is one
    assert not trace.calls("%network")  # there is none
    assert trace.calls("write") == 3
    assert trace.signals("CHLD").to(4).caught()

Each method narrows.  A selection is true if anything is in it, and compares with a number as its
count does.  What was asked of it last, and where, is kept: explain() shows it with the program's
lines and the trace around.
"""

import errno
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from os import PathLike, fsdecode
from types import CodeType
from typing import Final, Generic, Self, SupportsIndex, TypeVar, cast, overload

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno
from kernel.sys.signal import SIG_DFL, SIG_IGN, sys_signame
from kernel.sys.syscall import SYSCALLS
from userland.libktrace.calls import Call, Signal
from userland.libktrace.callset import callset
from userland.libktrace.decode import signed
from userland.libktrace.golden import sections
from userland.libktrace.lines import Judged, Line
from userland.libktrace.spelling import check_constant, did_you_mean
from userland.libktrace.steps import Step

_AROUND: Final = 5  # steps that are shown before one and after it
_SHOWN: Final = 3  # steps that are shown with what is around them
_WIDTH: Final = 110  # characters of a step
_RESULT: Final = 60  # of them, of its result
_COLUMN: Final = 16  # characters of the program's lines
_PARAMETERS: Final = 20  # names of arguments that an error lists

_Event = TypeVar("_Event", Call, Signal)


@dataclass(slots=True, eq=False)
class Scene:
    """A trace as selections of it see it.

    Attributes:
        steps: all of it.
        source: what stands in a line of a program, "" if that is not known.
        judged: kept for who explains failures.
    """

    steps: Sequence[Step]
    source: Callable[[Line], str] = lambda _line: ""
    judged: Judged = field(default_factory=Judged)

    def around(self, step: Step) -> str:
        """Return the program's line that made a call, and what is in the trace around it."""
        first = max(step.index - _AROUND, 0)
        rows = [
            _row(">" if one is step else " ", one)
            for one in self.steps[first : step.index + _AROUND + 1]
        ]
        if step.line is None:
            return "\n".join(rows)
        return "\n".join([f"{step.line}:  {self.source(step.line)}", *rows])

    def match(
        self,
        name: str | None,
        wanted: Sequence[Step] | None,
        *,
        whole: bool,
        replace: Mapping[str, str] | None,
    ) -> bool:
        """Compare some steps with the golden trace of that name; Trace.match tells more.

        Raises:
            AssertionError: they differ. RuntimeError: nobody keeps golden traces.
        """
        __tracebackhide__ = True
        if self.judged.match is None:
            raise RuntimeError("golden traces are kept by the pytest fixture `kernel`")
        found = sections(self.steps, wanted, whole=whole, replace=replace)
        self.judged.match(name, found)
        return True

    def end(self) -> str:
        """Return the last steps."""
        return "\n".join(_row(" ", step) for step in self.steps[-2 * _AROUND :])


def _row(mark: str, step: Step) -> str:
    where = "" if step.line is None else _short(step.line)
    text = str(step)
    if len(text) > _WIDTH:  # what it came to is of more interest
        end = f"... = {step.result[:_RESULT]}"
        text = f"{step.text[: _WIDTH - len(end)]}{end}"
    return f"{mark} {step.pid:5} {where:{_COLUMN}} {text}"


def _short(line: Line) -> str:
    """Return a line as it fits before a call: many files are called __init__.py."""
    parts = line.file.split("/")
    parts = parts[-2:] if parts[-1].startswith("__") else parts[-1:]
    return f"{'/'.join(parts)}:{line.number}"


class Claim:
    """What can be asserted: true or not, and able to say why."""

    __slots__ = ("_scene", "what")

    def __init__(self, scene: Scene, what: str) -> None:
        self._scene = scene
        self.what = what

    def __bool__(self) -> bool:
        self._note(sys._getframe(1).f_code)
        return self._holds()

    def _note(self, code: CodeType) -> None:
        self._scene.judged.what = self
        self._scene.judged.code = code

    def _holds(self) -> bool:
        raise NotImplementedError

    def summary(self) -> str:
        """Return in one line how it is."""
        raise NotImplementedError

    def _evidence(self) -> Sequence[Step]:
        """Return the steps that show why."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{self.summary()}>"

    def explain(self) -> str:
        """Return how it is, with the program's lines and the trace around them."""
        evidence = self._evidence()
        parts = [self.summary(), *(self._scene.around(step) for step in evidence[:_SHOWN])]
        if len(evidence) > _SHOWN:
            parts.append(f"and {len(evidence) - _SHOWN} more")
        if not evidence:
            parts.append(f"the trace ends with\n{self._scene.end()}")
        return "\n\n".join(parts)


class Verdict(Claim):
    """Whether something holds of a trace."""

    __slots__ = ("_ok", "_steps", "_summary")

    def __init__(self, scene: Scene, what: str, *, ok: bool, why: str, steps: list[Step]) -> None:
        super().__init__(scene, what)
        self._ok = ok
        self._summary = why
        self._steps = steps

    def _holds(self) -> bool:
        return self._ok

    def summary(self) -> str:
        """Return in one line how it is."""
        return f"{self.what}: {self._summary}"

    def _evidence(self) -> list[Step]:
        return self._steps


class Selection(Claim, Generic[_Event]):
    """Steps of a trace; what it was chosen from is known."""

    __slots__ = ("_among", "steps")
    __hash__ = None  # type: ignore[assignment]  # it is equal to numbers

    def __init__(
        self, scene: Scene, what: str, steps: list[Step], among: "Self | None" = None
    ) -> None:
        super().__init__(scene, what)
        self.steps = steps
        self._among = among

    def _narrow(self, how: str, wanted: Callable[[Step], bool]) -> Self:
        chosen = [step for step in self.steps if wanted(step)]
        return type(self)(self._scene, f"{self.what}{how}", chosen, self)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[_Event]:
        return (cast(_Event, step.event) for step in self.steps)

    def _event(self, index: SupportsIndex) -> _Event:
        return cast(_Event, self.steps[index].event)

    def _holds(self) -> bool:
        return bool(self.steps)

    def summary(self) -> str:
        """Return how many there are, of how many."""
        if self.steps or self._among is None:
            return f"{self.what}: {len(self.steps) or 'none'}"
        among = self._among
        while not among.steps and among._among is not None:
            among = among._among
        return f"{self.what}: none; {among.what}: {len(among.steps)}"

    def _evidence(self) -> list[Step]:
        """Its steps; if there are none, those of what it was chosen from, unless that is all."""
        if self.steps or self._among is None:
            return self.steps
        return [] if self._among._among is None else self._among._evidence()

    def _compared(self, other: object, code: CodeType) -> int | None:
        """Return the number that it is compared with."""
        self._note(code)
        return other if isinstance(other, int) else None

    def __eq__(self, other: object) -> bool:
        number = self._compared(other, sys._getframe(1).f_code)
        if number is None:
            return isinstance(other, Selection) and self.steps == other.steps
        return len(self.steps) == number

    def __lt__(self, other: int) -> bool:
        number = self._compared(other, sys._getframe(1).f_code)
        return NotImplemented if number is None else len(self.steps) < number

    def __le__(self, other: int) -> bool:
        number = self._compared(other, sys._getframe(1).f_code)
        return NotImplemented if number is None else len(self.steps) <= number

    def __gt__(self, other: int) -> bool:
        number = self._compared(other, sys._getframe(1).f_code)
        return NotImplemented if number is None else len(self.steps) > number

    def __ge__(self, other: int) -> bool:
        number = self._compared(other, sys._getframe(1).f_code)
        return NotImplemented if number is None else len(self.steps) >= number

    def by(self, who: int | str) -> Self:
        """Those of a process: its pid, or a glob of the name of the program it runs."""
        return self._of("by", who)

    def _of(self, word: str, who: int | str) -> Self:
        """Those of a process, described by the word that was used for it."""
        if isinstance(who, int):
            return self._narrow(f".{word}({who})", lambda step: step.pid == who)
        return self._narrow(f'.{word}("{who}")', lambda step: fnmatchcase(step.event.comm, who))

    def where(self, predicate: Callable[[_Event], object]) -> Self:
        """Those for which predicate returns something true."""
        name = getattr(predicate, "__name__", "...")
        return self._narrow(f".where({name})", lambda s: bool(predicate(cast(_Event, s.event))))

    def match(
        self,
        name: str | None = None,
        *,
        whole: bool = False,
        replace: Mapping[str, str] | None = None,
    ) -> bool:
        """Compare these with the golden trace of that name: as Trace.match."""
        __tracebackhide__ = True
        return self._scene.match(name, self.steps, whole=whole, replace=replace)

    def line(self, number: int) -> Self:
        """Those that a line of the program has made, by its number."""
        return self._narrow(
            f".line({number})", lambda step: step.line is not None and step.line.number == number
        )


class Calls(Selection[Call]):
    """System calls of a trace, in the order in which they returned."""

    __slots__ = ()

    def __call__(self, names: str) -> "Calls":
        """Those that strace's words name: `open,close`, `%file`, `/^get`, `!%network`.

        Raises:
            ValueError: there is no such call.
        """
        return self._named(names, "({})")

    def _named(self, names: str, how: str) -> "Calls":
        codes = callset(names)

        def wanted(step: Step) -> bool:
            call = cast(Call, step.event)
            return call.row is not None and call.code in codes

        return self._narrow(how.format(f'"{names}"'), wanted)

    @overload
    def __getitem__(self, key: str) -> "Calls": ...

    @overload
    def __getitem__(self, key: SupportsIndex) -> Call: ...

    def __getitem__(self, key: str | SupportsIndex) -> "Calls | Call":
        """Those of a name, or one of them by its place."""
        return self._named(key, "[{}]") if isinstance(key, str) else self._event(key)

    def on(self, *globs: "str | bytes | PathLike[str]") -> "Calls":
        """Those that have looked up such a path, or had a descriptor of one."""
        names = tuple(fsdecode(glob) for glob in globs)

        def wanted(step: Step) -> bool:
            return any(fnmatchcase(name, glob) for name in step.files for glob in names)

        return self._narrow(f".on({_quoted(names)})", wanted)

    def failed(self, *errors: str | int) -> "Calls":
        """Those that failed, if errors are given with one of them.

        Args:
            errors: names ("ENOENT"), or NetBSD's numbers: Errno.ENOENT.

        Raises:
            ValueError: there is no such error; or the host has another of that number.
        """
        numbers = [error_number(error) for error in errors]

        def wanted(step: Step) -> bool:
            call = cast(Call, step.event)
            return call.failed and (not numbers or call.error in numbers)

        return self._narrow(f".failed({', '.join(_error_name(n) for n in numbers)})", wanted)

    def succeeded(self) -> "Calls":
        """Those that returned without an error."""

        def wanted(step: Step) -> bool:
            call = cast(Call, step.event)
            return call.ended is not None and not call.failed

        return self._narrow(".succeeded()", wanted)

    def returned(self, value: int) -> "Calls":
        """Those that returned so."""

        def wanted(step: Step) -> bool:
            call = cast(Call, step.event)
            return call.ended is not None and call.value == value

        return self._narrow(f".returned({value})", wanted)

    def given(self, **arguments: int | str | Callable[[int], object]) -> "Calls":
        """Those with such arguments, by their names in the table: docs/syscalls.md.

        Args:
            arguments: of each name a number; a text, as the argument is shown or one of the names
                of its bits ("O_CREAT"), with wildcards; or a predicate of the number.

        Raises:
            ValueError: there is no argument of that name: none of the call, if all are of one,
                or of no call.  No call has such arguments, and a constant is misspelt.
        """
        known = self._parameters()
        for name in arguments:
            if name not in known:
                few = len(known) < _PARAMETERS
                there = f": there are {', '.join(known)}" if few else did_you_mean(name, known)
                raise ValueError(f"{self.what} has no argument {name!r}{there}")
        how = ", ".join(f"{name}={_shown(value)}" for name, value in arguments.items())
        found = self._narrow(
            f".given({how})", lambda step: all(_given(step, *item) for item in arguments.items())
        )
        for value in arguments.values() if not found.steps else ():
            if isinstance(value, str):
                check_constant(value)
        return found

    def _parameters(self) -> list[str]:
        """Return the names of arguments that its calls can have."""
        names = {call.name for call in self}
        rows = [row for row in SYSCALLS.values() if not names or row.name in names]
        if len(names) > 1:
            rows = list(SYSCALLS.values())
        return list(dict.fromkeys(arg.name for row in rows for arg in row.args if not arg.is_pad))

    def before(self, other: "Calls | str") -> "Calls":
        """Those that had returned when the last of the others was made."""
        others = self._others(other)
        last = max((step.began for step in others.steps), default=-1)
        return self._narrow(f".before({others.what})", lambda step: step.ended <= last)

    def after(self, other: "Calls | str") -> "Calls":
        """Those that were made when the first of the others had returned."""
        others = self._others(other)
        first = min((step.ended for step in others.steps), default=1 << 64)
        return self._narrow(f".after({others.what})", lambda step: step.began >= first)

    def _others(self, other: "Calls | str") -> "Calls":
        if isinstance(other, Calls):
            return other
        return every_call(self._scene)(other)

    @property
    def names(self) -> list[str]:
        """What each is called in C."""
        return [call.c_name for call in self]

    @property
    def counts(self) -> "Counter[str]":
        """How many there are of each name."""
        return Counter(self.names)

    @property
    def written(self) -> bytes:
        """What they have written, one after the other."""
        return self._moved(written=True)

    @property
    def read(self) -> bytes:
        """What they have read, one after the other."""
        return self._moved(written=False)

    def _moved(self, *, written: bool) -> bytes:
        return b"".join(
            transfer.data
            for call in self
            for transfer in call.transfers
            if transfer.written is written
        )


class Signals(Selection[Signal]):
    """Signals that were delivered."""

    __slots__ = ()

    def __call__(self, *names: str | int) -> "Signals":
        """Those of these names or numbers: "CHLD", "SIGCHLD", 20.

        Raises:
            ValueError: there is no such signal.
        """
        numbers = [_signal_number(name) for name in names]
        shown = ", ".join(str(name) for name in names)
        return self._narrow(f"({shown})", lambda step: cast(Signal, step.event).signo in numbers)

    def __getitem__(self, key: SupportsIndex) -> Signal:
        """One of them by its place."""
        return self._event(key)

    def to(self, who: int | str) -> "Signals":
        """Those that a process got: its pid, or a glob of the name of its program."""
        return self._of("to", who)

    def caught(self) -> "Signals":
        """Those that a handler was called for."""
        default = (SIG_DFL, SIG_IGN)
        return self._narrow(
            ".caught()", lambda step: cast(Signal, step.event).action not in default
        )


def every_call(scene: Scene) -> Calls:
    """Return all calls of a trace; the return of a fork in the child is none."""
    calls = [step for step in scene.steps if isinstance(step.event, Call) and step.event.made]
    return Calls(scene, "calls", calls)


def every_signal(scene: Scene) -> Signals:
    """Return all signals of a trace."""
    chosen = [step for step in scene.steps if isinstance(step.event, Signal)]
    return Signals(scene, "signals", chosen)


def error_number(error: str | int) -> int:
    """Return the number of an error.

    Raises:
        ValueError: there is none; or the host has another of that number, so that nobody can tell
            which one is meant.
    """
    if isinstance(error, Errno):
        return int(error)
    if isinstance(error, str):
        if error not in Errno.__members__:
            raise ValueError(f"no error {error!r}{did_you_mean(error, Errno.__members__)}")
        return int(Errno[error])
    ours = _error_name(error)
    hosts = errno.errorcode.get(error, ours)
    if getattr(Errno, hosts, error) != error:
        raise ValueError(f"error {error} is {hosts} on this host and {ours} inside: give its name")
    return error


def _error_name(number: int) -> str:
    return next((error.name for error in Errno if int(error) == number), str(number))


def _signal_number(name: str | int) -> int:
    if isinstance(name, int):
        return name
    wanted = name.upper().removeprefix("SIG")
    for number, known in enumerate(sys_signame):
        if number and known == wanted:
            return number
    names = [f"SIG{one}" for one in sys_signame[1:]]
    raise ValueError(f"no signal {name!r}{did_you_mean(f'SIG{wanted}', names)}")


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _shown(value: object) -> str:
    return getattr(value, "__name__", repr(value))


def _given(step: Step, name: str, wanted: int | str | Callable[[int], object]) -> bool:
    found = step.argument(name)
    if found is None:
        return False
    register, shown = found
    if isinstance(wanted, str):
        return any(fnmatchcase(word, wanted) for word in (shown, *shown.split("|")))
    call = cast(Call, step.event)
    ctype = next((arg.ctype for arg in call.row.args if arg.name == name), "") if call.row else ""
    value = register if "*" in ctype else signed(register, ctype)
    return bool(wanted(value)) if callable(wanted) else value == wanted
