# SPDX-License-Identifier: BSD-2-Clause
"""Sequences of calls by a family of processes, made to the model, our kernel and the host's.

A sequence is clean when each call's answer is the same everywhere, when after each call
each process is in the same state and has had the same signals, and when nobody is left
at the end.
"""

from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.procmodel.calls import (
    BURST,
    CALL,
    FAMILY,
    MINDING,
    MOST,
    NUMBER,
    SIGNALLING,
    WAITING,
    Calls,
)
from tests.procmodel.host import Host
from tests.procmodel.ours import Ours


class Worlds:
    """What is kept from one sequence to the next, and what they have reached."""

    def __init__(self) -> None:
        self.ours: Ours | None = None
        self.host = False
        self.sequences = 0
        self.reached: Counter[tuple[str, str]] = Counter()  # (call, errno or "ok")
        self.on_host: Counter[str] = Counter()
        self.foreign: Counter[str] = Counter()  # why the host was not asked any more

    def take(self) -> Ours:
        """Our kernel: the one of the last sequence, unless that one failed."""
        ours, self.ours = self.ours, None
        return ours if ours is not None else Ours()


WORLDS = Worlds()


class Sequence(RuleBasedStateMachine):
    """One sequence."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Calls()
        self.ours = WORLDS.take()
        self.ours.begin()
        self.before = len(self.ours.system.kernel.allproc) - 1
        self.clean = True
        self.host: Host | None = None
        WORLDS.sequences += 1

    @initialize(on_host=st.booleans(), family=FAMILY)
    def begin(self, on_host: bool, family: list[tuple[int, tuple[Any, ...]]]) -> None:
        """Some are made on the host, too; all begin with a family."""
        if WORLDS.host and on_host:
            self.host = Host()
            WORLDS.on_host["begun"] += 1
        for caller, call in family:
            self.make(caller, call)

    def able(self) -> list[int]:
        """Who is there to make a call."""
        return [p.number for p in self.model.processes if p.state == "alive"]

    @rule(caller=NUMBER, call=CALL)
    def make(self, caller: int, call: tuple[Any, ...]) -> None:
        """A call by somebody."""
        self.both(self.able()[caller % len(self.able())], call)

    @rule(caller=NUMBER, call=SIGNALLING)
    def signal(self, caller: int, call: tuple[Any, ...]) -> None:
        """A signal to somebody who is there yet, or to a group that is."""
        name, who, signo = call
        known = self.model.known()
        who = known[who % len(known)].number if who >= 0 else -known[-who % len(known)].group - 1
        self.make(caller, (name, who, signo))

    @rule(caller=NUMBER, call=MINDING)
    def mind(self, caller: int, call: tuple[Any, ...]) -> None:
        """Somebody says what signals do."""
        self.make(caller, call)

    @rule(caller=NUMBER, call=WAITING)
    def wait(self, caller: int, call: tuple[Any, ...]) -> None:
        """A wait of somebody who has children."""
        parents = [n for n in self.able() if self.model.children(self.model.processes[n])]
        if parents:
            self.both(parents[caller % len(parents)], call)

    @rule(victim=NUMBER, steps=st.lists(BURST, min_size=3, max_size=7))
    def watch(self, victim: int, steps: list[tuple[Any, ...]]) -> None:
        """A while of one process's life, as its parent and its signals make it."""
        known = [p for p in self.model.known() if p.number]
        if not known:
            return
        p = known[victim % len(known)]
        for name, *args in steps:
            if name == "kill":
                self.both(0, (name, p.number, *args))
            elif name == "wait":
                if p.parent >= 0 and self.model.processes[p.parent].state == "alive":
                    self.both(p.parent, (name, "pid", p.number, *args))
            elif p.state == "alive":
                self.both(p.number, (name, *(args or [p.number, p.number])))

    def both(self, caller: int, call: tuple[Any, ...]) -> None:
        """Make a call everywhere, and compare."""
        if not self.sensible(caller, call):
            return
        self.clean = False
        name, args = call[0], self.resolve(caller, call)
        expected = self.model.call(caller, name, *args)
        answer = self.ours.call(caller, name, *args)
        here = self.model.processes[caller].state == "alive"
        if here:
            assert answer == expected, f"{caller} {call}: ours {answer}, model {expected}"
        WORLDS.reached[name, expected[0]] += 1
        seen = {}
        for p in self.model.processes:
            state = self.ours.state(p.number)
            assert state == p.state, f"{caller} {call}: {p.number} is {state}, model {p.state}"
            if p.state in ("alive", "stopped"):
                kept = self.ours.look(p.number)
                ought = sorted(p.pending), p.group, p.session, self.model.orphaned(p.group)
                assert kept == ought, f"{caller} {call}: {p.number} {kept}, model {ought}"
            if p.state == "alive":
                told, self.ours.seen[p.number] = self.ours.seen[p.number], []
                seen[p.number], p.seen = set(p.seen), []
                what = f"{caller} {call}: {p.number} has had {told}, model {seen[p.number]}"
                assert set(told) == seen[p.number], what
        if self.host is not None:
            self.on_host(caller, call, args, expected if here else None, seen)
        self.clean = True

    def sensible(self, caller: int, call: tuple[Any, ...]) -> bool:
        """The first process stays; there are never too many; and who is named is there."""
        name, *args = call
        p = self.model.processes[caller]
        last = len(self.model.processes)
        if name == "fork":
            return last < MOST
        if name == "exit":
            return caller != 0
        if name == "kill":
            group = self.model.members(-args[0] - 1) if args[0] < 0 else []
            hit = [q.number for q in group] if args[0] < 0 else [args[0] % last]
            return 0 not in hit or not args[1]
        if name == "write":
            return caller != 0 or p.actions.get("SIGPIPE") is not None
        if name == "sigaction":
            return caller != 0 or args != ["SIGPIPE", ""]
        if name == "pipe":
            return len(p.files) < 5
        return True

    def resolve(self, caller: int, call: tuple[Any, ...]) -> tuple[Any, ...]:
        """Let numbers of processes, and mostly those of files, be of those that there are."""
        name, *args = call
        slots = sorted(self.model.processes[caller].files)
        if name in ("read", "write", "close") and slots and args[0] < MOST - 2:
            args[0] = slots[args[0] % len(slots)]
        last = len(self.model.processes)
        if name in ("getpgid", "getsid") or (name == "kill" and args[0] >= 0):
            args[0] %= last
        elif name == "setpgid":
            args = [args[0] % last, args[1] % last]
        elif name == "wait":
            args[1] %= last
        return tuple(args)

    def on_host(
        self, caller: int, call: tuple[Any, ...], args: tuple[Any, ...], expected: Any,
        seen: dict[int, set[str]],
    ) -> None:  # fmt: skip
        """Make the call on the host, too, while it does as NetBSD does."""
        host, model = self.host, self.model
        assert host is not None
        if model.foreign:
            WORLDS.foreign[model.foreign] += 1
            host.shutdown()
            self.host = None
            return
        name = call[0]
        if name == "wait" and expected is not None and isinstance(expected[1], tuple):
            args = ("pid", expected[1][0], args[2])  # of several, Linux takes another
        if name in ("getpgid", "getsid") and expected is not None and expected[0] != "ok":
            return  # Linux knows those of zombies
        if name == "setpgid" and model.processes[args[0]].session == args[0]:
            return  # Linux refuses a session's leader even where nothing changes
        answer = host.call(caller, name, *args, comes_back=expected is not None)
        if expected is not None:
            assert answer == expected, f"{caller} {call}: the host {answer}, model {expected}"
        for p in model.processes:
            state = host.state(p.number, p.state)
            assert state == p.state, (
                f"{caller} {call}: {p.number} is {state} there, model {p.state}"
            )
        for number, signos in seen.items():
            told = host.seen(number, signos)
            assert told == signos, f"{caller} {call}: {number} has had {told} there, model {signos}"
        WORLDS.on_host["calls"] += 1

    def teardown(self) -> None:
        """Everybody ends; nobody may be left."""
        if self.host is not None:
            self.host.shutdown()
            WORLDS.on_host["ended"] += 1
        if not self.clean:
            return
        self.clean = False
        left = self.ours.end()
        assert left <= self.before + 1, "processes are left"
        WORLDS.ours = self.ours
