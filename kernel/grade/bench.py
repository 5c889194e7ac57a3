# SPDX-License-Identifier: BSD-2-Clause
"""What a test of a lab works with: a fresh system with the submission in the user's home."""

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from kernel import api
from kernel.files import Files
from kernel.grade.asserts import CheckFailed
from kernel.grade.bounds import HOME, Bounds, Meter
from kernel.grade.outcome import ProgramStopped
from kernel.grade.submission import Submission
from kernel.kern.init_main import boot_mkdir
from kernel.printable import printable
from kernel.sys.signal import sys_signame

_UID: Final = 1000
_OTHERS: Final = re.compile(r"pid \d+ \w+ (host|init|ktrace) ")  # not programs
_SPECIAL: Final = re.compile(r'([\\"$`])')  # in double quotes
_ESCAPED: Final = r"\\\1"
_PID: Final = re.compile(r"pid (\d+) ")
_NO_PYTHON: Final = re.compile(r"^(Syntax|Indentation|Tab)Error: .*\s*\Z", re.MULTILINE)
_INPUT: Final = 400  # characters of it that a message shows
_SPARE: Final = 20  # processes besides the user's: init, the grader's own


@dataclass(frozen=True)
class Ran:
    """A program that a test has run."""

    command: str
    stdin: bytes
    result: api.Result
    shown: str = ""  # of the program's text

    def __str__(self) -> str:
        told = self.command
        if self.stdin:
            text = repr(printable(self.stdin))
            cut = text if len(text) <= _INPUT else f"{text[:_INPUT]}... ({len(self.stdin)} bytes)"
            told += f"  with the input {cut}"
        return "\n    ".join([told, *self.shown.splitlines()])


class Bench:
    """A system for one test.  Its programs are run by an ordinary user, in /home/user.

    Attributes:
        system: the kernel.api.System, for all that is not here.
        path: the host's file or folder that was handed in.
        ran: what was run so far.
    """

    def __init__(self, submission: Submission, bounds: Bounds) -> None:
        self._submission = submission
        self._bounds = bounds
        self.meter = Meter(bounds)
        self.ran: list[Ran] = []
        self.system = self.boot()

    @property
    def path(self) -> Path:
        """The host's file or folder that was handed in."""
        return self._submission.path

    def boot(
        self, *, seed: int | None = None, files: Files | None = None, preempt: int = 0
    ) -> api.System:
        """Boot another system in place of the one before.

        Args:
            seed: shuffles the schedule; None: round robin.
            files: what is on it: `result.files`; None: the distribution and the submission.
            preempt: as kernel.api.boot's.
        """
        bounds = self._bounds
        limits = api.Limits(
            maxproc=bounds.processes + _SPARE,
            fs_size=bounds.disk,
            nproc=(bounds.processes, bounds.processes),
        )
        system = api.boot(seed=seed, limits=limits, files=files, preempt=preempt,
            ktrace=True, lines=True,
        )  # fmt: skip
        self.system = system
        self._schedule = _schedule(seed, preempt)
        system.uid = _UID
        if files is None:
            for name, data in self._submission.files.items():
                self.write(name, data, 0o755)
        self.meter.watch(system.kernel)
        return system

    def write(self, path: str, data: bytes | str, mode: int = 0o644) -> None:
        """Make a file of the user's, and the folders above it; relative paths are from the home."""
        whole = _absolute(path)
        for folder in list(PurePosixPath(whole).parents)[-2::-1]:
            boot_mkdir(self.system.kernel, bytes(folder), 0o755, _UID)
        content = data.encode() if isinstance(data, str) else data
        self.system.install(whole.encode(), content, mode, _UID)

    def read(self, path: str) -> bytes:
        """Return what is in a file now.

        Raises:
            CheckFailed: there is no such regular file.
        """
        found = self.system.files().get(_absolute(path))
        if found is None or not found.isfile:
            what = "does not exist" if found is None else "is no regular file"
            raise CheckFailed(f"the file {path} {what}")
        return found.data

    def exists(self, path: str) -> bool:
        """Return whether there is a file, of any kind."""
        return _absolute(path) in self.system.files()

    def inject(
        self,
        spec: str,
        *,
        path: str | None = None,
        predicate: Callable[[api.Call], object] | None = None,
    ) -> api.Faults:
        """Have system calls fail: kernel.api.System.inject."""
        faults = self.system.inject(spec, path=path, predicate=predicate)
        self.meter.first()
        return faults

    def crash_at(self, calls: str = "all", when: int = 1, *, path: str | None = None) -> api.Faults:
        """Stop the machine before a call: kernel.api.System.crash_at."""
        faults = self.system.crash_at(calls, when, path=path)
        self.meter.first()
        return faults

    def run(
        self,
        *argv: str,
        stdin: bytes | str = b"",
        env: Mapping[str, str] | None = None,
        status: int | None = 0,
        uid: int | None = None,
        trace: bool = True,
        shown: str = "",
    ) -> api.Result:
        """Run a program to its end and return what it left: stdout, stderr, files, calls ...

        Args:
            argv: the program, of the submission or with an absolute path, and its arguments.
            stdin: what it has to read.
            env: the environment besides HOME, PATH, USER.
            status: how it is to end; None: as it likes.
            uid: whose process it is; None: the user's.
            trace: whether the result has a trace; False: the program may keep one itself.
            shown: what a student is to see of a program that was not handed in.

        Raises:
            CheckFailed: there is no such program, or it ended otherwise.
            ProgramStopped: it came to a limit, or waits for what can never come.
        """
        program, *args = argv
        whole = _absolute(program)
        if not self.exists(program) and not whole.startswith(("/bin/", "/sbin/", "/usr/")):
            raise CheckFailed(f"{program} was not handed in")
        data = stdin.encode() if isinstance(stdin, str) else stdin
        command = " ".join(map(_quoted, argv)) + self._schedule
        waiting = ""
        try:
            result = self.system.run(
                whole.encode(), args, stdin=data, env=env, uid=uid, ktrace=trace
            )
        except api.Deadlock as exc:
            waiting = str(exc)
            assert self.system.last is not None
            result = self.system.last
        self.ran.append(Ran(command, data, result, shown))
        if self.meter.stopped is not None:
            raise ProgramStopped(f"{program} was stopped: it {self.meter.stopped}")
        if self.system.kernel.panicstr is not None:
            raise ProgramStopped(f"{program} has the kernel panic: {self.system.kernel.panicstr}")
        if waiting:
            raise ProgramStopped(f"{program} never ends: {_sleepers(waiting, result)}")
        if result.status == 1 and _unreadable(whole, result):
            raise CheckFailed(_ended(program, result, 0))
        if status is not None and not result.crashed and result.status != status:
            raise CheckFailed(_ended(program, result, status))
        return result


def _schedule(seed: int | None, preempt: int) -> str:
    """Return how a run is repeated that is not scheduled as usual."""
    options = f" --seed {seed}" * (seed is not None) + f" --preempt-every {preempt}" * bool(preempt)
    return f"  (run{options})" if options else ""


def _absolute(path: str) -> str:
    return path if path.startswith("/") else f"{HOME}/{path}"


def _quoted(word: str) -> str:
    """Return a word as one types it in a shell: with double quotes where it has single ones."""
    return f'"{_SPECIAL.sub(_ESCAPED, word)}"' if "'" in word else shlex.quote(word)


def _sleepers(states: str, result: api.Result) -> str:
    """Return what programs wait for, of all that a deadlock tells, and the lines they are at."""
    lines = [line for line in states.splitlines() if _OTHERS.search(line) is None]
    spins = any("spin" in line for line in lines)
    what = "it loops and does nothing else" if spins else "everybody waits"
    alive = {int(found[1]) for line in lines if (found := _PID.match(line))}
    for (pid, lid), noted in result.lines.items():
        if pid in alive and noted and (line := noted[-1].line) is not None:
            lines.append(f"pid {pid}, LWP {lid}: the last call is that of {line}")
    return "\n".join([what, *lines])


def _ended(program: str, result: api.Result, wanted: int) -> str:
    """Return in a line how a program has ended."""
    how = f"ended with status {result.status}"
    if result.status > 128:
        how = f"was killed by {_signal(result.status - 128)}"
    lines = printable(result.stderr).strip().splitlines()
    why = f": {lines[-1]}" if lines else ""
    instead = "" if wanted == 0 and result.status else f", not {wanted}"
    return f"{program} {how}{instead}{why}"


def _unreadable(path: str, result: api.Result) -> bool:
    """Return whether a program is no Python, which says more than what the test looks at next."""
    shown = printable(result.stderr)
    return shown.startswith(f'  File "{path}", line ') and _NO_PYTHON.search(shown) is not None


def _signal(signo: int) -> str:
    return f"SIG{sys_signame[signo]}" if signo < len(sys_signame) else f"signal {signo}"
