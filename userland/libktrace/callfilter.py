# SPDX-License-Identifier: BSD-2-Clause
"""Which calls are shown, in strace's words: -e, -P, -z, -Z, -p."""

from fnmatch import fnmatchcase
from typing import Final

from kernel.sys.dataclasses import dataclass, field
from kernel.sys.errno import Errno
from kernel.sys.signal import sys_signame
from userland.libktrace.calls import Call, Event, Signal
from userland.libktrace.callset import callset

_ERRORS: Final = {error.name: int(error) for error in Errno if error > 0}
_SIGNALS: Final = {name: number for number, name in enumerate(sys_signame) if number}


@dataclass(slots=True)
class Filter:
    """What is wanted; without a word everything is.

    Attributes:
        calls: numbers of calls; None: all.
        signals: numbers of signals; None: all.
        errors: only calls that ended with one of these; None: all.
        paths: globs: only calls that looked one up, or worked on a descriptor of one.
        pids: only these processes; none: all.
        failed: only calls that failed (True) or did not (False).
    """

    calls: frozenset[int] | None = None
    signals: frozenset[int] | None = None
    errors: frozenset[int] | None = None
    paths: list[str] = field(default_factory=list)
    pids: set[int] = field(default_factory=set)
    failed: bool | None = None

    def add(self, expression: str) -> None:
        """Take an expression of -e: `open,close`, `trace=%file`, `errno=ENOENT`, `signal=!CHLD`.

        Raises:
            ValueError: what is wrong with it, in a few words.
        """
        kind, equals, words = expression.partition("=")
        if not equals:
            kind, words = "trace", expression
        if kind in ("trace", "t"):
            self.calls = callset(words)
        elif kind in ("signal", "signals", "s"):
            self.signals = _set(words, _SIGNALS, "signal", "SIG")
        elif kind in ("errno", "error"):
            self.errors = _set(words, _ERRORS, "error", "")
        else:
            raise ValueError(f"no kind of filter {kind!r}: trace, signal or errno")

    def wants(self, event: Event, files: list[str]) -> bool:
        """Return whether to show event.

        Args:
            event: a call or a signal.
            files: paths that the call was about, its descriptors' included.
        """
        if self.pids and event.pid not in self.pids:
            return False
        if isinstance(event, Signal):
            return not self.paths and (self.signals is None or event.signo in self.signals)
        return self._wants_call(event, files)

    def _wants_call(self, call: Call, files: list[str]) -> bool:
        if self.calls is not None and (call.row is None or call.code not in self.calls):
            return False
        if self.errors is not None and call.error not in self.errors:
            return False
        if self.failed is not None and (call.ended is None or call.failed is not self.failed):
            return False
        return not self.paths or any(
            fnmatchcase(name, pattern) for name in files for pattern in self.paths
        )


def _set(words: str, known: dict[str, int], what: str, prefix: str) -> frozenset[int]:
    """Return the numbers that words name; a "!" before them means all others.

    Raises:
        ValueError: there is no such name.
    """
    inverted = words.startswith("!")
    found: set[int] = set()
    for word in words.removeprefix("!").split(","):
        name = word.upper().removeprefix(prefix)
        if word == "all":
            found |= set(known.values())
        elif word.isdecimal():
            found.add(int(word))
        elif name in known:
            found.add(known[name])
        elif word != "none":
            raise ValueError(f"no {what} {word!r}")
    return frozenset(set(known.values()) - found if inverted else found)
