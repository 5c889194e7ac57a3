# SPDX-License-Identifier: BSD-2-Clause
"""Instructions instead of time: python -m benchmarks.callgrind, which needs valgrind.

Each line is what a unit of work takes, by callgrind's count: a run with few units is taken
off one with many.  The counts do not depend on what else the machine does.  Prints a table for
README.md.
"""

import gc
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kernel import api
from kernel.sys.fcntl import O_CREAT, O_TRUNC, O_WRONLY
from kernel.sys.ktrace import KTROP_SET, KTRFACv2
from native.genio import chunk_segments
from native.record import Form, Place, Places, Window
from userland import libc
from userland.libktrace.points import DEF_POINTS

_ROOT: Final = Path(__file__).parents[1]
_OUT: Final = b"/tmp/ktrace.out"
_PLACES: Final = Places(
    Place(0, 4), Place(8, 4), Place(12, 17), Place(32, 8), Place(40, 8), Place(48, 4)
)
_NOW: Final = 1_060_274_705_000_000_000


def _nothing(count: int) -> None:
    """A loop, which all others have besides."""
    for _ in range(count):
        pass


def _call(count: int) -> None:
    """An empty function."""

    def empty() -> None:
        pass

    for _ in range(count):
        empty()


def _put(count: int) -> None:
    """A record of three values, in a window that has room."""
    values = (Place(56, 2), Place(60, 4), Place(64, 8))
    form, window = Form(bytes(80), 24, False, 1, _PLACES, values), Window(1 << 16)
    name, put = bytearray(b"python".ljust(17, b"\0")), window.put
    for _ in range(count):
        window.open(1 << 16)
        put(form, _NOW, 5, name, 1, (20, 0, 5))
        window.take()


def _genio(size: int) -> Callable[[int], None]:
    def chunk(count: int) -> None:
        source = memoryview(bytes(size))
        total = size + -(-size // 4088) * 64
        for _ in range(count):
            chunk_segments(bytes(64), 0, False, 8, [source], 4088, total)

    return chunk


def _getpid(traced: bool) -> Callable[[int], None]:
    def calls(count: int) -> None:
        getpid = libc.getpid
        for _ in range(count):
            getpid()

    def run(count: int) -> None:
        with api.boot() as system:
            process = system.process()
            process.proc.p_md.md_history = []
            if traced:
                process.close(process.open(_OUT, O_WRONLY | O_CREAT | O_TRUNC, 0o600))
                process.ktrace(_OUT, KTROP_SET, DEF_POINTS | KTRFACv2, process.pid)
            process.call(calls, count)

    return run


# What is counted: the work, how many units few and many are, and what a unit is divided by.
WORKS: Final[dict[str, tuple[Callable[[int], None], int, int, str]]] = {
    "a loop's round": (_nothing, 10_000, 1, ""),
    "an empty call": (_call, 10_000, 1, ""),
    "a record in C, and its window": (_put, 10_000, 1, ""),
    "genio, 64 KiB": (_genio(1 << 16), 50, 1 << 16, ", a byte"),
    "genio, 1 MiB": (_genio(1 << 20), 20, 1 << 20, ", a byte"),
    "getpid": (_getpid(False), 5_000, 1, ""),
    "getpid, traced": (_getpid(True), 5_000, 1, ""),
}


def counted(name: str, count: int) -> int:
    """Return the instructions of a run of count units."""
    valgrind = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
    run = subprocess.run(
        [*valgrind, sys.executable, "-m", "benchmarks.callgrind", name, str(count)],
        cwd=_ROOT,
        env=os.environ | {"PYTHONHASHSEED": "0"},  # or each start would take another count
        check=True,
        capture_output=True,
        text=True,
    )
    found = re.search(r"Collected : (\d+)", run.stderr)
    assert found is not None, run.stderr
    return int(found[1])


def main(arguments: list[str]) -> None:
    """Count each work; or, as what is counted, do one."""
    if arguments:
        gc.disable()
        WORKS[arguments[0]][0](int(arguments[1]))
        return
    print("| what | instructions |\n|---|---|")
    for name, (_work, few, unit, of) in WORKS.items():
        each = (counted(name, 3 * few) - counted(name, few)) / (2 * few * unit)
        print(f"| {name}{of} | {float(f'{each:.3g}'):,g} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
