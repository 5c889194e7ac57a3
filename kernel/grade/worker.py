# SPDX-License-Identifier: BSD-2-Clause
"""One test of one submission, in a host process of its own that ends whatever the program does."""

import json
import os
import resource
import signal
import traceback
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

from kernel import api
from kernel.grade.asserts import CheckFailed
from kernel.grade.bench import Bench
from kernel.grade.bounds import Bounds, crowd, place_of
from kernel.grade.lab import Test
from kernel.grade.outcome import Outcome, ProgramStopped
from kernel.grade.submission import Submission
from kernel.printable import printable

_PAGE: Final = resource.getpagesize()
_GRACE: Final = 1  # host seconds between the polite end and the kernel's
_SHOWN: Final = 2000  # bytes of a program's output
_STDERR: Final = 1000


def blank(test: Test, number: int) -> Outcome:
    """Return the outcome of a test that has not passed, nothing being known of it."""
    return Outcome(
        test.name, test.title, number, test.points, False, test.hidden, test.detail, test.hint
    )


class Worker:
    """What runs in the forked process."""

    def __init__(
        self, test: Test, number: int, bounds: Bounds, submission: Submission, keep: Path | None
    ) -> None:
        self._test = test
        self._bounds = bounds
        self._submission = submission
        self._keep = keep
        self._base = blank(test, number)
        self._bench: Bench | None = None
        self._pipe = -1

    def main(self, pipe: int, other: int) -> NoReturn:
        """Run the test, write its outcome to pipe as JSON, and end, whatever comes in between.

        Args:
            pipe: where to write.
            other: the end that the parent reads.
        """
        try:
            self._pipe = pipe
            os.close(other)
            self._main()
        finally:
            os._exit(1)

    def _main(self) -> NoReturn:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for fd in range(3):
            os.dup2(null, fd)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        self._limit()
        try:
            outcome = self._run()
        except MemoryError:
            outcome = self._stopped(self._memory())
        except BaseException:  # noqa: BLE001 - the process ends here, and says why
            outcome = self._stopped(f"the grader failed: {traceback.format_exc(limit=-3)}")
        self._end(outcome)

    def _limit(self) -> None:
        """Let the host hold the process to its CPU time and memory."""
        seconds = self._bounds.cpu_seconds
        signal.signal(signal.SIGPROF, self._too_long)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        _lower(resource.RLIMIT_CPU, seconds + _GRACE)
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_AS, _size() + self._bounds.memory)

    def _memory(self) -> str:
        return f"needs more than {self._bounds.memory >> 20} MB of memory"

    def _run(self) -> Outcome:
        try:
            self._bench = Bench(self._submission, self._bounds)
            self._test.function(self._bench)
        except CheckFailed as exc:
            return replace(
                self._base, said=exc.said, reason=exc.reason,
                explained=exc.explained, actual=exc.actual,
            )  # fmt: skip
        except ProgramStopped as exc:
            return self._stopped(str(exc))
        except (api.Panic, api.Deadlock) as exc:
            if "MemoryError" in str(exc):
                return self._stopped(self._memory())
            return self._stopped(f"{type(exc).__name__}: {exc}")
        except (MemoryError, RecursionError):
            raise
        except Exception as exc:  # noqa: BLE001 - a test's own mistake, or one that it shows
            return self._broken(exc)
        return replace(self._base, passed=True)

    def _stopped(self, why: str) -> Outcome:
        return replace(self._base, said=why, reason=why.partition("\n")[0], stopped=True)

    def _broken(self, exc: Exception) -> Outcome:
        """The test has raised what is no check: the place tells an instructor more."""
        frames = traceback.extract_tb(exc.__traceback__)
        place = next((f for f in reversed(frames) if f.filename.endswith("tests.py")), frames[-1])
        reason = f"the test could not go on: {type(exc).__name__}: {printable(str(exc))}"
        return replace(
            self._base,
            said=reason,
            reason=reason,
            explained=f"tests.py:{place.lineno}: {place.line}",
        )

    def _too_long(self, _signo: int, frame: FrameType | None) -> None:
        """The CPU time is used up: say where, and end."""
        where = place_of(frame)
        made = self._bench.meter.calls if self._bench is not None else 0
        why = f"used {self._bounds.cpu_seconds} seconds of CPU time"
        if where:
            why += f" and was in {where}, after {made} system calls"
        self._end(self._stopped(why + (crowd(self._bench.system.kernel) if self._bench else "")))

    def _end(self, outcome: Outcome) -> NoReturn:
        """Tell the parent, and be gone: nothing of the program's is run any more."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        _lower(resource.RLIMIT_AS, resource.RLIM_INFINITY)
        times = os.times()
        outcome = replace(outcome, cpu_seconds=round(times.user + times.system, 3))
        if self._bench is not None:
            meter = self._bench.meter
            outcome = replace(outcome, calls=meter.calls, seconds=round(meter.used, 6))
            if not outcome.passed:
                outcome = _with_runs(outcome, self._bench, self._keep)
        data = memoryview(json.dumps(asdict(outcome)).encode())
        while data:
            data = data[os.write(self._pipe, data) :]
        os._exit(0)


def read_outcome(data: bytes) -> Outcome | None:
    """Return what a worker has told; None if that is no outcome."""
    try:
        table: dict[str, Any] = json.loads(data)
        return Outcome(**table)
    except (ValueError, TypeError):
        return None


def _with_runs(outcome: Outcome, bench: Bench, keep: Path | None) -> Outcome:
    """Add what was run, what it printed, and where its trace is."""
    if not bench.ran:
        return outcome
    last = bench.ran[-1].result
    output = printable(last.stdout[:_SHOWN]) + printable(last.stderr[-_STDERR:])
    trace = ""
    if keep is not None and last.ktrace:
        with suppress(OSError):
            keep.parent.mkdir(parents=True, exist_ok=True)
            keep.write_bytes(last.ktrace)
            trace = f"python -m kernel trace {keep}"
    ran = "\n".join(str(one) for one in bench.ran[-3:])
    return replace(outcome, ran=ran, output=output.rstrip(), trace=trace)


def _lower(what: int, limit: int) -> None:
    """Set a soft limit, as far as the host allows."""
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        limit = hard if limit == resource.RLIM_INFINITY else min(limit, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (limit, hard))


def _size() -> int:
    """Return the bytes of address space that this process has."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE
    except OSError:  # a host without it: what was resident, and room for what was not
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 + (1 << 30)
