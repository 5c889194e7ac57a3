# SPDX-License-Identifier: BSD-2-Clause
"""One trivial call here and in others of the kind: `make bench-peers` installs them and runs this.

    python -m benchmarks.peers [--json FILE] [--qiling PYTHON]

Each is run in turn, in several rounds; what a start costs is taken off by a second run with
fewer calls. What is not installed is told, with how to install it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from pyfakefs.fake_filesystem_unittest import Patcher

from benchmarks.peers.steps import Model, calls
from benchmarks.yardstick import seconds
from kernel import api
from kernel.sys.fcntl import O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY
from kernel.sys.ktrace import KTROP_SET, KTRFACv2
from userland import libc
from userland.libktrace.points import DEF_POINTS

HERE = Path(__file__).parent
ROUNDS = 5
LOOPS = 20_000
_TRACE = "/tmp/ktrace.out"


class Peer(NamedTuple):
    """Something that makes calls."""

    name: str
    run: Callable[[], float] | None  # seconds a call; None: it is not there
    install: str = ""


def build(directory: Path, name: str, *flags: str) -> str:
    """Compile call.c; return the program's path."""
    path = str(directory / name)
    subprocess.run(["cc", "-O2", "-static", *flags, "-o", path, str(HERE / "call.c")], check=True)
    return path


def command(*words: str, few: int = 2_000, many: int = 22_000) -> float:
    """Run a command that makes as many calls as its last argument says; return seconds a call."""
    times = {}
    for count in (few, many):
        begin = perf_counter()
        subprocess.run([*words, str(count)], check=True, capture_output=True)
        times[count] = perf_counter() - begin
    return (times[many] - times[few]) / (many - few)


def user_mode_linux(linux: str, init: str) -> float:
    """Start a user-mode Linux whose init makes the calls and tells how long they took."""
    done = subprocess.run(
        [linux, "mem=64M", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro",
         f"init={init}", "con=null", "con0=fd:0,fd:1", "quiet"],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    line = next(x for x in done.stdout.split(b"\n") if x.startswith(b"ns a call:"))
    return float(line.split(b":")[1]) / 1e9


def timed(function: Callable[[], object], count: int = LOOPS) -> float:
    """Return the seconds of one of count repetitions that function makes."""
    begin = perf_counter()
    function()
    return (perf_counter() - begin) / count


def loop(function: Callable[[], object], count: int = LOOPS) -> None:
    """Call function so many times."""
    for _ in range(count):
        function()


class Here:
    """Two processes of one system, one of them traced."""

    def __init__(self, system: api.System) -> None:
        self.plain, self.traced = system.process(), system.process()
        self.plain.close(self.plain.open("/tmp/file", O_WRONLY | O_CREAT, 0o644))

    def run(self, traced: bool, function: Callable[[], object]) -> float:
        """Repeat function in a process; return the seconds that one took."""
        process = self.traced if traced else self.plain
        process.proc.p_md.md_history = []
        if traced:
            process.close(process.open(_TRACE, O_WRONLY | O_CREAT | O_TRUNC, 0o600))
            process.ktrace(_TRACE, KTROP_SET, DEF_POINTS | KTRFACv2, process.pid)
        return timed(lambda: process.call(loop, function))


def open_close() -> None:
    libc.close(libc.open("/tmp/file", O_RDONLY))


def fake_open_close() -> float:
    with Patcher() as patcher:
        assert patcher.fs is not None
        patcher.fs.create_file("/file")
        return timed(lambda: loop(lambda: os.close(os.open("/file", os.O_RDONLY)), 2_000), 2_000)


def peers(directory: Path, here: Here, qiling: str | None) -> list[Peer]:
    """Return all that there are, and those that are not installed."""
    call = build(directory, "call")
    init = build(directory, "init", "-DAS_INIT")
    strace, linux = shutil.which("strace"), shutil.which("linux.uml")
    many = {"few": 100_000, "many": 1_100_000}
    emulate = partial(command, qiling or "", str(HERE / "emulated.py"), call)
    log = str(directory / "log")
    return [
        Peer("the host's kernel", partial(command, call, **many)),
        Peer("a generator loop", lambda: timed(lambda: Model().run(calls(LOOPS)))),
        Peer("sysent", lambda: here.run(False, libc.getpid)),
        Peer("sysent, traced", lambda: here.run(True, libc.getpid)),
        Peer(
            "the host's, under strace",
            strace and partial(command, strace, "-f", "-o", log, call),
            "apt-get install strace",
        ),
        Peer(
            "User-Mode Linux",
            linux and partial(user_mode_linux, linux, init),
            "apt-get install user-mode-linux",
        ),
        Peer("Qiling", emulate if qiling else None, "pip install qiling"),
        Peer("open+close: sysent", lambda: here.run(False, open_close)),
        Peer("open+close: sysent, traced", lambda: here.run(True, open_close)),
        Peer("open+close: pyfakefs", fake_open_close),
    ]


def main() -> int:
    """Measure; print a table, and write it as JSON if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    parser.add_argument("--qiling", help="an interpreter that has qiling")
    options = parser.parse_args()
    times: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name, api.boot() as system:
        there = peers(Path(name), Here(system), options.qiling)
        for number in range(ROUNDS):
            for peer in there:
                if peer.run is not None:
                    print(f"round {number + 1} of {ROUNDS}: {peer.name}", file=sys.stderr)
                    times.setdefault(peer.name, []).append(peer.run())
    figures = {name: median(values) for name, values in times.items()}
    ours = figures["sysent"]
    for peer in there:
        figure = figures.get(peer.name)
        told = f"not installed: {peer.install}"
        if figure is not None:
            told = f"{seconds(figure):>8}   {figure / ours:6.3g} x sysent"
        print(f"{peer.name:28} {told}")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
