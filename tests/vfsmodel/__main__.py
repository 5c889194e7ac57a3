# SPDX-License-Identifier: BSD-2-Clause
"""Many sequences in one run, with figures: python -m tests.vfsmodel 10000 [SEED]."""

import os
import sys
import time
from collections import defaultdict

from hypothesis import seed

from tests.vfsmodel.host import Host
from tests.vfsmodel.machine import PEOPLE, WORLDS, Sequence
from tests.vfsmodel.ours import Ours
from tests.vfsmodel.run import run

BATCH = (
    500  # sequences for one seed: hypothesis goes back to what it has tried, a new seed does not
)


def main(count: int, first: int) -> None:
    """Run count sequences, and say what they have reached."""
    print(f"{count} sequences, seed {first}", flush=True)
    began = time.monotonic()
    WORLDS.ours = Ours(PEOPLE)
    WORLDS.host = Host(PEOPLE)
    try:
        while WORLDS.sequences < count:
            wanted = min(BATCH, count - WORLDS.sequences)
            run(seed(first + WORLDS.sequences)(type("Sequence", (Sequence,), {})), wanted)
    finally:
        WORLDS.host.shutdown()
    seconds = time.monotonic() - began
    reached: dict[str, dict[str, int]] = defaultdict(dict)
    for (call, answer), number in sorted(WORLDS.reached.items()):
        reached[call][answer] = number
    for call, answers in sorted(reached.items()):
        print(f"{call:10} " + " ".join(f"{answer} {n}" for answer, n in answers.items()))
    for what, number in WORLDS.differences.most_common():
        print(f"{number:6} {what}")
    pairs = sum(answer != "ok" for _, answer in WORLDS.reached)
    print(
        f"{WORLDS.sequences} sequences, {sum(WORLDS.reached.values())} calls of {len(reached)} "
        f"kinds, {pairs} pairs of call and errno; {seconds:.0f} s, "
        f"{WORLDS.sequences / seconds:.0f} sequences a second"
    )
    host = WORLDS.on_host
    print(
        f"on the host's kernel, too (uid {os.geteuid()}): {host['begun']} sequences, {host['ended']}"
        f" of them to the end, {host['calls']} calls, {sum(WORLDS.differences.values())} of them"
        " answered differently as the table says"
    )


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 10_000,
        int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000,
    )
