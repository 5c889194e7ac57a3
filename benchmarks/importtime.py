# SPDX-License-Identifier: BSD-2-Clause
"""What a start of the command spends on imports: `python -m benchmarks.importtime [COUNT]`.

The interpreter's own figures (-X importtime), of several runs the least for each module: these
are steadier than times, which no two machines have in common.  Prints the packages, then the
COUNT heaviest modules, as tables for README.md.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
ROUNDS: Final = 7
_COMMAND: Final = (sys.executable, "-X", "importtime", "-m", "kernel", "run")
_PROGRAM: Final = "benchmarks/programs/hello.py"
_LINE: Final = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")
_OURS: Final = ("kernel", "native", "userland")


def measure(rounds: int = ROUNDS) -> dict[str, int]:
    """Return the least time of each module, in us, without what it imports itself.

    The command starts the interpreter anew to settle the hashes of strings; what both starts
    import counts twice.
    """
    least: dict[str, int] = {}
    for _ in range(rounds):
        done = subprocess.run(
            [*_COMMAND, _PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
        )
        times: Counter[str] = Counter()
        for found in _LINE.finditer(done.stderr):
            times[found[2]] += int(found[1])
        for name, time in times.items():
            least[name] = min(time, least.get(name, time))
    return least


def package(name: str) -> str:
    """Return the package of ours that a module belongs to; the rest is Python's."""
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] in _OURS else "python"


def main(argv: list[str]) -> None:
    """Print both tables."""
    count = int(argv[0]) if argv else 20
    times = measure()
    sums, sizes = Counter[str](), Counter[str]()
    for name, time in times.items():
        sums[package(name)] += time
        sizes[package(name)] += 1
    print("| package | modules | ms |\n|---|---|---|")
    for name, time in sums.most_common():
        print(f"| {name} | {sizes[name]} | {time / 1000:.1f} |")
    print(f"| all | {len(times)} | {sum(times.values()) / 1000:.1f} |")
    print("\n| module | ms |\n|---|---|")
    for name, time in Counter(times).most_common(count):
        print(f"| {name} | {time / 1000:.2f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
