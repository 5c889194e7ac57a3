# SPDX-License-Identifier: BSD-2-Clause
"""A random workload in rounds: programs of several kinds at once, some traced, some killed."""

import io
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final

from kernel import api
from kernel.sys.signal import SIGKILL
from tests.soak.census import census, difference

PROGRAMS: Final = sorted(
    path for path in (Path(__file__).parent / "programs").iterdir() if path.suffix in (".py", ".sh")
)
KILLER: Final = "killer.py"  # takes the pids of the others
CROWD: Final = 5  # programs of a round besides the killer
KILLED: Final = 128  # statuses from here on: ended by a signal, as the killer asks


class Leak(Exception):
    """A round has left something behind; the text says what."""


class Workload:
    """One kernel that is kept busy."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.system = api.boot(seed=seed)
        self.seed = seed
        self.rounds = 0
        self.programs: Counter[str] = Counter()
        self.failures: list[str] = []
        self.records = 0  # bytes of traces
        self.system.root().mkdir(b"/soak", 0o755)
        for path in PROGRAMS:
            text = path.read_bytes()
            first = b"" if path.suffix == ".py" else b"#!/bin/sh\n"
            self.system.install(b"/soak/" + path.name.encode(), first + text)
        self.round([path.name for path in PROGRAMS])  # what is made once, is made
        self.before = census(self.system)

    @property
    def seconds(self) -> float:
        """Virtual time since boot."""
        clock = self.system.kernel.clock
        return (clock.now - clock.boot) / 1e9

    def turn(self) -> None:
        """Run a round of random programs.

        Raises:
            Leak: it left something behind.
        """
        names = [path.name for path in PROGRAMS if path.name != KILLER]
        chosen = [self.rng.choice(names) for _ in range(CROWD)]
        if self.rng.random() < 0.5:
            chosen.append(KILLER)
        self.round(chosen)
        left = difference(self.before, census(self.system))
        if left:
            raise Leak(f"seed {self.seed}, round {self.rounds}, {chosen}: {left}")

    def round(self, chosen: list[str]) -> None:
        """Run the programs at once, to the end of all and of whoever they left running."""
        self.rounds += 1
        system, rng = self.system, self.rng
        killed = KILLER in chosen
        crowd = [
            (name, system.process(0 if name == KILLER else rng.choice((0, 0, 1000))))
            for name in chosen
        ]
        pids = [str(process.pid) for name, process in crowd if name != KILLER]
        sinks = []
        for name, process in crowd:
            if rng.random() < 0.4:
                sinks.append(io.BytesIO())
                system.ktrace(process, sinks[-1], "+", rng.randrange(3))
            args = [str(rng.randrange(1 << 30)), *(pids if name == KILLER else ())]
            system.start(process, f"/soak/{name}".encode(), args)
        for name, process in crowd:
            process.finish()
            self.programs[name] += 1
            status = process.status
            if status and not (killed and status & 0x7F):
                said = bytes(system.console.stderr[-2000:]).decode(errors="replace")
                self.failures.append(f"round {self.rounds}: {name} ended with {status:#x}: {said}")
        system.root().call("nanosleep", 20)  # orphans end meanwhile
        with suppress(ProcessLookupError):
            system.root().call("kill", -1, SIGKILL)  # whom a killed parent has left stopped
        system.run(b"/bin/sh", ["-c", "rm -rf /tmp/*"])  # what the killed could not tidy up
        system.console.stdout.clear()
        system.console.stderr.clear()
        self.records += sum(len(sink.getvalue()) for sink in sinks)
